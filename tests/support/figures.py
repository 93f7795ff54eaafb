"""Figures in memory, and journals made up: what table and platform do, without either."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from chalicelib.errors import Conflict
from chalicelib.insight.tally import Change, Held, Key
from chalicelib.spine.chain import GENESIS, Entry

BEGIN: Final = datetime(2026, 1, 1, 8, tzinfo=UTC)
A_YEAR: Final = timedelta(days=365)
BODIES: Final = tuple(f"body-{number}" for number in range(12))
DEPUTIES: Final = tuple(f"deputy-{number}" for number in range(40))
GRIDS: Final = ("", *(f"grid-{number}" for number in range(30)))
CATEGORIES: Final = tuple(f"top-{number % 6}/middle-{number % 12}/leaf-{number}" for number in range(24))


class InMemory:
    """The twin of the table: rows and shares, and the same refusal for who comes second."""

    def __init__(self) -> None:
        self.rows: defaultdict[Key, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.shares: dict[str, Held] = {}

    def held(self, dossier: str) -> Held:
        return self.shares.get(dossier, Held())

    def apply(self, change: Change) -> None:
        if self.held(change.dossier) != change.was:
            raise Conflict("The same dossier was counted at this moment")
        self.shares[change.dossier] = change.now
        for key, counts in change.rows.items():
            for name, count in counts.items():
                self.rows[key][name] += count


@dataclass
class Journal:
    """One dossier's facts as they come."""

    dossier: str
    kind: str
    at: datetime
    entries: list[Entry] = field(default_factory=list)

    def add(self, type: str, data: dict[str, Any] | None = None, **changes: Any) -> None:
        """One more fact, some time after the last."""
        last = self.entries[-1] if self.entries else None
        self.entries.append(
            Entry(
                self.dossier, len(self.entries) + 1, type, self.at, "system", "", data or {}, changes, self.kind,
                prev=last.hash if last else GENESIS,
            )
        )  # fmt: skip
        self.at += timedelta(hours=7)


def a_case(dossier: str, dice: Random) -> list[Entry]:
    """A case's life: routed, perhaps handed on, late, answered, opened again, and what the resident says in the end."""
    made = Journal(dossier, "case", BEGIN + A_YEAR * dice.random())
    made.add("received", deputy=dice.choice(DEPUTIES), grid=dice.choice(GRIDS), status="received")
    made.add("routed", body=dice.choice(BODIES), category=dice.choice(CATEGORIES), status="routed")
    made.add("told")
    if dice.random() < 0.2:
        made.add("handed_on", body=dice.choice(BODIES))
    if dice.random() < 0.1:
        made.add("recategorised", category=dice.choice(CATEGORIES))
    if dice.random() < 0.1:
        made.add(dice.choice(("withdrawn", "merged", "declined")), status=dice.choice(("withdrawn", "merged", "declined")))
        return made.entries
    if late := dice.random() < 0.15:
        made.add("breached", {"step": dice.choice(("answer", "acknowledge"))})
    made.add("acknowledged", status="acknowledged")
    made.add("answered", {"late": ["answer"]} if late else {}, status="answered")
    made.add("told")
    if dice.random() < 0.2:
        made.add("reopened", verdict="not_solved", satisfaction=0, status="reopened")
        made.add("answered", status="answered")
    _ended(made, dice)
    return made.entries


def _ended(made: Journal, dice: Random) -> None:
    if dice.random() < 0.4:
        made.add("closed_by_silence", verdict="silence", status="resolved")
    elif dice.random() < 0.9:
        made.add("confirmed", verdict="solved", satisfaction=dice.randrange(6), status="resolved")


def a_suggestion(dossier: str, dice: Random) -> list[Entry]:
    """A suggestion's life, at times sent back."""
    made = Journal(dossier, "suggestion", BEGIN + A_YEAR * dice.random())
    for fact in ("drafted", "submitted", "accepted", "assigned"):
        made.add(fact)
    for _ in range(dice.randrange(3)):
        made.add("replied", {"class": dice.choice(("solved", "planned", "cannot"))})
        made.add("evaluated", {"attitude": "satisfied", "result": dice.choice(("satisfied", "dissatisfied"))})
    return made.entries


def journals(facts: int, dice: Random) -> Iterator[list[Entry]]:
    """Dossiers of at least so many facts in all: cases, and among twenty of them a suggestion."""
    made = number = 0
    while made < facts:
        number += 1
        entries = (a_suggestion if number % 20 == 0 else a_case)(f"{'S' if number % 20 == 0 else ''}{number:012d}", dice)
        made += len(entries)
        yield entries


def delivered(every: Sequence[Sequence[Entry]], dice: Random) -> list[tuple[int, int]]:
    """Each fact (dossier's number, fact's number) as queues may bring it: in any order, some of them twice."""
    told = [(place, entry.seq) for place, entries in enumerate(every) for entry in entries]
    told += dice.sample(told, len(told) // 5)
    dice.shuffle(told)
    return told
