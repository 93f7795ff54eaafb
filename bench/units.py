"""DynamoDB's request units of what was asked, by AWS's rules, from the items themselves.

- a write: one unit per KB begun of the item, before or after, whichever is larger; twice that in a transaction; the same
  whether or not a condition held (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html);
- each index: nothing if the item has no place in it or nothing that is projected changed; one write of the entry if it
  came, went or changed; two if its key changed (…/developerguide/GSI.html, "Storage and write capacity"); an index is
  written after the transaction, so it is not doubled;
- a read: one unit per 4 KB begun, half if it may be eventually consistent; a query counts what it read as one.

Sizes: names and text in UTF-8 bytes, a number by its digits (…/developerguide/CapacityUnitCalculations.html).
"""

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any, Final

from bench.canned import Exchange
from tests.support import cloud

KB: Final = 1024
READ: Final = 4 * KB
PASSING: Final = ("-guards", "-fingerprints")  # tables whose items go by themselves

Item = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Units:
    """Read and write request units; ``indexes`` is what of the writes went into indexes."""

    reads: float = 0.0
    writes: float = 0.0
    indexes: float = 0.0

    def __add__(self, other: "Units") -> "Units":
        return Units(self.reads + other.reads, self.writes + other.writes, self.indexes + other.indexes)


def size(item: Item) -> int:
    """An item's size in bytes, as AWS counts it."""
    return sum(len(name.encode()) + _size(*next(iter(value.items()))) for name, value in item.items())


def _size(kind: str, value: Any) -> int:
    if kind in ("SS", "NS", "BS"):
        return sum(_size(kind[0], each) for each in value)
    if kind == "N":
        return ceil(len(str(value).strip("-").replace(".", "")) / 2) + 1
    return len(b64decode(value)) if kind == "B" else len(str(value).encode())


@dataclass(frozen=True)
class Write:
    """One item written: ``times`` is 2 in a transaction. An update's values are those it sets; its names stand as
    placeholders, which is near enough for items below 1 KB, the only ones that are updated."""

    kind: str  # put, update, delete or check
    table: str
    values: Item
    times: int = 1

    @property
    def key(self) -> tuple[str, str]:
        """The table, and the item's key in it."""
        names = (each["AttributeName"] for each in _definition(self.table)["KeySchema"])
        return self.table, "/".join(str(self.values[name]) for name in names)

    def after(self, before: Item) -> Item:
        """The item when it is written."""
        return {"put": self.values, "update": {**before, **self.values}, "delete": {}, "check": before}[self.kind]


class Meter:
    """Counts units, exchange by exchange in their order: it keeps the items, to know what each write replaced."""

    def __init__(self) -> None:
        self._items: dict[tuple[str, str], Item] = {}

    def units(self, exchange: Exchange) -> Units:
        """What one exchange costs."""
        if exchange.operation in _READERS:
            return Units(reads=_READERS[exchange.operation](exchange))
        return sum((self._written(write) for write in _writes(exchange)), Units())

    def stored(self) -> int:
        """Bytes of all items written so far that stay, and of their index entries, with AWS's 100 bytes for each."""
        staying = [(name, item) for (name, _), item in self._items.items() if not name.endswith(PASSING)]
        entries = [entry for name, item in staying for entry in (item, *_entries(name, item)) if entry]
        return sum(size(entry) + 100 for entry in entries)

    def _written(self, write: Write) -> Units:
        before = self._items.get(write.key, {})
        after = self._items[write.key] = write.after(before)
        entries = zip(_entries(write.table, before), _entries(write.table, after), _keys(write.table), strict=True)
        indexes = sum(_moved(old, new, keys) for old, new, keys in entries)
        whole = write.times * max(1, ceil(max(size(before), size(after)) / KB))
        return Units(0.0, whole + indexes, indexes)


def _writes(exchange: Exchange) -> Iterator[Write]:
    asked, operation = exchange.asked, exchange.operation
    if operation == "TransactWriteItems":
        for action in asked["TransactItems"]:
            yield from (_write(name, given, 2) for name, given in action.items())
    elif operation == "BatchWriteItem":
        for table, requests in asked["RequestItems"].items():
            for request in requests:
                yield from (_write(name, {"TableName": table, **given}) for name, given in request.items())
    else:
        yield _write(operation, asked)


def _write(name: str, asked: Mapping[str, Any], times: int = 1) -> Write:
    kind = next(kind for kind in ("put", "update", "delete", "check") if kind in name.lower())
    values = asked.get("Item") or {**asked["Key"], **asked.get("ExpressionAttributeValues", {})}
    return Write(kind, asked["TableName"], values, times)


def _read_one(exchange: Exchange) -> float:
    return _units([exchange.answered.get("Item", {})], exchange.asked)


def _read_many(exchange: Exchange) -> float:
    return _units(exchange.answered["Items"], exchange.asked)


def _read_batch(exchange: Exchange) -> float:
    asked, found = exchange.asked["RequestItems"], exchange.answered["Responses"]
    return sum(_units([item], asked[table]) for table, items in found.items() for item in items)


def _units(items: Iterable[Item], asked: Mapping[str, Any]) -> float:
    """What is read at once, rounded up as one; half where it may be eventually consistent."""
    whole = max(1, ceil(sum(size(item) for item in items) / READ))
    return whole * (1.0 if asked.get("ConsistentRead") else 0.5)


_READERS: Final = {"GetItem": _read_one, "Query": _read_many, "BatchGetItem": _read_batch}


@cache
def _definition(table: str) -> Mapping[str, Any]:
    return next(given for given in cloud.tables() if given["TableName"] == table)


@cache
def _keys(table: str) -> tuple[tuple[str, ...], ...]:
    """The key attributes of each index of a table."""
    indexes = _definition(table).get("GlobalSecondaryIndexes", ())
    return tuple(tuple(each["AttributeName"] for each in index["KeySchema"]) for index in indexes)


def _entries(table: str, item: Item) -> list[Item]:
    """What stands of an item in each index; empty where it has no place."""
    given = _definition(table)
    own = [each["AttributeName"] for each in given["KeySchema"]]
    return [_entry(item, index, own) for index in given.get("GlobalSecondaryIndexes", ())]


def _entry(item: Item, index: Mapping[str, Any], own: list[str]) -> Item:
    keys = [each["AttributeName"] for each in index["KeySchema"]]
    if not all(name in item for name in keys):
        return {}
    wanted = {*keys, *own, *index["Projection"].get("NonKeyAttributes", ())}
    everything = index["Projection"]["ProjectionType"] == "ALL"
    return {name: value for name, value in item.items() if everything or name in wanted}


def _moved(before: Item, after: Item, keys: tuple[str, ...]) -> int:
    if before == after:
        return 0
    if before and after and any(before[name] != after[name] for name in keys):
        return ceil(size(before) / KB) + ceil(size(after) / KB)
    return ceil(max(size(before), size(after)) / KB)
