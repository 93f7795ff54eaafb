"""What the server tells of activities and bookings, as frozen dataclasses; the rules are those of ``records``."""

from dataclasses import dataclass
from datetime import datetime

from zerodistance_client.records import Entry, Move, Record


@dataclass(frozen=True, kw_only=True)
class ActivitySummary(Record):
    """An activity as a list shows it. ``kind`` is reception, inspection, meeting or training; ``capacity`` 0 is no limit;
    ``slots`` are a reception day's talks, ``booked`` those that are taken; ``you`` is signed_up, waiting, attended or ''."""

    id: str
    kind: str = ""
    status: str = ""
    title: str = ""
    where: str = ""
    station: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    sign_up_until: datetime | None = None
    capacity: int = 0
    signed_up: int = 0
    waiting: int = 0
    slots: int = 0
    booked: int = 0
    you: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ActivityFile(Record):
    """A file of the minutes: ``size`` in bytes, ``url`` is good for five minutes."""

    id: str
    name: str = ""
    type: str = ""
    size: int = 0
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Activity(ActivitySummary):
    """An activity whole. ``invited`` names deputies, none named means all; ``coming`` have signed up, ``queue`` wait for a
    place in this order; ``public_url`` is where residents book, '' if they can't."""

    caller: str = ""
    deputies: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()
    coming: tuple[str, ...] = ()
    queue: tuple[str, ...] = ()
    attended: tuple[str, ...] = ()
    guests: int = 0
    cases: tuple[str, ...] = ()
    minutes: str = ""
    decisions: tuple[str, ...] = ()
    files: tuple[ActivityFile, ...] = ()
    cancelled_because: str = ""
    public_url: str = ""
    timeline: tuple[Entry, ...] = ()
    moves: tuple[Move, ...] = ()
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class ActivityPage(Record):
    """One page of a list, which may hold less than was asked for. ``next`` is the cursor of the page after it, or ''."""

    items: tuple[ActivitySummary, ...] = ()
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class Booking(Record):
    """A talk that a resident booked. ``subject`` is '' if nothing was written, and once it was erased."""

    id: str
    slot: str = ""
    status: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    subject: str = ""
    has_contact: bool = False
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Bookings(Record):
    """The booked talks of a day, in their order."""

    items: tuple[Booking, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Display(Record):
    """The page that shows the code for attendance. Whoever has its address can show it."""

    url: str = ""
