"""Public figures as the API answers them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zerodistance_client.records import Record, read


@dataclass(frozen=True, kw_only=True)
class Count(Record):
    """What was counted, by name; ``rates`` (in_time, solved, satisfied) from 0 to 1, None where nobody can be counted."""

    counts: Mapping[str, int] = field(default_factory=dict)
    rates: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FigureLine(Count):
    """One line of a scope: a ward, deputy, body, category, grid or section."""

    id: str
    name_zh: str = ""
    name_en: str = ""

    def name(self, language: str) -> str:
        """Its name in ``zh`` or ``en``, or its id where there is none."""
        return (self.name_zh if language == "zh" else self.name_en) or self.id


@dataclass(frozen=True, kw_only=True)
class Figures(Record):
    """A scope in a year or month: all together, and a line for each. Cases count in the month in which they came in."""

    scope: str
    period: str
    total: Count
    months: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[FigureLine, ...] = ()

    @property
    def by_month(self) -> dict[str, Count]:
        """What was counted in each month ("2026-11"), the first one first."""
        return {month: read(Count, given) for month, given in self.months.items()}
