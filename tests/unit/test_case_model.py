"""The rules of a case, without any table: which promises run, stand still, are kept, broken, replaced or no longer owed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from chalicelib.cases.model import MOST_WORDS, TRIAGE, Case, Destination, Terms, Urgency, Words, received
from chalicelib.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.people.roles import A_RESIDENT, Actor, the_system
from chalicelib.spine.calendars import calendar_from
from chalicelib.spine.clock import Promise
from chalicelib.spine.dossier import Step

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)  # a Tuesday, noon in Shanghai
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DEPUTY = Actor("deputy", "lin", deputy="lin")
OFFICER = Actor("officer", "wu", body="heat")
MANAGER = Actor("manager", "qiao")
ROUTER, ENFORCER = the_system("route"), the_system("enforce")
EVERY_DAY = calendar_from({"zone": "Asia/Shanghai", "holidays": "none", "hours": {
    day: ["08:00-20:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}})  # fmt: skip
LADDER = {"remind": 0.75, "breach": 1.0, "head": 1.25, "manager": 1.5}


def promising(acknowledge: timedelta = 2 * HOUR, answer: timedelta = 8 * HOUR) -> Terms:
    promises = {"acknowledge": acknowledge, "answer": answer}
    return Terms({step: (Promise(step, "elapsed", amount), LADDER) for step, amount in promises.items()}, EVERY_DAY)


USUAL, QUICK, SLOW = promising(), promising(30 * MINUTE, 2 * HOUR), promising(4 * HOUR, 24 * HOUR)


def words(text: str = "暖气不热", at: datetime = NOON) -> Words:
    return Words(text, "salt", at, "3号楼501")


def came(**known: Any) -> Case:
    step = received("CASE00000001", words(), by=A_RESIDENT, at=NOON, terms=USUAL, deputy="lin", tell="email", **known)
    return step.after


def to(body: str = "heat", category: str = "heating", urgency: Urgency = "normal") -> Destination:
    return Destination(body, category, urgency, 0.9, ("暖气",), ("heating", "water"))


def routed(terms: Terms = USUAL, at: datetime = NOON) -> Case:
    return came().route(to(), by=ROUTER, at=at, terms=terms).after


GIVEN = {"text": "好", "reason": "因为", "instead": "热线", "into": "CASE00000002"}
BY = {"acknowledge": DEPUTY, "ask": OFFICER, "note": OFFICER, "answer": OFFICER, "decline": DEPUTY, "merge": DEPUTY,
      "withdraw": A_RESIDENT, "close_by_silence": ENFORCER}  # fmt: skip


def moved(case: Case, name: str, at: datetime = NOON, terms: Terms = USUAL) -> Case:
    return step(case, name, at, terms).after


def step(case: Case, name: str, at: datetime = NOON, terms: Terms = USUAL) -> Step[Case]:
    if name in ("reply", "add", "reopen"):
        return case.say(name, words("又来了", at), at=at, terms=terms)
    if name == "confirm":
        return case.confirm(5, at=at, terms=terms)
    return case.move(name, by=BY[name], at=at, terms=terms, **GIVEN)


def due(case: Case, of: str = "answer") -> datetime | None:
    return case.clocks[of].due_at


def state(case: Case, of: str) -> str:
    clock = case.clocks[of]
    closed = "met" if clock.met_at else "stopped" if clock.stopped_at else ""
    return closed or ("paused" if clock.paused else "running")


# Received and routed


@pytest.mark.parametrize("door", ["form", "api", "cli", "import"])
def test_a_case_has_its_promises_from_the_first_moment_by_whatever_door_it_comes(door: str) -> None:
    case = came(door=door)
    assert (due(case, "acknowledge"), due(case)) == (NOON + 2 * HOUR, NOON + 8 * HOUR)
    assert case.status == "received"


def test_the_journal_keeps_a_digest_of_the_words_and_not_the_words() -> None:
    first = received("CASE00000001", words("我家在3单元"), by=A_RESIDENT, at=NOON, terms=USUAL)
    assert first.data == {"words": 0, "digest": words("我家在3单元").digest, "door": "form"}
    said = first.after.say("add", words("电话139"), at=NOON, terms=USUAL)
    assert said.data == {"words": 1, "digest": words("电话139").digest}


def test_a_digest_tells_nothing_without_its_salt_and_proves_text_and_place() -> None:
    one = words()
    assert (
        len({one.digest, replace(one, salt="x").digest, replace(one, text="x").digest, replace(one, address="x").digest}) == 4
    )


def test_what_was_never_routed_is_routed_again_by_the_agenda() -> None:
    case = came()
    assert case.next_duty is not None
    assert (case.next_duty.what, case.next_duty.at) == ("route", NOON + 2 * MINUTE)
    assert "route" not in routed().timers


def test_routing_late_counts_from_the_first_moment() -> None:
    case = routed(QUICK, at=NOON + HOUR)
    assert due(case) == NOON + 2 * HOUR
    assert (case.body, case.category, case.guesses) == ("heat", "heating", ("heating", "water"))


def test_routing_so_late_that_the_promise_has_passed_counts_from_now() -> None:
    assert due(routed(QUICK, at=NOON + 3 * HOUR)) == NOON + 5 * HOUR


def test_what_nobody_is_found_for_waits_on_the_managers_list_with_its_clocks_running() -> None:
    case = came().triage(to("", ""), by=ROUTER, at=NOON, terms=USUAL).after
    assert (case.status, case.worklists, state(case, "answer")) == ("received", ("lin", TRIAGE), "running")
    assert case.guesses == ("heating", "water")


@pytest.mark.parametrize("move", ["add", "recategorise"])
def test_what_happens_before_routing_does_not_keep_it_from_being_routed(move: str) -> None:
    case = came()
    after = moved(case, "add") if move == "add" else case.recategorise(
        to(""), by=MANAGER, at=NOON, terms=USUAL, reason="看错了"
    ).after  # fmt: skip
    assert after.timers == case.timers


# The clocks


@pytest.mark.parametrize(
    ("name", "acknowledge", "answer"),
    [
        ("acknowledge", "met", "running"),
        ("note", "met", "running"),
        ("ask", "met", "paused"),
        ("answer", "met", "met"),
        ("decline", "met", "met"),
        ("merge", "met", "stopped"),
        ("withdraw", "stopped", "stopped"),
        ("add", "running", "running"),
    ],
)
def test_what_each_move_does_to_the_promises(name: str, acknowledge: str, answer: str) -> None:
    case = moved(routed(), name, NOON + HOUR)
    assert (state(case, "acknowledge"), state(case, "answer")) == (acknowledge, answer)


def test_a_promise_kept_late_is_said_to_be_late() -> None:
    answered = step(routed(), "answer", NOON + 9 * HOUR)
    assert answered.data["late"] == ["acknowledge", "answer"]
    assert answered.after.clocks["answer"].broken_at == NOON + 8 * HOUR
    assert "late" not in step(routed(), "answer", NOON + 2 * HOUR).data


@pytest.mark.parametrize("name", ["withdraw", "merge"])
def test_what_is_no_longer_owed_counts_as_neither_kept_nor_unbroken(name: str) -> None:
    in_time, late = (moved(routed(), name, NOON + hours * HOUR).clocks["answer"] for hours in (1, 9))
    assert (in_time.met_at, in_time.broken_at, in_time.overdue(NOON + 99 * HOUR)) == (None, None, False)
    assert (late.met_at, late.broken_at) == (None, NOON + 8 * HOUR)


def test_while_the_resident_is_asked_the_promise_stands_still_and_what_is_left_is_kept_exactly() -> None:
    asked = moved(routed(), "ask", NOON + 3 * HOUR)
    assert (due(asked), asked.next_duty, asked.next_promise) == (None, None, None)
    replied = moved(asked, "reply", NOON + 50 * HOUR)
    assert due(replied) == NOON + 55 * HOUR
    assert replied.pauses == ((NOON + 3 * HOUR, NOON + 50 * HOUR),)


def test_what_a_resident_adds_while_they_are_asked_does_not_start_the_clock() -> None:
    asked = moved(routed(), "ask", NOON + HOUR)
    added = moved(asked, "add", NOON + 2 * HOUR)
    assert (added.status, state(added, "answer"), added.pauses) == ("waiting", "paused", asked.pauses)


def test_reopening_begins_the_answer_anew_and_takes_back_the_verdict() -> None:
    case = moved(moved(routed(), "answer", NOON + HOUR), "confirm", NOON + 2 * HOUR)
    assert (case.verdict, case.satisfaction, case.closed_at) == ("solved", 5, NOON + 2 * HOUR)
    again = moved(case, "reopen", NOON + DAY)
    assert (again.status, due(again), again.closed_at) == ("reopened", NOON + DAY + 8 * HOUR, None)
    assert (again.verdict, again.satisfaction) == ("not_solved", 0)
    assert again.clocks["acknowledge"] == case.clocks["acknowledge"]
    assert moved(again, "answer", NOON + 2 * DAY).verdict == "not_solved"  # until they say otherwise


def test_a_case_closed_by_silence_can_be_reopened_too() -> None:
    answered = moved(routed(), "answer")
    closed = replace(moved(answered, "close_by_silence", NOON + 7 * DAY), verdict="silence")
    assert moved(closed, "reopen", NOON + 8 * DAY).verdict == "not_solved"


# Correcting the category


def recategorised(case: Case, terms: Terms, at: datetime) -> Case:
    return case.recategorise(to("heat", "power", "urgent"), by=DEPUTY, at=at, terms=terms, reason="是停电").after


def test_a_corrected_category_counts_its_promise_from_the_first_moment() -> None:
    case = recategorised(routed(), SLOW, NOON + 3 * HOUR)
    assert (due(case), due(case, "acknowledge")) == (NOON + 24 * HOUR, NOON + 2 * HOUR)  # which was broken already
    assert (case.category, case.urgency, case.body, case.status) == ("power", "urgent", "heat", "routed")


def test_where_that_moment_has_passed_it_counts_from_the_correction() -> None:
    assert due(recategorised(routed(), QUICK, NOON + 3 * HOUR)) == NOON + 5 * HOUR


def test_a_pause_is_kept_through_a_correction() -> None:
    case = moved(moved(routed(), "ask", NOON + HOUR), "reply", NOON + 11 * HOUR)
    assert due(recategorised(case, SLOW, NOON + 12 * HOUR)) == NOON + 34 * HOUR


def test_a_correction_while_the_resident_is_asked_leaves_the_clock_standing() -> None:
    asked = moved(routed(), "ask", NOON + HOUR)
    for terms, left in ((SLOW, 23 * HOUR), (promising(answer=90 * MINUTE), 30 * MINUTE)):
        corrected = recategorised(asked, terms, NOON + 2 * HOUR)
        assert (corrected.status, state(corrected, "answer")) == ("waiting", "paused")
        assert due(moved(corrected, "reply", NOON + 10 * HOUR, terms)) == NOON + 10 * HOUR + left


def test_a_correction_to_a_promise_that_would_be_over_leaves_the_clock_standing_too() -> None:
    asked = moved(routed(), "ask", NOON + 3 * HOUR)
    corrected = recategorised(asked, QUICK, NOON + 4 * HOUR)
    assert (corrected.next_duty, state(corrected, "answer")) == (None, "paused")
    assert due(moved(corrected, "reply", NOON + 10 * HOUR, QUICK)) == NOON + 12 * HOUR


@pytest.mark.parametrize("noticed", [True, False])
def test_a_broken_promise_is_not_mended_by_correcting_the_category(noticed: bool) -> None:
    case = routed()
    if noticed:
        case = case.enforced("answer", "breach", NOON + 9 * HOUR)
    corrected = recategorised(case, SLOW, NOON + 9 * HOUR)
    assert due(corrected) == NOON + 8 * HOUR
    assert corrected.overdue(NOON + 9 * HOUR)


def test_a_kept_promise_stays_kept() -> None:
    case = moved(routed(), "acknowledge", NOON + HOUR)
    assert recategorised(case, SLOW, NOON + 2 * HOUR).clocks["acknowledge"] == case.clocks["acknowledge"]


def test_after_reopening_a_correction_counts_from_the_reopening() -> None:
    case = moved(
        moved(moved(moved(routed(), "ask", NOON), "reply", NOON + HOUR), "answer", NOON + 2 * HOUR), "reopen", NOON + DAY
    )
    assert due(recategorised(case, SLOW, NOON + DAY + HOUR)) == NOON + 2 * DAY


# Handing on


def hand_on(case: Case, body: str, by: Actor = OFFICER, at: datetime = NOON) -> Step[Case]:
    return case.hand_on(body, by=by, at=at, terms=USUAL, reason="不归我们")


def test_another_body_changes_nothing_of_what_is_owed() -> None:
    case = routed()
    handed = hand_on(case, "water", at=NOON + HOUR)
    assert handed.after.clocks == case.clocks
    assert (handed.after.body, handed.after.hand_ons, handed.data["was"]) == ("water", 1, "heat")


def test_the_second_time_needs_the_manager() -> None:
    case = hand_on(routed(), "water").after
    for by in (DEPUTY, OFFICER):
        with pytest.raises(NotAllowed) as refused:
            hand_on(case, "power", by)
        assert refused.value.code == "needs_manager"
        assert "assign" not in [move.name for move in case.legal_moves(by)]
    assert hand_on(case, "power", MANAGER).after.hand_ons == 2


def test_it_is_not_handed_on_to_whom_it_is_with_nor_without_a_reason() -> None:
    with pytest.raises(Invalid) as same:
        hand_on(routed(), "heat")
    assert same.value.code == "same_body"
    with pytest.raises(Invalid) as bare:
        routed().hand_on("water", by=OFFICER, at=NOON, terms=USUAL, reason=" ")
    assert bare.value.field == "reason"


# Words and verdicts


def test_a_matter_holds_so_many_words_and_no_more() -> None:
    full = replace(routed(), words=(words(),) * MOST_WORDS)
    with pytest.raises(Invalid) as refused:
        moved(full, "add")
    assert refused.value.code == "too_many_words"


@pytest.mark.parametrize("grade", [-1, 6])
def test_a_grade_beyond_the_scale_is_none(grade: int) -> None:
    with pytest.raises(Invalid) as refused:
        moved(routed(), "answer").confirm(grade, at=NOON, terms=USUAL)
    assert refused.value.field == "satisfaction"


def test_an_illegal_word_of_a_resident_names_what_they_can_do() -> None:
    with pytest.raises(IllegalMove) as refused:
        moved(moved(routed(), "decline"), "add")
    assert refused.value.legal == ["erase"]


# Lists, timers and the summary


@pytest.mark.parametrize("name", ["answer", "decline", "merge", "withdraw"])
def test_who_owes_nothing_more_has_it_on_no_list(name: str) -> None:
    assert moved(routed(), name).worklists == ("", "")


def test_a_reopened_case_is_on_the_lists_again() -> None:
    assert moved(moved(routed(), "answer"), "reopen").worklists == ("lin", "heat")


def test_after_an_answer_silence_is_waited_for_and_a_further_word_waits_anew() -> None:
    answered = moved(routed(), "answer")
    assert answered.timers == {"close_by_silence": NOON + 7 * DAY}
    assert moved(answered, "add", NOON + 6 * DAY).timers == {"close_by_silence": NOON + 13 * DAY}


@pytest.mark.parametrize(("sealed", "timers"), [(True, {"erase": NOON + 90 * DAY}), (False, {})])
def test_contact_details_go_a_set_time_after_the_close_where_there_are_any(sealed: bool, timers: dict[str, datetime]) -> None:
    case = replace(routed(), sealed=sealed)
    assert moved(case, "withdraw").timers == timers


def test_the_ladder_of_each_promise_is_climbed_in_the_order_of_time() -> None:
    case, seen = routed(QUICK), []
    while case.next_duty:
        of, _, rung = case.next_duty.what.partition(":")
        seen.append((case.next_duty.what, (case.next_duty.at - NOON) // MINUTE))
        case = case.enforced(of, rung, case.next_duty.at)
    assert seen == [
        ("acknowledge:remind", 22), ("acknowledge:breach", 30), ("acknowledge:head", 37), ("acknowledge:manager", 45),
        ("answer:remind", 90), ("answer:breach", 120), ("answer:head", 150), ("answer:manager", 180),
    ]  # fmt: skip


def test_a_summary_is_one_short_line() -> None:
    case = replace(came(), words=(words("第一行\n\n  第二行 " + "长" * 100),))
    assert case.summary.startswith("第一行 第二行 长")
    assert len(case.summary) == 60
    assert replace(case, words=()).summary == ""


def test_the_moves_offered_are_the_actors_own() -> None:
    names = {by.role: [move.name for move in routed().legal_moves(by)] for by in (DEPUTY, OFFICER, MANAGER, A_RESIDENT)}
    assert names == {
        "deputy": ["acknowledge", "assign", "recategorise", "ask", "note", "answer", "decline", "merge"],
        "officer": ["acknowledge", "assign", "ask", "note", "answer"],
        "manager": ["assign", "recategorise", "decline", "merge"],
        "resident": ["add", "withdraw"],
    }


def test_a_change_of_the_body_is_the_only_way_that_a_body_changes() -> None:
    case = routed()
    for name in ("acknowledge", "ask", "note", "answer", "decline", "merge", "withdraw", "add"):
        after = moved(case, name)
        assert (after.body, after.deputy, after.id, after.words[0]) == (case.body, case.deputy, case.id, case.words[0])
        assert cast(str, after.category) == case.category
