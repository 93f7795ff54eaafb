"""From what was written to records: every field by itself, and nothing twice. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import category

import msgspec

from chalicelib.directory.fields import Field, fields_of, nearest
from chalicelib.directory.kinds import KINDS, Record
from chalicelib.directory.report import Problem, Row

BREAKS: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})  # Unicode's categories of what breaks a line or is no character
SHOWN: Final = 60  # characters of a wrong value that are said back


@dataclass(frozen=True)
class Placed:
    """A record and the row that it was read from."""

    record: Record
    row: Row


def records_of(rows: Iterable[Row]) -> tuple[list[Placed], list[Problem]]:
    """The records of these rows, and everything that is wrong with single fields, or stands twice."""
    placed: list[Placed] = []
    problems: list[Problem] = []
    rows = list(rows)
    for row in rows:
        wrong = list(_wrong_fields(row))
        problems += wrong
        placed += [] if wrong else [Placed(_record(row), row)]
    return placed, problems + _twice(rows)


def _record(row: Row) -> Record:
    known = fields_of(row.kind)
    return KINDS[row.kind](**{name: known[name].read(value) for name, value in _given(row).items()})


def _given(row: Row) -> dict[str, Any]:
    """What was filled in. A blank is as good as nothing."""
    stripped = {name: _stripped(value) for name, value in row.values.items()}
    return {name: value for name, value in stripped.items() if value not in (None, "")}


def _stripped(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    return [_stripped(item) for item in value] if isinstance(value, list) else value


def _wrong_fields(row: Row) -> Iterator[Problem]:
    known, given = fields_of(row.kind), _given(row)
    for name in row.values:
        if name not in known:
            yield _problem(row, name, "unknown_field", f"There is no field '{name}'", nearest(name, known))
    for field in known.values():
        if field.name in given:
            yield from _wrong_value(row, field, given[field.name])
        elif field.required:
            yield _problem(row, field.name, "missing", f"'{field.name}' is missing", field.right)


def _wrong_value(row: Row, field: Field, value: Any) -> Iterator[Problem]:
    if _unprintable(value):
        yield _problem(
            row, field.name, "control_character", f"{shown(value)} holds a character that can't be printed", "one line"
        )
        return
    try:
        field.read(value)
    except msgspec.ValidationError:
        for item in field.wrong_items(value):
            yield _problem(row, field.name, "wrong_value", f"{shown(item)} can't be used here", field.right)


def _unprintable(value: Any) -> bool:
    """A line break in a name would end up in the head of a mail."""
    if isinstance(value, str):
        return any(category(character) in BREAKS for character in value)
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_unprintable(item) for item in items)


def shown(value: object) -> str:
    """A value as it is said back: in quotation marks, cut where it is long."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return f"{text[:SHOWN] + ('…' if len(text) > SHOWN else '')!r}"


def _problem(row: Row, field: str, code: str, detail: str, right: str = "") -> Problem:
    return Problem(row.line_of(field), row.kind, key_of(row), field, code, detail, right)


def key_of(row: Row) -> str:
    """What the record is called, as far as it can be told."""
    kind = KINDS[row.kind]
    defaults = {field.name: field.default for field in msgspec.structs.fields(kind)}
    parts = (row.values.get(name) or defaults[name] for name in kind.KEY)
    return ":".join(part for part in parts if isinstance(part, str))


def _twice(rows: Iterable[Row]) -> list[Problem]:
    first: dict[tuple[str, str], Row] = {}
    problems = []
    for row in rows:
        key = key_of(row)
        before = first.setdefault((row.kind, key), row)
        if before is not row and key:
            detail = f"'{key}' already stands in line {before.line}"
            problems.append(_problem(row, KINDS[row.kind].KEY[0], "twice", detail, "one record each"))
    return problems
