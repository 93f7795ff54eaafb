"""Performance in the browser: a deputy's own file with a record to write, the review queue, and every deputy's year."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from chalice.app import Blueprint

from chalicelib.directory import service as directory_service
from chalicelib.directory.model import Directory
from chalicelib.errors import Invalid, NotFound
from chalicelib.files.service import link
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.people.roles import DEPUTY, SYSTEM
from chalicelib.performance import filing, service
from chalicelib.performance.api import exported
from chalicelib.performance.desk_wording import DONE, DRAFT, FACTS, FORMATS, FORMS, KIND, SAID, STATUS, TONES
from chalicelib.performance.model import Record
from chalicelib.performance.service import Written
from chalicelib.performance.telling import document, kind_name
from chalicelib.performance.yearfile import Standing, middle
from chalicelib.settings import settings
from chalicelib.spine.chain import Entry
from chalicelib.web.asked import page_limit
from chalicelib.web.desk import desk, page, who_did
from chalicelib.web.door import Answer, Request
from chalicelib.web.frame import moved, reader_of
from chalicelib.web.moves import Fault, Form, asked, fault_of

routes = Blueprint(__name__)

Act = Callable[..., Record]
MOST_YEARS: Final = 6  # to choose from


@desk(routes, "GET /work/performance")
def performance_home(request: Request) -> Answer:
    """A deputy's own file; for those who answer for the whole, what waits for review and every deputy's year."""
    if request.actor.role == DEPUTY:
        return _file(request, service.whose(request.actor, ""))
    directory = directory_service.edition(request.now)
    year = filing.checked_year(request.query.get("year", ""), request.now, directory)
    found, deputies = filing.everyone(year, directory), [deputy.id for deputy in directory.deputies]
    waiting = service.waiting(by=request.actor, limit=page_limit(request), cursor=request.query.get("cursor", ""))
    return page(
        request,
        "work_performance.html",
        year=year,
        years=_years(request, year),
        standings=[(deputy, found.get(deputy.id, Standing(deputy.id))) for deputy in directory.deputies],
        median=middle(found, deputies),
        records=[_line(record, line, request) for record, line in waiting.items],
        next=waiting.next,
        directory=directory,
    )


@desk(routes, "GET /work/performance/{deputy_id}")
def performance_file(request: Request) -> Answer:
    """A deputy's year. Two queries."""
    return _file(request, _deputy(request))


@desk(routes, "GET /work/performance/{deputy_id}/export")
def export_performance(request: Request) -> Answer:
    """The same as a file to be saved."""
    _deputy(request)
    return exported(request)


def _deputy(request: Request) -> str:
    """Whose file is asked for. Raises NotFound: another deputy's is not there for a deputy."""
    wanted = request.params["deputy_id"]
    if request.actor.role == DEPUTY and wanted != request.actor.deputy:
        raise NotFound(f"There is no file of '{wanted}' here")
    return wanted


def _file(request: Request, deputy: str) -> Answer:
    directory, reader = directory_service.edition(request.now), reader_of(request)
    file = filing.file_of(deputy, request.query.get("year", ""), request.now)
    cursor = request.query.get("cursor", "")
    found = service.of_year(deputy, file.year, by=request.actor, limit=page_limit(request), cursor=cursor)
    return page(
        request,
        "work_performance_file.html",
        file=file,
        tables=document(file, (), filing.every_kind(directory), reader).tables[:-1],
        years=_years(request, file.year),
        records=[_line(record, line, request) for record, line in found.items],
        next=found.next,
        formats=FORMATS,
        public_url=f"{settings.base_url}/open/performance/{deputy}?year={file.year}",
    )


def _years(request: Request, year: str) -> list[str]:
    this = int(filing.checked_year("", request.now, directory_service.edition(request.now)))
    return sorted({year, *(f"{this - back:04d}" for back in range(MOST_YEARS))}, reverse=True)


def _line(record: Record, line: str, request: Request) -> dict[str, Any]:
    directory = directory_service.edition(request.now)
    return {
        "record": record,
        "line": line or record.of or record.id,
        "kind": kind_name(record.category, filing.every_kind(directory), reader_of(request).language),
        "deputy": directory.deputy(record.deputy),
        "state": STATUS[record.status],
    }


# Records


@desk(routes, "GET /work/records/new")
def new_record(request: Request) -> Answer:
    """A record that is not there yet."""
    return _new(request)


def _new(request: Request, status: int = 200, **context: Any) -> Answer:
    given = {"typed": {}, "fault": None, "done": ""} | context
    return page(request, "work_record_new.html", status, form=_with_kinds(DRAFT, request), **given)


