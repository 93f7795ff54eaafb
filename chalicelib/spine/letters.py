"""Dead letters: what failed four times lies in a queue of its own until someone has found out why and puts it back.

A message is done once however often it comes, so putting one back too often does no harm.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

BATCH: Final = 10  # SQS gives and takes ten messages a call
HELD: Final = 120  # seconds that a message is ours while we put it back
DEAD: Final = "-dead"  # what the name of a dead-letter queue adds to that of its queue

Message = Mapping[str, Any]


def waiting(sqs: Any, dead: str) -> int:
    """How many letters lie in the dead-letter queue of this URL, as SQS reckons it. One call."""
    name = "ApproximateNumberOfMessages"
    return int(sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=[name])["Attributes"][name])


def taken(sqs: Any, dead: str, most: int) -> Iterator[list[Message]]:
    """What waits now, ten at a time, and not what dies again meanwhile."""
    found = 0
    while found < most:
        answer = sqs.receive_message(
            QueueUrl=dead, MaxNumberOfMessages=min(BATCH, most - found), VisibilityTimeout=HELD, WaitTimeSeconds=2
        )
        if not (messages := answer.get("Messages", [])):
            return
        found += len(messages)
        yield messages


def sent(sqs: Any, queue: str, messages: list[Message]) -> list[Message]:
    """Send letters to the queue of this URL; returns those that it took."""
    entries = [{"Id": str(place), "MessageBody": message["Body"]} for place, message in enumerate(messages)]
    answer = sqs.send_message_batch(QueueUrl=queue, Entries=entries)
    return [messages[int(each["Id"])] for each in answer.get("Successful", [])]


def forget(sqs: Any, dead: str, back: list[Message]) -> None:
    """Take letters that are back out of their dead-letter queue."""
    entries = [{"Id": str(place), "ReceiptHandle": each["ReceiptHandle"]} for place, each in enumerate(back)]
    if entries:
        sqs.delete_message_batch(QueueUrl=dead, Entries=entries)


def put_back(sqs: Any, queue: str, most: int) -> int:
    """Put back what lies in a queue's dead-letter queue, ``most`` at once; returns how many. What is refused stays there."""
    dead, done = queue + DEAD, 0
    for messages in taken(sqs, dead, min(most, waiting(sqs, dead))):
        back = sent(sqs, queue, messages)
        forget(sqs, dead, back)
        done += len(back)
    return done
