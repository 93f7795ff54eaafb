"""What API and pages show of a case. These declarations are the contract: OpenAPI is generated from them."""

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.cases.model import Case, Words
from chalicelib.people.roles import Actor
from chalicelib.spine.chain import Entry
from chalicelib.spine.clock import Clock


class Promised(msgspec.Struct, frozen=True):
    """One promise: ``amount`` in minutes of elapsed or working time; ``due_at`` null while paused."""

    step: str
    mode: str
    amount: float
    started_at: datetime
    due_at: datetime | None
    paused: bool
    met_at: datetime | None
    broken_at: datetime | None
    overdue: bool


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a work list. ``demand`` is the common demand that the case belongs to, "" if it belongs to none."""

    id: str
    status: str
    summary: str
    category: str
    body: str
    deputy: str
    grid: str
    urgency: str
    due_step: str | None
    due_at: datetime | None
    overdue: bool
    paused: bool
    received_at: datetime
    updated_at: datetime
    demand: str


class Who(msgspec.Struct, frozen=True):
    role: str
    id: str


class Happening(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry of the timeline: what happened, when, by whom, and what was said."""

    seq: int
    type: str
    at: datetime
    actor: Who
    text: str | None = None
    data: dict[str, Any] = {}


class Said(msgspec.Struct, frozen=True):
    """What the resident wrote, and when."""

    text: str
    at: datetime
    address: str
    position: tuple[float, float] | None


class Possible(msgspec.Struct, frozen=True):
    """A move that is legal now, with what it needs."""

    move: str
    needs: list[str]


class Whole(Summary, frozen=True, kw_only=True):
    """A case in full. ``promises`` leaves out what is no longer owed."""

    words: list[Said]
    promises: list[Promised]
    timeline: list[Happening] | None  # null in the answer to a move: ask for the case to see it
    moves: list[Possible]
    guesses: list[str]
    door: str
    hand_ons: int
    merged_into: str | None
    joined: list[str]
    verdict: str | None
    satisfaction: int | None
    has_contact: bool
    version: int


class Listed(msgspec.Struct, frozen=True):
    items: list[Summary]
    next: str | None


class Checked(msgspec.Struct, frozen=True):
    """What a walk along the journal's chain found."""

    entries: int
    sound: bool
    first_changed: int | None


class Reached(msgspec.Struct, frozen=True):
    """How to reach the resident."""

    name: str
    email: str
    phone: str
    language: str


def promised(clock: Clock, now: datetime) -> Promised:
    """A clock as it is shown."""
    return Promised(
        step=clock.step,
        mode=clock.mode,
        amount=clock.amount.total_seconds() / 60,
        started_at=clock.started_at,
        due_at=clock.due_at,
        paused=clock.paused,
        met_at=clock.met_at,
        broken_at=clock.broken_at,
        overdue=clock.overdue(now),
    )


def _line(case: Case, now: datetime, summary: str) -> dict[str, Any]:
    promise = case.next_promise
    return {
        "id": case.id,
        "status": case.status,
        "summary": summary,
        "category": case.category,
        "body": case.body,
        "deputy": case.deputy,
        "grid": case.grid,
        "urgency": case.urgency,
        "due_step": promise.step if promise else None,
        "due_at": promise.due_at if promise else None,
        "overdue": case.overdue(now),
        "paused": case.status == "waiting",
        "received_at": case.created_at,
        "updated_at": case.updated_at,
        "demand": case.demand,
    }


def line(case: Case, now: datetime, summary: str = "") -> Summary:
    """A case as a line of a list; ``summary`` as the list's index holds it."""
    return Summary(**_line(case, now, summary or case.summary))


def said(words: Words) -> Said:
    """What the resident wrote once."""
    return Said(words.text, words.at, words.address, words.position)


def happening(entry: Entry) -> Happening:
    """A fact as the timeline shows it."""
    data = {name: value for name, value in entry.data.items() if name not in ("text", "digest")}
    who = Who(entry.role, entry.actor)
    return Happening(seq=entry.seq, type=entry.type, at=entry.at, actor=who, text=entry.data.get("text"), data=data)


def whole(case: Case, entries: list[Entry] | None, by: Actor, now: datetime) -> Whole:
    """A case in full, with the moves that this actor may make; without its timeline if no entries were read."""
    return Whole(
        **_line(case, now, case.summary),
        words=[said(words) for words in case.words],
        promises=[promised(clock, now) for clock in case.clocks.values() if not clock.stopped_at],
        timeline=None if entries is None else [happening(entry) for entry in entries],
        moves=[Possible(move.name, sorted(move.needs)) for move in case.legal_moves(by)],
        guesses=list(case.guesses),
        door=case.door,
        hand_ons=case.hand_ons,
        merged_into=case.merged_into or None,
        joined=list(case.joined),
        verdict=case.verdict or None,
        satisfaction=case.satisfaction or None,
        has_contact=case.sealed,
        version=case.version,
    )
