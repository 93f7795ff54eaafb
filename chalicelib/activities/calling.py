"""What is asked for when an activity is called, and what must be right about it. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.activities.model import Kind
from chalicelib.activities.slots import LONGEST, MOST, SHORTEST, slots
from chalicelib.directory.kinds import Record
from chalicelib.directory.model import Directory
from chalicelib.errors import Invalid
from chalicelib.people.roles import Actor

LONGEST_TITLE: Final = 120
LONGEST_PLACE: Final = 200
LONGEST_LAST: Final = timedelta(days=14)
FARTHEST: Final = timedelta(days=400)
MOST_PLACES: Final = 10_000
RECEPTION: Final = "代表接待日"  # the title of a reception day that was given none; pages say it in the reader's language
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Called:
    """An activity as it is asked for. ``sign_up_until`` None: until it begins, at a reception day until each talk does."""

    kind: Kind
    starts_at: datetime
    ends_at: datetime
    title: str = ""
    where: str = ""
    station: str = ""
    sign_up_until: datetime | None = None
    deputies: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()
    capacity: int = 0
    slot_minutes: int = 0

    @property
    def reception(self) -> bool:
        return self.kind == "reception"

    @property
    def last_sign_up(self) -> datetime:
        """Until when names or bookings are taken."""
        return self.sign_up_until or (self.ends_at if self.reception else self.starts_at)


def completed(asked: Called, by: Actor) -> Called:
    """The same with what goes without saying: a deputy who calls a reception day receives there."""
    deputies = asked.deputies or ((by.deputy,) if asked.reception and by.deputy else ())
    title = asked.title.strip() or (RECEPTION if asked.reception else "")
    return replace(asked, deputies=_once(deputies), invited=_once(asked.invited), title=title, where=asked.where.strip())


def check(asked: Called, directory: Directory, zone: ZoneInfo, now: datetime) -> None:
    """Raises Invalid for the first thing that is not right: which field, what is wrong, what would be right."""
    district = District(directory, zone, now)
    for rule in RULES:
        for field, detail, code in rule(asked, district):
            raise Invalid(field, detail, code)


@dataclass(frozen=True)
class District:
    """What the rules look at: who and what there is, where, and now."""

    directory: Directory
    zone: ZoneInfo
    now: datetime


Wrong = Iterator[tuple[str, str, str]]  # field, detail, code


def _words(asked: Called, _: District) -> Wrong:
    if not asked.title:
        yield "title", "Say what it is, in a line", "missing"
    for field, text, most in (("title", asked.title, LONGEST_TITLE), ("where", asked.where, LONGEST_PLACE)):
        if len(text) > most or _CONTROLS.search(text):
            yield field, f"Give one line of at most {most} characters; this has {len(text)}", "too_long"


def _times(asked: Called, district: District) -> Wrong:
    if not district.now < asked.starts_at <= district.now + FARTHEST:
        yield "starts_at", f"{asked.starts_at.isoformat()} has passed, or is over {FARTHEST.days} days away", "wrong_time"
    if not timedelta() < asked.ends_at - asked.starts_at <= LONGEST_LAST:
        yield "ends_at", f"It must end after it begins, within {LONGEST_LAST.days} days", "wrong_time"
    if not district.now < asked.last_sign_up <= asked.ends_at:
        yield "sign_up_until", f"{asked.last_sign_up.isoformat()} is not between now and the end", "wrong_time"


def _reception(asked: Called, district: District) -> Wrong:
    if not asked.reception:
        return
    if not _in_use(district.directory.station(asked.station)):
        yield "station", f"There is no station '{asked.station}'; a reception day is held at one", "unknown_station"
    if not asked.deputies:
        yield "deputies", "Name the deputies who receive residents", "missing"
    if not SHORTEST <= asked.slot_minutes <= LONGEST:
        yield "slot_minutes", f"A talk of {asked.slot_minutes} minutes can't be; give {SHORTEST} to {LONGEST}", "wrong_number"
    if asked.starts_at.astimezone(district.zone).date() != asked.ends_at.astimezone(district.zone).date():
        yield "ends_at", "A reception day ends on the day on which it begins", "wrong_time"
    if not 1 <= (number := len(slots(asked.starts_at, asked.ends_at, asked.slot_minutes, district.zone))) <= MOST:
        yield "slot_minutes", f"That makes {number} talks; 1 to {MOST} are possible", "wrong_number"
    if asked.capacity or asked.invited:
        yield "capacity", "A reception day has its talks and its deputies, no capacity and no one invited", "not_for_receptions"


def _meeting(asked: Called, _: District) -> Wrong:
    if asked.reception:
        return
    if not asked.where:
        yield "where", "Say where it is", "missing"
    if asked.slot_minutes or asked.station:
        yield "slot_minutes", "Only a reception day has a station, and talks to be booked", "only_for_receptions"
    if not 0 <= asked.capacity <= MOST_PLACES:
        yield "capacity", f"{asked.capacity} places can't be; give 0 (no limit) to {MOST_PLACES:,}", "wrong_number"


def _people(asked: Called, district: District) -> Wrong:
    for field, ids in (("deputies", asked.deputies), ("invited", asked.invited)):
        for id in ids:
            if not _in_use(district.directory.deputy(id)):
                yield field, f"There is no deputy '{id}' in office", "unknown_deputy"


RULES: Final[Sequence[Callable[[Called, District], Wrong]]] = (_words, _times, _reception, _meeting, _people)


def _in_use(record: Record | None) -> bool:
    return record is not None and not record.retired


def _once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))
