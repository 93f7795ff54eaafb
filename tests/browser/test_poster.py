"""The poster in a real browser: one sheet on paper, legible and scannable on screen, whatever the directory holds."""

import io
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, Route, sync_playwright

from chalicelib.directory import qr
from chalicelib.directory.poster import Poster, poster

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STATIC = Path(qr.__file__).parents[1] / "web" / "static"
SITE = "https://poster.test/api"
STRICT = "default-src 'none'; style-src 'self'; img-src 'self'"
POINTS = {"A5": (420, 595), "A4": (595, 842)}  # 1/72 inch
PIXELS_A_MM = 96 / 25.4
UNIT = {"A5": 1.0, "A4": 1.4142}

SHEET = Poster(
    name_zh="林晓岚",
    name_en="Lin Xiaolan",
    ward_zh="东湖街道第三选区",
    ward_en="Ward 3, East Lake",
    url="https://zerodistance.example.cn/d/7K3M9QXA",
    code="7K3M-9QXA",
    issued=date(2026, 11, 24),
    station_zh="接待：每月十五日上午，幸福里代表联络站",
    station_en="In person: 15th of the month, 9–11 a.m., Xingfuli deputies’ station",
)
BARE = replace(SHEET, name_zh="王明", name_en="", ward_en="", station_zh="", station_en="")
FULL = replace(
    SHEET,
    name_zh="阿卜杜热合曼·买买提依明江·吐尔逊",
    name_en="Abdurahman Muhammatiminjan-Yusupov Tursun",
    ward_zh="呼和浩特市新城区成吉思汗大街街道办事处第十七联合选区（含丽苑社区、毫沁营镇与保合少镇各一部分）" * 2,
    ward_en="Joint Ward 17, Genghis Khan Avenue Sub-district, Xincheng District, Hohhot, with parts of Haoqinying" * 2,
    url="https://abcdefghij.execute-api.cn-northwest-1.amazonaws.com.cn/api/d/7K3M9QXA2B4C",
    code="7K3M-9QXA-2B4C",
    station_zh="接待：每月十五日上午九时至十一时，呼和浩特市新城区成吉思汗大街街道人大代表联络站二楼" * 2,
    station_en="In person: on the 15th of each month, 9 to 11 a.m., deputies’ station, second floor, room 201" * 2,
)

