"""The private page: where a resident's matter stands, and the resident's word on it. A look costs two reads."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec

from chalicelib.cases import intake, photos, service
from chalicelib.cases.model import MOST_PHOTOS, MOST_SATISFIED, Case
from chalicelib.cases.pages import routes
from chalicelib.cases.pages.letter import PhotoPlace
from chalicelib.cases.tracking import Teller, last, promises, stages, status_of
from chalicelib.cases.wording import CHANGED, DONE, FAULTS, NOT_A_MATTER, PHOTOS_FULL, SATISFACTION, STEPS, shown_id
from chalicelib.directory import service as directory_service
from chalicelib.errors import Conflict, IllegalMove, Invalid, Refused
from chalicelib.files import service as files
from chalicelib.files.service import Offer
from chalicelib.people import form
from chalicelib.people.roles import A_RESIDENT
from chalicelib.settings import settings
from chalicelib.web.door import Answer, Request, door, shown
from chalicelib.web.frame import moved, page, reader_of
from chalicelib.web.refusal import refused_page

POSTED: Final = ("application/x-www-form-urlencoded",)
TRIES: Final = 2  # for a move that met another one at the same moment
WITH_WORDS: Final = frozenset({"reply", "add", "reopen"})
SURE: Final = {"withdraw": "withdraw.html", "erase": "erase.html"}  # asked once more, on this page


def no_matter(refused: Refused, request: Request | None) -> Answer:
    """The page for a link that leads nowhere, or for what was wrong with what was asked."""
    return refused_page(refused, request, NOT_A_MATTER if refused.status == 404 else None, private=True)


@door(routes, "GET /m/{token}", refuse=no_matter)
def follow_matter(request: Request) -> Answer:
    """Where the matter stands. After sending it is the receipt."""
    case, arrived = tracked(request), photos.ids_in(request.query.get("photo", ""))
    if not arrived:
        return _matter(request, case, done=request.query.get("done", ""))
    photos.send(case, arrived, now=request.now)  # where the bucket led a browser without JavaScript; done again it does nothing
    return moved("?done=photos", request)


@door(routes, "POST /m/{token}", content_types=POSTED, refuse=no_matter)
def say_in_matter(request: Request) -> Answer:
    """The resident replies, adds, says solved or not, or takes it back."""
    case, move, fields = tracked(request), request.form.get("move", ""), request.form
    text = intake.paragraphs(fields.get("text", ""))
    if "lang" in fields or move not in DONE:
        return _matter(request, case, typed={move: text})
    if move == "photos":
        return _more_photos(request, case)
    if move in SURE and not fields.get("sure"):
        return page(request, SURE[move], private=True, case=case)
    fault = intake.text_fault(text) if move in WITH_WORDS else ""
    if fault:
        return _matter(request, case, status=422, typed={move: text}, faults={move: FAULTS["text", fault]})
    return _moved(request, case, move, text)


class PhotoSize(msgspec.Struct, forbid_unknown_fields=True):
    """``size`` in bytes."""

    size: int


@door(routes, "POST /m/{token}/photos")
def place_for_another_photo(request: Request, asked: PhotoSize) -> Annotated[Answer, PhotoPlace]:
    """A place for one photo more."""
    tracked(request)
    made = photos.offer(asked.size, request.address, request.now)
    return shown(PhotoPlace(made.id, made.url, dict(made.fields)), 201)


@door(routes, "GET /m/{token}/photos/{number}", refuse=no_matter)
def see_own_photo(request: Request) -> Answer:
    """Leads to a photo of the matter, for five minutes."""
    return moved(photos.address_of(tracked(request), request.params["number"]), request)


def tracked(request: Request) -> Case:
    """The case whose link this is. Raises NotFound."""
    token = request.params["token"]
    return service.tracked(form.case_of(token), form.token_hash(token))


def _more_photos(request: Request, case: Case) -> Answer:
    try:
        photos.send(case, photos.ids_in(request.form.get("photos", "")), now=request.now)
    except Invalid:
        return _matter(request, case, status=422, notice=PHOTOS_FULL)
    return moved("?done=photos", request)


def _moved(request: Request, case: Case, move: str, text: str) -> Answer:
    """One move, made once: a double tap or a lost answer is recognised by what it has led to."""
    if move == "add" and request.form.get("seen", "") != str(case.version) and _done_already(case, move, text):
        return moved(f"?done={move}", request)
    for _ in range(TRIES):
        try:
            _make(case, move, text, request)
        except (IllegalMove, Conflict):
            case = tracked(request)
            if _done_already(case, move, text):
                break
        except Invalid as refused:
            fault = FAULTS["text", refused.code]
            return _matter(request, case, status=422, typed={move: text}, faults={move: fault})
        else:
            break
    else:
        return _matter(request, case, status=409, typed={move: text}, notice=CHANGED)
    return moved(f"?done={move}", request)


def _make(case: Case, move: str, text: str, request: Request) -> None:
    if move in WITH_WORDS:
        service.say(case, move, text, secrets.token_hex(16), now=request.now)
    elif move == "confirm":
        service.confirm(case, _grade(request.form.get("satisfaction", "")), now=request.now)
    elif move == "erase":
        service.erase(case, now=request.now)
    else:
        service.withdraw(case, by=A_RESIDENT, now=request.now)


def _grade(text: str) -> int:
    return int(text) if text in {str(grade) for grade in range(1, MOST_SATISFIED + 1)} else 0


def _done_already(case: Case, move: str, text: str) -> bool:
    if move in WITH_WORDS:
        return bool(case.words) and case.words[-1].text == text
    if move == "erase":
        return not case.holds_anything
    return case.verdict == "solved" if move == "confirm" else case.status == "withdrawn"


def _matter(
    request: Request,
    case: Case,
    *,
    status: int = 200,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    notice: str = "",
    done: str = "",
) -> Answer:
    directory, reader = directory_service.edition(request.now), reader_of(request)
    teller = Teller(case, directory, reader)
    return page(
        request,
        "matter.html",
        status,
        private=True,
        **_standing(case, teller, request.now),
        **_story(case, teller, request),
        new="new" in request.query,
        link=f"{settings.base_url}/m/{form.plain(request.params['token'])}",
        moves={move.name for move in case.legal_moves(A_RESIDENT)},
        typed=typed or {},
        faults=faults or {},
        notice=notice or DONE.get(done, ""),
        satisfaction=SATISFACTION,
        form_token=form.plain(request.params["token"]),
        more_photos=MOST_PHOTOS - len(case.photos) - len(case.sent_photos) if case.is_open else 0,
        place=_place(request) if case.is_open else None,
    ).reaching(files.origin())


def _place(request: Request) -> Offer:
    """Where a plain form sends a photo, and is led back from. It is signed with each page, which costs no call."""
    id = files.new_id()
    back = f"{settings.base_url}/m/{form.plain(request.params['token'])}?photo={id}"
    return files.offer("photo", "photo", photos.JPEG, 1, by=A_RESIDENT, now=request.now, id=id, back=back)


def _standing(case: Case, teller: Teller, now: datetime) -> dict[str, Any]:
    directory = teller.directory
    deputy, code = directory.deputy(case.deputy), directory.live_code(case.deputy)
    headline, sentence = status_of(case)
    return {
        "case": case,
        "number": shown_id(case.id),
        "headline": headline,
        "sentence": sentence,
        "stages": stages(case),
        "promises": promises(case, now),
        "overdue": case.overdue(now),
        "steps": STEPS,
        "body": directory.body(case.body),
        "body_name": teller.body_name(case.body),
        "deputy": deputy,
        "code": code.code if code else "",
        "district": directory.district,
    }


def _story(case: Case, teller: Teller, request: Request) -> dict[str, Any]:
    """The timeline: one query, also for a joined matter: then the other's is shown, its own on request (``?before=1``)."""
    if case.merged_into and "before" not in request.query:
        other, entries = service.joined_matter(case)
        happened = Teller(other, teller.directory, teller.reader).said_to_all(entries)
        return {"happened": happened, "other": other, "other_promises": promises(other, request.now)} | _said(happened)
    happened = teller.timeline(service.timeline(case))
    return {"happened": happened, "other": None, "other_promises": ()} | _said(happened)


def _said(happened: list[Any]) -> dict[str, Any]:
    return {"answer": last(happened, "answered", "declined"), "question": last(happened, "asked")}
