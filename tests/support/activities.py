"""Activities of the demo district (tests/support/wanglan.py): a reception day, a meeting, and what is booked there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.activities import bookings, service
from chalicelib.activities.booking import Booking
from chalicelib.activities.calling import Called
from chalicelib.activities.model import Activity
from chalicelib.people import form
from chalicelib.people.form import FormToken
from chalicelib.people.roles import Actor
from chalicelib.people.vault import Contact
from tests.support.casework import EMAIL, NAME, PHONE, paper
from tests.support.wanglan import LIN, NOON, QIAO

NINE = datetime(2026, 11, 30, 1, tzinfo=UTC)  # a Monday, nine o'clock in the district
STATION = "weidu-station"
SUBJECT = "想谈谈302室老人看病的事"
DAY = Called("reception", NINE, NINE + timedelta(hours=2), station=STATION, slot_minutes=30)
MEETING = Called("meeting", NINE, NINE + timedelta(hours=2), title="听取供暖情况汇报", where="区人大三楼会议室")


def later(asked: Called, now: datetime) -> Called:
    """The same some days after this moment, at nine o'clock in the district."""
    first = (now + timedelta(days=6)).replace(hour=1, minute=0, second=0, microsecond=0)
    return replace(asked, starts_at=first, ends_at=first + (asked.ends_at - asked.starts_at))


def reception(by: Actor = LIN, now: datetime = NOON, **known: Any) -> Activity:
    """A reception day at the station: four talks, with Lin if nobody else is named."""
    return service.call(service.new_id("A"), later(replace(DAY, **known), now), by=by, now=now)


def meeting(by: Actor = QIAO, now: datetime = NOON, **known: Any) -> Activity:
    """A meeting of all deputies, or of those who are named."""
    return service.call(service.new_id("A"), later(replace(MEETING, **known), now), by=by, now=now)


def wish(
    day: Activity, slot: str = "0900", opened: FormToken | None = None, tell: str = "email", language: str = "zh"
) -> bookings.Wish:
    """What somebody sends who wants to talk."""
    opened = opened or paper()
    contact = Contact(NAME, EMAIL, PHONE, language, tell, opened.tracking_token)  # type: ignore[arg-type]
    return bookings.Wish(
        f"B{opened.case_id}", day.id, slot, SUBJECT, language, form.token_hash(opened.tracking_token),
        contact if tell != "none" else None,
    )  # fmt: skip


def booked(day: Activity, slot: str = "0900", now: datetime = NOON, **how: Any) -> Booking:
    """A talk that somebody booked."""
    return bookings.book(wish(day, slot, **how), now=now)


def passed(activity: Activity | Booking, until: datetime) -> Any:
    """All that is due until a moment has been taken into effect."""
    from chalicelib.activities.workers import ENFORCED_BY_US
    from chalicelib.spine import agenda, dossiers

    agenda.enforce({"dossier": activity.id, "kind": activity.KIND}, until, ENFORCED_BY_US)
    return dossiers.load(type(activity), activity.id)


def going_on(activity: Activity) -> Activity:
    """The doors are open."""
    opened: Activity = passed(activity, activity.starts_at)
    return opened
