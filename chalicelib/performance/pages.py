"""The public page of a deputy's year: what the law makes public of it, and what the deputy does.

Counts and rates are public. Points are not, unless the district publishes its ranking. Of a record the page shows kind and
day where its kind is always public, and its words where the deputy shows them; of a resident it shows nothing.
"""

from typing import Final

from chalice.app import Blueprint

from chalicelib.directory import service as directory_service
from chalicelib.directory.kinds import RecordKind
from chalicelib.directory.model import Directory
from chalicelib.errors import Refused
from chalicelib.people.roles import the_system
from chalicelib.performance import filing, service
from chalicelib.performance.model import Line
from chalicelib.performance.telling import COUNT_NAMES, RATE_NAMES, grade, kind_name, percent
from chalicelib.performance.yearfile import YearFile
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import page, reader_of
from chalicelib.web.reader import N_
from chalicelib.web.refusal import refused_page

routes = Blueprint(__name__)

MOST_SHOWN: Final = 100  # records looked through for a page
MOST_YEARS: Final = 6
ANYONE: Final = the_system("public page")
NO_FILE: Final = (N_("There is no such page"), N_("Check the address, or choose a deputy from the list."))
# What is counted of cases, suggestions and activities and told to everyone.
PUBLIC_COUNTS: Final = tuple(name for name in COUNT_NAMES if name not in ("result_satisfied", "result_dissatisfied"))


def _none(refused: Refused, request: Request | None) -> Answer:
    return refused_page(refused, request, NO_FILE if refused.status in (404, 422) else None)


@door(routes, "GET /open/performance", refuse=_none)
def show_deputies(request: Request) -> Answer:
    """The deputies in office, each with a link to their year; in the order of their points only where the district says so."""
    directory = directory_service.edition(request.now)
    year = filing.checked_year(request.query.get("year", ""), request.now, directory)
    ranked = bool(directory.setting("publish_ranking"))
    found = filing.everyone(year, directory) if ranked else {}
    points = {deputy.id: found[deputy.id].points if deputy.id in found else 0 for deputy in directory.deputies}
    deputies = sorted(directory.deputies, key=lambda deputy: (-points[deputy.id], deputy.id)) if ranked else directory.deputies
    return page(
        request, "performance_deputies.html", district=directory.district, deputies=deputies, year=year,
        points=points if ranked else None,
    )  # fmt: skip


@door(routes, "GET /open/performance/{deputy_id}", refuse=_none)
def show_public_file(request: Request) -> Answer:
    """A deputy's year. Two queries."""
    directory = directory_service.edition(request.now)
    file = filing.file_of(request.params["deputy_id"], request.query.get("year", ""), request.now)
    kinds = filing.every_kind(directory)
    language = reader_of(request).language
    lines = service.of_year(file.deputy.id, file.year, by=ANYONE, limit=MOST_SHOWN).items
    return page(
        request,
        "performance_file.html",
        district=directory.district,
        file=file,
        years=_years(file, request, directory),
        totals=[(kind_name(it.kind, kinds, language), it.records) for it in file.standing.totals if _is_public(it.kind, kinds)],
        rates=[
            (name, percent(file.standing.rates[rate]), percent(file.median.rates[rate])) for rate, name in RATE_NAMES.items()
        ],
        grades=(grade(file.standing.satisfaction), grade(file.median.satisfaction)),
        counts=[(COUNT_NAMES[name], file.standing.counts.get(name, 0)) for name in PUBLIC_COUNTS],
        records=[_shown(line, kinds, language) for line in lines if _is_shown(line, kinds)],
    )


def _years(file: YearFile, request: Request, directory: Directory) -> list[str]:
    this = int(filing.checked_year("", request.now, directory))
    return sorted({file.year, *(f"{this - back:04d}" for back in range(MOST_YEARS))}, reverse=True)


def _is_public(kind: str, kinds: dict[str, RecordKind]) -> bool:
    return kind in kinds and kinds[kind].public != "never"


def _is_shown(line: Line, kinds: dict[str, RecordKind]) -> bool:
    record, _ = line
    return record.counts and _is_public(record.category, kinds) and (record.shown or kinds[record.category].public == "always")


def _shown(line: Line, kinds: dict[str, RecordKind], language: str) -> tuple[str, str, str]:
    """The day, the kind, and the words if the deputy shows them."""
    record, summary = line
    return record.day, kind_name(record.category, kinds, language), summary if record.shown else ""
