"""What stands where the network would be: real answers are recorded once under moto, then played back.

It hangs in botocore's ``before-send``, so that all that botocore and PynamoDB do themselves (serialising, signing, parsing,
retrying) is run and measured, and moto's own work is not. Not in the figures, therefore: sockets, TLS, and the waiting.
Import this first: it sets the environment, which our modules read when they are imported, and botocore hands the hook to each
session when that is made.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Any, Final

import msgspec
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.handlers import BUILTIN_HANDLERS
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber

import tests.conftest  # noqa: F401 - the environment of a stage without a real AWS within reach


@dataclass(frozen=True)
class Exchange:
    """One request as it was about to leave, and what was answered. ``service`` and ``operation`` are botocore's names."""

    service: str
    operation: str
    body: bytes
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def asked(self) -> dict[str, Any]:
        """The request's JSON; empty for a service that speaks another protocol (SES)."""
        return _json(self.body)

    @property
    def answered(self) -> dict[str, Any]:
        """The answer's JSON, or empty."""
        return _json(self.content)

    @property
    def subject(self) -> tuple[str, str, str]:
        """Service, operation and tables: what two requests of the same kind have in common."""
        return self.service, self.operation, _tables(self.asked)


Store = Callable[[str, str, bytes], bytes | None]  # service, operation, body → the answer's body, or None


class Wire:
    """The hook. It records, plays back, or (neither) only hands over to moto."""

    def __init__(self) -> None:
        self._seen: list[Exchange] | None = None
        self._exact: dict[tuple[str, bytes], Iterator[Exchange]] = {}
        self._alike: dict[tuple[str, str, str], Exchange] = {}
        self._playing = False
        self._store: Store | None = None

    def __call__(self, event_name: str, request: AWSPreparedRequest, **_: object) -> Any:
        service, operation = event_name.split(".")[1:]
        body = _bytes(request.body)
        if self._store and (content := self._store(service, operation, body)) is not None:
            raw: Any = MockRawResponse(content)
            return AWSResponse(request.url, 200, HTTPHeaders.from_pairs([("Content-Type", "application/x-amz-json-1.0")]), raw)
        if self._playing:
            return self._played(service, operation, body, request.url)
        if not botocore_stubber.enabled:
            raise RuntimeError(f"{service} {operation} would have gone to the real AWS")
        answer: Any = botocore_stubber(event_name, request)
        if self._seen is not None:
            self._seen.append(Exchange(service, operation, body, answer.status_code, dict(answer.headers), answer.content))
        return answer

    @contextmanager
    def recorded(self) -> Iterator[list[Exchange]]:
        """Everything that is asked of AWS inside, in order."""
        before, self._seen = self._seen, []
        try:
            yield self._seen
        finally:
            self._seen = before

    @contextmanager
    def kept_by(self, store: Store) -> Iterator[None]:
        """Whatever this store answers it answers; the rest goes on to moto."""
        self._store = store
        try:
            yield
        finally:
            self._store = None

    @contextmanager
    def played(self, exchanges: Sequence[Exchange]) -> Iterator[None]:
        """Answer from these. A request with the same body gets its own answer, and asked again the next one (a dossier that
        was changed meanwhile), round and round; one that differs (random ids, the time) gets the first of the same operation
        on the same tables. Raises LookupError for one that is like none."""
        same = defaultdict(list)
        for it in exchanges:
            same[it.operation, it.body].append(it)
        self._exact = {key: cycle(answers) for key, answers in same.items()}
        self._alike = {it.subject: it for it in reversed(exchanges)}
        self._playing = True
        try:
            yield
        finally:
            self._playing = False

    def _played(self, service: str, operation: str, body: bytes, url: str) -> AWSResponse:
        exact = self._exact.get((operation, body))
        found = next(exact) if exact else self._alike.get((service, operation, _tables(_json(body))))
        if found is None:
            raise LookupError(f"No answer was recorded for {service} {operation} {body[:200]!r}")
        raw: Any = MockRawResponse(found.content)
        return AWSResponse(url, found.status, HTTPHeaders.from_pairs(found.headers.items()), raw)


def _bytes(body: Any) -> bytes:
    if hasattr(body, "read"):  # what goes to S3 comes as a file, which is sent from its beginning afterwards
        content = bytes(body.read())
        body.seek(0)
        return content
    return body.encode() if isinstance(body, str) else bytes(body or b"")


def _json(text: bytes) -> dict[str, Any]:
    return msgspec.json.decode(text, type=dict[str, Any]) if text.startswith(b"{") else {}


def _tables(asked: Mapping[str, Any]) -> str:
    if "RequestItems" in asked:
        return " ".join(sorted(asked["RequestItems"]))
    named = [next(iter(action.values())) for action in asked.get("TransactItems", ())] or [asked]
    return " ".join(sorted({str(each.get("TableName", "")) for each in named}))


wire: Final = Wire()


def hook() -> None:
    """Put the wire in moto's place, not beside it: botocore asks every handler, and takes the first answer. For a whole
    process, before it makes a client; so only a bench that runs does it, and never a test that imports a part of one."""
    handler = ("before-send", botocore_stubber)
    if handler in BUILTIN_HANDLERS:
        BUILTIN_HANDLERS[BUILTIN_HANDLERS.index(handler)] = ("before-send", wire)
