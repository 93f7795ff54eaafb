"""When a promise falls due, what of it is used, and the rungs of its escalation. Pure: no table, no present moment.

Time is kept in UTC. An ``elapsed`` promise counts real time, a ``working`` one the working time of a calendar. A promise
is due at the earliest moment by which its whole amount has been counted: at the end of a span, never at the start of the
next. It is overdue only after that moment, not on it, and whether it is overdue is computed, never stored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, get_args
from zoneinfo import ZoneInfo

from chalicelib.spine.calendars import Calendar as Calendar  # given on: a clock is not read without one
from chalicelib.spine.calendars import Mode

BREACH: Final = "breach"  # the rung on which a promise is broken: the first moment after the due one
NOTHING: Final = timedelta()
INSTANT: Final = timedelta.resolution
LONGEST: Final = timedelta(days=3_660)
LONGEST_REST: Final = timedelta(days=731)


@dataclass(frozen=True)
class Promise:
    """What is promised: ``step`` ("acknowledge", "answer") within ``amount`` of elapsed or working time.

    Raises ValueError for a mode that is not known and an amount that is negative or beyond ten years.
    """

    step: str
    mode: Mode
    amount: timedelta

    def __post_init__(self) -> None:
        if self.mode not in get_args(Mode):
            raise ValueError(f"'{self.mode}' is no way to count a promise; it is elapsed or working")
        if not NOTHING <= self.amount <= LONGEST:
            raise ValueError(f"a promise of {self.amount} can't be kept; it must be from 0 to {LONGEST.days} days")


def due(start: datetime, promise: Promise, calendar: Calendar) -> datetime:
    """The moment, in UTC, by which a promise given at ``start`` must be kept.

    Raises ValueError for a moment without a time zone and for a calendar that rests for two years on end.
    """
    return _after(_utc(start), promise.amount, promise.mode, calendar)


def worked(start: datetime, end: datetime, mode: Mode, calendar: Calendar) -> timedelta:
    """The time between two moments that counts. Raises ValueError for one without a time zone, or an end before its start."""
    start, end = _utc(start), _utc(end)
    if end < start:
        raise ValueError(f"{end.isoformat()} is before {start.isoformat()}")
    if mode == "elapsed":
        return end - start
    return sum((until - since for since, until in _stretches(start, end, calendar)), NOTHING)


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; give one, like {moment.isoformat()}+08:00")
    return moment.astimezone(UTC)


def _after(start: datetime, amount: timedelta, mode: Mode, calendar: Calendar) -> datetime:
    if mode == "elapsed" or amount <= NOTHING:
        return start + max(amount, NOTHING)
    for since, until in _stretches(start, None, calendar):
        if amount <= until - since:
            return since + amount
        amount -= until - since
    raise AssertionError("working time without an end has ended")  # pragma: no cover - _stretches goes on or raises


def _stretches(start: datetime, end: datetime | None, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of working time between two moments, in order and apart; without an end they go on for ever."""
    reached = start
    for day in _days(start, end, calendar.zone):
        if end is None and day - reached.date() > LONGEST_REST:
            raise ValueError(f"the calendar has no working time in the two years after {reached.isoformat()}")
        for since, until in calendar.open_on(day):
            # Where the clocks are put forward, spans of a day may touch or change places: no time counts twice.
            since, until = max(since, reached), min(until, end or until)
            if since < until:
                yield since, until
                reached = until


def _days(start: datetime, end: datetime | None, zone: ZoneInfo) -> Iterator[date]:
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date() if end else date.max
    while day <= last:
        yield day
        day += timedelta(days=1)


