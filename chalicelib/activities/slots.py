"""The times of a reception day: its hours cut into talks of equal length. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

SHORTEST: Final = 5  # minutes of one talk
LONGEST: Final = 240
MOST: Final = 100  # talks of one day


@dataclass(frozen=True)
class Slot:
    """One talk. ``key`` is its time of day in the district, as in an address: ``0930``."""

    key: str
    starts_at: datetime
    ends_at: datetime


def slots(starts_at: datetime, ends_at: datetime, minutes: int, zone: ZoneInfo) -> tuple[Slot, ...]:
    """The talks between two moments, in order. A rest that is too short for a whole talk is none; ``minutes`` 0 makes none."""
    return tuple(_slots(starts_at, ends_at, timedelta(minutes=minutes), zone)) if minutes > 0 else ()


def _slots(begin: datetime, end: datetime, length: timedelta, zone: ZoneInfo) -> Iterator[Slot]:
    while begin + length <= end:
        yield Slot(f"{begin.astimezone(zone):%H%M}", begin, begin + length)
        begin += length
