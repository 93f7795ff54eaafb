"""The similarity index's store in memory, its calls, items and bytes counted: the twin of ``index.Table`` without a network.

Items are kept as DynamoDB gets them, so each goes through the real model's encoding both ways.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

from chalicelib.demands.index import BATCH, FingerprintRow, Key

PUT: Final = 25  # writes that one BatchWriteItem takes
KB: Final = 1024

Raw = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Used:
    """What was asked of the store so far. Units as AWS counts them: a read of up to 4 KB, eventually consistent, is a half,
    also of an item that is not there; a write of up to 1 KB is one."""

    read_calls: int
    write_calls: int
    read: int
    written: int
    read_units: float
    write_units: int

    def since(self, before: "Used") -> "Used":
        """What was asked after that."""
        return Used(*(mine - theirs for mine, theirs in zip(vars(self).values(), vars(before).values(), strict=True)))


class CountingStore:
    """A store that counts. ``used`` is the sum so far."""

    def __init__(self) -> None:
        self._items: dict[Key, Raw] = {}
        self._sizes: dict[Key, int] = {}
        self._count: Counter[str] = Counter()
        self._units = 0.0

    def read(self, keys: Sequence[Key]) -> list[FingerprintRow]:
        """As ``index.Store.read``."""
        self._count["read_calls"] += ceil(len(keys) / BATCH)
        found = [key for key in keys if key in self._items]
        self._count["read"] += len(found)
        self._units += sum(max(1, ceil(self._sizes.get(key, 0) / (4 * KB))) for key in keys) / 2
        return [FingerprintRow.from_raw_data(dict(self._items[key])) for key in found]

    def write(self, rows: Sequence[FingerprintRow], gone: Sequence[FingerprintRow] = ()) -> None:
        """As ``index.Store.write``. Raises ValueError for an item named twice in one batch, as DynamoDB does."""
        keys = [(row.band, row.dossier) for row in [*rows, *gone]]
        if len(set(keys)) < len(keys):
            raise ValueError("one batch names an item twice")
        self._count["write_calls"] += ceil(len(keys) / PUT)
        for row in gone:
            self._items.pop((row.band, row.dossier), None)
            self._sizes.pop((row.band, row.dossier), None)
        for row in rows:
            self._put(row)

    def _put(self, row: FingerprintRow) -> None:
        key, item = (row.band, row.dossier), row.serialize()
        self._items[key], self._sizes[key] = item, size(item)
        self._count["written"] += 1
        self._count["write_units"] += ceil(self._sizes[key] / KB)

    @property
    def used(self) -> Used:
        """What was asked so far."""
        count = self._count
        return Used(
            count["read_calls"], count["write_calls"], count["read"], count["written"], self._units, count["write_units"]
        )

    @property
    def bytes(self) -> int:
        """What all items take, as AWS counts it, without its 100 bytes of overhead for each."""
        return sum(self._sizes.values())

    @property
    def largest(self) -> int:
        """The largest item's bytes."""
        return max(self._sizes.values(), default=0)

    def __len__(self) -> int:
        return len(self._items)


def size(item: Raw) -> int:
    """An item's bytes as AWS counts them: names and text in UTF-8, numbers by their digits."""
    return sum(len(name.encode()) + _size(*next(iter(value.items()))) for name, value in item.items())


def _size(kind: str, value: Any) -> int:
    if kind == "N":
        return ceil(len(str(value).strip("-").replace(".", "")) / 2) + 1
    return len(value) if isinstance(value, bytes) else len(str(value).encode())
