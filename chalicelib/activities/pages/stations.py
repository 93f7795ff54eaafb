"""Stations, their coming reception days, and the form with which a time is booked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from typing import Final

from chalicelib.activities import bookings, service
from chalicelib.activities.booking import LONGEST_SUBJECT
from chalicelib.activities.model import BEFORE, Activity
from chalicelib.activities.pages import routes
from chalicelib.activities.slots import Slot
from chalicelib.activities.wording import CALLED_OFF, FAULTS, NO_DAY, NO_STATION, NOTICES
from chalicelib.cases import intake
from chalicelib.cases.intake import LONGEST_NAME, Typed
from chalicelib.cases.wording import FAULTS as OF_CONTACTS
from chalicelib.directory import service as directory_service
from chalicelib.directory.kinds import Deputy, Station
from chalicelib.errors import Conflict, Invalid, NotFound, Refused, TooMany
from chalicelib.people import form, guard
from chalicelib.people.form import FormToken
from chalicelib.people.vault import Contact
from chalicelib.settings import settings
from chalicelib.spine.aws import Cancelled, Write
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import language_of, moved, page, reader_of
from chalicelib.web.refusal import refused_page

POSTED: Final = ("application/x-www-form-urlencoded",)


def _no_station(refused: Refused, request: Request | None) -> Answer:
    return refused_page(refused, request, NO_STATION if refused.status == 404 else None)


def _no_day(refused: Refused, request: Request | None) -> Answer:
    return refused_page(refused, request, NO_DAY if refused.status == 404 else None)


@door(routes, "GET /open/stations", refuse=_no_station)
def list_stations(request: Request) -> Answer:
    """Every station in use."""
    directory = directory_service.edition(request.now)
    return page(request, "activities_stations.html", district=directory.district, stations=directory.stations)


@door(routes, "GET /open/stations/{station}", refuse=_no_station)
def show_station(request: Request) -> Answer:
    """A station's coming reception days, with the times that are free."""
    return _station_page(request, _station(request))


def _station(request: Request) -> Station:
    found = directory_service.edition(request.now).station(request.params["station"])
    if found is None or found.retired:
        raise NotFound("There is no such station in use")
    return found


def _station_page(request: Request, station: Station, notice: str = "", status: int = 200) -> Answer:
    directory, zone = directory_service.edition(request.now), service.zone(request.now)
    days = [
        {"activity": day, "free": day.free(request.now, zone), "deputies": _named(day, request)}
        for day in service.receptions(station.id, request.now)
    ]
    return page(
        request, "activities_station.html", status, district=directory.district, station=station, days=days, notice=notice
    )


def _named(activity: Activity, request: Request) -> list[Deputy]:
    directory = directory_service.edition(request.now)
    return [deputy for deputy in map(directory.deputy, activity.deputies) if deputy]


@dataclass(frozen=True)
class Wanted:
    """A form on its way: the time that is wanted, what was typed, and the token that makes it one booking however often it
    is sent. ``free`` are the times of that day that can be booked now."""

    request: Request
    station: Station
    activity: Activity
    slot: Slot
    free: tuple[Slot, ...]
    typed: Typed
    token: FormToken

    @property
    def is_free(self) -> bool:
        return self.slot in self.free


@door(routes, "GET /open/stations/{station}/{activity}/{slot}", refuse=_no_day)
def open_booking(request: Request) -> Answer:
    """The form for one time."""
    wanted = _wanted(request, Typed(), form.new_form(request.now))
    if wanted.activity.status not in BEFORE:
        return _station_page(request, wanted.station, CALLED_OFF, 410)
    return _form(wanted, notice="" if wanted.is_free else "taken")


@door(routes, "POST /open/stations/{station}/{activity}/{slot}", content_types=POSTED, refuse=_no_day)
def send_booking(request: Request) -> Answer:
    """A time is booked: the receipt is its private page. Anything to put right brings back the form, nothing lost."""
    token, notice = _token(request)
    wanted = _wanted(request, intake.typed(request.form), token)
    if "lang" in request.form:
        return _form(wanted)
    faults = _faults(wanted)
    if faults:
        return _form(wanted, 422, faults=faults)
    if not notice and form.suspicion(request.form, token.issued_at, request.now):
        notice = "once_more"
    return _form(wanted, 422, notice=notice) if notice else _sent(wanted)


def _token(request: Request) -> tuple[FormToken, str]:
    """The form's token, and, where it had to be replaced by a new one, the notice that says so."""
    try:
        return form.read_form(request.form.get("form", ""), request.now), ""
    except Invalid:
        return form.new_form(request.now), "old_form"


