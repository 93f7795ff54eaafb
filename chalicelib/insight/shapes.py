"""Public figures as JSON. The contract: OpenAPI is generated from it."""

from collections.abc import Mapping

import msgspec

from chalicelib.insight.model import RATES, rate
from chalicelib.insight.service import Figures, Line
from chalicelib.insight.tally import Counts


class Rates(msgspec.Struct, frozen=True):
    """Shares from 0 to 1; null where nobody can be counted. ``in_time``: of cases whose answer was due; ``solved``: of
    residents who said so or not; ``satisfied``: grades 4 and 5 of all grades."""

    in_time: float | None
    solved: float | None
    satisfied: float | None


class Counted(msgspec.Struct, frozen=True):
    """What is counted of cases (received, due, in_time, verdicts, solved, silent, grades, satisfied, declined, withdrawn,
    merged), or of a section by fact ("suggestion.accepted"). What is 0 is left out."""

    counts: dict[str, int]
    rates: Rates


class CountedLine(Counted, frozen=True):
    """One line of a scope: a ward, deputy, body, category, grid, hour of a weekday ("1-08": Monday, 8 to 9) or section."""

    id: str
    name_zh: str
    name_en: str


class FiguresShown(msgspec.Struct, frozen=True):
    """A scope in a year or month. Cases count in the month in which they came in, facts of sections in that of the fact."""

    scope: str
    period: str
    total: Counted
    months: dict[str, Counted]
    lines: list[CountedLine]


def _rates(counts: Counts) -> Rates:
    return Rates(**{name: rate(name, counts) for name in RATES})


def _counted(counts: Mapping[str, int]) -> Counted:
    return Counted(dict(sorted(counts.items())), _rates(counts))


def _line(line: Line) -> CountedLine:
    return CountedLine(dict(sorted(line.counts.items())), _rates(line.counts), line.id, line.name_zh, line.name_en)


def shown_figures(found: Figures) -> FiguresShown:
    """Figures as they are shown."""
    months = {month: _counted(counts) for month, counts in found.months.items()}
    return FiguresShown(found.scope, found.period, _counted(found.total), months, [_line(line) for line in found.lines])
