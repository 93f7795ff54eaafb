"""Who read which notice, and how far each deputy is in the library: one short row each, in the table ``library``.

A row is written in the transaction of its fact, with the condition that it is not there yet: so each counts once.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.exceptions import PutError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model

from chalicelib.spine.aws import TableMeta, Write, put, table

READ: Final = "read#"  # + notice; the id is the user
PROGRESS: Final = "learning#"  # + deputy; the id is the item
Key = tuple[str, str]


class MarkRow(Model):
    """``at``: when it was read, or opened. ``completed_at``: when it was learned. It has no date: it stands in no index."""

    class Meta(TableMeta):
        table_name = table("library")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    at = UTCDateTimeAttribute()
    completed_at = UTCDateTimeAttribute(null=True)


def read_key(notice: str, user: str) -> Key:
    """The row that says that a user read a notice."""
    return f"{READ}{notice}", user


def progress_key(deputy: str, item: str) -> Key:
    """The row that says how far a deputy is with an item."""
    return f"{PROGRESS}{deputy}", item


def mark_read(notice: str, user: str, now: datetime) -> Write:
    """The put; its condition fails if this user has read it before."""
    return put(MarkRow(*read_key(notice, user), at=now), MarkRow.kind.does_not_exist())


def mark_completed(deputy: str, item: str, opened_at: datetime, now: datetime) -> Write:
    """The put; its condition fails if this deputy has completed it before."""
    row = MarkRow(*progress_key(deputy, item), at=opened_at, completed_at=now)
    fresh: Condition = MarkRow.kind.does_not_exist() | MarkRow.completed_at.does_not_exist()
    return put(row, fresh)


def mark_opened(deputy: str, item: str, now: datetime) -> None:
    """The first time counts; later ones change nothing. One conditional put."""
    try:
        MarkRow(*progress_key(deputy, item), at=now).save(MarkRow.kind.does_not_exist())
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise


def mark(key: Key) -> MarkRow | None:
    """One mark, or None. One read."""
    try:
        return MarkRow.get(*key, consistent_read=True)
    except MarkRow.DoesNotExist:
        return None


def marks(keys: Iterable[Key]) -> Mapping[str, MarkRow]:
    """Several marks by their ids' notice or item, at most a hundred. One batch read."""
    wanted = {key: _of(key) for key in keys}
    found = MarkRow.batch_get(list(wanted), consistent_read=True) if wanted else ()
    return {wanted[row.kind, row.id]: row for row in found}


def _of(key: Key) -> str:
    kind, id = key
    return kind.removeprefix(READ) if kind.startswith(READ) else id


def readers(notice: str) -> Mapping[str, datetime]:
    """Who read a notice, and when. One query a page of 1 MB, some ten thousand readers."""
    return {row.id: row.at for row in MarkRow.query(f"{READ}{notice}", consistent_read=True)}


def progress(deputy: str) -> list[MarkRow]:
    """All that a deputy has opened or completed. One query."""
    return list(MarkRow.query(f"{PROGRESS}{deputy}"))
