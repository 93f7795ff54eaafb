"""The form: a resident writes to a deputy. A submission costs one guard update and one transaction."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Final

from chalicelib.cases import intake, service
from chalicelib.cases.intake import Typed
from chalicelib.cases.model import Case
from chalicelib.cases.pages import routes
from chalicelib.cases.tracking import faster_lines, promise_lines
from chalicelib.cases.wording import FAULTS, NOTICES
from chalicelib.directory import choices
from chalicelib.directory import service as directory_service
from chalicelib.directory.kinds import Deputy
from chalicelib.directory.model import CodeState, Directory
from chalicelib.errors import Conflict, Invalid, NotFound, Refused, TooMany
from chalicelib.people import challenge, form, guard
from chalicelib.people.form import FormToken
from chalicelib.people.roles import A_RESIDENT
from chalicelib.spine.aws import Cancelled
from chalicelib.web.door import Answer, Request, door, shown
from chalicelib.web.frame import language_of, moved, page, reader_of
from chalicelib.web.refusal import refused_page

POSTED: Final = ("application/x-www-form-urlencoded",)
TRIES: Final = 3  # for a submission that met another transaction on a shared row


def _no_form(refused: Refused, request: Request | None) -> Answer:
    return refused_page(refused, request)


@door(routes, "GET /d/{code}", refuse=_no_form)
def open_form(request: Request) -> Answer:
    """The form of the deputy whose code was scanned."""
    directory, code = _scanned(request)
    if code.deputy is None:
        return _dead_code(request, directory, code)
    return _form(request, directory, code, Typed(), form.new_form(request.now))


@door(routes, "POST /d/{code}", content_types=POSTED, refuse=_no_form)
def send_message(request: Request) -> Answer:
    """A message is sent: the receipt is its private page. Anything to put right brings the form back with all that was typed."""
    directory, code = _scanned(request)
    if code.deputy is None:
        return _dead_code(request, directory, code)
    typed, token, notice = intake.typed(request.form), *_token(request)
    if "lang" in request.form:
        return _form(request, directory, code, typed, token)
    faults = intake.faults(typed, directory)
    if faults:
        return _form(request, directory, code, typed, token, status=422, faults=faults)
    if notice or form.suspicion(request.form, token.issued_at, request.now):
        return _form(request, directory, code, typed, token, status=422, notice=notice or "once_more")
    return _sent(request, directory, code, typed, token)


@door(routes, "GET /d/{code}/challenge")
def new_challenge(request: Request) -> Answer:
    """A fresh challenge for a form that was open for over an hour, or that waited for the network. ``for`` is its case id."""
    case_id = request.query.get("for", "")
    if len(case_id) != form.CASE_ID or not set(case_id) <= set(form.ALPHABET):
        raise Invalid("for", "Give the case id that the form's token begins with, twelve characters")
    return shown(challenge.issue(case_id, request.now))


def _scanned(request: Request) -> tuple[Directory, CodeState]:
    directory = directory_service.edition(request.now)
    return directory, directory.deputy_by_code(request.params["code"])


def _token(request: Request) -> tuple[FormToken, str]:
    """The form's token, and why it had to be replaced, if it had to."""
    try:
        return form.read_form(request.form.get("form", ""), request.now), ""
    except Invalid:
        return form.new_form(request.now), "old_form"


def _form(
    request: Request,
    directory: Directory,
    code: CodeState,
    typed: Typed,
    token: FormToken,
    *,
    status: int = 200,
    faults: Mapping[str, str] | None = None,
    notice: str = "",
    **more: object,
) -> Answer:
    reader = reader_of(request)
    deputy = code.deputies[0]
    return page(
        request,
        "form.html",
        status,
        code=code.code,
        deputy=deputy,
        district=directory.district,
        choices=choices.form_choices(directory, deputy.id, reader.language),
        typed=typed,
        token=token,
        challenge=challenge.issue(token.case_id, request.now),
        promised=dict(promise_lines(directory, reader)),
        faster=faster_lines(directory, reader),
        faults={field: FAULTS[field, fault] for field, fault in (faults or {}).items()},
        notice=NOTICES.get(notice, ""),
        **{"when": "", "first": "", **more},
    )


