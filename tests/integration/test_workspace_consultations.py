"""Consultations at the desk: drafting, opening, counts and comments, what is taken up, the results."""

from datetime import timedelta

import httpx
import pytest

from chalicelib.consultations import service
from chalicelib.consultations.desk_drafting import written
from chalicelib.consultations.desk_wording import DONE, FORMS, KINDS, NEW, STATUS
from chalicelib.consultations.model import LIFECYCLE, Consultation
from chalicelib.settings import settings
from tests.support.consultations import answered, answers, drafted, opened
from tests.support.desk import AtDesk
from tests.support.visitor import counted, form_of

WORDS = "多放些素菜，少放油"


def test_every_move_form_and_state_has_its_words() -> None:
    assert set(FORMS) | {"edit"} == {move.name for move in LIFECYCLE.moves}
    assert set(DONE) == {*FORMS, "new"}
    assert set(STATUS) == {LIFECYCLE.start, "scheduled", "open", "closed", *LIFECYCLE.closed}
    assert set(KINDS) == set(NEW)


def path(consultation: Consultation) -> str:
    return f"/work/consultations/{consultation.id}"


def day(ahead: int) -> str:
    return (settings.now().astimezone(settings.zone) + timedelta(days=ahead)).date().isoformat()


def sent(desk: httpx.Client, consultation: Consultation, move: str, query: str = "", **given: str) -> httpx.Response:
    """Fill in the form of a move and send it."""
    return desk.post(path(consultation), data=form_of(desk.get(path(consultation) + query), move) | given)


def test_questions_are_typed_as_blocks_of_lines() -> None:
    asked = written("最该先办什么？\r\n早餐\r\n午餐\r\n\r\n\r\n还有什么想说的？\r\n")
    assert [(each.kind, each.text, each.options) for each in asked] == [
        ("single", "最该先办什么？", ("早餐", "午餐")),
        ("text", "还有什么想说的？", ()),
    ]
    assert written("  ") == []


@pytest.mark.parametrize(
    ("kind", "given"), [("survey", {"questions": "先办什么？\n早餐\n午餐"}), ("draft", {"text": "第一条\n\n第二条"})]
)
def test_a_deputy_drafts_one_and_opens_it(kind: str, given: dict[str, str], at_desk: AtDesk) -> None:
    desk = at_desk("deputy")
    paper = form_of(desk.get("/work/consultations/new"), kind) | {"title": "社区食堂"} | given
    made = desk.post("/work/consultations/new", data=paper)
    assert made.headers["location"] == desk.post("/work/consultations/new", data=paper).headers["location"]
    draft = service.found(made.headers["location"].partition("?")[0])
    assert (draft.form, draft.status, draft.title) == (kind, "drafted", "社区食堂")
    assert draft.id in desk.get("/work/consultations").text
    assert draft.id not in at_desk("officer").get("/work/consultations").text
    assert sent(desk, draft, "open", closes_at=day(7)).status_code == 303
    now_open = service.found(draft.id)
    assert now_open.closes_at
    assert f"{now_open.closes_at.astimezone(settings.zone):%Y-%m-%d %H:%M}" == f"{day(8)} 00:00"
    assert draft.id in desk.get("/work/consultations?public=1").text


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        ("survey", {"questions": "先办什么？\n早餐"}, "questions"),
        ("survey", {"questions": ""}, "questions"),
        ("draft", {"title": "长" * 121}, "title"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(
    kind: str, given: dict[str, str], field: str, at_desk: AtDesk
) -> None:
    desk = at_desk("manager")
    paper = form_of(desk.get("/work/consultations/new"), kind) | {"title": "社区食堂", "intro": "请您说说。", "text": "一条"}
    answer = desk.post("/work/consultations/new", data=paper | given)
    assert answer.status_code == 422
    assert f'id="{kind}-{field}-fault"' in answer.text
    assert "请您说说。" in answer.text


def test_it_is_scheduled_extended_and_taken_back(at_desk: AtDesk) -> None:
    desk, draft = at_desk("manager"), drafted(now=settings.now())
    assert sent(desk, draft, "schedule", opens_at=day(2), closes_at=day(1)).status_code == 422
    assert sent(desk, draft, "schedule", opens_at=day(2), closes_at=day(9)).status_code == 303
    assert service.found(draft.id).status == "scheduled"
    going = opened(now=settings.now())
    before = going.closes_at
    assert before
    assert sent(desk, going, "extend", closes_at=day(20), reason="请更多人说").status_code == 303
    assert (service.found(going.id).closes_at or before) > before
    assert sent(desk, going, "withdraw", reason="另行组织").status_code == 303
    assert service.found(going.id).status == "withdrawn"


def test_comments_are_read_taken_up_and_published_with_the_results(at_desk: AtDesk) -> None:
    desk, going = at_desk("deputy"), opened(now=settings.now())
    said = answered(going, answers(q4=WORDS), now=settings.now())
    page = desk.get(path(going)).text
    assert WORDS in page
    assert f"?answer={said}&amp;question=q4" in page
    comment = f"?answer={said}&question=q4"
    wrong = sent(desk, going, "take_up", comment, quote="多放肉", text="已请食堂改菜单")
    assert wrong.status_code == 422
    assert 'id="take_up-quote-fault"' in wrong.text
    assert sent(desk, going, "take_up", comment, quote="多放些素菜", text="已请食堂改菜单").status_code == 303
    assert sent(desk, going, "close").status_code == 303
    assert sent(desk, going, "publish", text="先办早餐").status_code == 303
    done = service.found(going.id)
    assert (done.status, done.conclusion, list(done.quotes.values())) == ("published", "先办早餐", ["多放些素菜"])
    assert "已请食堂改菜单" in desk.get(path(going)).text


def test_peoples_words_and_counts_are_not_for_officers(at_desk: AtDesk) -> None:
    going = opened(now=settings.now())
    answered(going, answers(q4=WORDS), now=settings.now())
    page = at_desk("officer").get(path(going)).text
    assert going.title in page
    assert WORDS not in page
    assert "People who answered" not in page


def test_anothers_consultation_is_looked_at_not_moved(at_desk: AtDesk) -> None:
    going, other = opened(now=settings.now()), at_desk("other_deputy")
    assert 'name="move"' not in other.get(path(going)).text
    assert other.get(path(drafted())).status_code == 404


def test_a_list_is_one_query_a_view_three_reads_and_a_move_a_read_and_a_transaction(at_desk: AtDesk) -> None:
    desk, going = at_desk("deputy"), opened(now=settings.now())
    desk.get("/work")  # who it is, and the directory, are known from here on
    with counted() as listed:
        desk.get("/work/consultations")
    with counted() as seen:
        paper = form_of(desk.get(path(going)), "close")
    with counted() as done:
        desk.post(path(going), data=paper)
    assert (listed, seen, done) == (["Query"], ["GetItem", "Query", "Query"], ["GetItem", "TransactWriteItems"])
