"""Where answers lie: in the table ``library``, by no name, and never in the journal.

Each answer is one item. Its counters are eight items a consultation, so that many can answer at once; to show results is one
query of these eight, however many answered. Only an answer with words has a date, and so stands in the index by date: what
staff read page by page holds no answer that says nothing.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zlib import crc32

import msgspec
from pynamodb.attributes import BinaryAttribute, MapAttribute, UnicodeAttribute
from pynamodb.expressions.operand import Path
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.consultations.questions import Given
from chalicelib.errors import Invalid, NotFound
from chalicelib.spine.aws import TableMeta, Write, delete, put, table
from chalicelib.spine.dossier import stamp

SHARDS: Final = 8


class ByDate(GlobalSecondaryIndex["AnswerRow"]):
    class Meta:
        index_name = "by-date"
        projection = AllProjection()

    kind = UnicodeAttribute(hash_key=True)
    date = UnicodeAttribute(range_key=True)


class AnswerRow(Model):
    """One person's answers, as JSON; ``date`` only where there are words."""

    class Meta(TableMeta):
        table_name = table("library")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    date = UnicodeAttribute(null=True)
    content = BinaryAttribute(legacy_encoding=False)
    by_date = ByDate()


class TallyRow(Model):
    """One shard of a consultation's counters."""

    class Meta(TableMeta):
        table_name = table("library")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    counts: MapAttribute[str, int] = MapAttribute()


class AskerRow(Model):
    """That whoever gave this answer wants to be told; how to reach them lies in the vault."""

    class Meta(TableMeta):
        table_name = table("library")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


@dataclass(frozen=True)
class Answer:
    """An answer as staff see it; ``at`` is None where it holds no words."""

    id: str
    at: datetime | None
    given: Given


_decode = msgspec.json.Decoder(Given).decode


def _read(row: AnswerRow) -> Answer:
    return Answer(row.id, datetime.fromisoformat(row.date) if row.date else None, _decode(row.content))


# One answer


def kept(consultation: str, id: str, given: Given, now: datetime) -> Write:
    """The put of one answer; its condition fails if this form was sent before."""
    date = stamp(now) if given.texts else None
    row = AnswerRow(_answers(consultation), id, date=date, content=msgspec.json.encode(given))
    return put(row, AnswerRow.kind.does_not_exist())


def answer(consultation: str, id: str) -> Answer:
    """One answer; one read. Raises NotFound."""
    try:
        return _read(AnswerRow.get(_answers(consultation), id))
    except AnswerRow.DoesNotExist:
        raise NotFound(f"There is no answer {id} to this consultation") from None


def with_words(consultation: str, *, limit: int, cursor: str = "") -> tuple[list[Answer], str | None]:
    """One page of the answers that hold words, the newest first. One query. Raises Invalid for a cursor that is none."""
    kind = _answers(consultation)
    found = AnswerRow.by_date.query(
        kind, scan_index_forward=False, limit=limit, page_size=limit, last_evaluated_key=_place(cursor, kind)
    )
    answers = [_read(row) for row in found]
    return answers, _cursor(found.last_evaluated_key)


# Counters


def begun(consultation: str, counters: Iterable[str]) -> list[Write]:
    """The puts of counters at nought, for the transaction that opens a consultation."""
    zero = dict.fromkeys(counters, 0)
    return [put(TallyRow(_tally(consultation), str(shard), counts=zero)) for shard in range(SHARDS)]


def counted(consultation: str, answer: str, counters: Iterable[str]) -> Write:
    """One more in each of these counters, as one update; which shard, the answer's id decides."""
    row = TallyRow(_tally(consultation), str(crc32(answer.encode()) % SHARDS))
    places = [Path(["counts", name]) for name in counters]
    actions = [place.set(place + 1) for place in places]

    def write(transaction: TransactWrite) -> None:
        transaction.update(row, actions=actions)  # type: ignore[arg-type]

    return write


def counts(consultation: str) -> Mapping[str, int]:
    """All counters of a consultation. One query of eight items."""
    total: Counter[str] = Counter()
    for row in TallyRow.query(_tally(consultation)):
        total.update({name: int(number) for name, number in row.counts.as_dict().items()})
    return total


# Who wants to be told


def asks(consultation: str, answer: str) -> Write:
    """Whoever gave this answer wants to be told, as a put."""
    return put(AskerRow(_askers(consultation), answer))


def told(consultation: str, answer: str) -> Write:
    """They have been, or never will be: a delete, which done twice does no harm."""
    return delete(AskerRow(_askers(consultation), answer))


def askers(consultation: str) -> Iterator[str]:
    """The answers whose people want to be told. One query a page of 1 MB, some ten thousand of them."""
    for row in AskerRow.query(_askers(consultation)):
        yield row.id


def _answers(consultation: str) -> str:
    return f"answer#{consultation}"


def _tally(consultation: str) -> str:
    return f"tally#{consultation}"


def _askers(consultation: str) -> str:
    return f"asker#{consultation}"


def _cursor(key: Mapping[str, Any] | None) -> str | None:
    return urlsafe_b64encode(f"{key['date']['S']} {key['id']['S']}".encode()).decode() if key else None


def _place(cursor: str, kind: str) -> dict[str, Any] | None:
    if not cursor:
        return None
    try:
        date, id = filter(None, urlsafe_b64decode(cursor).decode().split(" "))
    except ValueError:
        wrong = "This cursor is none of ours; take it from the 'next' of the page before"
        raise Invalid("cursor", wrong, "bad_cursor") from None
    return {"kind": {"S": kind}, "id": {"S": id}, "date": {"S": date}}
