"""The register of a year: suggestions are numbered in it one after another, without a gap, and no number twice. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from chalicelib.people.roles import Actor
from chalicelib.spine.dossier import Dossier, Step


@dataclass(frozen=True, kw_only=True)
class Register(Dossier):
    """One year's register; ``last`` is the number that was given last. Each number is a fact of its journal."""

    KIND: ClassVar[str] = "register"

    last: int = 0

    def number(self, suggestion: str, *, by: Actor, at: datetime) -> "Step[Register]":
        """The next number, for this suggestion."""
        after = replace(self, last=self.last + 1)
        data = {"suggestion": suggestion, "number": after.last}
        return Step(self if self.version else None, after, "numbered", by, at, data)


def register_of(year: int, at: datetime) -> Register:
    """A year's register in which nothing stands yet."""
    return Register(id=register_id(year), status="open", created_at=at, updated_at=at)


def register_id(year: int) -> str:
    """The id of a year's register."""
    return f"REGISTER-{year}"
