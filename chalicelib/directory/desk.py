"""The directory in the browser: its kinds, the records of one, and a form for each record. For the manager."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote

from chalice.app import Blueprint

from chalicelib.directory import service
from chalicelib.directory.desk_wording import CHOICE, HINTS, KIND, SAID, WRONG
from chalicelib.directory.kinds import KINDS, SINGLE, Record
from chalicelib.directory.model import Directory
from chalicelib.directory.record_form import WRITTEN_BY_HAND, Asked, asked_of, kinds_named, name_of, typed_of, values_of
from chalicelib.directory.report import Problem, Row
from chalicelib.directory.rows import key_of
from chalicelib.errors import Invalid, NotFound
from chalicelib.people import guard
from chalicelib.people.guard import Remembered
from chalicelib.web.desk import desk, page
from chalicelib.web.door import Answer, Request
from chalicelib.web.frame import language_of, moved, reader_of

routes = Blueprint(__name__)

A_PAGE: Final = 100  # records that are listed at once
# What a list shows of a record beside its name: where the name does not say it.
BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    "responsibilities": ("body",),
    "promises": ("amount", "mode"),
    "dangers": ("urgency",),
    "templates": ("move", "category"),
    "users": ("role", "deputy", "body"),
    "codes": ("deputy", "reason"),
    "deputies": ("ward_zh",),
    "webhooks": ("url",),
}


@dataclass(frozen=True)
class Wrong:
    """A problem as the page tells it. ``at`` is the field of this form, "" if it lies elsewhere; ``path`` leads there."""

    at: str
    said: str
    problem: Problem
    path: str


def current(request: Request) -> Directory | None:
    """The directory; None before the first import, which a manager comes here to make."""
    try:
        return service.edition(request.now)
    except NotFound:
        return None


@desk(routes, "GET /work/directory")
def directory_kinds(request: Request) -> Answer:
    """What the directory holds, and the ways to look after it."""
    directory = current(request)
    counts = {kind: _in_use(getattr(directory.edition, kind)) if directory else 0 for kind in KINDS}
    return page(request, "work_directory.html", kinds=KIND, counts=counts, directory=directory)


def _in_use(records: Sequence[Record]) -> int:
    return sum(not record.retired for record in records)


@desk(routes, "GET /work/directory/{kind}")
def directory_records(request: Request) -> Answer:
    """The records of one kind: those that hold the words looked for, from one key on."""
    kind, language = request.params["kind"], language_of(request)
    words, begin = request.query.get("q", "").strip().lower(), request.query.get("from", "")
    held = [(key, record) for key, record in service.kept(kind).items() if key >= begin and _holds(key, record, words)]
    return page(
        request,
        "work_directory_kind.html",
        kind=kind,
        naming=KIND[kind],
        items=[_listed(kind, key, record, language) for key, record in held[:A_PAGE]],
        next=held[A_PAGE][0] if len(held) > A_PAGE else "",
        words=words,
        may_add=kind in WRITTEN_BY_HAND and not (kind in SINGLE and held),
        may_change=kind in WRITTEN_BY_HAND,
        done=request.query.get("done", ""),
        choice_names=CHOICE,
    )


def _holds(key: str, record: Record, words: str) -> bool:
    names = (getattr(record, name, "") for name in ("name_zh", "name_en", "name"))
    return not words or any(words in str(text).lower() for text in (key, *names))


def _listed(kind: str, key: str, record: Record, language: str) -> dict[str, Any]:
    beside = [str(getattr(record, field)) for field in BESIDE.get(kind, ()) if getattr(record, field)]
    out = record.retired or bool(getattr(record, "revoked_at", None))
    return {"key": key, "path": quote(key), "name": name_of(record, language), "beside": beside, "out": out}


@desk(routes, "GET /work/directory/{kind}/record")
def directory_record(request: Request) -> Answer:
    """The form of one record (``id``), or of a new one."""
    kind, before = _record(request)
    return _form(request, kind, before, typed_of(kind, before), service.stamp(before))


def _record(request: Request) -> tuple[str, Record | None]:
    """The kind, and the record that is to be changed, if it is not a new one."""
    kind, id = request.params["kind"], request.query.get("id", "")
    if kind not in WRITTEN_BY_HAND:
        raise NotFound(f"Records of '{kind}' are not written by hand")
    before = service.kept(kind).get(id)
    if id and before is None:
        raise NotFound(f"There is no '{id}' in {kind}")
    return kind, before


def _again(request: Request, done: Remembered) -> Answer:
    return _saved(request, request.params["kind"], done.dossier)


@desk(routes, "POST /work/directory/{kind}/record", again=_again)
def save_record(request: Request) -> Answer:
    """Add or change one record, with every check and the fact in the journal that an import has."""
    kind, before = _record(request)
    sent, asked = request.form, _asked(request, kind, before)
    try:
        values = values_of(kind, asked, sent) | _fixed(before)
    except Invalid as refused:
        problem = Problem(0, kind, "", refused.field, refused.code, refused.detail)
        return _form(request, kind, before, sent, sent.get("seen", ""), [problem])
    id = str(values.get(KINDS[kind].KEY[0]) or "")
    seen = sent.get("seen", "") if before else ""
    report = service.put(kind, id, values, by=request.actor, now=request.now, seen=seen, also=request.once(id or kind))
    if report.errors:
        done = guard.recall(request.actor.id, request.key, request.digest, request.now)  # sent twice, it is there already
        if done:
            return _again(request, done)
        return _form(request, kind, before, sent, seen, report.errors, key_of(Row(kind, values)))
    return _saved(request, kind, id)


def _fixed(before: Record | None) -> dict[str, Any]:
    return {name: getattr(before, name) for name in before.KEY} if before else {}


def _saved(request: Request, kind: str, id: str) -> Answer:
    return moved(f"../{kind}?done={quote(id)}", request)


def _asked(request: Request, kind: str, before: Record | None) -> list[Asked]:
    there = {named: service.kept(named) for named in kinds_named(kind)}
    return asked_of(kind, there, reader_of(request), new=before is None)


def _form(
    request: Request,
    kind: str,
    before: Record | None,
    typed: Mapping[str, str],
    seen: str,
    errors: Sequence[Problem] = (),
    key: str = "",
) -> Answer:
    asked = [_with_what_it_holds(each, typed.get(each.name, "")) for each in _asked(request, kind, before)]
    faults = [_wrong(problem, kind, key, {each.name for each in asked}) for problem in errors]
    return page(
        request,
        "work_directory_record.html",
        422 if errors else 200,
        kind=kind,
        naming=KIND[kind],
        name=name_of(before, language_of(request)) if before else "",
        asked=asked,
        typed=dict(typed),
        seen=seen,
        faults=faults,
        at_field={fault.at: fault for fault in reversed(faults) if fault.at},
        hints=HINTS,
    )


def _with_what_it_holds(asked: Asked, typed: str) -> Asked:
    """A choice offers what the record names already, even if that is out of use: else a save would lose it silently."""
    held = typed.replace("\n", ",").split(",") if asked.control == "many" else [typed]
    more = [each for each in held if each and each not in dict(asked.choices)]
    return replace(asked, choices=(*asked.choices, *((each, each) for each in more))) if asked.choices else asked


def told(problem: Problem) -> str:
    """What a problem says, as a text of the catalogues."""
    return SAID.get(problem.code, WRONG)


def _wrong(problem: Problem, kind: str, key: str, fields: set[str]) -> Wrong:
    here = problem.kind == kind and problem.id in ("", key)
    elsewhere = not here and problem.kind in WRITTEN_BY_HAND and problem.id
    path = f"work/directory/{problem.kind}/record?id={quote(problem.id)}" if elsewhere else ""
    return Wrong(problem.field if here and problem.field in fields else "", told(problem), problem, path)
