"""SQS, as the spine uses it: messages are JSON objects that carry a correlation id; a batch is told item by item."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from chalicelib.spine.aws import client
from chalicelib.telemetry import count, flush, follow, logger

BATCH = 10  # SQS takes ten messages a call

Message = dict[str, Any]


def _batches(messages: Iterable[Message]) -> Iterator[list[Message]]:
    rest = iter(messages)
    while batch := list(islice(rest, BATCH)):
        yield batch


def send_all(url: str, messages: Iterable[Message], *, delay: int = 0) -> int:
    """Send messages, ten a call; returns how many. They come ``delay`` seconds later, 900 at most.

    Raises OSError if the queue refused any of them for good.
    """
    return sum(_send(url, batch, delay) for batch in _batches(messages))


def _send(url: str, batch: Sequence[Message], delay: int) -> int:
    held = {"DelaySeconds": delay} if delay else {}
    entries = [{"Id": str(n), "MessageBody": msgspec.json.encode(message).decode(), **held} for n, message in enumerate(batch)]
    refused = client("sqs").send_message_batch(QueueUrl=url, Entries=entries).get("Failed", [])
    if refused:
        raise OSError(f"{len(refused)} of {len(batch)} messages were not taken by {url}: {refused[0].get('Message')}")
    return len(batch)


def each(event: dict[str, Any], work: Callable[[Message], None], queue: str) -> dict[str, Any]:
    """Do ``work`` for every message of a Lambda event; answer which failed, so that neighbours are not held up.

    A failed message is delivered again by SQS, and after four times goes to the dead-letter queue.
    """
    failed = [record["messageId"] for record in event["Records"] if not _done(record, work, queue)]
    flush()
    return {"batchItemFailures": [{"itemIdentifier": id} for id in failed]}


def _done(record: dict[str, Any], work: Callable[[Message], None], queue: str) -> bool:
    try:
        message = msgspec.json.decode(record["body"], type=Message)
        follow(str(message.get("correlation", "")))
        work(message)
    except Exception:  # noqa: BLE001 - whatever it was, it must not hold up the neighbours; SQS brings it back
        logger.exception("A message failed", queue=queue, message_id=record["messageId"])
        count("FailedMessages")
        return False
    return True
