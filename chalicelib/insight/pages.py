"""Public figures as a page: the three rates by whatever one likes to cut them, and what was counted. One query a page."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalice.app import Blueprint
from markupsafe import Markup

from chalicelib.directory import service as directory_service
from chalicelib.directory.kinds import Grid
from chalicelib.errors import Invalid, Refused
from chalicelib.insight import service
from chalicelib.insight.api import asked
from chalicelib.insight.charted import FORMATS, Chart, charts
from chalicelib.insight.model import RATES, rate
from chalicelib.insight.service import Figures, Line
from chalicelib.insight.tally import Counts
from chalicelib.insight.wording import FACTS, SCOPES, SECTIONS
from chalicelib.insight.wording import RATES as RATE_NAMES
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import page, reader_of, root, to_be_kept
from chalicelib.web.maps import Area, area_map
from chalicelib.web.reader import N_
from chalicelib.web.refusal import refused_page

routes = Blueprint(__name__)

MAP: Final = (
    N_("Messages on the map"),
    N_("The darker an area, the more messages came from it; its number stands in the table below."),
)
# The public list that a line of a scope leads to, below the site's root.
LISTS: Final[Mapping[str, str]] = {
    "grid": "open/demands?grid={id}",
    "body": "open/demands?body={id}",
    "category": "open/demands?category={id}",
    "deputy": "open/deputies/{id}",
}
NO_FIGURES: Final = (N_("There are no such figures"), N_("Choose below how they are cut, and of which year."))


def _none(refused: Refused, request: Request | None) -> Answer:
    return refused_page(refused, request, NO_FIGURES if refused.status == 422 else None)


@door(routes, "GET /open/figures", refuse=_none)
def figures_page(request: Request) -> Answer:
    """The figures of a scope and a period, drawn and in tables; ``format`` csv or json gives the numbers behind one ``chart``.

    Answers 304 to who has them already.
    """
    scope, period = asked(request)
    directory = directory_service.edition(request.now)
    found = service.figures(scope, period, directory)
    drawings = charts(found, reader_of(request), LISTS.get(scope, ""))
    if form := request.query.get("format", ""):
        return to_be_kept(_file(drawings, form, request), request)
    drawn = [grid for grid in directory.grids if grid.outline] if scope == "grid" else []
    year, this_year = int(period[:4]), int(service.this_year(request.now))
    answer = page(
        request,
        "figures.html",
        district=directory.district,
        figures=found,
        year=year,
        years=[each for each in (year - 1, year, year + 1) if each <= this_year],
        scopes=SCOPES,
        rate_names=RATE_NAMES,
        lines=_sections(found) if scope == "section" else _lines(found, reader_of(request).language, drawn),
        map=_map(drawn, found, request) if scope == "grid" else "",
        percent=_percent,
        charts=drawings,
        keep=f"&scope={scope}&period={period}",
    )
    return to_be_kept(answer, request)


def _file(drawings: Sequence[Chart], form: str, request: Request) -> Answer:
    """The numbers behind one chart, ``chart`` by its name; the first if none is named."""
    if form not in FORMATS:
        raise Invalid("format", f"There is no format '{form}'; there are {', '.join(FORMATS)}", "unknown_format")
    wanted = request.query.get("chart", "")
    found = next((chart for chart in drawings if wanted in ("", chart.name)), None)
    if found is None:
        known = ", ".join(chart.name for chart in drawings) or "none"
        raise Invalid("chart", f"There is no chart '{wanted}' of these figures; there are {known}", "unknown_chart")
    kind, write = FORMATS[form]
    return Answer(write(found), 200, {"Content-Type": kind})


def _lines(found: Figures, language: str, drawn: Sequence[Grid]) -> list[dict[str, Any]]:
    """A line of each, in the order of their ids: nobody is ranked. What the map shows stands first, by its number there."""
    counted = {line.id: line for line in found.lines}
    mapped = [counted.pop(grid.id, Line(grid.id, grid.name_zh, grid.name_en, {})) for grid in drawn]
    return [
        {
            "number": number,
            "name": (line.name_zh if language == "zh" else line.name_en) or line.id,
            "depth": line.id.count("/") if found.scope == "category" else 0,
            "counts": line.counts,
            "list": LISTS[found.scope].format(id=line.id) if found.scope in LISTS else "",
        }
        for number, line in enumerate([*mapped, *counted.values()], start=1)
    ]


def _map(drawn: Sequence[Grid], found: Figures, request: Request) -> Markup:
    """Each grid as dark as there were messages in it; it leads to what is asked for there."""
    reader, counts = reader_of(request), {line.id: line.counts.get("received", 0) for line in found.lines}
    areas = [
        Area(
            name=grid.name(reader.language),
            outline=grid.ring,
            link=f"{root(request)}{LISTS['grid'].format(id=grid.id)}",
            value=(count := counts.get(grid.id, 0)),
            says=reader.plural("%(num)d message", "%(num)d messages", count),
        )
        for grid in drawn
    ]
    return area_map("map", reader.say(MAP[0]), reader.say(MAP[1]), areas)


def _sections(found: Figures) -> list[dict[str, Any]]:
    """Each section with its facts, both in the order of the table of words."""
    return [
        {"name": name, "facts": [(words, found.total[fact]) for fact, words in FACTS.items() if _of(fact, kind) in found.total]}
        for kind, name in SECTIONS.items()
        if any(line.id == kind for line in found.lines)
    ]


def _of(fact: str, kind: str) -> str:
    return fact if fact.partition(".")[0] == kind else ""


def _percent(name: str, counts: Counts) -> str:
    """A rate with what it is of: "93 % of 28"; a dash where nobody can be counted."""
    found = rate(name, counts)
    return "–" if found is None else f"{found:.0%} ({counts[RATES[name][1]]})"
