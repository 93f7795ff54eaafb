"""Open data: the data dictionary, and the cases of a month as files."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from chalice.app import Blueprint

from chalicelib.cases import arrivals, published
from chalicelib.cases.model import Case
from chalicelib.directory import service as directory_service
from chalicelib.errors import Invalid, NotFound
from chalicelib.opendata.files import Cases, as_csv, as_geojson, as_json
from chalicelib.opendata.model import COLUMNS, ENOUGH, Row, rows_of
from chalicelib.settings import settings
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import page
from chalicelib.web.refusal import refused_page

routes = Blueprint(__name__)

MOST: Final = 1_000  # cases looked at for one answer: ten queries
MONTHS_SHOWN: Final = 12
MINUTES: Final = 5  # how long an answer may be kept by others

Write = Callable[[Sequence[Row], str, "str | None"], bytes]
FORMATS: Final[dict[str, tuple[str, Write]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
    "geojson": ("application/geo+json", as_geojson),
}


@dataclass(frozen=True)
class Month:
    """A month in the district's zone: its name (2026-11), its first moment, and the first one after it."""

    name: str
    first: datetime
    after: datetime

    @property
    def before(self) -> str:
        """The month before."""
        return f"{self.first - timedelta(days=1):%Y-%m}"


def month_of(name: str, zone: ZoneInfo) -> Month:
    """The month of this name. Raises Invalid."""
    found = re.fullmatch(r"(2\d{3})-(0[1-9]|1[0-2])", name)
    if found is None:
        raise Invalid("month", f"'{name}' is no month; write it as 2026-11", "bad_month")
    first = datetime(int(found[1]), int(found[2]), 1, tzinfo=zone)
    after = (first + timedelta(days=32)).replace(day=1)
    return Month(f"{first:%Y-%m}", first, after)


@door(routes, "GET /open/data", refuse=refused_page)
def data_dictionary(request: Request) -> Answer:
    """What there is, what each column says, and what is not published."""
    months = [_this_month(request)]
    while len(months) < MONTHS_SHOWN:
        months.append(month_of(months[-1].before, settings.zone))
    return page(
        request,
        "open_data.html",
        district=directory_service.edition(request.now).district,
        columns=COLUMNS,
        enough=ENOUGH,
        formats=tuple(FORMATS),
        months=[month.name for month in months],
        most=MOST,
    )


@door(routes, "GET /open/data/{document}")
def open_data(request: Request) -> Annotated[Answer, Cases]:
    """The cases of a month: ``cases.csv``, ``cases.json`` or ``cases.geojson``."""
    name, _, form = request.params["document"].partition(".")
    if name != "cases" or form not in FORMATS:
        raise NotFound(f"There is no such file; there are {', '.join(f'cases.{known}' for known in FORMATS)}")
    wished = request.query.get("month", "")
    month = month_of(wished, settings.zone) if wished else _this_month(request)
    cases, cursor = _looked(month, request.query.get("cursor", ""))
    return _file(request, month, form, cases, cursor)


def _this_month(request: Request) -> Month:
    return month_of(f"{request.now.astimezone(settings.zone):%Y-%m}", settings.zone)


def _looked(month: Month, cursor: str) -> tuple[list[Case], str | None]:
    """What is public of at most a thousand cases, and where to go on."""
    found: list[Case] = []
    seen = 0
    for part in arrivals.look(month.first, month.after - timedelta(microseconds=1), cursor):
        found += [case for case in part.cases if published.is_public(case) and month.first <= case.created_at < month.after]
        seen += len(part.cases)
        if seen >= MOST:
            return found, part.next
    return found, None


def _file(request: Request, month: Month, form: str, cases: list[Case], cursor: str | None) -> Answer:
    kind, write = FORMATS[form]
    following = _address(form, month.name, cursor) if cursor else None
    rows = rows_of(cases, directory_service.edition(request.now), settings.zone, request.now)
    body = write(rows, month.name, following)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"Content-Type": kind, "ETag": tag, "Cache-Control": f"public, max-age={MINUTES * 60}"}
    if following:
        headers["Link"] = f'<{following}>; rel="next"'
    if request.holds(tag):
        return Answer(b"", 304, headers)
    return Answer(body, 200, headers | {"Content-Disposition": f'attachment; filename="cases-{month.name}.{form}"'})


def _address(form: str, month: str, cursor: str) -> str:
    return f"{settings.base_url}/open/data/cases.{form}?{urlencode({'month': month, 'cursor': cursor})}"
