"""A resident's phone: Chromium at 360 pixels before the whole app, which is served by this process."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, ViewportSize, sync_playwright

from tests.support.serve import served

CHROMIUM = Path("/usr/bin/chromium")
# Chromium must ask nobody but us: no updates, no field trials, no safe-browsing lists.
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
PHONE: ViewportSize = {"width": 360, "height": 740}

Phone = Callable[..., Page]


@dataclass
class Site:
    """The app at ``address``, and what was asked of it: method, path, status, bytes over the wire."""

    address: str
    seen: list[tuple[str, str, int, int]] = field(default_factory=list)

    def asked(self, method: str) -> list[str]:
        """The paths that were asked for with this method."""
        return [path for how, path, _, _ in self.seen if how == method]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is missing: apt-get install -y chromium fonts-noto-cjk"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with sync_playwright() as opened:
        yield opened


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield opened
    opened.close()


@pytest.fixture
def site(district: None) -> Iterator[Site]:  # noqa: ARG001 - what is served
    found = Site("")
    with served(seen=lambda *answer: found.seen.append(answer)) as address:
        found.address = address
        yield found


@pytest.fixture
def phone(chromium: Browser, site: Site) -> Iterator[Phone]:
    """A new phone: ``phone(path, js=False, language="en", width=320)``. At the end none may have complained of anything."""
    complaints: list[str] = []
    contexts = []

    def take(path: str, *, js: bool = True, language: str = "zh-CN", width: int = PHONE["width"], **given: Any) -> Page:
        size = ViewportSize(width=width, height=PHONE["height"])
        context = chromium.new_context(viewport=size, locale=language, java_script_enabled=js, **given)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        if js:
            page.clock.install()
        page.goto(site.address + path)
        return page

    yield take
    for context in contexts:
        context.close()
    assert complaints == []
