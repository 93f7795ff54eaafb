"""The client on the wire: tries, pauses, idempotency keys, renewed tokens. Nothing leaves this process."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from zerodistance_client import (
    BadAnswer,
    MemoryTokens,
    NoConnection,
    Retry,
    ServerFailed,
    SignInNeeded,
    Tokens,
    TooMany,
    ZeroDistance,
)
from zerodistance_client.testing import Answers
from zerodistance_client.wire import checked_url, is_this_machine

ME = {"username": "li", "role": "deputy"}
CASE = {"id": "7K3M9QXA2B4C", "status": "acknowledged"}
ACKNOWLEDGE = "/v1/cases/7K3M9QXA2B4C/acknowledge"


@pytest.fixture
def server() -> Answers:
    return Answers()


@pytest.fixture
def pauses() -> list[float]:
    return []


def client(server: Answers, pauses: list[float], tokens: MemoryTokens | None = None) -> ZeroDistance:
    retry = Retry(sleep=pauses.append, chance=lambda: 1.0, now=lambda: datetime(2026, 11, 24, 9, tzinfo=UTC))
    return ZeroDistance("http://server", tokens or MemoryTokens(Tokens("old", "renew")), retry=retry, transport=server)


def keys(server: Answers) -> set[str]:
    return {request.headers["Idempotency-Key"] for request in server.asked}


def test_an_idempotency_key_stays_the_same_over_all_tries(server: Answers, pauses: list[float]) -> None:
    server.fail("POST", ACKNOWLEDGE, httpx.ReadTimeout("slow"))
    server.add("POST", ACKNOWLEDGE, status=503)
    server.add("POST", ACKNOWLEDGE, CASE)
    assert client(server, pauses).acknowledge("7K3M9QXA2B4C").status == "acknowledged"
    assert len(server.asked) == 3
    assert len(keys(server)) == 1


def test_each_call_has_an_idempotency_key_of_its_own_unless_it_is_given_one(server: Answers, pauses: list[float]) -> None:
    for _ in range(3):
        server.add("POST", ACKNOWLEDGE, CASE)
    it = client(server, pauses)
    it.acknowledge("7K3M9QXA2B4C")
    it.acknowledge("7K3M9QXA2B4C")
    it.acknowledge("7K3M9QXA2B4C", key="mine")
    assert len(keys(server)) == 3
    assert server.asked[-1].headers["Idempotency-Key"] == "mine"


def test_pauses_grow_and_end(server: Answers, pauses: list[float]) -> None:
    for _ in range(4):
        server.fail("GET", "/v1/me", httpx.ConnectError("refused"))
    with pytest.raises(NoConnection, match="No answer from http://server: refused") as told:
        client(server, pauses).me()
    assert pauses == [0.4, 0.8, 1.6]
    assert not told.value.maybe_received


def test_a_request_whose_answer_was_lost_may_have_been_received(server: Answers, pauses: list[float]) -> None:
    for _ in range(4):
        server.fail("GET", "/v1/me", httpx.ReadTimeout("slow"))
    with pytest.raises(NoConnection) as told:
        client(server, pauses).me()
    assert told.value.maybe_received


def test_chance_takes_away_half_a_pause_at_most() -> None:
    assert Retry(chance=lambda: 0.0).pause(1) == 0.2
    assert Retry(chance=lambda: 1.0).pause(1) == 0.4
    assert Retry(chance=lambda: 1.0).pause(30) == 8.0


@pytest.mark.parametrize("asked", ["3", "Tue, 24 Nov 2026 09:00:03 GMT"])
def test_retry_after_is_obeyed_as_seconds_and_as_a_date(server: Answers, pauses: list[float], asked: str) -> None:
    server.add("GET", "/v1/me", status=429, headers={"Retry-After": asked})
    server.add("GET", "/v1/me", ME)
    assert client(server, pauses).me().username == "li"
    assert pauses == [3.0]


def test_a_retry_after_that_says_nothing_is_no_retry_after() -> None:
    assert Retry().pause_asked("soon") is None
    assert Retry().pause_asked("") is None


def test_a_server_that_asks_for_too_long_a_wait_is_not_waited_for(server: Answers, pauses: list[float]) -> None:
    server.add("GET", "/v1/me", {"code": "too_many", "retry_after": 900}, status=429)
    with pytest.raises(TooMany) as told:
        client(server, pauses).me()
    assert told.value.retry_after == 900
    assert pauses == []


def test_who_is_locked_out_does_not_knock_again(server: Answers, pauses: list[float]) -> None:
    server.add("POST", "/v1/session", {"code": "locked_out", "retry_after": 1}, status=429)
    with pytest.raises(TooMany):
        client(server, pauses).sign_in("li", "guess")
    assert len(server.asked) == 1


def test_a_fault_of_the_server_is_not_tried_again(server: Answers, pauses: list[float]) -> None:
    server.add("GET", "/v1/me", {"code": "fault"}, status=500)
    with pytest.raises(ServerFailed):
        client(server, pauses).me()
    assert len(server.asked) == 1


def test_an_expired_token_is_renewed_once_and_the_request_repeated_under_its_key(server: Answers, pauses: list[float]) -> None:
    tokens = MemoryTokens(Tokens("old", "renew"))
    server.add("POST", ACKNOWLEDGE, {"code": "token_expired"}, status=401)
    server.add("POST", "/v1/session/refresh", {"access_token": "new", "refresh_token": "renew-2"})
    server.add("POST", ACKNOWLEDGE, CASE)
    client(server, pauses, tokens).acknowledge("7K3M9QXA2B4C")
    first, refresh, second = server.asked
    assert (first.headers["Authorization"], second.headers["Authorization"]) == ("Bearer old", "Bearer new")
    assert "Authorization" not in refresh.headers
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"] != refresh.headers["Idempotency-Key"]
    assert tokens.load() == Tokens("new", "renew-2")


def test_a_server_that_keeps_the_refresh_token_need_not_send_it_again(server: Answers, pauses: list[float]) -> None:
    tokens = MemoryTokens(Tokens("old", "renew"))
    server.add("GET", "/v1/me", status=401)
    server.add("POST", "/v1/session/refresh", {"access_token": "new"})
    server.add("GET", "/v1/me", ME)
    client(server, pauses, tokens).me()
    assert tokens.load() == Tokens("new", "renew")


def test_a_renewed_token_that_is_refused_too_ends_there(server: Answers, pauses: list[float]) -> None:
    server.add("GET", "/v1/me", status=401)
    server.add("POST", "/v1/session/refresh", {"access_token": "new"})
    server.add("GET", "/v1/me", {"code": "signed_out"}, status=401)
    with pytest.raises(SignInNeeded) as told:
        client(server, pauses).me()
    assert told.value.code == "signed_out"
    assert server.left == 0


def test_a_session_that_can_not_be_renewed_is_forgotten(server: Answers, pauses: list[float]) -> None:
    tokens = MemoryTokens(Tokens("old", "renew"))
    server.add("GET", "/v1/me", status=401)
    server.add("POST", "/v1/session/refresh", {"code": "refresh_invalid"}, status=401)
    with pytest.raises(SignInNeeded):
        client(server, pauses, tokens).me()
    assert tokens.load() is None


def test_without_a_refresh_token_the_first_refusal_stands(server: Answers, pauses: list[float]) -> None:
    server.add("GET", "/v1/me", {"code": "token_expired"}, status=401)
    with pytest.raises(SignInNeeded) as told:
        client(server, pauses, MemoryTokens(Tokens("old"))).me()
    assert told.value.code == "token_expired"


def test_tokens_that_another_command_has_renewed_meanwhile_are_used(server: Answers, pauses: list[float]) -> None:
    tokens = MemoryTokens(Tokens("old", "renew"))
    server.add("GET", "/v1/me", status=401)
    server.add("GET", "/v1/me", ME)
    it = client(_Meanwhile(server, lambda: tokens.save(Tokens("new", "renew"))), pauses, tokens)
    assert it.me().username == "li"
    assert server.asked[-1].headers["Authorization"] == "Bearer new"


class _Meanwhile(Answers):
    """Does something while the first request is on its way."""

    def __init__(self, server: Answers, happens: Callable[[], None]) -> None:
        super().__init__()
        self._server, self._happens = server, happens

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._happens()
        return self._server.handle_request(request)


def test_nobody_signed_in_is_told_without_asking_the_server(server: Answers, pauses: list[float]) -> None:
    with pytest.raises(SignInNeeded, match="Nobody is signed in"):
        client(server, pauses, MemoryTokens()).me()
    assert server.asked == []


def test_a_page_that_is_not_the_api_is_a_bad_answer(server: Answers, pauses: list[float]) -> None:
    server.add("GET", "/v1/me", b"<html>Welcome</html>")
    with pytest.raises(BadAnswer, match="is this a Zero Distance server"):
        client(server, pauses).me()


def test_a_server_that_moved_is_told_with_its_new_address(server: Answers, pauses: list[float]) -> None:
    server.add("GET", "/v1/me", status=301, headers={"Location": "https://server/v1/me"})
    with pytest.raises(BadAnswer, match="https://server/v1/me"):
        client(server, pauses).me()


def test_a_base_url_may_have_a_path(server: Answers) -> None:
    server.add("GET", "/restapis/abc/local/v1/me", ME)
    it = ZeroDistance("http://127.0.0.1:4566/restapis/abc/local/", MemoryTokens(Tokens("a")), transport=server)
    assert it.me().username == "li"
    assert it.base_url == "http://127.0.0.1:4566/restapis/abc/local"


@pytest.mark.parametrize("address", ["server", "ftp://server", "http://", "http://[::1", "127.0.0.1:8000", ""])
def test_what_is_no_address_is_refused_at_once(address: str) -> None:
    with pytest.raises(ValueError, match="is no address"):
        checked_url(address)


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost", True),
        ("http://zerodistance.localhost:4566", True),
        ("http://[::1]:80", True),
        ("http://192.168.1.7", False),
        ("http://localhost.example.org", False),
        ("https://example.org", False),
    ],
)
def test_this_machine_is_known_without_asking_a_name_server(url: str, here: bool) -> None:
    assert is_this_machine(url) is here


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    once = Retry(attempts=1)
    with pytest.raises(NoConnection) as told:
        # Port 9 (discard) has no listener: the refusal must be this machine's own, not a proxy's.
        ZeroDistance("http://127.0.0.1:9", MemoryTokens(Tokens("a")), retry=once).me()
    assert "refused" in told.value.reason.lower()
