"""Residents are asked, told what came of it, and staff get a notice, on the deployed stack with its rights enforced."""

import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.support.deployed import Phones, SignIn, until
from tests.support.local_stack import Stack
from tests.support.visitor import forms
from zerodistance_client import ZeroDistance

pytestmark = pytest.mark.e2e

QUESTIONS = [
    {"kind": "single", "text": "先办什么？", "required": True, "options": ["早餐", "送餐"]},
    {"kind": "multiple", "text": "什么时候来？", "options": ["工作日", "周末"]},
    {"kind": "text", "text": "还有呢？"},
]
BOX = "asker@wanglan.example.org"
LONG = 240.0  # seconds: what the demo's many facts lead to is told first


def answered(phone: httpx.Client, place: str, **fields: str) -> httpx.Response:
    """Open the form, fill it in, send it twice: once is counted."""
    opened = forms(phone.get(place))[0]
    time.sleep(3.1)  # the form takes nothing that was filled in faster than any person does
    content = {"form": opened["form"]} | fields
    first, again = (phone.post(place, data=content) for _ in range(2))
    assert first.status_code == again.status_code == 303, first.text
    return first


def mails(stack: Stack, to: str, says: str) -> list[str]:
    return [str(mail["text"]) for mail in stack.sent()["mails"] if to in str(mail["to"]) and says in str(mail["text"])]


def asked(deputy: ZeroDistance) -> str:
    """A survey that is open; its id. Other tests may have moved the clock: so it is open for long."""
    made = deputy.draft_survey("西里食堂怎么办", QUESTIONS)
    return deputy.open_consultation(made.id, datetime.now(UTC) + timedelta(days=300)).id


def test_residents_answer_once_and_hear_what_came_of_it(stack: Stack, phones: Phones, sign_in: SignIn) -> None:
    deputy = sign_in("deputy")
    id = asked(deputy)
    place = f"/c/{id}"
    assert phones().get(f"{place}/qr.svg").headers["content-type"] == "image/svg+xml"
    one, other = phones(), phones()
    said = {"q1": "2", "q2-1": "on", "q2-2": "on", "q3": "送到三楼", "email": BOX}
    assert answered(one, place, **said).headers["location"].endswith("thanks")
    assert answered(other, place, q1="2").headers["location"].endswith("thanks")
    assert "已经填写过" in one.get(place).text
    results = deputy.consultation_results(id)
    assert (results.people, results.outcomes[0].chosen, results.outcomes[1].chosen) == (2, (0, 2), (1, 1))
    (comment,) = deputy.comments(id)
    assert f"/open/consultations/{id}" in one.get("/open/consultations").text
    assert deputy.close_consultation(id).status == "closed"
    deputy.take_up_comment(id, comment.answer, "q3", "和食堂谈好了送餐到户")
    deputy.publish_consultation(id, "先办送餐")
    page = other.get(f"/open/consultations/{id}").text
    assert all(said in page for said in ("先办送餐", "送到三楼", "和食堂谈好了送餐到户", "<svg"))
    (told,) = until(lambda: mails(stack, BOX, id), bool, LONG)
    assert f"{stack.base_url}/open/consultations/{id}" in told


def test_a_notice_reaches_its_group_and_what_is_learned_is_kept(stack: Stack, phones: Phones, sign_in: SignIn) -> None:
    manager, deputy = sign_in("manager"), sign_in("deputy")
    notice = manager.publish_notice("西里开放日", "周六上午开放。", ["ward:weidu-1"], public=True)
    until(lambda: mails(stack, "lin@wanglan.example.org", notice.id), bool, LONG)
    assert deputy.read_notice(notice.id).read_at is not None
    assert [reader.username for reader in manager.notice_readers(notice.id).read] == ["deputy.lin"]
    assert "周六上午开放。" in phones().get(f"/open/bulletin/{notice.id}").text
    item = manager.add_text("怎样看供暖数据", "先看室温。")
    deputy.open_library_item(item.id)
    assert deputy.complete_library_item(item.id).learned == 1
    assert item.id in [learned.item for learned in deputy.library_progress().items if learned.completed_at]
