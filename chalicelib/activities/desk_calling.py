"""Calling an activity in the browser: a reception day, or a meeting, an inspection, a training, on one day."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from chalice.app import Blueprint

from chalicelib.activities import service
from chalicelib.activities.calling import Called
from chalicelib.activities.desk_wording import SAID, call_forms
from chalicelib.directory import service as directory_service
from chalicelib.errors import Invalid
from chalicelib.people.guard import Remembered
from chalicelib.web.desk import desk, page
from chalicelib.web.door import Answer, Request
from chalicelib.web.frame import moved, reader_of
from chalicelib.web.moves import Form, asked, fault_of

routes = Blueprint(__name__)

# At which field of the page stands what is wrong with a field of the activity.
_STANDS_AT = {"starts_at": "begins", "ends_at": "ends", "sign_up_until": "begins"}


@desk(routes, "GET /work/activities/new")
def new_activity(request: Request) -> Answer:
    """The forms."""
    return _new(request)


def _new(request: Request, status: int = 200, **context: Any) -> Answer:
    given = {"typed": {}, "fault": None, "done": "", "directory": directory_service.edition(request.now)} | context
    return page(request, "work_activity_new.html", status, forms=_forms(request), **given)


def _forms(request: Request) -> Mapping[str, Form]:
    language = reader_of(request).language
    stations = directory_service.edition(request.now).stations
    return call_forms(tuple((each.id, each.name(language)) for each in stations))


def _again(request: Request, done: Remembered) -> Answer:
    return moved(f"{done.dossier}?done=call", request)


@desk(routes, "POST /work/activities/new", again=_again)
def call_activity(request: Request) -> Answer:
    """Call it."""
    id, sent, forms = service.new_id("A"), request.form, _forms(request)
    move = sent.get("move", "")
    if move not in forms:
        raise Invalid("move", f"'{move}' is none of {', '.join(forms)}")
    try:
        wish = _wish(asked(forms[move], sent), request.now)
        service.call(id, wish, by=request.actor, now=request.now, also=request.once(id))
    except Invalid as refused:
        stands = Invalid(_STANDS_AT.get(refused.field, refused.field), refused.detail, refused.code)
        return _new(request, 422, typed={move: sent}, fault=fault_of(move, stands, SAID))
    return moved(f"{id}?done=call", request)


def _wish(given: Mapping[str, Any], now: datetime) -> Called:
    """What was asked for, with its times of day in the district's zone."""
    day, zone = date.fromisoformat(given["day"]), service.zone(now)
    begins, ends = (datetime.combine(day, _time(name, given[name]), zone) for name in ("begins", "ends"))
    return Called(
        given.get("kind", "reception"), begins, ends,
        title=given.get("title", ""),
        where=given.get("where", ""),
        station=given.get("station", ""),
        deputies=tuple(given.get("deputies", ())),
        invited=tuple(given.get("invited", ())),
        capacity=given.get("capacity") or 0,
        slot_minutes=given.get("slot_minutes") or 0,
    )  # fmt: skip


def _time(name: str, text: str) -> time:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise Invalid(name, f"'{text[:20]}' is no time of day; write it as 09:30", "bad_time") from None
