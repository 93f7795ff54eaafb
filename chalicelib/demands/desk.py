"""Common demands in the browser: the list of those that concern one, and a demand in one view."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from chalice.app import Blueprint

from chalicelib.cases.desk_wording import STATUS as CASE_STATUS
from chalicelib.cases.wording import shown_id
from chalicelib.demands import service
from chalicelib.demands.desk_wording import DONE, FACTS, FORMS, STATUS
from chalicelib.demands.model import PUBLIC, Demand
from chalicelib.directory import service as directory_service
from chalicelib.directory.model import Directory
from chalicelib.errors import Invalid
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.people.roles import DEPUTY
from chalicelib.settings import settings
from chalicelib.spine.chain import Entry
from chalicelib.web.asked import page_limit
from chalicelib.web.desk import desk, page, who_did
from chalicelib.web.door import Answer, Request
from chalicelib.web.frame import moved, reader_of
from chalicelib.web.moves import Fault, asked, fault_of

routes = Blueprint(__name__)

Make = Callable[..., Demand]


@desk(routes, "GET /work/demands")
def demand_list(request: Request) -> Answer:
    """The open demands that concern one, those of most people first."""
    found = service.listed(request.actor, limit=page_limit(request), cursor=request.query.get("cursor", ""))
    directory = directory_service.edition(request.now)
    return page(
        request, "work_demands.html", items=found.items, next=found.next, status_names=STATUS, directory=directory, since=_since
    )


def _since(demand: Demand) -> str:
    return min(demand.days, default="")


@desk(routes, "GET /work/demands/{demand_id}")
def demand_view(request: Request) -> Answer:
    """A demand in one view."""
    return _demand(request, service.loaded(_id(request), request.actor), done=request.query.get("done", ""))


def _again(request: Request, done: Remembered) -> Answer:
    return moved(f"{done.dossier}?done={request.form.get('move', '')}", request)


@desk(routes, "POST /work/demands/{demand_id}", again=_again)
def move_demand(request: Request) -> Answer:
    """One move."""
    sent = {name: text.strip() for name, text in request.form.items()}
    move = sent.get("move", "")
    if move not in FORMS:
        raise Invalid("move", f"'{move}' is none of {', '.join(FORMS)}")
    try:
        made = _make(request, move, asked(FORMS[move], sent))
    except Invalid as refused:
        demand = service.loaded(_id(request), request.actor)
        return _demand(request, demand, 422, typed={move: sent}, fault=fault_of(move, refused))
    return moved(f"{made.id}?done={move}", request)


def _id(request: Request) -> str:
    return form.plain(request.params["demand_id"])


def _numbers(text: str) -> list[str]:
    return [form.plain(number) for number in re.split(r"[\s,，、]+", text) if number]


def _make(request: Request, move: str, given: Mapping[str, Any]) -> Demand:
    demand = service.new_id() if move == "split" else _id(request)  # what a repeated request leads to
    act = _ACTS[move](_id(request), demand, given)
    return act(by=request.actor, now=request.now, also=request.once(demand))


def _plain(move: str) -> Callable[[str, str, Mapping[str, Any]], Make]:
    return lambda demand, _, given: partial(service.move, move, demand, **given)


# By move: what to do with this demand (and the new one), with what was given.
_ACTS: Final[Mapping[str, Callable[[str, str, Mapping[str, Any]], Make]]] = {
    **{move: _plain(move) for move in ("confirm", "rename", "dismiss", "answer", "resolve")},
    "take_up": lambda demand, _, __: partial(service.take_up, demand),
    "support": lambda demand, _, __: partial(service.support, demand),
    "assign": lambda demand, _, given: partial(service.assign, demand, given["body"], given["reason"]),
    "promise": lambda demand, _, given: partial(service.promise, demand, given["text"], given["until"]),
    "merge": lambda demand, _, given: partial(service.merge, demand, form.plain(given["into"]), given["reason"]),
    "take_out": lambda demand, _, given: partial(service.take_out, demand, form.plain(given["case"]), given["reason"]),
    "split": lambda demand, new, given: partial(service.split, demand, new, _numbers(given["cases"]), given["name"]),
}


def _demand(
    request: Request,
    demand: Demand,
    status: int = 200,
    *,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    fault: Fault | None = None,
    done: str = "",
) -> Answer:
    directory = directory_service.edition(request.now)
    legal = {move.name for move in demand.legal_moves(request.actor)}
    return page(
        request,
        "work_demand.html",
        status,
        demand=demand,
        number=shown_id(demand.id),
        status_name=STATUS[demand.status],
        members=service.members(demand),
        case_status=CASE_STATUS,
        happened=[_told(entry, request, directory) for entry in reversed(service.timeline(demand)) if entry.type in FACTS],
        public_url=f"{settings.base_url}/open/demands/{demand.id}" if demand.status in PUBLIC else "",
        since=_since(demand),
        may_suggest=request.actor.role == DEPUTY and demand.status in PUBLIC,
        forms={name: form for name, form in FORMS.items() if name in legal},
        typed=typed or {},
        fault=fault,
        done=DONE.get(done, ""),
        directory=directory,
        shown_id=shown_id,
        now=request.now,
    )


def _told(entry: Entry, request: Request, directory: Directory) -> dict[str, Any]:
    reader = reader_of(request)
    body = directory.body(str(entry.data.get("body", "")))
    values = {
        "who": who_did(entry, directory, reader),
        "body": body.name(reader.language) if body else "",
        "name": str(entry.data.get("name", "")),
        "people": str(entry.data.get("people", "")),
        "until": str(entry.data.get("until", "")),
    }
    said = str(entry.data.get("text") or entry.data.get("reason") or "")
    return {"at": entry.at, "headline": reader.say(FACTS[entry.type], **values), "words": said}
