"""Every call that the code under test makes to AWS, seen at its clients."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from pynamodb.models import Model

from chalicelib.settings import settings
from chalicelib.spine import aws

SERVICES: Final = ("cognito-idp", "kms", "s3", "secretsmanager", "ses", "sns", "sqs")


@dataclass(frozen=True)
class Call:
    """One call: the service, the operation, and what was asked, as the API's documentation names it."""

    service: str
    operation: str
    asked: dict[str, Any]

    def __str__(self) -> str:
        """Short: ``GetItem dossiers``, ``TransactWriteItems``, ``sqs SendMessageBatch``."""
        if self.service != "dynamodb":
            return f"{self.service} {self.operation}"
        table = str(self.asked.get("TableName", "")).removeprefix(f"{settings.prefix}-")
        return " ".join(filter(None, (self.operation, table, self.asked.get("IndexName"))))


def _models(kind: type = Model) -> Iterator[Any]:
    for child in kind.__subclasses__():
        yield from _models(child)
        if hasattr(getattr(child, "Meta", None), "table_name"):
            yield child


def _clients() -> list[Any]:
    models = list(_models())
    connections = [*(model._get_connection().connection for model in models), aws._connection()]
    return [*(connection.client for connection in connections), *map(aws.client, SERVICES)]


def _asked(body: Any) -> dict[str, Any]:
    """What stands in a request, of the JSON protocols and of the older ones that send a form."""
    return dict(json.loads(body)) if isinstance(body, str | bytes) and body else dict(body or {})


@contextmanager
def recorded() -> Iterator[list[Call]]:
    """The calls that are made meanwhile, in their order."""
    made: list[Call] = []

    def note(model: Any, params: dict[str, Any], **_: object) -> None:
        service = model.service_model.service_name
        asked = {"Path": params["url_path"]} if service == "s3" else _asked(params["body"])
        made.append(Call(service, model.name, asked))

    clients = _clients()
    for client in clients:
        client.meta.events.register_first("before-call", note)
    try:
        yield made
    finally:
        for client in clients:
            client.meta.events.unregister("before-call", note)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The calls to DynamoDB that are made meanwhile, each in short."""
    short: list[str] = []
    with recorded() as made:
        yield short
    short += [str(call) for call in made if call.service == "dynamodb"]
