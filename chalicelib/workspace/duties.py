"""What waits for someone in the later sections: one query for a list, one more where a shelf is looked through."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final

from chalicelib.activities import service as activities
from chalicelib.activities.model import Activity
from chalicelib.bulletin import service as bulletin
from chalicelib.bulletin.desk import to_read
from chalicelib.people.roles import DEPUTY, MANAGER, OFFICER, SUPERVISOR, Actor
from chalicelib.performance import service as performance
from chalicelib.settings import settings
from chalicelib.suggestions import lists
from chalicelib.suggestions.model import Suggestion
from chalicelib.supervision import service as supervision
from chalicelib.supervision.desk_wording import CAUSES
from chalicelib.supervision.model import Item
from chalicelib.web.reader import N_
from chalicelib.workspace.tasks import MOST, Group, Task

STILL_ASKED: Final = 3  # the month until which the year before is looked at too
LOOKED_AT: Final = 100  # of a year's shelf, the newest first
Sort = tuple[str, str, Callable[[Suggestion, Actor], bool]]


def of_sections(by: Actor, now: datetime) -> Iterator[Group]:
    """All that waits for this person in suggestions, supervision, performance, activities and the bulletin."""
    if by.body if by.role == OFFICER else (by.deputy or by.role != DEPUTY):  # bound to nobody: there is no list of theirs
        yield from _of_suggestions(by, now)
        yield from _of_supervision(by, now)
        yield from _of_records(by)
        yield from _of_activities(by, now)
    yield from _of_bulletin(by, now)


# By role: what is called how, and which suggestions are such. What is none of these waits for somebody else.
_SUGGESTIONS: Final[Mapping[str, tuple[Sort, ...]]] = {
    DEPUTY: (
        (N_("Asked to sign"), "new", lambda each, by: by.deputy in each.invited),
        (N_("Replied: are you satisfied?"), "new", lambda each, by: each.status == "replied" and each.deputy == by.deputy),
        (N_("Your drafts of suggestions"), "calm", lambda each, by: each.status == "draft" and each.deputy == by.deputy),
    ),
    OFFICER: ((N_("Suggestions to reply to"), "calm", lambda each, by: each.status == "assigned" and each.body == by.body),),
    MANAGER: (
        (N_("Suggestions to screen"), "new", lambda each, _: each.status == "submitted"),
        (N_("Suggestions to give to a body"), "new", lambda each, _: each.status == "accepted"),
        (N_("A body asks for more time"), "new", lambda each, _: each.asked is not None),
    ),
}


def _of_suggestions(by: Actor, now: datetime) -> Iterator[Group]:
    sorts = _SUGGESTIONS.get(by.role, ())
    found = _suggestions(by, now) if sorts else {}
    for name, tone, belongs in sorts:
        yield Group(name, tone, tuple(_task(each, title, now) for each, title in found.values() if belongs(each, by)))


def _suggestions(by: Actor, now: datetime) -> dict[str, tuple[Suggestion, str]]:
    """Whose turn it is stands in one's list, of whatever year; invitations and wishes for time only on the year's shelf, and
    what was asked before New Year still waits in the months after it."""
    found = list(lists.desk(by, lists.Filter(), limit=MOST).items)
    today = now.astimezone(settings.zone)
    years = (today.year, today.year - 1) if today.month <= STILL_ASKED else (today.year,)
    for year in () if by.role == OFFICER else years:
        found += lists.of_year(year, by, lists.Filter(), limit=LOOKED_AT).items
    return {each.id: (each, title) for each, title in found}


def _task(suggestion: Suggestion, title: str, now: datetime) -> Task:
    clock = suggestion.clock
    due = clock.due_at if clock and not clock.closed else None
    return Task(f"work/suggestions/{suggestion.id}", title, due, suggestion.overdue(now))


# By role: which list of items waits for them, and how that is called.
_SUPERVISION: Final[Mapping[str, tuple[str, str, str]]] = {
    DEPUTY: ("verify", N_("Waits for a look on the spot"), "new"),
    OFFICER: ("", N_("To be set right"), "calm"),
    MANAGER: ("opened", N_("Supervision that waits for a notice"), "new"),
    SUPERVISOR: ("opened", N_("Supervision that waits for a notice"), "new"),
}


def _of_supervision(by: Actor, now: datetime) -> Iterator[Group]:
    name, heading, tone = _SUPERVISION[by.role]
    waits = {DEPUTY: "verify", OFFICER: "rectify"}.get(by.role, "notice")
    found = [item for item in supervision.listed(by, name, limit=MOST).items if waits in {m.name for m in item.legal_moves(by)}]
    yield Group(heading, tone, tuple(_item_task(item, now) for item in found))


def _item_task(item: Item, now: datetime) -> Task:
    return Task(f"work/supervision/{item.id}", item.title, item.due_at, item.overdue(now), named=CAUSES[item.cause])


# By role: what a record must still allow to be a task, and how such tasks are called.
_RECORDS: Final[Mapping[str, tuple[str, str, str]]] = {
    DEPUTY: ("submit", N_("Your records to finish or send in"), "calm"),
    MANAGER: ("return", N_("Records to review"), "new"),
    SUPERVISOR: ("uphold", N_("Appeals to decide"), "new"),
}


def _of_records(by: Actor) -> Iterator[Group]:
    if by.role not in _RECORDS:
        return
    needed, heading, tone = _RECORDS[by.role]
    moves = {needed, "uphold"}  # an appeal waits for the manager too, unless it was the manager who returned it
    found = performance.waiting(by=by, limit=MOST).items
    waiting = [(record, line) for record, line in found if moves & {move.name for move in record.legal_moves(by)}]
    yield Group(heading, tone, tuple(Task(f"work/records/{record.id}", line or record.id) for record, line in waiting))


def _of_activities(by: Actor, now: datetime) -> Iterator[Group]:
    """Invitations that one has not answered, and minutes that are still to be written. One query for both."""
    if by.role not in (DEPUTY, MANAGER):
        return
    coming = [(each, {move.name for move in each.legal_moves(by)}) for each in activities.coming(by, limit=MOST).items]
    asks = (each for each, moves in coming if "sign_up" in moves and now < each.sign_up_until)
    yield Group(N_("Invited: will you come?"), "new", tuple(_activity_task(each, each.sign_up_until) for each in asks))
    unwritten = (each for each, moves in coming if "minute" in moves)
    yield Group(N_("Minutes to write"), "calm", tuple(_activity_task(each, None) for each in unwritten))


def _activity_task(activity: Activity, due_at: datetime | None) -> Task:
    return Task(f"work/activities/{activity.id}", activity.title, due_at)


def _of_bulletin(by: Actor, now: datetime) -> Iterator[Group]:
    unread = (seen.notice for seen in bulletin.listed(by, now, limit=MOST).items if to_read(seen))
    tasks = tuple(Task(f"work/bulletin/{notice.id}", notice.title) for notice in unread)
    yield Group(N_("Notices to read"), "new", tasks)
