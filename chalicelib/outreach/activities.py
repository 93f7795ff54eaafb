"""Who is told of activities and of bookings: deputies who are invited or will come, and residents by the way they chose.

Staff hear times, places and numbers, never a word of a resident.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.activities.booking import Booking
from chalicelib.activities.model import Activity
from chalicelib.directory.model import Directory
from chalicelib.outreach import staff
from chalicelib.outreach.model import Notice
from chalicelib.outreach.staff import Wording
from chalicelib.people.vault import Contact
from chalicelib.spine.chain import Entry

# fact → what staff are told
TOLD: Final[Mapping[str, Wording]] = {
    "activity.called": Wording(
        "{kind}：{title}",
        "请参加{kind}“{title}”。\n时间：{when}\n地点：{where}\n{last}\n\ndeputy activities sign-up {id}",
        "{kind}“{title}”，{when}，{where}",
    ),
    "activity.reminded": Wording(
        "提醒：{title}（{when}）",
        "{kind}“{title}”即将开始。\n时间：{when}\n地点：{where}\n已预约居民：{bookings} 人\n\ndeputy activities show {id}",
        "提醒：{title}，{when}，{where}",
    ),
    "activity.signed_off": Wording(
        "您已递补：{title}",
        "{kind}“{title}”有空位，您已由候补转为参加。\n时间：{when}\n地点：{where}\n\n不能参加：deputy activities sign-off {id}",
        "您已递补参加{title}，{when}",
    ),
    "activity.cancelled": Wording(
        "已取消：{title}（{when}）",
        "{kind}“{title}”（{when}，{where}）已取消。原因：{reason}",
        "已取消：{title}，{when}",
    ),
}
KINDS: Final = {"reception": "接待日", "inspection": "视察", "meeting": "会议", "training": "培训"}

# (fact, language) → what the one who booked is told; as an SMS in its short form
TO_RESIDENTS: Final[Mapping[tuple[str, str], Wording]] = {
    ("booking.booked", "zh"): Wording(
        "已预约：{when}",
        "您已预约{when}在{station}（{where}）与代表面谈。\n查看或取消：{link}",
        "已预约{when}，{station}。查看或取消：{link}",
    ),
    ("booking.booked", "en"): Wording(
        "Booked: {when}",
        "Your talk with deputies is booked for {when} at {station} ({where}).\nSee or cancel it: {link}",
        "Booked for {when}, {station}. See or cancel: {link}",
    ),
    ("booking.reminded", "zh"): Wording(
        "提醒：{when}代表接待",
        "提醒您：{when}在{station}（{where}）与代表面谈。\n不能来请取消，把时间留给别人：{link}",
        "提醒：{when}，{station}代表接待。不能来请取消：{link}",
    ),
    ("booking.reminded", "en"): Wording(
        "Reminder: {when}",
        "You have a talk with deputies on {when} at {station} ({where}).\nIf you can’t come, please cancel it: {link}",
        "Reminder: {when}, {station}. If you can’t come: {link}",
    ),
    ("booking.cancelled", "zh"): Wording(
        "接待日取消：{when}",
        "很抱歉，{when}在{station}的代表接待日取消了。原因：{reason}\n请另约时间：{again}",
        "{when}{station}的代表接待日取消了，请另约时间：{again}",
    ),
    ("booking.cancelled", "en"): Wording(
        "Cancelled: {when}",
        "We are sorry: the reception day of {when} at {station} does not take place.\nReason: {reason}\nBook another: {again}",
        "The reception day of {when} at {station} does not take place. Book another time: {again}",
    ),
}
FACTS: Final = frozenset(TOLD) | frozenset(fact for fact, _ in TO_RESIDENTS)


@dataclass(frozen=True)
class Told:
    """A fact of an activity, with what the texts may name."""

    entry: Entry
    activity: Activity
    directory: Directory

    @property
    def fact(self) -> str:
        """The fact with its kind: ``activity.called``."""
        return f"{self.entry.kind}.{self.entry.type}"

    @property
    def whom(self) -> Iterable[str]:
        """The deputies who are told of this fact."""
        activity = self.activity
        if self.fact == "activity.called":
            return activity.deputies or activity.invited or tuple(deputy.id for deputy in self.directory.deputies)
        if self.fact == "activity.signed_off":
            return tuple(filter(None, [str(self.entry.data.get("up", ""))]))
        if self.fact == "activity.reminded":
            return activity.signed_up
        return (*activity.signed_up, *activity.waiting)

    def values(self) -> dict[str, str]:
        """What a text may name."""
        activity, zone = self.activity, self.directory.calendar_for().zone
        last = "" if activity.slot_minutes else f"报名截止：{moment(activity.sign_up_until, zone, 'zh')}"
        return {
            "id": activity.id,
            "kind": KINDS[activity.kind],
            "title": activity.title,
            "when": moment(activity.starts_at, zone, "zh"),
            "where": activity.where,
            "last": last,
            "bookings": str(self.entry.data.get("bookings", "")),
            "reason": activity.cancelled_because,
        }


def notices(told: Told) -> Iterator[Notice]:
    """All notices of this fact. A reminder that comes after it has begun is none."""
    if told.fact == "activity.reminded" and told.entry.at >= told.activity.starts_at:
        return iter(())
    return staff.notices(TOLD[told.fact], told.values(), staff.deputies(told.directory, told.whom))


@dataclass(frozen=True)
class ToldResident:
    """A fact of a booking, with how to reach the one who booked."""

    entry: Entry
    booking: Booking
    directory: Directory
    base_url: str

    @property
    def of_interest(self) -> bool:
        """What they did themselves they know; a reminder that comes too late reminds of nothing."""
        if self.entry.type == "cancelled":
            return bool(self.booking.because)
        return self.entry.type != "reminded" or self.entry.at < self.booking.starts_at

    def values(self, contact: Contact) -> dict[str, str]:
        """What a text may name, in their language."""
        booking, language = self.booking, contact.language
        station, zone = self.directory.station(booking.station), self.directory.calendar_for().zone
        address = (station.address_zh if language == "zh" else station.address_en) if station else ""
        return {
            "when": moment(booking.starts_at, zone, language),
            "station": station.name(language) if station else booking.station,
            "where": address,
            "reason": booking.because,
            "link": f"{self.base_url}/b/{contact.tracking_token}",
            "again": f"{self.base_url}/open/stations/{booking.station}",
        }


def to_resident(told: ToldResident, contact: Contact) -> Iterator[Notice]:
    """The notice to the one who booked, by the way they chose, in their language."""
    by_mail = contact.tell == "email"
    to = {"email": contact.email, "phone": contact.phone}.get(contact.tell, "")
    if not to or contact.tell == "none" or not told.of_interest:
        return
    wording, values = TO_RESIDENTS[f"booking.{told.entry.type}", contact.language], told.values(contact)
    text = (wording.text if by_mail else wording.short).format_map(values)
    yield Notice(f"resident:{told.booking.id}", contact.tell, to, wording.subject.format_map(values), text)


def moment(at: datetime, zone: ZoneInfo, language: str) -> str:
    """A moment on the district's clocks."""
    local = at.astimezone(zone)
    return f"{local.month}月{local.day}日{local:%H:%M}" if language == "zh" else f"{local.day} {local:%B, %H:%M}"
