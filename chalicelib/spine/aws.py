"""The one way to the tables: a base for every PynamoDB model, and transactions with their refusals told apart."""

from collections.abc import Callable, Sequence
from functools import cache
from os import environ
from random import uniform
from time import sleep
from typing import Any, Final

import boto3
from botocore.config import Config
from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.settings import settings

REGION = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or "us-east-1"
Write = Callable[[TransactWrite], None]  # adds one action to a transaction
CONTENDED_PAUSES: Final = (0.05, 0.1, 0.2)  # seconds at most, between tries

LONGEST_KEY: Final = 1_024  # bytes


class TableMeta:
    """What every table shares. A model's own Meta inherits it and adds ``table_name = table("journal")``."""

    region = REGION
    connect_timeout_seconds = 3
    read_timeout_seconds = 10
    max_retry_attempts = 3


def table(name: str) -> str:
    """The stage's name of a table."""
    return settings.table(name)


def is_key(text: str) -> bool:
    """Whether a table takes this text as a key at all: not empty, no more than 1,024 bytes, and none that UTF-8 can't say.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
    """
    return 0 < len(text.encode(errors="replace")) <= LONGEST_KEY and text.isprintable()


class Cancelled(Exception):
    """A transaction that was not made. ``failed`` are the positions of the writes whose condition did not hold;
    ``contended`` says that another transaction held one of the items at that moment: trying again may succeed."""

    def __init__(self, failed: tuple[int, ...], contended: bool) -> None:
        super().__init__(f"conditions failed at {failed}" if failed else "contended")
        self.failed = failed
        self.contended = contended


def transact(writes: Sequence[Write]) -> None:
    """All of these writes, or none. One DynamoDB call, and a few more where another transaction holds one of the items at
    that very moment. Raises Cancelled."""
    for pause in CONTENDED_PAUSES:
        try:
            return _transact(writes)
        except Cancelled as refused:
            if not refused.contended:
                raise
        sleep(uniform(0, pause))
    return _transact(writes)


def _transact(writes: Sequence[Write]) -> None:
    places: list[int] = []  # which of PynamoDB's lists each write went to
    try:
        with TransactWrite(connection=_connection()) as transaction:
            for write in writes:
                before = _lengths(transaction)
                write(transaction)
                places.append(next(kind for kind, length in enumerate(_lengths(transaction)) if length > before[kind]))
    except TransactWriteError as error:
        raise _cancelled(error, places) from error


def _lengths(transaction: TransactWrite) -> tuple[int, ...]:
    """How many of each kind there are, in the order in which PynamoDB sends them."""
    kinds = ("_condition_check_items", "_delete_items", "_put_items", "_update_items")
    return tuple(len(getattr(transaction, kind)) for kind in kinds)


def put(row: Model, condition: object = None) -> Write:
    """A put of this row as part of a transaction."""
    return lambda transaction: transaction.save(row, condition=condition)  # type: ignore[arg-type]


def delete(row: Model) -> Write:
    """A delete of this row as part of a transaction."""
    return lambda transaction: transaction.delete(row)


def _cancelled(error: TransactWriteError, places: Sequence[int]) -> Cancelled:
    """DynamoDB counts in the order sent, kind by kind; ``failed`` counts in the order in which the writes were given."""
    sent = sorted(range(len(places)), key=lambda place: places[place])
    codes = [reason.code if reason else None for reason in error.cancellation_reasons]
    failed = tuple(sorted(sent[place] for place, code in enumerate(codes) if code == "ConditionalCheckFailed"))
    contended = not failed and any(code == "TransactionConflict" for code in codes)
    if not failed and not contended:
        raise error
    return Cancelled(failed, contended)


_made: Callable[..., Any] = boto3.client  # boto3's stubs know each service by name; here the name is a value


@cache
def client(service: str) -> Any:
    """The one client of an AWS service in this process, with retries and timeouts that fit inside a request."""
    patience = Config(retries={"mode": "standard", "max_attempts": 4}, connect_timeout=3, read_timeout=10)
    return _made(service, region_name=REGION, config=patience.merge(_SIGNED) if service == "s3" else patience)


# A signed address names the bucket's own region: the world-wide one answers a young bucket with a redirect, which no form
# follows. An emulator has the address that it was given.
_SIGNED: Final = Config(
    signature_version="s3v4",
    s3=None if "AWS_ENDPOINT_URL" in environ else {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
)


@cache
def _connection() -> Connection:
    return Connection(region=REGION, connect_timeout_seconds=3, read_timeout_seconds=10)
