"""Whether a matter in a place gets significantly more than its usual. Pure.

The test. People of a category in a grid are counted by quarter days. How many come in three days is taken as Poisson with a
rate that is not known but learnt: a Gamma distribution, begun as half a person in a fortnight and fed with what was seen in
eight weeks before. Given that, the number of people of the last three days follows a negative binomial distribution; a
surge is a number so high that it, or a higher one, had less than one chance in two hundred, and of four people at least.

A place without history is thus not held against nothing: it begins with the prior, under which four people in three days are
a surge and three are not. The false-alarm rate is measured by ``python -m bench.surge`` on times that were shuffled.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import exp, lgamma, log
from typing import Any, ClassVar, Final
from zlib import crc32

from chalicelib.people.roles import Actor
from chalicelib.spine.dossier import Dossier, Step

PERIOD: Final = timedelta(hours=6)
WINDOW: Final = 12  # periods: the last three days
HISTORY: Final = 224  # periods: the eight weeks before it
PRIOR_PEOPLE: Final = 0.5
PRIOR_DAYS: Final = 14.0
CHANCE: Final = 1 / 200
FEWEST: Final = 4
QUIET: Final = timedelta(days=3)  # after a warning, unless the number doubles
SPAN: Final = WINDOW * PERIOD
PERIODS_A_DAY: Final = timedelta(days=1) / PERIOD
WINDOW_DAYS: Final = WINDOW / PERIODS_A_DAY


@dataclass(frozen=True)
class Seen:
    """How many people there were in the last three days, in the time before, and how many days of that time are known."""

    recent: int
    before: int
    days: float

    @property
    def expected(self) -> float:
        """People in three days, as learnt from the time before."""
        return (PRIOR_PEOPLE + self.before) / self._windows

    @property
    def chance(self) -> float:
        """The probability of so many people in three days, or more, if nothing was unusual."""
        return tail(self.recent, PRIOR_PEOPLE + self.before, self._windows)

    @property
    def _windows(self) -> float:
        return (PRIOR_DAYS + self.days) / WINDOW_DAYS

    @property
    def surges(self) -> bool:
        """Whether that is a surge."""
        return self.recent >= FEWEST and self.chance < CHANCE


def period_of(moment: datetime) -> int:
    """The number of a quarter day."""
    return int(moment.timestamp() // PERIOD.total_seconds())


def seen(counts: Mapping[int, int], now: int) -> Seen:
    """What the counts by period say at period ``now``. A place is known since its first count, which is a little to its
    disadvantage (it begins with somebody who wrote) and so on the side of fewer warnings."""
    recent = sum(count for period, count in counts.items() if now - WINDOW < period <= now)
    oldest = max(min(counts, default=now), now - WINDOW - HISTORY + 1)
    before = sum(count for period, count in counts.items() if oldest <= period <= now - WINDOW)
    return Seen(recent, before, max(0, now - WINDOW - oldest + 1) / PERIODS_A_DAY)


def tail(people: int, shape: float, rate: float) -> float:
    """P(N ≥ people) for a Poisson number whose rate is Gamma(shape, rate): a negative binomial tail."""
    below = sum(exp(_log_chance(number, shape, rate)) for number in range(people))
    return max(0.0, 1.0 - below)


def _log_chance(number: int, shape: float, rate: float) -> float:
    return lgamma(shape + number) - lgamma(shape) - lgamma(number + 1) + shape * log(rate / (rate + 1)) - number * log(rate + 1)


@dataclass(frozen=True, kw_only=True)
class Surge(Dossier):
    """The warnings of one category in one grid; each warning is a fact."""

    KIND: ClassVar[str] = "surge"

    people: int = 0
    warned_at: datetime | None = None

    @property
    def worklists(self) -> tuple[str, str]:
        return ("", "")  # a warning is told; the lists are of work

    def warn(self, found: Seen, *, by: Actor, at: datetime) -> "Step[Surge] | None":
        """A warning as a step to be recorded; None if the last one still holds."""
        if self.warned_at and at - self.warned_at < QUIET and found.recent < 2 * self.people:
            return None
        data: dict[str, Any] = {"people": found.recent, "usual": round(found.expected, 3), "chance": found.chance}
        data |= {"category": self.category, "grid": self.grid, "body": self.body}
        after = replace(self, people=found.recent, warned_at=at)
        return Step(self if self.version else None, after, "surged", by, at, data)


def surge_of(category: str, grid: str, body: str, at: datetime) -> Surge:
    """The dossier of warnings of this category and grid, as it is before the first."""
    number = crc32(f"{category}\n{grid}".encode())
    return Surge(id=f"S{number:08X}", status="watched", category=category, grid=grid, body=body, created_at=at, updated_at=at)
