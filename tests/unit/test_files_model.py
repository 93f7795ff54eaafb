"""What may come, and what content says of itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import Invalid
from chalicelib.files.model import (
    DOCX,
    ENDINGS,
    HEIC,
    JPEG,
    LONGEST_NAME,
    MB,
    PDF,
    PNG,
    PURPOSES,
    XLSX,
    File,
    check_offer,
    name_of,
    offered_key,
    type_of,
)  # fmt: skip
from tests.support.files import CONTENTS, office

A_FILE = File(id="F0123456789AB", name="会议纪要.pdf", type=PDF, size=1, sha256="0" * 64, dossier="S0123456789AB")


def refused(purpose: str = "photo", name: str = "a.jpg", type: str = JPEG, size: int = 1) -> tuple[str, str]:
    with pytest.raises(Invalid) as caught:
        check_offer(purpose, name, type, size)
    return caught.value.field, caught.value.code


@pytest.mark.parametrize("type", CONTENTS)
def test_content_says_what_it_is(type: str) -> None:
    assert type_of(CONTENTS[type]) == type


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"GIF89a", b"PK\x03\x04 no zip at all", b"RIFF0000WAVE", b"MZ\x90", b"II*\x00"]
)
def test_any_other_content_is_nothing_that_we_know(content: bytes) -> None:
    assert type_of(content) == ""


@given(st.binary(max_size=64))
def test_whatever_comes_is_named_or_not_and_never_an_accident(content: bytes) -> None:
    assert type_of(content) in {"", HEIC, *ENDINGS}


def test_an_office_document_with_macros_is_none() -> None:
    assert type_of(office(DOCX, "word/vbaProject.bin")) == type_of(office(XLSX, "xl/vbaProject.bin")) == ""


def test_a_photo_of_an_iphone_is_refused_with_what_to_do() -> None:
    assert type_of(b"\x00\x00\x00\x18ftypheic") == HEIC
    with pytest.raises(Invalid, match="most compatible") as caught:
        check_offer("photo", "IMG_1.HEIC", HEIC, 1)
    assert caught.value.code == "file_heic"


def test_an_offer_that_can_not_be_kept_is_refused_before_anything_is_sent() -> None:
    assert refused(purpose="virus") == ("purpose", "unknown_purpose")
    assert refused(name=" ") == refused(name="长" * (LONGEST_NAME + 1)) == ("name", "file_name")
    assert refused(type="text/html") == refused(type="") == refused(type=PDF) == ("type", "file_type")
    assert refused(size=0) == refused(size=-1) == ("size", "file_empty")
    assert refused(size=10 * MB + 1) == ("size", "file_too_large")
    assert refused("document", type=PDF, size=20 * MB + 1) == ("size", "file_too_large")


TAKEN = [(name, type) for name, takes in PURPOSES.items() for type in sorted(takes.types)]


@pytest.mark.parametrize(("purpose", "type"), TAKEN)
def test_what_a_purpose_takes_may_come_up_to_the_last_byte(purpose: str, type: str) -> None:
    check_offer(purpose, "a", type, PURPOSES[purpose].most)


@pytest.mark.parametrize("id", ["", "F123", "../../kept/x", "F0123456789AB/..", "f0123456789ab", "F0123456789AB\n"])
def test_what_is_no_id_never_becomes_a_place_in_the_bucket(id: str) -> None:
    with pytest.raises(Invalid, match="no file's id"):
        offered_key(id)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("会议纪要.PDF", "会议纪要.pdf"),
        ("../../etc/passwd", "etc passwd.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("invoice.pdf.exe", "invoice.pdf.pdf"),
        ("...", "F0123456789AB.pdf"),
    ],
)
def test_a_name_keeps_no_path_and_has_the_ending_of_what_it_is(name: str, kept: str) -> None:
    assert name_of(name, PDF, A_FILE.id, "document") == kept


def test_of_a_photo_no_name_is_kept() -> None:
    assert name_of("王秀英家.png", PNG, A_FILE.id, "photo") == "F0123456789AB.png"


def test_only_a_picture_is_shown_and_everything_else_is_saved() -> None:
    saved = "attachment; filename=\"F0123456789AB.pdf\"; filename*=UTF-8''%E4%BC%9A%E8%AE%AE%E7%BA%AA%E8%A6%81.pdf"
    assert A_FILE.disposition == saved
    shown = File(id=A_FILE.id, name="a.jpg", type=JPEG, size=1, sha256="", dossier="S")
    assert shown.disposition.startswith("inline;")
