"""Calendars: which day is worked, how they stand in the directory, and hours while the clocks change."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from chalicelib.spine.calendars import KNOWN_YEARS, Calendar, amount_from, calendar_from, calendar_to
from chalicelib.spine.clock import Promise, due, worked

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
MORNING, AFTERNOON = (time(8, 30), time(12)), (time(14, 30), time(18))
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
OFFICE = Calendar(SHANGHAI, dict.fromkeys(range(5), (MORNING, AFTERNOON)), timedelta(hours=7))
AS_YAML = """
zone: Asia/Shanghai
hours:
  mon: [08:30-12:00, 14:30-18:00]
  tue: [08:30-12:00, 14:30-18:00]
  wed: [08:30-12:00, 14:30-18:00]
  thu: [08:30-12:00, 14:30-18:00]
  fri: [08:30-12:00, 14:30-18:00]
makeup: [09:00-12:00, 13:30-24:00]
day: 7h
overrides:
  2027-01-01: off
  2027-01-09: on
  "2027-01-10": "on"
"""


def plain(**fields: Any) -> dict[str, Any]:
    return {"zone": "Asia/Shanghai", "hours": {day: ["08:30-12:00", "14:30-18:00"] for day in WEEKDAYS}} | fields


# State Council, notice 国办发明电〔2025〕7号 of 4 November 2025, whole.
OFF_2026 = [("01-01", 3), ("02-15", 9), ("04-04", 3), ("05-01", 5), ("06-19", 3), ("09-25", 3), ("10-01", 7)]
MAKEUP_2026 = {date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))}


def test_every_day_of_2026_is_worked_or_off_as_the_state_council_published_it() -> None:
    firsts = [(date.fromisoformat(f"2026-{first}"), length) for first, length in OFF_2026]
    off = {first + timedelta(days=day) for first, length in firsts for day in range(length)}
    for day in (date(2026, 1, 1) + timedelta(days=number) for number in range(365)):
        worked_then = day in MAKEUP_2026 or (day.weekday() < 5 and day not in off)
        assert bool(OFFICE.spans_on(day)) is worked_then, day


def test_a_makeup_day_has_mondays_hours_unless_others_are_given() -> None:
    short = replace(OFFICE, makeup=(MORNING,))
    assert OFFICE.spans_on(date(2026, 10, 10)) == (MORNING, AFTERNOON)
    assert short.spans_on(date(2026, 10, 10)) == (MORNING,)
    assert short.spans_on(date(2026, 10, 12)) == (MORNING, AFTERNOON)


def test_a_body_may_say_that_nobody_works_on_makeup_days() -> None:
    assert replace(OFFICE, makeup=()).spans_on(date(2026, 10, 10)) == ()


def test_an_override_knows_better_than_the_published_calendar() -> None:
    calendar = replace(
        OFFICE,
        makeup=(MORNING,),
        overrides={
            date(2026, 10, 1): True,
            date(2026, 10, 8): False,
            date(2026, 10, 10): False,
            date(2026, 10, 11): True,
        },
    )
    assert calendar.spans_on(date(2026, 10, 1)) == (MORNING, AFTERNOON)
    assert calendar.spans_on(date(2026, 10, 8)) == ()
    assert calendar.spans_on(date(2026, 10, 10)) == ()
    assert calendar.spans_on(date(2026, 10, 11)) == (MORNING,)


def test_a_year_not_published_yet_runs_on_plain_weeks_and_overrides() -> None:
    unknown = KNOWN_YEARS.stop
    first = date(unknown, 1, 1)
    week = [day for day in (first + timedelta(days=number) for number in range(7)) if OFFICE.spans_on(day)]
    assert [day.weekday() for day in week if day.weekday() > 4] == []
    assert len(week) == 5
    assert replace(OFFICE, overrides={week[0]: False}).spans_on(week[0]) == ()


def test_a_calendar_says_which_years_it_does_not_know_so_that_somebody_can_enter_them() -> None:
    unknown = KNOWN_YEARS.stop
    assert OFFICE.covers(2026)
    assert not OFFICE.covers(unknown)
    assert replace(OFFICE, overrides={date(unknown, 10, 1): False}).covers(unknown)
    assert replace(OFFICE, holidays="none").covers(unknown)


def test_a_calendar_without_public_holidays_works_through_them() -> None:
    assert replace(OFFICE, holidays="none").spans_on(date(2026, 10, 1)) == (MORNING, AFTERNOON)
    assert replace(OFFICE, holidays="none").spans_on(date(2026, 10, 10)) == ()


def test_a_calendar_is_read_as_it_stands_in_yaml_also_where_yaml_reads_dates_and_truths() -> None:
    makeup = ((time(9), time(12)), (time(13, 30), time(0)))
    overrides = {date(2027, 1, 1): False, date(2027, 1, 9): True, date(2027, 1, 10): True}
    assert calendar_from(yaml.safe_load(AS_YAML)) == replace(OFFICE, makeup=makeup, overrides=overrides)


def test_a_calendar_written_out_is_read_back_the_same() -> None:
    for calendar in (OFFICE, calendar_from(yaml.safe_load(AS_YAML)), replace(OFFICE, holidays="none", makeup=())):
        written = yaml.safe_dump(calendar_to(calendar), sort_keys=False)
        assert calendar_from(yaml.safe_load(written)) == calendar


def test_a_working_day_is_as_long_as_monday_or_else_the_first_day_with_hours_unless_told() -> None:
    assert calendar_from(plain()).day == timedelta(hours=7)
    assert calendar_from(plain(hours={"sat": ["08:00-24:00"]})).day == timedelta(hours=16)
    assert calendar_from(plain(day="7h30m")).day == timedelta(hours=7, minutes=30)
    assert calendar_from(plain(day="450m")).day == timedelta(hours=7, minutes=30)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"zone": "Asia/Taiyuan"}, "'Asia/Taiyuan' is no time zone; write it like Asia/Shanghai"),
        ({"zone": "../etc"}, "'../etc' is no time zone"),
        ({"zone": "Asia"}, "'Asia' is no time zone"),
        ({"zone": None}, "'' is no time zone"),
        ({"hours": None}, "'hours' must name the spans of each weekday"),
        ({"hours": {"monday": []}}, "'monday' is no weekday; write one of mon, tue"),
        ({"hours": {"mon": []}}, "'hours' has no working time in the whole week"),
        ({"hours": {"mon": "08:30-12:00"}}, "'08:30-12:00' must be a list of spans"),
        ({"hours": {"mon": ["8.30-12"]}}, "'8.30-12' is no span of time; write it like 08:30-12:00"),
        ({"hours": {"mon": ["08:30"]}}, "'08:30' is no span of time"),
        ({"hours": {"mon": ["08:30-25:00"]}}, "'08:30-25:00' is no span of time"),
        ({"hours": {"mon": ["24:00-24:00"]}}, "'24:00-24:00' is no span of time"),
        ({"hours": {"mon": ["22:00-06:00"]}}, "'22:00-06:00' must end after it begins; what goes past midnight is two spans"),
        ({"hours": {"mon": ["08:00-08:00"]}}, "'08:00-08:00' must end after it begins"),
        ({"hours": {"mon": ["08:00-00:00"]}}, "'08:00-00:00' must end after it begins"),
        ({"hours": {"mon": ["14:30-18:00", "08:30-12:00"]}}, "in order and apart: 14:30-18:00, 08:30-12:00"),
        ({"hours": {"mon": ["08:30-12:00", "11:00-18:00"]}}, "in order and apart"),
        ({"hours": {"mon": ["08:30-24:00", "09:00-10:00"]}}, "in order and apart: 08:30-24:00, 09:00-10:00"),
        ({"makeup": ["x"]}, "'x' is no span of time"),
        ({"day": "0h"}, "'0h' is no length of a working day; write it like 7h or 7h30m"),
        ({"day": "25h"}, "'25h' is no length"),
        ({"day": "9999999999999h"}, "is no length"),
        ({"day": 7}, "'7' is no length"),
        ({"overrides": ["2027-01-01"]}, "must give a day each its 'on' or 'off'"),
        ({"overrides": {"2027-13-01": "off"}}, "'2027-13-01' is no day; write it like 2027-01-01"),
        ({"overrides": {"2027-01-01": "closed"}}, "'closed' on 2027-01-01 must be on"),
        ({"overrides": {"2027-01-01": 1}}, "'1' on 2027-01-01 must be on"),
        ({"holidays": "france"}, "'france' are no holidays known here"),
        ({"houres": {}}, "'houres' is no field of a calendar; there are zone, hours"),
    ],
)
def test_a_calendar_that_is_wrong_is_refused_with_the_value_and_what_would_be_right(
    fields: Mapping[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=r"^.*$") as refused:
        calendar_from(plain(**fields))
    assert words in str(refused.value)


def test_all_that_is_wrong_in_a_calendar_is_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"Mars.*'x' is no span of time.*; 'soon' is no length"):
        calendar_from(plain(zone="Mars", hours={"mon": ["x"]}, day="soon"))


@pytest.mark.parametrize(
    ("text", "working", "elapsed"),
    [
        ("30m", timedelta(minutes=30), timedelta(minutes=30)),
        ("2h", timedelta(hours=2), timedelta(hours=2)),
        ("5d", timedelta(hours=35), timedelta(days=5)),
        (" 1d4h ", timedelta(hours=11), timedelta(hours=28)),
        ("0m", timedelta(), timedelta()),
    ],
)
def test_an_amount_in_days_is_working_days_or_whole_ones(text: str, working: timedelta, elapsed: timedelta) -> None:
    assert amount_from(text, "working", OFFICE) == working
    assert amount_from(text, "elapsed", OFFICE) == elapsed


@pytest.mark.parametrize("text", ["", "h", "2", "-2h", "2 hours", "1.5h", "3mo", "2h1d", "２h", "99999999999999d"])
def test_an_amount_that_cannot_be_read_is_refused_and_named(text: str) -> None:
    with pytest.raises(ValueError, match=f"'{text}' is no amount of time"):
        amount_from(text, "working", OFFICE)


NIGHT = Calendar(BERLIN, dict.fromkeys(range(7), ((time(0), time(6)),)), timedelta(hours=6), holidays="none")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # 02:00 → 03:00, and 03:00 → 02:00


def berlin(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), BERLIN)


def test_an_elapsed_promise_counts_real_hours_while_the_clocks_change() -> None:
    two = Promise("answer", "elapsed", timedelta(hours=2))
    assert due(berlin(SPRING, 1), two, NIGHT) == berlin(SPRING, 4)
    assert due(berlin(AUTUMN, 1), two, NIGHT) == datetime(2026, 10, 25, 1, tzinfo=UTC)  # 02:00 for the second time
    assert worked(berlin(SPRING, 0), berlin(SPRING, 6), "elapsed", NIGHT) == timedelta(hours=5)


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    for day, hours in ((SPRING, 5), (AUTUMN, 7), (date(2026, 11, 24), 6)):
        whole = Promise("answer", "working", timedelta(hours=hours))
        assert worked(berlin(day, 0), berlin(day, 6), "working", NIGHT) == whole.amount
        assert due(berlin(day, 0), whole, NIGHT) == berlin(day, 6)


@pytest.mark.parametrize(
    ("day", "spans", "hours"),
    [
        (SPRING, ((time(1), time(2, 30)), (time(3), time(4))), 2),  # the first reaches over the gap into the second
        (SPRING, ((time(2, 15), time(2, 45)),), 0.5),  # within the gap: kept by the old offset
        (SPRING, ((time(2, 30), time(3, 15)),), 0),  # begins within the gap and would end before that
        (AUTUMN, ((time(1), time(2, 30)), (time(2, 30), time(4))), 4),  # each moment once, the hour twice
    ],
)
def test_spans_that_touch_the_change_of_the_clocks_never_count_time_twice(
    day: date, spans: tuple[tuple[time, time], ...], hours: float
) -> None:
    calendar = replace(NIGHT, hours={6: spans})
    assert worked(berlin(day, 0), berlin(day, 12), "working", calendar) == timedelta(hours=hours)


def test_hours_stand_on_the_wall_of_the_district_whatever_zone_a_moment_comes_in() -> None:
    two = Promise("answer", "working", timedelta(hours=2))
    moment = datetime(2026, 11, 24, 9, tzinfo=SHANGHAI)
    assert due(moment, two, OFFICE) == due(moment.astimezone(UTC), two, OFFICE) == due(moment.astimezone(BERLIN), two, OFFICE)
