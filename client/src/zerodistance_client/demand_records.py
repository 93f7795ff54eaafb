"""What the server tells of common demands, as frozen dataclasses; the rules are those of ``records``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zerodistance_client.records import Entry, Move, Record, Summary


@dataclass(frozen=True, kw_only=True)
class DemandSummary(Record):
    """A demand as the list shows it. ``people`` are writers, ``cases`` their messages; ``grids`` says how many came from
    where; ``since`` is the day of the first (ISO); ``lead`` is who took it up, of the ``deputies`` concerned."""

    id: str
    status: str = ""
    name: str = ""
    summary: str = ""
    people: int = 0
    cases: int = 0
    category: str = ""
    body: str = ""
    grids: Mapping[str, int] = field(default_factory=dict)
    deputies: tuple[str, ...] = ()
    lead: str = ""
    since: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Demand(DemandSummary):
    """A demand whole. ``days`` is its curve (ISO date → messages), ``sentences`` are typical of its people, ``members`` are
    its cases; ``promised_until`` is a day (ISO); ``public_url`` is '' while the public may not see it."""

    days: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()
    supporters: tuple[str, ...] = ()
    promised_until: str = ""
    merged_into: str = ""
    open_cases: int = 0
    overdue_cases: int = 0
    next_due_at: datetime | None = None
    members: tuple[Summary, ...] = ()
    timeline: tuple[Entry, ...] = ()
    moves: tuple[Move, ...] = ()
    public_url: str = ""
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class DemandPage(Record):
    """One page of the list, which may hold less than was asked for. ``next`` is the cursor of the page after it, '' on the
    last."""

    items: tuple[DemandSummary, ...] = ()
    next: str = ""
