"""One event as an iCalendar file, which every calendar takes (RFC 5545). Pure.

Written here: an event of nine lines needs the escaping of §3.3.11, the folding of §3.1 and nothing else that a library brings.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

TYPE: Final = "text/calendar; charset=utf-8"
OCTETS: Final = 75  # of a line, without its end (§3.1)
_CALENDAR: Final = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Zero Distance//Activities//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
)


@dataclass(frozen=True)
class Event:
    """What stands in the calendar. ``id`` stays the same when it is downloaded again, so that it is one event there;
    ``sequence`` grows with each change."""

    id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    where: str = ""
    text: str = ""
    url: str = ""
    cancelled: bool = False
    sequence: int = 0


def calendar(event: Event, now: datetime) -> bytes:
    """The file: UTF-8, lines end with CRLF and hold 75 octets at most."""
    lines = (*_CALENDAR, *_lines(event, now), "END:VCALENDAR")
    return b"".join(folded(line) + b"\r\n" for line in lines)


def _lines(event: Event, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.id}@zerodistance"
    yield f"DTSTAMP:{_moment(now)}"
    yield f"DTSTART:{_moment(event.starts_at)}"
    yield f"DTEND:{_moment(event.ends_at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    for name, text in (("SUMMARY", event.title), ("LOCATION", event.where), ("DESCRIPTION", event.text)):
        if text:
            yield f"{name}:{escaped(text)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    """A text as a value (§3.3.11); control characters, which it must not hold, are left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(letter for letter in lines if letter in "\n\t" or (ord(letter) >= 32 and ord(letter) != 127))
    for letter in "\\;,":
        kept = kept.replace(letter, "\\" + letter)
    return kept.replace("\n", "\\n")


def folded(line: str) -> bytes:
    """A line cut into pieces of 75 octets, the later ones with a blank before them; no character is cut in two."""
    pieces: list[bytes] = []
    piece = b""
    for letter in line:
        encoded = letter.encode("utf-8", "replace")
        if len(piece) + len(encoded) > OCTETS - bool(pieces):
            pieces, piece = [*pieces, piece], b""
        piece += encoded
    return b"\r\n ".join([*pieces, piece])


def headers(name: str) -> dict[str, str]:
    """The headers with which a file goes out."""
    return {"Content-Type": TYPE, "Content-Disposition": f'attachment; filename="{name}.ics"'}
