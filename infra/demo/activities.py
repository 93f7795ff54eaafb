"""Reception days that can be booked, a meeting with a waiting list, an inspection that was held. All invented."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.activities import bookings, codes, service
from chalicelib.activities.calling import Called
from chalicelib.activities.model import Activity
from chalicelib.activities.workers import ENFORCED_BY_US
from chalicelib.people import form
from chalicelib.people.roles import Actor
from chalicelib.people.vault import Contact
from chalicelib.settings import settings
from chalicelib.spine import agenda
from infra.demo.matters import LIN

GAO: Final = Actor("deputy", "deputy.gao", "高秀岚", deputy="gao-xiulan")
QIAO: Final = Actor("manager", "manager.qiao", "乔理事")
WARD: Final = ("lin-jianwei", "gao-xiulan")
STATION: Final = "weidu-station"
DAY: Final = timedelta(days=1)


def load(now: datetime) -> str:
    """Put the activities in; returns the token of the page of a booking."""
    _inspection(now)
    _meeting(now)
    return _receptions(now)


def _at(now: datetime, days: int, hour: int, zone: ZoneInfo) -> datetime:
    """An hour of the district's day so many days from now."""
    return datetime.combine((now + days * DAY).astimezone(zone).date(), time(hour), zone)


def _asked(now: datetime, days: int, hour: int, hours: float, asked: Called) -> Called:
    begin = _at(now, days, hour, settings.zone)
    return replace(asked, starts_at=begin, ends_at=begin + timedelta(hours=hours))


def _called(asked: Called, by: Actor, now: datetime) -> Activity:
    return service.call(service.new_id("A"), asked, by=by, now=now)


def _receptions(now: datetime) -> str:
    day = Called("reception", now, now, station=STATION, slot_minutes=20)
    first = _called(_asked(now, 5, 9, 2.5, replace(day, deputies=WARD)), LIN, now)
    _called(_asked(now, 12, 14, 2, day), LIN, now)
    _booked(first, "0920", "楼上漏水的事，想当面说", now)
    return _booked(first, "1000", "想问问老人助餐什么时候开", now, email="resident.e@wanglan.example.org")


def _booked(day: Activity, slot: str, subject: str, now: datetime, email: str = "") -> str:
    paper = form.new_form(now)
    contact = Contact(email=email, tell="email", tracking_token=paper.tracking_token) if email else None
    wish = bookings.Wish(
        f"B{paper.case_id}", day.id, slot, subject, token_hash=form.token_hash(paper.tracking_token), contact=contact
    )
    bookings.book(wish, now=now)
    return paper.tracking_token


def _meeting(now: datetime) -> None:
    """One place, two who want it."""
    asked = Called("meeting", now, now, title="供暖季居民意见座谈会", where="苇渡代表联络站二楼", invited=WARD, capacity=1)
    meeting = _called(_asked(now, 8, 15, 2, asked), QIAO, now)
    service.sign_up(meeting.id, by=GAO, now=now)
    service.sign_up(meeting.id, by=LIN, now=now)


def _inspection(now: datetime) -> None:
    """It was held three days ago: its timers have run, one was there, and the minutes are kept."""
    before = now - 9 * DAY
    asked = Called("inspection", now, now, title="视察三号换热站", where="灯塔路换热站", invited=WARD)
    held = _called(_asked(now, -3, 10, 2, asked), LIN, before)
    service.sign_up(held.id, by=LIN, now=before)
    _passed(held, held.starts_at)
    service.attend(held.id, codes.code(held.id, held.starts_at), by=LIN, now=held.starts_at)
    service.count_guests(held.id, 4, by=LIN, now=held.starts_at)
    _passed(held, held.ends_at)
    text = "换热站两台循环泵中一台停用待修，另一台满负荷运行。热力公司承诺一周内修复，并在居民群公布抢修进度。"
    service.minute(held.id, text, ["一周后复查循环泵", "每日在居民群公布抢修进度"], [], by=LIN, now=now - 2 * DAY)


def _passed(activity: Activity, until: datetime) -> None:
    """What was due by then is taken into effect, as the agenda would have."""
    agenda.enforce({"dossier": activity.id, "kind": activity.KIND}, until, ENFORCED_BY_US)
