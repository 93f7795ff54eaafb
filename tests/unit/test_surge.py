"""A surge is what would hardly ever happen by itself, and a new place is no exception."""

from datetime import UTC, datetime, timedelta
from math import exp, factorial

import pytest

from chalicelib.demands.surge import FEWEST, PERIOD, QUIET, WINDOW, Seen, period_of, seen, surge_of, tail
from chalicelib.people.roles import the_system

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


def test_with_much_history_the_tail_is_poissons() -> None:
    rate = 3.0
    poisson = 1 - sum(exp(-rate) * rate**n / factorial(n) for n in range(8))
    assert tail(8, shape=3e6, rate=1e6) == pytest.approx(poisson, rel=1e-3)


def test_the_tail_of_nothing_is_certain() -> None:
    assert tail(0, 0.5, 14) == 1.0


@pytest.mark.parametrize(("before", "days", "calm"), [(0, 0, 3), (0, 56, 3), (19, 56, 4), (56, 56, 7), (560, 56, 38)])
def test_what_is_usual_here_is_no_surge_and_one_more_may_be(before: int, days: int, calm: int) -> None:
    assert not Seen(calm, before, days).surges
    assert Seen(calm + 1, before, days).surges


def test_a_place_without_history_needs_four_people() -> None:
    assert next(people for people in range(10) if Seen(people, 0, 0).surges) == FEWEST


def test_only_the_last_days_are_recent_and_only_eight_weeks_count() -> None:
    now = period_of(NOON)
    counts = {now: 2, now - WINDOW + 1: 3, now - WINDOW: 7, now - 10_000: 100}
    found = seen(counts, now)
    assert (found.recent, found.before, found.days) == (5, 7, 56.0)


def test_a_young_place_is_known_since_its_first_count() -> None:
    now = period_of(NOON)
    assert seen({now: 1}, now) == Seen(1, 0, 0.0)
    assert seen({now: 1, now - WINDOW - 7: 1}, now).days == 8 * PERIOD / timedelta(days=1)


def test_a_warning_is_not_repeated_until_it_doubles_or_days_have_passed() -> None:
    by, fresh = the_system("group"), surge_of("heating", "g1", "heat", NOON)
    first = fresh.warn(Seen(6, 0, 0), by=by, at=NOON)
    assert first is not None
    assert first.before is None
    warned = first.after
    assert warned.warn(Seen(11, 0, 0), by=by, at=NOON) is None
    assert warned.warn(Seen(12, 0, 0), by=by, at=NOON) is not None
    assert warned.warn(Seen(6, 0, 0), by=by, at=NOON + QUIET) is not None
