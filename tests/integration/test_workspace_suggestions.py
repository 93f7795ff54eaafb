"""Suggestions at the desk: the list, a draft from a demand, a suggestion in one view, its moves by each role."""

from datetime import UTC, datetime

import httpx
import pytest

from chalicelib.people.roles import Actor
from chalicelib.suggestions import service
from chalicelib.suggestions.desk_wording import DONE, FACTS, FORMS, STATUS
from chalicelib.suggestions.model import LIFECYCLE, OPEN, Suggestion
from chalicelib.workspace import duties
from tests.support import suggestions
from tests.support.desk import AtDesk
from tests.support.suggestions import BEFORE, TEXT, TITLE
from tests.support.visitor import counted, form_of

pytestmark = pytest.mark.usefixtures("noon")

DESKS = {"deputy": "deputy", "officer": "officer", "manager": "manager"}
# What each form is filled in with.
GIVEN: dict[str, dict[str, str]] = {
    "edit": {"text": "另一段话"},
    "invite": {"deputies": "gao-xiulan"},
    "withdraw": {"reason": "另有安排"},
    "return": {"reason": "请补充依据"},
    "assign": {"body": "heating-company", "joint": "housing-bureau", "hard": "1"},
    "reassign": {"body": "housing-bureau", "reason": "职责调整"},
    "interim": {"text": "正在研究"},
    "ask_extension": {"until": "2027-03-31", "reason": "管网改造要等停暖"},
    "refuse_extension": {"reason": "时间够了"},
    "reply": {"class": "planned", "text": "列入明年计划"},
    "evaluate": {"attitude": "satisfied", "result": "basically"},
    "document": {"title": "办法", "number": "望政办〔2026〕12号", "date": "2026-01-20", "url": "https://www.example.org/12"},
    "hand_over": {"deputy": "gao-xiulan", "reason": "换届"},
}


def path(suggestion: Suggestion) -> str:
    return f"/work/suggestions/{suggestion.id}"


def sent(desk: httpx.Client, suggestion: Suggestion, move: str, **given: str) -> httpx.Response:
    """Fill in the form of a move and send it."""
    return desk.post(path(suggestion), data=form_of(desk.get(path(suggestion)), move) | given)


def test_every_move_of_people_state_and_fact_has_its_words() -> None:
    assert set(FORMS) == {move.name for move in LIFECYCLE.moves if move.by != {"system"}} == set(DONE) - {"draft"}
    assert {move.fact for move in LIFECYCLE.moves} <= set(FACTS)
    assert set(STATUS) == {*OPEN, *LIFECYCLE.closed}


def test_a_demand_becomes_a_draft_that_others_are_asked_to_sign(at_desk: AtDesk) -> None:
    desk, demand = at_desk("deputy"), suggestions.demand()
    assert f"work/suggestions/new?demand={demand.id}" in desk.get(f"/work/demands/{demand.id}").text
    paper = form_of(desk.get(f"/work/suggestions/new?demand={demand.id}"), "draft")
    assert paper["title"] == demand.name
    made = desk.post("/work/suggestions/new", data=paper | {"text": TEXT})
    draft = service.found(made.headers["location"].partition("?")[0])
    assert (draft.demands, draft.text, draft.deputy) == ((demand.id,), TEXT, "lin-jianwei")
    assert desk.post("/work/suggestions/new", data=paper | {"text": TEXT}).headers["location"] == made.headers["location"]
    assert sent(desk, draft, "invite", deputies="gao-xiulan").status_code == 303
    other = at_desk("other_deputy")
    assert path(draft)[1:] in other.get("/work").text
    assert "You are asked to sign" in other.get("/work/suggestions?year=2026").text
    assert sent(other, draft, "cosign").status_code == 303
    assert service.found(draft.id).cosigners == ("gao-xiulan",)


@pytest.mark.parametrize("move", [move for move in FORMS if move not in ("merge", "reassign", "cosign", "decline")])
def test_a_move_is_made_from_the_page(move: str, at_desk: AtDesk) -> None:
    suggestion = BEFORE[move]()
    (role,) = sorted(next(each for each in LIFECYCLE.moves if each.name == move).by)[-1:]
    desk = at_desk(DESKS["deputy" if move == "document" else role])
    answer = sent(desk, suggestion, move, **GIVEN.get(move, {}))
    assert (answer.status_code, answer.headers.get("location")) == (303, f"{suggestion.id}?done={move}"), answer.text
    facts = [entry.type for entry in service.timeline(suggestion)]
    assert facts[-1] == next(each.fact for each in LIFECYCLE.moves if each.name == move)
    assert desk.get(f"{path(suggestion)}?done={move}").status_code == 200