def _sent(request: Request, directory: Directory, code: CodeState, typed: Typed, token: FormToken) -> Answer:
    solved = challenge.check(request.form.get("altcha", ""), token.case_id, request.now) == "solved"
    try:
        guard.count_submission(request.address, request.now, solved=solved)
    except TooMany as refused:
        return _too_many(request, directory, code, typed, token, "network", refused)
    try:
        return _submitted(request, code, typed, token, directory, solved)
    except Cancelled:
        refused = guard.code_refusal(request.now, solved=solved)
        return _too_many(request, directory, code, typed, token, "code", refused)


def _submitted(
    request: Request, code: CodeState, typed: Typed, token: FormToken, directory: Directory, solved: bool
) -> Answer:
    """Recorded, or recognised as sent before. A challenge is spent with its case id, which can be used once."""
    counted = guard.count_code(code.code, token.case_id, request.now, solved=solved)
    for _ in range(TRIES):
        try:
            service.submit(_message(request, code, typed, token, directory), by=A_RESIDENT, now=request.now, also=[counted])
        except Conflict:
            before = _sent_before(token)
            if before:
                return _receipt(request, token) if _same(before, typed) else _another(request, directory, code, typed, token)
        else:
            return _receipt(request, token)
    return _form(request, directory, code, typed, token, status=503, notice="busy")


def _message(request: Request, code: CodeState, typed: Typed, token: FormToken, directory: Directory) -> service.Message:
    language = language_of(request)
    return service.Message(
        id=token.case_id,
        deputy=code.deputies[0].id,
        text=typed.text,
        salt=secrets.token_hex(16),
        category=typed.category,
        grid=intake.grid_of(typed, directory),
        address=typed.address,
        position=typed.position,
        language=language,
        token_hash=form.token_hash(token.tracking_token),
        contact=intake.contact(typed, token, language),
    )


def _sent_before(token: FormToken) -> Case | None:
    try:
        return service.tracked(token.case_id, form.token_hash(token.tracking_token))
    except NotFound:
        return None


def _same(case: Case, typed: Typed) -> bool:
    """Whether this is the message that has been received: a double tap, a reload, a lost answer."""
    return bool(case.words) and (case.words[0].text, case.words[0].address) == (typed.text, typed.address)


def _receipt(request: Request, token: FormToken) -> Answer:
    return moved(f"../m/{token.tracking_token}?new=1", request)


def _another(request: Request, directory: Directory, code: CodeState, typed: Typed, token: FormToken) -> Answer:
    fresh = form.new_form(request.now)
    return _form(request, directory, code, typed, fresh, status=409, notice="another", first=token.tracking_token)


def _too_many(
    request: Request, directory: Directory, code: CodeState, typed: Typed, token: FormToken, notice: str, refused: TooMany
) -> Answer:
    when = reader_of(request).time(request.now + timedelta(seconds=refused.retry_after))
    answer = _form(request, directory, code, typed, token, status=429, notice=notice, when=when)
    answer.headers["Retry-After"] = str(refused.retry_after)
    return answer


def _dead_code(request: Request, directory: Directory, code: CodeState) -> Answer:
    """A code that was replaced leads to who is in charge now; one that never was helps to find the deputy."""
    revoked = code.state == "revoked"
    was = directory.deputy(code.printed.deputy) if code.printed else None
    deputies = code.deputies if revoked and code.deputies else directory.deputies
    return page(
        request,
        "code.html",
        410 if revoked else 404,
        revoked=revoked,
        was=was,
        district=directory.district,
        deputies=_with_forms(directory, deputies),
        kept=_kept(request),
    )


def _with_forms(directory: Directory, deputies: tuple[Deputy, ...]) -> list[tuple[Deputy, str]]:
    codes = ((deputy, directory.live_code(deputy.id)) for deputy in deputies)
    return [(deputy, code.code) for deputy, code in codes if code]


def _kept(request: Request) -> dict[str, str]:
    """What was typed into a form whose code was replaced meanwhile: it goes along to the next deputy's."""
    if request.method != "POST":
        return {}
    return asdict(intake.typed(request.form)) | {"form": request.form.get("form", "")}
