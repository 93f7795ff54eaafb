"""The verbs of the directory. Rows are the truth; functions read the edition, one item that is rewritten with every change.

A change is checked against the whole directory before anything is written. Then its rows go in transactions of at most
100 writes, each with its fact in the journal, and the last one carries the new edition: until then nobody sees any of it.
"""

import hashlib
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Final

import msgspec

from chalicelib.directory import files, table
from chalicelib.directory.cache import EditionCache
from chalicelib.directory.checks import Records
from chalicelib.directory.edition import TooLarge, packed
from chalicelib.directory.fields import nearest, written
from chalicelib.directory.kinds import KINDS, PrintedCode, Record
from chalicelib.directory.model import Directory
from chalicelib.directory.plan import Changed, Plan, batches, edition_of, plan
from chalicelib.directory.report import Problem, Read, Report, Row
from chalicelib.directory.rows import key_of
from chalicelib.errors import Conflict, Invalid, NotFound
from chalicelib.people.roles import Actor
from chalicelib.spine import dossiers
from chalicelib.spine.aws import Write
from chalicelib.spine.dossier import Dossier, Step

LOG: Final = "directory"  # the id of the dossier whose journal holds every change of the directory
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
CODE_LENGTH: Final = 8

Propose = Callable[[Records], Read]  # what to change, seeing what is there


@dataclass(frozen=True, kw_only=True)
class ChangeLog(Dossier):
    """The directory as a dossier: its version counts the changes, its journal holds them."""

    KIND: ClassVar[str] = "directory"


_editions = EditionCache(table.stored_edition)
forget = _editions.forget


def edition(now: datetime) -> Directory:
    """The directory as it was published last, at most a minute ago. One read a minute.

    Raises NotFound (``no_directory``) before the first import.
    """
    return _editions.get(now)


def publish(now: datetime) -> int:
    """Write the edition anew from the rows, e.g. after a restore; returns its version. Changes nothing else."""
    log = _log()
    version = log.version if log else 0
    content = edition_of(table.stored_records(), version, now)
    if table.put_edition(packed(content), version, now):
        _editions.hold(Directory(content), now)
    return version


def import_file(content: str | bytes, form: str, kind: str = "", *, by: Actor, now: datetime, dry_run: bool = False) -> Report:
    """Take over a file: ``form`` is yaml (the whole directory or parts), csv (one ``kind``) or geojson (outlines of grids).

    A record of the file replaces the one of its id; what the file does not name stays; ``retired: true`` takes out of use.
    With any error nothing is written, and all of them are in the report. A dry run only reports.
    Raises Invalid (form, kind, encoding), Conflict when someone else changes the directory meanwhile: import again, what is
    there already is not written twice.
    """
    text = files.decoded(content) if isinstance(content, bytes) else content
    return _change(lambda there: files.read(text, form, kind, there), by=by, now=now, dry_run=dry_run)


def export(form: str, kind: str = "") -> str:
    """The directory as a file: yaml, all of it or one kind, csv, one kind, or geojson. Raises Invalid."""
    listed = {name: list(found.values()) for name, found in table.stored_records().items()}
    return files.write(listed, form, kind)


def put(
    kind: str,
    id: str,
    data: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    dry_run: bool = False,
    seen: str | None = None,
    also: Sequence[Write] = (),
) -> Report:
    """Add or replace one record. Reports as ``import_file`` does.

    ``seen`` is the ``stamp`` of the record as its writer saw it, "" for one that is to be new. Raises Invalid for an unknown
    kind, Conflict, also when the record is not any more what was seen.
    """
    _check_kind(kind)
    key = KINDS[kind].KEY
    values = {key[0]: id, **data} if len(key) == 1 else dict(data)
    read = Read(rows=[Row(kind, values)])
    if len(key) == 1 and values[key[0]] != id:
        read.wrong(0, "other_id", f"The record says '{values[key[0]]}', and it was put as '{id}'", id, kind, key[0])

    def propose(there: Records) -> Read:
        if seen is not None:
            _require_unchanged(read, there[kind], seen)
        return read

    return _change(propose, by=by, now=now, dry_run=dry_run, also=also)


def _require_unchanged(read: Read, there: Mapping[str, Record], seen: str) -> None:
    row = read.rows[0]
    id = key_of(row)
    if not seen and id in there:
        read.problems.append(Problem(0, row.kind, id, KINDS[row.kind].KEY[0], "twice", f"There is '{id}' already", "another"))
    elif seen and seen != stamp(there.get(id)):
        raise Conflict(f"Someone changed '{id}' of {row.kind} meanwhile")


def stamp(record: Record | None) -> str:
    """What tells one state of a record from every other; "" for none."""
    return hashlib.sha256(msgspec.json.encode(record)).hexdigest()[:16] if record else ""


