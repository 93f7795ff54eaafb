"""The electronic performance file of each deputy as JSON: each view parses, calls one use case and shapes the answer."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib.directory import service as directory_service
from chalicelib.errors import Invalid
from chalicelib.files.model import MOST_AT_ONCE
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.performance import archive, filing, importing, service, sheets
from chalicelib.performance.archive import LONGEST_CHAIN, Claim
from chalicelib.performance.importing import MOST_ROWS, ImportRow
from chalicelib.performance.model import LONGEST_PLACE, LONGEST_TEXT, LONGEST_TITLE, Record
from chalicelib.performance.paper import pdf
from chalicelib.performance.service import Written
from chalicelib.performance.shapes import (
    ImportShown,
    KindsShown,
    RecordsListed,
    RecordWhole,
    StandingsShown,
    VerdictsShown,
    YearShown,
    import_shown,
    kinds_shown,
    record_whole,
    records_listed,
    standings_shown,
    year_shown,
)
from chalicelib.performance.telling import Document, document
from chalicelib.performance.yearfile import YearFile, middle
from chalicelib.settings import settings
from chalicelib.spine.chain import Entry
from chalicelib.web.asked import Name, Nothing, Reason, page_limit
from chalicelib.web.door import XLSX, Answer, Request, door, shown
from chalicelib.web.frame import reader_of

routes = Blueprint(__name__)

MOST_CLAIMS: Final = 200
RecordAnswer = Annotated[Answer, RecordWhole]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class RecordRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What was done on a day: a line, the place, and more if there is more; ``show`` it to the public if its kind allows."""

    kind: Name
    day: Day
    title: Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
    place: Annotated[str, Meta(max_length=LONGEST_PLACE)] = ""
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""
    show: bool = False
    files: Annotated[list[Name], Meta(max_length=MOST_AT_ONCE)] = []

    @property
    def written(self) -> Written:
        return Written(self.kind, self.day, self.title, self.place, self.text, self.show, tuple(self.files))


class NewRecordRequest(RecordRequest, forbid_unknown_fields=True):
    """``submit`` sends it to review at once; else it is a draft."""

    submit: bool = False


class ReasonRequest(msgspec.Struct, forbid_unknown_fields=True):
    reason: Reason


class RowRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A row of a file. What is wrong with its values is told with its number, so they are checked later than their types."""

    row: Annotated[int, Meta(ge=1)]
    deputy: str = ""
    kind: str = ""
    day: str = ""
    title: str = ""
    place: str = ""
    text: str = ""
    number: str = ""


class ImportRequest(msgspec.Struct, forbid_unknown_fields=True):
    rows: Annotated[list[RowRequest], Meta(min_length=1, max_length=MOST_ROWS)]


class ClaimRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What an exported file says: that fact ``seq`` of a record had this hash."""

    id: Annotated[str, Meta(pattern="^R[0-9A-Z]{12}$")]
    seq: Annotated[int, Meta(ge=1, le=LONGEST_CHAIN)]
    hash: Hash


class VerifyRequest(msgspec.Struct, forbid_unknown_fields=True):
    items: Annotated[list[ClaimRequest], Meta(max_length=MOST_CLAIMS)]
    seal: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""
    signature: Annotated[str, Meta(max_length=100)] = ""


# Records


@door(routes, "GET /v1/records")
def list_records_of_year(request: Request) -> Annotated[Answer, RecordsListed]:
    """A deputy's records of a year, newest first; or with ``list=waiting`` what waits: for review, or to be finished."""
    limit, cursor = page_limit(request), request.query.get("cursor", "")
    if request.query.get("list") == "waiting":
        page = service.waiting(by=request.actor, limit=limit, cursor=cursor)
    else:
        year = filing.checked_year(request.query.get("year", ""), request.now, directory_service.edition(request.now))
        page = service.of_year(request.query.get("deputy", ""), year, by=request.actor, limit=limit, cursor=cursor)
    return shown(records_listed(page.items, page.next))


@door(routes, "GET /v1/records/kinds")
def list_record_kinds(request: Request) -> Annotated[Answer, KindsShown]:
    """The kinds of records, with their points; those that the platform makes by itself too."""
    return shown(kinds_shown(directory_service.edition(request.now).record_kinds))


