"""Common demands: the platform proposes, people decide, and what is done to a demand is done to each of its cases once."""

from datetime import timedelta

import pytest

from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.demands import service
from chalicelib.demands.model import Demand, demand_of
from chalicelib.errors import IllegalMove, Invalid, NotAllowed, NotFound
from chalicelib.people.roles import the_system
from chalicelib.spine import dossiers
from tests.integration.test_casework import routed
from tests.support.wanglan import GAO, HEATING, LIN, NOON, QIAO, TANG, WATER

pytestmark = pytest.mark.usefixtures("district")
SYSTEM = the_system("group")
MINUTE = timedelta(minutes=1)


def number(n: int) -> str:
    return f"CASE{n:08d}"


def seen_together(*numbers: int) -> Demand:
    """Cases that the platform found to be of one pattern, the first being its seed."""
    for n in numbers:
        routed(id=number(n))
    for n in numbers[1:]:
        joined(n, numbers[0])
    return service.found(demand_of(number(numbers[0])))


def joined(n: int, seed: int) -> None:
    cases.group(cases.found(number(n)), demand_of(number(seed)), by=SYSTEM, now=NOON, because=["暖气"])
    service.grow(number(n), NOON)


def done(demand: Demand) -> None:
    """What the queue does after a fact of a demand."""
    last = service.timeline(demand)[-1]
    for case_id, seq in service.orders(demand.id, last.seq):
        service.carry_out(case_id, demand.id, seq, NOON + MINUTE)


def statuses(demand: Demand) -> set[str]:
    return {case.status for case in service.members(demand)}


def facts(case_id: str) -> list[str]:
    return [entry.type for entry in cases.timeline(cases.found(case_id))]


def test_the_second_case_of_a_pattern_makes_a_proposal_with_both() -> None:
    demand = seen_together(1, 2)
    assert (demand.status, demand.cases, demand.seed) == ("proposed", 2, number(1))
    assert {case.id for case in service.members(demand)} == {number(1), number(2)}
    assert demand.deputies == {"lin-jianwei": 2}


def test_people_are_counted_and_not_messages() -> None:
    demand = seen_together(1, 2, 3)  # three messages from one address
    assert (demand.people, demand.cases) == (1, 3)


def test_a_joining_told_twice_is_counted_once() -> None:
    seen_together(1, 2, 3)
    for n in (1, 2, 3):
        service.grow(number(n), NOON)
    assert service.found(demand_of(number(1))).cases == 3


def test_who_is_not_concerned_does_not_see_it() -> None:
    demand = seen_together(1, 2)
    assert [it.id for it, _ in service.listed(LIN, limit=10).items] == [demand.id]
    assert [it.id for it, _ in service.listed(HEATING, limit=10).items] == [demand.id]
    assert [it.id for it, _ in service.listed(QIAO, limit=10).items] == [demand.id]
    for stranger in (GAO, WATER):
        assert service.listed(stranger, limit=10).items == ()
        with pytest.raises(NotFound):
            service.loaded(demand.id, stranger)


def test_the_demand_of_most_people_stands_first() -> None:
    for n in range(1, 6):
        routed_by(n)
    few = service.create(service.new_id(), "两件", [number(1), number(2)], by=QIAO, now=NOON)
    many = service.create(service.new_id(), "三件", [number(n) for n in (3, 4, 5)], by=QIAO, now=NOON)
    assert [it.id for it, _ in service.listed(QIAO, limit=10).items] == [many.id, few.id]
    with pytest.raises(Invalid):
        service.create(service.new_id(), "再来", [number(1), number(2)], by=QIAO, now=NOON)


def test_one_answer_reaches_every_open_case_once() -> None:
    demand = seen_together(1, 2, 3)
    cases.move("answer", number(3), by=LIN, now=NOON, text="先前的答复")
    service.move("confirm", demand.id, by=LIN, now=NOON, name="临澜苑暖气不热")
    answered = service.move("answer", demand.id, by=LIN, now=NOON, text="管网今晚修好")
    done(answered)
    done(answered)
    assert statuses(demand) == {"answered"}
    assert facts(number(1)).count("answered") == facts(number(2)).count("answered") == 1
    assert facts(number(3)).count("answered") == 1  # it had its own
    assert cases.timeline(cases.found(number(1)))[-1].data == {"text": "管网今晚修好", "demand": demand.id}


