"""The learning library in the browser: what there is, an item in full, a new one."""

from collections.abc import Mapping
from typing import Any, Final

from chalice.app import Blueprint

from chalicelib.bulletin import library
from chalicelib.bulletin.desk_wording import ADD, DONE, ITEM_FORMS, SAID
from chalicelib.bulletin.library import Shelved
from chalicelib.bulletin.model import Content
from chalicelib.bulletin.service import new_id
from chalicelib.bulletin.shapes import attached
from chalicelib.directory import service as directory_service
from chalicelib.errors import Invalid
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.web.asked import page_limit
from chalicelib.web.desk import desk, page
from chalicelib.web.door import Answer, Request
from chalicelib.web.frame import moved
from chalicelib.web.moves import Fault, asked, fault_of

routes = Blueprint(__name__)


@desk(routes, "GET /work/library")
def library_list(request: Request) -> Answer:
    """What there is to learn, the newest first, with one's own progress."""
    found = library.listed(request.actor, limit=page_limit(request), cursor=request.query.get("cursor", ""))
    return page(request, "work_library.html", items=found.items, next=found.next)


@desk(routes, "GET /work/library/new")
def new_item(request: Request) -> Answer:
    """The form of an item."""
    return _new(request)


def _new(request: Request, status: int = 200, **context: Any) -> Answer:
    given = {"typed": {}, "fault": None, "done": "", "move": "add", "form": ADD} | context
    return page(request, "work_bulletin_new.html", status, directory=directory_service.edition(request.now), **given)


def _added_again(request: Request, done: Remembered) -> Answer:
    return moved(f"{done.dossier}?done=add", request)


@desk(routes, "POST /work/library/new", again=_added_again)
def post_item(request: Request) -> Answer:
    """Add one: a link where an address is given, else a text."""
    id, sent = new_id("L"), request.form
    try:
        content = Content(**asked(ADD, sent))
        kind: Any = "link" if content.url else "text"
        library.add(id, kind, content, by=request.actor, now=request.now, also=request.once(id))
    except Invalid as refused:
        return _new(request, 422, typed={"add": sent}, fault=fault_of("add", refused, SAID))
    return moved(f"{id}?done=add", request)


@desk(routes, "GET /work/library/{item_id}")
def item_view(request: Request) -> Answer:
    """An item in full. When a deputy opens it for the first time, that is kept."""
    id, by = _id(request), request.actor
    if by.deputy:
        library.open_item(id, by=by, now=request.now)
    return _item(request, library.shelved(id, by), done=request.query.get("done", ""))


def _id(request: Request) -> str:
    """As someone typed it. Of the letters that are read as digits the first one is meant."""
    return "L" + form.plain(request.params["item_id"])[1:]


def _again(request: Request, done: Remembered) -> Answer:
    return moved(f"{done.dossier}?done={request.form.get('move', '')}", request)


@desk(routes, "POST /work/library/{item_id}", again=_again)
def move_item(request: Request) -> Answer:
    """A deputy has learned it, or the manager takes it out."""
    move, sent, id = request.form.get("move", ""), request.form, _id(request)
    if move not in _ACTS:
        raise Invalid("move", f"'{move}' is none of {', '.join(_ACTS)}")
    try:
        _ACTS[move](id, **asked(ITEM_FORMS[move], sent), by=request.actor, now=request.now, also=request.once(id))
    except Invalid as refused:
        shelved = library.shelved(id, request.actor)
        return _item(request, shelved, 422, typed={move: sent}, fault=fault_of(move, refused, SAID))
    return moved(f"{id}?done={move}", request)


_ACTS: Final[Mapping[str, Any]] = {"complete": library.complete, "retire": library.retire}


def _item(
    request: Request,
    shelved: Shelved,
    status: int = 200,
    *,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    fault: Fault | None = None,
    done: str = "",
) -> Answer:
    item, by = shelved.item, request.actor
    nothing_left = {"complete"} if shelved.progress.completed_at or not by.deputy else set()
    legal = {move.name for move in item.legal_moves(by)} - nothing_left
    return page(
        request,
        "work_library_item.html",
        status,
        item=item,
        progress=shelved.progress,
        files=attached(item.files),
        forms={name: each for name, each in ITEM_FORMS.items() if name in legal},
        typed=typed or {},
        fault=fault,
        done=DONE.get(done, ""),
        directory=directory_service.edition(request.now),
    )
