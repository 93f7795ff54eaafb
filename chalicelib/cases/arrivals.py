"""Every case, open and closed, by when it came in: a query a page on the shelves of the months (UTC) that a span touches."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.cases.model import Case, shelf_of
from chalicelib.errors import Invalid
from chalicelib.spine import dossiers
from chalicelib.spine.dossier import stamp

PAGE: Final = 100  # cases of one query
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Looked:
    """One page of what came in, without anybody's words; ``next`` is where to go on, or None at the end."""

    cases: tuple[Case, ...]
    next: str | None


def hour_of(moment: datetime) -> datetime:
    """The hour in which a moment lies, UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def look(first: datetime, last: datetime, cursor: str = "") -> Iterator[Looked]:
    """What came in from the hour of ``first`` to the end of the hour of ``last``, the newest first, public or not; one query
    a page. Whoever asks stops when there is enough. Raises Invalid (``cursor``)."""
    between = (stamp(hour_of(first)), stamp(hour_of(last) + HOUR - timedelta(microseconds=1)))
    months = _months(hour_of(first), hour_of(last))
    month, _, place = cursor.partition(".") if cursor else (months[0], "", "")
    if month not in months:
        raise Invalid("cursor", "This cursor is none of ours, or of another time; take it from the answer before", "bad_cursor")
    for name in months[months.index(month) :]:
        yield from _month(name, months, between, place if name == month else "")


def _month(name: str, months: list[str], between: tuple[str, str], place: str) -> Iterator[Looked]:
    later = months[months.index(name) + 1 :]
    while True:
        rows, last = dossiers.shelf(f"case#{name}", limit=PAGE, cursor=place, between=between)
        following = f"{name}.{last}" if last else f"{later[0]}." if later else None
        yield Looked(tuple(dossiers.from_row(Case, row) for row in rows), following)
        if not last:
            return
        place = last


def _months(first: datetime, last: datetime) -> list[str]:
    """The months from the last to the first, as shelves name them."""
    months = [_name(last)]
    while months[-1] > _name(first):
        year, month = map(int, months[-1].split("-"))
        months.append(f"{year - (month == 1):04d}-{(month - 2) % 12 + 1:02d}")
    return months


def _name(moment: datetime) -> str:
    return shelf_of(moment).removeprefix("case#")
