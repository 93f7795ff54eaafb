"""The verbs of common demands. What is done to a demand is one fact of it; doing it to each case follows from that fact.

Deputies' and officers' verbs raise NotFound, NotAllowed (not of their ward or body), IllegalMove, Invalid and Conflict.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.cases import service as cases
from chalicelib.cases.model import Case, require_filled
from chalicelib.demands import counts, model, surge
from chalicelib.demands.model import ALL_DEMANDS, PUBLIC, Demand, Joining, require_concern
from chalicelib.demands.surge import Seen, Surge
from chalicelib.directory import service as directory_service
from chalicelib.errors import Conflict, IllegalMove, Invalid, NotFound
from chalicelib.people import guard
from chalicelib.people.roles import Actor, the_system
from chalicelib.spine import dossiers, journal
from chalicelib.spine.aws import Cancelled, Write, transact
from chalicelib.spine.chain import Entry
from chalicelib.spine.dossier import Step
from chalicelib.telemetry import count

MOST_BY_HAND: Final = 30  # cases that one request may put together or divide: a transaction holds a hundred writes
LONGEST_SENTENCE: Final = 120
FEWEST: Final = 2


@dataclass(frozen=True)
class Page:
    """One page of demands, those of most people first; ``next`` is the cursor of the page after, or None."""

    items: tuple[tuple[Demand, str], ...]
    next: str | None


def found(demand_id: str) -> Demand:
    """A demand, whoever asks. Raises NotFound."""
    return dossiers.load(Demand, demand_id)


def loaded(demand_id: str, by: Actor) -> Demand:
    """A demand, if it concerns this actor. Raises NotFound otherwise: an id tells nothing."""
    demand = found(demand_id)
    if not demand.concerns(by):
        raise NotFound(f"There is no demand {demand_id}")
    return demand


def several(demand_ids: Sequence[str], by: Actor) -> list[Demand]:
    """These demands, of those that concern this actor. One read a hundred."""
    return [demand for demand in dossiers.load_many(Demand, list(demand_ids)) if demand.concerns(by)]


def listed(by: Actor, *, limit: int, cursor: str = "") -> Page:
    """The open demands that concern this actor. One query; a page may hold fewer than ``limit`` and still have a next."""
    rows, last = dossiers.worklist(body=ALL_DEMANDS, limit=limit, cursor=cursor)
    demands = [(dossiers.from_row(Demand, row), row.summary or "") for row in rows]
    return Page(tuple((demand, summary) for demand, summary in demands if demand.concerns(by)), last)


def in_public(*, limit: int, cursor: str = "") -> Page:
    """The open demands that everyone may see, that of most people first. One query; a page may hold fewer than ``limit``."""
    rows, last = dossiers.worklist(body=ALL_DEMANDS, limit=limit, cursor=cursor)
    demands = [(dossiers.from_row(Demand, row), row.summary or "") for row in rows]
    return Page(tuple((demand, summary) for demand, summary in demands if demand.status in PUBLIC), last)


def members(demand: Demand) -> list[Case]:
    """The cases of a demand, whatever became of them, newest first."""
    return sorted(dossiers.load_many(Case, list(dossiers.members(demand.id))), key=lambda case: case.created_at, reverse=True)


def timeline(demand: Demand) -> list[Entry]:
    """Everything that happened to the demand, in order. One query."""
    return journal.entries(demand.id)


# People decide


def move(name: str, demand_id: str, /, *, by: Actor, now: datetime, also: Sequence[Write] = (), **given: Any) -> Demand:
    """A move that only needs what it is given: confirm, rename, dismiss, promise, answer, resolve."""
    require_filled(str(given.get("text") or ""))
    demand = loaded(demand_id, by)
    return dossiers.record(demand.move(name, by=by, at=now, **given), also=also)


def take_up(demand_id: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Demand:
    """One of the deputies concerned leads."""
    return dossiers.record(_concerned(demand_id, by).take_up(by=by, at=now), also=also)


def support(demand_id: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Demand:
    """Another deputy concerned joins in."""
    return dossiers.record(_concerned(demand_id, by).support(by=by, at=now), also=also)


def _concerned(demand_id: str, by: Actor) -> Demand:
    demand = loaded(demand_id, by)
    require_concern(demand, by)
    return demand


def assign(demand_id: str, body: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Demand:
    """To a body, with all of its open cases."""
    if not directory_service.edition(now).body(body):
        raise Invalid("body", f"There is no body '{body}'", "unknown_body")
    step = loaded(demand_id, by).move("assign", by=by, at=now, body=body, reason=reason)
    return dossiers.record(replace(step, after=replace(step.after, body=body)), also=also)


def promise(demand_id: str, text: str, until: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Demand:
    """A date by which it will be done (ISO, ``until``), told to everyone in it."""
    step = loaded(demand_id, by).move("promise", by=by, at=now, text=text, until=until)
    model.require_date(until, model.local_day(now, _zone(now)))
    return dossiers.record(replace(step, after=replace(step.after, promised_until=until)), also=also)


def merge(demand_id: str, into: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Demand:
    """Two demands are one: this one's cases follow to the other; what comes to this pattern later goes there too."""
    demand, target = loaded(demand_id, by), loaded(into, by)
    if demand.id == target.id:
        raise Invalid("into", "A demand can't be merged into itself", "same_demand")
    if target.status not in model.OPEN:
        raise Invalid("into", f"{into} is {target.status}; merge into one that is open", "target_closed")
    step = demand.move("merge", by=by, at=now, into=into, reason=reason)
    return dossiers.record(replace(step, after=replace(step.after, merged_into=into)), also=also)


