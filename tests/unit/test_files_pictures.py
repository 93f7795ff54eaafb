"""A picture made anew holds nothing but its pixels, upright."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from chalicelib.errors import Invalid
from chalicelib.files.model import JPEG, PNG, WEBP, type_of
from chalicelib.files.pictures import LONGEST_SIDE, clean
from tests.support.files import CONTENTS, FORMATS, LEFT, SECRET, picture


def opened(content: bytes) -> Image.Image:
    made = Image.open(BytesIO(content))
    made.load()
    return made


def code_of(content: bytes, type: str) -> str:
    with pytest.raises(Invalid) as caught:
        clean(content, type)
    return caught.value.code


@pytest.mark.parametrize("type", FORMATS)
def test_nothing_that_a_camera_adds_comes_along(type: str) -> None:
    content = picture(type)
    assert content.count(SECRET.encode()) > 1
    kept = clean(content, type)
    assert SECRET.encode() not in kept
    assert type_of(kept) == type
    assert not {"exif", "xmp", "icc_profile", "comment", "gps"} & opened(kept).info.keys()
    assert dict(opened(kept).getexif()) == {}


@pytest.mark.parametrize("type", FORMATS)
def test_a_picture_that_lies_on_its_side_is_turned_upright(type: str) -> None:
    kept = opened(clean(picture(type, turned=LEFT), type)).convert("RGB")
    assert kept.size == (20, 40)
    assert kept.getpixel((10, 2))[0] > 200  # type: ignore[index]
    assert kept.getpixel((10, 37))[2] > 200  # type: ignore[index]


@pytest.mark.parametrize("type", FORMATS)
def test_the_longer_side_keeps_2560_pixels_and_a_small_picture_its_own(type: str) -> None:
    assert opened(clean(picture(type, (3_000, 1_500)), type)).size == (LONGEST_SIDE, LONGEST_SIDE // 2)
    assert opened(clean(picture(type, (300, 150)), type)).size == (300, 150)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_one_that_every_browser_shows(mode: str) -> None:
    made = BytesIO()
    Image.new(mode, (4, 4)).save(made, "PNG")
    assert opened(clean(made.getvalue(), PNG)).mode in ("L", "LA", "RGB", "RGBA")


def test_what_is_transparent_stays_so() -> None:
    made = BytesIO()
    Image.new("P", (4, 4)).save(made, "PNG", transparency=0)
    assert opened(clean(made.getvalue(), PNG)).getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_a_print_shops_four_inks_become_colours() -> None:
    made = BytesIO()
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(made, "JPEG")
    kept = opened(clean(made.getvalue(), JPEG))
    assert kept.mode == "RGB"
    assert kept.getpixel((4, 4))[0] > 200  # type: ignore[index]


@pytest.mark.parametrize("type", FORMATS)
def test_a_picture_that_was_cut_off_is_refused(type: str) -> None:
    whole = picture(type, (400, 200)).removesuffix(SECRET.encode())
    assert code_of(whole[: len(whole) // 2], type) == "file_broken"


def test_a_name_on_the_outside_is_not_believed_inside() -> None:
    assert code_of(picture(PNG), JPEG) == code_of(b"\xff\xd8\xff and no more", JPEG) == "file_broken"


@pytest.mark.parametrize("type", [PNG, WEBP])
def test_a_small_file_that_unfolds_to_very_many_pixels_is_refused_before_it_does(type: str) -> None:
    size = (16_000, 16_000) if type == PNG else (16_383, 4_000)
    made = BytesIO()
    Image.new("1" if type == PNG else "L", size).save(made, FORMATS[type])
    assert len(made.getvalue()) < 200_000
    assert code_of(made.getvalue(), type) == "file_too_many_pixels"


def test_damaged_notes_of_the_camera_do_not_cost_the_picture() -> None:
    content = (
        picture(JPEG)
        .replace(b"Exif\x00\x00II*\x00", b"Exif\x00\x00II*\xff")
        .replace(b"Exif\x00\x00MM\x00*", b"Exif\x00\x00MM\xff*")
    )
    assert opened(clean(content, JPEG)).size == (40, 20)


damage = st.lists(st.tuples(st.integers(0, 9_999), st.integers(0, 255)), min_size=1, max_size=8)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(FORMATS)), damage)
def test_damage_anywhere_is_refused_or_the_picture_is_kept_clean(type: str, damage: list[tuple[int, int]]) -> None:
    content = bytearray(CONTENTS[type])
    for place, value in damage:
        content[place % len(content)] = value
    kept = outcome(bytes(content), type)
    assert kept in ("file_broken", "file_too_many_pixels") or type_of(kept) == type  # type: ignore[arg-type]
    assert SECRET.encode() not in (kept if isinstance(kept, bytes) else b"")


def outcome(content: bytes, type: str) -> bytes | str:
    try:
        return clean(content, type)
    except Invalid as refused:
        return refused.code
