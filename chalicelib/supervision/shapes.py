"""What API and pages show of supervision and appraisals. The contract: OpenAPI is generated from it."""

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.cases.shapes import Happening, Possible, Promised, happening, promised
from chalicelib.files.model import File
from chalicelib.files.service import link
from chalicelib.people.roles import Actor
from chalicelib.spine.chain import Entry
from chalicelib.supervision.appraisal import Appraisal
from chalicelib.supervision.model import Evidence, Item, Visit


class FileShown(msgspec.Struct, frozen=True):
    """A file; ``url`` is good for some minutes."""

    id: str
    name: str
    type: str
    size: int
    sha256: str
    url: str


class EvidenceShown(msgspec.Struct, frozen=True):
    """What the body says that it did. ``round`` counts the failures before."""

    text: str
    by: str
    at: datetime
    files: list[FileShown]
    round: int


class VisitShown(msgspec.Struct, frozen=True):
    """What a deputy saw on the spot, and where that was (degrees)."""

    deputy: str
    passes: bool
    text: str
    at: datetime
    lat: float
    lon: float
    files: list[FileShown]
    round: int


class ItemSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a list. ``cause`` is by_hand, breach, dissatisfied or breaches, ``of`` what it came of, ``step`` the broken
    promise; ``due_at`` is null unless it is the body's turn."""

    id: str
    status: str
    cause: str
    of: str
    step: str
    title: str
    body: str
    category: str
    failures: int
    due_at: datetime | None
    overdue: bool
    opened_at: datetime
    updated_at: datetime


class ItemWhole(ItemSummary, frozen=True, kw_only=True):
    """An item in full, with the moves that you may make."""

    text: str
    grid: str
    deputy: str
    promises: list[Promised]
    evidence: list[EvidenceShown]
    visits: list[VisitShown]
    timeline: list[Happening] | None  # null in the answer to a move: ask for the item to see it
    moves: list[Possible]
    version: int


class ItemsListed(msgspec.Struct, frozen=True):
    items: list[ItemSummary]
    next: str | None


class AppraisalShown(msgspec.Struct, frozen=True, kw_only=True):
    """An appraisal. ``stamps`` says whether envelopes are stamped now, ``urn_open`` whether ballots are taken; ``modulus``
    (hex) is the public key that checks stamps, the same for all. Numbers come when their phase is over, ``results``
    (body → criterion → grade → ballots) when it is published; empty where fewer than three ballots were cast."""

    id: str
    status: str
    title: str
    year: int
    bodies: list[str]
    criteria: list[str]
    opens_at: datetime
    seals_at: datetime
    closes_at: datetime
    stamps: bool
    urn_open: bool
    modulus: str
    electorate: int
    stamped: int
    cast: int
    void: int
    results: dict[str, dict[str, dict[str, int]]]
    public_url: str
    version: int


class AppraisalsListed(msgspec.Struct, frozen=True):
    items: list[AppraisalShown]
    next: str | None


class Stamped(msgspec.Struct, frozen=True):
    """The stamp on an envelope, as hex."""

    stamp: str


class StampKnown(msgspec.Struct, frozen=True):
    """Whether you had an envelope stamped (null if you have no vote), and once stamping is over, who had."""

    stamped: bool | None
    deputies: list[str]


class Receipt(msgspec.Struct, frozen=True):
    """The number under which a ballot lies in the urn."""

    receipt: str


class Receipts(msgspec.Struct, frozen=True):
    """The numbers of all ballots that were counted."""

    receipts: list[str]


def _line(item: Item, now: datetime) -> dict[str, Any]:
    return {
        "id": item.id,
        "status": item.status,
        "cause": item.cause,
        "of": item.of,
        "step": item.step,
        "title": item.title,
        "body": item.body,
        "category": item.category,
        "failures": item.failures,
        "due_at": item.due_at,
        "overdue": item.overdue(now),
        "opened_at": item.created_at,
        "updated_at": item.updated_at,
    }


def item_line(item: Item, now: datetime) -> ItemSummary:
    """An item as a line of a list."""
    return ItemSummary(**_line(item, now))


def item_whole(item: Item, entries: list[Entry] | None, by: Actor, now: datetime) -> ItemWhole:
    """An item in full, with the moves that this actor may make."""
    return ItemWhole(
        **_line(item, now),
        text=item.text,
        grid=item.grid,
        deputy=item.deputy,
        promises=[promised(clock, now) for clock in item.clocks.values()],
        evidence=[_evidence(each) for each in item.evidence],
        visits=[_visit(each) for each in item.visits],
        timeline=None if entries is None else [happening(entry) for entry in entries],
        moves=[Possible(move.name, sorted(move.needs)) for move in item.legal_moves(by)],
        version=item.version,
    )


def _evidence(shown: Evidence) -> EvidenceShown:
    return EvidenceShown(shown.text, shown.by, shown.at, [_file(file) for file in shown.files], shown.round)


def _visit(visit: Visit) -> VisitShown:
    lat, lon = visit.position
    files = [_file(file) for file in visit.files]
    return VisitShown(visit.deputy, visit.passes, visit.text, visit.at, lat, lon, files, visit.round)


def _file(file: File) -> FileShown:
    return FileShown(file.id, file.name, file.type, file.size, file.sha256, link(file))


def appraisal_shown(appraisal: Appraisal, now: datetime, url: str) -> AppraisalShown:
    """An appraisal, as everyone may see it."""
    return AppraisalShown(
        id=appraisal.id,
        status=appraisal.status,
        title=appraisal.title,
        year=appraisal.year,
        bodies=list(appraisal.bodies),
        criteria=list(appraisal.criteria),
        opens_at=appraisal.opens_at,
        seals_at=appraisal.seals_at,
        closes_at=appraisal.closes_at,
        stamps=appraisal.stamps(now),
        urn_open=appraisal.urn_open(now),
        modulus=appraisal.modulus,
        electorate=len(appraisal.electorate),
        stamped=len(appraisal.stamped),
        cast=appraisal.cast,
        void=appraisal.void,
        results=appraisal.results,
        public_url=url,
        version=appraisal.version,
    )
