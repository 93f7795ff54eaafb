"""Files from the offer to the link, against S3."""

import base64
import hashlib
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from chalicelib.errors import Invalid
from chalicelib.files import service
from chalicelib.files.model import DOCX, JPEG, MOST_AT_ONCE, PDF, PNG, XLSX
from chalicelib.settings import settings
from chalicelib.spine.aws import client
from tests.support.calls import recorded
from tests.support.files import CONTENTS, SECRET, picture, send, sent, stored
from tests.support.wanglan import LIN, NOON

pytestmark = pytest.mark.usefixtures("cloud")
DOSSIER = "S0123456789AB"


def code_of(id: str, at: timedelta = timedelta()) -> str:
    with pytest.raises(Invalid) as caught:
        service.attach([id], DOSSIER, NOON + at)
    return caught.value.code


def test_a_photo_from_the_offer_to_the_link() -> None:
    (file,) = service.attach([sent(picture())], DOSSIER, NOON)
    assert (file.type, file.name, file.dossier) == (JPEG, f"{file.id}.jpg", DOSSIER)
    kept = stored(f"kept/{DOSSIER}/{file.id}")
    assert (len(kept), hashlib.sha256(kept).hexdigest()) == (file.size, file.sha256)
    assert SECRET.encode() not in kept
    seen = requests.get(service.link(file), timeout=10)
    assert seen.content == kept
    assert seen.headers["content-type"] == JPEG


@pytest.mark.parametrize("type", [PDF, DOCX, XLSX])
def test_a_document_is_kept_as_it_is_under_its_name(type: str) -> None:
    (file,) = service.attach([sent(CONTENTS[type], type, "document", "街道的答复.bin")], DOSSIER, NOON)
    assert stored(file.key) == CONTENTS[type]
    assert file.name.startswith("街道的答复.")
    asked = parse_qs(urlsplit(service.link(file)).query)
    assert asked["response-content-type"] == [type]
    assert asked["response-content-disposition"][0].startswith("attachment;")


def test_a_link_is_good_for_minutes_and_signed_for_one_file() -> None:
    (file,) = service.attach([sent(picture())], DOSSIER, NOON)
    with recorded() as calls:
        link = urlsplit(service.link(file))
    asked = parse_qs(link.query)
    assert calls == []
    assert asked["X-Amz-Expires"] == ["300"]
    assert asked["X-Amz-SignedHeaders"] == ["host"]
    assert link.path == f"/kept/{DOSSIER}/{file.id}"


def test_the_same_files_attached_again_are_the_same_files() -> None:
    ids = [sent(picture()), sent(CONTENTS[PDF], PDF, "document")]
    first = service.attach(ids, DOSSIER, NOON)
    assert service.attach(ids, DOSSIER, NOON) == first
    assert service.attach([*ids, ids[0]], DOSSIER, NOON + timedelta(days=400)) == first
    assert [file.id for file in first] == ids


def test_a_file_costs_three_calls_and_one_that_was_kept_a_single_one() -> None:
    id = sent(picture())
    with recorded() as calls:
        service.attach([id], DOSSIER, NOON)
    assert [str(call) for call in calls] == ["s3 HeadObject", "s3 GetObject", "s3 PutObject"]
    with recorded() as calls:
        service.attach([id], DOSSIER, NOON)
    assert [str(call) for call in calls] == ["s3 HeadObject"]


def test_what_was_never_sent_or_too_long_ago_is_missing() -> None:
    offered = service.offer("photo", "a.jpg", JPEG, 10, LIN, NOON)
    assert code_of(offered.id) == code_of("FZZZZZZZZZZZZ") == "file_missing"
    assert code_of("../secret") == "file_id"
    id = sent(picture(), at=NOON)
    assert code_of(id, timedelta(days=1, seconds=1)) == "file_missing"
    assert service.attach([id], DOSSIER, NOON + timedelta(days=1))


def test_content_that_only_calls_itself_a_picture_is_refused_and_not_kept() -> None:
    for content, code in (
        (b"<html><script>alert(1)</script>", "file_type"),
        (CONTENTS[PDF], "file_type"),
        (b"\x00\x00\x00\x18ftypheic....", "file_heic"),
        (b"\xff\xd8\xff\xe0 cut off", "file_broken"),
    ):
        assert code_of(sent(content)) == code
    keys = [each["Key"] for each in client("s3").list_objects_v2(Bucket=settings.files_bucket)["Contents"]]
    assert all(key.startswith("offered/") for key in keys)


def test_a_jpeg_that_was_called_png_is_kept_as_what_it_is() -> None:
    (file,) = service.attach([sent(picture(JPEG), PNG)], DOSSIER, NOON)
    assert (file.type, file.name[-4:]) == (JPEG, ".jpg")


def test_one_bad_file_of_several_is_named() -> None:
    good, bad = sent(picture()), "FZZZZZZZZZZZZ"
    with pytest.raises(Invalid, match=bad):
        service.attach([good, bad], DOSSIER, NOON)


def test_more_files_than_a_deed_may_bring_are_refused_before_any_is_read() -> None:
    with recorded() as calls, pytest.raises(Invalid, match="too many"):
        service.attach([f"F{number:012d}" for number in range(MOST_AT_ONCE + 1)], DOSSIER, NOON)
    assert calls == []


def test_what_was_removed_is_not_there_and_removing_it_again_does_no_harm() -> None:
    (file,) = service.attach([sent(picture())], DOSSIER, NOON)
    service.remove(file)
    service.remove(file)
    assert requests.get(service.link(file), timeout=10).status_code in (403, 404)


def test_the_form_is_signed_for_one_place_one_type_and_so_many_bytes() -> None:
    made = service.offer("photo", "a.jpg", JPEG, 10, LIN, NOON)
    assert (made.fields["key"], made.fields["Content-Type"]) == (f"offered/{made.id}", JPEG)
    policy = policy_of(made)
    assert ["content-length-range", 1, 10_000_000] in policy
    exact = {name for condition in policy if isinstance(condition, dict) for name in condition}
    assert {"key", "bucket", "Content-Type", "x-amz-meta-purpose", "x-amz-meta-name", "x-amz-meta-at"} <= exact


def policy_of(made: service.Offer) -> list[object]:
    conditions: list[object] = json.loads(base64.b64decode(made.fields["policy"]))["conditions"]
    return conditions


def test_an_address_names_the_buckets_own_region() -> None:
    made = service.offer("photo", "a.jpg", JPEG, 10, LIN, NOON)
    assert made.url == "https://zerodistance-test-files.s3.us-east-1.amazonaws.com/"
    assert send(made, picture()).status_code == 204
