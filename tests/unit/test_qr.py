"""The QR code, read by a decoder that shares nothing with the encoder (zxing-cpp), as a phone would meet it."""

import io
import random
import re
from math import sqrt

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from chalicelib.directory import qr
from chalicelib.errors import Invalid

SHORT = "https://zerodistance.example.cn/d/7K3M9QXA"
LONG = "https://abcdefghij.execute-api.cn-northwest-1.amazonaws.com.cn/api/d/7K3M9QXA2B4C"
FINDER = 8  # modules, with its separator
MODULE = 8  # pixels
QR_ONLY = zxingcpp.barcode_formats_from_str("QRCode")

both_addresses = pytest.mark.parametrize("url", [SHORT, LONG], ids=["own domain", "API Gateway's address"])
# Where a patch lies, as the place of its centre along the free room (0 left/top, 1 right/bottom), off the finders.
patches = pytest.mark.parametrize("place", [(0.5, 0.5), (1, 1), (0.5, 1), (1, 0.5)], ids=str)


def read(image: Image.Image) -> str | None:
    """What the decoder makes of a picture; None if it finds no QR code in it."""
    found = zxingcpp.read_barcodes(image.convert("L"), formats=QR_ONLY)
    return found[0].text if found else None


def picture(url: str, scale: int = MODULE) -> Image.Image:
    return Image.open(io.BytesIO(qr.png(url, scale))).convert("L")


def covered(code: Image.Image, share: float, place: tuple[float, float], grey: int = 128) -> Image.Image:
    """The code with a square patch over ``share`` of its area (quiet zone not counted)."""
    edge = qr.QUIET_ZONE * MODULE
    size = code.width - 2 * edge
    side = sqrt(share) * size
    left, top = (edge + at * (size - side) for at in place)
    worn = code.copy()
    ImageDraw.Draw(worn).rectangle([left, top, left + side, top + side], fill=grey)
    return worn


def hides_a_finder(code: Image.Image, share: float, place: tuple[float, float]) -> bool:
    """Whether a patch of that share, lying there, touches a finder square."""
    size = code.width / MODULE - 2 * qr.QUIET_ZONE
    side = sqrt(share) * size
    left, top = place[0] * (size - side), place[1] * (size - side)
    over_left, over_right = left < FINDER, left + side > size - FINDER
    over_top, over_bottom = top < FINDER, top + side > size - FINDER
    return (over_left and (over_top or over_bottom)) or (over_right and over_top)


