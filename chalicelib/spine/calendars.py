"""Which hours are worked on which day: weekly hours, public holidays, make-up working days, overrides. Pure.

The State Council publishes each year's holidays, and the weekend days that are worked in exchange, the autumn before; the
library ``chinese_calendar`` follows it. A year it does not know yet runs on plain weeks and the directory's overrides.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from chinese_calendar import constants, get_holiday_detail

Mode = Literal["elapsed", "working"]
Span = tuple[time, time]

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SATURDAY: Final = 5
KNOWN_YEARS: Final = range(min(constants.holidays).year, max(constants.holidays).year + 1)


@dataclass(frozen=True)
class Calendar:
    """The working time of a body, in the wall-clock hours of ``zone``.

    ``hours`` spans by weekday (0 = Monday), in order and apart; a span that ends at 00:00 ends at midnight (24:00).
    ``makeup`` the spans of a weekend day that is worked, Monday's if None. ``day`` the length of a working day: "5d" is
    five of it. ``overrides`` what the directory knows better: True worked, False not. ``holidays`` "china" or "none".
    """

    zone: ZoneInfo
    hours: Mapping[int, tuple[Span, ...]]
    day: timedelta
    makeup: tuple[Span, ...] | None = None
    overrides: Mapping[date, bool] = field(default_factory=dict)
    holidays: Literal["china", "none"] = "china"

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The wall-clock spans that are worked on a day; empty on a day off."""
        works = self.overrides.get(day)
        if works is None:
            works = self._published(day)
        if works is False:
            return ()
        if works and day.weekday() >= SATURDAY:
            return self.hours.get(0, ()) if self.makeup is None else self.makeup
        return self.hours.get(day.weekday(), ())

    def open_on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The same as moments in UTC, whatever the clocks are put to on that day."""
        for begin, end in self.spans_on(day):
            yield self._moment(day, begin), self._moment(day if end > time.min else day + timedelta(days=1), end)

    def covers(self, year: int) -> bool:
        """Whether the holidays of a year are known: by the library, or entered (National Day stands in the overrides)."""
        return self.holidays == "none" or year in KNOWN_YEARS or date(year, 10, 1) in self.overrides

    def _published(self, day: date) -> bool | None:
        """True for a make-up working day, False for a public holiday, None for an ordinary day of the week."""
        if self.holidays == "none" or day.year not in KNOWN_YEARS:
            return None
        off, name = get_holiday_detail(day)
        return not off if name else None

    def _moment(self, day: date, at: time) -> datetime:
        # A time that comes twice is its first coming, one that is skipped is read by the old offset (RFC 5545 §3.3.5):
        # this is what fold=0 does.
        return datetime.combine(day, at, self.zone).astimezone(UTC)


def amount_from(text: str, mode: Mode, calendar: Calendar) -> timedelta:
    """An amount of time from "30m", "2h", "5d" or "1d4h". A day is the calendar's working day, or 24 hours if elapsed.

    Raises ValueError, naming the text.
    """
    found = re.fullmatch(r"(?=\d)(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?", text.strip(), re.ASCII)
    if found is None:
        raise ValueError(f"'{text}' is no amount of time; write it like 30m, 2h, 5d or 1d4h")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return days * (calendar.day if mode == "working" else timedelta(days=1)) + timedelta(hours=hours, minutes=minutes)


def calendar_from(given: Mapping[str, Any]) -> Calendar:
    """A calendar from plain data, as it stands in the directory.

    ``{"zone": "Asia/Shanghai", "hours": {"mon": ["08:30-12:00", "14:30-18:00"], …}, "makeup": […], "day": "7h",
    "overrides": {"2027-01-01": "off", "2027-01-09": "on"}, "holidays": "china"}``; ``zone`` and ``hours`` must be there,
    ``day`` is Monday's working time if left out. Raises ValueError, naming every value that is wrong.
    """
    faults = [f"'{name}' is no field of a calendar; there are {', '.join(_READERS)}" for name in given if name not in _READERS]
    values: dict[str, Any] = {}
    for name, read in _READERS.items():
        try:
            values[name] = read(given.get(name))
        except ValueError as fault:
            faults.append(str(fault))
    if faults:
        raise ValueError("; ".join(faults))
    return Calendar(**values | {"day": values["day"] or _standard_day(values["hours"])})


def calendar_to(calendar: Calendar) -> dict[str, Any]:
    """A calendar as plain data; ``calendar_from`` reads it back."""
    makeup = {} if calendar.makeup is None else {"makeup": _spans_to(calendar.makeup)}
    return {
        "zone": calendar.zone.key,
        "hours": {WEEKDAYS[weekday]: _spans_to(spans) for weekday, spans in sorted(calendar.hours.items())},
        **makeup,
        "day": f"{calendar.day // timedelta(minutes=1)}m",
        "overrides": {day.isoformat(): "on" if works else "off" for day, works in sorted(calendar.overrides.items())},
        "holidays": calendar.holidays,
    }


def _zone(given: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(given or ""))
    except (ValueError, OSError, LookupError):  # a path, a folder, a zone that is not there
        raise ValueError(f"'{given or ''}' is no time zone; write it like Asia/Shanghai") from None


def _hours(given: object) -> dict[int, tuple[Span, ...]]:
    if not isinstance(given, Mapping):
        raise ValueError("'hours' must name the spans of each weekday, like mon: [08:30-12:00, 14:30-18:00]")
    hours = {_weekday(name): _spans(spans) for name, spans in given.items()}
    if not any(hours.values()):
        raise ValueError("'hours' has no working time in the whole week")
    return hours


def _weekday(name: object) -> int:
    if name not in WEEKDAYS:
        raise ValueError(f"'{name}' is no weekday; write one of {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(str(name))


def _spans(given: object) -> tuple[Span, ...]:
    if not isinstance(given, list | tuple):
        raise ValueError(f"'{given}' must be a list of spans, like [08:30-12:00, 14:30-18:00]")
    spans = tuple(_span(text) for text in given)
    for (_, end), (begin, _) in pairwise(spans):
        if end == time.min or begin < end:
            raise ValueError(f"spans must be in order and apart: {', '.join(_spans_to(spans))}")
    return spans


def _span(text: object) -> Span:
    begin, dash, end = str(text).partition("-")
    span = _time(begin, str(text)), _time("00:00" if end.strip() == "24:00" else end, str(text))
    if not dash or (span[1] <= span[0] and end.strip() != "24:00"):
        raise ValueError(f"'{text}' must end after it begins; what goes past midnight is two spans, the first to 24:00")
    return span


def _time(text: str, span: str) -> time:
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip(), re.ASCII)
    if found is None:
        raise ValueError(f"'{span}' is no span of time; write it like 08:30-12:00")
    return time(int(found[1]), int(found[2]))


def _spans_to(spans: tuple[Span, ...]) -> list[str]:
    return [f"{begin:%H:%M}-{'24:00' if end == time.min else format(end, '%H:%M')}" for begin, end in spans]


def _makeup(given: object) -> tuple[Span, ...] | None:
    return None if given is None else _spans(given)


def _day(given: object) -> timedelta | None:
    if given is None:
        return None
    found = re.fullmatch(r"(?=\d)(?:(\d{1,2})h)?(?:(\d{1,4})m)?", str(given), re.ASCII)
    length = timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0)) if found else timedelta()
    if not timedelta() < length <= timedelta(days=1):
        raise ValueError(f"'{given}' is no length of a working day; write it like 7h or 7h30m")
    return length


def _standard_day(hours: Mapping[int, tuple[Span, ...]]) -> timedelta:
    spans = hours.get(0) or next(filter(None, hours.values()))
    return sum((_length(span) for span in spans), timedelta())


def _length(span: Span) -> timedelta:
    begin, end = (timedelta(hours=at.hour, minutes=at.minute) for at in span)
    return (end or timedelta(days=1)) - begin


def _overrides(given: object) -> dict[date, bool]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise ValueError(f"'{given}' must give a day each its 'on' or 'off', like 2027-01-01: off")
    return {_date(day): _works(day, works) for day, works in given.items()}


def _date(given: object) -> date:
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise ValueError(f"'{given}' is no day; write it like 2027-01-01") from None


def _works(day: object, given: object) -> bool:
    # YAML reads a bare on and off as true and false.
    words: dict[object, bool] = {"on": True, "off": False, True: True, False: False}
    if not isinstance(given, str | bool) or given not in words:
        raise ValueError(f"'{given}' on {day} must be on (worked) or off (not worked)")
    return words[given]


def _holidays(given: object) -> str:
    if given not in (None, "china", "none"):
        raise ValueError(f"'{given}' are no holidays known here; write china or none")
    return str(given or "china")


_READERS: Final[Mapping[str, Callable[[object], object]]] = {
    "zone": _zone,
    "hours": _hours,
    "makeup": _makeup,
    "day": _day,
    "overrides": _overrides,
    "holidays": _holidays,
}
