"""A form for one record, made of the record's own fields, and what was sent by it as the record's values. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args, get_origin

import msgspec

from chalicelib.directory.checks import Records
from chalicelib.directory.desk_wording import CHOICE, FIELD, HOW, SHOWN_BY_DEPUTY
from chalicelib.directory.fields import Field, bare, fields_of, written
from chalicelib.directory.kinds import ANY, KINDS, REFERENCES, SINGLE, Record
from chalicelib.errors import Invalid
from chalicelib.web.reader import Reader

Control = Literal["line", "area", "lines", "table", "check", "choice", "many"]
FOR_ALL: Final = "* for all"  # how kinds.py begins what it says of a field that takes the star
LONG: Final = frozenset({"text", "emergency_zh", "emergency_en"})  # lines that are rather a paragraph
WRITTEN_BY_HAND: Final = frozenset(KINDS) - {"codes"}  # a code is made and replaced, never typed in


@dataclass(frozen=True)
class Asked:
    """One field as it is asked for. ``label``, ``hint`` and ``how`` are texts of the catalogues, ``choices`` values and names
    that are said already; ``fixed`` is told and can't be changed."""

    name: str
    label: str
    control: Control
    required: bool
    hint: str = ""
    how: str = ""
    fixed: bool = False
    choices: tuple[tuple[str, str], ...] = ()


def asked_of(kind: str, there: Records, reader: Reader, *, new: bool) -> list[Asked]:
    """What the form of a kind asks for, in the order in which people read it.

    ``there`` holds the records of ``kinds_named(kind)``, which are offered where a field names one.
    """
    fixed = () if new else KINDS[kind].KEY
    return [_asked(kind, field, there, reader, fixed=field.name in fixed) for field in fields_of(kind).values()]


def kinds_named(kind: str) -> set[str]:
    """The kinds whose records this kind's fields name."""
    return {reference.to for reference in REFERENCES if reference.kind == kind}


def _asked(kind: str, field: Field, there: Records, reader: Reader, *, fixed: bool) -> Asked:
    choices = tuple(_choices(kind, field, there, reader))
    control = _control(field, offers=bool(choices))
    hint = "" if control in ("choice", "many", "check") else field.right
    fixed = fixed or (kind in SINGLE and field.name == "id" and bool(choices))
    label = FIELD.get(field.name, field.name)
    return Asked(field.name, label, control, field.required, hint, HOW.get(control, ""), fixed, choices)


def _control(field: Field, *, offers: bool) -> Control:
    if field.type is bool:
        return "check"
    if offers:
        return "many" if field.shape == "list" else "choice"
    if field.shape == "text":
        return "area" if field.name in LONG else "line"
    return "lines" if field.shape == "list" else "table"


def _choices(kind: str, field: Field, there: Records, reader: Reader) -> Iterator[tuple[str, str]]:
    """Value and name of what can be chosen; nothing for a field that is typed in."""
    if options := _options(field):
        yield from ((option, reader.say(_option(field.name, option))) for option in options if option)
    for reference in REFERENCES:
        if (reference.kind, reference.field) == (kind, field.name):
            yield from [(ANY, reader.say(CHOICE[ANY]))] if field.right.startswith(FOR_ALL) else []
            yield from ((key, name_of(record, reader.language)) for key, record in _in_use(there, reference.to))


def _options(field: Field) -> tuple[str, ...]:
    kind = bare(field.type)
    item = bare(get_args(kind)[0]) if get_origin(kind) is tuple else kind
    return get_args(item) if get_origin(item) is Literal else ()


def _option(field: str, option: str) -> str:
    return SHOWN_BY_DEPUTY if (field, option) == ("public", "deputy") else CHOICE.get(option, option)


def _in_use(there: Records, kind: str) -> list[tuple[str, Record]]:
    return [(key, record) for key, record in there.get(kind, {}).items() if not record.retired]


def name_of(record: Record, language: str) -> str:
    """What a record is called: its name in this language, else the words that it has, else its key."""
    named = getattr(record, f"name_{language}", "") or getattr(record, "name", "")
    return named if isinstance(named, str) and named else record.key


# From a record to a form, and back


def typed_of(kind: str, record: Record | None) -> dict[str, str]:
    """A record's fields as they stand in the form's boxes. Of a list that is empty on purpose ``[]``."""
    given = _defaults(kind) | (written(kind, record) if record else {})
    return {name: _typed(given.get(name)) for name in fields_of(kind)}


def _defaults(kind: str) -> dict[str, Any]:
    found = {field.name: field.default for field in msgspec.structs.fields(KINDS[kind])}
    return {name: value for name, value in found.items() if value and isinstance(value, str | int | tuple)}


def _typed(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, tuple | list):
        return "\n".join(map(str, value)) or "[]"
    return _table_typed(value) if isinstance(value, dict) else str(value)


def _table_typed(table: Mapping[str, Any]) -> str:
    from chalicelib.directory import yamlfile  # here, as files.py says why

    return yamlfile.table_written(table)


def values_of(kind: str, asked: Sequence[Asked], sent: Mapping[str, str]) -> dict[str, Any]:
    """What a form says of a record, as a file would say it. Raises Invalid that names a field whose table can't be read."""
    return {each.name: _value(each, sent.get(each.name, "").strip()) for each in asked if each.name in fields_of(kind)}


def _value(asked: Asked, text: str) -> Any:
    if asked.control == "check":
        return "true" if text else None
    if not text or (text == "[]" and asked.control == "table"):
        return None
    if asked.control == "many":
        return [part for part in text.split(",") if part]
    if asked.control == "lines":
        return [] if text == "[]" else [line.strip() for line in text.splitlines() if line.strip()]
    return _table(asked.name, text) if asked.control == "table" else text


def _table(name: str, text: str) -> Any:
    from chalicelib.directory import yamlfile

    try:
        return yamlfile.table_of(text)
    except ValueError as fault:
        raise Invalid(name, str(fault), "not_yaml") from None
