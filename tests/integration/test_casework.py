"""A case from the first word to the last, on DynamoDB: who may do what, which promises run, what is on record."""

from datetime import timedelta

import pytest

from chalicelib.cases import service
from chalicelib.cases.model import Case
from chalicelib.cases.service import Message
from chalicelib.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound
from chalicelib.people.roles import A_RESIDENT
from chalicelib.people.vault import Contact
from tests.support.wanglan import GAO, HEATING, LIN, NOON, QIAO, TANG, WATER

pytestmark = pytest.mark.usefixtures("district")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
COLD = "家里暖气不热，只有12度，老人受不了"


def sent(id: str = "CASE00000001", text: str = COLD, **known: object) -> Case:
    contact = Contact(name="王", email="w@example.org", tell="email", tracking_token="T" * 38)
    message = Message(id=id, deputy="lin-jianwei", text=text, salt="s", contact=contact, **known)  # type: ignore[arg-type]
    return service.submit(message, by=A_RESIDENT, now=NOON)


def routed(**known: object) -> Case:
    case = sent(**known)
    service.route(case.id, NOON)
    return service.found(case.id)


def facts(case: Case) -> list[str]:
    return [entry.type for entry in service.timeline(case)]


def test_a_cold_flat_goes_to_the_heating_company_and_is_promised_an_answer_in_two_hours() -> None:
    case = routed()
    assert (case.status, case.body, case.category) == ("routed", "heating-company", "heating/supply/cold-flat")
    assert case.clocks["answer"].due_at == NOON + 2 * HOUR
    assert case.clocks["acknowledge"].due_at == NOON + 30 * MINUTE


def test_promises_run_from_the_moment_the_message_came_however_late_it_is_routed() -> None:
    case = sent()
    service.route(case.id, NOON + HOUR)
    assert service.found(case.id).clocks["answer"].due_at == NOON + 2 * HOUR


def test_routing_told_twice_is_one_fact() -> None:
    case = routed()
    service.route(case.id, NOON + MINUTE)
    assert facts(case) == ["received", "routed"]


def test_what_nobody_is_found_for_goes_to_the_manager_with_its_clock_running() -> None:
    case = routed(text="啊啊啊 ???")
    assert (case.status, case.body) == ("received", "")
    assert case.next_promise is not None
    assert [it.id for it, _ in service.worklist(QIAO).items] == [case.id]
    assert "route" not in case.timers


def test_the_manager_routes_by_hand_what_could_not_be_routed() -> None:
    case = routed(text="啊啊啊 ???")
    moved = service.assign(case.id, "water-company", "电话问过，是水的事", by=QIAO, now=NOON)
    assert (moved.status, moved.body) == ("routed", "water-company")
    assert service.worklist(QIAO).items == ()


def test_the_message_sent_twice_is_one_case() -> None:
    sent()
    with pytest.raises(Conflict):
        sent()


def test_a_deputy_and_the_body_see_it_and_others_do_not() -> None:
    case = routed()
    assert [it.id for it, _ in service.worklist(LIN).items] == [case.id]
    assert [it.id for it, _ in service.worklist(HEATING).items] == [case.id]
    assert service.worklist(GAO).items == ()
    for stranger in (GAO, WATER):
        with pytest.raises(NotFound):
            service.loaded(case.id, stranger)


def test_the_answer_meets_both_promises_and_leaves_the_lists() -> None:
    case = routed()
    answered = service.move("answer", case.id, by=LIN, now=NOON + HOUR, text="今晚派人上门")
    assert answered.status == "answered"
    assert answered.clocks["answer"].met_at == answered.clocks["acknowledge"].met_at == NOON + HOUR
    assert service.worklist(LIN).items == ()
    assert answered.timers["close_by_silence"] == NOON + HOUR + timedelta(days=7)


