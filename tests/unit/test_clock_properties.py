"""The clock held against a reckoning that counts minute by minute and knows nothing of spans, over random calendars."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.spine.calendars import KNOWN_YEARS, Calendar, Mode, Span
from chalicelib.spine.clock import Promise, due, start_clock, worked

MINUTE = timedelta(minutes=1)
LADDER = {"remind": 0.75, "breach": 1.0, "head": 1.25}
ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/St_Johns")]
# Spring Festival, the clocks put forward, the clocks put back and National Day, the turn to a year not published yet.
SEASONS = [datetime(2026, month, day, tzinfo=UTC) for month, day in ((2, 10), (3, 26), (9, 16), (10, 22), (12, 26))]
MODES: list[Mode] = ["elapsed", "working"]
MODERATE = settings(max_examples=60, deadline=None)


def times_of(minutes: list[int]) -> tuple[Span, ...]:
    # Spans begin and end outside the hour from two to three, which some nights have twice or not at all.
    outside = sorted({120 if 120 < minute < 180 else minute for minute in minutes})
    clock = [time(minute // 60 % 24, minute % 60) for minute in outside]
    return tuple(zip(clock[::2], clock[1::2], strict=False))


spans = st.lists(st.integers(0, 1440), max_size=6, unique=True).map(times_of)
long_spans = st.sampled_from([((time(0), time(0)),), ((time(8, 30), time(12)), (time(14, 30), time(18)))])


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    season = draw(st.sampled_from(SEASONS)).date()
    days = st.integers(0, 40).map(lambda number: season + timedelta(days=number))
    return Calendar(
        zone=draw(st.sampled_from(ZONES)),
        hours=draw(st.dictionaries(st.integers(1, 6), spans)) | {0: draw(long_spans), 3: draw(long_spans)},
        day=timedelta(hours=7),
        makeup=draw(st.none() | spans),
        overrides=draw(st.dictionaries(days, st.booleans(), max_size=8)),
        holidays=draw(st.sampled_from(["china", "none"])),
    )


starts = st.builds(lambda season, minutes: season + minutes * MINUTE, st.sampled_from(SEASONS), st.integers(0, 20 * 1440))
moments = st.builds(lambda start, more: start + timedelta(microseconds=more), starts, st.integers(0, 60_000_000) | st.just(0))
amounts = st.integers(0, 1_500).map(lambda minutes: minutes * MINUTE)
exact_amounts = st.timedeltas(timedelta(), timedelta(hours=60))
modes = st.sampled_from(MODES)


def worked_by_the_minute(mode: Mode, calendar: Calendar) -> Callable[[datetime], bool]:
    """Whether the minute that begins at a moment counts; asks a wall clock and a list of minutes for each day."""

    @cache
    def open_minutes(day: date) -> frozenset[int]:
        return frozenset(minute for begin, end in hours_of(day, calendar) for minute in minutes_between(begin, end))

    def counts(moment: datetime) -> bool:
        wall = moment.astimezone(calendar.zone)
        return mode == "elapsed" or wall.hour * 60 + wall.minute in open_minutes(wall.date())

    return counts


def minutes_between(begin: time, end: time) -> range:
    return range(begin.hour * 60 + begin.minute, (end.hour * 60 + end.minute) or 1440)


def hours_of(day: date, calendar: Calendar) -> tuple[Span, ...]:
    weekend, makeup = day.weekday() > 4, calendar.hours[0] if calendar.makeup is None else calendar.makeup
    ordinary = calendar.hours.get(day.weekday(), ())
    if day in calendar.overrides:
        return (makeup if weekend else ordinary) if calendar.overrides[day] else ()
    if calendar.holidays == "none" or day.year not in KNOWN_YEARS:
        return ordinary
    if chinese_calendar.is_workday(day):
        return makeup if weekend else ordinary
    return () if chinese_calendar.get_holiday_detail(day)[1] else ordinary


def due_by_the_minute(start: datetime, amount: timedelta, counts: Callable[[datetime], bool]) -> datetime:
    moment, left = start, amount // MINUTE
    while left:
        left -= counts(moment)
        moment += MINUTE
    return moment


@MODERATE
@given(starts, amounts, modes, calendars())
def test_a_promise_falls_due_when_a_count_minute_by_minute_says_so(
    start: datetime, amount: timedelta, mode: Mode, calendar: Calendar
) -> None:
    expected = due_by_the_minute(start, amount, worked_by_the_minute(mode, calendar))
    assert due(start, Promise("answer", mode, amount), calendar) == expected


@MODERATE
@given(starts, st.integers(0, 20 * 1440), modes, calendars())
def test_time_worked_is_what_a_count_minute_by_minute_says(
    start: datetime, minutes: int, mode: Mode, calendar: Calendar
) -> None:
    counts = worked_by_the_minute(mode, calendar)
    counted = sum(counts(start + number * MINUTE) for number in range(minutes))
    assert worked(start, start + minutes * MINUTE, mode, calendar) == counted * MINUTE


pauses = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 3_000)), max_size=4)


@MODERATE
@given(starts, amounts, modes, calendars(), pauses)
def test_a_promise_paused_and_resumed_falls_due_when_a_count_minute_by_minute_says_so(
    start: datetime, amount: timedelta, mode: Mode, calendar: Calendar, pauses: list[tuple[int, int]]
) -> None:
    counts, moment = worked_by_the_minute(mode, calendar), start
    clock, left = start_clock(Promise("answer", mode, amount), start, calendar, LADDER), amount // MINUTE
    for runs, rests in pauses:
        counted = sum(counts(moment + number * MINUTE) for number in range(runs))
        if counted >= left:
            break
        left, moment = left - counted, moment + (runs + rests) * MINUTE
        clock = clock.pause(moment - rests * MINUTE, calendar)
        assert clock.left(moment, calendar) == left * MINUTE
        clock = clock.resume(moment, calendar)
    assert clock.due_at == due_by_the_minute(moment, left * MINUTE, counts)


@MODERATE
@given(moments, exact_amounts, modes, calendars())
def test_exactly_the_amount_is_worked_by_the_due_moment_and_less_before_it(
    start: datetime, amount: timedelta, mode: Mode, calendar: Calendar
) -> None:
    end = due(start, Promise("answer", mode, amount), calendar)
    assert worked(start, end, mode, calendar) == amount
    assert end == start or worked(start, end - timedelta.resolution, mode, calendar) < amount


@MODERATE
@given(moments, exact_amounts, exact_amounts, modes, calendars())
def test_a_longer_promise_and_a_later_start_never_fall_due_earlier(
    start: datetime, amount: timedelta, more: timedelta, mode: Mode, calendar: Calendar
) -> None:
    end = due(start, Promise("answer", mode, amount), calendar)
    assert due(start, Promise("answer", mode, amount + more), calendar) >= end
    assert due(start + more, Promise("answer", mode, amount), calendar) >= end


@MODERATE
@given(moments, exact_amounts, calendars(), st.sets(st.integers(0, 30), min_size=1))
def test_excluded_days_lengthen_a_promise_and_never_shorten_it(
    start: datetime, amount: timedelta, calendar: Calendar, excluded: set[int]
) -> None:
    promise = Promise("answer", "working", amount)
    before = due(start, promise, calendar)
    off = {start.date() + timedelta(days=number): False for number in excluded}
    fewer = replace(calendar, overrides={**calendar.overrides, **off})
    lost = amount - worked(start, before, "working", fewer)
    after = due(start, promise, fewer)
    assert after > before if lost else after == before


@MODERATE
@given(moments, exact_amounts, exact_amounts, modes, calendars())
def test_time_worked_adds_up_wherever_it_is_cut(
    start: datetime, first: timedelta, second: timedelta, mode: Mode, calendar: Calendar
) -> None:
    middle, end = start + first, start + first + second
    parts = worked(start, middle, mode, calendar) + worked(middle, end, mode, calendar)
    assert parts == worked(start, end, mode, calendar)


@MODERATE
@given(moments, exact_amounts, st.lists(exact_amounts, max_size=4), modes, calendars())
def test_a_pause_of_no_length_changes_nothing_at_any_microsecond(
    start: datetime, amount: timedelta, cuts: list[timedelta], mode: Mode, calendar: Calendar
) -> None:
    clock = whole = start_clock(Promise("answer", mode, amount), start, calendar, LADDER)
    for moment in sorted(start + cut for cut in cuts):
        clock = clock.pause(moment, calendar).resume(moment, calendar)
        assert clock.left(moment, calendar) == whole.left(moment, calendar)
    assert replace(clock, running_since=whole.running_since, used=whole.used) == whole
