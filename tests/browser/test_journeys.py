"""The day's work of each role in a real browser, from sign-in to done, on a phone's width and on a desktop's."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from chalicelib.cases import service
from chalicelib.people import tokens
from tests.browser.conftest import Site
from tests.support.api import published_keys
from tests.support.casework import facts, routed, sent
from tests.support.cloud import add_user
from tests.support.demands import proposed, written
from tests.support.desk import PASSWORD, USERS

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", [360, 1280])]

Desk = Callable[[str, int], Page]


@pytest.fixture
def desk(chromium: Browser, site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A browser of this role at this width, signed in by hand; it speaks English and runs no script."""
    monkeypatch.setattr(tokens.pool_keys, "_fetch", published_keys)
    opened: list[BrowserContext] = []

    def take(role: str, width: int) -> Page:
        username, group = USERS[role]
        add_user(username, group, PASSWORD)
        context = chromium.new_context(viewport={"width": width, "height": 800}, locale="en", java_script_enabled=False)
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(f"{site.address}/work")
        page.fill("#username", username)
        page.fill("#password", PASSWORD)
        page.click("main button.main")
        expect(page.locator("h1")).to_have_text("What to do now")
        return page

    yield take
    for context in opened:
        context.close()


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


def test_a_deputy_takes_up_and_answers_what_waits(desk: Desk, width: int) -> None:
    case = routed(now=an_hour_ago())
    page = desk("deputy", width)
    page.click(f"a[href$='work/cases/{case.id}']")
    page.click("button:has-text('Take it up')")
    expect(page.locator(".notice")).to_contain_text("Taken up")
    page.click("summary:has-text('Answer')") if not page.locator("#answer-text").is_visible() else None
    page.fill("#answer-text", "换热站今晚检修，明早恢复。")
    page.click("form:has(#answer-text) button")
    expect(page.locator("h1")).to_have_text("Answered; the resident has the last word")
    assert facts(case.id)[-2:] == ["acknowledged", "answered"]


def test_an_officer_notes_progress_and_is_told_what_is_missing(desk: Desk, width: int) -> None:
    case = routed(now=an_hour_ago())
    page = desk("officer", width)
    page.click("nav >> text=Messages")
    page.click(f"a[href$='work/cases/{case.id}']")
    page.click("summary:has-text('Note progress')")
    page.click("form:has(#note-text) button")
    expect(page.locator("#note-text-fault")).to_be_visible()
    page.fill("#note-text", "维修班已出发")
    page.click("form:has(#note-text) button")
    expect(page.locator(".timeline")).to_contain_text("维修班已出发")


def test_a_manager_finds_a_body_for_what_nobody_answers_for(desk: Desk, width: int) -> None:
    case = sent(now=an_hour_ago())
    page = desk("manager", width)
    page.goto(page.url.replace("/work", f"/work/cases/{case.id}"))
    page.click("summary:has-text('Hand on')")
    page.select_option("#assign-body", "housing-bureau")
    page.fill("#assign-reason", "房屋漏水")
    page.click("form:has(#assign-body) button")
    assert service.found(case.id).body == "housing-bureau"


def test_a_deputy_confirms_a_common_demand_and_leads_it(desk: Desk, width: int) -> None:
    demand = proposed(*(written() for _ in range(3)))
    page = desk("deputy", width)
    page.click(f"a[href$='work/demands/{demand.id}']")
    page.fill("#confirm-name", "霁月花园暖气不热")
    page.click("form:has(#confirm-name) button")
    page.click("button:has-text('Lead it')")
    expect(page.locator(".notice")).to_contain_text("You lead it now")


def test_a_supervisor_looks_for_what_is_late_and_signs_out(desk: Desk, width: int, revoked: list[str]) -> None:
    page = desk("supervisor", width)
    page.click("nav >> text=Search")
    page.fill("input[name=q]", "暖气")
    page.click("main form button")
    expect(page.locator("h1")).to_have_text("Search")
    page.click("text=Sign out")
    expect(page.locator("h1")).to_have_text("Sign in")
    assert len(revoked) == 1