def new_id() -> str:
    """The id of a demand that people put together."""
    return f"H{secrets.token_hex(6).upper()}"


def create(id: str, name: str, case_ids: Sequence[str], *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Demand:
    """Put cases together by hand, of those that are in no demand yet."""
    chosen = _chosen(case_ids, by)
    if taken := _grouped_already(chosen):
        raise Invalid(
            "cases", f"{', '.join(taken)} is in a demand already; split it off there, or merge the two", "grouped_already"
        )
    step, grouped, counted = _by_hand(id, chosen, name, by, now)
    return _recorded(step, grouped, [*also, *counted])


def _grouped_already(chosen: Sequence[Case]) -> list[str]:
    """Those of the cases that are in a demand which stands: of one that was dismissed its cases are free again."""
    wanted = list({case.demand for case in chosen if case.demand})
    standing = {demand.id for demand in dossiers.load_many(Demand, wanted) if demand.status != "dismissed"} if wanted else set()
    return [case.id for case in chosen if case.demand in standing]


def _by_hand(
    id: str, chosen: Sequence[Case], name: str, by: Actor, now: datetime
) -> "tuple[Step[Demand], list[Step[Case]], list[Write]]":
    joining = [joining_of(case, now) for case in chosen]
    step = model.by_hand(id, joining, name, by=by, at=now)
    grouped = [case.group(step.after.id, by=by, at=now, by_hand=True) for case in chosen]
    return step, grouped, [_counted(step.after.id, case, now) for case in chosen]


def split(
    demand_id: str, id: str, case_ids: Sequence[str], name: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()
) -> Demand:
    """Some of its cases are another matter: they become a demand of their own (``id``), and the two stay apart."""
    demand, chosen = loaded(demand_id, by), _chosen(case_ids, by)
    _must_belong(chosen, demand)
    if len(chosen) >= demand.cases:
        raise Invalid("cases", "These are all of its cases; leave one, or rename the demand", "nothing_left")
    joining = [joining_of(case, now) for case in chosen]
    left = demand.shrunk(joining, demand.move("split", by=by, at=now, cases=[case.id for case in chosen], name=name))
    fresh, grouped, counted = _by_hand(id, chosen, name, by, now)
    return _recorded(fresh, [left, *grouped], [*also, *counted])


def take_out(demand_id: str, case_id: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Demand:
    """A case does not belong here, and is not put back."""
    demand, chosen = loaded(demand_id, by), [cases.found(case_id)]
    _must_belong(chosen, demand)
    step = demand.move("take_out", by=by, at=now, case=case_id, reason=reason)
    left = demand.shrunk([joining_of(chosen[0], now)], step)
    return _recorded(left, [chosen[0].group("", by=by, at=now, reason=reason)], also)


def _recorded(first: "Step[Demand]", others: Sequence["Step[Any]"], also: Sequence[Write]) -> Demand:
    result: Demand = dossiers.record(first, *others, also=also)
    return result


def _chosen(case_ids: Sequence[str], by: Actor) -> list[Case]:
    wanted = list(dict.fromkeys(case_ids))
    if not FEWEST <= len(wanted) <= MOST_BY_HAND:
        raise Invalid("cases", f"Name {FEWEST} to {MOST_BY_HAND} cases; these are {len(wanted)}", "wrong_number")
    by_id = {case.id: case for case in dossiers.load_many(Case, wanted)}
    unknown = [id for id in wanted if id not in by_id or not _may_group(by_id[id], by)]
    if unknown:
        raise Invalid("cases", f"There is no case {', '.join(unknown)}", "unknown_case")
    return [by_id[id] for id in wanted]


def _may_group(case: Case, by: Actor) -> bool:
    return cases.may_see(case, by)


def _must_belong(chosen: Sequence[Case], demand: Demand) -> None:
    strangers = [case.id for case in chosen if case.demand != demand.id]
    if strangers:
        raise Invalid("cases", f"{', '.join(strangers)} is not in this demand", "not_a_member")


# The platform by itself


def joining_of(case: Case, now: datetime) -> Joining:
    """What a demand learns of a case."""
    return Joining(
        case=case.id,
        writer=case.writer or case.id,
        grid=case.grid,
        deputy=case.deputy,
        body=case.body,
        category=case.category,
        day=model.local_day(case.created_at, _zone(now)),
        sentence=case.summary[:LONGEST_SENTENCE],
    )


def _zone(now: datetime) -> ZoneInfo:
    return directory_service.edition(now).calendar_for().zone


def grow(case_id: str, now: datetime) -> Demand | None:
    """A case was put into a demand: the demand counts it, once. The second case of a pattern makes the demand.

    A case whose demand was merged follows; one whose demand was dismissed, or from which people took it out, is let go.
    """
    case = cases.found(case_id)
    with suppress(Cancelled):  # counted before
        return _grown(case, now) if case.demand else None
    return found(case.demand)


def catch_up(case_id: str, demand: Demand | None, since: datetime, now: datetime) -> None:
    """Do to a case, which belongs to a demand since then, the last of what was done to the demand after.

    The list of a demand's cases is an index that lags a moment behind: an answer given just then misses the case that has just
    come. Does nothing if the order found it. Two reads and a transaction; none where nothing was done meanwhile.
    """
    if demand and demand.spread_at and demand.spread_at >= since:
        carry_out(case_id, demand.id, demand.spread_seq, now)


def _counted(demand_id: str, case: Case, now: datetime, again: int = 0) -> Write:
    """That this case is counted in this demand: holds once, and once more for each time that people bring it back."""
    return guard.once(f"grew#{demand_id}#{case.id}#{again}", now)


def _grown(case: Case, now: datetime) -> Demand | None:
    by = the_system("group")
    try:
        demand = found(case.demand)
    except NotFound:
        return _begun(case, now)
    back = _brought_back(case) if case.id in demand.apart else 0
    if demand.merged_into or demand.status == "dismissed" or back is None:
        why = "taken_out" if back is None else demand.status
        dossiers.record(case.group(demand.merged_into, by=by, at=now, because=[why]))
        return demand
    step = demand.grown([joining_of(case, now)], now, by)
    remind = step.after.due_reminder
    after = replace(step.after, reminded_at_people=step.after.people) if remind else step.after
    also = [_counted(demand.id, case, now, back)]
    return dossiers.record(replace(step, after=after, data={**step.data, "remind": remind}), also=also)


def _brought_back(case: Case) -> int | None:
    """The number of the fact by which people brought a case back that they had taken out, by merging the demand that it went
    to; None if it was the platform that put it there."""
    put = next(entry for entry in reversed(cases.timeline(case)) if entry.type == "grouped")
    return put.seq if "merged" in put.data.get("because", ()) else None


def _begun(case: Case, now: datetime) -> Demand | None:
    """The demand of a pattern that was seen for the second time, with the case that was first.

    Where that one has gone to another demand meanwhile, the case follows it there; nobody makes a pattern alone.
    """
    by, seed = the_system("group"), cases.found(model.seed_of(case.demand))
    if seed.id == case.id or seed.demand not in ("", case.demand):
        to = seed.demand if seed.id != case.id else ""
        dossiers.record(case.group(to, by=by, at=now, because=["seed"]))
        return None
    joining = [joining_of(each, now) for each in (seed, case)]
    step = model.proposed(seed.id, joining, by=by, at=now, because=[])
    count("DemandsProposed")
    grouped = [seed.group(step.after.id, by=by, at=now, because=["seed"])] if not seed.demand else []
    return _recorded(step, grouped, [_counted(step.after.id, each, now) for each in (seed, case)])


def reopened(case_id: str, seq: int, now: datetime) -> None:
    """A case of a demand was reopened by its fact ``seq``: the demand says so once, and is open again if it was answered."""
    case = cases.found(case_id)
    demand = found(case.demand) if case.demand else None
    if demand is None:
        return
    try:
        step = demand.move("reopen", by=the_system("group"), at=now, case=case_id)
    except IllegalMove:
        step = Step(demand, demand, "case_reopened", the_system("group"), now, {"case": case_id})
    with suppress(Cancelled):  # said before
        dossiers.record(step, also=[guard.once(f"reopened#{case_id}#{seq}", now)])


def document(demand_id: str, data: Mapping[str, Any], *, now: datetime) -> Demand:
    """A document came of a demand: ``data`` names the suggestion, its fact (``of``) and the document. Put on record once; one
    that was merged hands it on to the other."""
    return dossiers.insist(lambda: _documented(demand_id, data, now))


def _documented(demand_id: str, data: Mapping[str, Any], now: datetime) -> Demand:
    demand, which = found(demand_id), f"{data['suggestion']}#{data['of']}"
    while demand.merged_into:
        demand = found(demand.merged_into)
    if which in demand.documents:
        return demand
    after = replace(demand, documents=(*demand.documents, which))
    return dossiers.record(Step(demand, after, "documented", the_system("suggestions"), now, data))


def orders(demand_id: str, seq: int) -> list[tuple[str, int]]:
    """The cases to which the demand's fact ``seq`` is to be done: each with that number."""
    return [(case_id, seq) for case_id in dossiers.members(demand_id)]


def carry_out(case_id: str, demand_id: str, seq: int, now: datetime) -> None:
    """Do to one case what was done to its demand; nothing if that was done before or the case has left."""
    case, entry = cases.found(case_id), journal.entry(demand_id, seq)
    if entry is None or case.demand != demand_id:
        return
    if entry.type in _LEAVES:
        cases.group(case, str(entry.data.get("into", "")), by=the_system("group"), now=now, because=[entry.type])
        return
    move, given = _ORDERS[entry.type](entry)
    if case.status == "received" and move != "assign":
        case = _routed(case, found(demand_id), now)
    try:
        cases.spread(case, seq, by=_actor(entry), now=now, move=move, **given)
    except IllegalMove:
        _not_reached(case, demand_id, seq, now)


def _routed(case: Case, demand: Demand, now: datetime) -> Case:
    """A case that nobody was found for goes where its demand is, as a fact of its own: else no answer for all reaches it."""
    return cases.route_with(case, demand.body, demand.category_mostly, now=now) if demand.body else case


def _not_reached(case: Case, demand_id: str, seq: int, now: datetime) -> None:
    """What was done for all can't be done to this open case: the demand says so once, and people see to it."""
    demand = found(demand_id)
    step = Step(demand, demand, "not_reached", the_system("demand"), now, {"case": case.id, "fact": seq})
    with suppress(Cancelled):  # said before
        dossiers.record(step, also=[guard.once(f"not_reached#{case.id}#{demand_id}#{seq}", now)])


def _actor(entry: Entry) -> Actor:
    return Actor(entry.role, entry.actor)


_ORDERS: Final[Mapping[str, Callable[[Entry], tuple[str, dict[str, Any]]]]] = {
    "assigned": lambda entry: ("assign", {"body": entry.data["body"], "reason": entry.data["reason"]}),
    "promised": lambda entry: (
        "note",
        {"text": f"{entry.data['text']}（{entry.data['until']}）", "public": True, "until": entry.data["until"]},
    ),
    "answered": lambda entry: ("answer", {"text": entry.data["text"]}),
    "resolved": lambda entry: ("answer", {"text": entry.data["text"]}),
}
_LEAVES: Final = frozenset({"merged", "dismissed"})  # its cases follow to the other demand, or are free again
CARRIED_OUT: Final = frozenset({*_ORDERS, *_LEAVES})


def watch(case_id: str, now: datetime) -> Surge | None:
    """Count one more person for the case's category and grid, once in three days, and warn if that is a surge.

    One read, one transaction and one query; a warning costs a read and a transaction more.
    """
    return watch_case(cases.found(case_id), now)


def watch_case(case: Case, now: datetime) -> Surge | None:
    """The same for a case that has just been read."""
    if not case.category or not case.grid:
        return None
    scope, period = counts.scope_of(case.category, case.grid), surge.period_of(case.created_at)
    once = guard.once(f"{scope}#{case.writer or case.id}", case.created_at, kept=int(surge.SPAN.total_seconds()))
    _count_person(scope, period, once)
    known = counts.recent(scope, period)
    seen = surge.seen(known, period)
    return _warned(case, seen, now) if seen.surges else None


def _count_person(scope: str, period: int, once: Write) -> None:
    """Raises Conflict where others are being counted at this very moment: a surge is when that happens."""
    try:
        transact([once, counts.one_more(scope, period)])
    except Cancelled as refused:
        if refused.contended:
            raise Conflict("Others are being counted at this moment; do it once more") from refused


def _warned(case: Case, seen: Seen, now: datetime) -> Surge | None:
    fresh = surge.surge_of(case.category, case.grid, case.body, now)
    with suppress(NotFound):
        fresh = replace(dossiers.load(Surge, fresh.id), body=case.body)
    step = fresh.warn(seen, by=the_system("group"), at=now)
    if step is None:
        return None
    count("Surges")
    return dossiers.record(step)


def surge_found(surge_id: str) -> Surge:
    """The warnings of a category and grid. Raises NotFound."""
    return dossiers.load(Surge, surge_id)
