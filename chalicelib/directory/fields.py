"""What each field of each kind takes: asked of the records themselves, so that files, checks and messages agree. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import msgspec
from msgspec.structs import fields

from chalicelib.directory.kinds import KINDS, Record

Shape = Literal["text", "list", "table"]
MARK: Final = "\ufeff"  # at the beginning of a file; tells a spreadsheet that it is UTF-8
UNIONS: Final = (UnionType, Union)  # ``int | None`` is the one, ``Annotated[…] | None`` the other
LISTED: Final = 20  # names that are said where none is near what was written


@dataclass(frozen=True)
class Field:
    """One field: its type, whether it must be there, how it is written, and what is right for it, said to people."""

    name: str
    type: Any
    required: bool
    shape: Shape
    right: str

    def read(self, value: object) -> Any:
        """The value as the record holds it. Raises msgspec.ValidationError."""
        return msgspec.convert(value, self.type, strict=False)

    def wrong_items(self, value: object) -> list[object]:
        """The items of a list that are not right by themselves; the whole value if it is no list."""
        if self.shape != "list" or not isinstance(value, list):
            return [value]
        item = get_args(bare(self.type))[0]
        return [given for given in value if not _fits(given, item)] or [value]


@cache
def fields_of(kind: str) -> dict[str, Field]:
    """The fields of a kind by name, in the order in which people read them: ``retired`` comes last."""
    found = [Field(f.name, f.type, f.required, _shape(f.type), _right(f.type)) for f in fields(KINDS[kind])]
    return {field.name: field for field in sorted(found, key=lambda field: field.name == "retired")}


def written(kind: str, record: Record) -> dict[str, Any]:
    """A record as plain values by field, without what is empty; lists are tuples."""
    given = msgspec.to_builtins(record, str_keys=True)
    return {name: given[name] for name in fields_of(kind) if name in given}


def nearest(name: str, known: Iterable[str]) -> str:
    """What was probably meant, and else what there is: said as what would be right."""
    known = list(known)
    listed = ", ".join(known[:LISTED]) + (", …" if len(known) > LISTED else "")
    return next(iter(get_close_matches(name, known, n=1)), "") or (f"one of {listed}" if known else "")


def _fits(value: object, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        return False
    return True


def bare(kind: Any) -> Any:
    """The type without its annotation and without ``| None``."""
    if get_origin(kind) is Annotated:
        return bare(get_args(kind)[0])
    if get_origin(kind) in UNIONS:
        return bare(next(option for option in get_args(kind) if option is not NoneType))
    return kind


def _shape(kind: Any) -> Shape:
    origin = get_origin(bare(kind))
    return "list" if origin is tuple else "table" if origin is dict else "text"


def _right(kind: Any) -> str:
    if get_origin(kind) is Annotated:
        return next((note.description for note in kind.__metadata__ if getattr(note, "description", "")), "")
    if get_origin(kind) in UNIONS:
        return _right(next(option for option in get_args(kind) if option is not NoneType))
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(get_args(kind))
    if get_origin(kind) is tuple:
        return f"a list, each of it {_right(get_args(kind)[0])}"
    return {bool: "true or false", str: "text"}.get(kind, "a table of names and values")
