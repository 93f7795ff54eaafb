"""What is done to a demand reaches each of its open cases, also one that nobody was found for or that waits for its writer."""

from datetime import timedelta

import pytest

from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.demands import service
from chalicelib.demands.model import Demand
from chalicelib.errors import Invalid
from chalicelib.people.roles import Actor
from chalicelib.spine import dossiers
from tests.support.casework import facts, facts_of, sent
from tests.support.demands import NAME, together, written
from tests.support.wanglan import HEATING, LIN, NOON, QIAO, TANG

pytestmark = pytest.mark.usefixtures("district")
LATER = NOON + timedelta(minutes=1)


def carried_out(demand: Demand, times: int = 2) -> Demand:
    """What the queue does after a fact of a demand, as often as it is told."""
    last = service.timeline(demand)[-1]
    for case_id, seq in service.orders(demand.id, last.seq) * times:
        dossiers.insist(lambda case_id=case_id, seq=seq: service.carry_out(case_id, demand.id, seq, LATER))
    return service.found(demand.id)


def unrouted(text: str = "那件事，请尽快，谢谢") -> Case:
    """A message that nobody was found for: it is on the manager's list."""
    case = sent(text=text, tell="none")
    cases.route(case.id, NOON)
    return cases.found(case.id)


def asked(case: Case) -> Case:
    return cases.move("ask", case.id, by=LIN, now=NOON, text="几号楼？")


def test_an_answer_for_all_reaches_a_case_that_nobody_was_found_for() -> None:
    lost, plain = unrouted(), written()
    demand = together(lost, plain)
    carried_out(service.move("answer", demand.id, by=LIN, now=NOON, text="今晚修好"))
    for case in (lost, plain):
        assert cases.found(case.id).status == "answered"
        assert facts(case.id).count("answered") == 1
    (there,) = facts_of(lost.id, "routed")
    assert (there.role, there.data["body"], there.data["category"]) == ("system", plain.body, plain.category)
    assert cases.found(lost.id).clocks["answer"].met_at == LATER


def test_a_message_that_was_not_routed_yet_is_not_routed_a_second_time() -> None:
    just_come, plain = sent(tell="none"), written()
    demand = together(just_come, plain)
    carried_out(service.promise(demand.id, "换阀门", "2026-11-28", by=LIN, now=NOON))
    cases.route(just_come.id, LATER)
    assert facts(just_come.id)[-2:] == ["routed", "noted"]
    assert cases.found(just_come.id).status == "in_progress"


def test_a_promise_is_told_to_one_who_was_asked_something_and_the_question_stands() -> None:
    waiting, plain = asked(written()), written()
    demand = together(waiting, plain)
    carried_out(service.promise(demand.id, "换阀门", "2026-11-28", by=LIN, now=NOON))
    after = cases.found(waiting.id)
    assert (after.status, after.clocks) == ("waiting", waiting.clocks)
    (told,) = facts_of(waiting.id, "noted")
    assert (told.data["public"], "2026-11-28" in told.data["text"]) == (True, True)
    assert cases.say(after, "reply", "三号楼", "s", now=LATER).status == "in_progress"


def test_a_case_that_waits_for_its_writer_is_handed_on_with_the_others_and_waits_on() -> None:
    waiting, plain = asked(written()), written()
    demand = together(waiting, plain)
    carried_out(service.assign(demand.id, "luyu-heating", "是他们的片区", by=LIN, now=NOON))
    after = cases.found(waiting.id)
    assert (after.status, after.body, after.hand_ons) == ("waiting", "luyu-heating", 1)
    assert after.clocks == waiting.clocks
    assert facts(waiting.id).count("handed_on") == 1
    replied = cases.say(after, "reply", "三号楼", "s", now=LATER)
    assert (replied.status, replied.body) == ("in_progress", "luyu-heating")


def test_one_that_was_asked_something_is_answered_with_all() -> None:
    waiting = asked(written())
    carried_out(service.move("answer", together(waiting, written()).id, by=LIN, now=NOON, text="今晚修好"))
    assert cases.found(waiting.id).status == "answered"


def test_where_no_body_is_known_the_demand_says_which_cases_were_not_reached_once_each() -> None:
    lost = [unrouted(), unrouted("还是那件事")]
    demand = together(*lost, name=NAME)
    assert demand.body == ""
    after = carried_out(service.move("answer", demand.id, by=LIN, now=NOON, text="今晚修好"))
    said = [entry for entry in service.timeline(after) if entry.type == "not_reached"]
    assert sorted(entry.data["case"] for entry in said) == sorted(case.id for case in lost)
    assert {cases.found(case.id).status for case in lost} == {"received"}


def test_what_was_answered_for_itself_is_no_matter_for_people() -> None:
    own, plain = written(), written()
    cases.move("answer", own.id, by=HEATING, now=NOON, text="先前的答复")
    after = carried_out(service.move("answer", together(own, plain).id, by=LIN, now=NOON, text="今晚修好"))
    assert "not_reached" not in [entry.type for entry in service.timeline(after)]
    assert facts(own.id).count("answered") == 1


@pytest.mark.parametrize("whose", [QIAO, TANG])
@pytest.mark.parametrize("asked_for", [{"body": "#demands"}, {"deputy": "#demands"}])
def test_demands_do_not_stand_on_a_list_of_cases(whose: Actor, asked_for: dict[str, str]) -> None:
    together(written(), written())
    with pytest.raises(Invalid, match=r"no (body|deputy)'s id"):
        cases.worklist(whose, **asked_for)
