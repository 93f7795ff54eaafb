"""Every page, found by following links through the furnished demo district: none leads nowhere, each is light and guarded."""

import gzip
import re
from collections.abc import Iterator

import pytest

from chalicelib.web.static import assets
from tests.support import gallery
from tests.support.gallery import ROLES, Demo, Seen, links_of, patterns

# Pages that no link leads to: they are printed, mailed, or reached by a form.
BY_NO_LINK = {
    "/a/{activity}", "/a/{activity}/{code}", "/work/activities/{activity_id}/here/{code}", "/healthz", "/openapi.json",
    "/work/sign-in", "/d/{code}/challenge",
}  # fmt: skip
NOT_PAGES = re.compile(r"/v1/|/open311/|/static/|/photos/|\.ics|qr\.|/open/data/\{")
PUBLIC_KB, WORK_KB = 30, 60


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with gallery.furnished() as found:
        for role in ROLES:
            gallery.walk(found, role)
        yield found


def pages(demo: Demo) -> list[Seen]:
    return [seen for seen in demo.pages if "text/html" in seen.answer.headers.get("content-type", "")]


def test_no_link_leads_nowhere(demo: Demo) -> None:
    lost = [
        f"{seen.role or 'resident'}: {seen.from_page} → {seen.path}: {seen.answer.status_code}"
        for seen in demo.pages
        if seen.answer.status_code not in (200, 303) or not seen.route
    ]
    assert lost == []


def test_every_page_is_found_by_somebody(demo: Demo) -> None:
    wanted = {route for route in patterns() if not NOT_PAGES.search(route)} - BY_NO_LINK
    assert wanted - {seen.route for seen in demo.pages} == set()


def test_every_answer_is_guarded(demo: Demo) -> None:
    for seen in demo.pages:
        if not seen.route:
            continue  # the gateway answers for what is no route of ours
        headers = seen.answer.headers
        assert "unsafe-inline" not in headers["content-security-policy"], seen.path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], seen.path
        assert headers["strict-transport-security"].startswith("max-age=")
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


def test_no_page_styles_or_scripts_itself_inline_or_asks_another_host(demo: Demo) -> None:
    for seen in pages(demo):
        assert not re.search(r"<[^>]+\sstyle=|<style|\son\w+=|<script>", seen.answer.text), seen.path
        assert not re.search(r'(?:src|<link[^>]+href)="https?://(?!127\.0\.0\.1)', seen.answer.text), seen.path


def _weight(seen: Seen) -> tuple[int, int]:
    """Compressed bytes and requests of a first view: the page and the styles and scripts that it links."""
    linked = {link.rsplit("/", 1)[-1] for link in links_of(seen.answer) if "static/" in link}
    files = [asset.content for asset in assets().values() if asset.name in linked]
    return sum(len(gzip.compress(each, 6)) for each in (seen.answer.content, *files)), 1 + len(files)


def test_every_page_is_light(demo: Demo) -> None:
    heavy = []
    for seen in pages(demo):
        size, requests = _weight(seen)
        most = WORK_KB if seen.role else 15 if seen.route == "/d/{code}" else PUBLIC_KB
        if size > most * 1000 or requests > (6 if seen.role else 4):
            heavy.append(f"{seen.path}: {size:,} bytes in {requests} requests")
    assert heavy == []


def test_the_styles_are_small() -> None:
    sizes = {name: len(gzip.compress(asset.content, 9)) for name, asset in assets().items() if name in ("site.css", "work.css")}
    assert sizes["site.css"] <= 6_000
    assert sizes["work.css"] <= 10_000


def test_every_page_says_its_language_and_has_one_headline(demo: Demo) -> None:
    for seen in pages(demo):
        if seen.answer.status_code == 200 and "/poster" not in seen.path:
            assert '<html lang="' in seen.answer.text, seen.path
            assert seen.answer.text.count("<h1") == 1, seen.path
