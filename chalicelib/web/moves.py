"""A move as people see it at the desk: its button, what follows when it is pressed, and what it asks for. Pure.

A section keeps a table of ``Form`` by move; ``work_moves.html`` draws those that are legal now, ``asked`` reads what was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from chalicelib.errors import Invalid
from chalicelib.web.reader import N_

# text: several lines · line: one · check: yes or no · many: several of the choices · the rest as HTML has them
Kind = Literal["text", "line", "check", "date", "time", "number", "choice", "many", "body", "bodies", "deputies", "category"]


@dataclass(frozen=True)
class Field:
    """One thing that a move asks for. ``choices`` are value and name; bodies, deputies and categories are the directory's."""

    name: str
    kind: Kind
    label: str
    optional: bool = False
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Form:
    """A move as people see it."""

    button: str
    follows: str
    fields: tuple[Field, ...] = ()
    tone: Literal["main", "plain", "grave"] = "plain"


@dataclass(frozen=True)
class Fault:
    """What was wrong with what was sent: in which form, at which field, what would be right."""

    move: str
    field: str
    text: str


REASON: Final = Field("reason", "line", N_("Reason"))
MISSING: Final = N_("This is still empty. Please fill it in.")
NO_NUMBER: Final = N_("Write a whole number.")
NO_DATE: Final = N_("Choose a date, like 2026-12-01.")
TOO_LONG: Final = N_("This is too long.")
WRONG: Final = N_("This can’t be taken as it is.")

# What a refusal says at the field that it is about, by its code; its own words stand beside it.
SAID: Final[Mapping[str, str]] = {
    "missing": MISSING,
    "bad_number": NO_NUMBER,
    "bad_date": NO_DATE,
    "too_long": TOO_LONG,
    "past_date": N_("This day has passed. Choose a later one."),
    "same_body": N_("It is with this body already."),
    "unknown_body": N_("There is no such body (any more)."),
    "unknown_category": N_("There is no such topic (any more)."),
    "same_case": N_("This is the same message."),
    "target_closed": N_("The other one is closed already. Choose one that is open."),
    "blank_left": N_("Some blanks of the template are still empty: fill in what stands in 【 】."),
}


def asked(form: Form, sent: Mapping[str, str]) -> dict[str, Any]:
    """What a form asks for, out of what was sent: text, bool, int, date (ISO text), or a list of words.

    Raises Invalid (``missing``, ``bad_number``, ``bad_date``) that names the field.
    """
    return {field.name: _value(field, sent.get(field.name, "").strip()) for field in form.fields}


def _value(field: Field, text: str) -> Any:
    if field.kind == "check":
        return bool(text)
    if not text and not field.optional:
        raise Invalid(field.name, MISSING, "missing")
    if field.kind in ("many", "bodies", "deputies"):
        return [part for part in text.split(",") if part]
    if field.kind == "number":
        return _number(field.name, text) if text else None
    if field.kind == "date" and text:
        _require_date(field.name, text)
    return text


def _number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Invalid(name, NO_NUMBER, "bad_number")
    return int(text)


def _require_date(name: str, text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise Invalid(name, NO_DATE, "bad_date") from None


def fault_of(move: str, refused: Invalid) -> Fault:
    """A refusal as it stands at its field."""
    return Fault(move, refused.field, SAID.get(refused.code, WRONG))
