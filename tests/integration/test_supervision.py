"""Supervision: items open by hand and by themselves, once; who misses the date is named in public; two deputies look."""

from datetime import timedelta

import pytest

from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.demands import service as demands
from chalicelib.directory import service as directory_service
from chalicelib.errors import IllegalMove, Invalid, NotAllowed, NotFound
from chalicelib.people.roles import Actor, the_system
from chalicelib.spine import agenda, journal, rebuild
from chalicelib.suggestions import workers as suggestion_workers
from chalicelib.suggestions.model import Suggestion
from chalicelib.supervision import service, workers
from chalicelib.supervision.model import Item, item_of
from chalicelib.supervision.service import SECOND, Look
from infra.journal import check_all
from tests.support import suggestions
from tests.support.calls import counted
from tests.support.casework import routed
from tests.support.demands import together, written
from tests.support.supervision import HERE, came, looked, noticed, passed, photo, rectified
from tests.support.wanglan import GAO, HEATING, LIN, NOON, QIAO, TANG, WATER

pytestmark = pytest.mark.usefixtures("district")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
READ, RECORD = "GetItem dossiers", "TransactWriteItems"


def facts(id: str) -> list[str]:
    return [entry.type for entry in journal.entries(id)]


def climbed(case: Case, now: timedelta = 10 * HOUR) -> None:
    """The agenda enforces the case's ladder up to this moment, and supervision follows each fact, twice."""
    agenda.enforce({"dossier": case.id, "kind": "case"}, NOON + now, {"case": (Case, cases.enforce)})
    for entry in journal.entries(case.id):
        followed("case", entry.type, case.id, entry.seq)


def followed(kind: str, type: str, dossier: str, seq: int) -> None:
    if f"{kind}.{type}" in workers.WANTED:
        for _ in range(2):
            workers.work({"kind": kind, "type": type, "dossier": dossier, "seq": seq}, NOON)


# By hand


def test_an_item_from_the_first_word_to_the_last() -> None:
    item = looked(looked(service.rectify(noticed().id, "换了阀门", [photo()], by=HEATING, now=NOON)), GAO)
    closed = service.close(item.id, by=TANG, now=NOON)
    assert closed.status == "closed"
    assert facts(item.id) == ["opened", "noticed", "rectified", "verified", "verified", "passed", "closed"]
    assert [file.type for file in closed.evidence[0].files] == ["image/png"]
    assert [(visit.deputy, visit.position) for visit in closed.visits] == [("lin-jianwei", HERE), ("gao-xiulan", HERE)]


def test_one_who_does_not_pass_it_sets_a_new_date_and_the_same_deputies_look_again() -> None:
    item = looked(looked(rectified()), GAO, passes=False, now=NOON + DAY)
    assert (item.status, item.failures) == ("failed", 1)
    assert item.due_at is not None
    assert item.due_at > NOON + DAY
    again = service.rectify(item.id, "再次检修", by=HEATING, now=NOON + 2 * DAY)
    assert looked(looked(again), GAO).status == "passed"
    assert facts(item.id)[-4:] == ["rectified", "verified", "verified", "passed"]


