"""The public page of a common demand, for those who did not write: what is being done, and "I have this too".

Nobody's words stand on it, only the name that people gave it, numbers, places and what was said to everyone.

"Counted once" without asking who someone is: one tap for a form, a cookie, and a mark of network and browser kept for two
weeks. Two phones of the same model behind one carrier's address count as one, and one person with two phones as two; both are
offered the form, where they can say what is different with them.
"""

import secrets
from datetime import date, datetime, time
from typing import Final

from chalice.app import Blueprint

from chalicelib.cases import service as cases
from chalicelib.demands import service
from chalicelib.demands.model import PUBLIC, WORKED_ON, Demand
from chalicelib.directory import qr
from chalicelib.directory import service as directory_service
from chalicelib.directory.kinds import Record
from chalicelib.directory.model import Directory
from chalicelib.errors import Conflict, Invalid, NotFound, Refused
from chalicelib.people import form, guard
from chalicelib.people.roles import A_RESIDENT
from chalicelib.people.secret import sign
from chalicelib.settings import settings
from chalicelib.spine.aws import Cancelled
from chalicelib.spine.chain import Entry
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import language_of, moved, page
from chalicelib.web.reader import N_
from chalicelib.web.refusal import refused_page

routes = Blueprint(__name__)

POSTED: Final = ("application/x-www-form-urlencoded",)
A_YEAR: Final = 31_536_000  # seconds
NOON: Final = time(12)
MOST_MERGES: Final = 10  # one after another that a code in a stairwell outlives
NO_DEMAND: Final = (N_("There is no such matter"), N_("Perhaps it is not public yet, or was taken back."))
STALE: Final = N_("This page had been open for long. Please tap once more.")
# What a page that one was sent back to says, by the word in its address.
NOTICES: Final = {
    "counted": N_("You are counted already. Thank you!"),
    "closed": N_("This was answered meanwhile: see below what was said."),
}
STATUS: Final = {
    "confirmed": (N_("Known"), N_("Several residents reported this. It is looked into.")),
    "taken_up": (N_("Taken up"), N_("A deputy has taken this up.")),
    "answered": (N_("Answered"), N_("There is an answer, which you find below.")),
    "reopened": (N_("Opened again"), N_("It was answered, but residents say that it is not solved. It is worked on again.")),
    "resolved": (N_("Solved"), N_("This is done.")),
}
# What everyone may see of what happened, in the order in which it can happen.
TOLD: Final = {
    "confirmed": N_("Recognised as a common matter"),
    "put_together": N_("Recognised as a common matter"),
    "taken_up": N_("Taken up by Deputy %(name)s"),
    "assigned": N_("Given to %(name)s"),
    "promised": N_("Promised by %(name)s"),
    "answered": N_("Answered"),
    "resolved": N_("Solved"),
    "reopened": N_("Residents say that it is not solved"),
    "documented": N_("A document came of it"),
}


def _none(refused: Refused, request: Request | None) -> Answer:
    return refused_page(refused, request, NO_DEMAND if refused.status == 404 else None)


@door(routes, "GET /open/demands/{demand_id}", refuse=_none)
def follow_demand(request: Request) -> Answer:
    """What is being done about it."""
    notice = next((says for word, says in NOTICES.items() if word in request.query), "")
    return _page(_public(request), request, notice)


@door(routes, "POST /open/demands/{demand_id}", content_types=POSTED, refuse=_none)
def join_demand(request: Request) -> Answer:
    """I have this too: one tap becomes a light case, once."""
    demand = _public(request)
    if demand.status not in WORKED_ON:
        return moved("?closed", request)
    if _cookie(demand) in request.cookies:
        return moved("?counted", request)
    try:
        paper = form.read_form(request.form.get("form", ""), request.now)
    except Invalid:
        return _page(demand, request, STALE, 422)
    guard.count_submission(request.address, request.now, solved=False)
    return _joined(demand, paper, request)


