"""Casework in the browser: the list, and a case in one view with the moves that are legal now."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from chalicelib.cases import photos, service
from chalicelib.cases.desk_wording import BULK_FIELDS, DONE, FACTS, FORMS, STATUS, URGENCY
from chalicelib.cases.model import Case
from chalicelib.cases.pages import routes
from chalicelib.cases.pages.bulk import offered
from chalicelib.cases.tracking import Teller, promises
from chalicelib.cases.wording import STEPS, shown_id
from chalicelib.directory import service as directory_service
from chalicelib.directory.model import Directory
from chalicelib.errors import Invalid
from chalicelib.files import service as files
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.people.vault import Contact
from chalicelib.web.asked import page_limit
from chalicelib.web.desk import desk, page
from chalicelib.web.door import Answer, Request
from chalicelib.web.frame import moved, reader_of
from chalicelib.web.moves import Fault, Field, Form, asked, fault_of

LOOK: Final = "contact"  # a look at contact details is asked for on the same page


@desk(routes, "GET /work/cases")
def case_list(request: Request) -> Answer:
    """A work list, what falls due next first; manager and supervisor choose whose."""
    query = request.query
    found = service.worklist(
        request.actor,
        deputy=query.get("deputy", ""),
        body=query.get("body", ""),
        limit=page_limit(request),
        cursor=query.get("cursor", ""),
    )
    directory = directory_service.edition(request.now)
    return page(
        request,
        "work_cases.html",
        items=found.items,
        next=found.next,
        query=query,
        directory=directory,
        status_names=STATUS,
        urgency_names=URGENCY,
        shown_id=shown_id,
        now=request.now,
        bulk=offered(request.actor.role),
        bulk_fields=_bulk_fields(request),
        typed={},
        fault=None,
    )


def _bulk_fields(request: Request) -> list[Field]:
    """What the moves to many ask for, each once: only what the chosen move needs is looked at."""
    fields = {field.name: replace(field, optional=True) for move in offered(request.actor.role) for field in BULK_FIELDS[move]}
    return list(fields.values())


@desk(routes, "GET /work/cases/{case_id}")
def case_view(request: Request) -> Answer:
    """A case in one view. Two reads."""
    return _case(request, service.loaded(_id(request), request.actor), done=request.query.get("done", ""))


def _again(request: Request, done: Remembered) -> Answer:
    """Sent twice: as if it were sent once."""
    return moved(f"{shown_id(done.dossier)}?done={request.form.get('move', '')}", request)


@desk(routes, "POST /work/cases/{case_id}", again=_again)
def move_case(request: Request) -> Answer:
    """One move, or a look at the contact details, which is a fact too."""
    given = {name: text.strip() for name, text in request.form.items()}
    move = given.get("move", "")
    if move == LOOK:
        return _look(request, given.get("reason", ""))
    if move not in FORMS:
        raise Invalid("move", f"'{move}' is none of {', '.join(FORMS)}")
    try:
        _make(request, move, given)
    except Invalid as refused:
        case = service.loaded(_id(request), request.actor)
        return _case(request, case, 422, typed={move: given}, fault=fault_of(move, refused))
    return moved(f"{request.params['case_id']}?done={move}", request)


@desk(routes, "GET /work/cases/{case_id}/photos/{number}")
def see_photo(request: Request) -> Answer:
    """Leads to a photo of the case, for five minutes."""
    return moved(photos.address_of(service.loaded(_id(request), request.actor), request.params["number"]), request)


def _id(request: Request) -> str:
    return form.plain(request.params["case_id"])


def _make(request: Request, move: str, sent: Mapping[str, str]) -> None:
    id, given = _id(request), asked(FORMS[move], sent)
    who: dict[str, Any] = {"by": request.actor, "now": request.now, "also": request.once(id)}
    if move == "assign":
        service.assign(id, given["body"], given["reason"], **who)
    elif move == "recategorise":
        service.recategorise(id, given["category"], given["reason"], **who)
    elif move == "merge":
        service.merge(id, form.plain(given["into"]), given["reason"], **who)
    else:
        service.move(move, id, **who, **given)


def _look(request: Request, reason: str) -> Answer:
    id = _id(request)
    contact = service.contact(id, reason, by=request.actor, now=request.now, also=request.once(id))
    return _case(request, service.loaded(id, request.actor), contact=contact)


def _case(
    request: Request,
    case: Case,
    status: int = 200,
    *,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    fault: Fault | None = None,
    contact: Contact | None = None,
    done: str = "",
) -> Answer:
    directory = directory_service.edition(request.now)
    teller = Teller(case, directory, reader_of(request), FACTS, frozenset(FACTS))
    return page(
        request,
        "work_case.html",
        status,
        case=case,
        number=shown_id(case.id),
        status_name=STATUS[case.status],
        urgency=URGENCY[case.urgency],
        promises=promises(case, request.now),
        steps=STEPS,
        happened=teller.everything(service.timeline(case)),
        forms=_forms(case, request),
        typed=typed or {},
        filled=_filled(case, request, directory),
        templates={move: directory.templates_for(move, case.category) for move in ("answer", "ask", "decline")},
        fault=fault,
        contact=contact,
        done=DONE.get(done, ""),
        directory=directory,
        guesses=case.guesses,
    ).reaching(files.origin())


def _filled(case: Case, request: Request, directory: Directory) -> dict[str, dict[str, str]]:
    """A form that begins with the template that was chosen."""
    wished = request.query.get("template", "")
    for move, field in (("answer", "text"), ("ask", "text"), ("decline", "reason")):
        for template in directory.templates_for(move, case.category):
            if template.id == wished:
                return {move: {field: template.text}}
    return {}


def _forms(case: Case, request: Request) -> dict[str, Form]:
    legal = {move.name for move in case.legal_moves(request.actor)}
    if case.status == "received" and "route" in legal:
        legal.add("assign")  # who names a body for it routes it
    return {name: form for name, form in FORMS.items() if name in legal}
