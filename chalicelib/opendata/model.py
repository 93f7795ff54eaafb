"""Open data of cases: a row each, without words, names, numbers or times of day. Pure.

A row that few others are like could be told to be of one household. So a neighbourhood is named only where at least ``ENOUGH``
rows of the same answer have it and the same topic; else its ward is, under the same rule, and else nothing. Every answer
holds so for itself, and so does what is put together from several: a row is only ever told more vaguely than that.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.cases.model import Case
from chalicelib.directory.model import Directory
from chalicelib.open311.model import status_of
from chalicelib.spine.clock import Clock
from chalicelib.web.reader import N_

ENOUGH: Final = 3

# The data dictionary: each column with what it says.
COLUMNS: Final[dict[str, str]] = {
    "received_on": N_("The day on which it came in, in the district’s zone"),
    "category": N_("What it is about: the directory’s id, from the widest to the narrowest"),
    "category_zh": N_("The same in Chinese"),
    "category_en": N_("The same in English"),
    "area": N_(
        "The neighbourhood or, where too few rows are like it, the ward; empty where even these are too few or none is known"
    ),
    "area_zh": N_("The same in Chinese"),
    "area_en": N_("The same in English"),
    "body": N_("The body that answers for it; empty while none was found"),
    "body_zh": N_("The same in Chinese"),
    "body_en": N_("The same in English"),
    "urgency": N_("urgent or normal; what may be a danger to life is not published"),
    "status": N_("open or closed; an answer alone closes nothing, the resident has the last word"),
    "answer_promise": N_(
        "kept, late (answered after the promised time), overdue (not answered yet), running, or empty if none is owed"
    ),
    "answered_on": N_("The day of the last answer that met the promise"),
    "outcome": N_("solved or not_solved, as the resident says; silence, if nothing more was heard; empty if not said yet"),
    "satisfaction": N_("1 (not at all) to 5 (very), as the resident says; empty if not said"),
    "closed_on": N_("The day on which it was closed"),
    "lat": N_("Degrees north (WGS 84) of the area’s middle, not of the matter"),
    "lon": N_("Degrees east (WGS 84) of the area’s middle, not of the matter"),
}


@dataclass(frozen=True)
class Row:
    """One case as it is published. The fields are the columns; what is not known is None."""

    received_on: date
    category: str
    category_zh: str
    category_en: str
    area: str | None
    area_zh: str | None
    area_en: str | None
    body: str | None
    body_zh: str | None
    body_en: str | None
    urgency: str
    status: str
    answer_promise: str | None
    answered_on: date | None
    outcome: str | None
    satisfaction: int | None
    closed_on: date | None
    lat: float | None
    lon: float | None


def rows_of(cases: Iterable[Case], directory: Directory, zone: ZoneInfo, now: datetime) -> list[Row]:
    """The rows of these cases, no one of them alone in its area; in an order that tells no time of day."""
    rows = [_row(case, directory, zone, now) for case in cases]
    rows = _coarser(_coarser(rows, directory, up=True), directory, up=False)
    return sorted((_placed(row, directory) for row in rows), key=_order)


def _row(case: Case, directory: Directory, zone: ZoneInfo, now: datetime) -> Row:
    category, body, answer = directory.category(case.category), directory.body(case.body), case.clocks.get("answer")
    return Row(
        received_on=case.created_at.astimezone(zone).date(),
        category=case.category,
        category_zh=category.name_zh if category else "",
        category_en=category.name_en if category else "",
        area=case.grid or None,
        area_zh=None,
        area_en=None,
        body=body.id if body else None,
        body_zh=body.name_zh if body else None,
        body_en=body.name_en if body else None,
        urgency=case.urgency,
        status=status_of(case),
        answer_promise=_kept(answer, now),
        answered_on=answer.met_at.astimezone(zone).date() if answer and answer.met_at else None,
        outcome=case.verdict or None,
        satisfaction=case.satisfaction or None,
        closed_on=case.closed_at.astimezone(zone).date() if case.closed_at else None,
        lat=None,
        lon=None,
    )


def _kept(answer: Clock | None, now: datetime) -> str | None:
    if answer is None or answer.stopped_at:
        return None
    if answer.met_at:
        return "late" if answer.broken_at else "kept"
    return "overdue" if answer.overdue(now) else "running"


def _coarser(rows: Sequence[Row], directory: Directory, *, up: bool) -> list[Row]:
    """Where too few rows share area and topic: the area around it, or none."""
    alike = Counter(map(_kind, rows))
    return [
        row if alike[_kind(row)] >= ENOUGH else replace(row, area=_around(row.area, directory) if up else None) for row in rows
    ]


def _kind(row: Row) -> tuple[str | None, str]:
    return row.area, row.category.partition("/")[0]


def _around(area: str | None, directory: Directory) -> str | None:
    around = list(directory.around(area or ""))
    return around[1] if len(around) > 1 else None


def _placed(row: Row, directory: Directory) -> Row:
    grid = directory.grid(row.area or "")
    return replace(row, area_zh=grid.name_zh, area_en=grid.name_en, lat=grid.lat, lon=grid.lon) if grid else row


def _order(row: Row) -> tuple[str, ...]:
    return (
        str(row.received_on),
        row.category,
        row.area or "",
        row.body or "",
        row.status,
        str(row.answered_on),
        str(row.closed_on),
    )
