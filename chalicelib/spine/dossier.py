"""What every dossier shares: a state, the clocks and timers that run on it, and the next duty they lead to. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final, Generic, TypeVar

from chalicelib.people.roles import Actor
from chalicelib.spine.chain import GENESIS
from chalicelib.spine.clock import Clock

NO_DATE: Final = "9999"  # sorts after every date: nothing falls due


def stamp(moment: datetime) -> str:
    """A moment as a string that sorts by time, in UTC to the microsecond."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True)
class Duty:
    """The next timed thing to do: ``answer:breach`` (a promise's rung) or ``erase`` (a timer), and when."""

    what: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """What every kind of dossier shares. ``clocks`` are running promises by step, ``timers`` other moments by name.

    ``APART`` names the fields that hold people's own words: they are stored beside the state, never in the journal,
    and can be erased without breaking its chain.
    """

    KIND: ClassVar[str] = ""
    APART: ClassVar[frozenset[str]] = frozenset()

    id: str
    status: str = ""
    deputy: str = ""
    body: str = ""
    category: str = ""
    grid: str = ""
    demand: str = ""
    clocks: dict[str, Clock] = field(default_factory=dict)
    timers: dict[str, datetime] = field(default_factory=dict)
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    version: int = 0
    head: str = GENESIS

    @property
    def next_duty(self) -> Duty | None:
        """The earliest of all rungs and timers, or None."""
        rungs = [(f"{step}:{rung[0]}", rung[1]) for step, clock in self.clocks.items() if (rung := clock.next_rung())]
        moments = [*rungs, *self.timers.items()]
        return Duty(*min(moments, key=lambda moment: moment[1])) if moments else None

    @property
    def next_promise(self) -> Clock | None:
        """The promise that falls due next, of those that are running; None while paused or when all are kept."""
        running = [clock for clock in self.clocks.values() if clock.due_at is not None and clock.running]
        return min(running, key=lambda clock: clock.due_at or clock.started_at, default=None)

    @property
    def summary(self) -> str:
        """One line for a list. It may hold people's words, so it is stored apart."""
        return ""

    @property
    def place(self) -> str:
        """Where this stands on a work list: lists are sorted by it. Here: by the moment the next promise falls due."""
        promise = self.next_promise
        return stamp(promise.due_at) if promise and promise.due_at else NO_DATE

    @property
    def worklists(self) -> tuple[str, str]:
        """The deputy and the body on whose work lists this stands now; "" for none."""
        return ("", "") if self.closed_at else (self.deputy, self.body)

    @property
    def shelf(self) -> tuple[str, str]:
        """The shelf on which this stands whatever its state, and its place there: ("suggestion#2026", "2026-03-05…#id").
        A shelf is a list that a dossier does not leave when it is closed. ("", "") for none."""
        return ("", "")


D = TypeVar("D", bound=Dossier)


@dataclass(frozen=True)
class Step(Generic[D]):
    """One fact about to be recorded: from which state, to which, by whom, when, and what was said."""

    before: D | None
    after: D
    fact: str
    by: Actor
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
