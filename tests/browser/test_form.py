"""The form on a resident's phone, with and without JavaScript, with a network that comes and goes."""

from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, Route, expect

from chalicelib.cases import service
from chalicelib.cases.model import Case
from chalicelib.people import form
from chalicelib.people.table import GuardRow
from chalicelib.spine.dossiers import DossierRow
from tests.browser.conftest import Phone, Site
from tests.support.visitor import FORM

pytestmark = pytest.mark.browser

COLD = "家里暖气不热，只有14度，老人孩子冻得不行"
SEND = "button.main"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time trap is tested elsewhere: here nobody waits three seconds."""
    monkeypatch.setattr(form, "FASTEST", timedelta())


def cases() -> list[Case]:
    return [service.found(row.id) for row in DossierRow.scan() if row.kind == "case"]


def later(page: Page, seconds: int = 5) -> None:
    """Time passes on the phone."""
    page.clock.fast_forward(seconds * 1000)


def arrived(page: Page) -> None:
    page.wait_for_url("**/m/*?new=1*")  # a jump to a field before leaves its mark behind the address
    expect(page.locator("h2#sent")).to_be_visible()


def solved(page: Page) -> None:
    expect(page.locator("[name=altcha]")).not_to_have_value("")


def drafts(page: Page) -> list[str]:
    found: list[str] = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('zd:'))")
    return found


# Sending


def test_a_message_is_sent_with_a_proof_of_work_while_one_writes(phone: Phone) -> None:
    page = phone(FORM)
    page.fill("#text", COLD)
    solved(page)
    page.select_option("#grid", "weidu-1")
    later(page)
    page.click(SEND)
    arrived(page)
    (case,) = cases()
    assert (case.words[0].text, case.grid) == (COLD, "weidu-1")
    assert [row.key for row in GuardRow.scan() if row.key.startswith("code#code_solved#")]
    assert drafts(page) == []


def test_without_javascript_it_is_sent_all_the_same(phone: Phone) -> None:
    page = phone(FORM, js=False)
    page.fill("#text", COLD)
    page.check("#tell-email")
    page.fill("#email", "w@example.org")
    page.fill("#name", "王秀英")
    page.click(SEND)
    arrived(page)
    assert cases()[0].tell == "email"


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without"])
def test_only_the_fields_of_the_chosen_way_are_asked(phone: Phone, js: bool) -> None:
    page = phone(FORM, js=js)
    for way, visible in (("none", []), ("phone", ["phone", "name"]), ("email", ["email", "name"])):
        page.check(f"#tell-{way}")
        assert [name for name in ("phone", "email", "name") if page.locator(f"#{name}").is_visible()] == visible


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without"])
def test_an_error_is_shown_at_its_field_with_everything_kept(phone: Phone, js: bool) -> None:
    page = phone(FORM, js=js, language="en-GB")
    page.fill("#text", COLD)
    page.fill("#address", "3单元402")
    page.check("#tell-phone")
    page.fill("#phone", "12345")
    if js:
        later(page)
    page.click(SEND)
    expect(page.locator("#phone-fault")).to_contain_text("138 0013 8000")
    assert page.title().startswith("Error: ")
    assert page.input_value("#text") == COLD
    assert page.input_value("#address") == "3单元402"
    page.click(".summary a")
    expect(page.locator("#phone")).to_be_focused()
    page.fill("#phone", "13800138000")
    if js:
        later(page)
    page.click(SEND)
    arrived(page)
    assert len(cases()) == 1


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without"])
def test_the_language_is_switched_in_the_middle_and_the_text_stays(phone: Phone, js: bool) -> None:
    page = phone(FORM, js=js)
    page.fill("#text", COLD)
    page.click("button[name=lang]")
    expect(page.locator("h1")).to_have_text("Write to Deputy Lin Jianwei")
    assert page.input_value("#text") == COLD
    assert cases() == []


def test_enter_in_a_line_sends_and_does_not_switch_the_language(phone: Phone) -> None:
    page = phone(FORM, js=False)
    page.fill("#text", COLD)
    page.press("#address", "Enter")
    arrived(page)
    assert page.locator("html").get_attribute("lang") == "zh-Hans"


def test_a_double_tap_is_one_message(phone: Phone, site: Site) -> None:
    page = phone(FORM)
    page.fill("#text", COLD)
    later(page)
    page.dblclick(SEND)
    arrived(page)
    assert len(cases()) == 1
    assert site.asked("POST") == [FORM]


def test_a_double_tap_without_javascript_is_one_case(phone: Phone) -> None:
    page = phone(FORM, js=False)
    page.fill("#text", COLD)
    page.click(SEND, click_count=2, no_wait_after=True)
    expect(page.locator("[data-sent]")).to_be_visible(timeout=60_000)  # the second tap breaks off the first's way
    assert len(cases()) == 1


def test_going_back_and_sending_again_is_one_case(phone: Phone) -> None:
    page = phone(FORM, js=False)
    page.fill("#text", COLD)
    token = page.input_value("[name=form]")
    page.click(SEND)
    arrived(page)
    page.request.post(f"{page.url.split('/m/')[0]}{FORM}", form={"form": token, "text": COLD, "tell": "none"}, max_redirects=0)
    assert len(cases()) == 1


# What old browsers lack


@pytest.mark.parametrize(
    "lacking",
    [
        "delete window.fetch",
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('off') }})",
        "Object.defineProperty(window, 'crypto', {value: undefined})",
        "delete Element.prototype.replaceWith",
        "delete window.Promise; delete window.fetch",
    ],
    ids=["fetch", "storage", "crypto", "replaceWith", "promises"],
)
def test_whatever_a_browser_lacks_the_message_goes_out(phone: Phone, site: Site, lacking: str) -> None:
    page = phone("/static/site.css")
    page.add_init_script(lacking)
    page.goto(site.address + FORM)
    page.fill("#text", COLD)
    page.wait_for_timeout(100)
    page.click(SEND)
    if page.locator(".state").is_visible():
        later(page)
    arrived(page)
    assert len(cases()) == 1


# A network that comes and goes


def test_what_was_typed_survives_a_reload(phone: Phone) -> None:
    page = phone(FORM)
    page.fill("#text", COLD)
    page.fill("#address", "3单元402")
    page.check("#tell-phone")
    page.fill("#phone", "13800138000")
    later(page, 1)
    token = page.input_value("[name=form]")
    page.reload()
    assert page.input_value("#text") == COLD
    assert page.input_value("#address") == "3单元402"
    assert page.input_value("#phone") == "13800138000"
    assert page.input_value("[name=form]") == token
    expect(page.locator(".state")).to_contain_text("只保存在这部手机上")


def test_without_network_it_is_kept_and_goes_out_by_itself(phone: Phone) -> None:
    page = phone(FORM)
    page.fill("#text", COLD)
    later(page)
    page.context.set_offline(True)
    page.click(SEND)
    expect(page.locator(".state")).to_contain_text("网络恢复后自动发送")
    assert page.input_value("#text") == COLD
    page.context.set_offline(False)
    arrived(page)
    assert len(cases()) == 1


def test_a_phone_that_was_put_away_sends_when_the_page_is_opened_again(phone: Phone) -> None:
    page = phone(FORM)
    page.fill("#text", COLD)
    later(page)
    page.context.set_offline(True)
    page.click(SEND)
    expect(page.locator(".state")).to_contain_text("网络恢复后自动发送")
    address = page.url
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    again.clock.install()
    again.goto(address)
    later(again)
    arrived(again)
    assert [case.words[0].text for case in cases()] == [COLD]


def test_a_lost_answer_is_tried_again_and_is_one_case(phone: Phone, site: Site) -> None:
    page = phone(FORM)
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).text())
            route.abort("connectionreset")
        else:
            route.fallback()

    page.route("**/d/*", lose_the_first)
    page.fill("#text", COLD)
    later(page)
    page.click(SEND)
    expect(page.locator(".state")).to_contain_text("网络恢复后自动发送")
    assert len(cases()) == 1
    later(page, 10)
    arrived(page)
    assert len(cases()) == 1
    assert len(site.asked("POST")) == 2


def test_a_page_left_open_for_hours_gets_a_fresh_challenge(phone: Phone, site: Site) -> None:
    page = phone(FORM)
    later(page, 3 * 3600)
    page.fill("#text", COLD)
    solved(page)
    assert any("/challenge?for=" in path for path in site.asked("GET"))
    page.click(SEND)
    arrived(page)
    assert [row.key for row in GuardRow.scan() if row.key.startswith("code#code_solved#")]


# Position and counter


def test_the_phones_position_goes_along_if_it_is_given(phone: Phone) -> None:
    where = {"latitude": 30.0061, "longitude": 123.5041, "accuracy": 20}
    page = phone(FORM, geolocation=where, permissions=["geolocation"])
    page.fill("#text", COLD)
    page.click(".position button")
    expect(page.locator(".position span")).to_contain_text("20")
    later(page)
    page.click(SEND)
    arrived(page)
    (case,) = cases()
    assert (case.grid, case.words[0].position) == ("weidu-1", (30.0061, 123.5041))


def test_a_position_that_is_refused_is_said_and_nothing_stops(phone: Phone) -> None:
    page = phone(FORM)
    page.click(".position button")
    expect(page.locator(".position span")).to_contain_text("没能定位")


def test_the_counter_warns_before_the_end_and_never_cuts(phone: Phone) -> None:
    page = phone(FORM)
    page.fill("#text", "冷" * 3400)
    expect(page.locator(".counter")).to_be_hidden()
    page.fill("#text", "冷" * 3990)
    expect(page.locator(".counter")).to_have_text("还可以写 10 字")
    page.fill("#text", "冷" * 4003)
    expect(page.locator(".counter")).to_have_text("超出 3 字")
    assert len(page.input_value("#text")) == 4003


# Looks


def test_the_first_view_weighs_at_most_15_kb_in_at_most_4_requests(phone: Phone, site: Site) -> None:
    page = phone(FORM)
    page.wait_for_load_state("networkidle")
    assert len(site.seen) <= 4
    assert sum(size for _, _, _, size in site.seen) <= 15_000


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("path", [FORM, "/d/ZZZZZZZZ", "/m/nowhere"])
def test_no_page_is_wider_than_the_smallest_phone(phone: Phone, path: str, language: str) -> None:
    page = phone(path, language=language, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_error_page_is_no_wider_either(phone: Phone) -> None:
    page = phone(FORM, js=False, language="en-GB", width=320)
    page.check("#tell-phone")
    page.click(SEND)
    expect(page.locator(".summary")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.locator("main").bounding_box()["width"] <= 320  # type: ignore[index]


def test_whatever_is_pressed_is_large_enough_for_a_thumb(phone: Phone) -> None:
    page = phone(FORM)
    page.check("#tell-phone")
    small = page.evaluate(
        """[...document.querySelectorAll('button, select, textarea, input, label')]
        .filter(each => !/radio|hidden/.test(each.type) && (each.tagName !== 'LABEL' || each.control.type === 'radio'))
        .filter(each => each.offsetParent && each.getBoundingClientRect().left > -99)
        .filter(each => each.getBoundingClientRect().height < 44).map(each => each.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_the_text_can_be_begun_without_scrolling(phone: Phone) -> None:
    page = phone(FORM)
    box = page.locator("#text").bounding_box()
    assert box
    assert box["y"] < 640


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("path", [FORM, "/d/ZZZZZZZZ", "/m/nowhere"])
def test_axe_finds_nothing_to_complain_about(phone: Phone, path: str, language: str, scheme: str) -> None:
    page = phone(path, language=language, color_scheme=scheme, bypass_csp=True)
    if path == FORM:
        page.check("#tell-phone")
        page.fill("#text", "冷" * 3990)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_axe_finds_nothing_on_a_page_of_errors(phone: Phone) -> None:
    page = phone(FORM, bypass_csp=True)
    page.check("#tell-email")
    later(page)
    page.click(SEND)
    expect(page.locator(".summary")).to_be_focused()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_clock_of_a_phone_that_is_hours_off_changes_nothing(phone: Phone) -> None:
    page = phone("/static/site.css")
    page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=7))
    page.goto(page.url.replace("/static/site.css", FORM))
    page.fill("#text", COLD)
    solved(page)
    later(page)
    page.click(SEND)
    arrived(page)
    assert [row.key for row in GuardRow.scan() if row.key.startswith("code#code_solved#")]
