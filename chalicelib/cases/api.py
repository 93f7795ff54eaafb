"""Casework as JSON: each view parses, calls one use case and shapes the answer."""

from typing import Annotated, Literal

import msgspec
from chalice.app import Blueprint

from chalicelib.cases import service
from chalicelib.cases.model import Case
from chalicelib.cases.shapes import Checked, Listed, Reached, Whole, line, whole
from chalicelib.cases.taking import Address, ContactGiven, Place, message_of
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.people.vault import Contact
from chalicelib.settings import settings
from chalicelib.spine.chain import Entry
from chalicelib.web.asked import AssignRequest, Name, Nothing, Reason, Text, TextRequest, page_limit
from chalicelib.web.door import Answer, Request, door, shown

routes = Blueprint(__name__)


CaseAnswer = Annotated[Answer, Whole]


class RecategoriseRequest(msgspec.Struct, forbid_unknown_fields=True):
    category: Name
    reason: Reason
    urgency: Literal["danger", "urgent", "normal", ""] = ""


class NoteRequest(msgspec.Struct, forbid_unknown_fields=True):
    text: Text
    public: bool = False


class DeclineRequest(msgspec.Struct, forbid_unknown_fields=True):
    reason: Reason
    instead: Reason


class MergeRequest(msgspec.Struct, forbid_unknown_fields=True):
    into: Name
    reason: Reason


class ContactRequest(msgspec.Struct, forbid_unknown_fields=True):
    reason: Reason


class TakeDownRequest(msgspec.Struct, forbid_unknown_fields=True):
    text: Text
    deputy: Name
    category: Place = ""
    grid: Place = ""
    address: Address = ""
    door: Literal["api", "cli", "import"] = "api"
    contact: ContactGiven | None = None


@door(routes, "GET /v1/cases")
def list_cases(request: Request) -> Annotated[Answer, Listed]:
    """A work list, what falls due next first."""
    page = service.worklist(
        request.actor,
        deputy=request.query.get("deputy", ""),
        body=request.query.get("body", ""),
        limit=page_limit(request),
        cursor=request.query.get("cursor", ""),
    )
    return shown(Listed([line(case, request.now, summary) for case, summary in page.items], page.next))


def _case_id(request: Request) -> str:
    return form.plain(request.params["case_id"])


def _shown(case: Case, request: Request, status: int = 200, entries: list[Entry] | None = None) -> Answer:
    answer = shown(whole(case, entries, request.actor, request.now), status)
    answer.headers["ETag"] = f'"{case.version}"'
    return answer


def _again(request: Request, done: Remembered) -> Answer:
    return _shown(service.loaded(done.dossier, request.actor), request)


@door(routes, "GET /v1/cases/{case_id}")
def show_case(request: Request) -> CaseAnswer:
    """A case in full."""
    case = service.loaded(_case_id(request), request.actor)
    return _shown(case, request, entries=service.timeline(case))


@door(routes, "GET /v1/cases/{case_id}/verify")
def verify_case(request: Request) -> Annotated[Answer, Checked]:
    """Whether the case's journal is as it was written."""
    found = service.verify(_case_id(request), request.actor)
    return shown(Checked(found.entries, found.sound, found.first_changed))


def _taken_down(case: Case, request: Request) -> Answer:
    answer = _shown(case, request, 201)
    answer.headers["Location"] = f"{settings.base_url}/v1/cases/{case.id}"
    return answer


def _taken_down_again(request: Request, done: Remembered) -> Answer:
    """To whoever took it down, be it on their list or not; without the link to its page, of which only a hash was kept."""
    return _taken_down(service.found(done.dossier), request)


