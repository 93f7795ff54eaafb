"""Activities as JSON: each view parses, calls one use case and shapes the answer."""

from datetime import datetime
from typing import Annotated

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib.activities import bookings, ical, service
from chalicelib.activities.booking import Booking
from chalicelib.activities.calling import LONGEST_PLACE, LONGEST_TITLE, Called
from chalicelib.activities.model import BEFORE, MOST_DECISIONS, Activity, Kind
from chalicelib.activities.shapes import (
    ActivitiesListed,
    ActivityWhole,
    BookingShown,
    BookingsListed,
    Displayed,
    activity_line,
    activity_whole,
    booking_shown,
)
from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.cases.shapes import Reached, Whole, whole
from chalicelib.cases.taking import Address, ContactGiven, Place, message_of
from chalicelib.errors import Invalid
from chalicelib.files.model import MOST_AT_ONCE
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.people.vault import Contact
from chalicelib.settings import settings
from chalicelib.spine.chain import Entry
from chalicelib.web.asked import Name, Nothing, Reason, Text, page_limit
from chalicelib.web.door import Answer, Request, door, shown

routes = Blueprint(__name__)

Moment = Annotated[datetime, Meta(tz=True)]
Deputies = Annotated[list[Name], Meta(max_length=500)]
Decision = Annotated[str, Meta(min_length=1, max_length=service.LONGEST_DECISION)]
ActivityAnswer = Annotated[Answer, ActivityWhole]
BookingAnswer = Annotated[Answer, BookingShown]


