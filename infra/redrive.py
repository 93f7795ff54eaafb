"""Put dead letters back: ``python -m infra.redrive routing --stage prod``. First find out why they died.

A message is done once however often it comes, so putting one back too often does no harm.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

import boto3
from botocore.exceptions import ClientError

from chalicelib.spine import letters
from chalicelib.spine.letters import Message
from infra import account, stack
from infra.policies import function_name

PutBack = Callable[[boto3.Session, str, str, list[Message]], list[Message]]  # returns those that are back

GONE: Final = (
    "The stream no longer holds these facts: it keeps a day. They are in the journal, and the sweep routes "
    "what was received and never routed"
)


class NotPutBack(Exception):
    """A dead letter could not be put back; it is still where it was. The message says why."""


def redrive(session: boto3.Session, queue: str, stage: str, say: stack.Say = print) -> int:
    """Put back what lies in a queue's dead-letter queue now; returns how many messages. Raises NotPutBack."""
    sqs = session.client("sqs")
    dead = _url(sqs, f"zerodistance-{stage}-{queue}-dead")
    waiting, done = letters.waiting(sqs, dead), 0
    say(f"{waiting} dead letters in {queue}")
    for messages in letters.taken(sqs, dead, waiting):
        back = WAYS[queue](session, queue, stage, messages)
        letters.forget(sqs, dead, back)
        done += len(back)
        say(f"  {done} of {waiting} put back")
        if len(back) < len(messages):
            raise NotPutBack(f"{len(messages) - len(back)} were refused and stay in {queue}'s dead-letter queue")
    return done


def _to_queue(session: boto3.Session, queue: str, stage: str, messages: list[Message]) -> list[Message]:
    sqs = session.client("sqs")
    return letters.sent(sqs, _url(sqs, f"zerodistance-{stage}-{queue}"), messages)


def _to_mail_event(session: boto3.Session, _queue: str, stage: str, messages: list[Message]) -> list[Message]:
    # Lambda wrapped the event that the function failed on: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
    return [each for each in messages if _invoke(session, "mail_event", stage, json.loads(each["Body"])["requestPayload"])]


def _to_dispatch(session: boto3.Session, _queue: str, stage: str, messages: list[Message]) -> list[Message]:
    # A letter of the stream holds no facts, it says where they stand in the stream.
    return [each for each in messages if _invoke(session, "dispatch", stage, _event(session, each))]


WAYS: Final[dict[str, PutBack]] = {
    "routing": _to_queue,
    "deadlines": _to_queue,
    "notices": _to_queue,
    "patterns": _to_queue,
    "followups": _to_queue,
    "figures": _to_queue,
    "dispatch": _to_dispatch,
    "mail-event": _to_mail_event,
}


def _event(session: boto3.Session, message: Message) -> dict[str, Any]:
    return {"Records": facts(session, json.loads(message["Body"]))}


def facts(session: boto3.Session, letter: Message) -> list[Any]:
    """The stream's records that a letter of the journal's stream speaks of. Raises NotPutBack: a stream keeps a day."""
    where = letter["DDBStreamBatchInfo"]
    streams = session.client("dynamodbstreams")
    try:
        place = streams.get_shard_iterator(
            StreamArn=where["streamArn"],
            ShardId=where["shardId"],
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=where["startSequenceNumber"],
        )
        found = streams.get_records(ShardIterator=place["ShardIterator"], Limit=int(where["batchSize"]))["Records"]
    except ClientError as error:
        raise NotPutBack(f"{GONE} ({error.response['Error']['Code']})") from error
    if len(found) < int(where["batchSize"]):
        raise NotPutBack(f"{GONE} ({len(found)} of {where['batchSize']} are there)")
    return list(found)


def _invoke(session: boto3.Session, function: str, stage: str, event: Mapping[str, Any]) -> bool:
    payload = json.dumps(event, default=str)  # a stream's record has a moment in it, which JSON has not
    answer = session.client("lambda").invoke(FunctionName=function_name(function, stage), Payload=payload)
    return "FunctionError" not in answer


def _url(sqs: Any, name: str) -> str:
    try:
        return str(sqs.get_queue_url(QueueName=name)["QueueUrl"])
    except ClientError as error:
        raise NotPutBack(f"There is no queue {name} in this account and region") from error


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.redrive", description="Put dead letters back.")
    parser.add_argument("queue", choices=sorted(WAYS))
    parser.add_argument("--stage", required=True)
    given = parser.parse_args()
    try:
        session = account.session()
        account.number(session)
        print(f"{redrive(session, given.queue, given.stage)} put back")
    except (account.NoAccount, NotPutBack) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
