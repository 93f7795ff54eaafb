"""The rules of a suggestion, without a table: what holds whatever is tried by whomever, and what its evidence does not say."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.demands.model import Demand
from chalicelib.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.people.roles import DEPUTY, MANAGER, OFFICER, SUPERVISOR, SYSTEM, Actor
from chalicelib.spine.clock import Clock, Promise, start_clock
from chalicelib.spine.dossier import Step
from chalicelib.suggestions.evidence import MASK, Evidence, masked, renewed, snapshot
from chalicelib.suggestions.model import (
    ALL_SUGGESTIONS,
    LIFECYCLE,
    OPEN,
    OWN,
    PUBLIC,
    REPLY,
    ROUNDS,
    WHO,
    Asked,
    Document,
    Suggestion,
    drafted,
)
from tests.unit.test_clock import OFFICE

AT = datetime(2026, 11, 24, 4, tzinfo=UTC)
DAY = timedelta(days=1)
LIN, GAO = Actor(DEPUTY, "deputy.lin", deputy="lin"), Actor(DEPUTY, "deputy.gao", deputy="gao")
HEATING, WATER = Actor(OFFICER, "officer.heating", body="heating"), Actor(OFFICER, "officer.water", body="water")
QIAO, TANG, HOUSE = Actor(MANAGER, "manager.qiao"), Actor(SUPERVISOR, "supervisor.tang"), Actor(SYSTEM, "suggestions")
EVERYONE: Final = (LIN, GAO, HEATING, WATER, QIAO, TANG, HOUSE)
EVIDENCE = Evidence(demand="D1", name="暖气", people=3, cases=4, at=AT, version=2, head="h", days={"2026-11-20": 4})


def begun() -> Suggestion:
    return drafted("S1", "题目", "内容", (EVIDENCE,), "2026-11-24", category="heating", by=LIN, at=AT).after


def ticking(at: datetime) -> Clock:
    return start_clock(Promise(REPLY, "elapsed", 90 * DAY), at, OFFICE, {"remind": 0.8, "breach": 1, "head": 1.1})


def tried(held: Suggestion, move: str, by: Actor, at: datetime, grade: str) -> Step[Suggestion]:
    """Any move, by anyone, with what it needs."""
    said: dict[str, Any] = {"by": by, "at": at}
    until = at + 200 * DAY
    attempts = {
        "edit": lambda: held.edit(held.title, f"内容{grade}", held.demands, (), **said),
        "invite": lambda: held.invite(("gao", "he"), **said),
        "cosign": lambda: held.cosign(**said),
        "decline": lambda: held.decline(**said),
        "accept": lambda: held.accept(7, "2027-01-05", **said),
        "merge": lambda: held.merge(replace(begun(), id="S2", status="accepted"), "同一件事", **said)[0],
        "assign": lambda: held.assign("heating", ("water",), ticking(at), hard=False, **said),
        "reassign": lambda: held.reassign("water", ("heating",), "换一家", **said),
        "ask_extension": lambda: held.ask_extension(Asked("2028-01-01", "要等"), until, **said),
        "extend": lambda: held.extend(until, OFFICE, **said),
        "refuse_extension": lambda: held.refuse_extension("够了", **said),
        "reply": lambda: held.reply("planned", "列入计划", "", at + 14 * DAY, **said),
        "evaluate": lambda: held.evaluate("satisfied", grade, "", **said),  # type: ignore[arg-type]
        "send_back": lambda: held.send_back(ticking(at), **said),
        "document": lambda: held.document(Document("办法", f"{at:%j%H}", "2026-11-20"), **said),
        "hand_over": lambda: held.hand_over("he", "离任", **said),
    }
    return attempts.get(move, lambda: held.move(move, reason="因为", text="话", **said))()


def holds(held: Suggestion) -> None:
    """What is true of every suggestion at every moment."""
    assert held.status in OPEN or held.status in LIFECYCLE.closed
    assert (held.closed_at is not None) == (held.status in LIFECYCLE.closed)
    assert (held.number > 0) >= (held.status in PUBLIC)
    assert not set(held.cosigners) & {held.deputy, *held.invited, *held.declined}
    assert len(set(held.cosigners)) == len(held.cosigners)
    assert 0 <= held.round <= ROUNDS
    if held.status == "assigned":
        assert held.clock is not None
        assert held.clock.running
    elif held.clock:
        assert held.clock.closed
    assert (held.status in ("replied", "evaluated", "closed")) >= bool(held.result)
    assert ("send_back" in held.timers) == (held.result == "dissatisfied" and held.round < ROUNDS)
    deputy, body = held.worklists
    assert bool(deputy) == (held.status in OPEN)
    assert (body == ALL_SUGGESTIONS) == (held.status in ("submitted", "accepted"))


# The straight way, to begin a test somewhere along it.
ONWARD: Final = (
    ("invite", LIN), ("cosign", GAO), ("submit", LIN), ("accept", QIAO), ("assign", QIAO), ("reply", HEATING),
    ("evaluate", LIN), ("send_back", HOUSE), ("reply", HEATING), ("evaluate", LIN), ("close", QIAO),
)  # fmt: skip


def at_step(number: int) -> Suggestion:
    """A suggestion that is so many steps along the straight way."""
    held = begun()
    for move, by in ONWARD[:number]:
        held = tried(held, move, by, AT, "dissatisfied").after
        holds(held)
    return held


MOVES = sorted({move.name for move in LIFECYCLE.moves})
deeds = st.tuples(
    st.sampled_from(MOVES), st.sampled_from(EVERYONE), st.integers(1, 60), st.sampled_from(["satisfied", "dissatisfied"])
)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(ONWARD)), st.lists(deeds, max_size=40))
def test_whatever_is_tried_by_whomever_the_rules_hold_and_what_is_illegal_changes_nothing(
    along: int, tries: list[tuple[str, Actor, int, str]]
) -> None:
    held, at = at_step(along), AT
    signed = dict.fromkeys(held.cosigners, held.digest)
    for move, by, days, grade in tries:
        at += days * DAY
        legal = {each.name for each in held.legal_moves(by)}
        try:
            step = tried(held, move, by, at, grade)
        except (NotAllowed, IllegalMove):
            assert move not in legal
            continue
        except Invalid:
            continue  # asked already, overdue, already with that body
        assert move in legal
        assert (step.before, step.fact, step.by) == (held, next(m.fact for m in LIFECYCLE.moves if m.name == move), by)
        held = step.after
        signed |= {by.deputy: held.digest} if move == "cosign" else {}
        assert [who for who in held.cosigners if signed[who] != held.digest] == []  # a signature is for a text
        holds(held)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(ONWARD)), st.data())
def test_there_is_always_a_way_on_until_the_end(along: int, data: st.DataObject) -> None:
    held, at = at_step(along), AT
    for _ in range(30):
        open_now = [(move.name, by) for by in EVERYONE for move in held.legal_moves(by)]
        assert open_now or held.status in LIFECYCLE.closed
        if not open_now:
            return
        move, by = data.draw(st.sampled_from(open_now))
        at += DAY
        with suppress(Invalid):
            held = tried(held, move, by, at, data.draw(st.sampled_from(["basically", "dissatisfied"]))).after
        holds(held)


def test_every_move_that_is_somebodys_own_says_whose() -> None:
    assert set(OWN.values()) == WHO.keys()
    roles = {move.name: set(move.by) for move in LIFECYCLE.moves}
    assert all(role in roles[move] for move, role in OWN)


def test_nobody_but_the_manager_accepts_and_nobody_but_who_leads_evaluates() -> None:
    held = begun()
    for by in (LIN, GAO, HEATING, TANG):
        with pytest.raises(NotAllowed):
            held.accept(1, "2026-11-24", by=by, at=AT)
    replied = replace(held, status="replied", clocks={REPLY: ticking(AT).meet(AT)})
    for by in (GAO, HEATING, QIAO):
        with pytest.raises(NotAllowed):
            replied.evaluate("satisfied", "satisfied", "", by=by, at=AT)


def test_a_suggestion_is_on_the_shelf_of_the_year_in_which_it_was_accepted() -> None:
    held = replace(begun(), status="submitted")
    assert held.shelf[0] == "suggestion#2026"
    accepted = held.accept(7, "2027-01-05", by=QIAO, at=AT + 40 * DAY).after
    assert accepted.shelf == ("suggestion#2027", "2027-01-05#00007#S1")


# Evidence


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("暖气不热，电话13800138000", "暖气不热，电话…"),
        ("打 138 0013 8000 找我", "打 … 找我"),
        ("身份证110101199003078515", "身份证…"),
        ("写信到 w.xiuying@example.org 吧", "写信到 … 吧"),
        ("我叫王秀英，住在霁月花园", "我叫…，住在霁月花园"),
        ("本人李大山，反映暖气", "本人…，反映暖气"),
        ("3号楼2单元501室不热", "3号楼…不热"),
        ("霁月花园502户", "霁月花园…"),
        ("My name is John Smith, flat 12B is cold", "My name is …, … is cold"),
        ("室温只有13度，已经三天了", "室温只有13度，已经三天了"),
        ("热力公司96777打不通", "热力公司96777打不通"),
        ("2026年11月24日起停水", "2026年11月24日起停水"),
        ("楼里100多户都停水", "楼里100多户都停水"),
        ("孩子的房间只有12度", "孩子的房间只有12度"),
    ],
)
def test_a_sentence_shows_the_matter_and_not_the_person(said: str, kept: str) -> None:
    assert masked(said) == kept


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text(alphabet="暖气不热，。 ", max_size=10))
def test_no_mobile_number_stays_in_a_sentence(number: str, around: str) -> None:
    assert number not in masked(f"{around}{number}{around}")
    assert MASK in masked(f"{around}{number}{around}")


def test_a_snapshot_says_where_it_was_taken_and_its_digest_nothing_of_the_sentences() -> None:
    demand = Demand(
        id="D1", name="暖气", people=3, cases=4, version=9, head="hash", created_at=AT, updated_at=AT, sentences=("不热",)
    )
    taken = snapshot(demand, AT)
    assert (taken.version, taken.head, taken.people, taken.sentences) == (9, "hash", 3, ("不热",))
    assert taken.digest == replace(taken, sentences=("别的话",)).digest != replace(taken, people=4).digest


def test_evidence_that_is_taken_anew_stands_where_the_old_stood() -> None:
    one, two = EVIDENCE, replace(EVIDENCE, demand="D2")
    anew = replace(one, people=9)
    assert renewed((one, two), (anew,)) == (anew, two)
