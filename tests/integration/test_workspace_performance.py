"""Performance at the desk: a deputy's file and records, the review queue, every move from its page."""

import httpx
import pytest

from chalicelib.performance import service
from chalicelib.performance.desk_wording import DONE, FACTS, FORMATS, FORMS, STATUS
from chalicelib.performance.model import LIFECYCLE, Record
from tests.support import performance
from tests.support.desk import AtDesk
from tests.support.performance import PLACE, TITLE
from tests.support.visitor import form_of


def path(record: Record) -> str:
    return f"/work/records/{record.id}"


def sent(desk: httpx.Client, record: Record, move: str, **given: str) -> httpx.Response:
    """Fill in the form of a move and send it."""
    return desk.post(path(record), data=form_of(desk.get(path(record)), move) | given)


def test_every_move_state_and_fact_has_its_words() -> None:
    assert set(FORMS) == {move.name for move in LIFECYCLE.moves} == set(DONE) - {"draft"}
    assert {move.fact for move in LIFECYCLE.moves} | {"drafted", "made"} == set(FACTS)
    assert set(STATUS) == {"draft", "submitted", "returned", "appealed", *LIFECYCLE.closed}


def test_a_record_goes_from_the_deputys_form_to_the_yearly_file(at_desk: AtDesk) -> None:
    deputy, manager = at_desk("deputy"), at_desk("manager")
    paper = form_of(deputy.get("/work/records/new"), "draft") | {"kind": "visit", "day": "2026-01-20", "title": TITLE}
    del paper["submit"]  # not ticked
    made = deputy.post("/work/records/new", data=paper | {"place": PLACE, "show": "1"})
    record = service.found(made.headers["location"].partition("?")[0])
    assert (record.account.title, record.shown, record.status) == (TITLE, True, "draft")
    assert path(record)[1:] in deputy.get("/work").text
    assert sent(deputy, record, "submit").status_code == 303
    assert path(record)[1:] in manager.get("/work").text
    assert TITLE in manager.get("/work/performance").text
    assert sent(manager, record, "approve").status_code == 303
    assert "Approved." in manager.get(f"{path(record)}?done=approve").text
    assert path(record)[1:] in deputy.get("/work/performance?year=2026").text


def test_what_came_back_is_written_anew_or_appealed_and_another_decides(at_desk: AtDesk) -> None:
    deputy, manager, supervisor = (at_desk(role) for role in ("deputy", "manager", "supervisor"))
    record = performance.submitted()
    assert sent(manager, record, "return", reason="请补充地点").status_code == 303
    assert sent(deputy, record, "revise", title="另一行", show="").status_code == 303
    assert service.found(record.id).account.title == "另一行"
    assert sent(deputy, record, "appeal", reason="地点已写明").status_code == 303
    assert path(record)[1:] not in manager.get("/work").text
    assert path(record)[1:] in supervisor.get("/work").text
    assert sent(supervisor, record, "overturn", reason="申诉成立").status_code == 303
    assert service.found(record.id).counts


@pytest.mark.parametrize(
    ("given", "field"),
    [({"day": "2999-01-01"}, "day"), ({"kind": "holiday"}, "kind"), ({"title": ""}, "title"), ({"title": "长" * 81}, "title")],
)
def test_what_is_wrong_is_said_at_its_field_and_the_words_are_kept(given: dict[str, str], field: str, at_desk: AtDesk) -> None:
    desk = at_desk("deputy")
    paper = form_of(desk.get("/work/records/new"), "draft") | {"kind": "visit", "day": "2026-01-20", "title": TITLE}
    answer = desk.post("/work/records/new", data=paper | {"text": "走访十二户"} | given)
    assert answer.status_code == 422
    assert f'id="draft-{field}-fault"' in answer.text
    assert "走访十二户" in answer.text


def test_a_deputys_file_is_saved_in_each_form_and_is_nobody_elses(at_desk: AtDesk) -> None:
    performance.approved()
    deputy, other = at_desk("deputy"), at_desk("other_deputy")
    page = deputy.get("/work/performance?year=2026").text
    for wanted in FORMATS:
        address = f"/work/performance/lin-jianwei/export?year=2026&format={wanted}"
        assert address[1:].replace("&", "&amp;") in page
        answer = deputy.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].endswith(f'.{wanted}"')
    assert other.get("/work/performance/lin-jianwei").status_code == 404
    assert other.get("/work/performance/lin-jianwei/export").status_code == 404
    assert other.get(path(performance.drafted())).status_code == 404


def test_whoever_answers_for_the_whole_sees_every_deputys_year(at_desk: AtDesk) -> None:
    performance.approved()
    desk = at_desk("supervisor")
    assert "work/performance/lin-jianwei?year=2026" in desk.get("/work/performance?year=2026").text
    assert TITLE in desk.get("/work/performance/lin-jianwei?year=2026").text
