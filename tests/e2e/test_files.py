"""Files on the deployed stack: the signed form, what it refuses, who may send it, and what is kept."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from infra.build import ROOT
from infra.stack import outputs
from infra.stage import data_stack, environment
from tests.support.files import SECRET, picture
from tests.support.local_stack import Stack
from zerodistance_client import MemoryTokens, ZeroDistance

# A deed of a section does this within its function; here it is done alone, with the stage's own environment.
ATTACH: Final = """
import sys, msgspec
from chalicelib.files import service
from chalicelib.settings import settings
(file,) = service.attach([sys.argv[1]], "S0123456789AB", settings.now())
print(msgspec.json.encode({"file": file, "link": service.link(file)}).decode())
"""


@pytest.fixture
def lin(stack: Stack) -> Iterator[ZeroDistance]:
    with ZeroDistance(stack.base_url, tokens=MemoryTokens()) as client:
        client.sign_in(stack.users["deputy"]["name"], stack.users["deputy"]["password"])
        yield client


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "现场.jpg"
    file.write_bytes(picture())
    return file


def attached(stack: Stack, id: str) -> dict[str, Any]:
    stage = environment(outputs(stack.client("cloudformation"), data_stack("local")), clock_file=str(stack.place.clock))
    command = [sys.executable, "-c", ATTACH, id]
    variables = {**stage, **stack.place.aws_environment()}
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_photo_from_the_clients_disk_to_the_link(stack: Stack, lin: ZeroDistance, photo: Path) -> None:
    found = attached(stack, lin.upload(photo, "photo"))
    seen = httpx.get(found["link"])
    assert (seen.status_code, len(seen.content)) == (200, found["file"]["size"])
    assert SECRET.encode() not in seen.content
    assert seen.headers["content-type"] == "image/jpeg"
    assert httpx.get(found["link"].partition("?")[0]).status_code == 403, "without its signature a link opens nothing"


def test_the_bucket_refuses_what_was_not_signed(stack: Stack, lin: ZeroDistance) -> None:
    bucket = outputs(stack.client("cloudformation"), data_stack("local"))["FilesBucketName"]
    offered = lin._wire.json(offer_of(10))
    for changed in (
        {"Content-Type": "text/html"},
        {"key": "kept/S0123456789AB/F0123456789AB"},
        {"x-amz-meta-purpose": "document"},
    ):
        answer = httpx.post(offered["url"], data=offered["fields"] | changed, files={"file": ("x", picture())})
        assert answer.status_code == 403, changed
    answer = httpx.post(offered["url"], data=offered["fields"], files={"file": ("x", b"\xff\xd8\xff" * 3_400_000)})
    assert answer.status_code == 400
    assert "EntityTooLarge" in answer.text
    keys = stack.client("s3").list_objects_v2(Bucket=bucket, Prefix=f"offered/{offered['id']}")
    assert keys["KeyCount"] == 0


def offer_of(size: int) -> Any:
    from zerodistance_client.wire import Call

    return Call("POST", "/v1/files", json={"purpose": "photo", "name": "a.jpg", "type": "image/jpeg", "size": size})


def test_only_pages_of_the_site_may_send_files(stack: Stack, lin: ZeroDistance) -> None:
    offered = lin._wire.json(offer_of(10))
    for origin, status in ((stack.base_url, 200), ("https://elsewhere.example", 403)):
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        assert httpx.options(offered["url"], headers=asked).status_code == status
