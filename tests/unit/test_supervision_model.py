"""The rules of an item of supervision, without any table: who may do what, when it is overdue, and when it begins again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chalicelib.errors import IllegalMove, Invalid, NotAllowed, Refused
from chalicelib.files.model import File
from chalicelib.people.roles import Actor
from chalicelib.spine.calendars import calendar_from
from chalicelib.spine.clock import Promise
from chalicelib.spine.dossier import Step
from chalicelib.supervision.model import (
    LIFECYCLE,
    LONGEST_TITLE,
    RECTIFY,
    VERIFIERS,
    Evidence,
    Item,
    Rectification,
    Visit,
    item_of,
    opened,
    require_title,
)

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
DAY = timedelta(days=1)
MANAGER, SUPERVISOR = Actor("manager", "qiao"), Actor("supervisor", "tang")
OFFICER, OTHER = Actor("officer", "sun", body="heat"), Actor("officer", "jiang", body="water")
LIN, GAO = Actor("deputy", "lin", deputy="lin"), Actor("deputy", "gao", deputy="gao")
CALENDAR = calendar_from({"zone": "Asia/Shanghai", "holidays": "none", "hours": {"mon": ["08:00-20:00"]}})
TEN_DAYS = Rectification(
    Promise(RECTIFY, "elapsed", 10 * DAY), {"remind": 0.75, "breach": 1.0, "head": 1.25, "manager": 1.5}, CALENDAR
)
HERE = (30.006, 123.504)


def picture(name: str = "a", type: str = "image/png") -> File:
    return File(id=name, name=f"{name}.png", type=type, size=9, sha256="5" * 64, dossier="V0")


def came(**known: Any) -> Item:
    known = {"title": "暖气", "text": "一片不热", "body": "heat"} | known
    return opened("V00000000001", "by_hand", by=MANAGER, at=NOON, **known).after


def noticed(at: datetime = NOON) -> Item:
    return came().notice("请整改", "heat", by=SUPERVISOR, at=at, terms=TEN_DAYS).after


def rectified(at: datetime = NOON, item: Item | None = None) -> Item:
    return (item or noticed()).rectify(Evidence("换了阀门", "sun", at, (picture(),)), by=OFFICER, at=at).after


def looked(item: Item, by: Actor, passes: bool = True, at: datetime = NOON, **changed: Any) -> list[Step[Item]]:
    visit = replace(Visit(by.deputy, passes, "看过了", HERE, at, (picture(),)), **changed)
    return item.verify(visit, by=by, at=at, terms=TEN_DAYS)


def test_the_notice_sets_the_date_by_which_it_is_to_be_set_right() -> None:
    step = came().notice("请整改", "heat", by=MANAGER, at=NOON, terms=TEN_DAYS)
    assert (step.after.status, step.after.due_at, step.data["until"]) == ("noticed", NOON + 10 * DAY, NOON + 10 * DAY)


def test_it_is_overdue_after_its_date_and_not_on_it() -> None:
    item = noticed()
    assert not item.overdue(NOON + 10 * DAY)
    assert item.overdue(NOON + 10 * DAY + timedelta.resolution)
    assert not rectified(NOON + 11 * DAY).overdue(NOON + 12 * DAY)


def test_two_deputies_pass_it_in_one_fact_each_and_the_second_decides() -> None:
    [first] = looked(rectified(), LIN)
    assert (first.fact, first.after.status) == ("verified", "rectified")
    second, passed = looked(first.after, GAO)
    assert (second.fact, passed.fact, passed.after.status, passed.by.role) == ("verified", "passed", "passed", "system")
    assert passed.after.move("close", by=SUPERVISOR, at=NOON).after.closed_at == NOON


def test_one_deputy_can_not_be_both() -> None:
    [first] = looked(rectified(), LIN)
    with pytest.raises(NotAllowed) as refused:
        looked(first.after, LIN)
    assert refused.value.code == "looked_already"
    assert [move.name for move in first.after.legal_moves(LIN)] == []
    assert [move.name for move in first.after.legal_moves(GAO)] == ["verify"]


@pytest.mark.parametrize("others_first", [False, True])
def test_one_who_does_not_pass_it_sends_it_back_with_a_new_date_and_that_is_counted(others_first: bool) -> None:
    later = NOON + 4 * DAY
    item = rectified()
    if others_first:
        [step] = looked(item, GAO)
        item = step.after
    _, failed = looked(item, LIN, passes=False, at=later)
    assert (failed.fact, failed.after.status, failed.after.failures) == ("failed", "failed", 1)
    assert (failed.after.due_at, failed.data["until"]) == (later + 10 * DAY, later + 10 * DAY)
    again = rectified(later, failed.after)
    assert again.looked == ()  # who passed it before has not seen this
    assert len(looked(looked(again, LIN)[0].after, GAO)) == 2


def test_a_look_needs_a_place_and_pictures_and_nothing_else() -> None:
    for changed, code in (
        ({"position": (91.0, 0.0)}, "no_position"),
        ({"position": (0.0, 181.0)}, "no_position"),
        ({"files": ()}, "no_pictures"),
        ({"files": (picture(), picture("b", "application/pdf"))}, "no_pictures"),
    ):
        with pytest.raises(Invalid) as refused:
            looked(rectified(), LIN, **changed)
        assert refused.value.code == code


def test_what_people_brought_and_where_they_stood_is_not_in_the_journal() -> None:
    [step] = looked(rectified(), LIN)
    assert step.data == {"deputy": "lin", "passes": True, "text": "看过了", "round": 0, "files": ["5" * 64]}
    assert {"evidence", "visits"} == Item.APART


def test_a_body_sees_what_it_had_notice_of_and_nothing_else() -> None:
    assert not came().concerns(OFFICER)
    assert noticed().concerns(OFFICER)
    assert not noticed().concerns(OTHER)
    assert not noticed().concerns(Actor("officer", "nobody"))
    dropped = came().move("drop", by=MANAGER, at=NOON, reason="不属监督").after
    assert not dropped.concerns(OFFICER)
    assert all(came().concerns(who) for who in (MANAGER, SUPERVISOR, LIN))


def test_it_stands_on_the_list_of_those_whose_turn_it_is() -> None:
    passed = looked(looked(rectified(), LIN)[0].after, GAO)[1].after
    closed = passed.move("close", by=MANAGER, at=NOON).after
    assert [item.worklists for item in (came(), noticed(), rectified(), passed, closed)] == [
        ("#supervision#opened", ""),
        ("#supervision#due", "supervision#heat"),
        ("#supervision#verify", "supervision#heat"),
        ("#supervision#passed", "supervision#heat"),
        ("", ""),
    ]
    assert {item.shelf for item in (came(), closed)} == {("supervision", "2026-11-24T04:00:00.000000Z#V00000000001")}


def test_on_a_list_what_falls_due_first_stands_first_and_then_what_waits_longest() -> None:
    sooner, later = noticed(), noticed(NOON + DAY)
    assert sooner.place < later.place < rectified().place < replace(rectified(), updated_at=NOON + DAY).place


def test_a_dropped_item_owes_nothing_any_more() -> None:
    item = noticed().move("drop", by=SUPERVISOR, at=NOON + DAY, reason="另案处理").after
    assert (item.status, item.due_at, item.next_duty) == ("closed", None, None)


def test_the_ladder_of_a_rectification_is_climbed_once() -> None:
    item = noticed()
    duty = item.next_duty
    assert duty is not None
    assert (duty.what, duty.at) == ("rectify:remind", NOON + 7.5 * DAY)
    climbed = item.enforced("rectify", "remind", NOON + 8 * DAY)
    assert climbed.next_duty is not None
    assert climbed.next_duty.what == "rectify:breach"


def test_without_a_promise_in_the_directory_no_notice_is_given() -> None:
    with pytest.raises(Invalid) as refused:
        came().notice("请整改", "heat", by=MANAGER, at=NOON, terms=None)
    assert refused.value.code == "no_promise"


def test_the_same_cause_leads_to_the_same_item_and_another_to_another() -> None:
    ids = {item_of("breach", "CASE1", "answer"), item_of("breach", "CASE1", "acknowledge"), item_of("breaches", "D1", "1"),
           item_of("breaches", "D1", "2")}  # fmt: skip
    assert len(ids) == 4
    assert item_of("breach", "CASE1", "answer") in ids
    assert all(len(id) == 13 and id[0] == "V" for id in ids)


def test_a_title_is_one_line_of_some_length() -> None:
    assert require_title("  暖气 \n 不热 ") == "暖气 不热"
    for bad in ("", "   ", "长" * (LONGEST_TITLE + 1)):
        with pytest.raises(Invalid):
            require_title(bad)


class AnyoneDoesAnything(RuleBasedStateMachine):
    """Random moves by random people: what is legal keeps the promises of this module, what is not changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.item, self.clock, self.facts = came(), count(1), list[str]()

    @rule(
        who=st.sampled_from((MANAGER, SUPERVISOR, OFFICER, LIN, GAO, Actor("deputy", "ma", deputy="ma"))),
        move=st.sampled_from([move.name for move in LIFECYCLE.moves if "system" not in set(move.by)]),
        passes=st.booleans(),
        text=st.sampled_from(("好", "好", "好", "")),
        pictures=st.sampled_from(((picture(),), (picture(),), ())),
    )
    def try_it(self, who: Actor, move: str, passes: bool, text: str, pictures: tuple[File, ...]) -> None:
        at = NOON + next(self.clock) * DAY
        lawful = move in [legal.name for legal in self.item.legal_moves(who)]
        if not lawful or (not text and move != "close") or (move == "verify" and not pictures):
            with pytest.raises(Invalid if lawful else Refused):
                self._steps(who, move, passes, text, pictures, at)
            return
        steps = self._steps(who, move, passes, text, pictures, at)
        self.item = steps[-1].after
        self.facts += [step.fact for step in steps]

    def _steps(
        self, who: Actor, move: str, passes: bool, text: str, pictures: tuple[File, ...], at: datetime
    ) -> list[Step[Item]]:
        if move == "notice":
            return [self.item.notice(text, "heat", by=who, at=at, terms=TEN_DAYS)]
        if move == "rectify":
            return [self.item.rectify(Evidence(text, who.id, at), by=who, at=at)]
        if move == "verify":
            visit = Visit(who.deputy, passes, text, HERE, at, pictures)
            return self.item.verify(visit, by=who, at=at, terms=TEN_DAYS)
        return [self.item.move(move, by=who, at=at, terms=TEN_DAYS, reason=text)]

    @invariant()
    def it_is_the_bodys_turn_exactly_while_its_clock_runs(self) -> None:
        assert (self.item.status in ("noticed", "failed")) == (self.item.due_at is not None)

    @invariant()
    def it_is_closed_exactly_when_it_says_so(self) -> None:
        assert (self.item.closed_at is not None) == (self.item.status == "closed") == (self.item.worklists == ("", ""))

    @invariant()
    def nobody_looks_twice_at_the_same(self) -> None:
        seen = [(visit.deputy, visit.round) for visit in self.item.visits]
        assert len(seen) == len(set(seen))

    @invariant()
    def failures_are_the_facts_of_it(self) -> None:
        assert self.item.failures == self.facts.count("failed")

    @invariant()
    def what_was_passed_was_seen_by_two_and_passed_by_both(self) -> None:
        if self.item.status == "passed":
            assert len({visit.deputy for visit in self.item.looked}) == VERIFIERS
            assert all(visit.passes for visit in self.item.looked)


TestAnyoneDoesAnything = AnyoneDoesAnything.TestCase
TestAnyoneDoesAnything.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


@pytest.mark.parametrize("name", ["pass", "fail"])
def test_nobody_but_the_platform_decides(name: str) -> None:
    for who in (MANAGER, SUPERVISOR, OFFICER, LIN):
        with pytest.raises(NotAllowed):
            rectified().move(name, by=who, at=NOON, terms=TEN_DAYS)


def test_an_illegal_move_names_what_is_legal() -> None:
    with pytest.raises(IllegalMove) as refused:
        came().move("close", by=MANAGER, at=NOON)
    assert refused.value.legal == ["drop", "notice"]
