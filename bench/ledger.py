"""A store in memory that takes what an import writes, where moto would copy whole tables for every transaction.

It knows the three tables that records are written to and the calls that an import makes; a transaction is all or nothing by
its conditions on what is not there yet, as DynamoDB's. Every call is counted.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from chalicelib.settings import settings

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "dossiers": ("id",),
    "journal": ("dossier", "seq"),
    "figures": ("scope", "period"),
}
Item = dict[str, Any]
Key = tuple[str, ...]


class Ledger:
    """``calls`` by operation, ``items`` by table and key."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.items: dict[str, dict[Key, Item]] = {name: {} for name in KEYS}

    def __call__(self, service: str, operation: str, body: bytes) -> bytes | None:
        answer = (
            {"TransactWriteItems": self._transact, "BatchGetItem": self._read}.get(operation) if service == "dynamodb" else None
        )
        if answer is None:
            return None
        self.calls[operation] += 1
        return msgspec.json.encode(answer(msgspec.json.decode(body)))

    def _transact(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        writes = [next(iter(item.items())) for item in asked["TransactItems"]]
        for kind, write in writes:
            name, key = _place(write, write.get("Item") or write["Key"])
            if kind == "Put" and "attribute_not_exists" in write.get("ConditionExpression", "") and key in self.items[name]:
                raise LookupError(f"{name} {key} is there already: an import asks before it writes")
        for kind, write in writes:
            self._put(write) if kind == "Put" else self._add(write)
        return {}

    def _put(self, write: Mapping[str, Any]) -> None:
        name, key = _place(write, write["Item"])
        self.items[name][key] = write["Item"]

    def _add(self, write: Mapping[str, Any]) -> None:
        """An update that adds to counters: ``ADD #0 :0, #1 :1``."""
        name, key = _place(write, write["Key"])
        row = self.items[name].setdefault(key, dict(write["Key"]))
        for part in write["UpdateExpression"].removeprefix("ADD ").split(","):
            path, value = part.split()
            counter = write["ExpressionAttributeNames"][path]
            before = int(row.get(counter, {"N": "0"})["N"])
            row[counter] = {"N": str(before + int(write["ExpressionAttributeValues"][value]["N"]))}

    def _read(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, list[Item]] = {}
        for table, wanted in asked["RequestItems"].items():
            name = table.removeprefix(f"{settings.prefix}-")
            kept = self.items[name]
            keys = (_key(name, key) for key in wanted["Keys"])
            found[table] = [kept[key] for key in keys if key in kept]
        return {"Responses": found, "UnprocessedKeys": {}}


def _place(write: Mapping[str, Any], item: Item) -> tuple[str, Key]:
    name = str(write["TableName"]).removeprefix(f"{settings.prefix}-")
    return name, _key(name, item)


def _key(name: str, item: Item) -> Key:
    return tuple(str(next(iter(item[part].values()))) for part in KEYS[name])
