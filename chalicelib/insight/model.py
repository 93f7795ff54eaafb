"""What a dossier's journal adds to the public figures: a function of its facts alone, never of how often they were told. Pure.

A case counts in the month in which it came in, so that a month's rates have one and the same people below the line, and settle
as its cases do. Its deputy, body, category and grid are those it has now: what is handed on takes its figures along. Of every
other section each fact of the table below counts in the month in which it happened.

- *in time* is a case whose every promised answer came in time; nothing mends a breach. Due is whatever was answered, declined
  or late: a promise that still runs counts in neither.
- *solved* is what residents say, of those who said something. Silence is counted, and counts for nobody.
- *satisfied* is a grade of 4 or 5, of those who gave one.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.spine.chain import Entry

SATISFIED: Final = 4  # of 5
DIMENSIONS: Final = ("deputy", "body", "category", "grid")  # of a case; the first is never empty
HOUR: Final = "hour"  # the dimension of when a case came in: id is weekday and hour in the district, "1-08" is Monday, 8 to 9
SECTION: Final = "section"  # the dimension of every other kind of dossier: id is "kind.fact"
TOTAL: Final = "total"  # the counter of a fact
COUNTERS: Final = (
    "received", "due", "in_time", "verdicts", "solved", "silent", "grades", "satisfied", "declined", "withdrawn", "merged",
)  # fmt: skip
RATES: Final[Mapping[str, tuple[str, str]]] = {  # counter, of counter
    "in_time": ("in_time", "due"),
    "solved": ("solved", "verdicts"),
    "satisfied": ("satisfied", "grades"),
}
# The facts that are counted, by kind.
COUNTED: Final[Mapping[str, frozenset[str]]] = {
    "demand": frozenset({"confirmed", "put_together", "taken_up", "answered", "resolved", "reopened", "documented"}),
    "suggestion": frozenset(
        {"submitted", "accepted", "returned", "merged", "replied", "evaluated", "sent_back", "documented", "breached", "closed"}
    ),
    "supervision": frozenset({"opened", "rectified", "passed", "failed", "closed", "breached"}),
    "appraisal": frozenset({"opened", "closed", "published"}),
    "record": frozenset({"submitted", "approved", "returned", "upheld", "overturned", "made"}),
    "activity": frozenset({"called", "held", "attended", "minuted", "cancelled"}),
    "booking": frozenset({"booked", "cancelled", "kept", "missed"}),
    "consultation": frozenset({"opened", "closed", "taken_up", "published"}),
    "notice": frozenset({"published", "read"}),
    "learning": frozenset({"added", "learned"}),
}
# Facts that are counted once more by what they say: {"suggestion.replied": "class"} counts suggestion.replied.solved too.
SPLIT: Final[Mapping[str, str]] = {
    "suggestion.replied": "class",
    "suggestion.evaluated": "result",
    "supervision.opened": "cause",
}
_OF_A_CASE: Final = (
    "received", "routed", "triaged", "handed_on", "recategorised", "answered", "declined", "breached", "confirmed",
    "reopened", "closed_by_silence", "withdrawn", "merged",
)  # fmt: skip
WANTED: Final = frozenset(f"{kind}.{fact}" for kind, facts in COUNTED.items() for fact in facts) | {
    f"case.{fact}" for fact in _OF_A_CASE
}


@dataclass(frozen=True, order=True)
class Part:
    """Where something is counted: a dimension, an id in it, and a month ("2026-11")."""

    dimension: str
    id: str
    month: str


Share = Mapping[Part, Mapping[str, int]]  # what one dossier adds to which counters; none of them is 0


def share(entries: Sequence[Entry], zone: ZoneInfo) -> Share:
    """What a dossier adds to the figures, as its facts stand."""
    if not entries:
        return {}
    found = _of_case(entries, zone) if entries[0].kind == "case" else _of_section(entries, zone)
    return {part: {name: count for name, count in counts.items() if count} for part, counts in found.items()}


def _of_case(entries: Sequence[Entry], zone: ZoneInfo) -> Share:
    state, month = _state(entries), _month(entries[0].at, zone)
    counts = _counts(state, entries)
    came_in = Part(HOUR, f"{entries[0].at.astimezone(zone):%u-%H}", month)
    return {Part(name, state[name], month): counts for name in DIMENSIONS if state.get(name)} | {came_in: {"received": 1}}


def _state(entries: Sequence[Entry]) -> dict[str, Any]:
    state: dict[str, Any] = {}
    for entry in entries:
        state |= entry.changes
    return state


def _counts(state: Mapping[str, Any], entries: Sequence[Entry]) -> dict[str, int]:
    late = any(_breaks_the_answer(entry) for entry in entries)
    due = late or any(entry.type in ("answered", "declined") for entry in entries)
    verdict, grade, status = state.get("verdict", ""), int(state.get("satisfaction", 0)), state.get("status", "")
    found = {
        "received": True,
        "due": due,
        "in_time": due and not late,
        "verdicts": verdict in ("solved", "not_solved"),
        "solved": verdict == "solved",
        "silent": verdict == "silence",
        "grades": grade > 0,
        "satisfied": grade >= SATISFIED,
        "declined": status == "declined",
        "withdrawn": status == "withdrawn",
        "merged": status == "merged",
    }
    return {name: int(value) for name, value in found.items()}


def _breaks_the_answer(entry: Entry) -> bool:
    return (entry.type == "breached" and entry.data.get("step") == "answer") or "answer" in entry.data.get("late", ())


def _of_section(entries: Sequence[Entry], zone: ZoneInfo) -> Share:
    wanted = COUNTED.get(entries[0].kind, frozenset())
    found = Counter(
        Part(SECTION, id, _month(entry.at, zone)) for entry in entries if entry.type in wanted for id in _ids(entry)
    )
    return {part: {TOTAL: count} for part, count in found.items()}


def _ids(entry: Entry) -> Iterator[str]:
    id = f"{entry.kind}.{entry.type}"
    yield id
    if said := entry.data.get(SPLIT.get(id, ""), ""):
        yield f"{id}.{said}"


def _month(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m}"


def rate(name: str, counts: Mapping[str, int]) -> float | None:
    """One of the three rates, 0 to 1; None where nobody can be counted."""
    of, among = RATES[name]
    below = counts.get(among, 0)
    return round(counts.get(of, 0) / below, 4) if below else None
