"""A deputy's yearly file: totals by kind with their points, rates, and the median of the congress. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from chalicelib.directory.kinds import Deputy, RecordKind

# Besides records: what is counted of cases, suggestions and activities (credit.py says how).
COUNTERS: Final = (
    "due", "in_time", "verdicts", "solved", "silent", "grades", "satisfied", "grade_sum", "suggestions", "adopted", "cosigned",
    "replied", "replied_solved", "result_satisfied", "result_dissatisfied", "documents", "expected", "attended",
)  # fmt: skip
# Rate → of how many, how many. A rate of none is not 0: it is not known.
RATES: Final[Mapping[str, tuple[str, str]]] = {
    "answered_in_time": ("due", "in_time"),
    "solved": ("verdicts", "solved"),
    "satisfied": ("grades", "satisfied"),
    "attendance": ("expected", "attended"),
}


@dataclass(frozen=True)
class Row:
    """One stored row: of a deputy (``kind`` ""), or of a deputy's records of one kind."""

    deputy: str
    kind: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Total:
    """The records of one kind: how many, what they are worth, and how much of that counts."""

    kind: str
    records: int
    earned: int
    points: int


@dataclass(frozen=True)
class Standing:
    """What a deputy's year comes to."""

    deputy: str
    totals: tuple[Total, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def records(self) -> int:
        return sum(total.records for total in self.totals)

    @property
    def points(self) -> int:
        return sum(total.points for total in self.totals)

    @property
    def rates(self) -> dict[str, float | None]:
        """The rates from 0 to 1; None where there was nothing to rate."""
        return {name: self._rate(*parts) for name, parts in RATES.items()}

    def _rate(self, of: str, part: str) -> float | None:
        whole = self.counts.get(of, 0)
        return round(self.counts.get(part, 0) / whole, 4) if whole else None

    @property
    def satisfaction(self) -> float | None:
        """The mean of the residents' grades, 1 to 5; None if nobody gave one."""
        grades = self.counts.get("grades", 0)
        return round(self.counts.get("grade_sum", 0) / grades, 2) if grades else None


@dataclass(frozen=True)
class Median:
    """The middle of the congress. A rate's median is of those who have the rate."""

    deputies: int
    records: float
    points: float
    rates: Mapping[str, float | None]
    satisfaction: float | None


@dataclass(frozen=True)
class YearFile:
    """A deputy's year beside the median of the congress; ``rank`` by points, None where none is published."""

    deputy: Deputy
    year: str
    standing: Standing
    median: Median
    rank: int | None = None


def counted_points(records: int, earned: int, most: int) -> int:
    """The points that count: all, or of more than ``most`` records the share of ``most`` (whole points; the kind may have
    changed its points within the year, so it is a share and not a choice of records)."""
    return earned if not most or records <= most else earned * most // records


def standings(rows: Iterable[Row], kinds: Mapping[str, RecordKind]) -> dict[str, Standing]:
    """Every deputy who has a row, with totals in the kinds' order."""
    totals: dict[str, list[Total]] = {}
    counts: dict[str, Mapping[str, int]] = {}
    for row in rows:
        if row.kind:
            totals.setdefault(row.deputy, []).extend(_total(row, kinds.get(row.kind)))
        else:
            counts[row.deputy] = row.counts
    place = {id: number for number, id in enumerate(kinds)}
    return {
        deputy: Standing(deputy, _in_order(totals.get(deputy, []), place), counts.get(deputy, {}))
        for deputy in sorted({*totals, *counts})
    }


def _total(row: Row, kind: RecordKind | None) -> Iterable[Total]:
    records, earned = row.counts.get("records", 0), row.counts.get("points", 0)
    if records:
        yield Total(row.kind, records, earned, counted_points(records, earned, kind.most_a_year if kind else 0))


def _in_order(totals: Iterable[Total], place: Mapping[str, int]) -> tuple[Total, ...]:
    return tuple(sorted(totals, key=lambda total: (place.get(total.kind, len(place)), total.kind)))


def middle(found: Mapping[str, Standing], deputies: Sequence[str]) -> Median:
    """The median of these deputies: who has no row has no record, and counts with none."""
    everyone = [found.get(deputy, Standing(deputy)) for deputy in deputies]
    return Median(
        len(everyone),
        _median([standing.records for standing in everyone]) or 0,
        _median([standing.points for standing in everyone]) or 0,
        {name: _known([standing.rates[name] for standing in everyone]) for name in RATES},
        _known([standing.satisfaction for standing in everyone]),
    )


def _known(values: Iterable[float | None]) -> float | None:
    return _median([value for value in values if value is not None])


def _median(values: Sequence[float]) -> float | None:
    return round(median(values), 4) if values else None
