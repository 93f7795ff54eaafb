"""What API and client show of an activity and of its bookings. The contract: OpenAPI is generated from it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from chalicelib.activities.booking import Booking
from chalicelib.activities.model import Activity
from chalicelib.cases.shapes import Happening, Possible, happening
from chalicelib.files import service as files
from chalicelib.people.roles import Actor
from chalicelib.spine.chain import Entry


class ActivitySummary(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a list. ``capacity`` 0 is no limit; ``slots`` are a reception day's talks, ``booked`` those that are taken;
    ``you`` says how you stand to it: signed_up, waiting, attended, or nothing."""

    id: str
    kind: str
    status: str
    title: str
    where: str
    station: str
    starts_at: datetime
    ends_at: datetime
    sign_up_until: datetime
    capacity: int
    signed_up: int
    waiting: int
    slots: int
    booked: int
    you: str
    updated_at: datetime


class FileShown(msgspec.Struct, frozen=True):
    """A file of the minutes; ``size`` in bytes, ``url`` is good for five minutes."""

    id: str
    name: str
    type: str
    size: int
    url: str


class ActivityWhole(ActivitySummary, frozen=True, kw_only=True):
    """An activity in full: who is invited (none named: all deputies), who will come, who was there, what came of it."""

    caller: str
    deputies: list[str]
    invited: list[str]
    coming: list[str]
    queue: list[str]
    attended: list[str]
    guests: int
    cases: list[str]
    minutes: str | None
    decisions: list[str]
    files: list[FileShown]
    cancelled_because: str | None
    public_url: str | None
    timeline: list[Happening] | None  # null in the answer to a move: ask for the activity to see it
    moves: list[Possible]
    version: int


class ActivitiesListed(msgspec.Struct, frozen=True):
    items: list[ActivitySummary]
    next: str | None


class BookingShown(msgspec.Struct, frozen=True, kw_only=True):
    """A booked talk, as the deputies who receive see it. ``subject`` is null once it was erased, or if nothing was written."""

    id: str
    slot: str
    status: str
    starts_at: datetime
    ends_at: datetime
    subject: str | None
    has_contact: bool
    cases: list[str]


class BookingsListed(msgspec.Struct, frozen=True):
    items: list[BookingShown]


class Displayed(msgspec.Struct, frozen=True):
    """The page that shows the code for attendance, to be put on a screen; whoever has its address can show it."""

    url: str


def _line(activity: Activity, by: Actor, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": activity.id,
        "kind": activity.kind,
        "status": activity.status,
        "title": activity.title,
        "where": activity.where,
        "station": activity.station,
        "starts_at": activity.starts_at,
        "ends_at": activity.ends_at,
        "sign_up_until": activity.sign_up_until,
        "capacity": activity.capacity,
        "signed_up": len(activity.signed_up),
        "waiting": len(activity.waiting),
        "slots": len(activity.times(zone)),
        "booked": len(activity.taken),
        "you": _you(activity, by.deputy),
        "updated_at": activity.updated_at,
    }


def _you(activity: Activity, deputy: str) -> str:
    lists = {"attended": activity.attended, "signed_up": activity.signed_up, "waiting": activity.waiting}
    return next((name for name, held in lists.items() if deputy and deputy in held), "")


def activity_line(activity: Activity, by: Actor, zone: ZoneInfo) -> ActivitySummary:
    """An activity as a line of a list."""
    return ActivitySummary(**_line(activity, by, zone))


def activity_whole(
    activity: Activity, entries: list[Entry] | None, by: Actor, zone: ZoneInfo, public_url: str | None
) -> ActivityWhole:
    """An activity in full, with the moves that this actor may make; without its timeline if no entries were read."""
    return ActivityWhole(
        **_line(activity, by, zone),
        caller=activity.caller,
        deputies=list(activity.deputies),
        invited=list(activity.invited),
        coming=list(activity.signed_up),
        queue=list(activity.waiting),
        attended=list(activity.attended),
        guests=activity.guests,
        cases=list(activity.cases),
        minutes=activity.minutes or None,
        decisions=list(activity.decisions),
        files=[FileShown(file.id, file.name, file.type, file.size, files.link(file)) for file in activity.files],
        cancelled_because=activity.cancelled_because or None,
        public_url=public_url,
        timeline=None if entries is None else [happening(entry) for entry in entries],
        moves=[Possible(move.name, sorted(move.needs)) for move in activity.legal_moves(by)],
        version=activity.version,
    )


def booking_shown(booking: Booking) -> BookingShown:
    """A booking for those who receive."""
    return BookingShown(
        id=booking.id,
        slot=booking.slot,
        status=booking.status,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        subject=booking.subject or None,
        has_contact=booking.sealed,
        cases=list(booking.cases),
    )
