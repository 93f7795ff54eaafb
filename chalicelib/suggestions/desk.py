"""Suggestions in the browser: the list by whose turn it is or of a year, a suggestion in one view, a new draft."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from chalice.app import Blueprint

from chalicelib.demands import service as demands
from chalicelib.directory import service as directory_service
from chalicelib.directory.model import Directory
from chalicelib.errors import Invalid
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.settings import settings
from chalicelib.spine.chain import Entry
from chalicelib.suggestions import lists, service
from chalicelib.suggestions.api import year_of
from chalicelib.suggestions.desk_wording import CLASSES, DONE, DRAFT, FACTS, FORMS, GRADES, SAID, STATUS, TONES
from chalicelib.suggestions.lists import Filter
from chalicelib.suggestions.model import PUBLIC, Document, Suggestion
from chalicelib.suggestions.shapes import outcome
from chalicelib.web.asked import page_limit
from chalicelib.web.desk import desk, page, who_did
from chalicelib.web.door import Answer, Request
from chalicelib.web.frame import moved, reader_of
from chalicelib.web.moves import Fault, asked, fault_of

routes = Blueprint(__name__)

Act = Callable[..., Suggestion]
Given = Mapping[str, Any]
MOST_YEARS: Final = 6  # to choose from


@desk(routes, "GET /work/suggestions")
def suggestion_list(request: Request) -> Answer:
    """Those whose turn is one's own, or those of a year."""
    query = {name: request.query.get(name, "") for name in ("year", "status", "body", "class")}
    found = _found(request, query["year"], Filter(query["status"], query["body"], query["class"]))
    return page(
        request,
        "work_suggestions.html",
        items=found.items,
        next=found.next,
        query=query,
        years=_years(request.now),
        status_names=STATUS,
        classes=CLASSES,
        directory=directory_service.edition(request.now),
        now=request.now,
    )


def _found(request: Request, year: str, wanted: Filter) -> lists.Page:
    limit, cursor = page_limit(request), request.query.get("cursor", "")
    if year:
        return lists.of_year(year_of(year), request.actor, wanted, limit=limit, cursor=cursor)
    return lists.desk(request.actor, wanted, limit=limit, cursor=cursor)


def _years(now: datetime) -> list[int]:
    this = now.astimezone(settings.zone).year
    return [this - back for back in range(MOST_YEARS)]


# A new one


@desk(routes, "GET /work/suggestions/new")
def new_suggestion(request: Request) -> Answer:
    """A draft that is not there yet, with the name of the common demand that it begins from (``?demand=``)."""
    demand = form.plain(request.query.get("demand", ""))
    name = demands.loaded(demand, request.actor).name if demand else ""
    return _new(request, filled={"demands": demand, "title": name})


def _new(request: Request, status: int = 200, **context: Any) -> Answer:
    given = {"typed": {}, "fault": None, "filled": {}, "done": ""} | context
    given["filled"] = {"draft": given["filled"]}
    return page(
        request, "work_suggestion_new.html", status, form=DRAFT, directory=directory_service.edition(request.now), **given
    )


def _drafted_again(request: Request, done: Remembered) -> Answer:
    return moved(f"{done.dossier}?done=draft", request)


@desk(routes, "POST /work/suggestions/new", again=_drafted_again)
def draft_suggestion(request: Request) -> Answer:
    """Begin one."""
    id, sent = service.new_id(), request.form
    try:
        given = asked(DRAFT, sent)
        named = _numbers(given["demands"])
        service.draft(id, given["title"], given["text"], named, by=request.actor, now=request.now, also=request.once(id))
    except Invalid as refused:
        return _new(request, 422, typed={"draft": sent}, fault=fault_of("draft", refused, SAID))
    return moved(f"{id}?done=draft", request)


def _numbers(text: str) -> list[str]:
    return [form.plain(number) for number in re.split(r"[\s,，、]+", text) if number]


# One


@desk(routes, "GET /work/suggestions/{suggestion_id}")
def suggestion_view(request: Request) -> Answer:
    """A suggestion in one view."""
    return _suggestion(request, service.loaded(_id(request), request.actor), done=request.query.get("done", ""))


def _again(request: Request, done: Remembered) -> Answer:
    return moved(f"{done.dossier}?done={request.form.get('move', '')}", request)


