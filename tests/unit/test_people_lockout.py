"""The wait after failed tries, reckoned."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import TooMany
from chalicelib.people.lockout import FORGET_AFTER, TRIES, WINDOW, Tries

START = 1_800_000_000
MINUTE = 60


def after(*moments: int) -> Tries:
    tries = Tries()
    for moment in moments:
        tries = tries.another(moment)
    return tries


def test_five_tries_are_let_through_and_the_sixth_waits_fifteen_minutes():
    tries = after(*[START] * 5)
    with pytest.raises(TooMany) as refused:
        tries.another(START + 1)
    assert (refused.value.code, refused.value.retry_after) == ("locked_out", 15 * MINUTE - 1)


def test_when_the_wait_is_over_five_more_tries_are_let_through():
    tries = after(*[START] * 5, *[START + 15 * MINUTE] * 5)
    assert tries.locks == 2


def test_the_wait_doubles_up_to_four_hours():
    tries, now, waits = Tries(), START, []
    for _ in range(7):
        for _ in range(TRIES):
            tries = tries.another(now)
        waits.append((tries.until - now) // MINUTE)
        now = tries.until
    assert waits == [15, 30, 60, 120, 240, 240, 240]


def test_tries_spread_over_the_day_lock_nobody_out():
    tries = after(*(START + n * (WINDOW // 4) for n in range(50)))
    assert tries.locks == 0


def test_a_day_after_the_last_wait_the_next_is_the_first_again():
    locked = after(*[START] * 5)
    later = locked.until + FORGET_AFTER
    tries = locked
    for _ in range(5):
        tries = tries.another(later)
    assert tries.until - later == 15 * MINUTE


@given(st.lists(st.integers(0, 3 * 3600), min_size=1, max_size=300))
def test_never_are_more_than_five_guesses_made_within_fifteen_minutes_of_a_lock(gaps):
    tries, now, made = Tries(), START, []
    for gap in gaps:
        now += gap
        with suppress(TooMany):
            tries = tries.another(now)
            made.append(now)
    windows = [sum(start <= moment < start + WINDOW for moment in made) for start in made]
    assert max(windows) <= 2 * TRIES - 1
