"""Is this one of many? Each routed case is compared with what was met before, and may be put into a common demand.

It costs one read of the case, one batch read and one batch write of the index, and one transaction, however many cases there
are. The index speaks of groups by labels: the id of the case that was first, or the id of a demand that people put together.
The platform only proposes; what people decide is told to the index, so the same wrong proposal does not return.
"""

from contextlib import suppress
from datetime import datetime
from typing import Final

from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.demands import service
from chalicelib.demands.grouping import Proposal, decide
from chalicelib.demands.index import Index, Place, Table
from chalicelib.demands.model import Demand, demand_of, seed_of
from chalicelib.demands.similarity import read
from chalicelib.directory import service as directory_service
from chalicelib.errors import NotFound
from chalicelib.people import guard
from chalicelib.people.form import CASE_ID
from chalicelib.people.roles import the_system
from chalicelib.spine import dossiers
from chalicelib.spine.aws import Cancelled
from chalicelib.spine.chain import Entry
from chalicelib.spine.dossier import Step
from chalicelib.telemetry import count

MADE_BY_HAND: Final = "H"

_index = Index(Table())


def forget() -> None:
    """Begin with an index that remembers nothing: a test puts other tables beneath."""
    global _index
    _index = Index(Table())


def compare(case_id: str, now: datetime) -> Case:
    """Compare a case with those before it; puts it into the demand that it belongs to, if there is one. Returns the
    case as it was read.

    A case that came into a demand by its writer's own word ("I have this too") is counted there.
    """
    case = cases.found(case_id)
    if case.status == "withdrawn":
        return case
    if case.demand or not case.words:
        service.catch_up(case_id, service.grow(case_id, now), case.created_at, now)
        return case
    proposal = _proposed(case, now)
    if proposal.group:
        cases.group(
            case, _demand(proposal.group), by=the_system("group"), now=now,
            because=list(proposal.because), score=proposal.score, nearest=proposal.nearest,
        )  # fmt: skip
        count("Grouped")
    for other in proposal.joins:
        _are_one(proposal.group, other, now)
    return case


def _proposed(case: Case, now: datetime) -> Proposal:
    """Where a case belongs, by the index; it is found there from now on."""
    text = case.words[0].text
    told = [grid.id for grid in directory_service.edition(now).grids_in(text)]
    weights = _index.weights(now)
    reading = read("", text, weights, told)
    proposal = decide(reading, _index.candidates(case.id, reading, now), weights, case.created_at, case=case.id)
    _index.record(Place(case.id, proposal.group or case.id, case.created_at), reading, now)
    return proposal


def _demand(label: str) -> str:
    return demand_of(label) if len(label) == CASE_ID else label


def _label(demand: str) -> str:
    return demand if demand.startswith(MADE_BY_HAND) else seed_of(demand)


def _are_one(group: str, other: str, now: datetime) -> None:
    """A message says that two groups are one: what is only a proposal follows; of what people confirmed they are told."""
    try:
        demand = service.found(_demand(other))
    except NotFound:
        _follow(other, group, now)
        return
    if demand.id == _demand(group) or demand.status not in ("proposed", "confirmed", "taken_up", "reopened"):
        return
    once = guard.once(f"alike#{demand.id}#{_demand(group)}", now)
    with suppress(Cancelled):  # said before
        dossiers.record(_said(demand, _demand(group), now), also=[once])


def _said(demand: Demand, same: str, now: datetime) -> "Step[Demand]":
    if demand.status == "proposed" and demand.id > same:  # one way only: two that absorb each other would make a circle
        return demand.absorbed(same, by=the_system("group"), at=now)
    return Step(demand, demand, "alike", the_system("group"), now, {"demand": same})


def _follow(lone: str, group: str, now: datetime) -> None:
    """A case that was a group of its own joins the other."""
    with suppress(NotFound):
        case = cases.found(lone)
        if not case.demand:
            cases.group(case, _demand(group), by=the_system("group"), now=now, because=["same"])
            _index.move([lone], group, now)


def withdrawn(case_id: str) -> None:
    """Whoever takes a message back takes back what the index kept of its words: nothing is compared with it any more.

    Its demand goes on to count it: that somebody wrote is a fact, and nobody's words. When contact details are erased at the
    end of their time the index is left as it is: it holds none (long numbers and mail addresses are not read, words and places
    are hashes), and forgets by itself after ``index.KEPT``.
    """
    _index.forget([case_id])


def remember(case_id: str, entry: Entry, now: datetime) -> None:
    """People put a case into a demand or took it out: the index is told, and does not say otherwise again."""
    left = str(entry.data.get("was") or "") if entry.type == "grouped" else str(entry.data["demand"])
    label = _label(str(entry.data["demand"])) if entry.type == "grouped" else case_id
    _index.move([case_id], label, now, frozenset({_label(left)} if left else ()))
