"""Where the pool's keys are fetched, over a real connection to a server of this test's own."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from chalicelib.people import tokens

POOL = "us-east-1_Abc123"


class Published(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == f"/{POOL}/.well-known/jwks.json"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(b'{"keys": []}')

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def endpoint(monkeypatch) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Published)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    use_pool(monkeypatch, POOL)
    yield address
    server.shutdown()
    server.server_close()


def use_pool(monkeypatch, pool: str) -> None:
    monkeypatch.setattr(tokens, "settings", replace(tokens.settings, user_pool=pool))


@pytest.mark.usefixtures("endpoint")
def test_on_the_emulator_the_keys_are_fetched_from_its_address():
    assert tokens.fetch_keys() == b'{"keys": []}'


@pytest.mark.usefixtures("endpoint")
def test_a_pool_that_is_not_there_is_an_error_that_names_the_address(monkeypatch):
    use_pool(monkeypatch, "us-east-1_Other9")
    with pytest.raises(OSError, match=r"Other9/.well-known/jwks.json answered 404"):
        tokens.fetch_keys()


def test_no_answer_is_an_error_that_names_the_address(monkeypatch):
    use_pool(monkeypatch, POOL)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(OSError, match="does not answer"):
        tokens.fetch_keys()


def test_who_signs_is_aws_wherever_the_keys_come_from(monkeypatch, endpoint):
    use_pool(monkeypatch, POOL)
    assert tokens.issuer() == f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}"
    assert endpoint not in tokens.issuer()
