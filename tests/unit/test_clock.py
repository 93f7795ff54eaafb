"""Promises in working and elapsed time: worked examples, checked by hand, and what a running clock keeps."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.spine.calendars import Calendar, calendar_from
from chalicelib.spine.clock import BREACH, INSTANT, Clock, Promise, due, start_clock, worked

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = calendar_from(
    {"zone": "Asia/Shanghai", "hours": {day: ["08:30-12:00", "14:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}}
)
LADDER = {"remind": 0.75, "breach": 1.0, "head": 1.25, "manager": 1.5}
TWO_HOURS = Promise("answer", "working", timedelta(hours=2))
HEATING = Promise("answer", "elapsed", timedelta(hours=2))


def at(text: str) -> datetime:
    """A moment in Shanghai: '2026-09-30 17:00'."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def running(promise: Promise = TWO_HOURS, since: str = "2026-11-24 09:00") -> Clock:
    return start_clock(promise, at(since), OFFICE, LADDER)


# State Council, notice 国办发明电〔2025〕7号 of 4 November 2025: Mid-Autumn 25 to 27 September off; National Day 1 to 7 October
# off, Sunday 20 September and Saturday 10 October worked.
@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-09-30 17:00", 2, "2026-10-08 09:30"),  # over the whole of National Day week
        ("2026-10-09 17:00", 2, "2026-10-10 09:30"),  # on into the Saturday worked in exchange
        ("2026-10-10 17:00", 2, "2026-10-12 09:30"),  # and out of it, over its Sunday
        ("2026-09-18 17:00", 2, "2026-09-20 09:30"),  # over an ordinary Saturday into the Sunday worked in exchange
        ("2026-09-19 10:00", 2, "2026-09-20 10:30"),  # given on a Saturday off
        ("2026-09-20 16:00", 7, "2026-09-21 16:00"),  # a working day that began on that Sunday, over a midday break
        ("2026-09-24 17:30", 1, "2026-09-28 09:00"),  # over Mid-Autumn
        ("2026-10-03 03:00", 1, "2026-10-08 09:30"),  # given in the middle of the night of a holiday
        ("2026-09-30 09:00", 35, "2026-10-13 09:00"),  # five working days: 6.5 + 7 + 7 + 7 + 7 + 0.5 hours
        ("2026-11-24 11:30", 1, "2026-11-24 15:00"),  # over the midday break of an ordinary Tuesday
        ("2026-11-24 13:00", 1, "2026-11-24 15:30"),  # given within the break
    ],
)
def test_a_working_promise_counts_working_hours_alone(start: str, hours: int, expected: str) -> None:
    promise = Promise("answer", "working", timedelta(hours=hours))
    assert due(at(start), promise, OFFICE) == at(expected)
    assert worked(at(start), at(expected), "working", OFFICE) == promise.amount


def test_an_elapsed_promise_counts_on_at_night_and_on_holidays() -> None:
    assert due(at("2026-10-01 03:00"), HEATING, OFFICE) == at("2026-10-01 05:00")


def test_a_moment_due_is_given_in_utc() -> None:
    assert due(at("2026-11-24 09:00"), TWO_HOURS, OFFICE).isoformat() == "2026-11-24T03:00:00+00:00"
    assert due(at("2026-11-24 09:00"), HEATING, OFFICE).isoformat() == "2026-11-24T03:00:00+00:00"


def test_a_promise_that_uses_up_a_span_is_due_at_its_end_and_not_at_the_start_of_the_next() -> None:
    assert due(at("2026-11-24 10:00"), TWO_HOURS, OFFICE) == at("2026-11-24 12:00")
    assert due(at("2026-11-27 16:00"), TWO_HOURS, OFFICE) == at("2026-11-27 18:00")  # a Friday, not Monday 08:30


def test_a_promise_given_at_the_end_of_a_span_begins_with_the_next() -> None:
    assert due(at("2026-11-24 12:00"), TWO_HOURS, OFFICE) == at("2026-11-24 16:30")


def test_a_promise_of_nothing_is_due_at_once_even_at_night() -> None:
    assert due(at("2026-11-24 03:00"), Promise("answer", "working", timedelta()), OFFICE) == at("2026-11-24 03:00")


