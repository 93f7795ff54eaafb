"""A performance record's rules, and what a year comes to: the smallest promises of the file."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.directory.kinds import RecordKind
from chalicelib.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.people.roles import SUPERVISOR, Actor, Role, the_system
from chalicelib.performance import model
from chalicelib.performance.model import COUNTS, LIFECYCLE, Account, Record
from chalicelib.performance.yearfile import Row, Standing, counted_points, middle, standings
from tests.support.wanglan import HEATING, LIN, NOON, QIAO, TANG

VISIT = RecordKind(id="visit", name_zh="走访", name_en="Visit", points=2, most_a_year=3)
SYSTEM_KIND = RecordKind(id="answered", name_zh="答复", name_en="Answered", points=1, made_by="system", fact="demand.solved")
KINDS = {kind.id: kind for kind in (VISIT, SYSTEM_KIND)}
MOVES = sorted(move.name for move in LIFECYCLE.moves)
ACTORS = (LIN, QIAO, TANG, HEATING, the_system("file"))


def record(**known: Any) -> Record:
    base: dict[str, Any] = {"status": "draft", "deputy": "lin-jianwei", "category": "visit", "day": "2026-11-20"}
    return Record(id="R000000000001", created_at=NOON, updated_at=NOON, **{**base, **known})


def done(it: Record, move: str, by: Actor) -> Record:
    """A move as the service makes it, and the version that recording it gives."""
    if move in ("approve", "overturn"):
        after = it.accept(move, VISIT, by=by, at=NOON, reason="地点已写明").after  # type: ignore[arg-type]
    elif move == "revise":
        after = it.revise(record(day="2026-11-21", account=Account("改")), by=by, at=NOON).after
    else:
        after = it.move(move, by=by, at=NOON, reason="请补充").after
    return replace(after, version=it.version + 1)


@given(st.lists(st.tuples(st.sampled_from(MOVES), st.sampled_from(ACTORS)), max_size=25))
def test_whatever_is_tried_by_whomever_the_rules_hold(tried: list[tuple[str, Actor]]) -> None:
    it = replace(record(), version=1)
    for move, by in tried:
        before = it
        if move in [each.name for each in it.legal_moves(by)]:
            it = done(it, move, by)
        else:
            with pytest.raises((NotAllowed, IllegalMove)):
                done(it, move, by)
        assert (it.counted > 0) == (it.status in COUNTS) == (it.points > 0)
        assert (it.closed_at is not None) == (it.status in LIFECYCLE.closed)
        assert (it.deputy, it.id) == ("lin-jianwei", "R000000000001")
        if before.status in LIFECYCLE.closed:
            assert it.status == before.status


def test_nobody_decides_on_an_appeal_against_themselves() -> None:
    it = done(done(done(record(), "submit", LIN), "return", QIAO), "appeal", LIN)
    assert [move.name for move in it.legal_moves(QIAO)] == []
    assert {move.name for move in it.legal_moves(TANG)} == {"uphold", "overturn"}
    with pytest.raises(NotAllowed, match="someone else"):
        done(it, "uphold", QIAO)


@pytest.mark.parametrize("role", ["resident", "officer", "system", SUPERVISOR])
def test_what_the_manager_decides_on_nobody_else_does(role: Role) -> None:
    with pytest.raises(NotAllowed):
        done(done(record(), "submit", LIN), "approve", Actor(role, "someone"))


def test_a_kind_that_the_platform_makes_is_refused_by_name() -> None:
    with pytest.raises(Invalid) as refused:
        model.checked_kind("answered", KINDS)
    assert refused.value.code == "made_by_system"
    assert "demand.solved" in refused.value.detail


@pytest.mark.parametrize("day", ["2026-13-01", "20261101x", "", "1954-09-14", "2026-11-25"])
def test_a_day_that_can_not_be_is_refused(day: str) -> None:
    with pytest.raises(Invalid):
        model.checked_day(day, date(2026, 11, 24))


@given(st.tuples(st.text(max_size=20), st.text(max_size=20)), st.tuples(st.text(max_size=20), st.text(max_size=20)))
def test_an_id_is_of_its_parts_and_of_nothing_else(one: tuple[str, str], other: tuple[str, str]) -> None:
    same = model.derived_id(*one) == model.derived_id(*other)
    assert same == ("\n".join(one) == "\n".join(other))
    assert len(model.derived_id(*one)) == 13
    assert set(model.derived_id(*one)) <= set("R" + model.CROCKFORD)


# What a year comes to


@pytest.mark.parametrize(
    ("records", "earned", "most", "counted"),
    [(3, 6, 3, 6), (4, 8, 3, 6), (100, 200, 3, 6), (5, 10, 0, 10), (0, 0, 3, 0), (4, 9, 3, 6)],
)
def test_of_more_than_the_most_a_year_only_so_many_count(records: int, earned: int, most: int, counted: int) -> None:
    assert counted_points(records, earned, most) == counted


@given(st.integers(0, 500), st.integers(0, 20), st.integers(0, 50))
def test_one_more_record_never_costs_a_point(records: int, points: int, most: int) -> None:
    assert counted_points(records + 1, (records + 1) * points, most) >= counted_points(records, records * points, most)


def test_a_rate_of_nothing_is_not_known_and_not_nought() -> None:
    assert set(Standing("lin").rates.values()) == {None}
    assert Standing("lin").satisfaction is None
    assert Standing("lin", counts={"due": 4}).rates["answered_in_time"] == 0


def test_the_median_counts_who_did_nothing_and_leaves_out_rates_that_are_not_known() -> None:
    rows = [Row("a", "visit", {"records": 2, "points": 4}), Row("b", "visit", {"records": 1, "points": 2})]
    rows += [
        Row("a", "", {"due": 4, "in_time": 3}),
        Row("b", "", {"due": 2, "in_time": 2}),
        Row("gone", "visit", {"records": 9}),
    ]
    found = standings(rows, KINDS)
    median = middle(found, ["a", "b", "c"])
    assert (median.deputies, median.records, median.points) == (3, 1, 2)
    assert median.rates == {"answered_in_time": 0.875, "solved": None, "satisfied": None, "attendance": None}


def test_totals_stand_in_the_order_of_the_kinds_and_lost_kinds_come_last() -> None:
    rows = [Row("a", kind, {"records": 1, "points": 1}) for kind in ("lost", "answered", "visit")]
    assert [total.kind for total in standings(rows, KINDS)["a"].totals] == ["visit", "answered", "lost"]
