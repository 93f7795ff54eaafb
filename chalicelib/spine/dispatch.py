"""The journal's stream → queues. What follows from a fact is told by the table's stream and by nothing else, so nothing
can be saved and not announced, or announced and not saved."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from chalicelib.spine import queue
from chalicelib.spine.chain import Entry
from chalicelib.spine.journal import entry_from

Subscriptions = Mapping[str, frozenset[str]]  # queue URL → the facts that go there, each as "kind.type": "case.received"


def dispatch(event: dict[str, Any], subscriptions: Subscriptions) -> dict[str, Any]:
    """Send each new fact of a stream event to the queues that want its type, ten a call.

    A queue that does not take them makes Lambda bring the whole batch again: what follows a fact is done once however
    often it is told.
    """
    wanted: dict[str, list[queue.Message]] = defaultdict(list)
    for record in event["Records"]:
        if record["eventName"] == "INSERT":
            _sort(entry_from(record["dynamodb"]["NewImage"]["content"]["S"]), subscriptions, wanted)
    for url, messages in wanted.items():
        queue.send_all(url, messages)
    return {"batchItemFailures": []}


def _sort(entry: Entry, subscriptions: Subscriptions, wanted: dict[str, list[queue.Message]]) -> None:
    message = {"dossier": entry.dossier, "seq": entry.seq, "kind": entry.kind, "type": entry.type}
    for url, types in subscriptions.items():
        if f"{entry.kind}.{entry.type}" in types:
            wanted[url].append(message | {"correlation": entry.correlation})
