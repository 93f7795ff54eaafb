"""The private page on a resident's phone: read, reply, judge, with and without JavaScript."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

from chalicelib.cases import service
from chalicelib.cases.model import Case
from chalicelib.people.form import FormToken
from tests.browser.conftest import Phone, Site
from tests.support import casework
from tests.support.visitor import opened
from tests.support.wanglan import HEATING, LIN

pytestmark = pytest.mark.browser

HOUR = timedelta(hours=1)
ANSWER = "换热站的循环泵今晚九点更换完毕，两小时内会热起来。"
both_ways = pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without"])


@pytest.fixture
def token(site: Site) -> FormToken:  # noqa: ARG001 - the district stands
    return opened(minutes=6 * 60)


@pytest.fixture
def case(token: FormToken) -> Case:
    return casework.routed(token, datetime.now(UTC) - HOUR, grid="weidu-1")


def staff(case: Case, move: str, **given: Any) -> Case:
    return service.move(move, case.id, by=HEATING, now=datetime.now(UTC) - timedelta(minutes=20), **given)


def page_of(token: FormToken) -> str:
    return f"/m/{token.tracking_token}"


def now_so(case: Case) -> Case:
    return service.found(case.id)


@both_ways
def test_a_question_is_answered(phone: Phone, token: FormToken, case: Case, js: bool) -> None:
    staff(case, "ask", text="几单元几楼？")
    page = phone(page_of(token), js=js)
    page.fill("#reply", "3单元402，九点以后都在")
    page.click("text=发送回复")
    expect(page.locator(".notice")).to_contain_text("您的回复已发送")
    assert now_so(case).words[-1].text == "3单元402，九点以后都在"
    assert now_so(case).status == "in_progress"


@both_ways
def test_the_resident_says_that_it_is_solved(phone: Phone, token: FormToken, case: Case, js: bool) -> None:
    staff(case, "answer", text=ANSWER)
    page = phone(page_of(token), js=js)
    page.click("text=非常满意")
    page.click("text=已经解决了")
    expect(page.locator("h1")).to_have_text("已解决")
    assert (now_so(case).verdict, now_so(case).satisfaction) == ("solved", 5)


@both_ways
def test_the_resident_says_that_it_is_not_solved(phone: Phone, token: FormToken, case: Case, js: bool) -> None:
    staff(case, "answer", text=ANSWER)
    page = phone(page_of(token), js=js)
    expect(page.locator("#reopen")).to_be_hidden()
    page.click("summary:has-text('没有解决')")
    page.click("text=重新打开")
    expect(page.locator("#reopen-fault")).to_be_visible()
    page.fill("#reopen", "还是只有15度")
    page.click("text=重新打开")
    expect(page.locator("h1")).to_have_text("重新办理")
    assert now_so(case).status == "reopened"


@both_ways
def test_withdrawing_takes_two_steps(phone: Phone, token: FormToken, case: Case, js: bool) -> None:
    page = phone(page_of(token), js=js)
    page.click("summary:has-text('撤回留言')")
    page.click("text=撤回…")
    expect(page.locator("h1")).to_have_text("要撤回留言吗？")
    page.click("text=不撤回")
    assert now_so(case).status == "routed"
    page.click("summary:has-text('撤回留言')")
    page.click("text=撤回…")
    page.click("text=确认撤回")
    expect(page.locator("h1")).to_have_text("已撤回")
    assert now_so(case).status == "withdrawn"


def test_what_is_being_added_survives_a_reload_and_a_lost_network(phone: Phone, token: FormToken, case: Case) -> None:
    page = phone(page_of(token))
    page.click("summary:has-text('补充内容')")
    page.fill("#add", "孩子才三个月")
    page.clock.fast_forward(1000)
    page.reload()
    assert page.input_value("#add") == "孩子才三个月"
    expect(page.locator("#add")).to_be_visible()
    page.context.set_offline(True)
    page.locator("form:has(#add) button.main").click()
    expect(page.locator("form:has(#add) .state")).to_contain_text("网络恢复后自动发送")
    page.context.set_offline(False)
    expect(page.locator(".notice")).to_contain_text("您的补充已发送")
    assert [words.text for words in now_so(case).words] == [casework.COLD, "孩子才三个月"]


@pytest.mark.usefixtures("case")
def test_the_address_is_copied_without_what_belongs_to_the_moment(phone: Phone, site: Site, token: FormToken) -> None:
    page = phone(f"{page_of(token)}?new=1", permissions=["clipboard-read", "clipboard-write"])
    page.click("text=复制网址")
    expect(page.locator(".copy")).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site.address}{page_of(token)}"


@pytest.mark.usefixtures("case")
def test_without_javascript_no_button_stands_that_would_do_nothing(phone: Phone, token: FormToken) -> None:
    page = phone(f"{page_of(token)}?new=1", js=False)
    assert page.locator(".copy").is_hidden()


@pytest.mark.usefixtures("case")
def test_the_first_view_weighs_at_most_30_kb(phone: Phone, site: Site, token: FormToken) -> None:
    phone(page_of(token)).wait_for_load_state("networkidle")
    assert len(site.seen) <= 4
    assert sum(size for _, _, _, size in site.seen) <= 30_000


def in_each_state(token: FormToken, state: str) -> None:
    now = datetime.now(UTC)
    case = casework.routed(token, now - (9 if state == "overdue" else 1) * HOUR, grid="weidu-1")
    moves: dict[str, list[tuple[str, dict[str, str]]]] = {
        "waiting": [("ask", {"text": "几单元几楼？"})],
        "answered": [("answer", {"text": ANSWER})],
    }
    for move, given in moves.get(state, []):
        staff(case, move, **given)
    if state == "declined":
        service.move("decline", case.id, by=LIN, now=now, reason="属于小区物业", instead="请找物业")
    if state == "merged":
        other = casework.routed(None, now - 2 * HOUR, text="隔壁也不热", grid="weidu-1")
        service.merge(case.id, other.id, "同一个换热站", by=LIN, now=now)


STATES = ["routed", "overdue", "waiting", "answered", "declined", "merged"]


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("state", STATES)
def test_in_no_state_is_it_wider_than_the_smallest_phone_or_unfit_for_anyone(
    phone: Phone, token: FormToken, state: str, language: str
) -> None:
    in_each_state(token, state)
    page = phone(f"{page_of(token)}?new=1", language=language, width=320, bypass_csp=True)
    for details in page.locator("details").all():
        details.evaluate("each => each.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
