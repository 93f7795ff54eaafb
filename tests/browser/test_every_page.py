"""Every page in a real browser, in both languages: no violation of WCAG 2.2 AA that a machine finds, and nowhere too wide."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext

from tests.support import gallery
from tests.support.gallery import ROLES, Demo
from tests.support.serve import served

pytestmark = pytest.mark.browser

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
LANGUAGES = ("zh-CN", "en")
# The code on the wall changes every minute and is shown by a projector: nobody reads on or types there (WCAG 2.2.1, real-time).
EXCUSED = {("/a/{activity}", "meta-refresh")}


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with gallery.furnished() as found:
        for role in ROLES:
            gallery.walk(found, role)
        yield found


@pytest.fixture(scope="module")
def address(demo: Demo) -> Iterator[str]:  # noqa: ARG001 - what is served
    with served() as found:
        yield found


def opened(chromium: Browser, demo: Demo, role: str, language: str, address: str) -> BrowserContext:
    """A browser of this role, signed in as people sign in."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale=language)
    if role:
        page = context.new_page()
        page.goto(f"{address}/work/sign-in")
        page.fill("#username", demo.users[role]["name"])
        page.fill("#password", demo.users[role]["password"])
        page.click("button.main")
        page.wait_for_url("**/work")
        page.close()
    return context


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "resident")
def test_every_page_can_be_used_by_everyone(chromium: Browser, demo: Demo, address: str, role: str, language: str) -> None:
    faults = []
    with ExitStack() as closing:
        context = closing.enter_context(opened(chromium, demo, role, language, address))
        page = context.new_page()
        for (route, whose), path in demo.first_of_each().items():
            if whose != role:
                continue
            page.set_viewport_size({"width": 360, "height": 740})
            page.goto(address + path)
            found = Axe().run(page, options=WCAG).response["violations"]
            found = [each for each in found if (route, each["id"]) not in EXCUSED]
            faults += [f"{path}: {each['id']} {each['nodes'][0]['target']} {each['help']}" for each in found]
            for width in (320, 1920):
                page.set_viewport_size({"width": width, "height": 740})
                if page.evaluate("document.documentElement.scrollWidth > innerWidth") and "/poster" not in path:
                    faults.append(f"{path}: wider than {width} pixels")
    assert faults == []
