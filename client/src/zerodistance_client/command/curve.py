"""Messages a day as a line of bars. Pure."""

from collections.abc import Mapping
from datetime import date
from math import ceil
from typing import Final

BARS: Final = "▁▂▃▄▅▆▇█"
NONE: Final = "·"


def curve(days: Mapping[str, int], today: date, longest: int = 40) -> str:
    """From the first day (ISO date → messages) to today, a bar a day, or a bar for several where that were more than
    ``longest``. A dot is a day on which nobody wrote."""
    dated = {date.fromisoformat(day): count for day, count in days.items()}
    if not dated:
        return ""
    first, last = min(dated), max(today, *dated)
    width = ceil(((last - first).days + 1) / longest)
    sums = [0] * ceil(((last - first).days + 1) / width)
    for day, count in dated.items():
        sums[(day - first).days // width] += count
    return "".join(_bar(count, max(sums)) for count in sums)


def _bar(count: int, most: int) -> str:
    return BARS[ceil(count * len(BARS) / most) - 1] if count > 0 else NONE