class CallRequest(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An activity. Of a reception day the station, the deputies and the minutes of a talk; of others where, and how many."""

    kind: Kind
    starts_at: Moment
    ends_at: Moment
    title: Annotated[str, Meta(max_length=LONGEST_TITLE)] = ""
    where: Annotated[str, Meta(max_length=LONGEST_PLACE)] = ""
    station: Place = ""
    sign_up_until: Moment | None = None
    deputies: Deputies = []
    invited: Deputies = []
    capacity: int = 0
    slot_minutes: int = 0


class CodeRequest(msgspec.Struct, forbid_unknown_fields=True):
    code: Name


class GuestsRequest(msgspec.Struct, forbid_unknown_fields=True):
    number: int


class MinutesRequest(msgspec.Struct, forbid_unknown_fields=True):
    text: Annotated[str, Meta(min_length=1, max_length=20_000)]
    decisions: Annotated[list[Decision], Meta(max_length=MOST_DECISIONS)] = []
    files: Annotated[list[Name], Meta(max_length=MOST_AT_ONCE)] = []


class CancelRequest(msgspec.Struct, forbid_unknown_fields=True):
    reason: Reason


class BookingRequest(msgspec.Struct, forbid_unknown_fields=True):
    booking: Name


class LookRequest(msgspec.Struct, forbid_unknown_fields=True):
    booking: Name
    reason: Reason


class TakeDownRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What a resident said there; ``booking`` if they had booked, ``deputy`` if it is not for the one who takes it down."""

    text: Text
    deputy: Place = ""
    booking: Place = ""
    category: Place = ""
    grid: Place = ""
    address: Address = ""
    contact: ContactGiven | None = None


@door(routes, "GET /v1/activities")
def list_activities(request: Request) -> Annotated[Answer, ActivitiesListed]:
    """What is to come and concerns you, in its order; or, with ``year``, all of that year, the latest first."""
    limit, cursor, year = page_limit(request), request.query.get("cursor", ""), request.query.get("year", "")
    if year:
        page = service.of_year(_year(year), request.actor, limit=limit, cursor=cursor)
    else:
        page = service.coming(request.actor, limit=limit, cursor=cursor)
    zone = service.zone(request.now)
    return shown(ActivitiesListed([activity_line(each, request.actor, zone) for each in page.items], page.next))


def _year(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not len(text) == 4:
        raise Invalid("year", f"'{text}' is no year; write it as 2026", "bad_year")
    return int(text)


def _id(request: Request) -> str:
    return form.plain(request.params["activity_id"])


def _public_url(activity: Activity) -> str | None:
    return f"{settings.base_url}/open/stations/{activity.station}" if activity.station and activity.status in BEFORE else None


def _shown(activity: Activity, request: Request, status: int = 200, entries: list[Entry] | None = None) -> Answer:
    whole = activity_whole(activity, entries, request.actor, service.zone(request.now), _public_url(activity))
    return shown(whole, status, {"ETag": f'"{activity.version}"'})


def _again(request: Request, done: Remembered) -> Answer:
    return _shown(service.loaded(done.dossier, request.actor), request)


@door(routes, "GET /v1/activities/{activity_id}")
def show_activity(request: Request) -> ActivityAnswer:
    """An activity in full."""
    activity = service.loaded(_id(request), request.actor)
    return _shown(activity, request, entries=service.timeline(activity))


def _called_again(request: Request, done: Remembered) -> Answer:
    return _shown(service.loaded(done.dossier, request.actor), request, 201)


@door(routes, "POST /v1/activities", again=_called_again)
def call_activity(request: Request, asked: CallRequest) -> ActivityAnswer:
    """Call a reception day, an inspection, a meeting or a training. Those invited are told."""
    id, given = service.new_id("A"), msgspec.structs.asdict(asked)
    wish = Called(**given | {"deputies": tuple(asked.deputies), "invited": tuple(asked.invited)})
    return _shown(service.call(id, wish, by=request.actor, now=request.now, also=request.once(id)), request, 201)


@door(routes, "GET /v1/activities/{activity_id}/calendar.ics")
def activity_calendar(request: Request) -> Answer:
    """The activity for one's own calendar."""
    activity = service.loaded(_id(request), request.actor)
    event = ical.Event(
        activity.id, activity.title, activity.starts_at, activity.ends_at, activity.where,
        cancelled=activity.status == "cancelled", sequence=activity.version,
    )  # fmt: skip
    return Answer(ical.calendar(event, request.now), 200, ical.headers(activity.id))


@door(routes, "GET /v1/activities/{activity_id}/display")
def show_display(request: Request) -> Annotated[Answer, Displayed]:
    """The page with the code for attendance, for a screen. Only for who called it, and managers."""
    id = _id(request)
    return shown(Displayed(f"{settings.base_url}/a/{id}?key={service.display_key(id, request.actor)}"))


@door(routes, "POST /v1/activities/{activity_id}/sign_up", again=_again)
def sign_up(request: Request, asked: Nothing) -> ActivityAnswer:  # noqa: ARG001 - a body is refused
    """Say that you will come; where all places are taken, you wait for one."""
    id = _id(request)
    return _shown(service.sign_up(id, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "POST /v1/activities/{activity_id}/sign_off", again=_again)
def sign_off(request: Request, asked: Nothing) -> ActivityAnswer:  # noqa: ARG001 - a body is refused
    """Say that you will not come; who waited longest moves up and is told."""
    id = _id(request)
    return _shown(service.sign_off(id, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "POST /v1/activities/{activity_id}/attend", again=_again)
def attend(request: Request, asked: CodeRequest) -> ActivityAnswer:
    """Be counted as there, by the code on the wall. Counted once."""
    id = _id(request)
    return _shown(service.attend(id, asked.code, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "POST /v1/activities/{activity_id}/guests", again=_again)
def count_guests(request: Request, asked: GuestsRequest) -> ActivityAnswer:
    """How many were there beside deputies."""
    id = _id(request)
    return _shown(service.count_guests(id, asked.number, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "POST /v1/activities/{activity_id}/minutes", again=_again)
def keep_minutes(request: Request, asked: MinutesRequest) -> ActivityAnswer:
    """What was said and decided; sent again, it replaces what was there."""
    id = _id(request)
    said = asked.text, asked.decisions, asked.files
    done = service.minute(id, *said, by=request.actor, now=request.now, also=request.once(id))
    return _shown(done, request)


@door(routes, "POST /v1/activities/{activity_id}/cancel", again=_again)
def cancel_activity(request: Request, asked: CancelRequest) -> ActivityAnswer:
    """It does not take place. Everyone who signed up or booked is told, with the reason."""
    id = _id(request)
    return _shown(service.cancel(id, asked.reason, by=request.actor, now=request.now, also=request.once(id)), request)


# A reception day's bookings


@door(routes, "GET /v1/activities/{activity_id}/bookings")
def list_bookings(request: Request) -> Annotated[Answer, BookingsListed]:
    """The times that residents booked, and what they want to talk about."""
    held = bookings.of(bookings.hosted(_id(request), request.actor))
    return shown(BookingsListed([booking_shown(booking) for booking in held]))


def _kept_again(request: Request, done: Remembered) -> Answer:
    bookings.hosted(_id(request), request.actor)
    return _booking(bookings.found(done.dossier))


@door(routes, "POST /v1/activities/{activity_id}/kept", again=_kept_again)
def keep_booking(request: Request, asked: BookingRequest) -> BookingAnswer:
    """Say that the resident came."""
    id, booking = _id(request), form.plain(asked.booking)
    return _booking(bookings.keep(id, booking, by=request.actor, now=request.now, also=request.once(booking)))


def _booking(booking: Booking) -> Answer:
    return shown(booking_shown(booking), 200, {"ETag": f'"{booking.version}"'})


def _reached_again(request: Request, done: Remembered) -> Answer:
    bookings.hosted(_id(request), request.actor)
    return _reached(bookings.seen_contact(done.dossier))


@door(routes, "POST /v1/activities/{activity_id}/contact", again=_reached_again)
def look_at_booker(request: Request, asked: LookRequest) -> Annotated[Answer, Reached]:
    """How to reach the resident who booked. Each look is a fact in the journal."""
    id, booking = _id(request), form.plain(asked.booking)
    found = bookings.contact(id, booking, asked.reason, by=request.actor, now=request.now, also=request.once(booking))
    return _reached(found)


def _reached(found: Contact) -> Answer:
    return shown(Reached(found.name, found.email, found.phone, found.language))


def _taken_down_again(request: Request, done: Remembered) -> Answer:
    """To whoever took it down; without the link to its page, of which only a hash was kept."""
    return _case(cases.found(done.dossier), request)


@door(routes, "POST /v1/activities/{activity_id}/cases", again=_taken_down_again)
def take_down_at_activity(request: Request, asked: TakeDownRequest) -> Annotated[Answer, Whole]:
    """What a resident said there becomes a case, with the promises of any other."""
    id, paper = _id(request), form.new_form(request.now)
    known = {"category": asked.category, "grid": asked.grid, "address": asked.address, "door": "reception"}
    message = message_of(paper, asked.deputy, asked.text, asked.contact, request.now, **known)
    booking, once = form.plain(asked.booking), request.once(message.id)
    case = bookings.take_down(id, message, booking, by=request.actor, now=request.now, also=once)
    answer = _case(case, request)
    answer.headers["Link"] = f'<{settings.base_url}/m/{paper.tracking_token}>; rel="related"; title="tracking page"'
    return answer


def _case(case: Case, request: Request) -> Answer:
    headers = {"ETag": f'"{case.version}"', "Location": f"{settings.base_url}/v1/cases/{case.id}"}
    return shown(whole(case, None, request.actor, request.now), 201, headers)