def _joined(demand: Demand, paper: form.FormToken, request: Request) -> Answer:
    directory, places = directory_service.edition(request.now), list(demand.grids)
    message = cases.Message(
        id=paper.case_id,
        deputy=_deputy(demand, directory),
        text=demand.name,
        salt=secrets.token_hex(16),
        category=_in_use(directory.category(demand.category_mostly)),
        grid=_in_use(directory.grid(places[0])) if len(places) == 1 else "",
        door="demand",
        language=language_of(request),
        token_hash=form.token_hash(paper.tracking_token),
        demand=demand.id,
    )
    try:
        cases.submit(message, by=A_RESIDENT, now=request.now, also=[guard.once(_mark(demand, request), request.now)])
    except Conflict:
        pass  # the same form sent twice: the first receipt is shown
    except Cancelled:
        return moved("?counted", request)
    answer = moved(f"../../m/{paper.tracking_token}?new=1", request)
    secure = "; Secure" if settings.base_url.startswith("https:") else ""
    answer.headers["Set-Cookie"] = f"{_cookie(demand)}=1; Path=/; Max-Age={A_YEAR}; SameSite=Lax; HttpOnly{secure}"
    return answer


def _cookie(demand: Demand) -> str:
    return f"too-{demand.id}"


def _mark(demand: Demand, request: Request) -> str:
    """A mark of network and browser that says nothing of either."""
    return "too#" + sign("too", demand.id, guard.network(request.address), request.headers.get("user-agent", ""))


def _deputy(demand: Demand, directory: Directory) -> str:
    """Who leads, else whose cases are most; or who is in charge now, where that one has left office."""
    concerned = sorted(demand.deputies, key=lambda name: -demand.deputies[name])
    known = map(directory.deputy, (demand.deputy, *concerned))
    heirs = (heir for deputy in known if deputy for heir in directory.in_charge_after(deputy))
    return next((heir.id for heir in heirs), concerned[0])


def _in_use(record: Record | None) -> str:
    return record.key if record and not record.retired else ""


@door(routes, "GET /open/demands/{demand_id}/qr.svg", refuse=_none)
def demand_qr(request: Request) -> Answer:
    """The code for the stairwell: it leads to this demand's page."""
    picture = qr.svg(f"{settings.base_url}/open/demands/{_public(request).id}")
    return Answer(picture, 200, {"Content-Type": "image/svg+xml", "Cache-Control": "public, max-age=3600"})


def _public(request: Request) -> Demand:
    """The demand, or the one that it was joined to: a code in a stairwell outlives a merge."""
    demand = service.found(form.plain(request.params["demand_id"]))
    for _ in range(MOST_MERGES):
        demand = service.found(demand.merged_into) if demand.merged_into else demand
    if demand.status not in PUBLIC:
        raise NotFound("There is no such demand that is public")
    return demand


def _page(demand: Demand, request: Request, notice: str = "", status: int = 200) -> Answer:
    directory = directory_service.edition(request.now)
    deputy = _deputy(demand, directory)
    code = directory.live_code(deputy)
    return page(
        request,
        "demand.html",
        status,
        demand=demand,
        district=directory.district,
        standing=STATUS[demand.status],
        since=_since(demand),
        grids=[grid for grid in map(directory.grid, demand.grids) if grid],
        body=directory.body(demand.body),
        deputy=directory.deputy(deputy),
        code=code.code if code else "",
        story=[_told(entry, directory) for entry in reversed(service.timeline(demand)) if entry.type in TOLD],
        token=form.new_form(request.now) if demand.status in WORKED_ON else None,
        notice=notice,
    )


def _since(demand: Demand) -> datetime:
    """Noon, in the district, of the day on which the first of them wrote."""
    first = min(demand.days, default="")
    return datetime.combine(date.fromisoformat(first), NOON, settings.zone) if first else demand.created_at


def _told(entry: Entry, directory: Directory) -> dict[str, object]:
    user, body = directory.user(entry.actor), directory.body(str(entry.data.get("body", "")))
    deputy = directory.deputy(user.deputy) if user and user.deputy else None
    return {
        "at": entry.at,
        "what": TOLD[entry.type],
        "who": body or deputy,
        "text": entry.data.get("text", "") or _document(entry),
        "link": entry.data.get("url", ""),
        "suggestion": entry.data.get("suggestion", ""),
        "until": entry.data.get("until", ""),
        "type": entry.type,
    }


def _document(entry: Entry) -> str:
    return f"{entry.data['title']} ({entry.data['number']})" if entry.type == "documented" else ""
