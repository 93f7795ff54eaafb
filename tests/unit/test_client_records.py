"""JSON to records: lenient with what is new, strict with what is wrong."""

from datetime import UTC, datetime
from typing import Any

import pytest

from zerodistance_client import BadAnswer, Case, Clock, Deputy, Me, Summary
from zerodistance_client.records import read

CASE = {
    "id": "7K3M9QXA2B4C",
    "status": "acknowledged",
    "due_step": None,
    "due_at": "2026-11-24T10:00:00Z",
    "received_at": "2026-11-24T08:00:00.123456+00:00",
    "words": [{"text": "冷", "at": "2026-11-24T08:00:00Z", "address": "A 12", "position": [37.87, 112]}],
    "promises": [{"step": "answer", "mode": "elapsed", "amount": 120, "due_at": None, "paused": True}],
    "timeline": [
        {
            "seq": 1,
            "type": "received",
            "at": "2026-11-24T08:00:00Z",
            "actor": {"role": "resident", "id": ""},
            "data": {"door": "form"},
        }
    ],
    "moves": [{"move": "answer", "needs": ["text"]}],
    "version": 3,
}


def test_a_case_is_read_whole() -> None:
    case = read(Case, CASE)
    assert case.due_at == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert (case.text, case.address, case.words[0].position) == ("冷", "A 12", (37.87, 112.0))
    assert case.promises == (Clock(step="answer", mode="elapsed", amount=120.0, paused=True),)
    assert case.timeline[0].actor.role == "resident"
    assert case.timeline[0].data == {"door": "form"}
    assert case.moves[0].needs == ("text",)
    assert case.due_step == ""


def test_fields_of_a_newer_server_are_ignored_and_kept_in_raw() -> None:
    me = read(Me, {"username": "li", "shoe_size": 42})
    assert me == Me(username="li")
    assert me.raw["shoe_size"] == 42


def test_a_case_whose_words_are_erased_has_no_text() -> None:
    assert read(Case, {"id": "x", "words": []}).text == ""


@pytest.mark.parametrize("given", [None, [], "x", 7])
def test_what_is_no_object_is_a_bad_answer(given: object) -> None:
    with pytest.raises(BadAnswer, match="A Me was expected"):
        read(Me, given)


def test_a_record_without_its_id_is_a_bad_answer() -> None:
    with pytest.raises(BadAnswer, match="A Deputy came without id"):
        read(Deputy, {"name_en": "Li"})


@pytest.mark.parametrize(
    "wrong", [{"due_at": "tomorrow"}, {"due_at": 7}, {"overdue": "yes"}, {"status": 3}, {"promises": {}}, {"promises": [7]}]
)
def test_a_value_of_another_type_is_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadAnswer, match=r"can't be read|was expected"):
        read(Case, {"id": "x"} | wrong)


def test_records_can_not_be_changed() -> None:
    with pytest.raises(AttributeError):
        read(Summary, {"id": "x"}).status = "y"  # type: ignore[misc]
