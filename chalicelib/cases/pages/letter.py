"""The form: a resident writes to a deputy. A submission costs one guard update and one transaction."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Annotated, Final

import msgspec

from chalicelib.cases import intake, photos, service
from chalicelib.cases.intake import Typed
from chalicelib.cases.model import Case
from chalicelib.cases.pages import routes
from chalicelib.cases.tracking import faster_lines, promise_lines
from chalicelib.cases.wording import FAULTS, NOTICES
from chalicelib.directory import choices
from chalicelib.directory import service as directory_service
from chalicelib.directory.kinds import Deputy
from chalicelib.directory.model import CodeState, Directory
from chalicelib.errors import Conflict, Invalid, NotFound, TooMany
from chalicelib.files import service as files
from chalicelib.people import challenge, form, guard
from chalicelib.people.form import FormToken
from chalicelib.people.roles import A_RESIDENT
from chalicelib.spine.aws import Cancelled
from chalicelib.web.door import Answer, Request, door, shown
from chalicelib.web.frame import language_of, moved, page, reader_of
from chalicelib.web.refusal import refused_page

POSTED: Final = ("application/x-www-form-urlencoded",)
TRIES: Final = 2  # for a submission that met another transaction on a shared row


@dataclass(frozen=True)
class Letter:
    """A form on its way: whose it is, what stands in it, and the token that makes it one message however often it is sent."""

    request: Request
    directory: Directory
    code: CodeState
    typed: Typed
    token: FormToken

    @property
    def deputy(self) -> Deputy:
        """Whom it reaches. Only for a code in use."""
        return self.code.deputies[0]


@door(routes, "GET /d/{code}", refuse=refused_page)
def open_form(request: Request) -> Answer:
    """The form of the deputy whose code was scanned."""
    directory, code = _scanned(request)
    if code.deputy is None:
        return _dead_code(request, directory, code)
    return _form(Letter(request, directory, code, Typed(), form.new_form(request.now)))


@door(routes, "POST /d/{code}", content_types=POSTED, refuse=refused_page)
def send_message(request: Request) -> Answer:
    """A message is sent: its receipt is the private page. Anything to put right brings back the form, nothing lost."""
    directory, code = _scanned(request)
    if code.deputy is None:
        return _dead_code(request, directory, code)
    token, notice = _token(request)
    letter = Letter(request, directory, code, intake.typed(request.form), token)
    if "lang" in request.form:
        return _form(letter)
    faults = intake.faults(letter.typed, directory)
    if faults:
        return _form(letter, 422, faults=faults)
    if not notice and form.suspicion(request.form, token.issued_at, request.now):
        notice = "once_more"
    return _form(letter, 422, notice=notice) if notice else _sent(letter)


@door(routes, "GET /d/{code}/challenge")
def new_challenge(request: Request) -> Answer:
    """A fresh challenge for a form that was open for an hour, or waited for the network. ``for`` is its case id."""
    case_id = request.query.get("for", "")
    if len(case_id) != form.CASE_ID or not set(case_id) <= set(form.ALPHABET):
        raise Invalid("for", "Give the case id that the form's token begins with, twelve characters")
    return shown(challenge.issue(case_id, request.now))


class PhotoRequest(msgspec.Struct, forbid_unknown_fields=True):
    """``form`` is the form's token, ``size`` in bytes."""

    form: str
    size: int


class PhotoPlace(msgspec.Struct, frozen=True):
    """Where the browser sends the photo: ``fields``, then the file, to ``url``."""

    id: str
    url: str
    fields: dict[str, str]


@door(routes, "POST /d/{code}/photos")
def place_for_photo(request: Request, asked: PhotoRequest) -> Annotated[Answer, PhotoPlace]:
    """A place for one photo of a form that is being filled in."""
    form.read_form(asked.form, request.now)
    made = photos.offer(asked.size, request.address, request.now)
    return shown(PhotoPlace(made.id, made.url, dict(made.fields)), 201)


def _scanned(request: Request) -> tuple[Directory, CodeState]:
    directory = directory_service.edition(request.now)
    return directory, directory.deputy_by_code(request.params["code"])


def _token(request: Request) -> tuple[FormToken, str]:
    """The form's token, and, where it had to be replaced by a new one, the notice that says so."""
    try:
        return form.read_form(request.form.get("form", ""), request.now), ""
    except Invalid:
        return form.new_form(request.now), "old_form"


