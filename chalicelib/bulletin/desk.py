"""Notices in the browser: those that are still to be read first, one in full with who has read it, a new one."""

from collections.abc import Mapping
from typing import Any, Final

from chalice.app import Blueprint

from chalicelib.bulletin import service
from chalicelib.bulletin.desk_wording import DONE, GROUPS, NOTICE_FORMS, PUBLISH, SAID, STATUS
from chalicelib.bulletin.groups import BODY, WARD
from chalicelib.bulletin.model import Notice
from chalicelib.bulletin.service import SEES_ALL, Seen
from chalicelib.bulletin.shapes import attached
from chalicelib.directory import service as directory_service
from chalicelib.errors import Invalid
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.settings import settings
from chalicelib.web.asked import page_limit
from chalicelib.web.desk import desk, page
from chalicelib.web.door import Answer, Request
from chalicelib.web.frame import moved, reader_of
from chalicelib.web.moves import Fault, asked, fault_of

routes = Blueprint(__name__)


@desk(routes, "GET /work/bulletin")
def notice_list(request: Request) -> Answer:
    """The notices that one may see: of each page those that one has still to read first, then the newest."""
    found = service.listed(request.actor, request.now, limit=page_limit(request), cursor=request.query.get("cursor", ""))
    items = sorted(found.items, key=lambda seen: not to_read(seen))
    return page(request, "work_bulletin.html", items=items, next=found.next, to_read=to_read, status_names=STATUS)


def to_read(seen: Seen) -> bool:
    """Whether someone has still to read a notice."""
    return seen.mine and seen.read_at is None and seen.notice.status == "published"


# A new one


@desk(routes, "GET /work/bulletin/new")
def new_notice(request: Request) -> Answer:
    """The form of a notice."""
    return _new(request)


def _new(request: Request, status: int = 200, **context: Any) -> Answer:
    given = {"typed": {}, "fault": None, "done": "", "move": "publish", "form": PUBLISH} | context
    return page(request, "work_bulletin_new.html", status, directory=directory_service.edition(request.now), **given)


def _published_again(request: Request, done: Remembered) -> Answer:
    return moved(f"{done.dossier}?done=publish", request)


@desk(routes, "POST /work/bulletin/new", again=_published_again)
def post_notice(request: Request) -> Answer:
    """Publish one."""
    id, sent = service.new_id(), request.form
    try:
        _publish(id, asked(PUBLISH, sent), request)
    except Invalid as refused:
        return _new(request, 422, typed={"publish": sent}, fault=fault_of("publish", refused, SAID))
    return moved(f"{id}?done=publish", request)


def _publish(id: str, given: Mapping[str, Any], request: Request) -> Notice:
    groups = [*given["groups"], *(f"{BODY}{body}" for body in given["bodies"])]
    return service.publish(
        id, given["title"], given["text"], groups, public=given["public"], remind_days=given["remind_days"],
        by=request.actor, now=request.now, also=request.once(id),
    )  # fmt: skip


# One


@desk(routes, "GET /work/bulletin/{notice_id}")
def notice_view(request: Request) -> Answer:
    """A notice in full. To look is not to acknowledge."""
    return _notice(request, service.seen(_id(request), request.actor, request.now), done=request.query.get("done", ""))


def _id(request: Request) -> str:
    return form.plain(request.params["notice_id"])


def _again(request: Request, done: Remembered) -> Answer:
    return moved(f"{done.dossier}?done={request.form.get('move', '')}", request)


@desk(routes, "POST /work/bulletin/{notice_id}", again=_again)
def move_notice(request: Request) -> Answer:
    """Acknowledge that one has read it, or take it back."""
    move, sent, id = request.form.get("move", ""), request.form, _id(request)
    if move not in _ACTS:
        raise Invalid("move", f"'{move}' is none of {', '.join(_ACTS)}")
    try:
        _ACTS[move](id, **asked(NOTICE_FORMS[move], sent), by=request.actor, now=request.now, also=request.once(id))
    except Invalid as refused:
        seen = service.seen(id, request.actor, request.now)
        return _notice(request, seen, 422, typed={move: sent}, fault=fault_of(move, refused, SAID))
    return moved(f"{id}?done={move}", request)


_ACTS: Final[Mapping[str, Any]] = {"read": service.read, "withdraw": service.withdraw}


def _notice(
    request: Request,
    seen: Seen,
    status: int = 200,
    *,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    fault: Fault | None = None,
    done: str = "",
) -> Answer:
    notice = seen.notice
    legal = {move.name for move in notice.legal_moves(request.actor)} - (set() if to_read(seen) else {"read"})
    return page(
        request,
        "work_notice.html",
        status,
        seen=seen,
        notice=notice,
        status_name=STATUS[notice.status],
        groups=[_group(group, request) for group in notice.groups],
        files=attached(notice.files),
        readers=service.readers(notice, request.now) if request.actor.role in SEES_ALL else None,
        public_url=f"{settings.base_url}/open/bulletin/{notice.id}" if notice.worklists[1] else "",
        forms={name: each for name, each in NOTICE_FORMS.items() if name in legal},
        typed=typed or {},
        fault=fault,
        done=DONE.get(done, ""),
        directory=directory_service.edition(request.now),
    )


def _group(group: str, request: Request) -> str:
    """A group as its members call it."""
    directory, reader = directory_service.edition(request.now), reader_of(request)
    if group in GROUPS:
        return reader.say(GROUPS[group])
    kind, _, id = group.partition(":")
    found = {BODY: directory.body, WARD: directory.grid}[f"{kind}:"](id)
    return found.name(reader.language) if found else id
