"""A resident's photo from a real browser to a real bucket of the deployed local stack, and back onto their page."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.files import SECRET, picture
from tests.support.local_stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

TEXT = "楼道的灯坏了三盏，晚上看不见台阶"


def opened(chromium: Browser, stack: Stack, js: bool) -> Page:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="en", java_script_enabled=js)
    page = context.new_page()
    page.set_default_timeout(180_000)  # an emulator that begins, on a machine with two cores
    page.goto(stack.form_url)
    page.fill("#text", TEXT)
    return page


def shown(stack: Stack, page: Page) -> None:
    """The agenda looks at what was sent; then the page shows it, from the bucket."""
    for _ in range(20):
        stack.invoke("sweep")
        page.wait_for_timeout(1_500)
        page.goto(page.url.partition("?")[0])
        if page.locator(".photos img").count():
            break
    image = page.locator(".photos img").first
    expect(image).to_be_visible()
    image.scroll_into_view_if_needed()
    for _ in range(40):
        if image.evaluate("picture => picture.naturalWidth"):
            return
        page.wait_for_timeout(250)
    pytest.fail("the picture does not come from the bucket")


def test_a_photo_is_shrunk_sent_while_one_writes_and_shown(chromium: Browser, stack: Stack) -> None:
    page = opened(chromium, stack, js=True)
    page.set_input_files("#pick", {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(2400, 1200))})
    expect(page.locator(".picked button").first).to_have_text("Ready", timeout=60_000)
    page.wait_for_timeout(3_500)  # nobody writes a message in less
    page.click("form#message button.main")
    page.wait_for_url("**/m/**")
    shown(stack, page)
    page.context.close()


def test_without_javascript_a_photo_goes_by_a_plain_form_and_leads_back(chromium: Browser, stack: Stack) -> None:
    page = opened(chromium, stack, js=False)
    page.wait_for_timeout(3_500)
    page.click("form#message button.main")
    page.wait_for_url("**/m/**")
    page.set_input_files("#one-photo", {"name": "IMG_2.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    page.click("form:has(#one-photo) button")
    page.wait_for_url("**/m/**done=photos")
    assert SECRET not in page.content()
    assert urlsplit(page.url).netloc == urlsplit(stack.base_url).netloc
    shown(stack, page)
    page.context.close()
