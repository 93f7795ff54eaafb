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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any, Final

from bench.canned import Exchange
from bench.district import cloud

KB: Final = 1024
READ: Final = 4 * KB

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


class Meter:
    """Counts units, exchange by exchange in their order: it keeps the items, to know what each write replaced."""

    def __init__(self) -> None:
        self._items: dict[tuple[str, str], Item] = {}

    def units(self, exchange: Exchange) -> Units:
        """What one exchange costs."""
        if exchange.operation in ("GetItem", "Query"):
            return _read(exchange)
        return sum((self._written(*action) for action in _actions(exchange)), Units())

    def stored(self) -> int:
        """Bytes of all items written so far and their index entries, with AWS's 100 bytes for each."""
        entries = [(entry, item) for (name, _), item in self._items.items() for entry in (item, *_entries(name, item)) if entry]
        return sum(size(entry) + 100 for entry, _ in entries)

    def _written(self, table: str, key: str, item: Item, times: int) -> Units:
        before = self._items.get((table, key), {})
        after = item if "PUT" in item else before | dict(item)
        after = {name: value for name, value in after.items() if name != "PUT"}
        self._items[table, key] = after
        base = times * max(1, ceil(max(size(before), size(after)) / KB))
        indexes = sum(
            _moved(old, new, keys) for old, new, keys in zip(_entries(table, before), _entries(table, after), _keys(table), strict=True)
        )
        return Units(0.0, base + indexes, indexes)


_PUT: Final[Item] = {"PUT": {"S": ""}}


def _actions(exchange: Exchange) -> Iterator[tuple[str, str, Item, int]]:
    """Table, key, the whole item (marked) or the attributes set, and 2 for a transaction."""
    asked = exchange.asked
    if exchange.operation == "PutItem":
        yield _put(asked, 1)
    elif exchange.operation == "UpdateItem":
        yield _updated(asked, 1)
    elif exchange.operation == "TransactWriteItems":
        for action in asked["TransactItems"]:
            yield _put(action["Put"], 2) if "Put" in action else _updated(next(iter(action.values())), 2)


def _put(asked: Mapping[str, Any], times: int) -> tuple[str, str, Item, int]:
    table, item = asked["TableName"], asked["Item"]
    return table, _key(table, item), {**item, **_PUT}, times


def _updated(asked: Mapping[str, Any], times: int) -> tuple[str, str, Item, int]:
    """An update's item is its key and the values set; its names stand as placeholders, which is near enough below 1 KB."""
    table, values = asked["TableName"], asked.get("ExpressionAttributeValues", {})
    return table, _key(table, asked["Key"]), {**asked["Key"], **values}, times


def _read(exchange: Exchange) -> Units:
    found = exchange.answered
    items = found.get("Items", [found["Item"]] if "Item" in found else [])
    whole = max(1, ceil(sum(size(item) for item in items) / READ))
    return Units(reads=whole * (1.0 if exchange.asked.get("ConsistentRead") else 0.5))


@cache
def _definition(table: str) -> Mapping[str, Any]:
    return next(given for given in cloud.tables() if given["TableName"] == table)


def _key(table: str, item: Item) -> str:
    return "/".join(str(item[each["AttributeName"]]) for each in _definition(table)["KeySchema"])


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
