"""The table ``directory``: one row a record, which is the truth, and one item with the whole edition, which is read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, PutError
from pynamodb.models import Model

from chalicelib.directory.kinds import KINDS, Record
from chalicelib.spine.aws import TableMeta, Write, put, table

EDITION: Final = "edition"
CURRENT: Final = "current"


class RecordRow(Model):
    """One record: ``data`` is JSON, ``version`` the directory's when it was last changed, ``changed_at`` UTC."""

    class Meta(TableMeta):
        table_name = table("directory")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    data = UnicodeAttribute()
    version = NumberAttribute()
    changed_at = UnicodeAttribute()


class EditionRow(Model):
    """The edition: gzip-compressed JSON, at most 350 kB."""

    class Meta(TableMeta):
        table_name = table("directory")

    kind = UnicodeAttribute(hash_key=True, default=EDITION)
    id = UnicodeAttribute(range_key=True, default=CURRENT)
    content = BinaryAttribute(legacy_encoding=False)
    version = NumberAttribute()
    changed_at = UnicodeAttribute()


@dataclass(frozen=True)
class Stored:
    """The edition as it lies in the table."""

    version: int
    content: bytes


def stored_records() -> dict[str, dict[str, Record]]:
    """Every record by kind and key. One consistent query a kind."""
    return {kind: stored(kind) for kind in KINDS}


def stored(kind: str) -> dict[str, Record]:
    """The records of one kind by key. One consistent query."""
    decode = msgspec.json.Decoder(KINDS[kind]).decode
    return {row.id: decode(row.data) for row in RecordRow.query(kind, consistent_read=True)}


def record_write(kind: str, record: Record, version: int, at: datetime) -> Write:
    """The write of one record."""
    data = msgspec.json.encode(record).decode()
    return put(RecordRow(kind, record.key, data=data, version=version, changed_at=at.isoformat()))


def edition_write(content: bytes, version: int, at: datetime) -> Write:
    """The write of the edition, as part of a transaction that holds the directory's version."""
    return put(_edition_row(content, version, at))


def put_edition(content: bytes, version: int, at: datetime) -> bool:
    """Write the edition by itself; False, and nothing written, if a newer one is there."""
    row = _edition_row(content, version, at)
    try:
        row.save(condition=EditionRow.version.does_not_exist() | (EditionRow.version <= version))
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def stored_edition(*, consistent: bool = False) -> Stored | None:
    """The edition, or None before the first import. One read."""
    try:
        row = EditionRow.get(EDITION, CURRENT, consistent_read=consistent)
    except DoesNotExist:
        return None
    return Stored(int(row.version), row.content)


def _edition_row(content: bytes, version: int, at: datetime) -> EditionRow:
    return EditionRow(EDITION, CURRENT, content=content, version=version, changed_at=at.isoformat())
