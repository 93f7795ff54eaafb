"""A move as people see it at the desk: its button, what follows when it is pressed, and what it asks for. Pure.

A section keeps a table of ``Form`` by move; ``work_moves.html`` draws those that are legal now, ``asked`` reads what was sent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from chalicelib.errors import Invalid
from chalicelib.web.reader import N_

# text: several lines · line: one · check: yes or no · many: several of the choices · the rest as HTML has them
Kind = Literal[
    "text", "line", "link", "check", "date", "time", "number", "choice", "many",
    "body", "bodies", "deputy", "deputies", "category",
]  # fmt: skip
LONGEST: Final = {"text": 4_000, "line": 500, "link": 400}  # characters, where a field says nothing else


@dataclass(frozen=True)
class Field:
    """One thing that a move asks for. ``choices`` are value and name; bodies, deputies and categories are the directory's.
    ``most`` characters, if not as many as its kind takes."""

    name: str
    kind: Kind
    label: str
    optional: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    most: int = 0

    @property
    def longest(self) -> int:
        """How many characters it takes; 0 where that is not what bounds it."""
        return self.most or LONGEST.get(self.kind, 0)


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
LINK: Final = re.compile(r"https?://\S+")  # nothing that a browser would run
MISSING: Final = N_("This is still empty. Please fill it in.")
NO_NUMBER: Final = N_("Write a whole number.")
NO_DATE: Final = N_("Choose a date, like 2026-12-01.")
NO_LINK: Final = N_("Write a whole address, beginning with https://.")
TOO_LONG: Final = N_("This is too long.")
WRONG: Final = N_("This can’t be taken as it is.")

# What a refusal says at the field that it is about, by its code; its own words stand beside it.
SAID: Final[Mapping[str, str]] = {
    "missing": MISSING,
    "bad_number": NO_NUMBER,
    "bad_date": NO_DATE,
    "too_long": TOO_LONG,
    "bad_link": NO_LINK,
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

    Raises Invalid (missing, bad_number, bad_date, bad_link, unknown_choice, too_long) that names the field.
    """
    return {field.name: _value(field, sent.get(field.name, "").strip()) for field in form.fields}


def _value(field: Field, text: str) -> Any:
    if field.kind == "check":
        return bool(text)
    if not text and not field.optional:
        raise Invalid(field.name, MISSING, "missing")
    if field.kind in ("many", "bodies", "deputies"):
        return [_chosen(field, part) for part in text.split(",") if part]
    if field.kind == "number":
        return _number(field.name, text) if text else None
    if text:
        _require(field, text)
    return text


def _require(field: Field, text: str) -> None:
    """Raises Invalid for what can't be a date, a link, or one of the choices, and for what is too long."""
    if field.kind == "date":
        _require_date(field.name, text)
    if field.kind == "link" and not LINK.fullmatch(text):
        raise Invalid(field.name, NO_LINK, "bad_link")
    if field.longest and len(text) > field.longest:
        raise Invalid(field.name, f"{len(text)} characters; {field.longest} are the most", "too_long")
    _chosen(field, text)


def _chosen(field: Field, value: str) -> str:
    if field.choices and value not in {known for known, _ in field.choices}:
        raise Invalid(field.name, f"'{value[:40]}' is none of the choices", "unknown_choice")
    return value


def _number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Invalid(name, NO_NUMBER, "bad_number")
    return int(text)


def _require_date(name: str, text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise Invalid(name, NO_DATE, "bad_date") from None


def fault_of(move: str, refused: Invalid, said: Mapping[str, str] = SAID) -> Fault:
    """A refusal as it stands at its field. ``said`` are the section's own words for its codes."""
    return Fault(move, refused.field, said.get(refused.code) or SAID.get(refused.code, WRONG))
