"""The calendar file is one that every calendar reads (RFC 5545), whatever stands in a title."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.activities.ical import OCTETS, Event, calendar, escaped, folded

NINE = datetime(2026, 11, 30, 1, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def unfolded(file: bytes) -> list[str]:
    """The lines as a calendar reads them (§3.1)."""
    return file.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def read(value: str) -> str:
    """A text as a calendar reads it (§3.3.11)."""
    found, letters = "", iter(value)
    for letter in letters:
        following = next(letters) if letter == "\\" else ""
        found += {"n": "\n", "N": "\n"}.get(following, following) if following else letter
    return found


def test_an_event_is_what_was_asked_for() -> None:
    event = Event(
        "B1", "面谈；a,b;c", NINE, NINE + timedelta(minutes=30), "灯塔路 8 号", url="https://x.example/b/T", sequence=3
    )
    assert unfolded(calendar(event, NINE)) == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Zero Distance//Activities//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        "BEGIN:VEVENT", "UID:B1@zerodistance", "DTSTAMP:20261130T010000Z", "DTSTART:20261130T010000Z", "DTEND:20261130T013000Z",
        "SEQUENCE:3", "STATUS:CONFIRMED", "SUMMARY:面谈；a\\,b\\;c", "LOCATION:灯塔路 8 号", "URL:https://x.example/b/T",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip


def test_a_cancelled_one_says_so() -> None:
    assert b"STATUS:CANCELLED\r\n" in calendar(Event("B1", "x", NINE, NINE, cancelled=True), NINE)


@given(TEXT)
def test_lines_are_short_end_with_crlf_and_cut_no_character(title: str) -> None:
    file = calendar(Event("B1", title, NINE, NINE), NINE)
    lines = file.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= OCTETS and line.decode() is not None for line in lines)
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert file.endswith(b"\r\nEND:VCALENDAR\r\n")


@given(TEXT)
def test_a_text_is_read_as_it_was_written_less_what_no_calendar_may_hold(title: str) -> None:
    kept = "".join(letter for letter in title.replace("\r\n", "\n").replace("\r", "\n") if letter in "\n\t" or letter >= " ")
    assert read(escaped(title)) == kept.replace("\x7f", "")
    assert folded(escaped(title)).replace(b"\r\n ", b"").decode() == escaped(title)
