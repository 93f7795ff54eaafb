"""What everyone may read of deputies' suggestions: a year's list, and each with its reply and what came of it.

From the moment a suggestion is accepted. Never a resident's words: of the evidence only how many, where and since when.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalice.app import Blueprint

from chalicelib.directory import service as directory_service
from chalicelib.directory.kinds import Named
from chalicelib.directory.model import Directory
from chalicelib.errors import NotFound, Refused
from chalicelib.people import form
from chalicelib.settings import settings
from chalicelib.spine.chain import Entry
from chalicelib.suggestions import lists, service
from chalicelib.suggestions.api import year_of
from chalicelib.suggestions.desk_wording import CLASSES, GRADES
from chalicelib.suggestions.model import PUBLIC, Suggestion
from chalicelib.suggestions.shapes import outcome
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import page
from chalicelib.web.reader import N_
from chalicelib.web.refusal import refused_page

routes = Blueprint(__name__)

A_PAGE: Final = 50
MOST_MERGES: Final = 10
NO_SUGGESTION: Final = (
    N_("There is no such suggestion"),
    N_("Perhaps it has not been accepted yet, or the link was not copied whole."),
)
STATUS: Final = {
    "accepted": (N_("Accepted"), N_("It has its number. Next it is assigned to those who have to answer it.")),
    "assigned": (N_("Being dealt with"), N_("Those responsible owe a reply.")),
    "replied": (N_("Replied"), N_("There is a reply. The deputy says next whether it satisfies.")),
    "evaluated": (N_("Evaluated"), N_("The deputy has said what they think of the reply.")),
    "closed": (N_("Dealt with"), N_("It is done. Documents may still come of it.")),
}
# What everyone may see of what happened.
TOLD: Final = {
    "submitted": N_("Submitted"),
    "accepted": N_("Accepted"),
    "absorbed": N_("Another suggestion on the same matter was joined to it"),
    "assigned": N_("Assigned to %(name)s"),
    "extended": N_("More time given, until %(until)s"),
    "interim_replied": N_("%(name)s reports how it stands"),
    "replied": N_("%(name)s replied"),
    "evaluated": N_("The deputy’s evaluation"),
    "sent_back": N_("Sent back: it has to be dealt with again"),
    "breached": N_("Overdue: the reply was due %(due)s"),
    "documented": N_("A document came of it"),
    "closed": N_("Closed"),
}
TONES: Final = {"replied": "answer", "documented": "answer", "breached": "late"}


@dataclass(frozen=True)
class Told:
    """One line of what happened: ``what`` is a text of the catalogues, filled from the rest."""

    at: datetime
    what: str
    who: Named | None
    until: str
    due: datetime | None
    text: str
    link: str
    reason: str
    kind: str
    attitude: str
    result: str
    tone: str


def _none(refused: Refused, request: Request | None) -> Answer:
    return refused_page(refused, request, NO_SUGGESTION if refused.status == 404 else None)


@door(routes, "GET /open/suggestions", refuse=_none)
def suggestions_of_year(request: Request) -> Answer:
    """A year's suggestions, the newest first."""
    this_year = request.now.astimezone(settings.zone).year
    year = year_of(request.query["year"]) if request.query.get("year") else this_year
    found = lists.in_public(year, limit=A_PAGE, cursor=request.query.get("cursor", ""))
    directory = directory_service.edition(request.now)
    return page(
        request,
        "suggestions_list.html",
        district=directory.district,
        year=year,
        this_year=this_year,
        lines=[_line(each, title, directory, request.now) for each, title in found.items],
        next=found.next,
        keep=f"&year={year}",
    )


def _line(suggestion: Suggestion, title: str, directory: Directory, now: datetime) -> dict[str, Any]:
    return {
        "id": suggestion.id,
        "number": suggestion.number,
        "title": title,
        "standing": STATUS[suggestion.status][0],
        "kind": CLASSES.get(suggestion.reply_class, ""),
        "body": directory.body(suggestion.body),
        "deputy": directory.deputy(suggestion.deputy),
        "overdue": suggestion.overdue(now),
        "documents": len(suggestion.documents),
    }


@door(routes, "GET /open/suggestions/{suggestion_id}", refuse=_none)
def follow_suggestion(request: Request) -> Answer:
    """What was suggested, what was replied, and what came of it."""
    suggestion, directory = _public(request), directory_service.edition(request.now)
    clock = suggestion.clock
    return page(
        request,
        "suggestions_one.html",
        district=directory.district,
        suggestion=suggestion,
        standing=STATUS[suggestion.status],
        deputies=_known(directory.deputy, suggestion.deputies),
        bodies=_known(directory.body, suggestion.bodies),
        due_at=clock.due_at if clock and not clock.closed else None,
        overdue=suggestion.overdue(request.now),
        evidence=[_seen(each, directory) for each in suggestion.evidence],
        story=[_told(entry, suggestion, directory) for entry in reversed(service.timeline(suggestion)) if entry.type in TOLD],
        documents=[outcome(each) for each in suggestion.documents],
        classes=CLASSES,
        grades=GRADES,
    )


def _public(request: Request) -> Suggestion:
    """The suggestion, or the one that it was joined to."""
    suggestion = service.found(form.plain(request.params["suggestion_id"]))
    for _ in range(MOST_MERGES):
        suggestion = service.found(suggestion.merged_into) if suggestion.merged_into else suggestion
    if suggestion.status not in PUBLIC:
        raise NotFound("There is no such suggestion that is public")
    return suggestion


def _known(find: Any, ids: Iterable[str]) -> list[Named]:
    return [found for found in map(find, ids) if found]


def _seen(evidence: Any, directory: Directory) -> dict[str, Any]:
    """What everyone may see of a demand's figures: the curve by month, places by their names."""
    months: dict[str, int] = {}
    for day, messages in sorted(evidence.days.items()):
        months[day[:7]] = months.get(day[:7], 0) + messages
    return {"of": evidence, "grids": _known(directory.grid, evidence.grids), "months": months}


def _told(entry: Entry, suggestion: Suggestion, directory: Directory) -> Told:
    data = entry.data
    user = directory.user(entry.actor)
    body = str(data.get("body") or (user.body if user else "") or suggestion.body)
    due = data.get("due_at")
    return Told(
        at=entry.at,
        what=TOLD[entry.type],
        who=directory.body(body),
        until=str(data.get("until", "")),
        due=datetime.fromisoformat(str(due)) if due else None,
        text=_text(entry),
        link=str(data.get("url", "")),
        reason=str(data.get("reason", "")) if entry.type in ("replied", "extended") else "",
        kind=CLASSES.get(str(data.get("class", "")), ""),
        attitude=GRADES.get(str(data.get("attitude", "")), ""),
        result=GRADES.get(str(data.get("result", "")), ""),
        tone=TONES.get(entry.type, ""),
    )


def _text(entry: Entry) -> str:
    if entry.type == "documented":
        return f"{entry.data['title']} ({entry.data['number']})"
    return str(entry.data.get("text", ""))
