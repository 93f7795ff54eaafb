"""Supervision and appraisals at the desk: lists, an item opened by hand, its way to the close, what says how one votes."""

import httpx
import pytest

from chalicelib.supervision import service
from chalicelib.supervision.desk_wording import CAUSES, DONE, FACTS, FORMS, LISTS, STATUS
from chalicelib.supervision.model import LIFECYCLE, WAITING, Item
from tests.support import supervision
from tests.support.desk import AtDesk
from tests.support.supervision import photo
from tests.support.visitor import form_of, forms


def path(item: Item) -> str:
    return f"/work/supervision/{item.id}"


def sent(desk: httpx.Client, item: Item, move: str, *pictures: str, **given: str) -> httpx.Response:
    """Fill in the form of a move and send it, on the page to which the last picture led back."""
    page = desk.get(f"{path(item)}?pictures={','.join(pictures)}")
    return desk.post(path(item), data=form_of(page, move) | given)


def test_every_move_of_people_state_fact_and_list_has_its_words() -> None:
    assert set(FORMS) == {move.name for move in LIFECYCLE.moves if move.by != {"system"}} == set(DONE) - {"open"}
    assert {move.fact for move in LIFECYCLE.moves} <= set(FACTS)
    assert set(STATUS) == {*WAITING, *LIFECYCLE.closed}
    assert set(LISTS) == set(service.LISTS)
    assert set(CAUSES) == {"by_hand", "breach", "dissatisfied", "breaches"}


def test_an_item_goes_from_the_first_page_to_its_close(at_desk: AtDesk) -> None:
    supervisor, officer, lin, gao = (at_desk(role) for role in ("supervisor", "officer", "deputy", "other_deputy"))
    paper = form_of(supervisor.get("/work/supervision/new"), "open")
    paper |= {"title": "三号换热站整改", "body": "heating-company", "text": "换热站停了两次", "category": "heating"}
    made = supervisor.post("/work/supervision/new", data=paper)
    item = service.found(made.headers["location"].partition("?")[0])
    assert path(item)[1:] in supervisor.get("/work").text
    assert sent(supervisor, item, "notice", text="请限期整改").status_code == 303
    assert path(item)[1:] in officer.get("/work").text
    assert sent(officer, item, "rectify", photo(), text="换了阀门").status_code == 303
    for desk in (lin, gao):
        assert path(item)[1:] in desk.get("/work").text
        answer = sent(desk, item, "verify", photo(), passes="yes", position="30.006，123.504", text="到现场看过")
        assert answer.status_code == 303, answer.text
    assert path(item)[1:] not in lin.get("/work").text
    assert "30.00600, 123.50400" in supervisor.get(path(item)).text
    assert sent(supervisor, item, "close").status_code == 303
    assert service.found(item.id).status == "closed"


@pytest.mark.parametrize(
    ("given", "field"),
    [({"position": "somewhere"}, "position"), ({"position": "95, 20"}, "position"), ({"passes": ""}, "passes"), ({}, "files")],
)
def test_what_is_wrong_with_a_look_is_said_and_the_words_are_kept(given: dict[str, str], field: str, at_desk: AtDesk) -> None:
    item = supervision.rectified()
    look = {"passes": "no", "position": "30.006, 123.504", "text": "阀门还在漏水"} | given
    answer = sent(at_desk("deputy"), item, "verify", **look)
    assert answer.status_code == 422
    assert f'href="#verify-{field}"' in answer.text
    assert "阀门还在漏水" in answer.text
    assert service.found(item.id).visits == ()


def test_a_picture_is_sent_by_a_plain_form_that_leads_back_with_those_before(at_desk: AtDesk) -> None:
    item, before = supervision.rectified(), photo()
    page = at_desk("deputy").get(f"{path(item)}?pictures={before}")
    (upload,) = [each for each in forms(page) if "success_action_redirect" in each]
    assert f"{path(item)}?pictures={before}," in upload["success_action_redirect"]
    assert upload["action"].partition("/")[0] in page.headers["content-security-policy"]


def test_a_picture_is_seen_by_whom_the_item_concerns(at_desk: AtDesk) -> None:
    item = supervision.looked(supervision.rectified())
    address = f"{path(item)}/photos/{item.visits[0].files[0].id}"
    desk = at_desk("supervisor")
    assert address[1:] in desk.get(path(item)).text
    assert desk.get(address).status_code == 303
    assert desk.get(f"{path(item)}/photos/F000000000000").status_code == 404
    assert at_desk("other_officer").get(address).status_code == 404


def test_an_officer_sees_what_the_body_has_a_notice_of_and_nothing_else(at_desk: AtDesk) -> None:
    noticed, opened, other = supervision.noticed(), supervision.came(), supervision.noticed(body="water-company")
    desk = at_desk("officer")
    page = desk.get("/work/supervision").text
    assert [path(item)[1:] in page for item in (noticed, opened, other)] == [True, False, False]
    assert desk.get(path(other)).status_code == 404


def test_each_list_is_a_page_and_one_that_is_none_says_so(at_desk: AtDesk) -> None:
    desk, item = at_desk("manager"), supervision.passed()
    assert [path(item)[1:] in desk.get(f"/work/supervision?list={name}").text for name in LISTS] == [
        name in ("passed", "all") for name in LISTS
    ]
    assert desk.get("/work/supervision?list=lost").status_code == 422


def test_an_appraisal_says_that_one_votes_with_the_program_and_shows_the_grades_in_the_end(at_desk: AtDesk) -> None:
    desk, running = at_desk("deputy"), supervision.opened()
    page = desk.get(f"/work/appraisals/{running.id}").text
    assert f"deputy appraisals seal {running.id}" in page
    assert "It was not stamped." in page
    counted = supervision.published("satisfied", "satisfied", "basically")
    assert counted.id in desk.get("/work/appraisals").text
    page = desk.get(f"/work/appraisals/{counted.id}").text
    assert "deputy appraisals" not in page
    assert "Keeps its promises" in page
