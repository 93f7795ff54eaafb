"""What API and pages show of a suggestion. The contract: OpenAPI is generated from it."""

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.cases.shapes import Happening, Possible, Promised, happening, promised
from chalicelib.files.service import link
from chalicelib.people.roles import Actor
from chalicelib.spine.chain import Entry
from chalicelib.suggestions.evidence import Evidence
from chalicelib.suggestions.lists import Page
from chalicelib.suggestions.model import Document, Suggestion


class SuggestionSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a list. ``number`` is 0 until it is accepted, ``reply_class`` "" until there is a reply; ``body`` answers
    it, ``joint`` with it."""

    id: str
    status: str
    year: int
    number: int
    title: str
    category: str
    lead: str
    cosigners: list[str]
    body: str
    joint: list[str]
    hard: bool
    round: int
    reply_class: str
    attitude: str
    result: str
    due_at: datetime | None
    overdue: bool
    created_at: datetime
    updated_at: datetime


class SuggestionEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """A common demand as it stood at a moment: ``version`` and ``head`` name the place in its journal, ``digest`` is that of
    the figures as the suggestion's own journal keeps it; ``sentences`` are for those whom the suggestion concerns."""

    demand: str
    name: str
    people: int
    cases: int
    since: str | None
    at: datetime
    grids: dict[str, int]
    categories: dict[str, int]
    days: dict[str, int]
    sentences: list[str]
    version: int
    head: str
    digest: str


class Outcome(msgspec.Struct, frozen=True):
    """A document that came of it; ``date`` is a day (ISO), ``file_url`` leads to the file for five minutes, "" for none."""

    title: str
    number: str
    date: str
    url: str
    file_name: str
    file_url: str


class ExtensionAsked(msgspec.Struct, frozen=True):
    """The day (ISO) until whose end the body asks for time, and why."""

    until: str
    reason: str


class SuggestionWhole(SuggestionSummary, frozen=True, kw_only=True):
    """A suggestion in full. ``asked`` is the extension that waits for the manager's word."""

    text: str
    demands: list[str]
    evidence: list[SuggestionEvidence]
    invited: list[str]
    declined: list[str]
    promise: Promised | None
    asked: ExtensionAsked | None
    documents: list[Outcome]
    merged_into: str | None
    timeline: list[Happening] | None  # null in the answer to a move: ask for the suggestion to see it
    moves: list[Possible]
    public_url: str | None
    version: int


class SuggestionsListed(msgspec.Struct, frozen=True):
    items: list[SuggestionSummary]
    next: str | None


def _line(suggestion: Suggestion, now: datetime, title: str) -> dict[str, Any]:
    clock = suggestion.clock
    return {
        "id": suggestion.id,
        "status": suggestion.status,
        "year": suggestion.year,
        "number": suggestion.number,
        "title": title,
        "category": suggestion.category,
        "lead": suggestion.deputy,
        "cosigners": list(suggestion.cosigners),
        "body": suggestion.body,
        "joint": list(suggestion.joint),
        "hard": suggestion.hard,
        "round": suggestion.round,
        "reply_class": suggestion.reply_class,
        "attitude": suggestion.attitude,
        "result": suggestion.result,
        "due_at": clock.due_at if clock and not clock.closed else None,
        "overdue": suggestion.overdue(now),
        "created_at": suggestion.created_at,
        "updated_at": suggestion.updated_at,
    }


def listed(page: Page, now: datetime) -> SuggestionsListed:
    """A page of a list."""
    return SuggestionsListed([SuggestionSummary(**_line(each, now, title)) for each, title in page.items], page.next)


def _evidence(each: Evidence, shown: bool) -> SuggestionEvidence:
    return SuggestionEvidence(
        demand=each.demand,
        name=each.name,
        people=each.people,
        cases=each.cases,
        since=each.since or None,
        at=each.at,
        grids=each.grids,
        categories=each.categories,
        days=each.days,
        sentences=list(each.sentences) if shown else [],
        version=each.version,
        head=each.head,
        digest=each.digest,
    )


def outcome(document: Document) -> Outcome:
    """A document, with a link to its file."""
    name, url = (document.file.name, link(document.file)) if document.file else ("", "")
    return Outcome(document.title, document.number, document.date, document.url, name, url)


def whole(
    suggestion: Suggestion, entries: list[Entry] | None, by: Actor, now: datetime, public_url: str | None
) -> SuggestionWhole:
    """A suggestion in full, with the moves that this actor may make; without its timeline if no entries were read."""
    asked = suggestion.asked
    return SuggestionWhole(
        **_line(suggestion, now, suggestion.title),
        text=suggestion.text,
        demands=list(suggestion.demands),
        evidence=[_evidence(each, suggestion.concerns(by)) for each in suggestion.evidence],
        invited=list(suggestion.invited),
        declined=list(suggestion.declined),
        promise=promised(suggestion.clock, now) if suggestion.clock else None,
        asked=ExtensionAsked(asked.until, asked.reason) if asked else None,
        documents=[outcome(each) for each in suggestion.documents],
        merged_into=suggestion.merged_into or None,
        timeline=None if entries is None else [happening(entry) for entry in entries],
        moves=[Possible(move.name, sorted(move.needs)) for move in suggestion.legal_moves(by)],
        public_url=public_url,
        version=suggestion.version,
    )
