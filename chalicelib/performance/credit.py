"""What a dossier's journal credits to whom: records that the platform makes, and what it adds to yearly files. Pure.

Both are functions of the facts alone, never of how often or in which order they were told: so telling a fact twice, late, or
all of them once more changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.spine.chain import Entry

SATISFIED: Final = 4  # of 5: from here on a resident counts as satisfied

File = tuple[str, str]  # year, deputy
Share = Mapping[File, Mapping[str, int]]  # what one dossier adds to whose file


@dataclass(frozen=True)
class Credit:
    """A fact that makes a record: which (a kind's ``fact``), for whom, when, and of what ("dossier#seq")."""

    fact: str
    deputy: str
    at: datetime
    of: str


def state_after(entries: Sequence[Entry]) -> dict[str, Any]:
    """The dossier's state that these facts lead to, as plain values."""
    state: dict[str, Any] = {}
    for entry in entries:
        state |= entry.changes
    return state


def credited(entries: Sequence[Entry], seq: int) -> list[Credit]:
    """The records that fact number ``seq`` makes, given all that came before it."""
    before = entries[:seq]
    fact = before[-1]
    who = _CREDITED.get(f"{fact.kind}.{fact.type}")
    named = who(fact, state_after(before)) if who else ()
    return [Credit(name, deputy, fact.at, f"{fact.dossier}#{seq}") for name, deputy in named if deputy]


Named = Iterator[tuple[str, str]]  # a kind's fact, and the deputy


def _answered(fact: Entry, state: Mapping[str, Any]) -> Named:
    if "answer" not in fact.data.get("late", ()):
        yield "case.answered_in_time", state.get("deputy", "")


def _solved(_: Entry, state: Mapping[str, Any]) -> Named:
    for deputy in dict.fromkeys((state.get("deputy", ""), *state.get("supporters", ()))):
        yield "demand.solved", deputy


def _adopted(_: Entry, state: Mapping[str, Any]) -> Named:
    lead = state.get("deputy", "")
    yield "suggestion.adopted", lead
    for deputy in dict.fromkeys(state.get("cosigners", ())):
        if deputy != lead:
            yield "suggestion.cosigned", deputy


def _attended(fact: Entry, _: Mapping[str, Any]) -> Named:
    yield "activity.attended", str(fact.data.get("deputy", ""))


def _learned(fact: Entry, _: Mapping[str, Any]) -> Named:
    yield "learning.completed", str(fact.data.get("deputy", ""))


_CREDITED: Final[Mapping[str, Callable[[Entry, Mapping[str, Any]], Named]]] = {
    "case.answered": _answered,
    "demand.resolved": _solved,
    "suggestion.accepted": _adopted,
    "activity.attended": _attended,
    "learning.learned": _learned,
}


# What is added to yearly files


def share(entries: Sequence[Entry], zone: ZoneInfo) -> Share:
    """What a dossier adds to the yearly files of deputies, as its facts stand."""
    counted = _SHARED.get(entries[0].kind) if entries else None
    return {file: counts for file, counts in counted(entries, zone).items() if file[1] and counts} if counted else {}


def _of_case(entries: Sequence[Entry], zone: ZoneInfo) -> Share:
    """Once a case, in the year in which it came in. In time is a case whose every answer was: nothing mends a breach."""
    state, facts = state_after(entries), Counter(entry.type for entry in entries)
    late = any(_broke_the_answer(entry) for entry in entries)
    grade, verdict = int(state.get("satisfaction", 0)), state.get("verdict", "")
    due = bool(facts["answered"] or facts["declined"] or late)
    counts = {
        "due": due,
        "in_time": due and not late,
        "verdicts": verdict in ("solved", "not_solved"),
        "solved": verdict == "solved",
        "silent": verdict == "silence",
        "grades": grade > 0,
        "satisfied": grade >= SATISFIED,
        "grade_sum": grade,
    }
    return {(_year(entries[0].at, zone), str(state.get("deputy", ""))): _some(counts)}


def _broke_the_answer(entry: Entry) -> bool:
    return (entry.type == "breached" and entry.data.get("step") == "answer") or "answer" in entry.data.get("late", ())


def _of_suggestion(entries: Sequence[Entry], zone: ZoneInfo) -> Share:
    """Once a suggestion, in the year in which it was submitted."""
    state, facts = state_after(entries), {entry.type: entry for entry in entries}
    if "submitted" not in facts:
        return {}
    year, lead = _year(facts["submitted"].at, zone), str(state.get("deputy", ""))
    reply, result = facts.get("replied"), facts.get("evaluated")
    counts = {
        "suggestions": True,
        "adopted": "accepted" in facts,
        "replied": reply is not None,
        "replied_solved": reply is not None and reply.data.get("class") == "solved",
        "result_satisfied": result is not None and result.data.get("result") in ("satisfied", "basically"),
        "result_dissatisfied": result is not None and result.data.get("result") == "dissatisfied",
        "documents": sum(entry.type == "documented" for entry in entries),
    }
    cosigners = [str(deputy) for deputy in state.get("cosigners", ()) if deputy != lead]
    return {(year, lead): _some(counts), **{(year, deputy): {"cosigned": 1} for deputy in cosigners}}


def _of_activity(entries: Sequence[Entry], zone: ZoneInfo) -> Share:
    """Once a deputy and activity, in the year in which it was held: who signed up and did not sign off, and who came."""
    begun = [entry for entry in entries if entry.type in ("held", "attended")]
    if not begun or any(entry.type == "cancelled" for entry in entries):
        return {}
    state, year = state_after(entries), _year(begun[0].at, zone)
    signed, came = set(state.get("signed_up", ())), set(state.get("attended", ()))
    return {(year, deputy): _some({"expected": True, "attended": deputy in came}) for deputy in sorted(signed | came)}


def _some(counts: Mapping[str, int | bool]) -> dict[str, int]:
    return {name: int(count) for name, count in counts.items() if count}


def _year(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone).year:04d}"


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The day in the district."""
    return at.astimezone(zone).date()


_SHARED: Final[Mapping[str, Callable[[Sequence[Entry], ZoneInfo], Share]]] = {
    "case": _of_case,
    "suggestion": _of_suggestion,
    "activity": _of_activity,
}
# The facts after which a dossier's share or its records may be others than before.
WATCHED: Final = frozenset(_CREDITED) | {
    *(f"case.{fact}" for fact in ("declined", "breached", "confirmed", "reopened", "closed_by_silence", "withdrawn", "merged")),
    *(f"suggestion.{fact}" for fact in ("submitted", "absorbed", "handed_over", "replied", "evaluated", "documented")),
    *(f"activity.{fact}" for fact in ("held", "cancelled")),
}
