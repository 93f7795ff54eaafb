"""From the directory as it is and what came in to the directory as it would be: what changes, and what is wrong. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from chalicelib.directory.advice import advise
from chalicelib.directory.checks import Records, check
from chalicelib.directory.edition import Edition
from chalicelib.directory.kinds import KINDS, UNRECORDED, Record
from chalicelib.directory.model import Directory
from chalicelib.directory.report import Change, Did, Problem, Read, Report
from chalicelib.directory.rows import Placed, key_of, records_of

MOST_TOLD: Final = 1_000  # problems in one report
# A transaction takes 100 writes (DynamoDB's quota); three are the fact, the log and the edition. The fact holds what the
# batch changes and must stay far below an item's 400 KB.
MOST_IN_BATCH: Final = 97
LARGEST_BATCH: Final = 150_000  # bytes


@dataclass(frozen=True)
class Changed:
    """A record as it was (None if it is new) and as it will be."""

    change: Change
    before: Record | None
    after: Record

    def told(self) -> dict[str, Any]:
        """The change as the journal keeps it: each field with its value before and after, if values may be recorded."""
        fields = {name: [_plain(self.before, name), _plain(self.after, name)] for name in self.change.fields}
        said = {name: values for name, values in fields.items() if name not in UNRECORDED}
        unsaid = sorted(fields.keys() & UNRECORDED)
        return {"kind": self.change.kind, "id": self.change.id, "did": self.change.did, "fields": said, "unsaid": unsaid}


@dataclass(frozen=True)
class Plan:
    """What would come of a change. With errors ``changed`` is empty, and ``after`` is what it was before."""

    after: Records
    changed: Sequence[Changed]
    report: Report


def plan(before: Records, read: Read) -> Plan:
    """Reckon what these rows would do to the directory."""
    placed, problems = records_of(read.rows)
    after = _with(before, placed)
    errors = [*read.problems, *problems, *_unsound(after, placed, read)]
    if errors:
        return Plan(before, (), Report(errors=_in_order(errors)))
    changed = tuple(_changed(before, placed))
    warnings = advise(Directory(edition_of(after, 0, datetime.min)))  # noqa: DTZ901 - it is looked at and thrown away
    return Plan(after, changed, Report(warnings=warnings, changes=tuple(it.change for it in changed)))


def edition_of(records: Records, version: int, at: datetime) -> Edition:
    """The edition that holds these records."""
    listed: dict[str, Any] = {kind: tuple(records.get(kind, {}).values()) for kind in KINDS}
    return Edition(version=version, published_at=at, **listed)


def batches(changed: Iterable[Changed]) -> list[list[Changed]]:
    """The changes in the order of the kinds, in batches that each fit into one transaction."""
    order = list(KINDS)
    found: list[list[Changed]] = []
    size = LARGEST_BATCH
    for it in sorted(changed, key=lambda it: order.index(it.change.kind)):
        weight = len(msgspec.json.encode(it.told()))
        if size + weight > LARGEST_BATCH or len(found[-1]) == MOST_IN_BATCH:
            found.append([])
            size = 0
        found[-1].append(it)
        size += weight
    return found


def _with(before: Records, placed: Iterable[Placed]) -> Records:
    after = {kind: dict(records) for kind, records in before.items()}
    for it in placed:
        after.setdefault(it.row.kind, {})[it.record.key] = it.record
    return after


def _unsound(after: Records, placed: Sequence[Placed], read: Read) -> list[Problem]:
    rows = {(it.row.kind, it.record.key): it.row for it in placed}
    unread = {(row.kind, key_of(row)) for row in read.rows} - rows.keys()
    return check(after, rows, unread)


def _in_order(errors: Sequence[Problem]) -> list[Problem]:
    """By line; what has no line comes last. Of very many the first thousand."""
    told = sorted(errors, key=lambda error: (error.line == 0, error.line))[:MOST_TOLD]
    more = len(errors) - len(told)
    return [*told, Problem(0, "", "", "", "more", f"There are {more:,} more")] if more else told


def _changed(before: Records, placed: Iterable[Placed]) -> Iterator[Changed]:
    for it in placed:
        old = before.get(it.row.kind, {}).get(it.record.key)
        fields = tuple(name for name in it.record.__struct_fields__ if _differs(old, it.record, name))
        if old != it.record:
            yield Changed(Change(it.row.kind, it.record.key, _did(old, it.record), fields), old, it.record)


def _differs(old: Record | None, new: Record, name: str) -> bool:
    """Whether a field was changed; of a new record, whether it is filled in."""
    return bool(_plain(old, name) != _plain(new, name))


def _plain(record: Record | None, name: str) -> Any:
    if record is None:
        return None
    return msgspec.to_builtins(getattr(record, name)) or None


def _did(old: Record | None, new: Record) -> Did:
    if old is None:
        return "added"
    if old.retired != new.retired:
        return "removed" if new.retired else "restored"
    return "changed"
