"""How a promise stands, in words and a colour. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from zerodistance_client.command.words import Words
from zerodistance_client.records import Clock, Summary

PRESSING: Final = 0.25  # of the promise's whole time: less than this left is shown in yellow


@dataclass(frozen=True)
class Standing:
    """A phrase and the style that it is shown in: red overdue, yellow pressing, green in time."""

    text: str
    style: str = ""


def standing(case: Summary, now: datetime, words: Words) -> Standing:
    """How the next promise of a case stands. A list does not say when the promise began, so it is reckoned from the
    moment the case was received."""
    if case.paused:
        return Standing(words("paused"), "dim")
    if case.due_at is None:
        return Standing(words("overdue"), "bold red") if case.overdue else Standing(words("nothing_due"), "dim")
    return _running(case.due_at, case.received_at, case.overdue, now, words)


def clock_standing(clock: Clock, now: datetime, words: Words) -> Standing:
    """How one promise stands."""
    if clock.met_at:
        late = clock.broken_at or (clock.due_at and clock.met_at > clock.due_at)
        return Standing(words("kept_late"), "yellow") if late else Standing(words("kept"), "green")
    if clock.paused or clock.due_at is None:
        return Standing(words("paused"), "dim")
    return _running(clock.due_at, clock.started_at, clock.overdue, now, words)


def _running(due: datetime, began: datetime | None, overdue: bool, now: datetime, words: Words) -> Standing:
    """Whether it is overdue is the server's word: this machine's clock may be wrong, so it only tells by how much."""
    left = due - now
    if overdue:
        late = words("overdue_by", time=words.time(left)) if left.total_seconds() < 0 else words("overdue")
        return Standing(late, "bold red")
    if left.total_seconds() <= 0:
        return Standing(words("due_now"), "yellow")
    pressing = began is not None and left < (due - began) * PRESSING
    return Standing(words("left", time=words.time(left)), "yellow" if pressing else "green")
