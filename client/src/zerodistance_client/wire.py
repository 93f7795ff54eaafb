"""One request to the server and its answer: tokens, tries, idempotency keys and problem documents. Knows no use case."""

import ipaddress
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import httpx

from zerodistance_client.errors import BadAnswer, NoConnection, Refused, SignInNeeded, nobody_signed_in
from zerodistance_client.problem import refusal
from zerodistance_client.retry import TEMPORARY, Retry
from zerodistance_client.tokens import Tokens, TokenStore
from zerodistance_client.version import __version__

# API Gateway gives up after 29 seconds; whoever waits less can't know what became of a request.
TIMEOUT: Final = httpx.Timeout(30.0, connect=5.0)
USER_AGENT: Final = f"zerodistance-client/{__version__} python/{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True)
class Call:
    """A request to make. ``key`` is its Idempotency-Key, the same over all tries; ``open`` needs no sign-in.

    ``fields`` and ``file`` (name, content, media type) make a form of it, the file last.
    """

    method: str
    path: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    json: Any = None
    content: str | None = None
    fields: Mapping[str, str] | None = None
    file: tuple[str, bytes, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    open: bool = False


def is_this_machine(base_url: str) -> bool:
    """Whether a URL leads to this machine: no proxy is asked for it, and plain http is no risk."""
    host = httpx.URL(base_url).host
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def checked_url(base_url: str) -> str:
    """A base URL without its last slash. Raises ValueError for what is no http(s) address."""
    try:
        url = httpx.URL(base_url.strip())
    except httpx.InvalidURL as error:
        raise ValueError(f"{base_url!r} is no address: {error}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError(f"{base_url!r} is no address of a server: it must begin with https:// or http://")
    return str(url).rstrip("/")


class Wire:
    """Sends calls to one server. ``transport`` replaces the network (in tests, or in one process with the app)."""

    def __init__(
        self,
        base_url: str,
        tokens: TokenStore,
        retry: Retry,
        language: str = "",
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.base_url = checked_url(base_url)
        self.tokens = tokens
        self.retry = retry
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json, application/problem+json"}
        self._http = httpx.Client(
            base_url=self.base_url,
            headers=headers | ({"Accept-Language": language} if language else {}),
            timeout=TIMEOUT,
            transport=transport,
            trust_env=not is_this_machine(self.base_url),
        )

    def close(self) -> None:
        self._http.close()

    def json(self, call: Call) -> Any:
        """The JSON value of the answer to a call; None for an empty one."""
        return self.json_of(self.send(call))

    def json_of(self, answer: httpx.Response) -> Any:
        """The JSON value of an answer; None for an empty one."""
        if not answer.content:
            return None
        try:
            return answer.json()
        except ValueError as error:
            raise BadAnswer(f"{answer.url} did not answer with JSON: is this a Zero Distance server?") from error

    def send(self, call: Call) -> httpx.Response:
        """The answer to a call. Signs in again by itself, once, when the access token has run out.

        Raises Refused (its kinds in ``errors``), NoConnection, BadAnswer.
        """
        call = replace(call, key=call.key or str(uuid.uuid4())) if call.method == "POST" else call
        if call.open:
            return self._accepted(self._persist(call, None))
        if (tokens := self.tokens.load()) is None:
            raise nobody_signed_in()
        answer = self._persist(call, tokens)
        if answer.status_code == 401:
            answer = self._persist(call, self._renewed(tokens, answer))
        return self._accepted(answer)

    def deliver(self, url: str, fields: Mapping[str, str], file: tuple[str, bytes, str]) -> None:
        """Send a file to the place that the server named. No token goes along; sent twice it is the same file.

        Raises Refused, NoConnection.
        """
        self._accepted(self._persist(Call("POST", url, fields=fields, file=file, open=True), None))

    def keep(self, session: Any, refresh: str = "") -> None:
        """Keep the tokens of a session that the server has just opened or renewed."""
        if not isinstance(session, dict) or not isinstance(session.get("access_token"), str):
            raise BadAnswer("The server opened a session without an access token")
        self.tokens.save(Tokens(session["access_token"], session.get("refresh_token") or refresh))

    def _renewed(self, used: Tokens, refused: httpx.Response) -> Tokens:
        kept = self.tokens.load()
        if kept is not None and kept.access != used.access:
            return kept  # another command of the same person has renewed them meanwhile
        if not used.refresh:
            raise self._refusal(refused)
        try:
            call = Call("POST", "/v1/session/refresh", json={"refresh_token": used.refresh}, open=True)
            self.keep(self.json(call), used.refresh)
        except SignInNeeded:
            self.tokens.clear()
            raise
        return self.tokens.load() or used

    def _persist(self, call: Call, tokens: Tokens | None) -> httpx.Response:
        """Try a call until there is an answer that will not change by itself, or no try is left."""
        failures = 0
        while True:
            failures += 1
            try:
                answer = self._once(call, tokens)
            except httpx.RequestError as error:
                if failures >= self.retry.attempts:
                    raise self._no_connection(error) from error
                pause: float | None = self.retry.pause(failures)
            else:
                pause = self._pause_for(answer, failures)
                if pause is None or failures >= self.retry.attempts:
                    return answer
            self.retry.sleep(pause or 0.0)

    def _once(self, call: Call, tokens: Tokens | None) -> httpx.Response:
        headers = dict(call.headers)
        if call.key:
            headers["Idempotency-Key"] = call.key
        if tokens:
            headers["Authorization"] = f"Bearer {tokens.access}"
        body: dict[str, Any] = {"json": call.json, "content": call.content}
        if call.file:
            body = {"data": call.fields, "files": {"file": call.file}}
        return self._http.request(call.method, call.path, params=call.params, headers=headers, **body)

    def _pause_for(self, answer: httpx.Response, failures: int) -> float | None:
        """Seconds to wait before the next try; None when this answer is the one to give."""
        if answer.status_code not in TEMPORARY:
            return None
        refused = self._refusal(answer)
        if refused.code == "locked_out":
            return None
        asked = refused.problem.extras.get("retry_after")
        pause = float(asked) if isinstance(asked, int | float) else self.retry.pause(failures)
        return pause if pause <= self.retry.longest else None

    def _accepted(self, answer: httpx.Response) -> httpx.Response:
        if answer.is_error:
            raise self._refusal(answer)
        if answer.is_redirect:
            raise BadAnswer(f"{self.base_url} sends on to {answer.headers.get('Location', 'nowhere')}: use that address")
        return answer

    def _refusal(self, answer: httpx.Response) -> Refused:
        asked = self.retry.pause_asked(answer.headers.get("Retry-After", ""))
        return refusal(answer.status_code, answer.content, asked)

    def _no_connection(self, error: httpx.RequestError) -> NoConnection:
        never_left = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError)
        return NoConnection(self.base_url, str(error) or type(error).__name__, maybe_received=not never_left)