def test_a_promise_of_years_is_reckoned_all_the_same() -> None:
    promise = Promise("answer", "working", timedelta(hours=7 * 2_500))
    # 500 weeks from a Tuesday morning, less one night.
    assert due(at("2026-11-24 08:30"), promise, replace(OFFICE, holidays="none")) == at("2036-06-23 18:00")


def test_a_saturday_with_hours_of_its_own_counts_unless_it_is_a_holiday() -> None:
    saturday = replace(OFFICE, hours={**OFFICE.hours, 5: OFFICE.hours[0][:1]})
    assert due(at("2026-11-27 17:00"), TWO_HOURS, saturday) == at("2026-11-28 09:30")
    assert due(at("2026-09-30 17:00"), TWO_HOURS, saturday) == at("2026-10-08 09:30")


def test_a_hotline_that_never_closes_counts_from_midnight_to_midnight() -> None:
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    hotline = calendar_from({"zone": "Asia/Shanghai", "hours": {day: ["00:00-24:00"] for day in days}, "holidays": "none"})
    assert due(at("2026-09-30 23:00"), TWO_HOURS, hotline) == at("2026-10-01 01:00")
    assert worked(at("2026-09-30 23:00"), at("2026-10-03 23:00"), "working", hotline) == timedelta(days=3)


def test_a_moment_without_a_time_zone_is_refused_and_named() -> None:
    naive = datetime(2026, 11, 24, 9)  # noqa: DTZ001 - this is the point
    with pytest.raises(ValueError, match=r"2026-11-24T09:00:00 has no time zone"):
        due(naive, TWO_HOURS, OFFICE)
    with pytest.raises(ValueError, match="has no time zone"):
        worked(at("2026-11-24 09:00"), naive, "working", OFFICE)
    with pytest.raises(ValueError, match="has no time zone"):
        running().overdue(naive)


def test_a_promise_of_less_than_nothing_of_too_much_or_of_no_known_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="can't be kept"):
        Promise("answer", "working", timedelta(seconds=-1))
    with pytest.raises(ValueError, match="3660 days"):
        Promise("answer", "elapsed", timedelta(days=3_661))
    with pytest.raises(ValueError, match="'lunar' is no way to count"):
        Promise("answer", "lunar", timedelta(1))  # type: ignore[arg-type]


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="is before"):
        worked(at("2026-11-24 10:00"), at("2026-11-24 09:00"), "elapsed", OFFICE)


@pytest.mark.parametrize("hours", [{}, {0: ()}])
def test_a_calendar_that_never_works_is_an_error_and_no_endless_loop(hours: dict[int, tuple[()]]) -> None:
    rest = Calendar(SHANGHAI, hours, timedelta(hours=7))
    with pytest.raises(ValueError, match=r"no working time in the two years after 2026-11-24T01:00:00"):
        due(at("2026-11-24 09:00"), TWO_HOURS, rest)


def test_a_calendar_that_never_works_has_worked_nothing() -> None:
    rest = Calendar(SHANGHAI, {}, timedelta(hours=7))
    assert worked(at("2020-01-01 09:00"), at("2026-11-24 09:00"), "working", rest) == timedelta()


def test_a_promise_is_not_overdue_on_the_due_moment_but_right_after_it() -> None:
    clock = running()
    assert clock.due_at == at("2026-11-24 11:00")
    assert not clock.overdue(at("2026-11-24 11:00"))
    assert clock.overdue(at("2026-11-24 11:00") + INSTANT)


def test_the_breach_comes_when_the_promise_is_overdue_and_never_on_the_due_moment() -> None:
    clock = running()
    assert clock.rungs[BREACH] == at("2026-11-24 11:00") + INSTANT
    assert clock.overdue(clock.rungs[BREACH])


def test_the_rungs_come_at_their_shares_of_the_amount_in_the_time_of_the_promise() -> None:
    clock = running(since="2026-11-24 16:00")
    assert clock.rungs == {
        "remind": at("2026-11-24 17:30"),
        "breach": at("2026-11-24 18:00") + INSTANT,
        "head": at("2026-11-25 09:00"),
        "manager": at("2026-11-25 09:30"),
    }


