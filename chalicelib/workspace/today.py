"""What must be done now: everything that waits for someone, in the order in which it is due."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.demands import service as demands
from chalicelib.errors import NotAllowed
from chalicelib.people.roles import DEPUTY, MANAGER, Actor
from chalicelib.web.reader import N_
from chalicelib.workspace import duties
from chalicelib.workspace.tasks import MOST, Group, Task

SOON: Final = timedelta(hours=24)
NOT_TAKEN_UP: Final = ("received", "routed", "reopened")


def groups(by: Actor, now: datetime) -> list[Group]:
    """All that waits for this person, the most pressing first; a group without a task is left out."""
    found = [*_of_cases(by, now), *_of_demands(by), *duties.of_sections(by, now)]
    return [group for group in found if group.tasks]


# The groups of cases: which belong to it, in this order; each case stands in the first that takes it.
_SORTS: Final[tuple[tuple[str, str, Callable[[Case, datetime], bool]], ...]] = (
    (N_("Overdue"), "late", lambda case, now: case.overdue(now)),
    (N_("Due within a day"), "soon", lambda case, now: _due_soon(case, now)),
    (N_("New"), "new", lambda case, _: case.status in NOT_TAKEN_UP),
    (N_("In hand"), "calm", lambda case, _: case.status != "waiting"),
    (N_("Waiting for the resident"), "calm", lambda _case, _now: True),
)


def _due_soon(case: Case, now: datetime) -> bool:
    promise = case.next_promise
    return bool(promise and promise.due_at and promise.due_at <= now + SOON)


def _of_cases(by: Actor, now: datetime) -> Iterator[Group]:
    try:
        listed = cases.worklist(by, limit=MOST).items
    except NotAllowed:  # bound to no deputy and no body: there is no list of theirs
        return
    if by.role == MANAGER:
        yield Group(N_("Nobody is responsible yet"), "new", tuple(_case_task(*each, now) for each in listed))
        return
    rest = list(listed)
    for name, tone, belongs in _SORTS:
        taken = [each for each in rest if belongs(each[0], now)]
        rest = [each for each in rest if not belongs(each[0], now)]
        yield Group(name, tone, tuple(_case_task(*each, now) for each in taken))


def _case_task(case: Case, summary: str, now: datetime) -> Task:
    promise = case.next_promise
    return Task(f"work/cases/{case.id}", summary, promise.due_at if promise else None, case.overdue(now), case.urgency)


def _of_demands(by: Actor) -> Iterator[Group]:
    if by.role not in (DEPUTY, MANAGER):
        return
    listed = demands.listed(by, limit=MOST).items
    proposed = [(demand, summary) for demand, summary in listed if demand.status == "proposed"]
    yield Group(
        N_("Perhaps one matter of many: please look"),
        "new",
        tuple(Task(f"work/demands/{demand.id}", summary, tag=f"{demand.people}") for demand, summary in proposed),
    )
