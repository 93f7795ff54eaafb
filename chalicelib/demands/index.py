"""The similarity index: what a message has to be compared with, found by one batch read however many messages there are.

An item for each key (a stretch of three characters' worth, hashed) holds the *latest* message that is known by it, with its
whole fingerprint. So an item never grows, a put needs no read before it, and of two puts at once one wins: the loser is
still found by its other keys, and if all of them were the same, by whoever overwrote it. A common stretch is nobody's key: a
message is known by its most telling ones. Beside them stands one item for each case that remembers its keys, so that a case
can be moved to another group or be forgotten; and one with the weights of words.

Calls for one message: a batch read and a batch write. A process that has no weights yet reads them once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, Final, Protocol

from pynamodb.attributes import BinaryAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.demands.grouping import Candidate
from chalicelib.demands.similarity import Reading, packed, unpacked
from chalicelib.demands.weights import Weights
from chalicelib.demands.weights import unpacked as weights_from
from chalicelib.spine.aws import TableMeta, table

KEPT: Final = timedelta(days=400)
FRESH: Final = timedelta(minutes=10)  # for so long a process trusts the weights it has
KNOWN_BY: Final = 23  # keys; with the case's own item and the weights one batch write holds no more (25 items)
LATEST: Final = "latest"
WEIGHTS: Final = ("weights", LATEST)
BATCH: Final = 100

Key = tuple[str, str]


class FingerprintRow(Model):
    """One item. Under a key's band, ``dossier`` is "latest" and ``case`` says whose it is; under a case's, its id."""

    class Meta(TableMeta):
        table_name = table("fingerprints")

    band = UnicodeAttribute(hash_key=True)
    dossier = UnicodeAttribute(range_key=True)
    case = UnicodeAttribute(null=True)
    group = UnicodeAttribute(null=True)
    at = NumberAttribute()
    sketch = BinaryAttribute(legacy_encoding=False)
    bands = JSONAttribute(null=True)
    apart = JSONAttribute(null=True)
    learnt = NumberAttribute(null=True)
    met = NumberAttribute(null=True)
    expires = NumberAttribute(null=True)


class Store(Protocol):
    """Where the items are."""

    def read(self, keys: Sequence[Key]) -> list[FingerprintRow]:
        """Those of the items that there are, in any order. One call for each hundred."""

    def write(self, rows: Sequence[FingerprintRow], gone: Sequence[FingerprintRow] = ()) -> None:
        """Put and delete, without condition. One call for each 25."""


class Table:
    """The table of the data stack."""

    def read(self, keys: Sequence[Key]) -> list[FingerprintRow]:
        return list(FingerprintRow.batch_get(keys))

    def write(self, rows: Sequence[FingerprintRow], gone: Sequence[FingerprintRow] = ()) -> None:
        with FingerprintRow.batch_write() as batch:
            for row in gone:
                batch.delete(row)
            for row in rows:
                batch.save(row)


@dataclass(frozen=True)
class Place:
    """Where a case stands in the index, and since when it is known."""

    case: str
    group: str
    at: datetime
    apart: frozenset[str] = frozenset()


class Index:
    """The index over a store. One for each process: it remembers the weights of words for some minutes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._weights = Weights()
        self._read_at: datetime | None = None

    def weights(self, now: datetime) -> Weights:
        """The weights of words. No call, except in a process that has none yet: one read."""
        if self._read_at is None:
            self._remember(self._store.read([WEIGHTS]), now)
        return self._weights

    def candidates(self, case: str, reading: Reading, now: datetime) -> list[Candidate]:
        """The messages that share a telling key with this one, without itself. One batch read; none if it says too little."""
        keys = [(band(key), LATEST) for key in reading.keys]
        if not keys:
            return []
        stale = self._read_at is None or now - self._read_at >= FRESH or self._weights.teaches(case)
        rows = self._store.read([*dict.fromkeys(keys), WEIGHTS] if stale else list(dict.fromkeys(keys)))
        if stale:
            self._remember([row for row in rows if row.band == WEIGHTS[0]], now)
        found = {row.case: row for row in rows if row.case and row.case != case and not _over(row, now)}
        return [_candidate(row) for row in found.values()]

    def record(self, place: Place, reading: Reading, now: datetime) -> None:
        """Let a message be found from now on. One batch write; none if it says too little."""
        if not reading.keys:
            return
        bands = list(dict.fromkeys(map(band, reading.keys[:KNOWN_BY])))
        rows = list(_rows(place, bands, packed(reading.fingerprint), now))
        if self._weights.teaches(place.case):
            self._weights = self._weights.learned(reading.learnable)
            rows.append(_weights_row(self._weights, now))
        self._store.write(rows)

    def move(self, cases: Iterable[str], group: str, now: datetime, apart: frozenset[str] = frozenset()) -> None:
        """Cases are of another group now, because people said so. ``apart``: groups that they are not to be joined with.

        For each case two reads and a batch write; its keys that others have taken over meanwhile are left to these.
        """
        for own in self._anchors(cases):
            place = Place(str(own.case), group, _moment(own.at), (frozenset(own.apart or ()) | apart) - {group})
            held = [row.band for row in self._held(own)]
            self._store.write(list(_rows(place, held, own.sketch, now, own.bands)))

    def forget(self, cases: Iterable[str]) -> None:
        """Cases are found no more. For each two reads and a batch write."""
        for own in self._anchors(cases):
            self._store.write([], [*self._held(own), own])

    def _anchors(self, cases: Iterable[str]) -> Iterator[FingerprintRow]:
        for case in cases:
            yield from self._store.read([_anchor(case)])

    def _held(self, own: FingerprintRow) -> list[FingerprintRow]:
        rows = self._store.read([(each, LATEST) for each in own.bands or ()])
        return [row for row in rows if row.case == own.case]

    def _remember(self, rows: Sequence[FingerprintRow], now: datetime) -> None:
        for row in rows:
            self._weights = weights_from(row.sketch, int(row.learnt or 0), float(row.met or 0))
        self._read_at = now


def band(key: str) -> str:
    """The partition key for a key: 48 bits, so that among millions of keys a false meeting is rare."""
    return blake2b(key.encode(), digest_size=6).hexdigest()


def _anchor(case: str) -> Key:
    return f"case#{case}", case


def _rows(
    place: Place, bands: Sequence[str], sketch: bytes, now: datetime, known_by: Sequence[str] | None = None
) -> Iterator[FingerprintRow]:
    common: dict[str, Any] = {
        "case": place.case,
        "group": place.group,
        "at": place.at.timestamp(),
        "sketch": sketch,
        "apart": sorted(place.apart) or None,
        "expires": int((now + KEPT).timestamp()),
    }
    for each in bands:
        yield FingerprintRow(each, LATEST, **common)
    yield FingerprintRow(*_anchor(place.case), bands=list(bands if known_by is None else known_by), **common)


def _weights_row(weights: Weights, now: datetime) -> FingerprintRow:
    return FingerprintRow(*WEIGHTS, at=now.timestamp(), sketch=weights.packed(), learnt=weights.learnt, met=weights.met)


def _candidate(row: FingerprintRow) -> Candidate:
    return Candidate(str(row.case), str(row.group), _moment(row.at), unpacked(row.sketch), frozenset(row.apart or ()))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), tz=UTC)


def _over(row: FingerprintRow, now: datetime) -> bool:
    """Whether its time is over: DynamoDB takes up to some days to delete what has expired."""
    return bool(row.expires) and float(row.expires) <= now.timestamp()