both_sizes = pytest.mark.parametrize("size", ["A5", "A4"])
every_sheet = pytest.mark.parametrize("sheet", [SHEET, BARE, FULL], ids=["usual", "bare", "full"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is missing: apt-get install -y chromium fonts-noto-cjk"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


class Wall:
    """A page on which posters are hung: served behind a stage prefix, under the strictest policy, without a network."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self._html = ""
        page.on("console", lambda message: self.complaints.append(message.text))
        page.route("**/*", self._serve)

    def hang(self, sheet: Poster, size: str = "A5") -> Page:
        self._html = poster(sheet, size)
        self.page.goto(f"{SITE}/d/{sheet.code}/poster?size={size}")
        return self.page

    def _serve(self, route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        headers = {"Content-Security-Policy": STRICT}
        if "/static/" in route.request.url:
            route.fulfill(body=(STATIC / name).read_bytes(), content_type="text/css", headers=headers)
        elif name == "qr.svg":
            route.fulfill(body=qr.svg(SHEET.url), content_type="image/svg+xml", headers=headers)
        elif name.startswith("poster?"):
            route.fulfill(body=self._html, content_type="text/html; charset=utf-8", headers=headers)
        else:
            route.fulfill(status=204)


@pytest.fixture
def wall(browser: Browser) -> Iterator[Wall]:
    page = browser.new_page(viewport={"width": 900, "height": 1300})
    yield Wall(page)
    page.close()


def seen(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot(full_page=True)))


def read(image: Image.Image) -> str | None:
    found = zxingcpp.read_barcodes(image.convert("L"), formats=zxingcpp.barcode_formats_from_str("QRCode"))
    return found[0].text if found else None


@both_sizes
@every_sheet
def test_a_poster_is_exactly_one_printed_sheet(wall: Wall, sheet: Poster, size: str) -> None:
    pdf = wall.hang(sheet, size).pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/Type /Page\b.*?/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf, re.DOTALL)
    assert [(round(float(w)), round(float(h))) for w, h in boxes] == [POINTS[size]]


@both_sizes
@every_sheet
def test_nothing_is_cut_off_and_nothing_lies_over_the_code(wall: Wall, sheet: Poster, size: str) -> None:
    page = wall.hang(sheet, size)
    page.emulate_media(media="print")
    outside = page.evaluate(
        """() => { const sheet = document.querySelector('main').getBoundingClientRect();
        const parts = [...document.querySelectorAll('main > *')].map(part => part.getBoundingClientRect());
        return parts.filter((part, i) => part.top < sheet.top || part.bottom > sheet.bottom || part.left < sheet.left
          || part.right > sheet.right || (i && part.top < parts[i - 1].bottom - 1)).length }"""
    )
    assert outside == 0


@both_sizes
@pytest.mark.parametrize(("sheet", "least"), [(SHEET, 80), (BARE, 80), (FULL, 48)], ids=["usual", "bare", "full"])
def test_the_code_is_as_large_as_promised(wall: Wall, sheet: Poster, least: int, size: str) -> None:
    page = wall.hang(sheet, size)
    page.emulate_media(media="print")
    box = page.locator(".qr").bounding_box()
    assert box
    assert box["width"] == pytest.approx(box["height"], abs=1)
    assert box["width"] / PIXELS_A_MM >= least * UNIT[size]


@both_sizes
@every_sheet
def test_the_poster_on_a_screen_can_be_scanned(wall: Wall, sheet: Poster, size: str) -> None:
    assert read(seen(wall.hang(sheet, size))) == sheet.url


def test_the_whole_sheet_fits_a_small_phone_and_is_scanned_from_it(wall: Wall) -> None:
    wall.page.set_viewport_size({"width": 320, "height": 640})
    page = wall.hang(SHEET)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert read(seen(page)) == SHEET.url


def test_a_dark_screen_leaves_the_code_dark_on_white(wall: Wall) -> None:
    wall.page.emulate_media(color_scheme="dark", forced_colors="active")
    page = wall.hang(SHEET)
    code = Image.open(io.BytesIO(page.locator(".qr").screenshot())).convert("L")
    assert code.getpixel((code.width // 2, 6)) == 255
    finder = code.width * (qr.QUIET_ZONE + 0.5) / (37 + 2 * qr.QUIET_ZONE)
    assert code.getpixel((int(finder), int(finder))) == 0
    assert read(code) == SHEET.url


def test_the_svg_file_as_a_picture_on_a_dark_page_is_scanned(wall: Wall) -> None:
    wall.page.emulate_media(color_scheme="dark")
    page = wall.hang(SHEET)
    page.evaluate(
        """() => { document.body.innerHTML = '<img src="qr.svg" width="300" height="300">';
        document.body.style.background = '#111'; return document.images[0].decode() }"""
    )
    assert read(seen(page)) == SHEET.url


def test_a_black_and_white_printer_loses_no_contrast(wall: Wall) -> None:
    page = wall.hang(SHEET)
    page.emulate_media(media="print")
    brand = Image.open(io.BytesIO(page.locator(".brand").screenshot())).convert("L")
    levels = brand.histogram()
    assert sum(levels[:80]) > 0.1 * sum(levels)  # the red, turned grey
    assert levels[255] > 0.1 * sum(levels)


def test_a_strict_policy_finds_nothing_to_complain_about(wall: Wall) -> None:
    wall.hang(SHEET)
    wall.hang(FULL, "A4")
    assert wall.complaints == []


def test_a_style_attribute_would_be_complained_about_so_the_test_above_can_fail(wall: Wall) -> None:
    page = wall.hang(SHEET)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<p style=\"color:red\">')")
    assert any("Content Security Policy" in complaint for complaint in wall.complaints)


def test_how_to_print_is_said_on_screen_in_both_languages_and_never_on_paper(wall: Wall) -> None:
    page = wall.hang(SHEET)
    hint = page.locator("nav")
    assert hint.is_visible()
    assert "打印" in hint.inner_text()
    assert "To print" in hint.inner_text()
    page.emulate_media(media="print")
    assert not hint.is_visible()


def test_the_links_lead_to_the_other_size_and_to_the_bare_code(wall: Wall) -> None:
    page = wall.hang(SHEET)
    led = page.eval_on_selector_all("nav a", "links => links.map(link => link.href)")
    assert led == [f"{SITE}/d/{SHEET.code}/{end}" for end in ("poster?size=A4", "qr.svg", "qr.png")]
