"""Older records brought in, many at once: checked all together, written in transactions of as many as one takes.

A row's id is its content, so a row that is there is left as it is: an import that was broken off is sent again from its start.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Final

from chalicelib.directory import service as directory_service
from chalicelib.directory.model import Directory
from chalicelib.errors import Invalid
from chalicelib.people.roles import Actor
from chalicelib.performance import model, service, table
from chalicelib.performance.credit import local_day
from chalicelib.performance.model import Account, Record
from chalicelib.spine import dossiers
from chalicelib.spine.aws import Write

MOST_ROWS: Final = 300  # of one request
# A transaction takes 100 writes: fact and state of each record, and at worst a yearly file's row for each.
A_TRANSACTION: Final = 33


@dataclass(frozen=True)
class ImportRow:
    """One older record. ``row`` is its number in the file; ``number`` its own in the old system, "" if it had none."""

    row: int
    deputy: str
    kind: str
    day: str
    title: str
    place: str = ""
    text: str = ""
    number: str = ""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row; ``detail`` says what would be right."""

    row: int
    field: str
    code: str
    detail: str


@dataclass(frozen=True)
class Imported:
    """What came of a request: how many were written, how many were there. With any fault nothing was written."""

    written: int = 0
    there: int = 0
    errors: tuple[Fault, ...] = ()


def bring_in(rows: Sequence[ImportRow], *, by: Actor, now: datetime) -> Imported:
    """Bring in older records. Raises Conflict when something else writes the same at the same moment: send it again.

    One batch read a hundred rows, one transaction for every 33 that are not there.
    """
    directory = directory_service.edition(now)
    records, faults = _checked(rows, directory, now)
    if faults:
        return Imported(errors=tuple(faults))
    there = {record.id for record in dossiers.load_many(Record, list(records))}
    fresh = [record for id, record in records.items() if id not in there]
    for batch in _batches(fresh):
        _write(batch, directory, by, now)
    return Imported(len(fresh), len(there))


def row_id(row: ImportRow) -> str:
    """The id of the record of a row: derived from all that it says."""
    return model.derived_id("import", row.deputy, row.kind, row.day, row.title, row.place, row.text, row.number)


def _checked(rows: Sequence[ImportRow], directory: Directory, now: datetime) -> tuple[dict[str, Record], list[Fault]]:
    today = local_day(now, directory.calendar_for().zone)
    records: dict[str, Record] = {}
    first: dict[str, int] = {}
    faults: list[Fault] = []
    for row in map(_trimmed, rows):
        found, id = list(_faults(row, directory, today)), row_id(row)
        if id in first:
            detail = f"The same as row {first[id]}; if both happened, give each a 'number'"
            found.append(Fault(row.row, "number", "twice", detail))
        faults += found
        first.setdefault(id, row.row)
        if not found:
            records[id] = _record(id, row, now)
    return records, faults


def _trimmed(row: ImportRow) -> ImportRow:
    return ImportRow(
        row.row, *(getattr(row, name).strip() for name in ("deputy", "kind", "day", "title", "place", "text", "number"))
    )


def _faults(row: ImportRow, directory: Directory, today: date) -> Iterator[Fault]:
    """All that is wrong with a row, and not only the first."""
    if not directory.deputy(row.deputy):
        yield Fault(row.row, "deputy", "unknown_deputy", f"There is no deputy '{row.deputy}'")
    kinds = service.kinds_of(directory)
    for check in (
        lambda: model.checked_kind(row.kind, kinds),
        lambda: model.checked_day(row.day, today),
        lambda: model.checked_account(Account(row.title, row.place, row.text)),
    ):
        try:
            check()
        except Invalid as refused:
            yield Fault(row.row, refused.field, refused.code, refused.detail)


def _record(id: str, row: ImportRow, now: datetime) -> Record:
    # The salt comes of the row: the same row brought in twice is the same record, to the last byte.
    account = Account(row.title, row.place, row.text, model.derived_id("salt", id, row.number))
    return Record(
        id=id, deputy=row.deputy, category=row.kind, day=row.day, account=account, digest=account.digest,
        created_at=now, updated_at=now,
    )  # fmt: skip


def _batches(records: Sequence[Record]) -> Iterator[list[Record]]:
    rest = iter(records)
    while batch := list(islice(rest, A_TRANSACTION)):
        yield batch


def _write(records: Sequence[Record], directory: Directory, by: Actor, now: datetime) -> None:
    kinds = service.kinds_of(directory)
    steps = [model.brought_in(record, kinds[record.category], by=by, at=now) for record in records]
    dossiers.record(*steps, also=_counted([step.after for step in steps]))


def _counted(records: Sequence[Record]) -> list[Write]:
    found = Counter((record.year, record.deputy, record.category) for record in records)
    points = {(record.year, record.deputy, record.category): record.points for record in records}
    return [table.one_more(*file, points[file] * count, count) for file, count in sorted(found.items())]
