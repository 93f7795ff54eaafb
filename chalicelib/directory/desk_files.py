"""The directory's files in the browser: taken over after a look at what that would do, and given out."""

from typing import Final

from chalice.app import Blueprint

from chalicelib.directory import service
from chalicelib.directory.desk import told
from chalicelib.directory.desk_wording import DID, KIND
from chalicelib.directory.report import Report
from chalicelib.errors import Invalid
from chalicelib.web.desk import desk, page
from chalicelib.web.door import Answer, Request
from chalicelib.web.frame import moved

routes = Blueprint(__name__)

TYPES: Final = {"yaml": "application/yaml", "csv": "text/csv; charset=utf-8", "geojson": "application/geo+json"}
MOST_SHOWN: Final = 200  # lines of a report


@desk(routes, "GET /work/import")
def import_form(request: Request) -> Answer:
    """Where a file is put in."""
    return _import_page(request, {}, None, done=request.query.get("done", ""))


@desk(routes, "POST /work/import")
def import_by_form(request: Request) -> Answer:
    """First only what a file would do; with ``step`` write it is taken over. Twice the same file changes nothing more."""
    sent = request.form
    try:
        report = _taken(request, dry_run=sent.get("step") != "write")
    except Invalid as refused:
        return _import_page(request, sent, None, fault=refused.detail)
    if report.written:
        return moved(f"import?done={report.version}", request)
    return _import_page(request, sent, report)


def _taken(request: Request, *, dry_run: bool) -> Report:
    sent = request.form
    if not sent.get("text", "").strip():
        raise Invalid("text", "There is no text in it", "missing")
    form, kind = sent.get("format", "yaml"), sent.get("kind", "")
    return service.import_file(sent["text"], form, kind, by=request.actor, now=request.now, dry_run=dry_run)


def _import_page(request: Request, sent: dict[str, str], report: Report | None, *, fault: str = "", done: str = "") -> Answer:
    return page(
        request,
        "work_import.html",
        422 if fault or (report and report.errors) else 200,
        kinds=KIND,
        sent=sent,
        report=report,
        fault=fault,
        done=done,
        told=told,
        did=DID,
        most=MOST_SHOWN,
    )


@desk(routes, "GET /work/export")
def export_by_link(request: Request) -> Answer:
    """The directory, or one ``kind`` of it, as a file to be kept: ``format`` yaml, csv or geojson."""
    form, kind = request.query.get("format", "yaml"), request.query.get("kind", "")
    content = service.export(form, kind)
    name = f"{kind or 'directory'}-{request.now:%Y%m%d}.{form}"
    headers = {"Content-Type": TYPES[form], "Content-Disposition": f'attachment; filename="{name}"'}
    return Answer(content.encode(), 200, headers)