def test_a_late_answer_says_so() -> None:
    case = routed()
    service.move("answer", case.id, by=LIN, now=NOON + 3 * HOUR, text="抱歉")
    last = service.timeline(case)[-1]
    assert sorted(last.data["late"]) == ["acknowledge", "answer"]


def test_an_answer_without_words_is_refused_and_changes_nothing() -> None:
    case = routed()
    with pytest.raises(Invalid):
        service.move("answer", case.id, by=LIN, now=NOON, text="   ")
    assert facts(case) == ["received", "routed"]


def test_an_illegal_move_names_the_legal_ones() -> None:
    case = routed()
    service.move("answer", case.id, by=LIN, now=NOON, text="好")
    with pytest.raises(IllegalMove) as refused:
        service.move("acknowledge", case.id, by=LIN, now=NOON)
    assert refused.value.legal == []


def test_a_supervisor_looks_and_does_not_move() -> None:
    case = routed()
    assert service.loaded(case.id, TANG).id == case.id
    with pytest.raises(NotAllowed):
        service.move("acknowledge", case.id, by=TANG, now=NOON)


def test_waiting_for_the_resident_keeps_what_is_left_exactly() -> None:
    case = routed()
    service.move("ask", case.id, by=LIN, now=NOON + 40 * MINUTE, text="哪个单元？")
    waiting = service.found(case.id)
    assert waiting.clocks["answer"].due_at is None
    back = service.say(waiting, "reply", "二单元", "s2", now=NOON + 5 * HOUR)
    assert back.clocks["answer"].due_at == NOON + 5 * HOUR + 80 * MINUTE
    assert back.pauses == ((NOON + 40 * MINUTE, NOON + 5 * HOUR),)
    assert [words.text for words in back.words] == [COLD, "二单元"]


def test_reopening_begins_the_answer_anew_and_reaches_the_lists() -> None:
    case = routed()
    answered = service.move("answer", case.id, by=LIN, now=NOON + HOUR, text="已修好")
    reopened = service.say(answered, "reopen", "还是不热", "s2", now=NOON + 9 * HOUR)
    assert (reopened.status, reopened.clocks["answer"].due_at) == ("reopened", NOON + 11 * HOUR)
    assert [it.id for it, _ in service.worklist(HEATING).items] == [case.id]


def test_handing_on_needs_a_reason_and_the_second_time_the_manager() -> None:
    case = routed()
    with pytest.raises(Invalid):
        service.assign(case.id, "luyu-heating", " ", by=HEATING, now=NOON)
    service.assign(case.id, "luyu-heating", "是麓屿的片区", by=HEATING, now=NOON)
    with pytest.raises(NotAllowed):
        service.assign(case.id, "heating-company", "不是我们", by=LIN, now=NOON)
    back = service.assign(case.id, "heating-company", "定了", by=QIAO, now=NOON)
    assert (back.body, back.hand_ons) == ("heating-company", 2)


def test_handing_on_does_not_move_the_promise() -> None:
    case = routed()
    moved = service.assign(case.id, "luyu-heating", "是麓屿的片区", by=HEATING, now=NOON + HOUR)
    assert moved.clocks["answer"].due_at == case.clocks["answer"].due_at


def test_a_corrected_category_brings_its_promise_counted_from_the_first_moment() -> None:
    case = routed()
    moved = service.recategorise(case.id, "power/supply/outage", "是停电", urgency="normal", by=LIN, now=NOON + HOUR)
    assert moved.clocks["answer"].due_at == NOON + 8 * HOUR
    assert moved.clocks["acknowledge"].due_at == NOON + 30 * MINUTE  # broken already: that is not mended


def test_a_joined_case_closes_and_the_other_knows() -> None:
    first, second = routed(), routed(id="CASE00000002")
    merged = service.merge(second.id, first.id, "同一栋楼", by=LIN, now=NOON)
    assert (merged.status, merged.merged_into) == ("merged", first.id)
    assert service.found(first.id).joined == (second.id,)
    with pytest.raises(Invalid):
        service.merge(first.id, first.id, "x", by=LIN, now=NOON)
    with pytest.raises(Invalid):
        service.merge(first.id, second.id, "x", by=LIN, now=NOON)


