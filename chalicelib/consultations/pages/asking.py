"""Where one answers, by link or QR code: no account, no name. A look costs one read, an answer a read, a guard, a transaction.

"Once a person" as far as that can be had without asking who someone is; see docs/decisions/014-answering-once.md, and the page.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from chalicelib.cases.intake import email_fault
from chalicelib.consultations import once, service
from chalicelib.consultations.model import PUBLIC, Consultation
from chalicelib.consultations.once import Browser
from chalicelib.consultations.pages import routes
from chalicelib.consultations.questions import Given, faults, given
from chalicelib.consultations.shapes import answer_url
from chalicelib.directory import qr
from chalicelib.directory import service as directory_service
from chalicelib.errors import IllegalMove, Invalid, NotFound, Refused, TooMany
from chalicelib.people import form, guard
from chalicelib.people.form import FormToken
from chalicelib.people.vault import Contact
from chalicelib.spine.aws import Cancelled
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import language_of, moved, page, reader_of
from chalicelib.web.reader import N_
from chalicelib.web.refusal import refused_page

POSTED: Final = ("application/x-www-form-urlencoded",)
EMAIL: Final = "email"
NO_CONSULTATION: Final = (
    N_("There is no such consultation"),
    N_("Perhaps it is not public yet. Check that the address was copied whole."),
)
FAULTS: Final = {
    "missing": N_("Please answer this question"),
    "too_long": N_("This is too long: 2,000 characters at most"),
    "nothing": N_("Nothing is filled in yet: please answer at least one question"),
    "email_wrong": N_("This is no e-mail address; it looks like name@example.org"),
}
NOTICES: Final = {
    "old_form": N_("This page had been open for long. Your answers are kept below; please send them once more."),
    "once_more": N_("Please send it once more."),
    "no_cookie": N_(
        "Your browser had no mark of this page yet, by which we count each one once. It has one now: please send once more. "
        "If this comes again, your browser keeps no cookies."
    ),
    "busy": N_("Very many people are answering at this moment. Your answers are kept below; please send them once more."),
    "network": N_(
        "Many answers came from your network in this hour. Your answers are kept below; please send them after %(when)s."
    ),
}


@dataclass(frozen=True)
class Sheet:
    """A form on its way: what was filled in, the token that makes it one answer, and the browser's mark."""

    request: Request
    consultation: Consultation
    token: FormToken
    browser: Browser
    given: Given = field(default_factory=Given)
    email: str = ""


def _none(refused: Refused, request: Request | None) -> Answer:
    return refused_page(refused, request, NO_CONSULTATION if refused.status == 404 else None)


@door(routes, "GET /c/{code}", refuse=_none)
def ask(request: Request) -> Answer:
    """What is asked; before and after that, what there is to know."""
    consultation = _found(request)
    browser = _browser(request, consultation)
    if "thanks" in request.query or not consultation.takes_answers(request.now) or (browser and browser.answered):
        return _standing(request, consultation)
    return _form(Sheet(request, consultation, form.new_form(request.now), browser or once.new_browser(consultation.id)))


@door(routes, "POST /c/{code}", content_types=POSTED, refuse=_none)
def take_answers(request: Request) -> Answer:
    """Answers are sent. Anything to put right brings back the form, nothing lost."""
    consultation = _found(request)
    known = _browser(request, consultation)
    if not consultation.takes_answers(request.now) or (known and known.answered):
        return moved(f"{consultation.id}?counted", request)
    sheet, notice = _sheet(request, consultation, known or once.new_browser(consultation.id))
    if "lang" in request.form:
        return _form(sheet)
    if wrong := _faults(sheet):
        return _form(sheet, 422, wrong=wrong)
    if not notice and form.suspicion(request.form, sheet.token.issued_at, request.now):
        notice = "once_more"
    if notice or known is None:
        return _form(sheet, 422, notice=notice or "no_cookie")
    return _counted(sheet)


