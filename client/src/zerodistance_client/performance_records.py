"""What the server tells of performance records and yearly files, as frozen dataclasses; the rules are those of ``records``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zerodistance_client.records import Entry, Move, Record


@dataclass(frozen=True, kw_only=True)
class RecordKind(Record):
    """A kind of record: its points, for at most ``most_a_year`` (0: all), ``made_by`` deputy or system, ``public`` always,
    deputy or never."""

    id: str
    name_zh: str = ""
    name_en: str = ""
    points: int = 0
    most_a_year: int = 0
    made_by: str = ""
    fact: str = ""
    public: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordKinds(Record):
    items: tuple[RecordKind, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RecordLine(Record):
    """A record as a list shows it. ``day`` is ISO; ``points`` once it ``counts``; ``of`` the fact that it was made from."""

    id: str
    status: str = ""
    deputy: str = ""
    kind: str = ""
    day: str = ""
    summary: str = ""
    points: int = 0
    counts: bool = False
    shown: bool = False
    door: str = ""
    of: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordFile(Record):
    """A picture or paper; ``url`` is good for five minutes."""

    id: str
    name: str = ""
    type: str = ""
    size: int = 0
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class PerformanceRecord(RecordLine):
    """A record in full; after a move without its ``timeline``."""

    title: str = ""
    place: str = ""
    text: str = ""
    files: tuple[RecordFile, ...] = ()
    timeline: tuple[Entry, ...] = ()
    moves: tuple[Move, ...] = ()
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class RecordPage(Record):
    """One page of a list. ``next`` is the cursor of the page after it, '' on the last."""

    items: tuple[RecordLine, ...] = ()
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class KindTotal(Record):
    """The records of one kind: what they are worth (``earned``), and how much of that counts (``points``)."""

    kind: str
    records: int = 0
    earned: int = 0
    points: int = 0


@dataclass(frozen=True, kw_only=True)
class Rates(Record):
    """From 0 to 1; None where there was nothing to rate."""

    answered_in_time: float | None = None
    solved: float | None = None
    satisfied: float | None = None
    attendance: float | None = None


@dataclass(frozen=True, kw_only=True)
class CongressMedian(Record):
    deputies: int = 0
    records: float = 0
    points: float = 0
    rates: Rates = field(default_factory=Rates)
    satisfaction: float | None = None


@dataclass(frozen=True, kw_only=True)
class DeputyYear(Record):
    """What a deputy's year comes to."""

    deputy: str
    records: int = 0
    points: int = 0
    rates: Rates = field(default_factory=Rates)
    satisfaction: float | None = None


@dataclass(frozen=True, kw_only=True)
class YearFile(DeputyYear):
    """A deputy's yearly file in numbers. ``counts`` says how many of what; ``rank`` is None where none is published."""

    name_zh: str = ""
    name_en: str = ""
    year: str = ""
    totals: tuple[KindTotal, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    median: CongressMedian = field(default_factory=CongressMedian)
    rank: int | None = None
    public_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Standings(Record):
    """Every deputy in office, in the directory's order."""

    year: str = ""
    items: tuple[DeputyYear, ...] = ()
    median: CongressMedian = field(default_factory=CongressMedian)


@dataclass(frozen=True, kw_only=True)
class ImportedRecords(Record):
    """How many rows were ``written``, and how many were ``there`` from an earlier import."""

    written: int = 0
    there: int = 0


@dataclass(frozen=True, kw_only=True)
class Verdicts(Record):
    """Claim by claim: same, changed or gone; whether the file was ``signed`` by this server."""

    items: tuple[str, ...] = ()
    signed: bool | None = None


@dataclass(frozen=True)
class RowFault:
    """What is wrong with a row of a file of older records; ``row`` 0 is the file as a whole."""

    row: int
    field: str
    code: str
    detail: str

    def __str__(self) -> str:
        where = f"row {self.row}, {self.field}: " if self.row else f"{self.field}: " if self.field else ""
        return f"{where}{self.detail}"

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "field": self.field, "code": self.code, "detail": self.detail}
