"""The one who reads a page: their language, and moments and spans of time said in their way. Pure.

All words stand in the catalogues (``locale/``), so a further language needs no code. Months, weekdays and the order of a
date's parts too: Babel knows them, but is 60 MB of data that a function would carry for two languages.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

LANGUAGES: Final = {"zh": "中文", "en": "English"}
HTML_LANG: Final = {"zh": "zh-Hans", "en": "en"}
DEFAULT: Final = "zh"
LOCALES: Final = Path(__file__).parent / "locale"
DAY: Final = timedelta(days=1)


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "to be translated later"
    """Marks a text for the catalogues; it is translated where it is shown."""
    return text


MONTHS: Final = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
WEEKDAYS: Final = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip


def catalogue(language: str) -> NullTranslations:
    """The translations of a language. English needs none: the texts are their own ids.

    Raises FileNotFoundError if they were not compiled (``python -m infra.catalogues``).
    """
    if language == "en":
        return NullTranslations()
    with (LOCALES / language / "LC_MESSAGES" / "messages.mo").open("rb") as compiled:
        return GNUTranslations(compiled)


def preferred(accepted: str) -> str:
    """The best of our languages for an Accept-Language header (RFC 9110, 12.5.4); Chinese if it names none of them."""
    wishes = [_wish(part) for part in accepted.split(",")]
    ours = [(weight, language) for weight, language in wishes if language in LANGUAGES and weight > 0]
    return max(ours, key=lambda wish: wish[0], default=(0.0, DEFAULT))[1]


def _wish(part: str) -> tuple[float, str]:
    tag, _, rest = part.strip().partition(";")
    weight = re.search(r"q=([01](?:\.\d{0,3})?)", rest)
    return (float(weight[1]) if weight else 1.0), tag.partition("-")[0].lower()


@dataclass(frozen=True)
class Reader:
    """Who reads, where, and when. Every method gives text in their language, times on their wall clock."""

    language: str
    zone: ZoneInfo
    now: datetime
    words: NullTranslations

    def say(self, text: str, **values: object) -> str:
        """A text of the catalogues with values put in, as ``%(name)s``."""
        return self.words.gettext(text) % values

    def plural(self, one: str, many: str, number: int) -> str:
        """A text that depends on a number, which it holds as ``%(num)d``."""
        return self.words.ngettext(one, many, number) % {"num": number}

    def time(self, at: datetime) -> str:
        """The time of day: ``17:00``."""
        return at.astimezone(self.zone).strftime("%H:%M")

    def day(self, at: datetime) -> str:
        """The day: today, tomorrow, yesterday, ``Friday 27 November``; with the year if it is not this one."""
        then, today = at.astimezone(self.zone).date(), self.now.astimezone(self.zone).date()
        near = {0: N_("today"), 1: N_("tomorrow"), -1: N_("yesterday")}.get((then - today).days)
        if near:
            return self.say(near)
        parts = {
            "weekday": self.say(WEEKDAYS[then.weekday()]),
            "day": then.day,
            "month": self.say(MONTHS[then.month - 1]),
            "year": then.year,
        }
        if then.year == today.year:
            return self.say("%(weekday)s %(day)d %(month)s", **parts)
        return self.say("%(weekday)s %(day)d %(month)s %(year)d", **parts)

    def moment(self, at: datetime) -> str:
        """Day and time: ``Friday 27 November, 17:00``."""
        return self.say("%(day)s, %(time)s", day=self.day(at), time=self.time(at))

    def span(self, length: timedelta) -> str:
        """How long: ``3 days``, ``1 day 4 hours``, ``2 hours 15 minutes``. Parts too small to matter are left out."""
        minutes = max(int(length.total_seconds()) // 60, 1)
        if minutes >= 3 * 1440:
            return self._days(round(minutes / 1440))
        if minutes >= 1440:
            return self._two(self._days(minutes // 1440), self._hours(minutes % 1440 // 60), minutes % 1440 // 60)
        if minutes >= 60:
            return self._two(self._hours(minutes // 60), self._minutes(minutes % 60), minutes % 60)
        return self._minutes(minutes)

    def amount(self, amount: str, mode: str) -> str:
        """What a promise gives, from the directory's ``5d``, ``2h``, ``1d4h``: ``5 working days``, ``2 hours``."""
        found = re.fullmatch(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?", amount)
        days, hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
        say_days, say_hours = (self._working_days, self._working_hours) if mode == "working" else (self._days, self._hours)
        units = ((days, say_days), (hours, say_hours), (minutes, self._minutes))
        return self._joined([say(number) for number, say in units if number])

    def _two(self, first: str, second: str, rest: int) -> str:
        return self._joined([first, second]) if rest else first

    def _joined(self, parts: list[str]) -> str:
        joined = parts[0] if parts else ""
        for part in parts[1:]:
            joined = self.say("%(first)s %(second)s", first=joined, second=part)
        return joined

    def _days(self, number: int) -> str:
        return self.plural("%(num)d day", "%(num)d days", number)

    def _hours(self, number: int) -> str:
        return self.plural("%(num)d hour", "%(num)d hours", number)

    def _minutes(self, number: int) -> str:
        return self.plural("%(num)d minute", "%(num)d minutes", number)

    def _working_days(self, number: int) -> str:
        return self.plural("%(num)d working day", "%(num)d working days", number)

    def _working_hours(self, number: int) -> str:
        return self.plural("%(num)d working hour", "%(num)d working hours", number)