def _form(
    letter: Letter,
    status: int = 200,
    *,
    faults: Mapping[str, str] | None = None,
    notice: str = "",
    when: str = "",
    first: str = "",
) -> Answer:
    """The form with what was typed. ``when`` belongs to the notice; ``first`` is the token of a message received before."""
    reader = reader_of(letter.request)
    return page(
        letter.request,
        "form.html",
        status,
        code=letter.code.code,
        deputy=letter.deputy,
        district=letter.directory.district,
        choices=choices.form_choices(letter.directory, letter.deputy.id, reader.language),
        typed=letter.typed,
        token=letter.token,
        challenge=challenge.issue(letter.token.case_id, letter.request.now),
        promised=dict(promise_lines(letter.directory, reader)),
        faster=faster_lines(letter.directory, reader),
        faults={field: FAULTS[field, fault] for field, fault in (faults or {}).items()},
        notice=NOTICES.get(notice, ""),
        when=when,
        first=first,
        photos=letter.request.form.get("photos", "") if letter.request.method == "POST" else "",
    ).reaching(files.origin())


def _sent(letter: Letter) -> Answer:
    now = letter.request.now
    # What is not solved for whatever reason counts against the stricter limit; nobody is turned away for it.
    solved = challenge.check(letter.request.form.get("altcha", ""), letter.token.case_id, now) == "solved"
    try:
        guard.count_submission(letter.request.address, now, solved=solved)
    except TooMany as refused:
        return _too_many(letter, "network", refused)
    try:
        return _submitted(letter, solved)
    except Cancelled:
        return _too_many(letter, "code", guard.code_refusal(now, solved=solved))


def _submitted(letter: Letter, solved: bool) -> Answer:
    """Recorded, or recognised as sent before. Raises Cancelled if the code's limit is reached.

    A challenge is bound to its form's case id, and so is spent with it: nothing more needs to be written down.
    """
    counted = guard.count_code(letter.code.code, letter.token.case_id, letter.request.now, solved=solved)
    for _ in range(TRIES):
        try:
            service.submit(_message(letter), by=A_RESIDENT, now=letter.request.now, also=[counted])
        except Conflict:
            before = _sent_before(letter.token)
            if before:
                return _receipt(letter) if _same(before, letter.typed) else _another(letter)
        else:
            return _receipt(letter)
    return _form(letter, 503, notice="busy")


def _message(letter: Letter) -> service.Message:
    typed, token, language = letter.typed, letter.token, language_of(letter.request)
    return service.Message(
        id=token.case_id,
        deputy=letter.deputy.id,
        text=typed.text,
        salt=secrets.token_hex(16),
        category=typed.category,
        grid=intake.grid_of(typed, letter.directory),
        address=typed.address,
        position=typed.position,
        language=language,
        token_hash=form.token_hash(token.tracking_token),
        contact=intake.contact(typed, token, language),
        photos=photos.ids_in(letter.request.form.get("photos", "")),
    )


def _sent_before(token: FormToken) -> Case | None:
    try:
        return service.tracked(token.case_id, form.token_hash(token.tracking_token))
    except NotFound:
        return None


def _same(case: Case, typed: Typed) -> bool:
    """Whether this is the message that has been received: a double tap, a reload, a lost answer."""
    return bool(case.words) and (case.words[0].text, case.words[0].address) == (typed.text, typed.address)


def _receipt(letter: Letter) -> Answer:
    return moved(f"../m/{letter.token.tracking_token}?new=1", letter.request)


def _another(letter: Letter) -> Answer:
    fresh = replace(letter, token=form.new_form(letter.request.now))
    return _form(fresh, 409, notice="another", first=letter.token.tracking_token)


def _too_many(letter: Letter, notice: str, refused: TooMany) -> Answer:
    when = reader_of(letter.request).time(letter.request.now + timedelta(seconds=refused.retry_after))
    answer = _form(letter, 429, notice=notice, when=when)
    answer.headers["Retry-After"] = str(refused.retry_after)
    return answer


def _dead_code(request: Request, directory: Directory, code: CodeState) -> Answer:
    """A code that was replaced leads to who is in charge now; one that never was helps to find a deputy."""
    revoked = code.state == "revoked"
    deputies = code.deputies if revoked and code.deputies else directory.deputies
    return page(
        request,
        "code.html",
        410 if revoked else 404,
        revoked=revoked,
        was=directory.deputy(code.printed.deputy) if code.printed else None,
        district=directory.district,
        deputies=_with_codes(directory, deputies),
        kept=_kept(request),
    )


def _with_codes(directory: Directory, deputies: tuple[Deputy, ...]) -> list[tuple[Deputy, str]]:
    codes = ((deputy, directory.live_code(deputy.id)) for deputy in deputies)
    return [(deputy, code.code) for deputy, code in codes if code]


def _kept(request: Request) -> dict[str, str]:
    """What was typed into a form whose code was replaced meanwhile: it goes along to the next deputy's."""
    if request.method != "POST":
        return {}
    return asdict(intake.typed(request.form)) | {"form": request.form.get("form", "")}
