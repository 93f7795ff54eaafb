"""Where one answers and where the results stand, as a browser without JavaScript meets them."""

import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from chalicelib.consultations import once, service
from chalicelib.consultations.model import Consultation
from chalicelib.people import form, vault
from chalicelib.people.guard import LIMITS
from chalicelib.settings import settings
from tests.support.api import BASE_URL, AppTransport
from tests.support.calls import counted
from tests.support.consultations import FORM, WEEK, answered, answers, drafted, opened, send
from tests.support.wanglan import LIN

pytestmark = pytest.mark.usefixtures("district")

MINUTE = timedelta(minutes=1)
IN_ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    """A browser that keeps cookies and reads English."""
    with httpx.Client(transport=AppTransport(), base_url=BASE_URL, headers=IN_ENGLISH) as client:
        yield client


def another(**headers: str) -> httpx.Client:
    return httpx.Client(transport=AppTransport(), base_url=BASE_URL, headers=IN_ENGLISH | headers)


def running(kind: str = "survey") -> Consultation:
    return opened(kind, now=settings.now() - MINUTE)


def sent(who: httpx.Client, consultation: Consultation, **fields: str) -> httpx.Response:
    return send(who, consultation, settings.now() - MINUTE, **fields)


def people(consultation: Consultation) -> int:
    return service.results(consultation).people


def test_one_answers_and_is_thanked_and_a_second_time_told_so(browser: httpx.Client) -> None:
    consultation = running()
    answer = sent(browser, consultation, q1="2", **{"q2-1": "on", "q2-2": "on"}, q3="4", q4="多放些\n素菜")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{consultation.id}?thanks")
    assert "your answers are counted" in browser.get(f"/c/{consultation.id}?thanks").text
    results = service.results(consultation)
    assert (results.people, [outcome.chosen for outcome in results.outcomes]) == (
        1, [(0, 1, 0), (1, 1), (0, 0, 0, 1, 0), ()],
    )  # fmt: skip
    assert service.comments(consultation, limit=5)[0][0].given.texts == {"q4": "多放些\n素菜"}
    assert "You have answered already" in browser.get(f"/c/{consultation.id}").text
    assert sent(browser, consultation, q1="1").headers["location"] == f"{consultation.id}?counted"
    assert people(consultation) == 1


def test_a_double_tap_counts_once_and_thanks_twice(browser: httpx.Client) -> None:
    consultation, token = running(), str(form.new_form(settings.now() - MINUTE))
    browser.get(f"/c/{consultation.id}")
    cookie = browser.cookies[once.cookie_name(consultation.id)]
    for _ in range(2):
        browser.cookies.set(once.cookie_name(consultation.id), cookie, domain="127.0.0.1", path="/")
        content = f"form={token}&q1=1"
        answer = browser.post(f"/c/{consultation.id}", content=content, headers=FORM)
        assert answer.headers["location"].endswith("?thanks")
        browser.cookies.clear()
    assert people(consultation) == 1


def test_a_browser_that_throws_its_answered_mark_away_is_still_counted_once(browser: httpx.Client) -> None:
    consultation = running()
    browser.get(f"/c/{consultation.id}")
    before = browser.cookies[once.cookie_name(consultation.id)]
    sent(browser, consultation, q1="1")
    browser.cookies.clear()
    again = another(Cookie=f"{once.cookie_name(consultation.id)}={before}")
    assert sent(again, consultation, q1="2").headers["location"].endswith("?counted")
    assert people(consultation) == 1


def test_without_a_cookie_one_is_asked_to_send_once_more_and_nothing_is_lost() -> None:
    consultation = running()
    who = another()
    content = {"form": str(form.new_form(settings.now() - MINUTE)), "q1": "3", "q4": "多放些素菜"}
    answer = who.post(f"/c/{consultation.id}", data=content)
    assert answer.status_code == 422
    assert "keeps no cookies" in answer.text
    assert "多放些素菜" in answer.text
    assert re.search(r'value="3" id="q1-3" checked', answer.text)
    assert who.post(f"/c/{consultation.id}", data=content).status_code == 303
    assert people(consultation) == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"q2-1": "on"}, "Please answer this question"),
        ({"q1": "9"}, "Please answer this question"),
        ({"q1": "1", "q4": "长" * 2_001}, "This is too long"),
        ({"q1": "1", "email": "nobody"}, "This is no e-mail address"),
    ],
)
def test_what_is_to_be_put_right_is_said_at_its_question_and_kept(
    fields: dict[str, str], says: str, browser: httpx.Client
) -> None:
    consultation = running()
    answer = sent(browser, consultation, **fields)
    assert answer.status_code == 422
    assert answer.text.count(says) == 2
    assert "<title>Error:" in answer.text
    assert ("长" * 2_001 in answer.text) == ("q4" in fields)
    assert people(consultation) == 0


def test_an_empty_comment_on_a_draft_is_none(browser: httpx.Client) -> None:
    consultation = running("draft")
    assert "at least one question" in sent(browser, consultation).text
    assert sent(browser, consultation, p2="两小时太短").status_code == 303
    assert [outcome.answered for outcome in service.results(consultation).outcomes] == [0, 1, 0, 0]


def test_a_machine_sends_once_more(browser: httpx.Client) -> None:
    consultation = running()
    for fields in ({"website": "spam"}, {"form": str(form.new_form(settings.now()))}):
        assert sent(browser, consultation, q1="1", **fields).status_code == 422
    assert sent(browser, consultation, q1="1", form="not ours").status_code == 422
    assert people(consultation) == 0


