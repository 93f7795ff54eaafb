"""What everyone may see of oversight: which bodies are overdue with what, and how deputies have appraised them.

Nobody's words and no person stand on these pages, but the title that people gave an item knowing that it becomes public.
"""

from typing import Final

from chalice.app import Blueprint

from chalicelib.directory import service as directory_service
from chalicelib.directory.model import Directory
from chalicelib.errors import Refused
from chalicelib.people import form
from chalicelib.supervision import ballots, service
from chalicelib.supervision.appraisal import FEWEST_BALLOTS, Appraisal
from chalicelib.supervision.model import Item
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import page
from chalicelib.web.reader import N_
from chalicelib.web.refusal import refused_page

routes = Blueprint(__name__)

NO_APPRAISAL: Final = (N_("There is no such appraisal"), N_("Check that the address was copied whole."))
WHY: Final = {
    "by_hand": "",
    "breach": N_("A promised date was missed and not made good"),
    "dissatisfied": N_("A reply to deputies did not satisfy twice"),
    "breaches": N_("Many residents’ messages on one matter went overdue"),
}
CRITERIA: Final = {"promises": N_("Keeps its promises"), "results": N_("Gets results"), "attitude": N_("Attitude")}
GRADES: Final = {
    "satisfied": N_("satisfied"), "basically": N_("basically satisfied"), "dissatisfied": N_("not satisfied"),
}  # fmt: skip
STANDING: Final = {
    "called": N_("It has been called and has not begun."),
    "opened": N_("Deputies are filling in their ballots."),
    "sealed": N_("The urn is open: ballots are being cast."),
    "closed": N_("The urn is closed and is being counted."),
    "published": N_("The ballots have been counted."),
    "cancelled": N_("It was called off; nothing was counted."),
}
A_PAGE: Final = 50


def _none(refused: Refused, request: Request | None) -> Answer:
    return refused_page(refused, request, NO_APPRAISAL if refused.status == 404 else None)


@door(routes, "GET /open/supervision", refuse=_none)
def overdue_list(request: Request) -> Answer:
    """What bodies were given notice of and have not set right in time. Reckoned at this moment."""
    found, directory = service.overdue(request.now, request.query.get("cursor", "")), directory_service.edition(request.now)
    return page(
        request,
        "supervision_overdue.html",
        district=directory.district,
        items=[_line(item, directory) for item in found.items],
        next=found.next,
    )


def _line(item: Item, directory: Directory) -> dict[str, object]:
    return {
        "body": directory.body(item.body),
        "title": item.title,
        "why": WHY[item.cause],
        "category": directory.category(item.category),
        "since": item.clock.started_at if item.clock else item.created_at,
        "due": item.due_at,
        "failures": item.failures,
    }


@door(routes, "GET /open/appraisals", refuse=_none)
def appraisal_list(request: Request) -> Answer:
    """Every appraisal there was."""
    found = ballots.listed(limit=A_PAGE, cursor=request.query.get("cursor", ""))
    return page(
        request,
        "appraisal_list.html",
        district=directory_service.edition(request.now).district,
        appraisals=found.items,
        standing=STANDING,
        next=found.next,
    )


@door(routes, "GET /open/appraisals/{appraisal_id}", refuse=_none)
def appraisal_results(request: Request) -> Answer:
    """How many took part, and once it is counted, which grades each body was given."""
    appraisal, directory = ballots.found(form.plain(request.params["appraisal_id"])), directory_service.edition(request.now)
    return page(
        request,
        "appraisal_results.html",
        district=directory.district,
        appraisal=appraisal,
        standing=STANDING[appraisal.status],
        criteria=[(name, CRITERIA[name]) for name in appraisal.criteria],
        grades=GRADES,
        bodies=[body for body in map(directory.body, appraisal.bodies) if body],
        turnout=_share(appraisal),
        fewest=FEWEST_BALLOTS,
        fingerprint=_grouped(appraisal.key.fingerprint),
    )


def _share(appraisal: Appraisal) -> int:
    """Ballots counted of a hundred who had a vote."""
    return round(100 * appraisal.cast / len(appraisal.electorate)) if appraisal.electorate else 0


def _grouped(digits: str) -> str:
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))