def test_the_date_is_the_directorys_promise_for_that_category() -> None:
    heating, other = noticed(), noticed(category="")
    assert (heating.clocks["rectify"].mode, heating.due_at is not None) == ("working", True)
    assert heating.due_at < other.due_at  # type: ignore[operator]


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"body": "nobody"}, "unknown_body"), ({"category": "nothing"}, "unknown_category"), ({"title": " "}, "wrong_length")],
)
def test_what_is_wrong_with_an_item_is_said(changed: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        came(**changed)
    assert refused.value.code == code


def test_a_body_finds_what_it_had_notice_of_and_no_other_body_does() -> None:
    before, item = came(), noticed()
    assert [each.id for each in service.listed(HEATING, limit=10).items] == [item.id]
    assert service.listed(WATER, limit=10).items == ()
    assert service.loaded(item.id, HEATING) == item
    for id, who in ((item.id, WATER), (before.id, HEATING), (before.id, WATER)):
        with pytest.raises(NotFound):
            service.loaded(id, who)
    with pytest.raises(NotAllowed):
        service.listed(Actor("officer", "nobody"), limit=10)


def test_an_officer_shows_only_what_their_own_body_did() -> None:
    item = noticed()
    with pytest.raises(NotFound):
        service.rectify(item.id, "不是我们", by=WATER, now=NOON)
    assert service.found(item.id) == item


def test_lists_say_whose_turn_it_is() -> None:
    items = {"opened": came(), "due": noticed(), "verify": rectified(), "passed": passed()}
    for name, item in items.items():
        assert [each.id for each in service.listed(LIN, name, limit=10).items] == [item.id]
    assert {each.id for each in service.listed(QIAO, "all", limit=10).items} == {item.id for item in items.values()}
    with pytest.raises(Invalid) as refused:
        service.listed(QIAO, "everything", limit=10)
    assert refused.value.code == "unknown_list"


def test_a_look_that_is_refused_keeps_no_file_and_changes_nothing() -> None:
    item = looked(rectified())
    for who, look in ((LIN, Look(True, "又看", HERE, (photo(),))), (GAO, Look(True, "看", (95.0, 0.0), (photo(),)))):
        with pytest.raises((NotAllowed, Invalid)):
            service.verify(item.id, look, by=who, now=NOON)
    with pytest.raises(Invalid) as refused:
        service.verify(item.id, Look(True, "看", HERE, ("F000000000000",)), by=GAO, now=NOON)
    assert refused.value.code == "file_missing"
    assert service.found(item.id) == item


def test_what_was_passed_is_not_passed_twice() -> None:
    with pytest.raises(IllegalMove):
        looked(passed())


# What is overdue is public, and computed


def test_what_is_overdue_is_on_the_public_list_and_leaves_it_by_itself() -> None:
    item, later = noticed(), noticed(NOON + 30 * DAY)
    assert item.due_at is not None
    assert service.overdue(item.due_at).items == ()
    late = item.due_at + HOUR
    assert [each.id for each in service.overdue(late).items] == [item.id]
    assert service.found(later.id).status == "noticed"
    service.rectify(item.id, "修好了", by=HEATING, now=late)
    assert service.overdue(late).items == ()
    assert service.found(item.id).clocks["rectify"].broken_at == item.due_at


def test_the_ladder_of_a_rectification_is_enforced_as_facts() -> None:
    item = noticed()
    agenda.enforce({"dossier": item.id, "kind": "supervision"}, NOON + 30 * DAY, workers.ENFORCED_BY_US)
    agenda.enforce({"dossier": item.id, "kind": "supervision"}, NOON + 30 * DAY, workers.ENFORCED_BY_US)
    assert facts(item.id)[2:] == ["reminded", "breached", "escalated", "escalated"]
    assert [entry.data["step"] for entry in journal.entries(item.id)[2:]] == ["rectify"] * 4


# By itself


def test_a_promise_broken_to_the_end_of_its_ladder_opens_an_item_once() -> None:
    case = routed()
    climbed(case, 2.5 * HOUR)  # the answer's last rung comes after three hours, the acknowledgement's long before
    assert [item.step for item in service.listed(QIAO, "opened", limit=10).items] == ["acknowledge"]
    climbed(case)
    item = service.found(item_of("breach", case.id, "answer"))
    assert (item.cause, item.of, item.step, item.body, item.category) == (
        "breach", case.id, "answer", "heating-company", "heating/supply/cold-flat",
    )  # fmt: skip
    assert journal.entries(item.id)[0].data["cause"] == "breach"
    assert len(service.listed(QIAO, "opened", limit=10).items) == 2
    assert facts(item.id) == ["opened"]


def test_a_ladder_that_ends_with_the_breach_leads_there_too() -> None:
    promise = {"step": "answer", "category": "heating/supply/cold-flat", "urgency": routed().urgency}
    rule = {**promise, "mode": "elapsed", "amount": "2h", "ladder": {"remind": 0.5, "breach": 1.0}}
    report = directory_service.put("promises", "answer:heating/supply/cold-flat:normal", rule, by=QIAO, now=NOON)
    assert report.written, report.errors
    directory_service.forget()
    case = routed()
    climbed(case, 2.1 * HOUR)
    assert service.found(item_of("breach", case.id, "answer")).status == "opened"


def test_a_promise_that_was_kept_in_time_opens_nothing() -> None:
    case = routed()
    cases.move("acknowledge", case.id, by=LIN, now=NOON)
    cases.move("answer", case.id, by=LIN, now=NOON + HOUR, text="修好了")
    climbed(case)
    assert service.listed(QIAO, "all", limit=10).items == ()


def test_an_item_without_a_body_gets_one_with_its_notice() -> None:
    case = routed(text="啊啊啊 ???")
    climbed(case, 60 * DAY)
    item = service.found(item_of("breach", case.id, "answer"))
    assert item.body == ""
    with pytest.raises(Invalid):
        service.notice(item.id, "请办理", by=TANG, now=NOON)
    assert service.notice(item.id, "请办理", body="housing-bureau", by=TANG, now=NOON).body == "housing-bureau"
    other = noticed()
    assert service.found(other.id).body == "heating-company"


def many(number: int) -> list[Case]:
    return [written() for _ in range(number)]


def late(case: Case) -> None:
    """Only the breach of a case: somebody took it up in time, and nobody answered."""
    cases.move("acknowledge", case.id, by=LIN, now=NOON)
    climbed(case, 2.1 * HOUR)


def test_every_so_many_breaches_of_a_demand_open_an_item() -> None:
    chosen = many(11)
    demand = together(*chosen)
    for case in chosen[:4]:
        late(case)
    assert service.listed(QIAO, "all", limit=10).items == ()
    climbed(cases.found(chosen[0].id), 2.1 * HOUR)  # told once more: still four
    late(chosen[4])
    [item] = service.listed(QIAO, "all", limit=10).items
    assert (item.cause, item.of, item.body, item.id) == (
        "breaches", demand.id, "heating-company", item_of("breaches", demand.id, "1"),
    )  # fmt: skip
    for case in chosen[5:9]:
        late(case)
    assert len(service.listed(QIAO, "all", limit=10).items) == 1
    late(chosen[9])
    assert len(service.listed(QIAO, "all", limit=10).items) == 2


def test_a_case_that_was_overdue_before_it_came_into_the_demand_counts_too() -> None:
    chosen = many(5)
    for case in chosen:
        late(case)
    demand = together(*chosen)
    for case in chosen:
        followed("case", "grouped", case.id, len(journal.entries(case.id)))
    assert [item.of for item in service.listed(QIAO, "all", limit=10).items] == [demand.id]


def test_breaches_of_a_pattern_that_is_no_demand_yet_count_for_it() -> None:
    chosen = many(5)
    for case in chosen:
        cases.group(case, "D000000000009", by=the_system("group"), now=NOON)
        late(cases.found(case.id))
    [item] = service.listed(QIAO, "all", limit=10).items
    assert (item.of, item.body) == ("D000000000009", "heating-company")
    with pytest.raises(NotFound):
        demands.found("D000000000009")


def judged(result: str, round: int) -> Suggestion:
    """A suggestion whose reply of this round was judged so; supervision follows each of its facts."""
    held = suggestions.evaluated(result=result if round == 1 else "dissatisfied")
    if round == SECOND:
        agenda.enforce({"dossier": held.id, "kind": "suggestion"}, NOON + DAY, suggestion_workers.ENFORCED_BY_US)
        held = suggestions.evaluated(suggestions.replied(held, NOON + DAY), result, NOON + DAY)
    for entry in journal.entries(held.id):
        followed("suggestion", entry.type, held.id, entry.seq)
    return held


@pytest.mark.parametrize(("result", "round"), [("dissatisfied", 1), ("satisfied", 2), ("basically", 2)])
def test_a_reply_that_satisfied_or_failed_once_opens_nothing(result: str, round: int) -> None:
    judged(result, round)
    assert service.listed(QIAO, "all", limit=10).items == ()


def test_a_reply_that_did_not_satisfy_twice_opens_an_item_for_its_body() -> None:
    suggestion = judged("dissatisfied", 2)
    [item] = service.listed(QIAO, "all", limit=10).items
    assert (item.cause, item.of, item.body, item.deputy) == (
        "dissatisfied", suggestion.id, "heating-company", "lin-jianwei",
    )  # fmt: skip


def test_a_suggestion_that_nobody_replies_to_opens_an_item_at_the_end_of_its_ladder() -> None:
    held = suggestions.assigned()
    message = {"dossier": held.id, "kind": "suggestion"}
    agenda.enforce(message, NOON + 400 * DAY, suggestion_workers.ENFORCED_BY_US)
    for entry in journal.entries(held.id):
        followed("suggestion", entry.type, held.id, entry.seq)
    [item] = service.listed(QIAO, "all", limit=10).items
    assert (item.cause, item.of, item.step, item.body) == ("breach", held.id, "reply", "heating-company")


# The journal, and what it costs


def test_two_facts_at_once_are_one_transaction_and_a_sound_chain() -> None:
    item, id = looked(rectified()), photo()
    with counted() as calls:
        service.verify(item.id, Look(True, "好", HERE, (id,)), by=GAO, now=NOON)
    assert calls == [READ, RECORD]
    assert [entry.seq for entry in journal.entries(item.id)] == [1, 2, 3, 4, 5, 6]
    assert rebuild.checked(item.id, {"supervision": Item}, mend=False).same


def test_every_state_is_what_its_journal_leads_to() -> None:
    passed(), noticed(), came()
    said: list[str] = []
    assert check_all([], mend=False, say=said.append) == 0


def test_the_journal_holds_no_place_where_somebody_stood_and_no_files_name() -> None:
    item = passed()
    written_down = repr([(entry.data, entry.changes) for entry in journal.entries(item.id)])
    assert "123.504" not in written_down
    assert ".png" not in written_down


def test_moves_and_lists_stay_within_the_budget() -> None:
    item = noticed()
    directory_service.edition(NOON)
    for deed, expected in (
        (lambda: service.rectify(item.id, "好", by=HEATING, now=NOON), [READ, RECORD]),
        (lambda: service.listed(HEATING, limit=10), ["Query dossiers work-by-body"]),
        (lambda: service.listed(LIN, "verify", limit=10), ["Query dossiers work-by-deputy"]),
        (lambda: service.listed(QIAO, "all", limit=10), ["Query dossiers by-shelf"]),
        (lambda: service.overdue(NOON), ["Query dossiers work-by-deputy"]),
        (lambda: service.timeline(service.loaded(item.id, QIAO)), [READ, "Query journal"]),
    ):
        with counted() as calls:
            deed()
        assert calls == expected


def test_a_breach_costs_three_calls_and_an_item_that_opens_two_more() -> None:
    case = routed()
    agenda.enforce({"dossier": case.id, "kind": "case"}, NOON + 10 * HOUR, {"case": (Case, cases.enforce)})
    last = {entry.data.get("to"): entry.seq for entry in journal.entries(case.id) if entry.data.get("step") == "answer"}
    for seq, expected in (
        (last["breach"], ["GetItem journal", READ]),
        (last["manager"], ["GetItem journal", READ, RECORD, READ]),
    ):
        with counted() as calls:
            workers.work({"kind": "case", "type": "escalated", "dossier": case.id, "seq": seq}, NOON)
        assert calls == expected
