"""The demo district on moto, with the recording wire in between; its functions are called as Lambda calls them."""

import base64
import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode
from uuid import uuid4

import httpx
import msgspec

from bench.canned import Exchange, hook, wire

# isort: split
import app  # after the environment, which comes with the line above
from chalicelib.directory import service
from chalicelib.people import ended, secret, tokens
from tests.support import api, cloud, wanglan

PASSWORD: Final = "Correct-horse-9"
PHONE: Final = {"accept": "text/html", "accept-language": "zh-CN,zh;q=0.9", "accept-encoding": "gzip, deflate, br"}
FUNCTIONS: Final[Mapping[str, Callable[[dict[str, Any], object], Any]]] = {
    "api": app.app,
    "dispatch": app.on_fact,
    "route": app.on_routing,
    "notify": app.on_notice,
    "enforce": app.on_deadline,
    "group": app.on_pattern,
    "sweep": app.every_minute,
}


@contextmanager
def standing() -> Iterator[None]:
    """The data stack on moto with the demo district in it."""
    hook()
    tokens.pool_keys._fetch = api.published_keys
    with cloud.made():
        wanglan.set_up()
        yield


def forget() -> None:
    """What a function remembers between calls, as if it had just started."""
    service.forget()
    ended.forget()
    secret._secret.cache_clear()


def known(token: str) -> tuple[Exchange, ...]:
    """What is asked of AWS once in a while and then remembered: the directory, the secret, who has signed out."""
    forget()
    calls = (opened(f"/d/{wanglan.LIN_CODE}", "a form"), asked("/v1/cases", "a list", token))
    return tuple(it for call in calls for it in call.made().exchanges)


@dataclass(frozen=True)
class Call:
    """One invocation of a function: on what occasion, and with what event."""

    function: str
    occasion: str
    event: dict[str, Any]

    def made(self) -> "Made":
        """Make it, and keep what it said to AWS, to its log and in its answer. Raises RuntimeError if it failed."""
        with redirect_stdout(io.StringIO()) as printed, wire.recorded() as exchanges:
            answer = FUNCTIONS[self.function](self.event, None)
        failed = isinstance(answer, dict) and (answer.get("batchItemFailures") or int(answer.get("statusCode", 0)) >= 400)
        if failed:
            raise RuntimeError(f"{self.occasion}: {answer}")
        return Made(self, tuple(exchanges), len(printed.getvalue().encode()), answer)

    def again(self) -> None:
        """Make it again, to be measured: what it prints goes nowhere."""
        with redirect_stdout(io.StringIO()):
            FUNCTIONS[self.function](self.event, None)


@dataclass(frozen=True)
class Made:
    """A call that was made."""

    call: Call
    exchanges: tuple[Exchange, ...]
    logged: int  # bytes
    answer: Any = field(repr=False)

    @property
    def body(self) -> bytes:
        """An API answer's body as it goes over the wire, compressed if it is."""
        content = self.answer["body"] or ""
        return base64.b64decode(content) if self.answer.get("isBase64Encoded") else str(content).encode()

    @property
    def sent(self) -> int:
        """Bytes of an API answer, headers too; 0 for another function."""
        if self.call.function != "api":
            return 0
        return len(self.body) + sum(len(f"{name}: {value}\r\n") for name, value in self.answer["headers"].items())

    @property
    def page(self) -> str:
        """An API answer's text."""
        return api.response_of(self.answer).text

    def link(self, pattern: str) -> str:
        """The first match of a pattern's group in the answer's text. Raises LookupError."""
        found = re.search(pattern, self.page)
        if found is None:
            raise LookupError(f"{self.call.occasion}: the answer has no {pattern}")
        return found.group(1)


def opened(path: str, occasion: str) -> Call:
    """A page opened in a phone's browser."""
    return _request(occasion, "GET", path, PHONE)


def posted(path: str, occasion: str, **fields: str) -> Call:
    """A form sent from a phone's browser."""
    headers = PHONE | {"content-type": "application/x-www-form-urlencoded"}
    return _request(occasion, "POST", path, headers, urlencode(fields).encode())


def asked(path: str, occasion: str, token: str) -> Call:
    """Something read by a client."""
    return _request(occasion, "GET", path, {"authorization": f"Bearer {token}", "accept-encoding": "gzip"})


def told(path: str, occasion: str, token: str = "", **content: object) -> Call:
    """Something done by a client."""
    headers = {"content-type": "application/json", "accept-encoding": "gzip", "idempotency-key": uuid4().hex}
    signed = {"authorization": f"Bearer {token}"} if token else {}
    return _request(occasion, "POST", path, headers | signed, msgspec.json.encode(content))


def _request(occasion: str, method: str, path: str, headers: Mapping[str, str], content: bytes = b"") -> Call:
    request = httpx.Request(method, f"{api.BASE_URL}{path}", headers=headers, content=content or None)
    route, event = api.event_of(request, api.ADDRESS)
    if not route:
        raise LookupError(f"The app has no route for {method} {path}")
    return Call("api", occasion, event)


def signed_in(username: str, role: str) -> str:
    """A new user's access token."""
    cloud.add_user(username, role, PASSWORD)
    return str(told("/v1/session", "sign in", username=username, password=PASSWORD).made().link('"access_token":"([^"]+)"'))