def _wanted(request: Request, typed: Typed, token: FormToken) -> Wanted:
    """Raises NotFound for a day that is not this station's, and a time that it does not have."""
    station, activity = _station(request), service.found(form.plain(request.params["activity"]))
    zone = service.zone(request.now)
    slot = next((slot for slot in activity.times(zone) if slot.key == request.params["slot"]), None)
    if slot is None or activity.station != station.id:
        raise NotFound("There is no such time")
    return Wanted(request, station, activity, slot, activity.free(request.now, zone), typed, token)


def _faults(wanted: Wanted) -> dict[str, str]:
    """What has to be put right, as sentences by field."""
    typed, directory = wanted.typed, directory_service.edition(wanted.request.now)
    found = {field: OF_CONTACTS[field, code] for field, code in intake.faults(typed, directory).items()}
    of_contact = {field: text for field, text in found.items() if field in ("phone", "email")}
    lengths = {"text": (typed.text, LONGEST_SUBJECT), "name": (typed.name, LONGEST_NAME)}
    return {field: FAULTS[field, "too_long"] for field, (text, most) in lengths.items() if len(text) > most} | of_contact


def _form(
    wanted: Wanted, status: int = 200, *, faults: Mapping[str, str] | None = None, notice: str = "", when: str = ""
) -> Answer:
    directory = directory_service.edition(wanted.request.now)
    return page(
        wanted.request,
        "booking_form.html",
        status,
        district=directory.district,
        station=wanted.station,
        activity=wanted.activity,
        slot=wanted.slot,
        is_free=wanted.is_free,
        others=[slot for slot in wanted.free if slot != wanted.slot],
        deputies=_named(wanted.activity, wanted.request),
        typed=wanted.typed,
        token=wanted.token,
        faults=faults or {},
        notice=NOTICES.get(notice, ""),
        when=when,
    )


def _sent(wanted: Wanted) -> Answer:
    now = wanted.request.now
    try:
        guard.count_submission(wanted.request.address, now, solved=False)
    except TooMany as refused:
        return _too_many(wanted, "network", refused)
    try:
        booking = bookings.book(_wish(wanted), now=now, also=[_counted(wanted)], seen=wanted.activity)
    except Cancelled:
        return _too_many(wanted, "day", guard.booking_refusal(now))
    except Invalid:
        return _form(wanted, 409, notice="taken")
    except Conflict:  # this form made a booking of another day, or very many people book at this moment
        return _receipt(wanted) if _made_before(wanted) else _form(wanted, 503, notice="busy")
    return _receipt(wanted) if compare_digest(booking.token_hash, _hash(wanted)) else _form(wanted, 409, notice="taken")


def _counted(wanted: Wanted) -> Write:
    return guard.count_booking(wanted.activity.id, wanted.request.address, wanted.request.now)


def _wish(wanted: Wanted) -> bookings.Wish:
    return bookings.Wish(
        id=_id(wanted),
        activity=wanted.activity.id,
        slot=wanted.slot.key,
        subject=wanted.typed.text,
        language=language_of(wanted.request),
        token_hash=_hash(wanted),
        contact=_contact(wanted),
    )


def _id(wanted: Wanted) -> str:
    return f"B{wanted.token.case_id}"


def _hash(wanted: Wanted) -> str:
    return form.token_hash(wanted.token.tracking_token)


def _contact(wanted: Wanted) -> Contact | None:
    """How to reach them; also where that is by their name alone, for which they are asked at the door."""
    typed, token, language = wanted.typed, wanted.token, language_of(wanted.request)
    only_a_name = Contact(name=typed.name, language="en" if language == "en" else "zh", tracking_token=token.tracking_token)
    return intake.contact(typed, token, language) or (only_a_name if typed.name else None)


def _made_before(wanted: Wanted) -> bool:
    try:
        bookings.tracked(_id(wanted), _hash(wanted))
    except NotFound:
        return False
    return True


def _receipt(wanted: Wanted) -> Answer:
    return moved(f"../../../../b/{wanted.token.tracking_token}?new=1", wanted.request)


def _too_many(wanted: Wanted, notice: str, refused: TooMany) -> Answer:
    when = reader_of(wanted.request).time(wanted.request.now + timedelta(seconds=refused.retry_after))
    answer = _form(wanted, 429, notice=notice, when=when)
    answer.headers["Retry-After"] = str(refused.retry_after)
    return answer


def address_of(station: Station, language: str) -> str:
    """Where a station is, in ``zh`` or ``en``."""
    return (station.address_zh if language == "zh" else station.address_en) or station.name(language)


def public_address(station: str) -> str:
    """The address of a station's page."""
    return f"{settings.base_url}/open/stations/{station}"