def _with_kinds(asks: Form, request: Request) -> Form:
    """The form with the directory's kinds to choose from: those that people may write."""
    language = reader_of(request).language
    kinds = service.kinds_of(directory_service.edition(request.now)).values()
    # The labels of choices go through the catalogue, where a % begins a blank.
    choices = tuple((kind.id, kind.name(language).replace("%", "%%")) for kind in kinds if kind.made_by != SYSTEM)
    return replace(asks, fields=tuple(replace(each, choices=choices) if each is KIND else each for each in asks.fields))


def _written(given: Mapping[str, Any], files: tuple[str, ...] = ()) -> Written:
    return Written(given["kind"], given["day"], given["title"], given["place"], given["text"], given["show"], files)


def _drafted_again(request: Request, done: Remembered) -> Answer:
    return moved(f"{done.dossier}?done=draft", request)


@desk(routes, "POST /work/records/new", again=_drafted_again)
def write_record(request: Request) -> Answer:
    """Write it down, as a draft or for review at once."""
    id, sent = service.new_id(), request.form
    try:
        given = asked(_with_kinds(DRAFT, request), sent)
        also = request.once(id)
        service.draft(id, _written(given), submit=given["submit"], by=request.actor, now=request.now, also=also)
    except Invalid as refused:
        return _new(request, 422, typed={"draft": sent}, fault=fault_of("draft", refused, SAID))
    return moved(f"{id}?done=draft", request)


@desk(routes, "GET /work/records/{record_id}")
def record_view(request: Request) -> Answer:
    """A record in one view."""
    return _record(request, service.loaded(_id(request), request.actor), done=request.query.get("done", ""))


def _again(request: Request, done: Remembered) -> Answer:
    return moved(f"{done.dossier}?done={request.form.get('move', '')}", request)


@desk(routes, "POST /work/records/{record_id}", again=_again)
def move_record(request: Request) -> Answer:
    """One move."""
    move, sent, id = request.form.get("move", ""), request.form, _id(request)
    if move not in FORMS:
        raise Invalid("move", f"'{move}' is none of {', '.join(FORMS)}")
    try:
        given = asked(_with_kinds(FORMS[move], request), sent)
        _act(move, id, request, given)(by=request.actor, now=request.now, also=request.once(id))
    except Invalid as refused:
        record = service.loaded(id, request.actor)
        return _record(request, record, 422, typed={move: sent}, fault=fault_of(move, refused, SAID))
    return moved(f"{id}?done={move}", request)


def _id(request: Request) -> str:
    return form.plain(request.params["record_id"])


def _act(move: str, id: str, request: Request, given: Mapping[str, Any]) -> Act:
    """What to do with this record. Written anew it keeps its files."""
    if move == "revise":
        files = service.loaded(id, request.actor).files
        return partial(service.revise, id, _written(given, tuple(file.id for file in files)))
    return partial(_ACTS.get(move) or partial(service.move, move), id, **given)


# The moves by which it comes to count; the others only need what they are given.
_ACTS: Final[Mapping[str, Act]] = {
    "approve": partial(service.accept, "approve"),
    "overturn": partial(service.accept, "overturn"),
}


def _record(
    request: Request,
    record: Record,
    status: int = 200,
    *,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    fault: Fault | None = None,
    done: str = "",
) -> Answer:
    directory = directory_service.edition(request.now)
    forms = _forms(record, request, directory)
    return page(
        request,
        "work_record.html",
        status,
        files=[(file.name, link(file)) for file in record.files],
        happened=[_told(entry, request, directory) for entry in reversed(service.timeline(record)) if entry.type in FACTS],
        forms=forms,
        filled={"revise": _filled(record)} if "revise" in forms else {},
        typed=typed or {},
        fault=fault,
        done=DONE.get(done, ""),
        directory=directory,
        **_line(record, record.summary, request),
    )


def _forms(record: Record, request: Request, directory: Directory) -> dict[str, Form]:
    """The forms of the moves that are legal now, without those that would change nothing."""
    kind = directory.record_kind(record.category)
    may_show = kind is not None and kind.public != "never" and not record.shown
    idle = {"hide"} if not record.shown else {"show"}
    idle |= set() if may_show else {"show"}
    legal = {move.name for move in record.legal_moves(request.actor)} - idle
    return {name: _with_kinds(each, request) for name, each in FORMS.items() if name in legal}


def _filled(record: Record) -> dict[str, str]:
    account = record.account
    return {
        "kind": record.category, "day": record.day, "title": account.title, "place": account.place, "text": account.text,
        "show": "1" if record.shown else "",
    }  # fmt: skip


def _told(entry: Entry, request: Request, directory: Directory) -> dict[str, Any]:
    reader, data = reader_of(request), entry.data
    values = {"who": who_did(entry, directory, reader), "points": str(data.get("points", ""))}
    return {
        "at": entry.at, "headline": reader.say(FACTS[entry.type], **values), "tone": TONES.get(entry.type, ""),
        "words": str(data.get("reason") or ""),
    }  # fmt: skip
