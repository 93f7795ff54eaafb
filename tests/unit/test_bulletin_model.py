"""Notices and items of the library without a table: moves in any order by anybody."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.bulletin import model
from chalicelib.bulletin.model import Content, Item, Notice, portions
from chalicelib.errors import Invalid, NotAllowed, Refused
from chalicelib.people.roles import STAFF, Actor, the_system
from tests.support.wanglan import GAO, HEATING, LIN, NOON, QIAO, TANG

EVERYBODY = (LIN, GAO, HEATING, QIAO, TANG, the_system("enforce"), Actor("resident"), Actor("deputy", "deputy.nobody"))
TEXT = Content(title="提好建议", text="先看证据。")
WORDS = st.sampled_from(["", " ", "好"])


def notice(by: Actor = QIAO, **known: int) -> Notice:
    days = known.get("remind_days", 3)
    return model.published("N0", "通知", "请到会。", ("deputies",), public=True, remind_days=days, by=by, at=NOON).after


def item(by: Actor = QIAO) -> Item:
    return model.added("L0", "text", TEXT, by=by, at=NOON).after


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["read", "remind", "withdraw"]), st.sampled_from(EVERYBODY), WORDS), max_size=12))
def test_a_notice_is_read_by_staff_reminded_once_and_withdrawn_for_good(tried: list[tuple[str, Actor, str]]) -> None:
    one, reads = notice(), 0
    for name, by, word in tried:
        deeds: dict[str, Callable[..., object]] = {
            "read": one.read,
            "remind": lambda by, at, one=one: one.remind(2, by=by, at=at),
            "withdraw": lambda by, at, one=one, word=word: one.withdraw(word, by=by, at=at),
        }
        try:
            step = deeds[name](by=by, at=NOON)
        except Refused:
            continue
        before, one = one, step.after  # type: ignore[attr-defined]
        assert before.status == "published"
        reads += name == "read"
        assert by.role in {"read": STAFF, "remind": ("system",), "withdraw": ("manager",)}[name]
    assert one.reads == reads
    assert bool(one.worklists[1]) == (one.status == "published")
    assert (one.closed_at is not None) == (one.status == "withdrawn")
    assert one.status == "published" or not one.timers


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["edit", "complete", "retire"]), st.sampled_from(EVERYBODY), WORDS), max_size=12))
def test_an_item_is_edited_by_managers_and_learned_by_deputies(tried: list[tuple[str, Actor, str]]) -> None:
    one, learned = item(), 0
    for name, by, word in tried:
        deeds: dict[str, Callable[..., object]] = {
            "edit": lambda by, at, one=one, word=word: one.edit(Content(title=word, text="文"), by=by, at=at),
            "complete": one.complete,
            "retire": lambda by, at, one=one, word=word: one.retire(word, by=by, at=at),
        }
        try:
            step = deeds[name](by=by, at=NOON)
        except Refused:
            continue
        before, one = one, step.after  # type: ignore[attr-defined]
        assert before.status == "added"
        learned += name == "complete"
        assert by.role == ("deputy" if name == "complete" else "manager")
        assert name != "complete" or by.deputy
    assert one.learned == learned
    assert (one.shelf == ("", "")) == (one.status == "retired")


@pytest.mark.parametrize("by", [each for each in EVERYBODY if each.role != "manager"])
def test_only_managers_publish_and_add(by: Actor) -> None:
    for make in (notice, item):
        with pytest.raises(NotAllowed):
            make(by)


def test_a_reminder_comes_after_its_days_and_nought_is_none() -> None:
    assert notice(remind_days=2).timers == {"remind": NOON + timedelta(days=2)}
    assert notice(remind_days=0).timers == {}
    with pytest.raises(Invalid):
        notice(remind_days=61)


def test_the_newest_public_notice_stands_first() -> None:
    later = model.published(
        "N1", "通知", "请到会。", ("deputies",), public=True, remind_days=0, by=QIAO, at=NOON + timedelta(seconds=1)
    ).after
    assert later.place < notice().place


def test_portions_hold_everyone_once() -> None:
    names = [f"u{n}" for n in range(60)]
    cut = portions(names)
    assert [len(some) for some in cut] == [25, 25, 10]
    assert [name for some in cut for name in some] == names
    assert portions([]) == []
