"""What is said about a change of the directory: the rows that came in, what is wrong with them, what they would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Did = Literal["added", "changed", "removed", "restored"]


@dataclass(frozen=True)
class Row:
    """One record as it was written: plain strings, lists and mappings. ``lines`` says where each field stands.

    ``line`` is 0 for a record that came from no file.
    """

    kind: str
    values: Mapping[str, Any]
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, name: str) -> int:
        """The line of a field, or of its record."""
        return self.lines.get(name, self.line)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, with which value, and what would be right. ``line`` counts from 1; 0 is no line."""

    line: int
    kind: str
    id: str
    field: str
    code: str
    detail: str
    right: str = ""

    def __str__(self) -> str:
        """One line for a person: ``line 12: bodies heating-company, mail: 'x' … Right would be: name@example.org``."""
        place = f"line {self.line}: " if self.line else ""
        subject = " ".join(filter(None, (self.kind, self.id))) + (f", {self.field}" if self.field else "")
        right = f". Right would be: {self.right}" if self.right else ""
        return f"{place}{subject + ': ' if subject else ''}{self.detail}{right}"


@dataclass(frozen=True)
class Change:
    """What happens to one record, and in which fields."""

    kind: str
    id: str
    did: Did
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What an import found. With ``errors`` nothing was written; ``warnings`` keep nothing back.

    ``version`` is the directory's after it; ``written`` says whether ``changes`` took place.
    """

    errors: Sequence[Problem] = ()
    warnings: Sequence[Problem] = ()
    changes: Sequence[Change] = ()
    version: int = 0
    written: bool = False

    def count(self, did: Did) -> int:
        """How many records were, or would be, added, changed, removed or restored."""
        return sum(change.did == did for change in self.changes)


@dataclass
class Read:
    """What a file holds, and what is wrong with it as a file. Filled while it is read."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, code: str, detail: str, right: str = "", kind: str = "", field: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem(line, kind, "", field, code, detail, right))
