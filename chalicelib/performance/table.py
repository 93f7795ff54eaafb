"""Yearly files in numbers: rows of ``figures`` that grow with the facts they count, each counted once.

``file#2026`` holds a row for each deputy (cases, suggestions, attendance) and one for each deputy and kind of record: so one
query is a deputy's file and all that its median needs. What a dossier has added so far is kept beside, a row a dossier.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.performance.credit import File, Share
from chalicelib.performance.yearfile import COUNTERS, Row
from chalicelib.spine.aws import TableMeta, Write, put, table

KIND_MARK: Final = "#"


class FileRow(Model):
    """``period`` is the deputy, or "deputy#kind" with ``records`` and ``points``."""

    class Meta(TableMeta):
        table_name = table("figures")

    scope = UnicodeAttribute(hash_key=True)
    period = UnicodeAttribute(range_key=True)
    records = NumberAttribute(null=True)
    points = NumberAttribute(null=True)
    due = NumberAttribute(null=True)
    in_time = NumberAttribute(null=True)
    verdicts = NumberAttribute(null=True)
    solved = NumberAttribute(null=True)
    silent = NumberAttribute(null=True)
    grades = NumberAttribute(null=True)
    satisfied = NumberAttribute(null=True)
    grade_sum = NumberAttribute(null=True)
    suggestions = NumberAttribute(null=True)
    adopted = NumberAttribute(null=True)
    cosigned = NumberAttribute(null=True)
    replied = NumberAttribute(null=True)
    replied_solved = NumberAttribute(null=True)
    result_satisfied = NumberAttribute(null=True)
    result_dissatisfied = NumberAttribute(null=True)
    documents = NumberAttribute(null=True)
    expected = NumberAttribute(null=True)
    attended = NumberAttribute(null=True)


class ShareRow(Model):
    """What a dossier has added to yearly files, as of its fact number ``seq``: {"2026#lin": {"due": 1}} as JSON."""

    class Meta(TableMeta):
        table_name = table("figures")

    scope = UnicodeAttribute(hash_key=True)
    period = UnicodeAttribute(range_key=True)
    seq = NumberAttribute()
    share = UnicodeAttribute()


@dataclass(frozen=True)
class Held:
    """A dossier's share as it is stored; ``seq`` 0 for none yet."""

    seq: int
    share: Share


def file_rows(year: str) -> list[Row]:
    """All rows of a year's files, of every deputy. One query."""
    return [_row(row) for row in FileRow.query(_scope(year))]


def _row(row: FileRow) -> Row:
    deputy, _, kind = row.period.partition(KIND_MARK)
    counts = {name: int(count) for name in ("records", "points", *COUNTERS) if (count := getattr(row, name))}
    return Row(deputy, kind, counts)


def one_more(year: str, deputy: str, kind: str, points: int, records: int = 1) -> Write:
    """So many more records of a kind in a deputy's file, as an update in the transaction of what makes them count."""
    return _added(year, f"{deputy}{KIND_MARK}{kind}", {"records": records, "points": points})


def _added(year: str, period: str, counts: Mapping[str, int]) -> Write:
    actions: list[Action] = [getattr(FileRow, name).add(count) for name, count in sorted(counts.items())]

    def write(transaction: TransactWrite) -> None:
        transaction.update(FileRow(_scope(year), period), actions=actions)

    return write


def held_share(dossier: str) -> Held:
    """What a dossier has added so far. One consistent read."""
    try:
        row = ShareRow.get(_share_scope(dossier), "-", consistent_read=True)
    except ShareRow.DoesNotExist:
        return Held(0, {})
    return Held(int(row.seq), _share_from(row.share))


def change_share(dossier: str, was: Held, share: Share, seq: int) -> list[Write]:
    """The writes that make ``share`` what a dossier adds, instead of what it added; they fail if someone was faster."""
    row = ShareRow(_share_scope(dossier), "-", seq=seq, share=_share_to(share))
    unmoved = ShareRow.seq == was.seq if was.seq else ShareRow.scope.does_not_exist()
    differing = differences(was.share, share)
    return [put(row, unmoved), *(_added(year, deputy, counts) for (year, deputy), counts in differing.items())]


def differences(before: Share, after: Share) -> dict[File, dict[str, int]]:
    """What must be added to each file to come from one share to another; nothing where they are the same."""
    found = {file: _difference(before.get(file, {}), after.get(file, {})) for file in sorted({*before, *after})}
    return {file: counts for file, counts in found.items() if counts}


def _difference(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    changed = {name: after.get(name, 0) - before.get(name, 0) for name in sorted({*before, *after})}
    return {name: count for name, count in changed.items() if count}


def wrong(year: str, wanted: Iterable[Row]) -> dict[tuple[str, str], dict[str, int]]:
    """What must be added to a year's rows (deputy, kind) to make them what they ought to be. One query."""
    there = {(row.deputy, row.kind): row.counts for row in file_rows(year)}
    ought = {(row.deputy, row.kind): row.counts for row in wanted}
    found = {place: _difference(there.get(place, {}), ought.get(place, {})) for place in sorted({*there, *ought})}
    return {place: counts for place, counts in found.items() if counts}


def mend(year: str, wanted: Iterable[Row]) -> int:
    """Make a year's rows what they ought to be, for an operator; returns how many were not."""
    found = wrong(year, wanted)
    for (deputy, kind), counts in found.items():
        actions: list[Action] = [getattr(FileRow, name).add(count) for name, count in counts.items()]
        FileRow(_scope(year), deputy + (KIND_MARK + kind if kind else "")).update(actions)
    return len(found)


def _share_to(share: Share) -> str:
    named = {f"{year}#{deputy}": dict(counts) for (year, deputy), counts in share.items()}
    return msgspec.json.encode(named, order="deterministic").decode()


def _share_from(text: str) -> Share:
    named = msgspec.json.decode(text, type=dict[str, dict[str, int]])
    return {(file.partition("#")[0], file.partition("#")[2]): counts for file, counts in named.items()}


def _scope(year: str) -> str:
    return f"file#{year}"


def _share_scope(dossier: str) -> str:
    return f"share#{dossier}"
