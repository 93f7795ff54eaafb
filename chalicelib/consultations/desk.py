"""Consultations in the browser: the list, one in full with its counts and comments, and what is done about it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

from chalice.app import Blueprint

from chalicelib.consultations import service
from chalicelib.consultations.desk_wording import DONE, FORMS, KINDS, SAID, STATUS
from chalicelib.consultations.model import Consultation
from chalicelib.consultations.questions import labels
from chalicelib.consultations.shapes import answer_url, results_url
from chalicelib.directory import service as directory_service
from chalicelib.errors import Invalid
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.people.roles import DEPUTY, MANAGER, SUPERVISOR
from chalicelib.web.asked import page_limit
from chalicelib.web.desk import desk, page
from chalicelib.web.door import Answer, Request
from chalicelib.web.frame import moved
from chalicelib.web.moves import Fault, asked, fault_of

routes = Blueprint(__name__)

Act = Callable[..., Consultation]
Given = Mapping[str, Any]
READ_BY: Final = frozenset({DEPUTY, MANAGER, SUPERVISOR})  # the counts before they are public, and people's own words
COMMENTS: Final = 20  # on the page, the newest


@desk(routes, "GET /work/consultations")
def consultation_list(request: Request) -> Answer:
    """What is not finished, the oldest first; or, with ``public``, all that the public was or is asked, the newest first."""
    limit, cursor, public = page_limit(request), request.query.get("cursor", ""), "public" in request.query
    found = (
        service.listed_in_public(limit=limit, cursor=cursor)
        if public
        else service.listed(request.actor, limit=limit, cursor=cursor)
    )
    return page(
        request, "work_consultations.html",
        items=found.items, next=found.next, public=public, kinds=KINDS, status_names=STATUS,
    )  # fmt: skip


@desk(routes, "GET /work/consultations/{consultation_id}")
def consultation_view(request: Request) -> Answer:
    """A consultation in full. ``?answer=&question=`` is the comment that is to be taken up."""
    consultation = service.loaded(_id(request), request.actor)
    chosen = {name: request.query.get(name, "") for name in ("answer", "question")}
    filled = {"take_up": chosen} if chosen["answer"] else {}
    return _consultation(request, consultation, filled=filled, done=request.query.get("done", ""))


def _id(request: Request) -> str:
    return form.plain(request.params["consultation_id"])


def _again(request: Request, done: Remembered) -> Answer:
    return moved(f"{done.dossier}?done={request.form.get('move', '')}", request)


@desk(routes, "POST /work/consultations/{consultation_id}", again=_again)
def move_consultation(request: Request) -> Answer:
    """One move."""
    move, sent, id = request.form.get("move", ""), request.form, _id(request)
    if move not in FORMS:
        raise Invalid("move", f"'{move}' is none of {', '.join(FORMS)}")
    try:
        given = _dated(asked(FORMS[move], sent), request.now)
        _act(move, id, given)(by=request.actor, now=request.now, also=request.once(id))
    except Invalid as refused:
        consultation = service.loaded(id, request.actor)
        return _consultation(request, consultation, 422, typed={move: sent}, fault=fault_of(move, refused, SAID))
    return moved(f"{id}?done={move}", request)


def _dated(given: Given, now: datetime) -> Given:
    """Days as moments in the district's zone: it opens when the first begins, and closes when the last has ended."""
    moments = {
        name: _midnight(date.fromisoformat(given[name]) + timedelta(days=days), now)
        for name, days in (("opens_at", 0), ("closes_at", 1))
        if name in given
    }
    return {**given, **moments}


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), directory_service.edition(now).calendar_for().zone)


def _act(move: str, id: str, given: Given) -> Act:
    if move == "take_up":
        given = {**given, "answer": form.plain(given["answer"])}
    return partial(_ACTS[move], id, **given)


_ACTS: Final[Mapping[str, Act]] = {
    "open": service.open_now,
    **{name: getattr(service, name) for name in ("schedule", "publish", "take_up", "extend", "close", "withdraw")},
}


def _consultation(
    request: Request,
    consultation: Consultation,
    status: int = 200,
    *,
    filled: Mapping[str, Mapping[str, str]] | None = None,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    fault: Fault | None = None,
    done: str = "",
) -> Answer:
    legal = {move.name for move in consultation.legal_moves(request.actor)}
    return page(
        request,
        "work_consultation.html",
        status,
        consultation=consultation,
        kind_name=KINDS[consultation.form],
        status_name=STATUS[consultation.status],
        answer_url=answer_url(consultation.id) if consultation.takes_answers(request.now) else "",
        public_url=results_url(consultation.id) if consultation.status == "published" else "",
        labels=labels,
        forms={name: each for name, each in FORMS.items() if name in legal},
        filled=filled or {},
        typed=typed or {},
        fault=fault,
        done=DONE.get(done, ""),
        directory=directory_service.edition(request.now),
        **_answers(request, consultation),
    )


def _answers(request: Request, consultation: Consultation) -> dict[str, Any]:
    """The counts and the newest comments, for those who may see them, once there can be any. Two queries."""
    if request.actor.role not in READ_BY or consultation.opens_at is None:
        return {"results": None, "comments": [], "next": None}
    comments, last = service.comments(consultation, limit=COMMENTS, cursor=request.query.get("cursor", ""))
    return {"results": service.results(consultation), "comments": comments, "next": last}
