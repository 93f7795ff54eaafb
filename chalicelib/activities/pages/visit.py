"""The private page of a booking: when and where, for one's calendar, and a way to cancel. A look costs one read."""

from typing import Final

from chalicelib.activities import bookings, ical
from chalicelib.activities.booking import Booking
from chalicelib.activities.pages import routes
from chalicelib.activities.pages.stations import POSTED, address_of
from chalicelib.activities.wording import NO_BOOKING, STATUS
from chalicelib.directory import service as directory_service
from chalicelib.errors import Conflict, IllegalMove, Refused
from chalicelib.people import form
from chalicelib.settings import settings
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import moved, page, reader_of
from chalicelib.web.reader import N_
from chalicelib.web.refusal import refused_page

TALK: Final = N_("Talk with your deputies: %(station)s")
BEGUN: Final = N_("This can’t be done any more: see below how it stands.")


def _none(refused: Refused, request: Request | None) -> Answer:
    return refused_page(refused, request, NO_BOOKING if refused.status == 404 else None, private=True)


@door(routes, "GET /b/{token}", refuse=_none)
def follow_booking(request: Request) -> Answer:
    """How the booking stands. After sending it is the receipt."""
    return _page(request, _tracked(request))


@door(routes, "POST /b/{token}", content_types=POSTED, refuse=_none)
def cancel_booking(request: Request) -> Answer:
    """The resident will not come."""
    booking = _tracked(request)
    if request.form.get("move") != "cancel" or "lang" in request.form:
        return _page(request, booking)
    try:
        bookings.cancel(booking, now=request.now)
    except (IllegalMove, Conflict):
        return _page(request, bookings.found(booking.id), 409, BEGUN) if booking.status != "cancelled" else moved("?", request)
    return moved("?", request)


@door(routes, "GET /b/{token}/calendar.ics", refuse=_none)
def booking_calendar(request: Request) -> Answer:
    """The booking for one's own calendar."""
    booking = _tracked(request)
    reader, station = reader_of(request), directory_service.edition(request.now).station(booking.station)
    event = ical.Event(
        booking.id,
        reader.say(TALK, station=station.name(reader.language) if station else ""),
        booking.starts_at,
        booking.ends_at,
        address_of(station, reader.language) if station else "",
        url=_link(request),
        cancelled=booking.status == "cancelled",
        sequence=booking.version,
    )
    return Answer(ical.calendar(event, request.now), 200, ical.headers("booking"))


def _tracked(request: Request) -> Booking:
    token = request.params["token"]
    return bookings.tracked(f"B{form.case_of(token)}", form.token_hash(token))


def _link(request: Request) -> str:
    return f"{settings.base_url}/b/{form.plain(request.params['token'])}"


def _page(request: Request, booking: Booking, status: int = 200, notice: str = "") -> Answer:
    directory = directory_service.edition(request.now)
    called_off = booking.status == "cancelled" and bool(booking.because)
    return page(
        request,
        "booking.html",
        status,
        private=True,
        district=directory.district,
        booking=booking,
        station=directory.station(booking.station),
        deputies=[deputy for deputy in map(directory.deputy, booking.deputies) if deputy],
        standing=STATUS["called_off" if called_off else booking.status],
        may_cancel=booking.status == "booked" and request.now < booking.starts_at,
        token=form.plain(request.params["token"]),
        link=_link(request),
        new="new" in request.query,
        notice=notice,
    )