def test_from_one_network_only_so_many_answers_are_taken_in_an_hour(browser: httpx.Client) -> None:
    consultation, most = running(), LIMITS["answer_address"].most
    for _ in range(most):
        with another() as who:
            assert sent(who, consultation, q1="1").status_code == 303
    answer = sent(browser, consultation, q1="1", q4="留着")
    assert (answer.status_code, "留着" in answer.text, int(answer.headers["retry-after"]) > 0) == (429, True, True)
    assert people(consultation) == most


def test_the_language_can_be_switched_in_the_middle_of_an_answer(browser: httpx.Client) -> None:
    consultation = running()
    answer = sent(browser, consultation, q1="1", q4="留着", lang="zh")
    assert (answer.status_code, "留着" in answer.text, "提交" in answer.text) == (200, True, True)
    assert people(consultation) == 0


def test_whoever_wants_to_be_told_is_kept_in_the_vault_in_their_language(browser: httpx.Client) -> None:
    consultation = running()
    assert sent(browser, consultation, q1="1", email="ａ@wanglan.example.org").status_code == 303
    (asker,) = service.askers(consultation.id)
    contact = vault.unseal(service.vault_id(consultation.id, asker))
    assert contact
    assert (contact.email, contact.language, contact.name) == ("a@wanglan.example.org", "en", "")


def test_a_draft_is_no_page_and_a_scheduled_one_says_when_it_opens(browser: httpx.Client) -> None:
    now = settings.now()
    consultation = drafted(now=now)
    for place in (f"/c/{consultation.id}", f"/c/{consultation.id}/qr.svg", f"/open/consultations/{consultation.id}"):
        assert browser.get(place).status_code == 404
    service.schedule(consultation.id, now + WEEK, now + 2 * WEEK, by=LIN, now=now)
    assert "It opens on" in browser.get(f"/c/{consultation.id}").text
    assert browser.get(f"/open/consultations/{consultation.id}").status_code == 404
    assert sent(browser, consultation, q1="1").headers["location"].endswith("?counted")


def test_one_that_was_taken_back_says_so(browser: httpx.Client) -> None:
    consultation = running()
    service.withdraw(consultation.id, "问题写错了", by=LIN, now=settings.now())
    assert "问题写错了" in browser.get(f"/c/{consultation.id}").text
    assert browser.get(f"/open/consultations/{consultation.id}").status_code == 404


def test_results_are_public_only_when_they_are_published(browser: httpx.Client) -> None:
    consultation = running()
    id = answered(consultation, answers({"q1": (1,), "q3": (4,)}, q4="多放些<b>素菜</b>"), now=settings.now())
    answered(consultation, answers({"q1": (3,), "q3": (5,)}, q4="不公开的话"), now=settings.now())
    page = f"/open/consultations/{consultation.id}"
    assert "送餐上门" not in browser.get(page).text
    service.close(consultation.id, by=LIN, now=settings.now())
    service.take_up(consultation.id, id, "q4", "下月起每天四样素菜", by=LIN, now=settings.now())
    assert "送餐上门" not in browser.get(page).text
    service.publish(consultation.id, "先办早餐和送餐", by=LIN, now=settings.now())
    text = browser.get(page).text
    for said in ("先办早餐和送餐", "2 people answered", "1 · 50%", "On average 4.5", "下月起每天四样素菜", "&lt;b&gt;素菜"):
        assert said in text
    assert "不公开的话" not in text
    assert "style=" not in text
    assert text.count("<svg") - text.count('role="img"') == 0
    assert text.count("<table>") == text.count("<svg")


def test_the_results_of_a_draft_show_how_many_commented_on_each_paragraph(browser: httpx.Client) -> None:
    consultation = running("draft")
    for _ in range(3):
        answered(consultation, answers({}, p1="太少了", all="好"), now=settings.now())
    service.close(consultation.id, by=LIN, now=settings.now())
    service.publish(consultation.id, "改了", by=LIN, now=settings.now())
    text = browser.get(f"/open/consultations/{consultation.id}").text
    assert "1. 第一条 霁月花园每户一个固定车位。: 3" in text
    assert "On the draft as a whole: 3" in text
    assert "2. 第二条 访客车辆停放不超过两小时。: 0" in text


def test_the_list_shows_what_is_asked_and_the_code_leads_to_it(browser: httpx.Client) -> None:
    consultation = running()
    drafted(title="还没有公开")
    text = browser.get("/open/consultations").text
    assert (consultation.title in text, "还没有公开" in text) == (True, False)
    picture = browser.get(f"/c/{consultation.id}/qr.svg")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/svg+xml")
    assert browser.get("/open/consultations?cursor=nonsense").status_code == 422


def test_a_look_costs_one_read_and_the_results_two(browser: httpx.Client) -> None:
    consultation = running()
    browser.get(f"/c/{consultation.id}")
    with counted() as calls:
        browser.get(f"/c/{consultation.id}")
    assert calls == ["GetItem dossiers"]
    with counted() as calls:
        sent(another(Cookie=f"{once.cookie_name(consultation.id)}={once.new_browser(consultation.id)}"), consultation, q1="1")
    assert calls[1:] == ["GetItem dossiers", "UpdateItem guards", "TransactWriteItems"]  # the first is of opening it
    service.close(consultation.id, by=LIN, now=settings.now())
    service.publish(consultation.id, "改了", by=LIN, now=settings.now())
    for place, expected in (
        ("/open/consultations", ["Query dossiers by-shelf"]),
        (f"/open/consultations/{consultation.id}", ["GetItem dossiers", "Query library"]),
    ):
        with counted() as calls:
            assert browser.get(place).status_code == 200
        assert calls == expected
