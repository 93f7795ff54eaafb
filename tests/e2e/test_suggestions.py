"""From two residents' messages to a document that each of them hears of, on the deployed stack with its rights enforced."""

from contextlib import suppress

import httpx
import pytest

from tests.support.deployed import SignIn, facts, number, sent, until
from tests.support.local_stack import Stack
from zerodistance_client import ZeroDistance
from zerodistance_client.demand_records import Demand
from zerodistance_client.errors import Invalid

pytestmark = pytest.mark.e2e

MAILS = ("first.hall@wanglan.example.org", "second.hall@wanglan.example.org")


def one_demand_of(manager: ZeroDistance, cases: list[str]) -> Demand:
    """The demand of these cases: put together by hand, unless the platform was faster and found it by itself."""
    with suppress(Invalid):
        return manager.put_together("热线打不通", cases)
    (found,) = until(lambda: {manager.case(case).demand for case in cases}, lambda found: len(found) == 1 and "" not in found)
    return manager.demand(found)


def test_from_two_messages_to_a_document_of_which_both_hear(stack: Stack, phone: httpx.Client, sign_in: SignIn) -> None:
    deputy, manager, officer = sign_in("deputy"), sign_in("manager"), sign_in("officer")
    pages = [sent(phone, stack, f"暖气不热，热线打不通，第{n}次反映", tell="email", email=mail) for n, mail in enumerate(MAILS)]
    cases = [until(lambda page=page: manager.case(number(page)), lambda case: case.status == "routed").id for page in pages]
    pattern = one_demand_of(manager, cases)
    if pattern.status == "proposed":
        pattern = manager.confirm(pattern.id, "热线打不通")

    made = deputy.draft_suggestion("关于供暖热线的建议", "建议热线两小时内回应。", [pattern.id])
    assert (made.evidence[0].demand, made.evidence[0].people >= 2) == (pattern.id, True)
    deputy.submit_suggestion(made.id)
    accepted = manager.accept_suggestion(made.id)
    assert accepted.number >= 1
    manager.assign_suggestion(made.id, "heating-company")
    officer.reply_suggestion(made.id, "for_reference", "收悉。")
    deputy.evaluate(made.id, "dissatisfied", "dissatisfied")
    back = until(lambda: deputy.suggestion(made.id), lambda it: it.status == "assigned")
    assert (back.round, [entry.type for entry in back.timeline][-1]) == (2, "sent_back")
    officer.reply_suggestion(made.id, "solved", "热线已扩容，两小时内回应。")
    deputy.evaluate(made.id, "satisfied", "satisfied")

    manager.document(made.id, "供暖热线服务规定", "望热〔2026〕3号", "2026-11-20", url="https://www.example.org/3")
    for case, page in zip(cases, pages, strict=True):
        until(lambda case=case: manager.case(case), lambda it: "documented" in facts(it))
        assert "供暖热线服务规定" in phone.get(page).text
    until(
        lambda: [mail for mail in stack.sent()["mails"] if "供暖热线服务规定" in str(mail["text"])], lambda told: reached(told)
    )
    public = phone.get(f"{stack.base_url}/open/suggestions/{made.id}").text
    assert "供暖热线服务规定" in public
    assert "热线打不通，第" not in public


def reached(mails: list[dict[str, object]]) -> bool:
    return all(any(who in str(mail["to"]) for mail in mails) for who in MAILS)


def test_a_reply_that_does_not_come_is_a_breach_that_everyone_sees(stack: Stack, phone: httpx.Client, sign_in: SignIn) -> None:
    waiting = next(each for each in sign_in("officer").suggestions() if each.due_at)
    stack.move_clock(200 * 86_400.0)
    stack.invoke("sweep")
    held = until(lambda: sign_in("manager").suggestion(waiting.id), lambda it: "breached" in [e.type for e in it.timeline])
    assert held.overdue
    assert "逾期" in phone.get(f"{stack.base_url}/open/suggestions/{held.id}", headers={"Accept-Language": "zh"}).text
