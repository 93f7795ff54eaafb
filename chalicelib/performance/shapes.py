"""What API and pages show of performance records and yearly files. The contract: OpenAPI is generated from it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from chalicelib.cases.shapes import Happening, Possible, happening
from chalicelib.directory.kinds import RecordKind
from chalicelib.files.service import link
from chalicelib.people.roles import Actor
from chalicelib.performance.importing import Imported
from chalicelib.performance.model import Line, Record
from chalicelib.performance.yearfile import Median, Standing, Total, YearFile
from chalicelib.spine.chain import Entry


class RecordLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a list: what and where in ``summary``; ``points`` once it counts; ``of`` the fact that it was made from."""

    id: str
    status: str
    deputy: str
    kind: str
    day: str
    summary: str
    points: int
    counts: bool
    shown: bool
    door: str
    of: str


class RecordFile(msgspec.Struct, frozen=True):
    """A file of a record; ``url`` is good for five minutes."""

    id: str
    name: str
    type: str
    size: int
    url: str


class RecordWhole(RecordLine, frozen=True, kw_only=True):
    """A record in full; after a move without its timeline."""

    title: str
    place: str
    text: str
    files: list[RecordFile]
    timeline: list[Happening] | None
    moves: list[Possible]
    version: int


class RecordsListed(msgspec.Struct, frozen=True):
    items: list[RecordLine]
    next: str | None


class KindShown(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name_zh: str
    name_en: str
    points: int
    most_a_year: int
    made_by: str
    fact: str
    public: str


class KindsShown(msgspec.Struct, frozen=True):
    items: list[KindShown]


class FaultShown(msgspec.Struct, frozen=True):
    row: int
    field: str
    code: str
    detail: str


class ImportShown(msgspec.Struct, frozen=True):
    """With any error nothing of the request was written. ``there`` were written by an earlier import."""

    written: int
    there: int
    errors: list[FaultShown]


class TotalShown(msgspec.Struct, frozen=True):
    kind: str
    records: int
    earned: int
    points: int


class RatesShown(msgspec.Struct, frozen=True):
    """From 0 to 1; null where there was nothing to rate."""

    answered_in_time: float | None
    solved: float | None
    satisfied: float | None
    attendance: float | None


class MedianShown(msgspec.Struct, frozen=True):
    deputies: int
    records: float
    points: float
    rates: RatesShown
    satisfaction: float | None


class YearShown(msgspec.Struct, frozen=True, kw_only=True):
    """A deputy's yearly file in numbers; ``counts`` says how many of what, ``rank`` is null where none is published."""

    deputy: str
    name_zh: str
    name_en: str
    year: str
    records: int
    points: int
    totals: list[TotalShown]
    counts: dict[str, int]
    rates: RatesShown
    satisfaction: float | None
    median: MedianShown
    rank: int | None
    public_url: str


class StandingShown(msgspec.Struct, frozen=True, kw_only=True):
    deputy: str
    records: int
    points: int
    rates: RatesShown
    satisfaction: float | None


class StandingsShown(msgspec.Struct, frozen=True):
    """Every deputy in office, by name; for those who answer for the whole."""

    year: str
    items: list[StandingShown]
    median: MedianShown


class VerdictsShown(msgspec.Struct, frozen=True):
    """Claim by claim: same, changed (the journal says something else now) or gone (it knows no such fact). ``signed``: whether
    the file's seal was signed by this platform; null where none was asked about."""

    items: list[str]
    signed: bool | None


def _line(record: Record, summary: str) -> dict[str, Any]:
    return {
        "id": record.id,
        "status": record.status,
        "deputy": record.deputy,
        "kind": record.category,
        "day": record.day,
        "summary": summary,
        "points": record.points,
        "counts": record.counts,
        "shown": record.shown,
        "door": record.door,
        "of": record.of,
    }


def records_listed(lines: Iterable[Line], last: str | None) -> RecordsListed:
    """A page of records."""
    return RecordsListed([RecordLine(**_line(record, summary)) for record, summary in lines], last)


def record_whole(record: Record, entries: Sequence[Entry] | None, by: Actor) -> RecordWhole:
    """A record in full, with the moves that this actor may make; without its timeline if no entries were read."""
    return RecordWhole(
        **_line(record, record.summary),
        title=record.account.title,
        place=record.account.place,
        text=record.account.text,
        files=[RecordFile(file.id, file.name, file.type, file.size, link(file)) for file in record.files],
        timeline=None if entries is None else [happening(entry) for entry in entries],
        moves=[Possible(move.name, sorted(move.needs)) for move in record.legal_moves(by)],
        version=record.version,
    )


def kinds_shown(kinds: Iterable[RecordKind]) -> KindsShown:
    """The kinds in use."""
    names = KindShown.__struct_fields__
    return KindsShown([KindShown(**{name: getattr(kind, name) for name in names}) for kind in kinds])


def import_shown(outcome: Imported) -> ImportShown:
    """What came of an import."""
    faults = [FaultShown(fault.row, fault.field, fault.code, fault.detail) for fault in outcome.errors]
    return ImportShown(outcome.written, outcome.there, faults)


def year_shown(file: YearFile, base_url: str) -> YearShown:
    """A yearly file in numbers."""
    return YearShown(
        deputy=file.deputy.id,
        name_zh=file.deputy.name_zh,
        name_en=file.deputy.name_en,
        year=file.year,
        records=file.standing.records,
        points=file.standing.points,
        totals=[_total(total) for total in file.standing.totals],
        counts=dict(file.standing.counts),
        rates=RatesShown(**file.standing.rates),
        satisfaction=file.standing.satisfaction,
        median=median_shown(file.median),
        rank=file.rank,
        public_url=f"{base_url}/open/performance/{file.deputy.id}?year={file.year}",
    )


def _total(total: Total) -> TotalShown:
    return TotalShown(total.kind, total.records, total.earned, total.points)


def median_shown(median: Median) -> MedianShown:
    """The middle of the congress."""
    return MedianShown(median.deputies, median.records, median.points, RatesShown(**median.rates), median.satisfaction)


def standings_shown(year: str, found: Mapping[str, Standing], deputies: Iterable[str], median: Median) -> StandingsShown:
    """Every deputy's year."""
    items = [_standing(found.get(deputy, Standing(deputy))) for deputy in deputies]
    return StandingsShown(year, items, median_shown(median))


def _standing(standing: Standing) -> StandingShown:
    return StandingShown(
        deputy=standing.deputy,
        records=standing.records,
        points=standing.points,
        rates=RatesShown(**standing.rates),
        satisfaction=standing.satisfaction,
    )
