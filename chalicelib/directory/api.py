"""The directory as JSON and as files: the public list of deputies, and what the manager keeps."""

import hashlib
from typing import Annotated, Any, Final

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib.directory import service
from chalicelib.directory.kinds import Deputy
from chalicelib.directory.model import Directory
from chalicelib.directory.report import Report
from chalicelib.errors import Invalid
from chalicelib.people.guard import Remembered
from chalicelib.settings import settings
from chalicelib.web.door import Answer, Request, door, shown

routes = Blueprint(__name__)

FORMS: Final = {"application/yaml": "yaml", "text/yaml": "yaml", "text/csv": "csv", "application/geo+json": "geojson"}
TYPES: Final = {"yaml": "application/yaml", "csv": "text/csv", "geojson": "application/geo+json"}
A_MINUTE: Final = {"Cache-Control": "public, max-age=60"}


class StationShown(msgspec.Struct, frozen=True):
    name_zh: str
    name_en: str
    hours_zh: str
    hours_en: str


class DeputyShown(msgspec.Struct, frozen=True):
    """A deputy in office; ``form_url`` null while they have no code."""

    id: str
    name_zh: str
    name_en: str
    ward_zh: str
    ward_en: str
    grids: list[str]
    station: StationShown | None
    form_url: str | None


class DeputiesShown(msgspec.Struct, frozen=True):
    items: list[DeputyShown]


class CodeShown(msgspec.Struct, frozen=True):
    code: str | None
    form_url: str | None


class RecordsShown(msgspec.Struct, frozen=True):
    items: list[dict[str, Any]]


class ReplaceCodeRequest(msgspec.Struct, forbid_unknown_fields=True):
    reason: Annotated[str, Meta(min_length=1, max_length=400)]


@door(routes, "GET /v1/deputies")
def list_deputies(request: Request) -> Annotated[Answer, DeputiesShown]:
    """The deputies in office with the address of their form. Public; answers 304 to who has it already."""
    directory = service.edition(request.now)
    tag = f'"{hashlib.sha256(f"{settings.base_url} {directory.edition.version}".encode()).hexdigest()[:16]}"'
    if request.holds(tag):
        return Answer(b"", 304, {"Content-Type": "application/json", "ETag": tag, **A_MINUTE})
    items = [_listed(deputy, directory) for deputy in directory.deputies]
    return shown(DeputiesShown(items), headers={"ETag": tag, **A_MINUTE})


def _listed(deputy: Deputy, directory: Directory) -> DeputyShown:
    code, at = directory.live_code(deputy.id), directory.station(deputy.station)
    return DeputyShown(
        id=deputy.id,
        name_zh=deputy.name_zh,
        name_en=deputy.name_en,
        ward_zh=deputy.ward_zh,
        ward_en=deputy.ward_en,
        grids=list(deputy.grids),
        station=StationShown(at.name_zh, at.name_en, at.hours_zh, at.hours_en) if at else None,
        form_url=_form(code.code) if code else None,
    )


def _form(code: str) -> str:
    return f"{settings.base_url}/d/{code}"


def _code_again(request: Request, done: Remembered) -> Answer:
    code = service.edition(request.now).live_code(done.dossier)
    return shown(CodeShown(code.code, _form(code.code)) if code else CodeShown(None, None))


@door(routes, "POST /v1/deputies/{deputy_id}/code", again=_code_again)
def replace_code(request: Request, asked: ReplaceCodeRequest) -> Annotated[Answer, CodeShown]:
    """Revoke a deputy's QR code and give a new one; the old print then leads to a page that says so."""
    deputy = request.params["deputy_id"]
    code = service.replace_code(deputy, asked.reason, by=request.actor, now=request.now, also=request.once(deputy))
    return shown(CodeShown(code.code, _form(code.code)))


@door(routes, "GET /v1/directory/{kind}")
def list_records(request: Request) -> Annotated[Answer, RecordsShown]:
    """All records of a kind."""
    return shown(RecordsShown(service.records(request.params["kind"], request.now)))


@door(routes, "GET /v1/directory")
def export_directory(request: Request) -> Answer:
    """The directory as a file: ``format`` yaml (all, or one ``kind``), csv (one ``kind``) or geojson (outlines of grids)."""
    form, kind = request.query.get("format", "yaml"), request.query.get("kind", "")
    content = service.export(form, kind)
    return Answer(content.encode(), 200, {"Content-Type": TYPES[form]})


@door(routes, "POST /v1/directory", content_types=tuple(FORMS))
def import_directory(request: Request) -> Annotated[Answer, Report]:
    """Take over a file. With any error nothing is written, and all of them are told at once (status 422).

    Sending the same file again changes nothing more, so no Idempotency-Key is asked for.
    """
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent not in FORMS:
        raise Invalid("Content-Type", f"'{sent}' is not one of {', '.join(FORMS)}", "unknown_format")
    dry_run = request.query.get("dry_run", "").lower() in ("1", "true", "yes")
    report = service.import_file(
        request.body, FORMS[sent], request.query.get("kind", ""), by=request.actor, now=request.now, dry_run=dry_run
    )
    return shown(report, 422 if report.errors else 200)
