"""What API and pages show of a common demand. The contract: OpenAPI is generated from it."""

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.cases.model import Case
from chalicelib.cases.shapes import Happening, Possible, Summary, happening, line
from chalicelib.demands.model import Demand
from chalicelib.people.roles import Actor
from chalicelib.spine.chain import Entry


class DemandSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list of demands. ``people`` are writers, ``cases`` their messages."""

    id: str
    status: str
    name: str
    summary: str
    people: int
    cases: int
    category: str
    body: str
    grids: dict[str, int]
    deputies: list[str]
    lead: str
    since: str | None
    updated_at: datetime


class DemandWhole(DemandSummary, frozen=True, kw_only=True):
    """A demand in full: the curve (day → messages), what its people write, its cases and the promises that run on them."""

    days: dict[str, int]
    categories: dict[str, int]
    sentences: list[str]
    supporters: list[str]
    promised_until: str | None
    merged_into: str | None
    open_cases: int
    overdue_cases: int
    next_due_at: datetime | None
    members: list[Summary]
    timeline: list[Happening]
    moves: list[Possible]
    public_url: str | None
    version: int


class DemandsListed(msgspec.Struct, frozen=True):
    items: list[DemandSummary]
    next: str | None


def _line(demand: Demand, summary: str) -> dict[str, Any]:
    return {
        "id": demand.id,
        "status": demand.status,
        "name": demand.name,
        "summary": summary,
        "people": demand.people,
        "cases": demand.cases,
        "category": demand.category_mostly,
        "body": demand.body,
        "grids": demand.grids,
        "deputies": list(demand.deputies),
        "lead": demand.deputy,
        "since": min(demand.days, default=None),
        "updated_at": demand.updated_at,
    }


def demand_line(demand: Demand, summary: str) -> DemandSummary:
    """A demand as a line of a list; ``summary`` as the list's index holds it."""
    return DemandSummary(**_line(demand, summary))


def demand_whole(
    demand: Demand, members: list[Case], entries: list[Entry], by: Actor, now: datetime, public_url: str | None
) -> DemandWhole:
    """A demand in full, with the moves that this actor may make."""
    dues = [case.next_promise.due_at for case in members if case.next_promise and case.next_promise.due_at]
    return DemandWhole(
        **_line(demand, demand.summary),
        days=demand.days,
        categories=demand.categories,
        sentences=list(demand.sentences),
        supporters=list(demand.supporters),
        promised_until=demand.promised_until or None,
        merged_into=demand.merged_into or None,
        open_cases=sum(case.is_open for case in members),
        overdue_cases=sum(case.overdue(now) for case in members),
        next_due_at=min(dues, default=None),
        members=[line(case, now) for case in members],
        timeline=[happening(entry) for entry in entries],
        moves=[Possible(move.name, sorted(move.needs)) for move in demand.legal_moves(by)],
        public_url=public_url,
        version=demand.version,
    )
