"""The rules of activities: who may do what, that nobody stands on two lists, that no time is given twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.activities.booking import LIFECYCLE as OF_BOOKINGS
from chalicelib.activities.booking import Booking, booked
from chalicelib.activities.model import DOORS, LIFECYCLE, Activity, called
from chalicelib.activities.slots import MOST, slots
from chalicelib.errors import IllegalMove, Invalid, NotAllowed, Refused
from chalicelib.people.roles import A_RESIDENT, STAFF, Actor, the_system

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
NINE = datetime(2026, 11, 30, 1, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
CALLER = Actor("deputy", "deputy.caller", deputy="caller")
MANAGER = Actor("manager", "manager.qiao")
PEOPLE = tuple(Actor("deputy", f"deputy.{name}", deputy=name) for name in ("lin", "gao", "zhou", "ma"))
LIN, GAO, ZHOU, MA = PEOPLE
HOURS = {"starts_at": NINE, "ends_at": NINE + timedelta(hours=2)}


def meeting(by: Actor = CALLER, **known: Any) -> Activity:
    return called("A1", by=by, at=NOON, kind="meeting", title="会", **{"sign_up_until": NINE, **HOURS, **known}).after


def reception(**known: Any) -> Activity:
    given = {"station": "s", "deputies": ("lin",), "slot_minutes": 30, "sign_up_until": NINE + timedelta(hours=2)}
    return called("A1", by=LIN, at=NOON, kind="reception", title="接待", **{**HOURS, **given, **known}).after


def opened(activity: Activity) -> Activity:
    """The doors are open."""
    return activity.enforced("remind", NINE).after.enforced("open", NINE).after


# Sign-up


def test_who_comes_when_all_places_are_taken_waits_and_the_first_who_waits_moves_up() -> None:
    activity = meeting(capacity=1)
    for who in (LIN, GAO, ZHOU):
        activity = activity.sign_up(by=who, at=NOON).after
    assert (activity.signed_up, activity.waiting) == (("lin",), ("gao", "zhou"))
    step = activity.sign_off(by=LIN, at=NOON)
    assert (step.after.signed_up, step.after.waiting, step.data["up"]) == (("gao",), ("zhou",), "gao")
    left = step.after.sign_off(by=ZHOU, at=NOON)
    assert (left.after.signed_up, left.after.waiting, left.data["up"]) == (("gao",), (), "")


def test_nobody_signs_up_twice_or_off_who_is_not_on_the_list() -> None:
    activity = meeting().sign_up(by=LIN, at=NOON).after
    for deed, code in ((lambda: activity.sign_up(by=LIN, at=NOON), "signed_up_already"),
                       (lambda: activity.sign_off(by=GAO, at=NOON), "not_signed_up")):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            deed()
        assert refused.value.code == code


def test_who_is_not_invited_neither_signs_up_nor_is_counted() -> None:
    activity = meeting(invited=("lin",))
    for deed in (activity.sign_up, opened(activity).attend):
        with pytest.raises(NotAllowed) as refused:
            deed(by=GAO, at=NOON)
        assert refused.value.code == "not_invited"
    assert not activity.concerns(GAO)
    assert activity.concerns(LIN)
    assert activity.concerns(CALLER)


def test_after_the_last_moment_nobody_signs_up_but_whoever_can_not_come_still_says_so() -> None:
    activity = meeting(sign_up_until=NINE - timedelta(days=1)).sign_up(by=LIN, at=NOON).after
    with pytest.raises(IllegalMove):
        activity.sign_up(by=GAO, at=NINE - timedelta(days=1))
    closed = activity.enforced("close_sign_up", NINE - timedelta(days=1)).after
    with pytest.raises(IllegalMove) as refused:
        closed.sign_up(by=GAO, at=NINE - timedelta(hours=2))
    assert "sign_up" not in refused.value.legal
    assert closed.sign_off(by=LIN, at=NINE - timedelta(hours=2)).after.signed_up == ()


# Attendance


def test_attendance_is_counted_from_half_an_hour_before_until_the_end_and_once() -> None:
    activity = meeting()
    assert activity.timers["open"] == NINE - DOORS
    with pytest.raises(IllegalMove):
        activity.attend(by=LIN, at=NOON)
    step = opened(activity).attend(by=LIN, at=NINE)
    assert step is not None
    assert (step.fact, step.data["deputy"], step.after.attended) == ("attended", "lin", ("lin",))
    assert step.after.attend(by=LIN, at=NINE) is None
    held = step.after.enforced("hold", NINE + timedelta(hours=2)).after
    with pytest.raises(IllegalMove):
        held.attend(by=GAO, at=NINE + timedelta(hours=2))


def test_only_who_called_it_and_managers_have_the_say() -> None:
    activity = opened(meeting())
    for by in (CALLER, MANAGER):
        assert activity.count_guests(12, by=by, at=NINE).after.guests == 12
        assert activity.cancel("雪", by=by, at=NINE).after.status == "cancelled"
    for deed in (lambda: activity.count_guests(12, by=LIN, at=NINE), lambda: activity.cancel("雪", by=LIN, at=NINE)):
        with pytest.raises(NotAllowed) as refused:
            deed()
        assert refused.value.code == "not_the_caller"


@pytest.mark.parametrize("number", [-1, 100_001])
def test_a_number_of_guests_that_can_not_be_is_refused(number: int) -> None:
    with pytest.raises(Invalid):
        opened(meeting()).count_guests(number, by=CALLER, at=NINE)


# Minutes and the end


def test_the_journal_holds_a_digest_of_the_minutes_and_no_word_of_them() -> None:
    held = opened(meeting()).enforced("hold", NINE + timedelta(hours=2)).after
    step = held.minute("王阿姨说暖气不热", ("下周复查",), (), by=CALLER, at=NINE)
    assert (step.after.status, step.after.minutes, step.after.decisions) == ("minuted", "王阿姨说暖气不热", ("下周复查",))
    assert "王阿姨" not in str(step.data)
    assert step.data["decisions"] == 1
    assert {"minutes", "decisions"} <= Activity.APART
    again = step.after.minute("更正", (), (), by=MANAGER, at=NINE)
    assert (again.after.minutes, again.after.closed_at) == ("更正", step.after.closed_at)


def test_what_is_over_has_no_duty_and_is_on_no_list_but_its_years() -> None:
    for over in (meeting().cancel("雪", by=CALLER, at=NOON).after, reception().cancel("雪", by=LIN, at=NOON).after):
        assert (over.next_duty, over.worklists, over.shelf[0]) == (None, ("", ""), "activity#2026")
    assert meeting().worklists == ("", "#activities")
    assert reception().worklists == ("activity#s", "#activities")


# Times


def test_a_rest_too_short_for_a_talk_is_none() -> None:
    found = slots(NINE, NINE + timedelta(minutes=50), 20, ZONE)
    assert [slot.key for slot in found] == ["0900", "0920"]
    assert slots(NINE, NINE + timedelta(minutes=50), 0, ZONE) == ()


@given(st.integers(1, 240), st.integers(0, 720))
def test_talks_follow_one_another_without_a_gap_within_the_hours(minutes: int, length: int) -> None:
    end = NINE + timedelta(minutes=length)
    found = slots(NINE, end, minutes, ZONE)
    assert len(found) == length // minutes
    assert len({slot.key for slot in found}) == len(found) <= max(MOST, 720)
    assert [slot.starts_at for slot in found[1:]] == [slot.ends_at for slot in found[:-1]]
    assert all(NINE <= slot.starts_at < slot.ends_at <= end for slot in found)


def test_what_is_taken_or_has_begun_is_not_free() -> None:
    day = reception().take("0930", "B1", by=A_RESIDENT, at=NOON).after
    assert [slot.key for slot in day.free(NOON, ZONE)] == ["0900", "1000", "1030"]
    assert [slot.key for slot in day.free(NINE + timedelta(minutes=1), ZONE)] == ["1000", "1030"]
    assert day.free_up("0930", "B1", by=A_RESIDENT, at=NOON).after.taken == {}
    assert day.cancel("雪", by=LIN, at=NOON).after.free(NOON, ZONE) == ()


# Bookings


def a_booking(tell: str = "email", at: datetime = NOON) -> Booking:
    slot = reception().times(ZONE)[0]
    known = {"subject": "事", "tell": tell, "sealed": True}
    return booked("B1", reception(), slot, at=at, erase_after=timedelta(days=1), **known).after


def test_a_reminder_is_for_those_who_wish_one_and_not_for_the_last_day() -> None:
    assert a_booking().timers["remind"] == NINE - timedelta(hours=24)
    assert "remind" not in a_booking("none").timers
    assert "remind" not in a_booking(at=NINE - timedelta(hours=20)).timers


def test_what_is_known_of_a_resident_goes_whatever_became_of_the_booking() -> None:
    booking = a_booking()
    kept, missed = booking.keep(by=LIN, at=NINE).after, booking.enforced("miss", NINE + timedelta(days=1)).after
    called_off = booking.cancel(by=the_system("follow"), at=NOON, because="雪").after
    for over in (kept, missed, called_off):
        assert list(over.timers) == ["erase"]
        erased = over.enforced("erase", over.timers["erase"]).after
        assert (erased.subject, erased.sealed, erased.tell, erased.status) == ("", False, "none", over.status)
    assert booking.cancel(by=A_RESIDENT, at=NOON).after.timers == {"erase": NOON}


def test_a_talk_may_become_several_cases_and_a_missed_one_may_turn_out_kept() -> None:
    missed = a_booking().enforced("miss", NINE + timedelta(days=1)).after
    kept = missed.keep("CASE1", by=LIN, at=NINE + timedelta(days=1)).after
    again = kept.keep("CASE2", by=LIN, at=NINE + timedelta(days=1))
    assert (again.fact, again.after.cases, again.after.status) == ("case_taken_down", ("CASE1", "CASE2"), "kept")


# Random moves by random people

ANYBODY = (
    *PEOPLE,
    CALLER,
    MANAGER,
    A_RESIDENT,
    the_system("enforce"),
    Actor("officer", "o", body="b"),
    Actor("supervisor", "s"),
)
DEEDS = ("sign_up", "sign_off", "attend", "count_guests", "minute", "cancel", "take", "free_up", "take_down", "timer")


def do(activity: Activity, deed: str, by: Actor, at: datetime) -> Activity:
    """One deed, or none if it is not legal."""
    slot = "0900"
    moves: dict[str, Any] = {
        "count_guests": lambda: activity.count_guests(3, by=by, at=at),
        "minute": lambda: activity.minute("纪要", (), (), by=by, at=at),
        "cancel": lambda: activity.cancel("雪", by=by, at=at),
        "take": lambda: activity.take(slot, "B1", by=by, at=at),
        "free_up": lambda: activity.free_up(slot, "B1", by=by, at=at),
        "take_down": lambda: activity.take_down("C1", "", by=by, at=at),
        "timer": lambda: activity.enforced(activity.next_duty.what, at) if activity.next_duty else None,
    }
    before = replace(activity)
    try:
        step = moves[deed]() if deed in moves else getattr(activity, deed)(by=by, at=at)
    except Refused:
        assert activity == before
        return activity
    return activity if step is None else step.after


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.sampled_from(ANYBODY)), max_size=40), st.integers(0, 3))
def test_whatever_is_tried_by_whomever_the_lists_stay_sound(tried: list[tuple[str, Actor]], capacity: int) -> None:
    activity = meeting(capacity=capacity, invited=("lin", "gao", "zhou", "caller"))
    for number, (deed, by) in enumerate(tried):
        before, activity = activity, do(activity, deed, by, NOON + timedelta(minutes=number))
        lists = (*activity.signed_up, *activity.waiting)
        assert len(set(lists)) == len(lists)
        assert len(set(activity.attended)) == len(activity.attended)
        assert {*lists, *activity.attended} <= set(activity.invited)
        assert not capacity or len(activity.signed_up) <= capacity
        assert not activity.waiting or len(activity.signed_up) == capacity
        assert set(before.attended) <= set(activity.attended), "who was there was there"
        assert activity.attended == before.attended or before.status == "open"
        assert (activity.closed_at is not None) == (activity.status in LIFECYCLE.closed)
        assert by.role in ("deputy", "manager", "system", "resident") or activity == before or deed == "timer"


@pytest.mark.parametrize("role", STAFF)
def test_what_is_shown_as_possible_is_possible(role: str) -> None:
    for activity in (meeting(), opened(meeting()), reception(), opened(reception())):
        for by in (Actor(role, "someone", deputy="lin" if role == "deputy" else ""), CALLER):
            for move in activity.legal_moves(by):
                assert move.name not in ("cancel", "count_guests", "minute") or activity.runs(by)


def test_every_state_of_a_booking_that_closes_it_is_one_it_can_come_to() -> None:
    assert OF_BOOKINGS.closed == {move.target for move in OF_BOOKINGS.moves if move.target}