def kept(kind: str) -> dict[str, Record]:
    """The records of a kind by key as they are this moment, retired ones too. One query. Raises NotFound for no such kind."""
    if kind not in KINDS:
        raise NotFound(f"There is no kind '{kind}'; right would be {nearest(kind, KINDS)}")
    return table.stored(kind)


def records(kind: str, now: datetime) -> list[dict[str, Any]]:
    """The published records of a kind as plain data, retired ones too. Raises Invalid for an unknown kind."""
    _check_kind(kind)
    return [written(kind, record) for record in getattr(edition(now).edition, kind)]


def replace_code(
    deputy_id: str,
    reason: str,
    *,
    by: Actor,
    now: datetime,
    draw: Callable[[str], str] = secrets.choice,
    also: Sequence[Write] = (),
) -> PrintedCode:
    """Revoke a deputy's code and give a new one; the old print then leads to a page that says so.

    ``draw`` takes one character of an alphabet. Raises NotFound (no such deputy in office), Invalid (no reason), Conflict.
    """
    if not reason.strip():
        raise Invalid("reason", "Say why the code is replaced, e.g. 'print was torn down'", "missing")
    fresh: list[PrintedCode] = []

    def propose(there: Records) -> Read:
        fresh.append(_new_code(deputy_id, there, now, draw))
        revoked = [msgspec.structs.replace(code, revoked_at=now, reason=reason) for code in _codes_of(deputy_id, there)]
        return Read(rows=[Row("codes", written("codes", code)) for code in (*revoked, fresh[0])])

    report = _change(propose, by=by, now=now, dry_run=False, also=also)
    if report.errors:
        raise Conflict(f"The directory has to be mended first: {report.errors[0]}", "unsound_directory")
    return fresh[0]


def record_change(
    log: ChangeLog | None, batch: Sequence[Changed], *, by: Actor, now: datetime, also: Sequence[Write] = ()
) -> ChangeLog:
    """One fact in the directory's journal, the rows that it changes, and ``also``, in one transaction. Raises Conflict."""
    after = log or ChangeLog(id=LOG, created_at=now, updated_at=now)
    version = after.version + 1
    rows = [table.record_write(it.change.kind, it.after, version, now) for it in batch]
    step = Step(log, after, "directory_changed", by, now, {"changes": [it.told() for it in batch]})
    return dossiers.record(step, also=[*rows, *also])


def _change(propose: Propose, *, by: Actor, now: datetime, dry_run: bool, also: Sequence[Write] = ()) -> Report:
    # The log is read first: if anyone changes a row after this, its version is no longer the one that record expects.
    log = _log()
    there = table.stored_records()
    planned = plan(there, propose(there))
    version = log.version if log else 0
    if planned.report.errors:
        return replace(planned.report, version=version)
    return _carried_out(planned, log, version, by=by, now=now, dry_run=dry_run, also=also)


def _carried_out(
    planned: Plan, log: ChangeLog | None, version: int, *, by: Actor, now: datetime, dry_run: bool, also: Sequence[Write]
) -> Report:
    steps = batches(planned.changed)
    content = edition_of(planned.after, version + len(steps), now)
    try:
        switch = table.edition_write(packed(content), content.version, now)
    except TooLarge as fault:
        return Report(errors=[Problem(0, "", "", "", fault.code, fault.detail)], version=version)
    if dry_run:
        return replace(planned.report, version=version)
    for number, batch in enumerate(steps, start=1):
        log = record_change(log, batch, by=by, now=now, also=[switch, *also] if number == len(steps) else [])
    _editions.hold(Directory(content), now) if steps else _catch_up(version, now)
    return replace(planned.report, version=content.version, written=True)


def _catch_up(version: int, now: datetime) -> None:
    """Nothing changed, but an import that was broken off may have left the edition behind its rows."""
    stored = table.stored_edition(consistent=True)
    if stored is None or stored.version < version:
        publish(now)


def _log() -> ChangeLog | None:
    try:
        return dossiers.load(ChangeLog, LOG)
    except NotFound:
        return None


def _codes_of(deputy_id: str, there: Records) -> list[PrintedCode]:
    codes = (code for code in there["codes"].values() if isinstance(code, PrintedCode))
    return [code for code in codes if code.deputy == deputy_id and code.revoked_at is None]


def _new_code(deputy_id: str, there: Records, now: datetime, draw: Callable[[str], str]) -> PrintedCode:
    deputy = there["deputies"].get(deputy_id)
    if deputy is None or deputy.retired:
        raise NotFound(f"There is no deputy '{deputy_id}' in office")
    code = _unused(there["codes"], draw)
    return PrintedCode(code=code, deputy=deputy_id, issued_at=now)


def _unused(taken: Collection[str], draw: Callable[[str], str]) -> str:
    while (code := "".join(draw(ALPHABET) for _ in range(CODE_LENGTH))) in taken:
        pass
    return code


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise Invalid("kind", f"There is no kind '{kind}'; right would be {nearest(kind, KINDS)}", "unknown_kind")
