"""The rules of an appraisal: its phases, what a ballot must be, and that the count is what was cast."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.people.roles import Actor, the_system
from chalicelib.supervision.appraisal import (
    CRITERIA,
    FEWEST_BALLOTS,
    GRADES,
    MARGIN,
    Appraisal,
    Count,
    called,
    counted,
    read_ballot,
    receipt_of,
    require_bodies,
)
from chalicelib.supervision.stamp import PREFIX, PublicKey, new_key, stamp
from zerodistance_client.blind import folded, prepared, unfolded

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MANAGER, SYSTEM = Actor("manager", "qiao"), the_system("enforce")
DATES = (NOON + DAY, NOON + 2 * DAY, NOON + 3 * DAY)
BODIES = ("heat", "water")
Cast = tuple[bytes, bytes]


@cache
def key() -> tuple[bytes, PublicKey]:
    return new_key()


def an_appraisal() -> Appraisal:
    return called("Q1", "年度评议", BODIES, DATES, key()[1].modulus, by=MANAGER, at=NOON).after


def opened() -> Appraisal:
    return an_appraisal().open(("lin", "gao", "ma"), by=SYSTEM, at=DATES[0]).after


def sealed() -> Appraisal:
    return opened().seal(("ma", "lin"), by=SYSTEM, at=DATES[1]).after


def grading(*grades: str) -> dict[str, dict[str, str]]:
    """Grades for all bodies by all criteria, from the first to the last."""
    places = iter(grades)
    return {body: {criterion: next(places) for criterion in CRITERIA} for body in BODIES}


def whole(grades: Any, appraisal: str = "Q1") -> bytes:
    return msgspec.json.encode({"appraisal": appraisal, "grades": grades})


def voted(grades: Any) -> Cast:
    """A ballot as a deputy makes it: folded, stamped, unfolded."""
    secret, public = key()
    envelope = folded(prepared(whole(grades)), public.modulus)
    return envelope.message, unfolded(envelope, stamp(secret, envelope.blinded), public.modulus)


def test_each_phase_follows_by_the_agenda_with_a_margin_for_what_is_on_its_way() -> None:
    duties = [each.next_duty for each in (an_appraisal(), opened(), sealed())]
    assert [(duty.what, duty.at) for duty in duties if duty] == [
        ("open", DATES[0]), ("seal", DATES[1] + MARGIN), ("close", DATES[2] + MARGIN),
    ]  # fmt: skip


def test_stamps_and_ballots_are_taken_in_their_own_phase_and_never_both() -> None:
    moments = [NOON + n * HOUR for n in range(0, 80)]
    for appraisal in (an_appraisal(), opened(), sealed()):
        assert not [at for at in moments if appraisal.stamps(at) and appraisal.urn_open(at)]
    assert opened().stamps(DATES[1] - HOUR)
    assert not opened().stamps(DATES[1])
    assert not opened().urn_open(DATES[1] + HOUR)  # the key must be gone first
    assert sealed().urn_open(DATES[2] - HOUR)
    assert not sealed().urn_open(DATES[2])


def test_whose_envelope_was_stamped_is_on_record_in_no_order_of_time() -> None:
    step = opened().seal(("ma", "lin"), by=SYSTEM, at=DATES[1])
    assert step.data == {"stamped": ("lin", "ma")}


@pytest.mark.parametrize(
    "dates",
    [
        (NOON - HOUR, NOON + DAY, NOON + 2 * DAY),
        (NOON + DAY, NOON + DAY + HOUR / 2, NOON + 2 * DAY),
        (NOON + DAY, NOON + 2 * DAY, NOON + 2 * DAY),
    ],
)
def test_dates_that_do_not_follow_one_another_are_refused(dates: tuple[datetime, datetime, datetime]) -> None:
    with pytest.raises(Invalid) as refused:
        called("Q1", "x", BODIES, dates, "aa", by=MANAGER, at=NOON)
    assert refused.value.code == "too_early"


def test_bodies_are_known_ones_each_once() -> None:
    assert require_bodies(["heat", "heat", "water"], BODIES) == BODIES
    for bad, code in ((["gas"], "unknown_body"), ([], "missing")):
        with pytest.raises(Invalid) as refused:
            require_bodies(bad, BODIES)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"not json", "no_ballot"),
        (b"\xff\xfe", "no_ballot"),
        (whole(grading(*["excellent"] * 6)), "no_ballot"),
        (whole(grading(*["satisfied"] * 6), "Q2"), "other_urn"),
        (whole({"heat": grading(*["satisfied"] * 6)["heat"]}), "not_whole"),
        (whole(grading(*["satisfied"] * 6) | {"gas": {}}), "not_whole"),
        (whole({body: {"promises": "satisfied"} for body in BODIES}), "not_whole"),
        (msgspec.json.encode({"appraisal": "Q1", "grades": {}, "name": "lin"}), "no_ballot"),
    ],
)
def test_what_is_no_whole_ballot_is_refused(text: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_ballot(bytes(PREFIX) + text, sealed())
    assert refused.value.code == code


@settings(max_examples=15, deadline=None)
@given(votes=st.lists(st.tuples(*[st.sampled_from(GRADES)] * 6), max_size=4))
def test_the_sum_of_votes_for_every_body_and_criterion_is_the_turnout(votes: list[tuple[str, ...]]) -> None:
    count = counted(sealed(), [voted(grading(*vote)) for vote in votes])
    assert (count.cast, count.void) == (len(votes), 0)
    for place, (body, criterion) in enumerate((body, criterion) for body in BODIES for criterion in CRITERIA):
        given_ = Counter(vote[place] for vote in votes)
        assert count.results[body][criterion] == {grade: given_[grade] for grade in GRADES}
        assert sum(count.results[body][criterion].values()) == count.cast


def test_a_ballot_that_somebody_changed_in_the_urn_is_void_and_said_so() -> None:
    good, (message, signature) = voted(grading(*["satisfied"] * 6)), voted(grading(*["dissatisfied"] * 6))
    changed = message.replace(b"dissatisfied", b"satisfied")
    count = counted(sealed(), [good, (changed, signature)])
    assert (count.cast, count.void) == (1, 1)
    assert count.results["heat"]["results"] == {"satisfied": 1, "basically": 0, "dissatisfied": 0}


def test_results_are_published_with_the_turnout_and_not_before() -> None:
    votes = [voted(grading(*["satisfied"] * 6)) for _ in range(FEWEST_BALLOTS)]
    closed, published = sealed().close(counted(sealed(), votes), by=SYSTEM, at=DATES[2])
    assert (closed.fact, closed.data, closed.after.results) == ("closed", {"cast": 3, "void": 0}, {})
    assert (published.fact, published.after.status, published.after.cast) == ("published", "published", 3)
    assert published.data["results"] == published.after.results != {}
    assert published.after.next_duty is None


def test_of_too_few_ballots_only_the_turnout_is_published() -> None:
    _, published = sealed().close(Count(FEWEST_BALLOTS - 1, 0, {"heat": {}}), by=SYSTEM, at=DATES[2])
    assert (published.after.results, published.data["results"], published.data["cast"]) == ({}, {}, FEWEST_BALLOTS - 1)


def test_a_receipt_is_of_that_ballot_alone_and_tells_nothing_of_it() -> None:
    same = [prepared(whole(grading(*["satisfied"] * 6))) for _ in range(50)]
    assert len({receipt_of(message) for message in same}) == 50
    assert receipt_of(same[0]) == receipt_of(same[0])


def test_only_the_platform_ends_a_phase_and_only_a_manager_calls_it_off() -> None:
    for who in (MANAGER, Actor("deputy", "lin", deputy="lin"), Actor("supervisor", "tang")):
        with pytest.raises(NotAllowed):
            an_appraisal().move("open", by=who, at=NOON)
    with pytest.raises(NotAllowed):
        opened().move("cancel", by=Actor("supervisor", "tang"), at=NOON, reason="x")
    assert opened().move("cancel", by=MANAGER, at=NOON, reason="改期").after.next_duty is None
    with pytest.raises(IllegalMove):
        replace(sealed(), status="published").move("cancel", by=MANAGER, at=NOON, reason="x")
