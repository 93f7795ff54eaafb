"""Activities in the browser: what is to come, one in full with what can be done about it, and being there by the code."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from chalice.app import Blueprint

from chalicelib.activities import bookings, codes, service
from chalicelib.activities.desk_wording import BOOKINGS, DONE, FORMS, KINDS, SAID, STATUS
from chalicelib.activities.model import BEFORE, Activity
from chalicelib.directory import service as directory_service
from chalicelib.errors import Invalid
from chalicelib.files import service as files
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.people.roles import Actor
from chalicelib.settings import settings
from chalicelib.web.asked import page_limit
from chalicelib.web.desk import desk, page
from chalicelib.web.door import Answer, Request
from chalicelib.web.frame import moved
from chalicelib.web.moves import Fault, asked, fault_of

routes = Blueprint(__name__)

Act = Callable[..., object]
Given = Mapping[str, Any]


@desk(routes, "GET /work/activities")
def activity_list(request: Request) -> Answer:
    """What is to come and concerns one; or, with ``past``, all of this year, the latest first."""
    limit, cursor, past = page_limit(request), request.query.get("cursor", ""), "past" in request.query
    year = request.now.astimezone(settings.zone).year
    found = (
        service.of_year(year, request.actor, limit=limit, cursor=cursor)
        if past
        else service.coming(request.actor, limit=limit, cursor=cursor)
    )
    return page(
        request, "work_activities.html",
        items=found.items, next=found.next, past=past, year=year, kinds=KINDS, status_names=STATUS, stands=stands,
    )  # fmt: skip


def stands(activity: Activity, by: Actor) -> str:
    """How a deputy stands to an activity: attended, signed_up, waiting, or nothing."""
    for name in ("attended", "signed_up", "waiting"):
        if by.deputy and by.deputy in getattr(activity, name):
            return name
    return ""


@desk(routes, "GET /work/activities/{activity_id}")
def activity_view(request: Request) -> Answer:
    """An activity in full."""
    return _activity(request, service.loaded(_id(request), request.actor), done=request.query.get("done", ""))


@desk(routes, "GET /work/activities/{activity_id}/here/{code}")
def here(request: Request) -> Answer:
    """One tap, for a deputy who has scanned the code on the wall."""
    activity = service.loaded(_id(request), request.actor)
    return page(request, "work_here.html", activity=activity, code=form.plain(request.params["code"]))


def _id(request: Request) -> str:
    return form.plain(request.params["activity_id"])


def _again(request: Request, done: Remembered) -> Answer:  # noqa: ARG001 - it may be a booking
    """To the activity, also where what was done was done to one of its bookings."""
    return moved(f"{_id(request)}?done={request.form.get('move', '')}", request)


@desk(routes, "POST /work/activities/{activity_id}", again=_again)
def move_activity(request: Request) -> Answer:
    """One move."""
    move, sent, id = request.form.get("move", ""), request.form, _id(request)
    if move == "keep":
        booking = form.plain(sent.get("booking", ""))
        bookings.keep(id, booking, by=request.actor, now=request.now, also=request.once(booking))
        return moved(f"{id}?done=keep", request)
    if move not in FORMS:
        raise Invalid("move", f"'{move}' is none of {', '.join(FORMS)}")
    try:
        _ACTS[move](id, asked(FORMS[move], sent), request.actor)(by=request.actor, now=request.now, also=request.once(id))
    except Invalid as refused:
        activity = service.loaded(id, request.actor)
        return _activity(request, activity, 422, typed={move: sent}, fault=fault_of(move, refused, SAID))
    return moved(f"{id}?done={move}", request)


def _minute(id: str, given: Given, by: Actor) -> Act:
    """The words anew; the files that belong to the minutes stay with them."""
    kept = [file.id for file in service.loaded(id, by).files]
    decisions = [line.strip() for line in given["decisions"].splitlines() if line.strip()]
    if long := next((line for line in decisions if len(line) > service.LONGEST_DECISION), ""):
        raise Invalid("decisions", f"A decision of {len(long)} characters; {service.LONGEST_DECISION} is the most", "too_long")
    return partial(service.minute, id, given["text"], decisions, kept)


# By move: what to do with this activity, with what was given.
_ACTS: Final[Mapping[str, Callable[[str, Given, Actor], Act]]] = {
    "attend": lambda activity, given, _: partial(service.attend, activity, given["code"]),
    "sign_up": lambda activity, _, __: partial(service.sign_up, activity),
    "sign_off": lambda activity, _, __: partial(service.sign_off, activity),
    "minute": _minute,
    "count_guests": lambda activity, given, _: partial(service.count_guests, activity, given["number"]),
    "cancel": lambda activity, given, _: partial(service.cancel, activity, given["reason"]),
}


def _activity(
    request: Request,
    activity: Activity,
    status: int = 200,
    *,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    fault: Fault | None = None,
    done: str = "",
) -> Answer:
    by = request.actor
    return page(
        request,
        "work_activity.html",
        status,
        activity=activity,
        kind_name=KINDS[activity.kind],
        status_name=STATUS[activity.status],
        you=stands(activity, by),
        files=[(file.name, files.link(file)) for file in activity.files],
        held=bookings.of(activity) if activity.hosts(by) else [],
        booking_names=BOOKINGS,
        may_keep=activity.status in ("open", "held", "minuted"),
        wall=_wall(activity) if activity.runs(by) and activity.status in BEFORE else "",
        public_url=f"{settings.base_url}/open/stations/{activity.station}" if activity.worklists[0] else "",
        forms={name: each for name, each in FORMS.items() if name in _legal(activity, request)},
        filled={"minute": {"text": activity.minutes, "decisions": "\n".join(activity.decisions)}} if activity.minutes else {},
        typed=typed or {},
        fault=fault,
        done=DONE.get(done, ""),
        directory=directory_service.edition(request.now),
    )


def _wall(activity: Activity) -> str:
    return f"{settings.base_url}/a/{activity.id}?key={codes.display_key(activity.id, activity.ends_at)}"


def _legal(activity: Activity, request: Request) -> set[str]:
    by = request.actor
    legal = {move.name for move in activity.legal_moves(by)}
    if stands(activity, by) == "attended" or not activity.invites(by.deputy):
        legal.discard("attend")
    if request.now >= activity.sign_up_until:
        legal.discard("sign_up")
    return legal
