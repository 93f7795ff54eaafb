"""Append-only facts, hash-chained: the only place where something "happened".

A fact is never written alone: ``dossiers.record`` puts it in one transaction with the state that it leads to.
Each entry carries the hash of the one before, so that a change of any entry, by whomever, breaks the chain there.
"""

from collections.abc import Iterable

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.spine.aws import TableMeta, Write, put, table
from chalicelib.spine.chain import Entry


class JournalRow(Model):
    """One entry as it is stored. ``content`` is the entry itself, as JSON: nothing is lost to a number format."""

    class Meta(TableMeta):
        table_name = table("journal")

    dossier = UnicodeAttribute(hash_key=True)
    seq = NumberAttribute(range_key=True)
    type = UnicodeAttribute()
    at = UnicodeAttribute()
    kind = UnicodeAttribute(null=True)
    content = UnicodeAttribute()


_decode = msgspec.json.Decoder(Entry).decode


def entry_from(content: str) -> Entry:
    """The entry in a row's ``content``, as read from the table or from its stream."""
    return _decode(content)


def append(entry: Entry) -> Write:
    """The write that adds a sealed entry; it fails if this place in the chain is taken."""
    row = JournalRow(
        entry.dossier,
        entry.seq,
        type=entry.type,
        at=entry.at.isoformat(),
        kind=entry.kind,
        content=msgspec.json.encode(entry).decode(),
    )
    return put(row, JournalRow.dossier.does_not_exist())


def entries(dossier: str, after: int = 0) -> list[Entry]:
    """A dossier's facts in order, from the one after ``after``. One Query (a page holds 1 MB, some 700 facts)."""
    rows = JournalRow.query(dossier, JournalRow.seq > after, consistent_read=True)
    return [entry_from(row.content) for row in rows]


def several(places: Iterable[tuple[str, int]]) -> list[Entry]:
    """The facts at these places (dossier, number), in no order, without those that are not there. One read a hundred."""
    return [entry_from(row.content) for row in JournalRow.batch_get(list(places), consistent_read=True)]


def entry(dossier: str, seq: int) -> Entry | None:
    """One fact, or None if there is none of that number. One read."""
    try:
        return entry_from(JournalRow.get(dossier, seq).content)
    except JournalRow.DoesNotExist:
        return None
