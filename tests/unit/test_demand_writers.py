"""How many people write about one matter: exactly while they are few, and in bounded room however many they are."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.demands import writers
from chalicelib.demands.writers import EXACT, Writers
from chalicelib.spine.dossiers import from_row, row_of
from tests.support.demands_made import demand_of_many


def many(count: int, begun: Writers | None = None) -> Writers:
    """So many people, each with one message."""
    found = begun or Writers()
    for number in range(count):
        found = found.joined(f"{number:016x}")
    return found


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans())))
def test_a_few_are_counted_exactly_whoever_comes_and_goes(moves: list[tuple[str, bool]]) -> None:
    found, really = Writers(), dict.fromkeys("abcdef", 0)
    for name, comes in moves:
        found = found.joined(name) if comes else found.left(name)
        really[name] = max(0, really[name] + (1 if comes else -1))
    assert found.people == sum(number > 0 for number in really.values())


@pytest.mark.parametrize("more", [1, 100, 5_000])
def test_of_very_many_the_number_is_right_within_one_in_a_hundred(more: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "EXACT", 50)
    assert many(50 + more).people == pytest.approx(50 + more, rel=0.01)


def test_one_of_very_many_who_writes_again_is_no_other_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "EXACT", 50)
    once = many(200)
    assert many(200, begun=once).people == once.people


def test_one_of_very_many_is_not_counted_twice_when_there_is_room_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "EXACT", 50)
    once = many(60)
    one_left = once.left(f"{0:016x}")
    assert one_left.people == once.people - 1
    assert one_left.joined(f"{59:016x}").people == one_left.people


def test_a_bitmap_that_is_full_is_no_error() -> None:
    assert Writers({}, b"\xff" * (writers.PLACES // 8)).people > 500_000


def test_a_demand_of_a_whole_city_fits_into_its_item() -> None:
    demand = demand_of_many(EXACT + 300)
    row = row_of(demand)
    assert len(json.dumps(row.to_simple_dict(), ensure_ascii=False).encode()) < 120_000
    assert from_row(type(demand), row) == demand
    assert demand.people == pytest.approx(EXACT + 300, rel=0.01)