def test_rungs_are_enforced_one_after_the_other_and_each_once() -> None:
    clock, seen = running(HEATING), []
    while rung := clock.next_rung():
        seen.append(rung[0])
        clock = clock.enforced(*rung)
    assert seen == ["remind", "breach", "head", "manager"]
    assert clock.done == ("remind", "breach", "head", "manager")
    assert clock.running


def test_a_rung_enforced_twice_changes_nothing_the_second_time() -> None:
    once = running().enforced("remind", at("2026-11-24 10:30"))
    assert once.enforced("remind", at("2026-11-24 10:31")) is once


@pytest.mark.parametrize("rung", ["breach", "nonsense"])
def test_a_rung_whose_moment_has_not_come_is_not_enforced(rung: str) -> None:
    with pytest.raises(ValueError, match=f"'{rung}' of 'answer' is not due at 2026-11-24T11:00:00"):
        running().enforced(rung, at("2026-11-24 11:00"))


def test_after_an_hour_of_outage_the_rungs_wait_in_their_order_and_the_breach_keeps_its_moment() -> None:
    clock, now = running(HEATING), at("2026-11-24 12:30")
    assert clock.enforced("remind", now).next_rung() == ("breach", at("2026-11-24 11:00") + INSTANT)
    assert clock.enforced("remind", now).enforced("breach", now).broken_at == at("2026-11-24 11:00")


def test_a_pause_stops_the_clock_and_what_is_left_is_kept_to_the_microsecond() -> None:
    paused = running().pause(at("2026-11-24 09:40:00.000007"), OFFICE)
    assert paused.paused
    assert not paused.running
    assert paused.used == timedelta(minutes=40, microseconds=7)
    assert (paused.due_at, paused.next_rung()) == (None, None)
    assert paused.left(at("2026-12-24 09:00"), OFFICE) == timedelta(minutes=80) - timedelta(microseconds=7)
    resumed = paused.resume(at("2026-11-25 08:30"), OFFICE)
    assert resumed.due_at == at("2026-11-25 09:50") - timedelta(microseconds=7)
    assert resumed.rungs["remind"] == at("2026-11-25 09:20") - timedelta(microseconds=7)


def test_a_pause_outside_working_hours_uses_and_changes_nothing() -> None:
    clock = running(since="2026-11-24 17:00")
    paused = clock.pause(at("2026-11-24 19:00"), OFFICE)
    assert paused.used == timedelta(hours=1)
    again = paused.resume(at("2026-11-25 07:00"), OFFICE)
    assert (again.due_at, again.rungs) == (clock.due_at, clock.rungs)


def test_a_clock_is_paused_once_and_resumed_once() -> None:
    clock = running()
    paused = clock.pause(at("2026-11-24 09:40"), OFFICE)
    assert paused.pause(at("2026-11-24 15:00"), OFFICE) is paused
    assert clock.resume(at("2026-11-24 15:00"), OFFICE) is clock


def test_a_rung_enforced_before_a_pause_stays_enforced_after_it() -> None:
    clock = running().enforced("remind", at("2026-11-24 10:30")).pause(at("2026-11-24 10:45"), OFFICE)
    resumed = clock.resume(at("2026-11-25 08:30"), OFFICE)
    assert resumed.done == ("remind",)
    assert resumed.next_rung() == ("breach", at("2026-11-25 08:45") + INSTANT)


def test_a_rung_that_had_passed_before_a_pause_is_still_enforced() -> None:
    paused = running().pause(at("2026-11-24 10:45"), OFFICE)
    assert paused.next_rung() == ("remind", at("2026-11-24 10:30"))
    resumed = paused.resume(at("2026-11-25 08:30"), OFFICE)
    assert resumed.next_rung() == ("remind", at("2026-11-24 10:30"))


def test_a_rung_that_comes_on_the_moment_of_a_pause_has_come() -> None:
    paused = running().pause(at("2026-11-24 10:30"), OFFICE)
    assert paused.next_rung() == ("remind", at("2026-11-24 10:30"))


