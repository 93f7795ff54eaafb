"""The whole platform in this process: what its stream and its queues bring is handed to its functions, as Lambda does."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.dynamodb.models import dynamodb_backends

from app import app
from chalicelib.cases import lessons
from chalicelib.directory import service as directory
from chalicelib.people import ended, secret
from chalicelib.settings import settings
from chalicelib.spine.aws import REGION, client, table
from tests.support.api import AppTransport
from tests.support.calls import Call, recorded

CONSUMERS: Final = {  # queue → function
    "routing": "route",
    "deadlines": "enforce",
    "notices": "notify",
    "patterns": "group",
    "followups": "follow",
    "figures": "tally",
}
MOST_RECEIVED: Final = 4  # maxReceiveCount of the queues (infra/data.yaml)

Wrap = Callable[[str], Any]  # of a function's name: what its invocation happens within


class House:
    """``calls`` the calls to AWS of each function; ``dead`` the messages that a queue gave up, by queue."""

    def __init__(self) -> None:
        self.calls: dict[str, list[Call]] = defaultdict(list)
        self.dead: dict[str, list[str]] = defaultdict(list)
        self._last = ""
        self.lose_the_stream()

    @staticmethod
    def _stream() -> Any:
        return dynamodb_backends[ACCOUNT][REGION].tables[table("journal")].stream_shard

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        """One invocation of a function."""
        with self.noted(function):
            return app.handler_map[function](event, None)

    @contextmanager
    def noted(self, function: str) -> Iterator[None]:
        """What is called meanwhile is called by this function. What another one keeps in memory it does not know."""
        if function != self._last:
            forget()
        self._last = function
        with recorded() as made:
            yield
        self.calls[function] += made

    def run(self) -> None:
        """Until nothing comes any more: each new fact to ``dispatch``, each message to its queue's function."""
        while self.dispatch() or sum(self.consume(name) for name in CONSUMERS):
            pass

    def new_records(self) -> list[dict[str, Any]]:
        """What the stream holds and nobody has read yet; it is read by this."""
        shard = self._stream()
        records = [record.to_json() for record in shard.items]
        shard.items.clear()
        return records

    def lose_the_stream(self) -> None:
        """What was not read is never read."""
        self._stream().items.clear()

    def dispatch(self) -> int:
        """Hand the stream's new records to ``dispatch``; how many there were."""
        records = self.new_records()
        for start in range(0, len(records), 100):
            self.invoke("dispatch", {"Records": records[start : start + 100]})
        return len(records)

    def consume(self, name: str) -> int:
        """Hand ten messages of a queue to its function; how many there were. One that fails comes again, at last it is dead."""
        url, queue = getattr(settings, f"{name}_queue"), client("sqs")
        messages = queue.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["ApproximateReceiveCount"], VisibilityTimeout=0
        ).get("Messages", [])
        if messages:
            failed = self.deliver(name, messages)
            for message in messages:
                spent = int(message["Attributes"]["ApproximateReceiveCount"]) >= MOST_RECEIVED
                if message["MessageId"] not in failed or spent:
                    queue.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                if message["MessageId"] in failed and spent:
                    self.dead[name].append(message["Body"])
        return len(messages)

    def deliver(self, name: str, messages: list[dict[str, Any]]) -> set[str]:
        """Hand these messages to a queue's function as Lambda's poller does; the ids of those that failed."""
        records = [
            {"messageId": each["MessageId"], "receiptHandle": "", "body": each["Body"], "eventSource": "aws:sqs"}
            for each in messages
        ]
        answer = self.invoke(CONSUMERS[name], {"Records": records})
        return {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}

    @staticmethod
    def schedule() -> dict[str, Any]:
        """The event of a schedule."""
        return {
            "version": "0", "account": ACCOUNT, "region": REGION, "detail": {}, "detail-type": "Scheduled Event",
            "source": "aws.events", "time": settings.now().isoformat(), "id": "1", "resources": [],
        }  # fmt: skip

    def sweep(self) -> int:
        """The minute's schedule; how many duties it queued."""
        return int(self.invoke("sweep", self.schedule()))

    def minute(self) -> None:
        """A sweep, and all that follows from it."""
        self.sweep()
        self.run()

    def mail_event(self, text: str) -> None:
        """What SES tells of a mail, by SNS."""
        said = {"Message": text, "Subject": "Amazon SES Email Event Notification", "MessageAttributes": {}}
        self.invoke("mail_event", {"Records": [{"Sns": said}]})

    def door(self) -> "Door":
        """The API and the pages, whose calls are noted as those of the function ``api``."""
        return Door(self)


def forget() -> None:
    """A process begins: nothing is in memory yet."""
    for kept in (directory, ended, lessons):
        kept.forget()
    secret._secret.cache_clear()


class Door(AppTransport):
    def __init__(self, house: House) -> None:
        super().__init__()
        self._house = house

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._house.noted("api"):
            return super().handle_request(request)


class MovedClock:
    """The platform's clock, which a test moves as ``make demo-breach`` does: by a file that holds an offset."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def set(self, moment: datetime) -> None:
        """From now on it is this moment, and time goes on from there."""
        self._file.write_text(str((moment - datetime.now(UTC)).total_seconds()))

    def forward(self, span: timedelta) -> None:
        """So much later."""
        self._file.write_text(str(float(self._file.read_text()) + span.total_seconds()))