def _id(request: Request) -> str:
    return form.plain(request.params["record_id"])


def _shown(record: Record, request: Request, status: int = 200, entries: Sequence[Entry] | None = None) -> Answer:
    whole = record_whole(record, entries, request.actor)
    return shown(whole, status, {"ETag": f'"{record.version}"'})


def _again(request: Request, done: Remembered) -> Answer:
    return _shown(service.loaded(done.dossier, request.actor), request)


def _written_again(request: Request, done: Remembered) -> Answer:
    return _shown(service.loaded(done.dossier, request.actor), request, 201)


@door(routes, "POST /v1/records", again=_written_again)
def write_record(request: Request, asked: NewRecordRequest) -> RecordAnswer:
    """Write a record down, as a draft or for review at once."""
    id = service.new_id()
    record = service.draft(id, asked.written, submit=asked.submit, by=request.actor, now=request.now, also=request.once(id))
    return _shown(record, request, 201)


@door(routes, "GET /v1/records/{record_id}")
def show_record(request: Request) -> RecordAnswer:
    """A record in full."""
    record = service.loaded(_id(request), request.actor)
    return _shown(record, request, entries=service.timeline(record))


class RecordVerdict(msgspec.Struct, frozen=True):
    entries: int
    sound: bool
    first_changed: int | None


@door(routes, "GET /v1/records/{record_id}/verify")
def verify_record(request: Request) -> Annotated[Answer, RecordVerdict]:
    """Walk the record's hash chain; names the first entry that was changed."""
    verdict = service.verify(_id(request), request.actor)
    return shown(RecordVerdict(verdict.entries, verdict.sound, verdict.first_changed))


@door(routes, "POST /v1/records/{record_id}/revise", again=_again)
def revise_record(request: Request, asked: RecordRequest) -> RecordAnswer:
    """Write a draft, or what was returned, anew."""
    id = _id(request)
    return _shown(service.revise(id, asked.written, by=request.actor, now=request.now, also=request.once(id)), request)


def _moved(move: str, request: Request, **given: str) -> Answer:
    id = _id(request)
    return _shown(service.move(move, id, by=request.actor, now=request.now, also=request.once(id), **given), request)


@door(routes, "POST /v1/records/{record_id}/submit", again=_again)
def submit_record(request: Request, asked: Nothing) -> RecordAnswer:  # noqa: ARG001 - a body is refused
    """Send it to review."""
    return _moved("submit", request)


@door(routes, "POST /v1/records/{record_id}/discard", again=_again)
def discard_record(request: Request, asked: Nothing) -> RecordAnswer:  # noqa: ARG001 - a body is refused
    """Throw a draft away, or what was returned."""
    return _moved("discard", request)


@door(routes, "POST /v1/records/{record_id}/show", again=_again)
def make_record_public(request: Request, asked: Nothing) -> RecordAnswer:  # noqa: ARG001 - a body is refused
    """Show its words on your public page, once it counts."""
    return _moved("show", request)


@door(routes, "POST /v1/records/{record_id}/hide", again=_again)
def make_record_private(request: Request, asked: Nothing) -> RecordAnswer:  # noqa: ARG001 - a body is refused
    """Take its words off your public page."""
    return _moved("hide", request)


@door(routes, "POST /v1/records/{record_id}/appeal", again=_again)
def appeal_record(request: Request, asked: ReasonRequest) -> RecordAnswer:
    """Say why it should not have been returned; someone else decides."""
    return _moved("appeal", request, reason=asked.reason)


