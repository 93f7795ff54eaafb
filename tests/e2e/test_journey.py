"""A case from the QR code to the resident's verdict, on the deployed stack: form → stream → queues → deputy → breach → verdict.

Nothing sleeps for a promise: the clock is moved. What is waited for is the emulator's own stream and queues.
"""

import re

import httpx
import pytest

from tests.support.deployed import SignIn, facts, number, sent, until
from tests.support.local_stack import Stack
from tests.support.visitor import form_of
from zerodistance_client.errors import IllegalMove, NotFound

pytestmark = pytest.mark.e2e

HOUR = 3600.0
COLD = "暖气一点都不热，屋里只有11度，孩子冻得睡不着。松林里"


def test_from_the_code_to_the_verdict(stack: Stack, phone: httpx.Client, sign_in: SignIn) -> None:
    deputy = sign_in("deputy")
    page = sent(phone, stack, COLD, tell="email", email="cold@wanglan.example.org")

    case = until(lambda: deputy.case(number(page)), lambda case: case.status == "routed")
    assert (case.category, case.body) == ("heating/supply/cold-flat", "heating-company")
    assert any(line.id == case.id for line in deputy.inbox())

    deputy.acknowledge(case.id)
    deputy.ask(case.id, "请问是几号楼？")
    question = phone.get(page)
    assert "请问是几号楼？" in question.text
    reply = form_of(question, "reply") | {"text": "3号楼"}
    reply.pop("action")
    assert phone.post(page, data=reply).status_code == 303

    case = deputy.case(case.id)
    assert (case.status, [words.text for words in case.words]) == ("in_progress", [COLD, "3号楼"])
    deputy.answer(case.id, "阀门已修好，请您看看。")
    with pytest.raises(IllegalMove):
        deputy.acknowledge(case.id)

    answered = phone.get(page)
    assert "阀门已修好，请您看看。" in answered.text
    confirm = form_of(answered, "confirm") | {"satisfaction": "5"}
    confirm.pop("action")
    assert phone.post(page, data=confirm).status_code == 303
    case = until(lambda: deputy.case(case.id), lambda case: facts(case).count("told") >= 3)
    assert (case.status, case.verdict, case.satisfaction) == ("resolved", "solved", 5)
    assert deputy.verify(case.id).sound

    mails = [mail for mail in stack.sent()["mails"] if "cold@wanglan.example.org" in str(mail["to"])]
    assert len(mails) >= 3  # received, asked, answered: each once
    assert all(page in str(mail["text"]) for mail in mails)


def test_a_promise_that_is_not_kept_is_noticed_and_escalated(stack: Stack, phone: httpx.Client, sign_in: SignIn) -> None:
    deputy, officer, manager = (sign_in(role) for role in ("deputy", "officer", "manager"))
    page = sent(phone, stack, "家里暖气不热，冻了一晚上")
    until(lambda: deputy.case(number(page)), lambda case: case.status == "routed")

    for hours in (1.6, 0.5, 0.5, 0.5):
        stack.move_clock(hours * HOUR)
        stack.invoke("sweep")
        stack.invoke("sweep")  # two at once: each duty takes effect once all the same
    case = until(lambda: manager.case(number(page)), lambda case: facts(case).count("escalated") == 4)
    ladder = [entry.data["to"] for entry in case.timeline if entry.data.get("step") == "answer"]
    assert ladder == ["remind", "breach", "head", "manager"]
    assert officer.case(case.id).overdue
    assert next(iter(deputy.inbox())).overdue, "what is overdue stands first"
    assert re.search("超时|逾期", phone.get(page).text), "overdue is said plainly"

    deputy.answer(case.id, "对不起，来晚了，已经修好。")
    late = deputy.case(case.id).timeline
    assert next(entry for entry in late if entry.type == "answered").data["late"] == ["acknowledge", "answer"]


def test_not_solved_opens_it_again_and_reaches_the_body(stack: Stack, phone: httpx.Client, sign_in: SignIn) -> None:
    deputy, officer = sign_in("deputy"), sign_in("officer")
    page = sent(phone, stack, "暖气片漏水，家里不热")
    case = until(lambda: deputy.case(number(page)), lambda case: case.status == "routed")
    deputy.answer(case.id, "已处理")
    reopen = form_of(phone.get(page), "reopen") | {"text": "没有，还在漏"}
    reopen.pop("action")
    assert phone.post(page, data=reopen).status_code == 303
    assert deputy.case(case.id).status == "reopened"
    assert case.id in {line.id for line in officer.inbox()}


def test_what_nobody_is_found_for_is_on_the_managers_list_with_its_clock_running(
    stack: Stack, phone: httpx.Client, sign_in: SignIn
) -> None:
    manager = sign_in("manager")
    page = sent(phone, stack, "那件事，请尽快，谢谢")
    case = until(lambda: manager.case(number(page)), lambda case: "triaged" in facts(case))
    assert case.due_at is not None
    assert case.id in {line.id for line in manager.inbox()}
    assert manager.assign(case.id, "water-company", "电话里问过，是水的事").body == "water-company"


def test_a_case_of_another_body_is_not_there(stack: Stack, phone: httpx.Client, sign_in: SignIn) -> None:
    officer = sign_in("officer")
    deputy = sign_in("deputy")
    page = sent(phone, stack, "自来水停了一天")
    until(lambda: deputy.case(number(page)), lambda case: case.status == "routed")
    with pytest.raises(NotFound):
        officer.case(number(page))
