"""Casework at the desk: templates with blanks, one move for many, search."""

import re

import httpx
import pytest

from chalicelib.cases import service
from chalicelib.cases.wording import shown_id
from chalicelib.people.roles import A_RESIDENT
from tests.support.casework import facts, routed
from tests.support.desk import AtDesk
from tests.support.visitor import form_of, forms


@pytest.fixture
def desk(at_desk: AtDesk) -> httpx.Client:
    """A deputy's browser, signed in."""
    return at_desk("deputy")


def test_a_template_begins_an_answer_and_its_blanks_must_be_filled(desk: httpx.Client) -> None:
    case = routed()
    page = desk.get(f"/work/cases/{case.id}?template=heating-visit")
    form = form_of(page, "answer")
    assert "【填：日期和时段】" in form["text"]
    refused = desk.post(f"/work/cases/{case.id}", data=form)
    assert refused.status_code == 422
    assert "Some blanks of the template are still empty" in refused.text
    filled = form | {"text": re.sub("【填[^】]*】", "今晚七点", form["text"])}
    assert desk.post(f"/work/cases/{case.id}", data=filled).status_code == 303
    assert "answered" in facts(case.id)


def bulk(desk: httpx.Client, move: str, *cases: str, **given: str) -> httpx.Response:
    (paper,) = [form for form in forms(desk.get("/work/cases")) if form["action"].endswith("work/bulk")]
    paper |= {"move": move, "cases": ",".join(cases), **given}
    return desk.post("/work/bulk", data=paper)


def test_one_move_is_made_to_all_that_are_ticked_and_each_says_what_came_of_it(desk: httpx.Client) -> None:
    first, second, answered = routed(), routed(), routed()
    service.withdraw(service.found(answered.id), by=A_RESIDENT, now=answered.created_at)
    page = bulk(desk, "acknowledge", first.id, second.id, answered.id, "NOTHERE00000")
    assert page.status_code == 200
    assert [service.found(case.id).status for case in (first, second)] == ["acknowledged"] * 2
    assert page.text.count("Not done") == 2


def test_a_page_for_many_that_is_sent_twice_does_nothing_twice(desk: httpx.Client) -> None:
    case = routed()
    (paper,) = [form for form in forms(desk.get("/work/cases")) if form["action"].endswith("work/bulk")]
    paper |= {"move": "note", "cases": case.id, "text": "已电话联系"}
    assert [desk.post("/work/bulk", data=paper).status_code for _ in range(2)] == [200, 200]
    assert facts(case.id).count("noted") == 1


def test_nothing_ticked_is_refused(desk: httpx.Client) -> None:
    routed()
    assert bulk(desk, "acknowledge").status_code == 422


def test_a_number_leads_to_its_case_and_words_to_a_list(desk: httpx.Client) -> None:
    case = routed(text="楼道的灯坏了三盏")
    by_number = desk.get("/work/search", params={"q": shown_id(case.id).lower()})
    assert by_number.headers["location"] == f"../work/cases/{case.id}"
    month = f"{case.created_at:%Y-%m}"
    assert case.id in desk.get("/work/search", params={"q": "楼道", "month": month}).text
    assert case.id not in desk.get("/work/search", params={"q": "暖气", "month": month}).text