def _found(request: Request) -> Consultation:
    """The consultation of this code, unless it is still a draft. Whoever has the code of a scheduled one may know of it."""
    consultation = service.found(form.plain(request.params["code"]))
    if consultation.status == "drafted" or (consultation.status == "withdrawn" and not consultation.opens_at):
        raise NotFound("There is no such consultation that is public")
    return consultation


def _browser(request: Request, consultation: Consultation) -> Browser | None:
    return once.known(consultation.id, request.cookies.get(once.cookie_name(consultation.id), ""))


def _sheet(request: Request, consultation: Consultation, browser: Browser) -> tuple[Sheet, str]:
    """What was sent, and, where the form's token had to be replaced by a new one, the notice that says so."""
    answers = given(consultation.questions, request.form)
    email = unicodedata.normalize("NFKC", request.form.get(EMAIL, "")).strip()
    try:
        token, notice = form.read_form(request.form.get("form", ""), request.now), ""
    except Invalid:
        token, notice = form.new_form(request.now), "old_form"
    return Sheet(request, consultation, token, browser, answers, email), notice


def _faults(sheet: Sheet) -> dict[str, str]:
    wrong = faults(sheet.consultation.questions, sheet.given)
    bad_email = bool(sheet.email) and bool(email_fault(sheet.email))
    return wrong | ({EMAIL: "email_wrong"} if bad_email else {})


def _counted(sheet: Sheet) -> Answer:
    now = sheet.request.now
    try:
        guard.count_answer(sheet.request.address, now)
        service.answer(sheet.consultation, _paper(sheet), now)
    except TooMany as refused:
        return _too_many(sheet, refused)
    except Cancelled:
        return _form(sheet, 503, notice="busy")
    except (service.CountedAlready, IllegalMove):
        return _receipt(sheet, "counted")
    return _receipt(sheet, "thanks")


def _paper(sheet: Sheet) -> service.Paper:
    language = language_of(sheet.request)
    contact = Contact(email=sheet.email, language="zh" if language == "zh" else "en", tell="email") if sheet.email else None
    return service.Paper(sheet.token.case_id, sheet.browser.mark, sheet.given, contact)


def _receipt(sheet: Sheet, word: str) -> Answer:
    answer = moved(f"{sheet.consultation.id}?{word}", sheet.request)
    answer.headers["Set-Cookie"] = sheet.browser.done().header()
    return answer


def _too_many(sheet: Sheet, refused: TooMany) -> Answer:
    when = reader_of(sheet.request).time(sheet.request.now + timedelta(seconds=refused.retry_after))
    answer = _form(sheet, 429, notice="network", when=when)
    answer.headers["Retry-After"] = str(refused.retry_after)
    return answer


def _form(
    sheet: Sheet, status: int = 200, *, wrong: Mapping[str, str] | None = None, notice: str = "", when: str = ""
) -> Answer:
    answer = page(
        sheet.request,
        "consultation_form.html",
        status,
        consultation=sheet.consultation,
        district=directory_service.edition(sheet.request.now).district,
        token=sheet.token,
        given=sheet.given,
        email=sheet.email,
        faults={id: FAULTS[code] for id, code in (wrong or {}).items()},
        notice=NOTICES.get(notice, ""),
        when=when,
    )
    # A switch of language wants its own cookie, and there is room for one header; the mark then comes with the next page.
    answer.headers.setdefault("Set-Cookie", sheet.browser.header())
    return answer


def _standing(request: Request, consultation: Consultation) -> Answer:
    """There is nothing to fill in: thanks, not yet, no more."""
    return page(
        request,
        "consultation_standing.html",
        consultation=consultation,
        district=directory_service.edition(request.now).district,
        thanks="thanks" in request.query,
        open=consultation.takes_answers(request.now),
        public=consultation.status in PUBLIC,
    )


@door(routes, "GET /c/{code}/qr.svg", refuse=_none)
def consultation_qr(request: Request) -> Answer:
    """The code for a notice board: it leads to the page on which one answers."""
    picture = qr.svg(answer_url(_found(request).id))
    return Answer(picture, 200, {"Content-Type": "image/svg+xml", "Cache-Control": "public, max-age=3600"})
