"""What the server tells of supervision and appraisals, as frozen dataclasses; the rules are those of ``records``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zerodistance_client.records import Clock, Entry, Move, Record


@dataclass(frozen=True, kw_only=True)
class KeptFile(Record):
    """A file that belongs to something; ``url`` is good for some minutes."""

    id: str
    name: str = ""
    type: str = ""
    size: int = 0
    sha256: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Evidence(Record):
    """What a body says that it did. ``round`` counts the failures before."""

    text: str = ""
    by: str = ""
    at: datetime | None = None
    files: tuple[KeptFile, ...] = ()
    round: int = 0


@dataclass(frozen=True, kw_only=True)
class Visit(Record):
    """What a deputy saw on the spot, and where that was (degrees, WGS 84)."""

    deputy: str = ""
    passes: bool = False
    text: str = ""
    at: datetime | None = None
    lat: float = 0.0
    lon: float = 0.0
    files: tuple[KeptFile, ...] = ()
    round: int = 0


@dataclass(frozen=True, kw_only=True)
class SupervisionSummary(Record):
    """An item as a list shows it. ``cause`` is by_hand, breach, dissatisfied or breaches, ``of`` what it came of; ``due_at`` is
    None unless it is the body's turn; ``failures`` counts the looks that did not pass."""

    id: str
    status: str = ""
    cause: str = ""
    of: str = ""
    step: str = ""
    title: str = ""
    body: str = ""
    category: str = ""
    failures: int = 0
    due_at: datetime | None = None
    overdue: bool = False
    opened_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Supervision(SupervisionSummary):
    """An item whole; ``timeline`` is empty in the answer to a move."""

    text: str = ""
    grid: str = ""
    deputy: str = ""
    promises: tuple[Clock, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    visits: tuple[Visit, ...] = ()
    timeline: tuple[Entry, ...] = ()
    moves: tuple[Move, ...] = ()
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class SupervisionPage(Record):
    """One page of a list. ``next`` is the cursor of the page after it, '' on the last."""

    items: tuple[SupervisionSummary, ...] = ()
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class Appraisal(Record):
    """An appraisal of bodies. Envelopes are stamped from ``opens_at`` to ``seals_at``, ballots are cast from then to
    ``closes_at``. ``modulus`` is the key that checks stamps, the same for all; ``results`` is body → criterion → grade →
    ballots, once it is published."""

    id: str
    status: str = ""
    title: str = ""
    year: int = 0
    bodies: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    opens_at: datetime | None = None
    seals_at: datetime | None = None
    closes_at: datetime | None = None
    stamps: bool = False
    urn_open: bool = False
    modulus: str = ""
    electorate: int = 0
    stamped: int = 0
    cast: int = 0
    void: int = 0
    results: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    public_url: str = ""
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class AppraisalPage(Record):
    """One page of appraisals, newest first."""

    items: tuple[Appraisal, ...] = ()
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class Stamp(Record):
    """The stamp on an envelope, as hex."""

    stamp: str


@dataclass(frozen=True, kw_only=True)
class StampKnown(Record):
    """Whether you had an envelope stamped (None: you have no vote), and once stamping is over, who had."""

    stamped: bool | None = None
    deputies: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Receipt(Record):
    """The number under which a ballot lies in the urn."""

    receipt: str


@dataclass(frozen=True, kw_only=True)
class Receipts(Record):
    """The numbers of all ballots that were counted."""

    receipts: tuple[str, ...] = ()