def modules(image: Image.Image, scale: int) -> list[list[bool]]:
    """True where a module is dark, read at the middle of each."""
    side = range(scale // 2, image.width, scale)
    return [[not image.getpixel((x, y)) for x in side] for y in side]


def drawn(svg: str, scale: int) -> Image.Image:
    """An SVG of horizontal strokes one unit wide, drawn by hand: all that the code's path consists of."""
    size = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])  # type: ignore[index]
    image = Image.new("L", (size * scale, size * scale), 255)
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", re.findall(r' d="([^"]+)"', svg)[1]):
        values = [float(n) for n in numbers.split()]
        if command == "h":
            box = [x * scale, (y - 0.5) * scale, (x + values[0]) * scale - 1, (y + 0.5) * scale - 1]
            ImageDraw.Draw(image).rectangle(box, fill=0)
        x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + (values[1:] or [0])[0])
    return image


@both_addresses
@pytest.mark.parametrize("scale", [1, 2, 3, 10, 25, 40])
def test_a_png_of_any_scale_leads_to_the_address(url: str, scale: int) -> None:
    assert read(picture(url, scale)) == url


@given(st.from_regex(r"https://[a-z]{1,20}\.[a-z]{2,6}(:[1-9][0-9]{1,3})?/(api/)?d/[0-9A-HJKMNP-TV-Z]{6,16}", fullmatch=True))
def test_every_address_comes_back_letter_by_letter(url: str) -> None:
    assert read(picture(url, 3)) == url


@both_addresses
def test_svg_and_png_show_the_same_modules_and_the_svg_can_be_read(url: str) -> None:
    by_hand = drawn(qr.svg(url).decode(), MODULE)
    assert modules(by_hand, MODULE) == modules(picture(url), MODULE)
    assert read(by_hand) == url


@both_addresses
def test_the_svg_within_a_page_is_the_same_code(url: str) -> None:
    assert modules(drawn(qr.inline(url, "QR"), 4), 4) == modules(picture(url, 4), 4)


def test_four_modules_all_around_stay_white() -> None:
    rows = modules(picture(SHORT), MODULE)
    dark = [(x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    assert min(min(at) for at in dark) == qr.QUIET_ZONE
    assert max(max(at) for at in dark) == len(rows) - 1 - qr.QUIET_ZONE


def test_dark_on_white_is_said_and_not_left_to_the_page_behind() -> None:
    for svg in (qr.svg(SHORT).decode(), qr.inline(SHORT, "QR")):
        assert re.search(r'<path fill="#fff" d="M0 0h(\d+)v\1h-\1z"/>', svg)
        assert 'stroke="#000"' in svg
    assert Image.open(io.BytesIO(qr.png(SHORT))).info.get("transparency") is None


def test_the_svg_within_a_page_has_a_name_and_nothing_a_strict_policy_forbids() -> None:
    svg = qr.inline(SHORT, 'Wang & "Li" <b>')
    assert 'role="img"' in svg
    assert "<title>Wang &amp; " in svg
    assert "<b>" not in svg
    assert "style" not in svg


@both_addresses
@pytest.mark.parametrize("radius", [1, 2, 3])
def test_a_blurred_code_is_read(url: str, radius: int) -> None:
    assert read(picture(url).filter(ImageFilter.GaussianBlur(radius))) == url


@both_addresses
@pytest.mark.parametrize("width", [300, 200, 150])
def test_a_small_and_blurred_code_is_read(url: str, width: int) -> None:
    small = picture(url).resize((width, width), Image.Resampling.LANCZOS)
    assert read(small.filter(ImageFilter.GaussianBlur(1))) == url


@both_addresses
@pytest.mark.parametrize("degrees", [-30, -7, 3, 12, 45, 90, 180])
def test_a_code_held_askew_is_read(url: str, degrees: int) -> None:
    assert read(picture(url).rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)) == url


@both_addresses
@pytest.mark.parametrize("quality", [40, 10, 3])
def test_a_code_sent_as_a_poor_jpeg_is_read(url: str, quality: int) -> None:
    sent = io.BytesIO()
    picture(url, 5).save(sent, "JPEG", quality=quality)
    assert read(Image.open(sent)) == url


@both_addresses
@pytest.mark.parametrize(("dark", "light"), [(110, 150), (40, 70), (190, 230)])
def test_a_faded_code_or_one_in_poor_light_is_read(url: str, dark: int, light: int) -> None:
    pale = picture(url).point(lambda level: light if level else dark)
    assert read(pale) == url


@both_addresses
def test_a_code_on_a_dark_wall_is_read(url: str) -> None:
    assert read(ImageOps.expand(picture(url), 80, fill=0)) == url


@both_addresses
@patches
@pytest.mark.parametrize("share", [0.15, 0.18])
@pytest.mark.parametrize("grey", [0, 128, 255], ids=["black", "grey", "white"])
def test_a_sticker_over_a_sixth_of_the_code_does_no_harm(url: str, share: float, place: tuple[float, float], grey: int) -> None:
    assert read(covered(picture(url), share, place, grey)) == url


@both_addresses
def test_all_at_once_covered_askew_blurred_pale_and_compressed_is_still_read(url: str) -> None:
    worn = covered(picture(url), 0.1, (1, 1)).rotate(8, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    pale = worn.filter(ImageFilter.GaussianBlur(1.5)).point(lambda level: 60 + level // 2)
    sent = io.BytesIO()
    pale.save(sent, "JPEG", quality=30)
    assert read(Image.open(sent)) == url


@both_addresses
@patches
def test_a_code_covered_by_a_third_is_lost_so_these_tests_can_fail(url: str, place: tuple[float, float]) -> None:
    assert read(covered(picture(url), 0.34, place)) is None


@both_addresses
@pytest.mark.parametrize("corner", [(0, 0), (1, 0), (0, 1)], ids=str)
def test_a_code_without_one_of_its_finder_squares_is_lost(url: str, corner: tuple[float, float]) -> None:
    code = picture(url)
    share = (FINDER / (code.width / MODULE - 2 * qr.QUIET_ZONE)) ** 2
    assert read(covered(code, share, corner)) is None


def test_the_level_is_worth_its_price_a_patch_it_survives_kills_the_level_below() -> None:
    weaker = io.BytesIO()
    segno.make_qr(SHORT, error="q", boost_error=False).save(weaker, kind="png", scale=MODULE, border=qr.QUIET_ZONE)
    assert read(covered(Image.open(weaker).convert("L"), 0.18, (0.5, 0.5))) is None
    assert read(covered(picture(SHORT), 0.18, (0.5, 0.5))) == SHORT


@both_addresses
def test_a_patch_of_a_sixth_anywhere_off_the_finders_does_no_harm(url: str) -> None:
    dice, code = random.Random(20261124), picture(url)
    places = [(dice.random(), dice.random()) for _ in range(150)]
    free = [place for place in places if not hides_a_finder(code, 0.15, place)]
    assert len(free) >= 20
    assert {read(covered(code, 0.15, place)) for place in free} == {url}


@pytest.mark.parametrize("scale", [0, -1, 41])
def test_a_scale_out_of_range_is_refused_with_what_would_be_right(scale: int) -> None:
    with pytest.raises(Invalid, match=f"scale is {scale}; it must be from 1 to 40") as refusal:
        qr.png(SHORT, scale)
    assert refusal.value.field == "scale"


def test_an_address_longer_than_a_code_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="Data too large"):
        qr.svg("https://example.cn/" + "x" * 1300)
