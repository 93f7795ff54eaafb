"""How promises, times and people's words look. Pure, or on a console in memory."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from zerodistance_client import Case, Clock, Summary
from zerodistance_client.command.around import Around
from zerodistance_client.command.display import as_json, plain, shown_id, whole_case, work_list
from zerodistance_client.command.due import clock_standing, standing
from zerodistance_client.command.words import SENTENCES, Words, language_of
from zerodistance_client.records import read

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
EN, ZH = Words("en"), Words("zh")


def hours(amount: float) -> datetime:
    return NOW + timedelta(hours=amount)


def case(due: float | None, began: float = -2, *, overdue: bool = False, paused: bool = False) -> Summary:
    due_at = None if due is None else hours(due)
    return Summary(id="x", due_at=due_at, received_at=hours(began), overdue=overdue, paused=paused)


@pytest.mark.parametrize(
    ("summary", "text", "style"),
    [
        (case(-3, overdue=True), "overdue by 3 h", "bold red"),
        (case(2, began=-2), "2 h left", "green"),
        (case(1, began=-3), "1 h left", "green"),  # a quarter is left: not under it yet
        (case(0.99, began=-3), "59 min left", "yellow"),
        (case(0.005, began=-2), "under a minute left", "yellow"),
        (case(None, paused=True), "paused", "dim"),
        (case(None), "nothing due", "dim"),
        (case(None, overdue=True), "overdue", "bold red"),
    ],
)
def test_time_left_is_said_in_words_and_coloured(summary: Summary, text: str, style: str) -> None:
    how = standing(summary, NOW, EN)
    assert (how.text, how.style) == (text, style)


def test_whether_it_is_overdue_is_the_servers_word_not_this_machines_clock() -> None:
    assert standing(case(3, overdue=True), NOW, EN).text == "overdue"
    assert standing(case(-0.1), NOW, EN).text == "due now"


@pytest.mark.parametrize(
    ("clock", "text"),
    [
        (Clock(step="answer", due_at=hours(1), met_at=hours(-1)), "kept"),
        (Clock(step="answer", due_at=hours(-2), met_at=hours(-1)), "kept, but late"),
        (Clock(step="answer", due_at=hours(-2), met_at=hours(-1), broken_at=hours(-2)), "kept, but late"),
        (Clock(step="answer", paused=True), "paused"),
        (Clock(step="answer", due_at=hours(3), started_at=hours(0)), "3 h left"),
    ],
)
def test_a_promise_says_how_it_stands(clock: Clock, text: str) -> None:
    assert clock_standing(clock, NOW, EN).text == text


@pytest.mark.parametrize(
    ("span", "english", "chinese"),
    [
        (timedelta(days=2, hours=4, minutes=59), "2 d 4 h", "2天4小时"),
        (timedelta(days=2, minutes=59), "2 d", "2天"),
        (timedelta(hours=3, minutes=10), "3 h 10 min", "3小时10分钟"),
        (timedelta(hours=10), "10 h", "10小时"),
        (timedelta(minutes=12, seconds=59), "12 min", "12分钟"),
        (timedelta(seconds=5), "under a minute", "不到1分钟"),
        (timedelta(hours=-3), "3 h", "3小时"),
    ],
)
def test_a_span_is_told_by_its_two_largest_units(span: timedelta, english: str, chinese: str) -> None:
    assert (EN.time(span), ZH.time(span)) == (english, chinese)


@pytest.mark.parametrize(
    ("asked", "environment", "language"),
    [
        ("zh", {"LANG": "en_GB.UTF-8"}, "zh"),
        ("", {"DEPUTY_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ("", {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ("", {"LANG": "zh_CN.UTF-8"}, "zh"),
        ("", {}, "en"),
    ],
)
def test_the_language_is_as_asked_or_the_terminals(asked: str, environment: Mapping[str, str], language: str) -> None:
    assert language_of(asked, environment) == language


def test_both_languages_of_a_sentence_tell_the_same_things() -> None:
    for sentence, (english, chinese) in SENTENCES.items():
        assert english.count("{") == chinese.count("{"), sentence


def test_domain_words_are_the_apis_in_english_and_the_tables_in_chinese() -> None:
    assert (EN.term("in_progress"), ZH.term("in_progress"), ZH.term("unheard_of")) == ("in_progress", "办理中", "unheard_of")


def test_a_residents_text_can_not_command_the_terminal() -> None:
    assert plain("a\x1b[2Jb\x9bc\u202ed\x08e\rf\n\tg") == "a[2Jbcdef\n\tg"


def test_json_keeps_chinese_and_escapes_what_commands_a_terminal() -> None:
    text = as_json({"text": "暖气\x1b[2J\x9b\u202e\n"})
    assert "暖气" in text
    assert not any(letter in text for letter in "\x1b\x9b\u202e")
    assert json.loads(text) == {"text": "暖气\x1b[2J\x9b\u202e\n"}


def test_an_id_is_shown_as_people_read_it() -> None:
    assert shown_id("7K3M9QXA2B4C") == shown_id("7K3M-9QXA-2B4C") == "7K3M-9QXA-2B4C"


def printed(thing: object, width: int = 80) -> str:
    console = Console(width=width, color_system=None)
    with console.capture() as written:
        console.print(thing)
    return written.get()


def here(lang: str = "en") -> Around:
    return Around(lang=lang, now=lambda: NOW, zone=UTC)


def test_a_work_list_fits_80_columns_and_cuts_no_chinese_text() -> None:
    summary = "暖气不热打电话没人接老人小孩都冻着了" * 3
    line = read(
        Summary,
        {"id": "7K3M9QXA2B4C", "summary": summary, "due_step": "answer", "due_at": hours(1).isoformat(), "urgency": "danger"},
    )
    text = printed(work_list(here(), [line]))
    assert "…" not in text
    assert sum(text.count(letter) for letter in set(summary)) == len(summary)
    assert "7K3M-9QXA-2B4C" in text
    assert "answer by 2026-11-24 10:00" in text
    assert "danger" in text


def test_a_case_shows_words_promises_what_happened_and_what_can_be_done() -> None:
    content = {
        "id": "7K3M9QXA2B4C",
        "status": "acknowledged",
        "words": [{"text": "It is [bold]cold[/bold]", "address": "Block 12"}, {"text": "Still", "at": hours(-1).isoformat()}],
        "promises": [{"step": "answer", "due_at": hours(2).isoformat(), "started_at": NOW.isoformat()}],
        "timeline": [
            {
                "seq": 2,
                "type": "noted",
                "at": hours(-1).isoformat(),
                "actor": {"role": "deputy", "id": "li"},
                "text": "Called",
                "data": {"public": True, "body": "heating-company", "words": 3, "late": ["a", "b"], "due_at": NOW.isoformat()},
            }
        ],
        "moves": [{"move": "acknowledge"}, {"move": "answer", "needs": ["text"]}],
        "has_contact": True,
        "verdict": "solved",
        "satisfaction": 4,
    }
    text = printed(whole_case(here(), read(Case, content)))
    assert "It is [bold]cold[/bold]" in text
    assert "Added 2026-11-24 08:00" in text
    assert "answer  2026-11-24 11:00  2 h left" in text
    assert "deputy li  noted, public" in text
    assert "body: heating-company" in text
    assert "late: a, b" in text
    assert "due_at: 2026-11-24 09:00" in text
    assert "words" not in text
    assert "the resident's verdict: solved 4/5" in " ".join(text.split())
    assert "deputy contact 7K3M-9QXA-2B4C" in text
    assert "Possible now: ack, answer" in text


def test_a_case_without_words_or_moves_says_so() -> None:
    text = printed(whole_case(here("zh"), Case(id="x", status="resolved")))
    assert "原文已删除" in text
    assert "目前不能对其进行任何操作" in text
