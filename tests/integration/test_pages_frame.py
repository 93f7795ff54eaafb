"""The frame of every page: its language, its headers, its files, and what is printed for a deputy."""

import gzip
import re
from datetime import UTC, datetime

import httpx
import pytest
import zxingcpp
from PIL import Image

from chalicelib.directory import service as directory_service
from chalicelib.settings import settings
from chalicelib.web import static
from tests.support.visitor import FORM, message, visitor
from tests.support.wanglan import QIAO

pytestmark = pytest.mark.usefixtures("district")

PAGES = [FORM, "/d/ZZZZZZZZ", "/m/nowhere", f"{FORM}/poster"]


@pytest.fixture
def client() -> httpx.Client:
    return visitor()


# Language


def test_the_browser_decides_the_language_and_the_person_can_switch(client: httpx.Client) -> None:
    assert '<html lang="en">' in client.get(FORM).text
    switched = client.get(FORM, params={"lang": "zh"})
    assert '<html lang="zh-Hans">' in switched.text
    assert switched.headers["content-language"] == "zh-Hans"
    assert '<html lang="zh-Hans">' in client.get("/d/ZZZZZZZZ").text


def test_the_cookie_of_the_language_holds_nothing_else(client: httpx.Client) -> None:
    cookie = client.get(FORM, params={"lang": "zh"}).headers["set-cookie"]
    assert cookie == "lang=zh; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"
    assert "set-cookie" not in client.get(FORM).headers


def test_behind_https_the_cookie_travels_on_https_only(client: httpx.Client) -> None:
    was = settings.base_url
    object.__setattr__(settings, "base_url", "https://zd.example")
    try:
        assert client.get(FORM, params={"lang": "zh"}).headers["set-cookie"].endswith("; Secure")
    finally:
        object.__setattr__(settings, "base_url", was)


@pytest.mark.parametrize("language", ["de", "../../x", "zh\r\nSet-Cookie: a=b"])
def test_a_language_that_we_do_not_have_changes_nothing(client: httpx.Client, language: str) -> None:
    answer = client.get(FORM, params={"lang": language})
    assert '<html lang="en">' in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", PAGES[:3])
def test_no_chinese_page_has_an_english_sentence_left(path: str) -> None:
    text = re.sub(r"<(script|style|head).*?</\1>", "", visitor("zh").get(path).text, flags=re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", text)
    assert re.findall(r"[A-Za-z]{3,}", words.replace("English", "").replace("name@example.com", "")) == []


# Headers


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_kept_in_its_frame(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "max-age=" in headers["strict-transport-security"]
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_style_or_a_script_or_a_handler_in_it(client: httpx.Client, path: str) -> None:
    text = client.get(path).text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]* src=)|javascript:", text)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_comes_from_another_host(client: httpx.Client, path: str) -> None:
    sources = re.findall(r'(?:src|href|action)="((?:https?:)?//[^"]+)"', client.get(path).text)
    assert [source for source in sources if not source.startswith(settings.base_url)] == []


def test_links_are_relative_so_that_they_hold_behind_a_stages_prefix(client: httpx.Client) -> None:
    assert not re.search(r'(?:src|href|action)="/', client.get(FORM).text)
    assert visitor().post(FORM, data=message()).headers["location"].startswith("../m/")


# Weight


def test_the_forms_first_view_weighs_at_most_15_kb_in_at_most_4_requests() -> None:
    page = visitor("zh", **{"Accept-Encoding": "gzip"}).get(FORM)
    parts = [page.text, *(visitor().get(FORM.replace(FORM, f"/static/{name}")).text for name in _linked(page.text))]
    assert len(parts) <= 4
    assert sum(len(gzip.compress(part.encode(), 6)) for part in parts) <= 15_000


def test_the_stylesheet_weighs_at_most_6_kb(client: httpx.Client) -> None:
    assert len(gzip.compress(client.get("/static/site.css").content, 6)) <= 6_000


def _linked(text: str) -> list[str]:
    return re.findall(r'"\.\./static/([^"]+)"', text)


# Static files


def test_a_file_is_kept_for_ever_under_the_name_that_holds_its_hash(client: httpx.Client) -> None:
    for name in _linked(client.get(FORM).text):
        answer = client.get(f"/static/{name}")
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_an_old_hash_gets_the_present_file_but_not_for_ever(client: httpx.Client) -> None:
    answer = client.get("/static/site.00000000.css")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert client.get("/static/site.css").headers["cache-control"] == "public, max-age=300"


@pytest.mark.parametrize(
    ("name", "kind"), [("site.css", "text/css"), ("form.js", "text/javascript"), ("poster.css", "text/css")]
)
def test_a_file_says_what_it_is(client: httpx.Client, name: str, kind: str) -> None:
    assert client.get(f"/static/{name}").headers["content-type"] == f"{kind}; charset=utf-8"


@pytest.mark.parametrize("name", ["nothing.css", "..%2Fdoor.py", "%2e%2e", "site.css%00", "site", ".css", "base.html"])
def test_only_what_is_on_the_list_is_sent(client: httpx.Client, name: str) -> None:
    assert client.get(f"/static/{name}").status_code in (403, 404)


def test_comments_are_for_us_and_are_not_sent() -> None:
    for asset in static.assets().values():
        text = asset.content.decode()
        assert "/*" not in text.replace("/* no storage */", "")
        assert not re.search(r"^\s*//", text, re.MULTILINE)


# What is printed


def test_the_pictures_of_a_code_lead_to_its_form(client: httpx.Client) -> None:
    import io

    png = client.get(f"{FORM}/qr.png", params={"scale": "6"})
    assert png.headers["content-type"] == "image/png"
    assert png.headers["cache-control"] == "public, max-age=3600"
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(png.content)))
    assert found[0].text == f"{settings.base_url}{FORM}"
    svg = client.get(f"{FORM}/qr.svg")
    assert svg.headers["content-type"] == "image/svg+xml"
    assert svg.text.startswith("<?xml")


@pytest.mark.parametrize("scale", ["0", "41", "x", "-1", "٣", "99999999999"])
def test_a_scale_that_is_none_is_refused(client: httpx.Client, scale: str) -> None:
    assert client.get(f"{FORM}/qr.png", params={"scale": scale}).status_code == 422


@pytest.mark.parametrize("size", ["A5", "a4"])
def test_the_poster_names_deputy_ward_station_and_code(client: httpx.Client, size: str) -> None:
    answer = client.get(f"{FORM}/poster", params={"size": size})
    assert answer.status_code == 200
    for words in ("林见微", "Lin Jianwei", "苇渡选区", "DEM0-0001", "灯塔路 8 号", "8 Lighthouse Road"):
        assert words in answer.text
    assert f"poster-{size.lower()}.css" in answer.text


def test_a_size_that_no_printer_is_loaded_with_is_refused(client: httpx.Client) -> None:
    assert client.get(f"{FORM}/poster", params={"size": "A0"}).status_code == 422


@pytest.mark.parametrize("end", ["qr.svg", "qr.png", "poster"])
def test_nothing_is_printed_any_more_for_a_code_that_was_replaced(client: httpx.Client, end: str) -> None:
    directory_service.replace_code("lin-jianwei", "torn down", by=QIAO, now=datetime.now(UTC))
    answer = client.get(f"{FORM}/{end}")
    assert answer.status_code == 404
    assert "This code is not in use" in answer.text