def test_a_promised_date_is_told_to_each() -> None:
    demand = seen_together(1, 2)
    service.move("confirm", demand.id, by=LIN, now=NOON, name="暖气")
    done(service.promise(demand.id, "换阀门", "2026-11-28", by=LIN, now=NOON))
    last = cases.timeline(cases.found(number(2)))[-1]
    assert (last.type, last.data["public"], "2026-11-28" in last.data["text"]) == ("noted", True, True)


def test_assigning_a_demand_assigns_its_cases() -> None:
    demand = seen_together(1, 2)
    service.move("confirm", demand.id, by=LIN, now=NOON, name="暖气")
    done(service.assign(demand.id, "luyu-heating", "是他们的片区", by=LIN, now=NOON))
    assert {case.body for case in service.members(demand)} == {"luyu-heating"}
    with pytest.raises(Invalid):
        service.assign(demand.id, "nobody", "x", by=LIN, now=NOON)


def test_a_reopened_case_opens_its_demand_again() -> None:
    demand = seen_together(1, 2)
    service.move("confirm", demand.id, by=LIN, now=NOON, name="暖气")
    done(service.move("answer", demand.id, by=LIN, now=NOON, text="修好了"))
    cases.say(cases.found(number(1)), "reopen", "还是冷", "s", now=NOON)
    service.reopened(number(1), len(facts(number(1))), NOON)
    assert service.found(demand.id).status == "reopened"
    cases.say(cases.found(number(2)), "reopen", "我家也冷", "s", now=NOON)
    service.reopened(number(2), len(facts(number(2))), NOON)
    assert service.timeline(demand)[-1].type == "case_reopened"


def test_ten_more_people_remind_the_body_by_themselves() -> None:
    demand = seen_together(1, 2)
    service.move("confirm", demand.id, by=LIN, now=NOON, name="暖气")
    reminded = []
    for n in range(3, 14):
        routed_by(n)
        joined(n, 1)
        reminded.append(service.timeline(demand)[-1].data["remind"])
    assert reminded.count(True) == 1


def routed_by(n: int) -> Case:
    """A case of someone of whom nothing is known: each counts as one person."""
    message = cases.Message(id=number(n), deputy="lin-jianwei", text="家里暖气不热", salt="s")
    cases.submit(message, by=LIN, now=NOON)
    cases.route(number(n), NOON)
    return cases.found(number(n))


def test_a_case_taken_out_stays_out() -> None:
    demand = seen_together(1, 2, 3)
    left = service.take_out(demand.id, number(2), "是另一栋楼的事", by=LIN, now=NOON)
    assert (left.cases, left.apart) == (2, (number(2),))
    assert cases.found(number(2)).demand == ""
    with pytest.raises(Invalid):
        service.take_out(demand.id, number(2), "again", by=LIN, now=NOON)


def of_gao(n: int) -> Case:
    """A case of another ward's deputy."""
    cases.submit(cases.Message(id=number(n), deputy=GAO.deputy, text="家里暖气不热", salt="s"), by=GAO, now=NOON)
    cases.route(number(n), NOON)
    return cases.found(number(n))


def test_a_deputy_whose_cases_all_left_is_not_concerned_any_more() -> None:
    for n in range(1, 4):
        routed_by(n)
    for n in (4, 5):
        of_gao(n)
    all_five = [number(n) for n in range(1, 6)]
    demand = service.create(service.new_id(), "暖气", all_five, by=QIAO, now=NOON)
    service.support(demand.id, by=GAO, now=NOON)
    assert service.take_out(demand.id, number(4), "另一件事", by=QIAO, now=NOON).deputies == {GAO.deputy: 1, LIN.deputy: 3}
    left = service.take_out(demand.id, number(5), "另一件事", by=QIAO, now=NOON)
    assert (left.deputies, left.supporters) == ({LIN.deputy: 3}, ())
    with pytest.raises(NotFound):
        service.loaded(demand.id, GAO)