def test_it_goes_to_other_bodies_and_is_joined_to_another(at_desk: AtDesk) -> None:
    desk, first = at_desk("manager"), suggestions.assigned()
    assert sent(desk, first, "reassign", **GIVEN["reassign"]).status_code == 303
    assert service.found(first.id).body == "housing-bureau"
    second = suggestions.submitted()
    assert sent(desk, second, "merge", into=first.id, reason="同一事项").status_code == 303
    assert service.found(second.id).merged_into == first.id


def test_what_waits_is_on_the_first_page_of_whom_it_waits_for(at_desk: AtDesk) -> None:
    manager, officer, deputy = (at_desk(role) for role in ("manager", "officer", "deputy"))
    submitted, accepted, asked, replied = (
        suggestions.submitted(), suggestions.accepted(), suggestions.asked(), suggestions.replied(),
    )  # fmt: skip
    first = {role: desk.get("/work").text for role, desk in (("m", manager), ("o", officer), ("d", deputy))}
    waits = {
        role: {each.id for each in (submitted, accepted, asked, replied) if path(each)[1:] in text}
        for role, text in first.items()
    }
    assert waits == {"m": {submitted.id, accepted.id, asked.id}, "o": {asked.id}, "d": {replied.id}}


@pytest.mark.usefixtures("district")
def test_who_was_asked_to_sign_before_new_year_is_still_asked_after_it() -> None:
    held = suggestions.invited(suggestions.draft())
    (one, *_) = held.invited
    january = datetime(2027, 1, 2, 1, tzinfo=UTC)
    waiting = duties.of_sections(Actor("deputy", "somebody", deputy=one), january)
    assert path(held)[1:] in {task.path for group in waiting for task in group.tasks}


def test_a_list_is_filtered_by_state_body_and_class(at_desk: AtDesk) -> None:
    desk, replied, accepted = at_desk("supervisor"), suggestions.replied(), suggestions.accepted()
    everything = desk.get("/work/suggestions?year=2026").text
    assert path(replied)[1:] in everything
    assert path(accepted)[1:] in everything
    for query in ("status=replied", "body=heating-company", "class=planned"):
        page = desk.get(f"/work/suggestions?year=2026&{query}").text
        assert path(replied)[1:] in page, query
        assert path(accepted)[1:] not in page, query
    assert desk.get("/work/suggestions?year=zwei").status_code == 422


@pytest.mark.parametrize(
    ("move", "given", "field"),
    [
        ("document", {"url": "javascript:alert(1)"}, "url"),
        ("document", {"date": "2999-01-01"}, "date"),
        ("evaluate", {"result": "delighted"}, "result"),
        ("reply", {"class": "cannot"}, "reason"),
        ("reply", {"text": "长" * 4_001}, "text"),
        ("edit", {"title": "长" * 101}, "title"),
        ("invite", {"deputies": "nobody"}, "deputies"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(
    move: str, given: dict[str, str], field: str, at_desk: AtDesk
) -> None:
    suggestion = BEFORE[move]()
    desk = at_desk("officer" if move == "reply" else "deputy")
    answer = sent(desk, suggestion, move, **(GIVEN[move] | given))
    assert answer.status_code == 422
    assert f'id="{move}-{field}-fault"' in answer.text
    assert service.found(suggestion.id).version == suggestion.version


def test_another_deputys_draft_is_not_there(at_desk: AtDesk) -> None:
    assert at_desk("other_deputy").get(path(suggestions.draft())).status_code == 404


def test_a_suggestion_shows_its_evidence_and_leads_to_its_demand(at_desk: AtDesk) -> None:
    suggestion = suggestions.draft()
    page = at_desk("deputy").get(path(suggestion)).text
    assert TITLE in page
    assert f"work/demands/{suggestion.demands[0]}" in page


def test_a_list_is_one_query_a_view_two_reads_and_a_move_a_read_and_a_transaction(at_desk: AtDesk) -> None:
    desk, suggestion = at_desk("manager"), suggestions.submitted()
    desk.get("/work")  # who it is, and the directory, are known from here on
    with counted() as listed:
        desk.get("/work/suggestions")
    with counted() as seen:
        paper = form_of(desk.get(path(suggestion)), "return") | GIVEN["return"]
    with counted() as done:
        desk.post(path(suggestion), data=paper)
    assert (listed, seen, done) == (["Query"], ["GetItem", "Query"], ["GetItem", "TransactWriteItems"])
