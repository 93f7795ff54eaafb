"""A talk booked on a small phone, with scripts off: station, time, form, receipt, cancel; and the code on the wall."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from chalicelib.activities import bookings, service
from chalicelib.activities.model import Activity
from chalicelib.settings import settings
from tests.browser.conftest import Phone, Site
from tests.support.activities import STATION, booked, going_on, meeting, reception
from tests.support.casework import PHONE, paper
from tests.support.wanglan import LIN, QIAO

pytestmark = pytest.mark.browser


@pytest.fixture
def day(site: Site) -> Activity:  # noqa: ARG001 - the district stands
    return reception(now=settings.now())


def form_of(day: Activity, slot: str = "0900") -> str:
    return f"/open/stations/{STATION}/{day.id}/{slot}"


def held(day: Activity) -> dict[str, str]:
    return service.found(day.id).taken


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", [320, 360])
def test_a_time_is_booked_and_given_back_without_a_script(phone: Phone, day: Activity, width: int) -> None:
    page = phone("/open/stations", js=False, width=width)
    page.click("text=苇渡代表联络站")
    page.click("text=09:30")
    page.fill("#text", "想谈谈老人助餐")
    page.click("text=预约09:30")  # faster than any person: it is asked once more, and nothing is lost
    expect(page.locator(".notice")).to_contain_text("请再按一次“预约”")
    expect(page.locator("#text")).to_have_value("想谈谈老人助餐")
    page.wait_for_timeout(3_100)
    page.click("text=预约09:30")
    expect(page.locator(".receipt")).to_contain_text("预约成功")
    expect(page.locator(".standing")).to_contain_text("林见微代表")
    assert list(held(day)) == ["0930"]
    page.reload()
    assert list(held(day)) == ["0930"]
    page.click("text=我来不了")
    page.click("button:has-text('取消预约')")
    expect(page.locator(".standing")).to_contain_text("您已取消预约")
    assert held(day) == {}


def test_who_comes_second_takes_another_time_with_what_was_typed(phone: Phone, day: Activity) -> None:
    page = phone(form_of(day), js=False, language="en")
    page.fill("#text", "about the lift")
    page.check("#tell-phone", force=True)
    page.fill("#phone", PHONE)
    booked(day, "0900", now=settings.now())
    page.wait_for_timeout(3_100)
    page.click("text=Book 09:00")
    expect(page.locator(".notice")).to_contain_text("This time is taken")
    page.click("text=Book 10:30")
    expect(page.locator(".receipt")).to_contain_text("Your time is booked")
    booking = bookings.found(held(day)["1030"])
    assert (booking.subject, booking.tell) == ("about the lift", "phone")


def test_the_wall_comes_anew_by_itself(phone: Phone, site: Site) -> None:
    going = going_on(meeting(now=settings.now()))
    page = phone(f"/a/{going.id}?key={service.display_key(going.id, QIAO)}", js=False)
    expect(page.locator(".wall svg")).to_be_visible()
    seen = site.asked("GET").count(page.url.removeprefix(site.address))
    page.wait_for_timeout(21_000)
    assert site.asked("GET").count(page.url.removeprefix(site.address)) == seen + 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_axe_finds_nothing_to_complain_about_and_nothing_is_wider_than_the_phone(
    phone: Phone, day: Activity, language: str, scheme: str
) -> None:
    opened, going = paper(), going_on(meeting(LIN, now=settings.now()))
    booked(day, "1000", now=settings.now(), opened=opened)
    reception(now=settings.now() + timedelta(days=7))
    wall = f"/a/{going.id}?key={service.display_key(going.id, LIN)}"
    for path in (
        "/open/stations", f"/open/stations/{STATION}", form_of(day), form_of(day, "1000"), f"/b/{opened.tracking_token}?new=1",
        wall, f"/a/{going.id}/00000000",
    ):  # fmt: skip
        page = phone(path, language=language, width=320, color_scheme=scheme)
        # The wall must come anew by itself: its code is over in a minute (WCAG 2.2.1 excepts what happens in real time).
        excused = {"meta-refresh"} if path == wall else set()
        assert {each["id"] for each in Axe().run(page).response["violations"]} == excused, path
        assert fits(page), path