@dataclass(frozen=True)
class Clock:
    """A promise on its way. Times are UTC; a clock is never changed, every verb returns the next one.

    ``ladder`` the share of the amount at which each rung comes, ``rungs`` the moments that follow from it, ``done`` the rungs
    already enforced. ``running_since`` is None while paused; ``used`` is what had been counted until then. ``due_at`` and
    the rungs to come are unknown while paused; what has passed before a pause stays. ``broken_at`` is the due moment of a
    promise that was broken; it stays when the promise is met after all.
    """

    step: str
    mode: Mode
    amount: timedelta
    started_at: datetime
    running_since: datetime | None
    ladder: dict[str, float] = field(default_factory=dict)
    used: timedelta = NOTHING
    due_at: datetime | None = None
    rungs: dict[str, datetime] = field(default_factory=dict)
    done: tuple[str, ...] = ()
    met_at: datetime | None = None
    broken_at: datetime | None = None
    stopped_at: datetime | None = None

    @property
    def closed(self) -> bool:
        """Met or stopped: nothing more happens."""
        return self.met_at is not None or self.stopped_at is not None

    @property
    def paused(self) -> bool:
        """Open, but not counting."""
        return self.running_since is None and not self.closed

    @property
    def running(self) -> bool:
        """Open and counting, also past its due moment."""
        return self.running_since is not None and not self.closed

    def pause(self, at: datetime, calendar: Calendar) -> "Clock":
        """Stop counting; what is used is kept to the microsecond. Nothing changes if it is not running."""
        at = _utc(at)
        if not self.running:
            return self
        passed = {rung: when for rung, when in self.rungs.items() if when <= at}
        due_at = self.due_at if self.overdue(at) else None
        return replace(self, running_since=None, used=self._used(at, calendar), rungs=passed, due_at=due_at)

    def resume(self, at: datetime, calendar: Calendar) -> "Clock":
        """Count on; the moments still to come are reckoned anew. Nothing changes if it is not paused."""
        return replace(self, running_since=_utc(at))._reckoned(calendar) if self.paused else self

    def extended(self, until: datetime, at: datetime, calendar: Calendar) -> "Clock":
        """The promise with its due moment put off to ``until``, or to the last working moment before it. Its ladder follows; a
        rung that was done and lies ahead again comes again. Raises ValueError if it is closed, paused, or due later anyway."""
        if self.running_since is None or self.closed or (self.due_at and _utc(until) <= self.due_at):
            raise ValueError(f"'{self.step}' can't be put off to {until.isoformat()}; it is due {self.due_at or 'no moment'}")
        amount = self.used + worked(self.running_since, until, self.mode, calendar)
        moved = replace(self, amount=amount, due_at=None, rungs={})._reckoned(calendar)
        return replace(moved, done=tuple(rung for rung in self.done if moved.rungs[rung] <= _utc(at)))

    def meet(self, at: datetime) -> "Clock":
        """The promise is kept; if late, ``broken_at`` says that it was broken first. Nothing changes if it is closed."""
        return self if self.closed else replace(self._judged(at), met_at=_utc(at))

    def stop(self, at: datetime) -> "Clock":
        """The promise is no longer owed (withdrawn, merged). Nothing changes if it is closed."""
        return self if self.closed else replace(self._judged(at), stopped_at=_utc(at))

    def next_rung(self) -> tuple[str, datetime] | None:
        """The next rung to enforce and its moment; None when closed or when none is known."""
        waiting = [(rung, when) for rung, when in self.rungs.items() if rung not in self.done]
        return None if self.closed else min(waiting, key=lambda rung: rung[1], default=None)

    def enforced(self, rung: str, at: datetime) -> "Clock":
        """The rung was enforced; a second time changes nothing. Raises ValueError for one whose moment has not come."""
        if rung in self.done:
            return self
        when = self.rungs.get(rung)
        if self.closed or when is None or _utc(at) < when:
            raise ValueError(f"'{rung}' of '{self.step}' is not due at {at.isoformat()}, but at {when or 'no moment'}")
        return replace(self._judged(at) if rung == BREACH else self, done=(*self.done, rung))

    def overdue(self, now: datetime) -> bool:
        """Whether the due moment has passed without a word; on the moment itself it has not."""
        return not self.closed and self.due_at is not None and _utc(now) > self.due_at

    def left(self, now: datetime, calendar: Calendar) -> timedelta:
        """The counted time that is left, negative when over; when closed, what was left then."""
        return self.amount - self._used(self.met_at or self.stopped_at or _utc(now), calendar)

    def _used(self, at: datetime, calendar: Calendar) -> timedelta:
        if self.running_since is None:
            return self.used
        # Two machines' clocks may differ by a moment: what is before the start has used nothing.
        return self.used + worked(self.running_since, max(at, self.running_since), self.mode, calendar)

    def _judged(self, at: datetime) -> "Clock":
        return replace(self, broken_at=self.due_at) if self.overdue(at) else self

    def _reckoned(self, calendar: Calendar) -> "Clock":
        due_at = self.due_at or self._at_share(1, calendar)
        moments = {rung: self._at_share(share, calendar) for rung, share in self.ladder.items()}
        if BREACH in moments:
            moments[BREACH] = due_at + INSTANT
        # What had passed before a pause stays as it was.
        return replace(self, due_at=due_at, rungs=moments | self.rungs)

    def _at_share(self, share: float, calendar: Calendar) -> datetime:
        since = self.running_since or self.started_at
        return _after(since, self.amount * share - self.used, self.mode, calendar)


def start_clock(promise: Promise, at: datetime, calendar: Calendar, ladder: Mapping[str, float]) -> Clock:
    """Begin to count a promise. ``ladder`` gives the share of the amount at which each rung comes.

    ``{"remind": 0.75, "breach": 1, "head": 1.25, "manager": 1.5}``. Raises ValueError as ``due`` does, for a negative share
    and for a breach that is not at 1.
    """
    for rung, share in ladder.items():
        if share < 0 or (rung == BREACH and share != 1):
            raise ValueError(f"'{rung}' of '{promise.step}' can't come at {share} of the amount; a breach comes at 1")
    at = _utc(at)
    clock = Clock(promise.step, promise.mode, promise.amount, started_at=at, running_since=at, ladder=dict(ladder))
    return clock._reckoned(calendar)