@door(routes, "POST /v1/records/{record_id}/approve", again=_again)
def approve_record(request: Request, asked: Nothing) -> RecordAnswer:  # noqa: ARG001 - a body is refused
    """It counts from now on."""
    id = _id(request)
    return _shown(service.accept("approve", id, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "POST /v1/records/{record_id}/return", again=_again)
def return_record(request: Request, asked: ReasonRequest) -> RecordAnswer:
    """Back to the deputy, with the reason."""
    return _moved("return", request, reason=asked.reason)


@door(routes, "POST /v1/records/{record_id}/uphold", again=_again)
def uphold_return(request: Request, asked: ReasonRequest) -> RecordAnswer:
    """The return stands."""
    return _moved("uphold", request, reason=asked.reason)


@door(routes, "POST /v1/records/{record_id}/overturn", again=_again)
def overturn_return(request: Request, asked: ReasonRequest) -> RecordAnswer:
    """The appeal is right: the record counts."""
    id = _id(request)
    also = request.once(id)
    return _shown(service.accept("overturn", id, by=request.actor, now=request.now, also=also, reason=asked.reason), request)


@door(routes, "POST /v1/records/import")
def import_records(request: Request, asked: ImportRequest) -> Annotated[Answer, ImportShown]:
    """Bring in older records, which count at once. With any error nothing is written, and all of them are told (status 422).

    A row's id is its content: sending rows again changes nothing more, so no Idempotency-Key is asked for.
    """
    rows = [ImportRow(**msgspec.structs.asdict(row)) for row in asked.rows]
    outcome = importing.bring_in(rows, by=request.actor, now=request.now)
    return shown(import_shown(outcome), 422 if outcome.errors else 200)


# Yearly files


@door(routes, "GET /v1/performance")
def list_standings(request: Request) -> Annotated[Answer, StandingsShown]:
    """Every deputy's year in numbers, in the directory's order."""
    directory = directory_service.edition(request.now)
    year = filing.checked_year(request.query.get("year", ""), request.now, directory)
    found, deputies = filing.everyone(year, directory), [deputy.id for deputy in directory.deputies]
    return shown(standings_shown(year, found, deputies, middle(found, deputies)))


def _file(request: Request) -> YearFile:
    deputy = service.whose(request.actor, request.params["deputy_id"])
    return filing.file_of(deputy, request.query.get("year", ""), request.now)


@door(routes, "GET /v1/performance/{deputy_id}")
def show_year_file(request: Request) -> Annotated[Answer, YearShown]:
    """A deputy's yearly file in numbers, beside the median of the congress."""
    return shown(year_shown(_file(request), settings.base_url))


@door(routes, "GET /v1/performance/{deputy_id}/export")
def export_year_file(request: Request) -> Answer:
    """The whole yearly file: ``format`` json (to be kept: it can be verified), pdf, xlsx or csv."""
    return exported(request)


def exported(request: Request) -> Answer:
    """The yearly file of ``deputy_id`` as a file to be saved. Raises Invalid for a format that is none."""
    wanted = request.query.get("format", "json")
    if wanted not in ("json", *_WRITTEN):
        raise Invalid("format", f"'{wanted}' is not one of json, {', '.join(_WRITTEN)}", "unknown_format")
    file = _file(request)
    named = f'attachment; filename="performance-{file.deputy.id}-{file.year}.{wanted}"'
    if wanted == "json":
        return shown(archive.archived(file, request.now), headers={"Content-Disposition": named})
    kind, write = _WRITTEN[wanted]
    return Answer(write(_document(file, request)), 200, {"Content-Type": kind, "Content-Disposition": named})


def _document(file: YearFile, request: Request) -> Document:
    kinds = filing.every_kind(directory_service.edition(request.now))
    return document(file, filing.records_of(file.deputy.id, file.year), kinds, reader_of(request))


_WRITTEN: Final[dict[str, tuple[str, Any]]] = {
    "pdf": ("application/pdf", pdf),
    "xlsx": (XLSX, sheets.xlsx),
    "csv": ("text/csv", lambda document: sheets.as_csv(document.tables[-1])),
}


@door(routes, "POST /v1/performance/verify")
def verify_claims(request: Request, asked: VerifyRequest) -> Annotated[Answer, VerdictsShown]:  # noqa: ARG001 - a door hands it in
    """Compare what an exported file says of the journal with the journal as it is now, and its signature. Changes nothing."""
    claims = [Claim(item.id, item.seq, item.hash) for item in asked.items]
    signed = archive.is_ours(asked.seal, asked.signature) if asked.seal else None
    return shown(VerdictsShown(list(archive.compared(claims)), signed))