@desk(routes, "POST /work/suggestions/{suggestion_id}", again=_again)
def move_suggestion(request: Request) -> Answer:
    """One move."""
    move, sent, id = request.form.get("move", ""), request.form, _id(request)
    if move not in FORMS:
        raise Invalid("move", f"'{move}' is none of {', '.join(FORMS)}")
    try:
        _act(move, id, asked(FORMS[move], sent))(by=request.actor, now=request.now, also=request.once(id))
    except Invalid as refused:
        suggestion = service.loaded(id, request.actor)
        return _suggestion(request, suggestion, 422, typed={move: sent}, fault=fault_of(move, refused, SAID))
    return moved(f"{id}?done={move}", request)


def _id(request: Request) -> str:
    return form.plain(request.params["suggestion_id"])


def _act(move: str, id: str, given: Given) -> Act:
    """What to do with this suggestion, with what was given."""
    return _ACTS[move](id, given) if move in _ACTS else partial(service.move, move, id, **given)


def _edit(id: str, given: Given) -> Act:
    named = _numbers(given["demands"])
    return partial(service.edit, id, title=given["title"], text=given["text"], demand_ids=named, renew=given["renew"])


def _document(id: str, given: Given) -> Act:
    return partial(service.document, id, Document(given["title"], given["number"], given["date"], given["url"]))


def _reply(id: str, given: Given) -> Act:
    return partial(service.reply, id, given["class"], given["text"], given["reason"])


def _plain(act: Act) -> Callable[[str, Given], Act]:
    return lambda suggestion, given: partial(act, suggestion, **given)


# By move; those that are not here need only what they are given.
_ACTS: Final[Mapping[str, Callable[[str, Given], Act]]] = {
    **{name: _plain(getattr(service, name)) for name in ("invite", "cosign", "decline", "submit", "accept", "hand_over")},
    **{name: _plain(getattr(service, name)) for name in ("assign", "ask_extension", "extend", "refuse_extension", "evaluate")},
    "edit": _edit,
    "merge": lambda suggestion, given: partial(service.merge, suggestion, form.plain(given["into"]), given["reason"]),
    "reassign": _plain(service.assign),
    "reply": _reply,
    "document": _document,
}


def _suggestion(
    request: Request,
    suggestion: Suggestion,
    status: int = 200,
    *,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    fault: Fault | None = None,
    done: str = "",
) -> Answer:
    directory, clock = directory_service.edition(request.now), suggestion.clock
    legal = {move.name for move in suggestion.legal_moves(request.actor)}
    return page(
        request,
        "work_suggestion.html",
        status,
        suggestion=suggestion,
        status_name=STATUS[suggestion.status],
        classes=CLASSES,
        grades=GRADES,
        concerned=suggestion.concerns(request.actor),
        documents=[outcome(each) for each in suggestion.documents],
        due_at=clock.due_at if clock and not clock.closed else None,
        overdue=suggestion.overdue(request.now),
        happened=[_told(entry, request, directory) for entry in reversed(service.timeline(suggestion)) if entry.type in FACTS],
        public_url=f"{settings.base_url}/open/suggestions/{suggestion.id}" if suggestion.status in PUBLIC else "",
        forms={name: each for name, each in FORMS.items() if name in legal},
        filled=_filled(suggestion) if "edit" in legal else {},
        typed=typed or {},
        fault=fault,
        done=DONE.get(done, ""),
        directory=directory,
    )


def _filled(suggestion: Suggestion) -> dict[str, dict[str, str]]:
    words = {"title": suggestion.title, "text": suggestion.text, "demands": ", ".join(suggestion.demands)}
    return {"edit": words}


def _told(entry: Entry, request: Request, directory: Directory) -> dict[str, Any]:
    reader, data = reader_of(request), entry.data
    named = [directory.deputy(each) for each in data.get("deputies", [data.get("deputy", "")])]
    body = directory.body(str(data.get("body", "")))
    values = {
        "who": who_did(entry, directory, reader),
        "body": body.name(reader.language) if body else "",
        "deputies": reader.say(", ").join(each.name(reader.language) for each in named if each),
        "class": _said(CLASSES, data.get("class"), request),
        "attitude": _said(GRADES, data.get("attitude"), request),
        "result": _said(GRADES, data.get("result"), request),
        **{name: str(data.get(name, "")) for name in ("number", "until", "title")},
    }
    words = "\n".join(str(data[name]) for name in ("text", "reason") if data.get(name))
    return {
        "at": entry.at, "headline": reader.say(FACTS[entry.type], **values), "words": words,
        "tone": TONES.get(entry.type, ""),
    }  # fmt: skip


def _said(names: Mapping[str, str], value: Any, request: Request) -> str:
    return reader_of(request).say(names[str(value)]) if value in names else ""
