"""Notices with read receipts, and the learning library as JSON: each view parses, calls one use case and shapes the answer."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib.bulletin import library, service
from chalicelib.bulletin.groups import MOST_GROUPS
from chalicelib.bulletin.library import Shelved
from chalicelib.bulletin.model import LONGEST_TEXT, LONGEST_TITLE, MOST_REMIND_DAYS, Content
from chalicelib.bulletin.service import Seen
from chalicelib.bulletin.shapes import (
    ItemsListed,
    ItemWhole,
    NoticesListed,
    NoticeWhole,
    ProgressShown,
    ReadersShown,
    item_line,
    item_whole,
    notice_line,
    notice_whole,
    progress_shown,
    readers_shown,
)
from chalicelib.errors import Invalid
from chalicelib.files import service as files_service
from chalicelib.files.model import MOST_AT_ONCE
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.people.roles import DEPUTY
from chalicelib.web.asked import Name, Nothing, Reason, page_limit
from chalicelib.web.door import Answer, Request, door, shown

routes = Blueprint(__name__)

Title = Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
LongText = Annotated[str, Meta(max_length=LONGEST_TEXT)]
Topic = Annotated[str, Meta(max_length=60)]
Url = Annotated[str, Meta(max_length=1_000)]
Groups = Annotated[list[Name], Meta(min_length=1, max_length=MOST_GROUPS)]
Days = Annotated[int, Meta(ge=0, le=MOST_REMIND_DAYS)]
Files = Annotated[list[Name], Meta(max_length=MOST_AT_ONCE)]
NoticeAnswer = Annotated[Answer, NoticeWhole]
ItemAnswer = Annotated[Answer, ItemWhole]


class NoticeRequest(msgspec.Struct, forbid_unknown_fields=True):
    """``groups``: deputies, officers, managers, supervisors, body:<id>, ward:<grid>. ``remind_days`` 0: nobody is reminded.
    ``files``: ids that POST /v1/files gave, of files that were sent."""

    title: Title
    text: LongText
    groups: Groups
    public: bool = False
    remind_days: Days | None = None
    files: Files = []


class BecauseRequest(msgspec.Struct, forbid_unknown_fields=True):
    reason: Reason


class ItemEditRequest(msgspec.Struct, forbid_unknown_fields=True):
    """An item of the form text needs a ``text``, a file ``files`` (ids that POST /v1/files gave), a link a ``url`` that begins
    https://."""

    title: Title
    text: LongText = ""
    url: Url = ""
    topic: Topic = ""
    files: Files = []

    def content(self, item: str, now: datetime) -> Content:
        """As the model has it, with the files kept for this item."""
        files = files_service.attach(self.files, item, now)
        return Content(title=self.title, topic=self.topic, text=self.text, url=self.url, files=files)


class ItemRequest(ItemEditRequest, kw_only=True, forbid_unknown_fields=True):
    form: Literal["text", "file", "link"]


# Notices


@door(routes, "GET /v1/bulletin")
def list_notices(request: Request) -> Annotated[Answer, NoticesListed]:
    """The notices that you may see, the newest first, with what you read."""
    limit, cursor = page_limit(request), request.query.get("cursor", "")
    page = service.listed(request.actor, request.now, limit=limit, cursor=cursor)
    return shown(NoticesListed([notice_line(seen) for seen in page.items], page.next))


def _notice_id(request: Request) -> str:
    return form.plain(request.params["notice_id"])


def _notice(seen: Seen, request: Request, status: int = 200) -> Answer:
    return shown(notice_whole(seen, request.actor), status, {"ETag": f'"{seen.notice.version}"'})


def _notice_again(request: Request, done: Remembered) -> Answer:
    return _notice(service.seen(done.dossier, request.actor, request.now), request)


def _published_again(request: Request, done: Remembered) -> Answer:
    return _notice(service.seen(done.dossier, request.actor, request.now), request, 201)


@door(routes, "POST /v1/bulletin", again=_published_again)
def publish_notice(request: Request, asked: NoticeRequest) -> NoticeAnswer:
    """A notice to groups; everyone in them is told."""
    id = service.new_id()
    notice = service.publish(
        id, asked.title, asked.text, asked.groups, public=asked.public, remind_days=asked.remind_days,
        files=files_service.attach(asked.files, id, request.now), by=request.actor, now=request.now, also=request.once(id),
    )  # fmt: skip
    return _notice(service.unread(notice, request.actor, request.now), request, 201)


@door(routes, "GET /v1/bulletin/{notice_id}")
def show_notice(request: Request) -> NoticeAnswer:
    """A notice in full. To look is not to acknowledge."""
    return _notice(service.seen(_notice_id(request), request.actor, request.now), request)