def test_dividing_a_demand_tells_each_part_whose_it_is() -> None:
    for n in (1, 2, 3):
        routed_by(n)
    for n in (4, 5):
        of_gao(n)
    demand = service.create(service.new_id(), "暖气", [number(n) for n in range(1, 6)], by=QIAO, now=NOON)
    part = service.split(demand.id, service.new_id(), [number(4), number(5)], "另一片", by=QIAO, now=NOON)
    assert (service.found(demand.id).deputies, part.deputies) == ({LIN.deputy: 3}, {GAO.deputy: 2})


def test_who_leads_goes_on_to_lead_when_their_cases_have_left() -> None:
    for n in (1, 2):
        routed_by(n)
    of_gao(3)
    demand = service.create(service.new_id(), "暖气", [number(n) for n in (1, 2, 3)], by=QIAO, now=NOON)
    service.take_up(demand.id, by=GAO, now=NOON)
    service.take_out(demand.id, number(3), "另一件事", by=QIAO, now=NOON)
    assert service.loaded(demand.id, GAO).supporters == (GAO.deputy,)


def test_of_a_demand_that_nobody_is_left_in_the_last_deputy_knows() -> None:
    demand = seen_together(1, 2)
    for n in (1, 2):
        service.take_out(demand.id, number(n), "各是各的事", by=LIN, now=NOON)
    assert service.loaded(demand.id, LIN).cases == 0


def test_a_demand_is_divided_and_the_parts_are_two() -> None:
    demand = seen_together(1, 2, 3, 4)
    other = service.split(demand.id, service.new_id(), [number(3), number(4)], "楼道灯", by=LIN, now=NOON)
    assert (other.status, other.name, other.cases) == ("confirmed", "楼道灯", 2)
    assert service.found(demand.id).cases == 2
    assert {case.id for case in service.members(other)} == {number(3), number(4)}


def test_the_first_cases_can_be_divided_off_too() -> None:
    demand = seen_together(1, 2, 3)
    other = service.split(demand.id, service.new_id(), [number(1), number(2)], "前两件", by=LIN, now=NOON)
    assert other.id != demand.id
    assert {case.id for case in service.members(demand)} == {number(3)}


def test_merged_demands_share_their_cases_and_what_comes_later() -> None:
    first, second = seen_together(1, 2), seen_together(5, 6)
    done(service.merge(second.id, first.id, "同一根管", by=LIN, now=NOON))
    for n in (5, 6):
        service.grow(number(n), NOON)
    assert {case.id for case in service.members(first)} == {number(n) for n in (1, 2, 5, 6)}
    assert service.found(first.id).cases == 4
    routed(id=number(7))
    joined(7, 5)
    assert cases.found(number(7)).demand == first.id


def test_a_dismissed_pattern_does_not_return() -> None:
    demand = seen_together(1, 2)
    service.move("dismiss", demand.id, by=LIN, now=NOON, reason="只是措辞相近")
    routed(id=number(3))
    joined(3, 1)
    assert cases.found(number(3)).demand == ""
    assert service.listed(LIN, limit=10).items == ()


def test_deputies_take_it_up_together_with_one_leading() -> None:
    demand = seen_together(1, 2)
    with pytest.raises(IllegalMove):
        service.take_up(demand.id, by=LIN, now=NOON)
    service.move("confirm", demand.id, by=LIN, now=NOON, name="暖气")
    led = service.take_up(demand.id, by=LIN, now=NOON)
    assert (led.deputy, led.supporters) == ("lin-jianwei", ("lin-jianwei",))
    with pytest.raises(NotAllowed):
        service.support(demand.id, by=TANG, now=NOON)


def test_a_demand_is_folded_again_from_its_journal() -> None:
    demand = seen_together(1, 2, 3)
    service.move("confirm", demand.id, by=LIN, now=NOON, name="暖气")
    stored = service.found(demand.id)
    apart = {"sentences": stored.sentences, "writers": stored.writers, "crowd": stored.crowd}
    assert dossiers.fold(Demand, service.timeline(stored), apart) == stored
