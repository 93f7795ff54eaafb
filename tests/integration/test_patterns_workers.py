"""The queue ``patterns``: what is done to a demand is done to each of its cases once, however often and in whatever order it is
told; what happens to a case is counted in its demand once."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from app import app
from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.demands import patterns, service, workers
from chalicelib.demands.model import Demand
from chalicelib.settings import settings
from chalicelib.spine.aws import client
from tests.support.casework import facts, facts_of, routed
from tests.support.demands import THE_SYSTEM, confirmed, joined, proposed, together, told, written
from tests.support.house import House
from tests.support.wanglan import LIN, NOON, QIAO

pytestmark = pytest.mark.usefixtures("district", "noon")


class TellsTwice(House):
    """A house whose queues deliver every message twice, the second time in the other order."""

    def deliver(self, name: str, messages: list[dict[str, Any]]) -> set[str]:
        return super().deliver(name, messages) | super().deliver(name, messages[::-1])


@pytest.fixture(autouse=True)
def nothing_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here it is the test that says what is alike."""
    monkeypatch.setattr(patterns, "compare", lambda *_: None)


def group(*bodies: object) -> list[str]:
    """Hand messages to the function; the numbers of those that failed."""
    texts = [body if isinstance(body, str) else json.dumps(body) for body in bodies]
    answer = app.handler_map["group"]({"Records": [{"messageId": str(n), "body": text} for n, text in enumerate(texts)]}, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def queued() -> list[dict[str, Any]]:
    """What waits in the queue."""
    found = client("sqs").receive_message(QueueUrl=settings.patterns_queue, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"]) for message in found]


def members(demand: Demand) -> list[Case]:
    return service.members(service.found(demand.id))


def now_of(demand: Demand) -> Demand:
    return service.found(demand.id)


def answered(demand: Demand) -> Demand:
    return service.move("answer", demand.id, by=LIN, now=NOON, text="管网今晚修好")


DEEDS: list[tuple[Callable[[Demand], Demand], str, dict[str, Any]]] = [
    (answered, "answered", {"text": "管网今晚修好"}),
    (lambda it: service.move("resolve", it.id, by=LIN, now=NOON, text="修好了"), "answered", {"text": "修好了"}),
    (lambda it: service.promise(it.id, "换阀门", "2099-12-01", by=LIN, now=NOON), "noted", {"public": True}),
    (lambda it: service.assign(it.id, "luyu-heating", "片区", by=LIN, now=NOON), "handed_on", {"body": "luyu-heating"}),
]


# From a demand to its cases


def test_a_fact_of_a_demand_becomes_one_order_a_case() -> None:
    demand = answered(together())
    assert group(told(demand)) == []
    orders = [{"kind": "order", "type": "case", "demand": demand.id, "seq": demand.version, "correlation": "c"}]
    assert sorted(queued(), key=str) == sorted(({**orders[0], "dossier": case.id} for case in members(demand)), key=str)


def test_eleven_cases_are_eleven_orders() -> None:
    demand, house = together(*(written() for _ in range(11))), TellsTwice()
    answered(demand)
    house.run()
    assert Counter(case.status for case in members(demand)) == {"answered": 11}


@pytest.mark.parametrize(("deed", "fact", "said"), DEEDS, ids=["answer", "resolve", "promise", "assign"])
def test_what_is_done_to_a_demand_is_done_to_each_case_once(
    deed: Callable[[Demand], Demand], fact: str, said: dict[str, Any]
) -> None:
    demand, house = together(), TellsTwice()
    done = deed(demand)
    house.run()
    by = service.timeline(done)[-1]
    for case in members(demand):
        (entry,) = facts_of(case.id, fact)
        assert (entry.role, entry.actor, entry.data["demand"]) == (by.role, by.actor, demand.id)
        assert said.items() <= entry.data.items()
    assert house.dead == {}


def test_one_thing_after_another_is_done_in_turn() -> None:
    demand, house = together(), TellsTwice()
    for deed, _, _ in (DEEDS[3], DEEDS[2], DEEDS[0]):
        deed(demand)
        house.run()
    for case in members(demand):
        assert facts(case.id)[-3:] == ["handed_on", "noted", "answered"]


def test_an_order_that_was_overtaken_is_still_carried_out() -> None:
    demand = together()
    service.assign(demand.id, "luyu-heating", "片区", by=LIN, now=NOON)
    first = told(demand)
    service.promise(demand.id, "换阀门", "2099-12-01", by=LIN, now=NOON)
    for message in (told(demand), first):
        for case, seq in service.orders(demand.id, message["seq"]):
            service.carry_out(case, demand.id, seq, NOON)
    assert {case.body for case in members(demand)} == {"luyu-heating"}


def test_who_has_an_answer_of_their_own_gets_no_second_one() -> None:
    first, second = written(), written()
    demand, house = together(first, second), TellsTwice()
    cases.move("answer", first.id, by=LIN, now=NOON, text="单独答复")
    answered(demand)
    house.run()
    assert [entry.data["text"] for case in (first, second) for entry in facts_of(case.id, "answered")] == [
        "单独答复", "管网今晚修好",
    ]  # fmt: skip


def test_a_case_that_left_is_not_answered_with_the_others() -> None:
    out, *others = written(), written(), written()
    demand, house = together(out, *others), TellsTwice()
    message = told(answered(demand))
    group(message)
    cases.group(cases.found(out.id), "", by=LIN, now=NOON, reason="不是一回事")
    house.run()
    assert cases.found(out.id).status == "routed"
    assert {cases.found(case.id).status for case in others} == {"answered"}


def test_a_deed_that_no_case_is_touched_by_orders_nothing() -> None:
    demand = service.move("rename", together().id, by=LIN, now=NOON, name="新名字")
    assert workers.WANTED & {"demand.renamed", "demand.confirmed", "demand.split", "demand.taken_out"} == set()
    assert group(told(demand)) == ["0"]  # nobody sends it; who did would hear of it
    assert queued() == []


# What came just before a deed, and was not on the list of those to whom it is done


def missed(demand: Demand, at: datetime = NOON) -> Case:
    """A case that came into a demand and is not counted there yet."""
    late = written()
    return cases.group(late, demand.id, by=THE_SYSTEM, now=at, because=["暖气"])


@pytest.mark.parametrize(("deed", "fact", "said"), DEEDS, ids=["answer", "resolve", "promise", "assign"])
def test_a_case_that_a_deed_missed_is_brought_up_to_date_when_it_is_counted(
    deed: Callable[[Demand], Demand], fact: str, said: dict[str, Any]
) -> None:
    demand = together()
    late = missed(demand, NOON - timedelta(seconds=1))
    deed(demand)  # and the order for the case is not sent
    assert group(told(late), told(late)) == []
    (entry,) = facts_of(late.id, fact)
    assert said.items() <= entry.data.items()


def test_a_case_that_the_order_found_too_is_told_once() -> None:
    demand = together()
    late = missed(demand, NOON - timedelta(seconds=1))
    seq = answered(demand).version
    service.carry_out(late.id, demand.id, seq, NOON)
    assert group(told(late, late.version)) == []
    assert [entry.type for entry in facts_of(late.id, "answered")] == ["answered"]


def test_what_was_said_before_a_case_came_is_not_said_to_it() -> None:
    demand = answered(together())
    late = missed(demand, NOON + timedelta(seconds=1))
    assert group(told(late)) == []
    assert list(facts_of(late.id, "answered")) == []


# Dismissed


def test_the_cases_of_a_dismissed_demand_are_free_again() -> None:
    demand, house = proposed(), TellsTwice()
    chosen = members(demand)
    service.move("dismiss", demand.id, by=LIN, now=NOON, reason="各是各的事")
    house.run()
    assert {cases.found(case.id).demand for case in chosen} == {""}
    assert [entry.data["because"] for entry in facts_of(chosen[0].id, "ungrouped")] == [["dismissed"]]
    again = together(*(cases.found(case.id) for case in chosen), name="还是一件事")
    house.run()
    assert {case.id for case in members(again)} == {case.id for case in chosen}


# Merged, divided


def test_the_cases_of_a_merged_demand_follow_and_are_counted_once() -> None:
    writer = [routed(grid="weidu-1") for _ in range(2)]  # one person, in both
    one, other = together(writer[0], written()), together(writer[1], written(), name="另一片")
    house = TellsTwice()
    service.merge(one.id, other.id, "同一根管", by=QIAO, now=NOON)
    house.run()
    whole = now_of(other)
    assert (whole.cases, whole.people, len(members(whole)), members(one)) == (4, 3, 4, [])
    assert sum(whole.days.values()) == sum(whole.grids.values()) == 4


def test_what_comes_to_a_merged_pattern_later_goes_to_the_other() -> None:
    one, other, house = proposed(), together(), TellsTwice()
    service.merge(one.id, other.id, "同一件事", by=QIAO, now=NOON)
    late = written()
    joined(late, one.id)
    house.run()
    assert cases.found(late.id).demand == other.id
    assert now_of(other).cases == 6


def test_merged_twice_the_cases_end_in_the_last() -> None:
    first, second, third, house = together(), together(), together(), TellsTwice()
    service.merge(first.id, second.id, "同一件事", by=QIAO, now=NOON)
    service.merge(second.id, third.id, "还是同一件事", by=QIAO, now=NOON)
    house.run()
    assert (now_of(third).cases, len(members(third))) == (6, 6)
    assert members(first) == members(second) == []


def test_what_was_divided_by_mistake_and_merged_back_is_whole_again() -> None:
    chosen = [written() for _ in range(4)]
    demand, house = together(*chosen), TellsTwice()
    part = service.split(demand.id, service.new_id(), [case.id for case in chosen[:2]], "误分", by=LIN, now=NOON)
    house.run()
    assert (now_of(demand).cases, now_of(part).cases) == (2, 2)
    service.merge(part.id, demand.id, "分错了", by=LIN, now=NOON)
    house.run()
    whole = now_of(demand)
    assert (whole.cases, whole.people, whole.apart, len(members(demand))) == (4, 4, (), 4)


# From a case to its demand


def test_a_case_that_joins_is_counted_once_however_often_it_is_told() -> None:
    demand, late, house = proposed(), written(), TellsTwice()
    cases.group(late, demand.id, by=THE_SYSTEM, now=NOON, because=["暖气"])
    house.run()
    assert group(told(cases.found(late.id)), told(cases.found(late.id))) == []
    assert (now_of(demand).cases, now_of(demand).people) == (4, 4)
    assert [case for entry in service.timeline(demand) for case in entry.data["cases"]].count(late.id) == 1


def test_a_case_that_people_took_out_is_let_go_if_the_platform_puts_it_back() -> None:
    out, *others = written(), written(), written(), written()
    demand, house = confirmed(*others, out), TellsTwice()
    service.take_out(demand.id, out.id, "是另一栋楼", by=LIN, now=NOON)
    cases.group(cases.found(out.id), demand.id, by=THE_SYSTEM, now=NOON, because=["暖气"])
    house.run()
    assert cases.found(out.id).demand == ""
    assert (now_of(demand).cases, now_of(demand).apart) == (3, (out.id,))


def test_of_two_messages_of_one_person_one_is_taken_out_and_the_person_stays() -> None:
    twice = [routed(grid="weidu-1", text=text) for text in ("暖气不热", "暖气还是不热，请来看看")]
    demand = together(*twice, written())
    assert (demand.people, demand.cases) == (2, 3)
    left = service.take_out(demand.id, twice[0].id, "重复", by=LIN, now=NOON)
    assert (left.people, left.cases) == (2, 2)
    assert "暖气不热" not in left.sentences
    assert service.take_out(demand.id, twice[1].id, "重复", by=LIN, now=NOON).people == 1


def test_where_the_first_case_went_elsewhere_meanwhile_the_second_follows() -> None:
    seed, second, other, house = written(), written(), written(), TellsTwice()
    cases.group(second, f"D{seed.id[::-1]}", by=THE_SYSTEM, now=NOON, because=["暖气"])
    elsewhere = together(seed, other)
    house.run()
    assert cases.found(second.id).demand == elsewhere.id
    assert (now_of(elsewhere).cases, len(members(elsewhere))) == (3, 3)


def test_two_that_were_each_put_to_the_other_make_one_demand() -> None:
    one, other, house = written(), written(), TellsTwice()
    for case, seed in ((one, other), (other, one)):
        cases.group(case, f"D{seed.id[::-1]}", by=THE_SYSTEM, now=NOON, because=["暖气"])
    house.run()
    (demand,) = {cases.found(case.id).demand for case in (one, other)}
    assert (service.found(demand).cases, len(service.members(service.found(demand)))) == (2, 2)


def test_a_reopened_case_opens_its_demand_once() -> None:
    first, second = written(), written()
    demand, house = together(first, second), TellsTwice()
    answered(demand)
    house.run()
    cases.say(cases.found(first.id), "reopen", "还是冷", "s", now=NOON)
    house.run()
    assert (now_of(demand).status, [entry.type for entry in service.timeline(demand)][-2:]) == (
        "reopened",
        ["answered", "reopened"],
    )
    cases.say(cases.found(second.id), "reopen", "我家也冷", "s", now=NOON)
    house.run()
    reopened = [entry for entry in service.timeline(demand) if entry.type in ("reopened", "case_reopened")]
    assert [(entry.type, entry.data["case"]) for entry in reopened] == [("reopened", first.id), ("case_reopened", second.id)]


def test_a_demand_that_was_done_is_open_again_and_can_be_answered_again() -> None:
    case = written()
    demand, house = together(case, written()), TellsTwice()
    service.move("resolve", demand.id, by=LIN, now=NOON, text="修好了")
    house.run()
    cases.say(cases.found(case.id), "reopen", "还是冷", "s", now=NOON)
    house.run()
    assert [it.id for it, _ in service.listed(LIN, limit=5).items] == [demand.id]
    assert service.found(demand.id).closed_at is None
    answered(demand)
    house.run()
    assert [entry.data["text"] for entry in facts_of(case.id, "answered")] == ["修好了", "管网今晚修好"]


def test_a_reopened_case_of_no_demand_is_no_matter() -> None:
    case = written()
    cases.move("answer", case.id, by=LIN, now=NOON, text="修好了")
    cases.say(cases.found(case.id), "reopen", "还是冷", "s", now=NOON)
    assert group(told(cases.found(case.id))) == []


# What goes wrong


def test_a_bad_message_does_not_hold_up_its_neighbours() -> None:
    demand, late = proposed(), written()
    cases.group(late, demand.id, by=THE_SYSTEM, now=NOON, because=["暖气"])
    good = told(cases.found(late.id))
    nobody = {"dossier": "NOBODY", "seq": 1, "kind": "case", "type": "grouped"}
    assert group("no JSON", nobody, {"kind": "case", "type": "sung"}, {}, "[]", good) == ["0", "1", "2", "3", "4"]
    assert now_of(demand).cases == 4


def test_an_order_of_a_fact_that_is_not_there_does_nothing() -> None:
    demand = together()
    order = {"kind": "order", "type": "case", "dossier": members(demand)[0].id, "demand": demand.id, "seq": 99}
    before = members(demand)
    assert group(order) == []
    assert members(demand) == before


@pytest.mark.parametrize(("faster", "failed"), [(1, []), (4, []), (5, ["0"])])
def test_who_finds_that_another_was_faster_does_it_once_more(
    faster: int, failed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    demand, late = proposed(), written()
    cases.group(late, demand.id, by=THE_SYSTEM, now=NOON, because=["暖气"])
    left, load = [faster], service.found

    def found(id: str) -> Demand:
        seen = load(id)
        if left[0]:  # between reading and writing somebody renames it
            left[0] -= 1
            name = f"名字{left[0]}"
            monkeypatch.setattr(service, "found", load)
            service.move("rename", id, by=LIN, now=NOON, name=name)
            monkeypatch.setattr(service, "found", found)
        return seen

    monkeypatch.setattr(service, "found", found)
    assert group(told(cases.found(late.id))) == failed
    monkeypatch.undo()
    assert now_of(demand).cases == 4 - len(failed)
    assert now_of(demand).name == "名字0"