@door(routes, "POST /v1/bulletin/{notice_id}/read", again=_notice_again)
def read_notice(request: Request, asked: Nothing) -> NoticeAnswer:  # noqa: ARG001 - a body is refused
    """Acknowledge that you read it; a second time changes nothing."""
    id = _notice_id(request)
    return _notice(service.read(id, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "POST /v1/bulletin/{notice_id}/withdraw", again=_notice_again)
def withdraw_notice(request: Request, asked: BecauseRequest) -> NoticeAnswer:
    """Take it back."""
    id = _notice_id(request)
    notice = service.withdraw(id, asked.reason, by=request.actor, now=request.now, also=request.once(id))
    return _notice(service.seen_as(notice, request.actor, request.now), request)


@door(routes, "GET /v1/bulletin/{notice_id}/readers")
def show_readers(request: Request) -> Annotated[Answer, ReadersShown]:
    """Who of those addressed read it, and who did not."""
    notice = service.loaded(_notice_id(request), request.actor, request.now)
    return shown(readers_shown(service.readers(notice, request.now)))


# The learning library


@door(routes, "GET /v1/library")
def list_library(request: Request) -> Annotated[Answer, ItemsListed]:
    """What there is to learn, the newest first, with your own progress."""
    page = library.listed(request.actor, limit=page_limit(request), cursor=request.query.get("cursor", ""))
    return shown(ItemsListed([item_line(shelved) for shelved in page.items], page.next))


def _item_id(request: Request) -> str:
    """As someone typed it. Of the letters that are read as digits the first one is meant."""
    return "L" + form.plain(request.params["item_id"])[1:]


def _item(shelved: Shelved, request: Request, status: int = 200) -> Answer:
    return shown(item_whole(shelved, request.actor), status, {"ETag": f'"{shelved.item.version}"'})


def _item_again(request: Request, done: Remembered) -> Answer:
    return _item(library.shelved(done.dossier, request.actor), request)


def _added_again(request: Request, done: Remembered) -> Answer:
    return _item(library.shelved(done.dossier, request.actor), request, 201)


@door(routes, "POST /v1/library", again=_added_again)
def add_item(request: Request, asked: ItemRequest) -> ItemAnswer:
    """Something to learn: a text, files or a link."""
    id = service.new_id("L")
    content = asked.content(id, request.now)
    item = library.add(id, asked.form, content, by=request.actor, now=request.now, also=request.once(id))
    return _item(library.as_seen(item, request.actor), request, 201)


@door(routes, "GET /v1/library/progress")
def show_progress(request: Request) -> Annotated[Answer, ProgressShown]:
    """All that a deputy opened or completed: your own, or for manager and supervisor that of ``deputy``."""
    deputy = request.actor.deputy if request.actor.role == DEPUTY else request.query.get("deputy", "")
    if not deputy:
        raise Invalid("deputy", "Say whose progress: ?deputy=<id>", "missing")
    return shown(progress_shown(deputy, library.progress_of(deputy)))


@door(routes, "GET /v1/library/{item_id}")
def show_item(request: Request) -> ItemAnswer:
    """An item in full."""
    return _item(library.shelved(_item_id(request), request.actor), request)


@door(routes, "POST /v1/library/{item_id}/edit", again=_item_again)
def edit_item(request: Request, asked: ItemEditRequest) -> ItemAnswer:
    """Other words."""
    id = _item_id(request)
    content = asked.content(id, request.now)
    item = library.edit(id, content, by=request.actor, now=request.now, also=request.once(id))
    return _item(library.as_seen(item, request.actor), request)


@door(routes, "POST /v1/library/{item_id}/open")
def open_item(request: Request, asked: Nothing) -> ItemAnswer:  # noqa: ARG001 - a body is refused
    """Say that you opened it; the first time is kept, so a repeated request needs no key."""
    item = library.open_item(_item_id(request), by=request.actor, now=request.now)
    return _item(library.as_seen(item, request.actor), request)


@door(routes, "POST /v1/library/{item_id}/complete", again=_item_again)
def complete_item(request: Request, asked: Nothing) -> ItemAnswer:  # noqa: ARG001 - a body is refused
    """Say that you learned it: it counts in your file, once."""
    id = _item_id(request)
    return _item(library.complete(id, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "POST /v1/library/{item_id}/retire", again=_item_again)
def retire_item(request: Request, asked: BecauseRequest) -> ItemAnswer:
    """Take it out of the library; what was learned stays so."""
    id = _item_id(request)
    item = library.retire(id, asked.reason, by=request.actor, now=request.now, also=request.once(id))
    return _item(library.as_seen(item, request.actor), request)