def test_each_look_at_contact_details_is_on_record_before_they_are_shown() -> None:
    case = routed()
    assert service.contact(case.id, "上门前联系", by=HEATING, now=NOON).email == "w@example.org"
    assert facts(case)[-1] == "contact_viewed"
    for nobody in (QIAO, TANG):
        with pytest.raises(NotAllowed):
            service.contact(case.id, "看看", by=nobody, now=NOON)
    with pytest.raises(Invalid):
        service.contact(case.id, "", by=LIN, now=NOON)
    assert facts(case).count("contact_viewed") == 1


def test_silence_closes_without_counting_as_satisfaction_and_contact_goes_in_time() -> None:
    case = routed()
    case = service.move("answer", case.id, by=LIN, now=NOON, text="已修好")
    assert case.next_duty is not None
    service.enforce(case, case.next_duty, NOON + timedelta(days=7))
    closed = service.found(case.id)
    assert (closed.status, closed.verdict, closed.satisfaction) == ("resolved", "silence", 0)
    assert closed.next_duty is not None
    assert closed.next_duty.what == "erase"
    service.enforce(closed, closed.next_duty, closed.next_duty.at)
    assert facts(case)[-1] == "contact_erased"
    with pytest.raises(NotFound):
        service.contact(case.id, "晚了", by=LIN, now=NOON)


def test_details_given_by_one_who_wants_not_to_be_told_go_as_well() -> None:
    contact = Contact(name="李", phone="13800000000", tell="none")
    case = service.submit(Message("CASE00000009", "lin-jianwei", COLD, "s", contact=contact), by=LIN, now=NOON)
    service.route(case.id, NOON)
    assert "erase" in service.withdraw(service.found(case.id), by=A_RESIDENT, now=NOON).timers


def test_the_ladder_is_climbed_rung_by_rung_each_a_fact() -> None:
    case = routed()
    service.move("acknowledge", case.id, by=LIN, now=NOON)
    for _ in range(4):
        now = service.found(case.id)
        assert now.next_duty is not None
        service.enforce(now, now.next_duty, NOON + 9 * HOUR)
    assert facts(case)[3:] == ["reminded", "breached", "escalated", "escalated"]
    assert [entry.data["to"] for entry in service.timeline(case)[3:]] == ["remind", "breach", "head", "manager"]
    assert service.found(case.id).overdue(NOON + 9 * HOUR)


def test_the_resident_has_the_last_word() -> None:
    case = service.move("answer", routed().id, by=LIN, now=NOON, text="已修好")
    with pytest.raises(Invalid):
        service.confirm(case, 6, now=NOON)
    assert service.confirm(case, 5, now=NOON).verdict == "solved"


def test_what_is_withdrawn_is_closed_and_owes_nothing() -> None:
    case = service.withdraw(routed(), by=A_RESIDENT, now=NOON)
    assert (case.status, case.next_promise, case.closed_at) == ("withdrawn", None, NOON)


def test_the_journal_of_a_whole_life_is_sound() -> None:
    case = routed()
    service.move("note", case.id, by=LIN, now=NOON, text="已联系", public=True)
    service.move("answer", case.id, by=LIN, now=NOON, text="已修好")
    verdict = service.verify(case.id, LIN)
    assert (verdict.sound, verdict.entries) == (True, 4)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "长" * 4001}, "text"),
        ({"category": "x/y"}, "category"),
        ({"grid": "nowhere"}, "grid"),
    ],
)
def test_a_wrong_message_names_its_field_and_leaves_nothing(wrong: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        sent(**wrong)
    assert refused.value.field == field
    with pytest.raises(NotFound):
        service.found("CASE00000001")
