"""Oversight of what was promised and not kept as JSON: each view parses, calls one use case and shapes the answer."""

from typing import Annotated

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib.files.model import MOST_AT_ONCE
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.spine.chain import Entry
from chalicelib.supervision import service
from chalicelib.supervision.model import LONGEST_TITLE, Item
from chalicelib.supervision.service import Look
from chalicelib.supervision.shapes import ItemsListed, ItemWhole, item_line, item_whole
from chalicelib.web.asked import Name, Nothing, Reason, Text, page_limit
from chalicelib.web.door import Answer, Request, door, shown

routes = Blueprint(__name__)

Title = Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
Id = Annotated[str, Meta(max_length=100)]
FileIds = Annotated[list[Id], Meta(max_length=MOST_AT_ONCE)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
ItemAnswer = Annotated[Answer, ItemWhole]


class OpenRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The ``title`` becomes public when the item is overdue: no names, no addresses. ``of`` is an id that it is about."""

    title: Title
    body: Name
    text: Text
    category: Id = ""
    of: Id = ""


class NoticeRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be set right. ``body`` only where the item has none yet."""

    text: Text
    body: Id = ""


class RectifyRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What was done; ``files`` are ids of files sent (POST /v1/files)."""

    text: Text
    files: FileIds = []


class VerifyRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What you saw, where you stood (degrees, WGS 84), and pictures (ids of files sent)."""

    passes: bool
    text: Text
    lat: Latitude
    lon: Longitude
    files: Annotated[list[Id], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class DropRequest(msgspec.Struct, forbid_unknown_fields=True):
    reason: Reason


@door(routes, "GET /v1/supervision")
def list_supervision(request: Request) -> Annotated[Answer, ItemsListed]:
    """A list: a body's own; for the others ``list`` = opened, due, verify, passed (what waits for whom), or all."""
    page = service.listed(
        request.actor, request.query.get("list", ""), limit=page_limit(request), cursor=request.query.get("cursor", "")
    )
    return shown(ItemsListed([item_line(item, request.now) for item in page.items], page.next))


def _id(request: Request) -> str:
    return form.plain(request.params["item_id"])


def _shown(item: Item, request: Request, status: int = 200, entries: list[Entry] | None = None) -> Answer:
    whole = item_whole(item, entries, request.actor, request.now)
    return shown(whole, status, {"ETag": f'"{item.version}"'})


def _again(request: Request, done: Remembered) -> Answer:
    return _shown(service.loaded(done.dossier, request.actor), request)


@door(routes, "GET /v1/supervision/{item_id}")
def show_supervision(request: Request) -> ItemAnswer:
    """An item in full."""
    item = service.loaded(_id(request), request.actor)
    return _shown(item, request, entries=service.timeline(item))


def _opened_again(request: Request, done: Remembered) -> Answer:
    return _shown(service.loaded(done.dossier, request.actor), request, 201)


@door(routes, "POST /v1/supervision", again=_opened_again)
def open_supervision(request: Request, asked: OpenRequest) -> ItemAnswer:
    """Open an item by hand."""
    id = service.new_id()
    known = {"category": asked.category, "of": form.plain(asked.of)}
    item = service.open_by_hand(
        id, asked.title, asked.body, asked.text, by=request.actor, now=request.now, also=request.once(id), **known
    )
    return _shown(item, request, 201)


@door(routes, "POST /v1/supervision/{item_id}/notice", again=_again)
def give_notice(request: Request, asked: NoticeRequest) -> ItemAnswer:
    """Give the body notice; the date by which it is to be set right follows from the directory's promise 'rectify'."""
    id = _id(request)
    item = service.notice(id, asked.text, body=asked.body, by=request.actor, now=request.now, also=request.once(id))
    return _shown(item, request)


@door(routes, "POST /v1/supervision/{item_id}/rectify", again=_again)
def show_rectified(request: Request, asked: RectifyRequest) -> ItemAnswer:
    """Show what was done; keeps the promise."""
    id = _id(request)
    return _shown(
        service.rectify(id, asked.text, asked.files, by=request.actor, now=request.now, also=request.once(id)), request
    )


@door(routes, "POST /v1/supervision/{item_id}/verify", again=_again)
def verify_on_site(request: Request, asked: VerifyRequest) -> ItemAnswer:
    """Say what you saw on the spot. Two deputies pass it, or it begins again."""
    id, look = _id(request), Look(asked.passes, asked.text, (asked.lat, asked.lon), tuple(asked.files))
    return _shown(service.verify(id, look, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "POST /v1/supervision/{item_id}/close", again=_again)
def close_supervision(request: Request, asked: Nothing) -> ItemAnswer:  # noqa: ARG001 - a body is refused
    """Close what has passed."""
    id = _id(request)
    return _shown(service.close(id, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "POST /v1/supervision/{item_id}/drop", again=_again)
def drop_supervision(request: Request, asked: DropRequest) -> ItemAnswer:
    """Say why it was no matter for supervision."""
    id = _id(request)
    return _shown(service.drop(id, asked.reason, by=request.actor, now=request.now, also=request.once(id)), request)
