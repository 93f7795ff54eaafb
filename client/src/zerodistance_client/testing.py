"""A server of answers written beforehand, for tests of programs that use this client. Nothing goes over the network.

server = Answers()
server.add("GET", "/v1/me", {"username": "li", "role": "deputy"})
client = ZeroDistance("http://server", MemoryTokens(Tokens("a")), transport=server)
"""

import json
from collections import deque
from collections.abc import Mapping
from typing import Any

import httpx


class Answers(httpx.BaseTransport):
    """A sealed transport: gives the answers in the order in which they were added and keeps what was asked in ``asked``.
    A request that was not expected, or comes out of order, is an AssertionError."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self._expected: deque[tuple[str, str, httpx.Response | httpx.TransportError]] = deque()

    def add(
        self,
        method: str,
        path: str,
        content: object = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Expect a request and answer it: bytes as they are, anything else as JSON (a status of 400 and more as a
        problem document)."""
        kind = "application/problem+json" if status >= 400 else "application/json"
        body = content if isinstance(content, bytes) else b"" if content is None else json.dumps(content).encode()
        self._expect(method, path, httpx.Response(status, headers={"Content-Type": kind, **(headers or {})}, content=body))

    def fail(self, method: str, path: str, error: httpx.TransportError) -> None:
        """Expect a request and break the connection."""
        self._expect(method, path, error)

    @property
    def left(self) -> int:
        """How many expected requests did not come."""
        return len(self._expected)

    @property
    def last(self) -> Any:
        """The JSON of the last request's body."""
        return json.loads(self.asked[-1].content)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = (request.method, request.url.path)
        assert self._expected, f"Nothing was expected, but {asked} was asked"
        method, path, answer = self._expected.popleft()
        assert asked == (method, path), f"{(method, path)} was expected, but {asked} was asked"
        self.asked.append(request)
        if isinstance(answer, httpx.TransportError):
            raise answer
        return answer

    def _expect(self, method: str, path: str, answer: httpx.Response | httpx.TransportError) -> None:
        self._expected.append((method, path, answer))