@door(routes, "POST /v1/cases", again=_taken_down_again)
def take_down_case(request: Request, asked: TakeDownRequest) -> CaseAnswer:
    """A message taken down by staff: by telephone, at a reception day, from a letter. It has its promises as any other."""
    paper = form.new_form(request.now)
    known = {"category": asked.category, "grid": asked.grid, "address": asked.address, "door": asked.door}
    message = message_of(paper, asked.deputy, asked.text, asked.contact, request.now, **known)
    case = service.submit(message, by=request.actor, now=request.now, also=request.once(message.id))
    answer = _taken_down(case, request)
    answer.headers["Link"] = f'<{settings.base_url}/m/{paper.tracking_token}>; rel="related"; title="tracking page"'
    return answer


@door(routes, "POST /v1/cases/{case_id}/acknowledge", again=_again)
def acknowledge_case(request: Request, asked: Nothing) -> CaseAnswer:  # noqa: ARG001 - a body is refused
    """Say that the message was read and is taken up."""
    return _moved("acknowledge", request)


@door(routes, "POST /v1/cases/{case_id}/assign", again=_again)
def assign_case(request: Request, asked: AssignRequest) -> CaseAnswer:
    """Hand the case on to another body; the second time needs the manager."""
    id = _case_id(request)
    case = service.assign(id, asked.body, asked.reason, by=request.actor, now=request.now, also=request.once(id))
    return _shown(case, request)


@door(routes, "POST /v1/cases/{case_id}/recategorise", again=_again)
def recategorise_case(request: Request, asked: RecategoriseRequest) -> CaseAnswer:
    """Correct the category; the promises follow."""
    id = _case_id(request)
    case = service.recategorise(
        id, asked.category, asked.reason, urgency=asked.urgency, by=request.actor, now=request.now, also=request.once(id)
    )
    return _shown(case, request)


@door(routes, "POST /v1/cases/{case_id}/ask", again=_again)
def ask_resident(request: Request, asked: TextRequest) -> CaseAnswer:
    """Ask the resident something; the promises are paused until they reply."""
    return _moved("ask", request, text=asked.text)


@door(routes, "POST /v1/cases/{case_id}/note", again=_again)
def note_progress(request: Request, asked: NoteRequest) -> CaseAnswer:
    """Note what is being done; the resident sees it if it is public."""
    return _moved("note", request, text=asked.text, public=asked.public)


@door(routes, "POST /v1/cases/{case_id}/answer", again=_again)
def answer_case(request: Request, asked: TextRequest) -> CaseAnswer:
    """Answer the resident; meets the answer's promise. Whether it is solved the resident says."""
    return _moved("answer", request, text=asked.text)


@door(routes, "POST /v1/cases/{case_id}/decline", again=_again)
def decline_case(request: Request, asked: DeclineRequest) -> CaseAnswer:
    """Say why nothing can be done here, and where to go instead."""
    return _moved("decline", request, reason=asked.reason, instead=asked.instead)


@door(routes, "POST /v1/cases/{case_id}/merge", again=_again)
def merge_case(request: Request, asked: MergeRequest) -> CaseAnswer:
    """Join the case to another of the same matter."""
    id, into = _case_id(request), form.plain(asked.into)
    return _shown(service.merge(id, into, asked.reason, by=request.actor, now=request.now, also=request.once(id)), request)


def _contact_again(request: Request, done: Remembered) -> Answer:
    return _reached(service.seen_contact(service.loaded(done.dossier, request.actor).id))


@door(routes, "POST /v1/cases/{case_id}/contact", again=_contact_again)
def look_at_contact(request: Request, asked: ContactRequest) -> Annotated[Answer, Reached]:
    """How to reach the resident. Each look is a fact in the journal."""
    id = _case_id(request)
    return _reached(service.contact(id, asked.reason, by=request.actor, now=request.now, also=request.once(id)))


def _reached(found: Contact) -> Answer:
    return shown(Reached(found.name, found.email, found.phone, found.language))


def _moved(move: str, request: Request, **given: object) -> Answer:
    id = _case_id(request)
    return _shown(service.move(move, id, by=request.actor, now=request.now, also=request.once(id), **given), request)
