"""Drafting a consultation in the browser: a survey written as blocks of lines, or a text that is put up for comment."""

import re
from collections.abc import Mapping
from typing import Any

from chalice.app import Blueprint

from chalicelib.consultations import service
from chalicelib.consultations.desk_wording import NEW, SAID
from chalicelib.consultations.model import Consultation
from chalicelib.consultations.questions import Question
from chalicelib.directory import service as directory_service
from chalicelib.errors import Invalid
from chalicelib.people.guard import Remembered
from chalicelib.web.desk import desk, page
from chalicelib.web.door import Answer, Request
from chalicelib.web.frame import moved
from chalicelib.web.moves import asked, fault_of

routes = Blueprint(__name__)


@desk(routes, "GET /work/consultations/new")
def new_consultation(request: Request) -> Answer:
    """The forms."""
    return _new(request)


def _new(request: Request, status: int = 200, **context: Any) -> Answer:
    given = {"typed": {}, "fault": None, "done": "", "directory": directory_service.edition(request.now)} | context
    return page(request, "work_consultation_new.html", status, forms=NEW, **given)


def _again(request: Request, done: Remembered) -> Answer:
    return moved(f"{done.dossier}?done=new", request)


@desk(routes, "POST /work/consultations/new", again=_again)
def draft_consultation(request: Request) -> Answer:
    """Draft it."""
    id, sent = service.new_id(), request.form
    move = sent.get("move", "")
    if move not in NEW:
        raise Invalid("move", f"'{move}' is none of {', '.join(NEW)}")
    try:
        _draft(id, move, asked(NEW[move], sent), request)
    except Invalid as refused:  # questions.2.options: all questions are written in one field
        stands = Invalid(refused.field.partition(".")[0], refused.detail, refused.code)
        return _new(request, 422, typed={move: sent}, fault=fault_of(move, stands, SAID))
    return moved(f"{id}?done=new", request)


def _draft(id: str, kind: Any, given: Mapping[str, str], request: Request) -> Consultation:
    return service.draft(
        id, kind, given["title"], given["intro"], written(given.get("questions", "")), given.get("text", ""),
        by=request.actor, now=request.now, also=request.once(id),
    )  # fmt: skip


def written(text: str) -> list[Question]:
    """Questions as they are typed: blocks parted by empty lines; the first line asks, each further one can be chosen."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    lines = [[line.strip() for line in block.splitlines() if line.strip()] for block in blocks]
    return [Question("", "single" if rest else "text", first, options=tuple(rest)) for first, *rest in filter(None, lines)]
