"""Supervision in the browser: what is overdue first, an item opened by hand, an item in one view with its moves, appraisals."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Final

from chalice.app import Blueprint

from chalicelib.directory import service as directory_service
from chalicelib.directory.model import Directory
from chalicelib.errors import Invalid, NotFound
from chalicelib.files import service as files
from chalicelib.files.model import JPEG, MOST_AT_ONCE
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.people.roles import DEPUTY, MANAGER, OFFICER, SUPERVISOR
from chalicelib.settings import settings
from chalicelib.spine.chain import Entry
from chalicelib.supervision import ballots, service
from chalicelib.supervision.appraisal import FEWEST_BALLOTS, Appraisal
from chalicelib.supervision.desk_wording import (
    CAUSES,
    DONE,
    FACTS,
    FORMS,
    LISTS,
    OPEN,
    PASSES,
    SAID,
    STATUS,
    TONES,
    WITH_PICTURES,
)
from chalicelib.supervision.model import Item
from chalicelib.supervision.pages import CRITERIA, GRADES, STANDING
from chalicelib.supervision.service import Look
from chalicelib.supervision.shapes import item_whole
from chalicelib.web.asked import page_limit
from chalicelib.web.desk import desk, page, who_did
from chalicelib.web.door import Answer, Request
from chalicelib.web.frame import moved, reader_of
from chalicelib.web.moves import Fault, Form, asked, fault_of

routes = Blueprint(__name__)

Act = Callable[..., Item]
POSITION: Final = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*")


@dataclass(frozen=True)
class Sent:
    """What came with a form: the fields that it asks for, and the ids of pictures that were sent before."""

    given: Mapping[str, Any]
    pictures: tuple[str, ...]


@desk(routes, "GET /work/supervision")
def supervision_list(request: Request) -> Answer:
    """What is overdue stands first; for all but a body there are lists of what waits for whom."""
    name = "" if request.actor.role == OFFICER else request.query.get("list", "due")
    found = service.listed(request.actor, name, limit=page_limit(request), cursor=request.query.get("cursor", ""))
    return page(
        request,
        "work_supervision.html",
        items=found.items,
        next=found.next,
        lists=LISTS,
        list=name,
        causes=CAUSES,
        status_names=STATUS,
        directory=directory_service.edition(request.now),
        now=request.now,
    )


# Opening one by hand


@desk(routes, "GET /work/supervision/new")
def new_supervision(request: Request) -> Answer:
    """A form for an item that is not there yet."""
    return _new(request)


def _new(request: Request, status: int = 200, **context: Any) -> Answer:
    given = {"typed": {}, "fault": None, "done": ""} | context
    return page(
        request, "work_supervision_new.html", status, form=OPEN, directory=directory_service.edition(request.now), **given
    )


def _opened_again(request: Request, done: Remembered) -> Answer:
    return moved(f"{done.dossier}?done=open", request)


@desk(routes, "POST /work/supervision/new", again=_opened_again)
def open_supervision(request: Request) -> Answer:
    """Open it."""
    id, sent = service.new_id(), request.form
    try:
        given = asked(OPEN, sent)
        given |= {"of": form.plain(given["of"])}
        service.open_by_hand(id, **given, by=request.actor, now=request.now, also=request.once(id))
    except Invalid as refused:
        return _new(request, 422, typed={"open": sent}, fault=fault_of("open", refused, SAID))
    return moved(f"{id}?done=open", request)


# One


@desk(routes, "GET /work/supervision/{item_id}")
def supervision_view(request: Request) -> Answer:
    """An item in one view. ``pictures`` are those just sent, for the form that needs them."""
    item = service.loaded(_id(request), request.actor)
    return _item(request, item, done=request.query.get("done", ""), pictures=_pictures(request.query.get("pictures", "")))


@desk(routes, "GET /work/supervision/{item_id}/photos/{file_id}")
def supervision_photo(request: Request) -> Answer:
    """A picture or paper of an item, for five minutes where the bucket shows it."""
    item, wanted = service.loaded(_id(request), request.actor), request.params["file_id"]
    shown, seen = (each.files for each in item.evidence), (each.files for each in item.visits)
    there = {file.id: file for file in chain.from_iterable((*shown, *seen))}
    if wanted not in there:
        raise NotFound(f"There is no file {wanted[:20]} here")
    return moved(files.link(there[wanted]), request)


def _again(request: Request, done: Remembered) -> Answer:
    return moved(f"{done.dossier}?done={request.form.get('move', '')}", request)


@desk(routes, "POST /work/supervision/{item_id}", again=_again)
def move_supervision(request: Request) -> Answer:
    """One move."""
    move, sent, id = request.form.get("move", ""), request.form, _id(request)
    if move not in FORMS:
        raise Invalid("move", f"'{move}' is none of {', '.join(FORMS)}")
    pictures = _pictures(sent.get("pictures", ""))
    try:
        asks = _form(FORMS[move], service.loaded(id, request.actor)) if move == "notice" else FORMS[move]
        given = asked(asks, sent)
        _ACTS[move](id, Sent(given, pictures))(by=request.actor, now=request.now, also=request.once(id))
    except Invalid as refused:
        item, fault = service.loaded(id, request.actor), fault_of(move, refused, SAID)
        return _item(request, item, 422, typed={move: sent}, fault=fault, pictures=pictures)
    return moved(f"{id}?done={move}", request)


def _id(request: Request) -> str:
    return form.plain(request.params["item_id"])


def _pictures(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in text.split(",") if files.is_id(part)))[:MOST_AT_ONCE]


def _form(asks: Form, item: Item) -> Form:
    """A form without the body, where the item has one."""
    if not item.body:
        return asks
    return Form(asks.button, asks.follows, tuple(each for each in asks.fields if each.name != "body"), asks.tone)


def _place(text: str) -> tuple[float, float]:
    """Latitude and longitude as they were typed. Raises Invalid."""
    match = POSITION.fullmatch(text)
    if not match:
        raise Invalid("position", SAID["no_position"], "no_position")
    lat, lon = map(float, match.groups())
    if abs(lat) > 90 or abs(lon) > 180:
        raise Invalid("position", SAID["no_position"], "no_position")
    return lat, lon


def _verify(item: str, sent: Sent) -> Act:
    given = sent.given
    return partial(
        service.verify, item, Look(given["passes"] == "yes", given["text"], _place(given["position"]), sent.pictures)
    )


_ACTS: Final[Mapping[str, Callable[[str, Sent], Act]]] = {
    "notice": lambda item, sent: partial(service.notice, item, **sent.given),
    "rectify": lambda item, sent: partial(service.rectify, item, sent.given["text"], sent.pictures),
    "verify": _verify,
    "close": lambda item, _: partial(service.close, item),
    "drop": lambda item, sent: partial(service.drop, item, sent.given["reason"]),
}


def _item(
    request: Request,
    item: Item,
    status: int = 200,
    *,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    fault: Fault | None = None,
    done: str = "",
    pictures: tuple[str, ...] = (),
) -> Answer:
    directory = directory_service.edition(request.now)
    legal = {move.name for move in item.legal_moves(request.actor)}
    return page(
        request,
        "work_supervision_item.html",
        status,
        item=item,
        whole=item_whole(item, None, request.actor, request.now),
        cause=CAUSES[item.cause],
        status_name=STATUS[item.status],
        of_path=_of_path(item, request),
        happened=[_told(entry, request, directory) for entry in reversed(service.timeline(item)) if entry.type in FACTS],
        forms={name: _form(each, item) for name, each in FORMS.items() if name in legal},
        with_pictures=WITH_PICTURES,
        pictures=pictures,
        place=_offer(request, item, pictures) if legal.intersection(WITH_PICTURES) else None,
        typed=typed or {},
        fault=fault,
        done=DONE.get(done, ""),
        directory=directory,
    ).reaching(files.origin())


def _of_path(item: Item, request: Request) -> str:
    """Where what it came of stands, for those who see all of them."""
    if request.actor.role not in (MANAGER, SUPERVISOR) or not item.of:
        return ""
    rooms = {"S": "suggestions", "D": "demands", "H": "demands"}
    return f"work/{rooms.get(item.of[0], 'cases')}/{item.of}"


def _offer(request: Request, item: Item, pictures: tuple[str, ...]) -> files.Offer | None:
    """Where a plain form sends a picture, and is led back from. It is signed with the page, which costs no call."""
    if len(pictures) >= MOST_AT_ONCE:
        return None
    id = files.new_id()
    back = f"{settings.base_url}/work/supervision/{item.id}?pictures={','.join((*pictures, id))}"
    return files.offer("photo", "photo", JPEG, 1, by=request.actor, now=request.now, id=id, back=back)


def _told(entry: Entry, request: Request, directory: Directory) -> dict[str, Any]:
    reader, data = reader_of(request), entry.data
    body = directory.body(str(data.get("body", "")))
    values = {
        "who": who_did(entry, directory, reader),
        "body": body.name(reader.language) if body else "",
        "until": str(data.get("until") or "")[:10],
        "passes": reader.say(PASSES[bool(data.get("passes"))]),
    }
    return {
        "at": entry.at, "headline": reader.say(FACTS[entry.type], **values), "tone": TONES.get(entry.type, ""),
        "words": str(data.get("text") or data.get("reason") or ""),
    }  # fmt: skip


# Appraisals


@desk(routes, "GET /work/appraisals")
def appraisals_list(request: Request) -> Answer:
    """Every appraisal there was."""
    found = ballots.listed(limit=page_limit(request), cursor=request.query.get("cursor", ""))
    return page(request, "work_appraisals.html", items=found.items, next=found.next, standing=STANDING)


@desk(routes, "GET /work/appraisals/{appraisal_id}")
def appraisal_view(request: Request) -> Answer:
    """How far it is, how a deputy votes, and once it is counted, the grades."""
    appraisal, directory = ballots.found(form.plain(request.params["appraisal_id"])), directory_service.edition(request.now)
    return page(
        request,
        "work_appraisal.html",
        appraisal=appraisal,
        standing=STANDING[appraisal.status],
        criteria=[(name, CRITERIA[name]) for name in appraisal.criteria],
        grades=GRADES,
        bodies=[body for body in map(directory.body, appraisal.bodies) if body],
        stamped=_stamped(appraisal, request),
        fewest=FEWEST_BALLOTS,
    )


def _stamped(appraisal: Appraisal, request: Request) -> bool | None:
    """Whether this deputy had an envelope stamped; None for whoever has no vote."""
    actor = request.actor
    has_vote = actor.role == DEPUTY and actor.deputy in appraisal.electorate
    return ballots.has_stamp(appraisal, actor.deputy) if has_vote else None