def test_a_promise_broken_before_a_pause_stays_broken_since_the_same_moment() -> None:
    paused = running(HEATING).pause(at("2026-11-24 11:15"), OFFICE)
    assert paused.overdue(at("2026-11-24 11:15"))
    assert paused.left(at("2026-11-30 09:00"), OFFICE) == timedelta(minutes=-15)
    resumed = paused.resume(at("2026-11-25 09:00"), OFFICE)
    assert resumed.due_at == at("2026-11-24 11:00")
    assert resumed.enforced("breach", at("2026-11-25 09:00")).broken_at == at("2026-11-24 11:00")
    assert resumed.rungs["head"] == at("2026-11-25 09:15")


def test_a_promise_paused_on_its_due_moment_is_not_broken() -> None:
    paused = running().pause(at("2026-11-24 11:00"), OFFICE)
    assert not paused.overdue(at("2026-11-30 09:00"))
    assert paused.left(at("2026-11-30 09:00"), OFFICE) == timedelta()
    assert paused.resume(at("2026-11-30 09:00"), OFFICE).due_at == at("2026-11-30 09:00")


def test_a_promise_met_in_time_is_never_broken_and_climbs_no_further() -> None:
    met = running().meet(at("2026-11-24 11:00"))
    assert (met.met_at, met.broken_at, met.next_rung()) == (at("2026-11-24 11:00"), None, None)
    assert not met.overdue(at("2027-01-01 09:00"))
    assert met.left(at("2027-01-01 09:00"), OFFICE) == timedelta()
    assert met.closed
    assert not met.running


def test_a_promise_met_late_keeps_its_breach_in_sight_though_nobody_had_enforced_it() -> None:
    met = running().meet(at("2026-11-24 11:30"))
    assert met.broken_at == at("2026-11-24 11:00")
    assert met.left(at("2027-01-01 09:00"), OFFICE) == timedelta(minutes=-30)


def test_a_promise_stopped_late_keeps_its_breach_in_sight_too() -> None:
    assert running().stop(at("2026-11-24 11:30")).broken_at == at("2026-11-24 11:00")
    assert running().stop(at("2026-11-24 10:00")).broken_at is None


def test_a_closed_clock_changes_no_more() -> None:
    met, later = running().meet(at("2026-11-24 10:00")), at("2026-11-25 10:00")
    assert met.meet(later) is met
    assert met.stop(later) is met
    assert met.pause(later, OFFICE) is met
    assert met.resume(later, OFFICE) is met
    with pytest.raises(ValueError, match="'breach' of 'answer' is not due"):
        met.enforced("breach", later)


def test_a_promise_met_while_paused_is_met() -> None:
    met = running().pause(at("2026-11-24 09:30"), OFFICE).meet(at("2026-11-30 09:30"))
    assert (met.broken_at, met.paused) == (None, False)
    assert met.left(at("2026-12-01 09:00"), OFFICE) == timedelta(minutes=90)


def test_a_machine_whose_clock_is_a_moment_behind_uses_no_negative_time() -> None:
    assert running(HEATING).pause(at("2026-11-24 08:59:59"), OFFICE).used == timedelta()


@pytest.mark.parametrize("ladder", [{"remind": -0.5}, {"breach": 1.5}])
def test_a_ladder_that_makes_no_sense_is_refused(ladder: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="of the amount; a breach comes at 1"):
        start_clock(TWO_HOURS, at("2026-11-24 09:00"), OFFICE, ladder)


def test_a_clock_without_a_ladder_still_falls_due() -> None:
    clock = start_clock(TWO_HOURS, at("2026-11-24 09:00"), OFFICE, {})
    assert clock.next_rung() is None
    assert clock.meet(at("2026-11-24 12:00")).broken_at == at("2026-11-24 11:00")


@given(st.timedeltas(timedelta(), timedelta(days=3_660)), st.timedeltas(timedelta(), timedelta(days=9)))
def test_a_clock_comes_back_from_json_to_the_microsecond(amount: timedelta, later: timedelta) -> None:
    clock = start_clock(Promise("answer", "elapsed", amount), datetime(2026, 11, 24, tzinfo=UTC), OFFICE, LADDER)
    for kept in (clock, clock.pause(clock.started_at + later, OFFICE), clock.meet(clock.started_at + later)):
        assert msgspec.json.decode(msgspec.json.encode(kept), type=Clock) == kept
        assert msgspec.convert(msgspec.to_builtins(kept), Clock) == kept
