"""Where a message belongs: proposed with its reasons, and what people decided binds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.demands.grouping import Candidate, Proposal, decide
from chalicelib.demands.similarity import Reading, read
from chalicelib.demands.weights import Weights

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
MET = Weights()
COLD = "松林里小区三号楼暖气片不热，室温只有十二度，供热公司一直没有人来修"
COLD_TOO = "我们松林里小区五号楼也是，暖气片一直不热，室温十二度，打了供热公司的电话没有人来修"
COLD_AGAIN = "松林里小区九号楼暖气片不热，室温十三度，供热公司的电话打不通，没有人来修"
LAMPS = "滨河路东段的路灯坏了一个多月，晚上黑得看不见路，希望尽快更换灯泡"


def said(text: str) -> Reading:
    return read("", text, MET)


def before(case: str, group: str, text: str, *, days: float = 1, apart: tuple[str, ...] = ()) -> Candidate:
    return Candidate(case, group, NOON - timedelta(days=days), said(text).fingerprint, frozenset(apart))


def proposed(text: str, *candidates: Candidate, apart: tuple[tuple[str, str], ...] = ()) -> Proposal:
    return decide(said(text), candidates, MET, NOON, case="NEW", decided=frozenset(map(frozenset, apart)))


def test_a_message_goes_to_the_group_that_it_is_like_and_it_says_why() -> None:
    found = proposed(COLD, before("C1", "G1", COLD_TOO), before("C2", "G2", LAMPS))
    assert (found.group, found.nearest, found.joins) == ("G1", "C1", ())
    assert 0.5 <= found.score <= 1
    assert found.because
    assert all(words in COLD for words in found.because)


def test_what_is_like_nothing_is_left_alone() -> None:
    assert proposed(COLD).group == ""
    found = proposed(COLD, before("C2", "G2", LAMPS))
    assert (found.group, found.because, found.joins) == ("", (), ())
    assert 0 <= found.score < 0.5


@pytest.mark.parametrize("nothing", ["", "?", "啊" * 4000, "🥶", "1" * 4000, "aB"])
def test_what_says_nothing_is_left_alone(nothing: str) -> None:
    assert proposed(nothing, before("C1", "G1", COLD), before("C2", "G2", nothing)).group == ""


def test_a_message_is_not_compared_with_itself() -> None:
    assert proposed(COLD, before("NEW", "G1", COLD)).group == ""


def test_a_group_of_many_is_nearer_than_one_message_that_is_as_like() -> None:
    many = [before(f"C{n}", "G1", COLD_TOO) for n in range(4)]
    assert proposed(COLD, before("X", "G0", COLD_TOO), *many).group == "G1"


def test_one_freak_likeness_among_others_does_not_make_a_group() -> None:
    freak = before("C1", "G1", COLD)
    assert proposed(COLD, freak).group == "G1"
    assert proposed(COLD, freak, before("C2", "G1", LAMPS)).score < proposed(COLD, freak).score


def test_a_message_that_is_like_two_groups_says_that_they_are_one() -> None:
    found = proposed(COLD, before("C1", "G1", COLD_TOO), before("C2", "G2", COLD_AGAIN), before("C3", "G3", LAMPS))
    assert {found.group, *found.joins} == {"G1", "G2"}


def test_the_order_in_which_they_are_found_does_not_matter() -> None:
    others = [before("C1", "G1", COLD_TOO), before("C2", "G2", COLD_TOO), before("C3", "G3", LAMPS)]
    assert proposed(COLD, *others) == proposed(COLD, *reversed(others))


def test_a_case_that_people_took_out_is_not_put_back() -> None:
    near = before("C1", "G1", COLD_TOO)
    assert proposed(COLD, near, apart=(("NEW", "G1"),)).group == ""
    assert proposed(COLD, near, apart=(("NEW", "C1"),)).group == "", "nor together with a case of which they said so"
    assert proposed(COLD, near, before("C2", "G2", COLD_AGAIN), apart=(("G1", "NEW"),)).group == "G2"
    assert proposed(COLD, near, apart=(("OTHER", "G1"),)).group == "G1", "what was said of another does not bind this one"


def test_groups_that_people_parted_are_not_joined() -> None:
    one, other = before("C1", "G1", COLD_TOO), before("C2", "G2", COLD_AGAIN)
    assert proposed(COLD, one, other).joins
    assert not proposed(COLD, one, other, apart=(("G1", "G2"),)).joins
    assert not proposed(COLD, one, other, apart=(("C1", "C2"),)).joins
    assert not proposed(COLD, one, replace(other, apart=frozenset({"G1"}))).joins, "the index remembers it with the case"


def test_a_message_of_a_year_ago_must_be_more_alike() -> None:
    fresh, old = before("C1", "G1", COLD_TOO), before("C1", "G1", COLD_TOO, days=380)
    assert proposed(COLD, old).score < proposed(COLD, fresh).score
