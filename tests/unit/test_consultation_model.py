"""Consultations without a table: what may be asked, what counts, and moves in any order by anybody."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from chalicelib.consultations import model, questions
from chalicelib.consultations.model import LIFECYCLE, PUBLIC, UNOPENED, Consultation
from chalicelib.consultations.questions import Given, Question
from chalicelib.errors import Invalid, NotAllowed, Refused
from chalicelib.people.roles import Actor, the_system
from chalicelib.spine.dossier import Step
from tests.support.consultations import DRAFT, SURVEY, WEEK
from tests.support.wanglan import GAO, HEATING, LIN, NOON, QIAO, TANG

ASKED = questions.survey(SURVEY)
EVERYBODY = (LIN, GAO, HEATING, QIAO, TANG, the_system("enforce"), Actor("resident"))


def drafted(by: Actor = LIN) -> Consultation:
    return model.drafted("C0", "survey", "食堂", "请说说", ASKED, by=by, at=NOON).after


# Moves in any order by anybody


def move(one: Consultation, name: str, by: Actor, at: datetime, days: int, word: str) -> "Step[Consultation]":
    then = at + timedelta(days=days)
    deeds: dict[str, Any] = {
        "edit": lambda: one.edit(word, "", ASKED, by=by, at=at),
        "schedule": lambda: one.schedule(then, then + WEEK, by=by, at=at),
        "open": lambda: one.open(None if by.role == "system" else then, by=by, at=at),  # the agenda names no date of its own
        "extend": lambda: one.extend(then, word, by=by, at=at),
        "close": lambda: one.close(then, by=by, at=at),
        "take_up": lambda: one.take_up("7K3M9QXA2B4C", "q4", word, "素菜", by=by, at=at),
        "publish": lambda: one.publish(word, by=by, at=at),
        "withdraw": lambda: one.withdraw(word, by=by, at=at),
    }
    return deeds[name]()


MOVES = st.tuples(
    st.sampled_from([each.name for each in LIFECYCLE.moves]),
    st.sampled_from(EVERYBODY),
    st.integers(-1, 400),
    st.sampled_from(["", " ", "好"]),
)


@settings(max_examples=300, deadline=None)
@for_all(st.lists(MOVES, max_size=14))
def test_whatever_is_tried_in_whatever_order_the_rules_hold(tried: list[tuple[str, Actor, int, str]]) -> None:
    one, at = drafted(), NOON
    for name, by, days, word in tried:
        at += timedelta(hours=1)
        before = one
        try:
            step = move(one, name, by, at, days, word)
        except Refused:
            assert one == before
            continue
        one = step.after
        assert by.role in ("deputy", "manager", "system")
        assert by.role == "system" or by in (LIN, QIAO)
        assert step.fact == next(each.fact for each in LIFECYCLE.moves if each.name == name)
        hold(before, one, name)
        assert "素菜" not in str(step.data)


def hold(before: Consultation, one: Consultation, name: str) -> None:
    """What is so after every move."""
    assert (one.closed_at is not None) == (one.status in LIFECYCLE.closed)
    assert bool(one.worklists[1]) == (one.status not in LIFECYCLE.closed)
    assert (one.shelf[0] != "") == (one.status in PUBLIC)
    if one.status == "open":
        assert set(one.timers) == {"close"}
        assert one.opens_at
        assert one.closes_at
        assert one.opens_at < one.closes_at
    if before.status not in UNOPENED:
        assert one.questions == before.questions
    if before.status == one.status == "open" and before.closes_at and one.closes_at:
        assert one.closes_at >= before.closes_at
    if name != "take_up":
        assert one.taken_up == before.taken_up
    assert len(one.quotes) == len(one.taken_up)


def test_it_takes_answers_from_the_moment_it_opens_to_the_one_at_which_it_closes() -> None:
    one = drafted().open(NOON + WEEK, by=LIN, at=NOON).after
    assert not drafted().takes_answers(NOON)
    assert one.takes_answers(NOON)
    assert one.takes_answers(NOON + WEEK - timedelta.resolution)
    assert not one.takes_answers(NOON + WEEK)
    assert not one.close(NOON, by=LIN, at=NOON).after.takes_answers(NOON)


@pytest.mark.parametrize("by", [HEATING, TANG, Actor("resident")])
def test_only_deputies_and_managers_ask(by: Actor) -> None:
    with pytest.raises(NotAllowed):
        drafted(by)


def test_so_many_comments_can_be_taken_up_and_no_more() -> None:
    one = drafted().open(NOON + WEEK, by=LIN, at=NOON).after
    for number in range(model.MOST_TAKEN_UP):
        one = one.take_up(f"A{number}", "q4", "办了", "素菜", by=LIN, at=NOON).after
    with pytest.raises(Invalid):
        one.take_up("another", "q4", "办了", "素菜", by=LIN, at=NOON)
    assert one.take_up("A0", "q4", "又办了", "素菜", by=LIN, at=NOON).after.taken_up[-1].text == "又办了"


# What counts

FIELDS = st.dictionaries(
    st.sampled_from(["q1", "q2", "q2-1", "q2-2", "q2-3", "q3", "q4", "q5", "form"]),
    st.sampled_from(["1", "3", "5", "6", "x", ""]),
)


@for_all(FIELDS)
def test_whatever_a_form_brings_only_what_was_asked_is_counted(fields: dict[str, str]) -> None:
    answers = questions.given(ASKED, fields)
    names = list(questions.counted(answers))
    assert set(names) <= set(questions.counters(ASKED))
    assert len(names) == len(set(names))
    for question in ASKED:
        numbers = answers.chosen.get(question.id, ())
        assert all(1 <= number <= question.choices for number in numbers)
        assert len(numbers) <= (question.choices if question.kind == "multiple" else 1)


@for_all(st.lists(FIELDS, max_size=12))
def test_what_comes_of_a_question_adds_up(forms: list[dict[str, str]]) -> None:
    counts: dict[str, int] = {}
    everyone = [questions.given(ASKED, fields) for fields in forms]
    for answers in everyone:
        for name in questions.counted(answers):
            counts[name] = counts.get(name, 0) + 1
    assert counts.get(questions.PEOPLE, 0) == len(forms)
    for outcome in questions.outcomes(ASKED, counts):
        id = outcome.question.id
        assert outcome.answered == sum(id in answers.chosen or id in answers.texts for answers in everyone)
        if outcome.question.kind in ("single", "scale"):
            assert sum(outcome.chosen) == outcome.answered
        if outcome.mean is not None:
            assert 1 <= outcome.mean <= outcome.question.steps


def test_what_is_required_must_be_answered_and_something_at_all() -> None:
    assert questions.faults(ASKED, Given()) == {"q1": "missing"}
    assert questions.faults(ASKED, Given({"q1": (1,)})) == {}
    assert questions.faults(ASKED, Given({"q1": (1,)}, {"q4": "长" * 2_001})) == {"q4": "too_long"}
    paragraphs = questions.draft(DRAFT)
    assert questions.faults(paragraphs, Given()) == {"p1": "nothing"}
    assert questions.faults(paragraphs, Given({}, {"all": "好"})) == {}


@for_all(st.text(alphabet="第条\n\r \t文", max_size=200))
def test_a_draft_loses_no_word_when_it_is_cut(text: str) -> None:
    try:
        asked = questions.draft(text)
    except Invalid:
        assert not text.strip() or text.count("\n") + text.count("\r") >= questions.MOST_FIELDS - 1
        return
    assert "".join("".join(q.text for q in asked).split()) == "".join(text.split())
    assert [q.id for q in asked] == [f"p{n}" for n in range(1, len(asked))] + ["all"]


def test_a_scale_has_five_steps_if_nothing_is_said_and_other_questions_none() -> None:
    asked = questions.survey([Question("", "scale", "满意吗？"), replace(SURVEY[0], steps=7)])
    assert [question.steps for question in asked] == [5, 0]
