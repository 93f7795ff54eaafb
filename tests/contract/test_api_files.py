"""POST /v1/files: who may, what is answered, what is refused; and the client that sends a file whole."""

from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import requests

from chalicelib.files import service
from chalicelib.files.model import JPEG, PDF
from chalicelib.people.permissions import PERMISSIONS
from chalicelib.people.roles import STAFF
from tests.contract.conftest import AsRole
from tests.contract.test_api_permissions import TokenOf, code_of
from tests.support.api import BASE_URL, AppTransport
from tests.support.files import CONTENTS, picture, send, stored
from zerodistance_client import Invalid, MemoryTokens, Retry, Tokens, ZeroDistance

ROUTE = "POST /v1/files"
ASKED = {"purpose": "photo", "name": "现场.jpg", "type": JPEG, "size": 3}


def ask(who: httpx.Client, **changed: object) -> httpx.Response:
    return who.post("/v1/files", json=ASKED | changed, headers={"Idempotency-Key": str(uuid4())})


@pytest.mark.parametrize("role", STAFF)
def test_everyone_of_staff_is_given_a_place_and_nobody_else(role: str, as_role: AsRole, anyone: httpx.Client) -> None:
    assert role in PERMISSIONS[ROUTE]
    answer = ask(as_role(role))
    assert answer.status_code == 201
    made = service.Offer(**answer.json())
    assert send(made, picture()).status_code == 204
    assert stored(f"offered/{made.id}") == picture()
    assert (ask(anyone).status_code, code_of(ask(anyone))) == (401, "sign_in_needed")


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"purpose": "x"}, "purpose", "unknown_purpose"),
        ({"type": "image/heic"}, "type", "file_heic"),
        ({"type": "text/html"}, "type", "file_type"),
        ({"size": 10**9}, "size", "file_too_large"),
        ({"size": 0}, "size", "file_empty"),
        ({"name": ""}, "name", "file_name"),
        ({"size": "large"}, "size", "invalid"),
        ({"path": "/etc"}, "path", "invalid"),
    ],
)
def test_what_can_not_come_is_refused_with_its_field(
    changed: dict[str, object], field: str, code: str, as_role: AsRole
) -> None:
    answer = ask(as_role("deputy"), **changed)
    assert (answer.status_code, answer.json()["field"], code_of(answer)) == (422, field, code)


class WithBucket(AppTransport):
    """The app, and the bucket beside it; ``tokens_sent`` holds what the bucket was told of who sends."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens_sent: list[str | None] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if "s3" not in request.url.host:
            return super().handle_request(request)
        request.read()
        self.tokens_sent.append(request.headers.get("authorization"))
        headers = {"Content-Type": request.headers["content-type"]}
        answer = requests.post(str(request.url), data=request.content, headers=headers, timeout=10)
        return httpx.Response(answer.status_code, content=answer.content)


@pytest.fixture
def bucket(app_transport: AppTransport) -> WithBucket:  # noqa: ARG001 - the district stands
    return WithBucket()


@pytest.fixture
def lin(bucket: WithBucket, token_of: TokenOf) -> ZeroDistance:
    return ZeroDistance(BASE_URL, MemoryTokens(Tokens(token_of("deputy"))), retry=Retry(attempts=1), transport=bucket)


def test_the_client_sends_a_file_whole_and_tells_the_bucket_nothing_of_the_session(
    lin: ZeroDistance, bucket: WithBucket, tmp_path: Path
) -> None:
    file = tmp_path / "纪要.pdf"
    file.write_bytes(CONTENTS[PDF])
    id = lin.upload(file)
    assert stored(f"offered/{id}") == CONTENTS[PDF]
    assert bucket.tokens_sent == [None]


def test_the_client_is_told_before_it_sends_what_can_not_be_taken(
    lin: ZeroDistance, bucket: WithBucket, tmp_path: Path
) -> None:
    file = tmp_path / "IMG_0001.HEIC"
    file.write_bytes(b"\x00\x00\x00\x18ftypheic")
    with pytest.raises(Invalid) as caught:
        lin.upload(file, "photo")
    assert (caught.value.code, bucket.tokens_sent) == ("file_heic", [])
