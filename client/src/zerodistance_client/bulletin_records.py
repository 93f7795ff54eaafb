"""What the server tells of notices and of the learning library, as frozen dataclasses; the rules are those of ``records``."""

from dataclasses import dataclass
from datetime import datetime

from zerodistance_client.records import Move, Record


@dataclass(frozen=True, kw_only=True)
class Attachment(Record):
    """A file. ``url`` is good for five minutes: ask for the notice or item again. ``size`` in bytes."""

    id: str
    name: str = ""
    type: str = ""
    size: int = 0
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class NoticeSummary(Record):
    """A notice as the list shows it. ``mine``: it was addressed to you; ``read_at``: when you acknowledged it."""

    id: str
    status: str = ""
    title: str = ""
    groups: tuple[str, ...] = ()
    public: bool = False
    published_at: datetime | None = None
    mine: bool = False
    read_at: datetime | None = None
    reads: int = 0


@dataclass(frozen=True, kw_only=True)
class Notice(NoticeSummary):
    """A notice whole. ``remind_at``: when those who did not read it are reminded; None if they were, or won't be."""

    text: str = ""
    files: tuple[Attachment, ...] = ()
    remind_at: datetime | None = None
    reason: str = ""
    public_url: str = ""
    moves: tuple[Move, ...] = ()
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class NoticePage(Record):
    """One page of notices, which may hold less than was asked for. ``next`` is the cursor of the page after it."""

    items: tuple[NoticeSummary, ...] = ()
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class Reader(Record):
    """Someone a notice was addressed to; ``at`` is None for who did not read it."""

    username: str
    name: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Readers(Record):
    """Who of those addressed read a notice, and who did not."""

    read: tuple[Reader, ...] = ()
    unread: tuple[Reader, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ItemSummary(Record):
    """An item of the library as the list shows it. ``opened_at`` and ``completed_at`` are your own; ``learned`` counts the
    deputies who completed it."""

    id: str
    status: str = ""
    form: str = ""
    topic: str = ""
    title: str = ""
    added_at: datetime | None = None
    learned: int = 0
    opened_at: datetime | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class LibraryItem(ItemSummary):
    """An item whole: its ``text``, or where its link leads (``url``)."""

    text: str = ""
    url: str = ""
    files: tuple[Attachment, ...] = ()
    reason: str = ""
    moves: tuple[Move, ...] = ()
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class ItemPage(Record):
    """One page of the library. ``next`` is the cursor of the page after it, '' on the last."""

    items: tuple[ItemSummary, ...] = ()
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class Learned(Record):
    """How far a deputy is with one item."""

    item: str
    opened_at: datetime | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Progress(Record):
    """All that a deputy opened or completed."""

    deputy: str
    items: tuple[Learned, ...] = ()
