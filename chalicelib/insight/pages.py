"""Public figures as a page: the three rates by whatever one likes to cut them, and what was counted. One query a page."""

from typing import Any, Final

from chalice.app import Blueprint

from chalicelib.directory import service as directory_service
from chalicelib.errors import Refused
from chalicelib.insight import service
from chalicelib.insight.api import asked
from chalicelib.insight.model import RATES, rate
from chalicelib.insight.service import Figures
from chalicelib.insight.tally import Counts
from chalicelib.insight.wording import FACTS, SCOPES, SECTIONS
from chalicelib.insight.wording import RATES as RATE_NAMES
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import page, reader_of, to_be_kept
from chalicelib.web.reader import N_
from chalicelib.web.refusal import refused_page

routes = Blueprint(__name__)

NO_FIGURES: Final = (N_("There are no such figures"), N_("Choose below how they are cut, and of which year."))


def _none(refused: Refused, request: Request | None) -> Answer:
    return refused_page(refused, request, NO_FIGURES if refused.status == 422 else None)


@door(routes, "GET /open/figures", refuse=_none)
def figures_page(request: Request) -> Answer:
    """The figures of a scope and a period. Answers 304 to who has them already."""
    scope, period = asked(request)
    directory = directory_service.edition(request.now)
    found = service.figures(scope, period, directory)
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
        lines=_sections(found) if scope == "section" else _lines(found, reader_of(request).language),
        percent=_percent,
        keep=f"&scope={scope}&period={period}",
    )
    return to_be_kept(answer, request)


def _lines(found: Figures, language: str) -> list[dict[str, Any]]:
    """A line of each, in the order of their ids: nobody is ranked."""
    return [
        {
            "name": (line.name_zh if language == "zh" else line.name_en) or line.id,
            "depth": line.id.count("/") if found.scope == "category" else 0,
            "counts": line.counts,
        }
        for line in found.lines
    ]


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
