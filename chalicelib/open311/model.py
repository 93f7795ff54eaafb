"""Open311 GeoReport v2: the nouns and rules of the specification. Pure. https://wiki.open311.org/GeoReport_v2/"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, cast

from chalicelib.cases.model import CLOSED, Case
from chalicelib.errors import Refused

Form = Literal["json", "xml"]
Status = Literal["open", "closed"]

LONGEST_SPAN: Final = timedelta(days=90)
MOST: Final = 1_000  # requests of one answer, and cases looked at for it
MOST_IDS: Final = 100
NO_MOMENT: Final = "write it as 2026-11-24T12:00:00+08:00, or with Z"


@dataclass(frozen=True)
class Fault:
    """One fault of a request as the specification tells it. ``code`` is an HTTP status."""

    code: int
    description: str


class Rejected(Refused):
    """What the specification answers with a list of faults: 400, 403 or 404."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.description for fault in faults), "open311")
        self.faults, self.status = faults, faults[0].code


def rejected(description: str, status: int = 400) -> Rejected:
    """One fault."""
    return Rejected(Fault(status, description))


@dataclass(frozen=True)
class Wanted:
    """Which requests are asked for. ``ids`` override all else."""

    first: datetime
    last: datetime
    ids: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    page: int = 1
    size: int = MOST
    cursor: str = ""

    def fits(self, case: Case) -> bool:
        """Whether a case is of the services and the states that are asked for; a service holds all that is below it."""
        of_service = not self.services or any(
            case.category == service or case.category.startswith(f"{service}/") for service in self.services
        )
        return of_service and (not self.statuses or status_of(case) in self.statuses)


def status_of(case: Case) -> Status:
    """Closed is what nobody works on any more; an answer alone closes nothing, the resident has the last word."""
    return "closed" if case.status in CLOSED else "open"


def code_of(category: str) -> str:
    """A category as a service's code. It is one part of a path, so dots part its own: heating.supply.cold-flat"""
    return category.replace("/", ".")


def category_of(code: str) -> str:
    """The category of a service's code."""
    return code.strip().replace(".", "/")


def document(name: str) -> tuple[str, Form]:
    """The name and the format of what is asked for: ``requests.xml``. Raises Rejected (404)."""
    stem, _, form = name.rpartition(".")
    if form not in ("json", "xml") or not stem:
        raise rejected(f"There is no '{name}' here; a name ends with .json or .xml", 404)
    return stem, cast(Form, form)


def wanted(query: Mapping[str, str], now: datetime) -> Wanted:
    """What a query asks for. Raises Rejected with every fault of it."""
    faults: list[Fault] = []
    first, last = _span(query, now, faults)
    asked = Wanted(
        first,
        last,
        ids=_listed(query.get("service_request_id", "")),
        services=tuple(map(category_of, _listed(query.get("service_code", "")))),
        statuses=_listed(query.get("status", "")),
        page=_number(query, "page", 1, faults),
        size=_number(query, "page_size", MOST, faults),
        cursor=query.get("cursor", ""),
    )
    faults += [Fault(400, f"'{status}' is no status; it is open or closed") for status in asked.statuses if not _known(status)]
    if len(asked.ids) > MOST_IDS:
        faults.append(Fault(400, f"{len(asked.ids)} ids are too many; {MOST_IDS} is the most"))
    if asked.page * asked.size > MOST and asked.page > 1:
        faults.append(Fault(400, f"Pages reach to the {MOST:,}th request; follow the Link header, or ask for a shorter time"))
    if faults:
        raise Rejected(*faults)
    return asked


def _known(status: str) -> bool:
    return status in ("open", "closed")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _number(query: Mapping[str, str], name: str, default: int, faults: list[Fault]) -> int:
    text = query.get(name, str(default))
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MOST:
        return int(text)
    faults.append(Fault(400, f"{name} '{text}' is no number from 1 to {MOST}"))
    return default


def _span(query: Mapping[str, str], now: datetime, faults: list[Fault]) -> tuple[datetime, datetime]:
    """The last 90 days if nothing is said; with one end given, 90 days from there."""
    first, last = (_moment(query, name, faults) for name in ("start_date", "end_date"))
    if first and last and not timedelta() <= last - first <= LONGEST_SPAN:
        faults.append(Fault(400, "From start_date to end_date are 0 to 90 days"))
    if first and not last:
        last = min(first + LONGEST_SPAN, max(now, first))
    last = last or now
    return first or _before(last), last


def _before(last: datetime) -> datetime:
    return max(last, _EARLIEST + LONGEST_SPAN) - LONGEST_SPAN


_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)  # nothing is older
_LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)


def _moment(query: Mapping[str, str], name: str, faults: list[Fault]) -> datetime | None:
    if not (text := query.get(name, "").strip()):
        return None
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))  # a plus that was not encoded is read as a blank
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not _EARLIEST <= moment <= _LATEST:
        faults.append(Fault(400, f"{name} '{text}' is no moment with its offset; {NO_MOMENT}"))
        return None
    return moment
