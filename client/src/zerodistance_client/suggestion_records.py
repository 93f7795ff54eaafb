"""What the server tells of deputies' suggestions, as frozen dataclasses; the rules are those of ``records``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zerodistance_client.records import Clock, Entry, Move, Record


@dataclass(frozen=True, kw_only=True)
class SuggestionSummary(Record):
    """A suggestion as a list shows it. ``number`` is 0 until it is accepted; ``lead`` is the deputy who leads it; ``body``
    answers it, ``joint`` with it; ``reply_class`` is '' until there is a reply; ``due_at`` is None when none is owed."""

    id: str
    status: str = ""
    year: int = 0
    number: int = 0
    title: str = ""
    category: str = ""
    lead: str = ""
    cosigners: tuple[str, ...] = ()
    body: str = ""
    joint: tuple[str, ...] = ()
    hard: bool = False
    round: int = 0
    reply_class: str = ""
    attitude: str = ""
    result: str = ""
    due_at: datetime | None = None
    overdue: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Evidence(Record):
    """A common demand as it stood ``at`` a moment; ``days`` is its curve (ISO date → messages), ``version`` and ``head`` the
    place in its journal, ``digest`` what the suggestion's journal keeps of the figures."""

    demand: str
    name: str = ""
    people: int = 0
    cases: int = 0
    since: str = ""
    at: datetime | None = None
    grids: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()
    version: int = 0
    head: str = ""
    digest: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome(Record):
    """A document that came of a suggestion; ``date`` is a day (ISO), ``file_url`` leads to the file for five minutes."""

    title: str = ""
    number: str = ""
    date: str = ""
    url: str = ""
    file_name: str = ""
    file_url: str = ""


@dataclass(frozen=True, kw_only=True)
class ExtensionAsked(Record):
    """The day (ISO) until whose end the body asks for time, and why."""

    until: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Suggestion(SuggestionSummary):
    """A suggestion whole. ``asked`` is an extension that waits for the manager's word; the ``timeline`` is there only where the
    suggestion was asked for, not in the answer to a move; ``public_url`` is '' while the public may not see it."""

    text: str = ""
    demands: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    invited: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    promise: Clock | None = None
    asked: ExtensionAsked | None = None
    documents: tuple[Outcome, ...] = ()
    merged_into: str = ""
    timeline: tuple[Entry, ...] = ()
    moves: tuple[Move, ...] = ()
    public_url: str = ""
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class SuggestionPage(Record):
    """One page of a list, which may hold less than was asked for. ``next`` is the cursor of the page after it, '' on the
    last."""

    items: tuple[SuggestionSummary, ...] = ()
    next: str = ""
