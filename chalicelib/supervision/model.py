"""An item of supervision: something promised and not kept, until two deputies have seen on the spot that it is. Pure.

An item opens by hand, or by itself: where a promise was broken and its ladder climbed to the end, where a deputy was
dissatisfied twice with what became of a suggestion, where too many cases of one demand went overdue. The body gets a notice
with a date, shows what it did, and two deputies look. Both pass it, or it begins again, and each time is counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Final, Literal

from chalicelib.errors import Invalid, NotAllowed
from chalicelib.files.model import PICTURES, File
from chalicelib.people.roles import DEPUTY, MANAGER, OFFICER, SUPERVISOR, SYSTEM, Actor, the_system
from chalicelib.spine.clock import Calendar, Clock, Promise, start_clock
from chalicelib.spine.dossier import NO_DATE, Dossier, Step, stamp
from chalicelib.spine.ids import digest_of
from chalicelib.spine.lifecycle import Lifecycle, Move

Cause = Literal["by_hand", "breach", "dissatisfied", "breaches"]

RECTIFY: Final = "rectify"
VERIFIERS: Final = 2
LONGEST_TITLE: Final = 80
ALL: Final = "supervision"  # the shelf on which every item stands, open or closed
RUNNING: Final = ("noticed", "failed")  # the body's turn

LIFECYCLE: Final = Lifecycle(
    start="opened",
    closed=frozenset({"closed"}),
    moves=[
        Move("notice", "opened", "noticed", {MANAGER, SUPERVISOR}, "noticed", needs={"text", "body"}, starts=(RECTIFY,)),
        Move("rectify", RUNNING, "rectified", {OFFICER}, "rectified", needs={"text"}, meets=(RECTIFY,)),
        Move("verify", "rectified", "", {DEPUTY}, "verified", needs={"text"}),
        Move("pass", "rectified", "passed", {SYSTEM}, "passed"),
        Move("fail", "rectified", "failed", {SYSTEM}, "failed", starts=(RECTIFY,)),
        Move("close", "passed", "closed", {MANAGER, SUPERVISOR}, "closed"),
        Move("drop", ("opened", *RUNNING), "closed", {MANAGER, SUPERVISOR}, "closed", needs={"reason"}, stops=(RECTIFY,)),
    ],
)
# Where an open item waits: for a notice, for the body, for deputies who look, for the last word.
WAITING: Final = {"opened": "opened", "noticed": "due", "failed": "due", "rectified": "verify", "passed": "passed"}


@dataclass(frozen=True)
class Rectification:
    """What the district promises for setting right: the promise, its ladder, and the calendar it is reckoned in."""

    promise: Promise
    ladder: Mapping[str, float]
    calendar: Calendar

    def clock(self, at: datetime) -> Clock:
        """The clock of a rectification that begins now."""
        return start_clock(self.promise, at, self.calendar, self.ladder)


@dataclass(frozen=True)
class Evidence:
    """What a body says that it did. ``round`` counts the failures before."""

    text: str
    by: str
    at: datetime
    files: tuple[File, ...] = ()
    round: int = 0


@dataclass(frozen=True)
class Visit:
    """A deputy's look on the spot: where they stood (latitude, longitude in degrees, WGS 84), what they saw, with pictures, and
    whether it passes."""

    deputy: str
    passes: bool
    text: str
    position: tuple[float, float]
    at: datetime
    files: tuple[File, ...]
    round: int = 0


@dataclass(frozen=True, kw_only=True)
class Item(Dossier):
    """One item of supervision. ``of`` is what it came of (a case, suggestion or demand), ``step`` the promise that was broken,
    ``title`` what people called it: it is public once the item is overdue."""

    KIND: ClassVar[str] = "supervision"
    APART: ClassVar[frozenset[str]] = frozenset({"evidence", "visits"})

    cause: Cause = "by_hand"
    of: str = ""
    step: str = ""
    title: str = ""
    text: str = ""
    failures: int = 0
    evidence: tuple[Evidence, ...] = ()
    visits: tuple[Visit, ...] = ()

    @property
    def summary(self) -> str:
        return self.title

    @property
    def clock(self) -> Clock | None:
        """The rectification's clock, once there was a notice."""
        return self.clocks.get(RECTIFY)

    @property
    def due_at(self) -> datetime | None:
        """When it is to be set right, while it is the body's turn."""
        return self.clock.due_at if self.clock and self.clock.running else None

    def overdue(self, now: datetime) -> bool:
        """Whether the date of the notice has passed and the body has shown nothing."""
        return self.clock is not None and self.clock.overdue(now)

    @property
    def worklists(self) -> tuple[str, str]:
        if self.closed_at:
            return "", ""
        return waiting(WAITING[self.status]), body_list(self.body) if self.body and self.status != "opened" else ""

    @property
    def place(self) -> str:
        """What falls due first stands first; after it what waits for others, the longest first."""
        return stamp(self.due_at) if self.due_at else f"{NO_DATE}#{stamp(self.updated_at)}"

    @property
    def shelf(self) -> tuple[str, str]:
        return ALL, f"{stamp(self.created_at)}#{self.id}"

    @property
    def looked(self) -> tuple[Visit, ...]:
        """The visits since the body last showed what it did."""
        return tuple(visit for visit in self.visits if visit.round == self.failures)

    def concerns(self, by: Actor) -> bool:
        """A body sees what it has a notice of; deputies, manager and supervisor see all."""
        return by.role != OFFICER or (
            bool(by.body) and by.body == self.body and self.status != "opened" and self.clock is not None
        )

    def legal_moves(self, by: Actor) -> list[Move]:
        """The moves this actor may make now."""
        looked = {visit.deputy for visit in self.looked}
        return [move for move in LIFECYCLE.legal(self.status, by.role) if move.name != "verify" or by.deputy not in looked]

    def move(self, name: str, /, *, by: Actor, at: datetime, terms: Rectification | None = None, **given: Any) -> "Step[Item]":
        """One move of the lifecycle as a step to be recorded. Raises NotAllowed, IllegalMove, Invalid.

        ``terms`` are needed by what begins a rectification: notice and fail.
        """
        move = LIFECYCLE.check(name, self.status, by.role, given)
        status = move.lands(self.status)
        clocks = {step: _after(clock, move, at) for step, clock in self.clocks.items()}
        if move.starts:
            clocks[RECTIFY] = _required(terms).clock(at)
        closed_at = at if status in LIFECYCLE.closed else None
        return Step(self, replace(self, status=status, clocks=clocks, closed_at=closed_at), move.fact, by, at, given)

    def notice(self, text: str, body: str, *, by: Actor, at: datetime, terms: Rectification | None) -> "Step[Item]":
        """Give the body notice, with the date by which it is to be set right."""
        step = self.move("notice", by=by, at=at, terms=terms, text=text, body=body)
        after = replace(step.after, body=body)
        return replace(step, after=after, data={"text": text, "body": body, "until": after.due_at})

    def rectify(self, evidence: Evidence, *, by: Actor, at: datetime) -> "Step[Item]":
        """The body shows what it did."""
        step = self.move("rectify", by=by, at=at, text=evidence.text)
        shown = replace(evidence, round=self.failures)
        data = {"text": evidence.text, "round": self.failures, "files": [file.sha256 for file in evidence.files]}
        return replace(step, after=replace(step.after, evidence=(*self.evidence, shown)), data=data)

    def verify(self, visit: Visit, *, by: Actor, at: datetime, terms: Rectification | None) -> "list[Step[Item]]":
        """A deputy looked: one fact, and a second one where that decides it.

        Raises NotAllowed (``looked_already``), Invalid (``no_position``, ``no_pictures``), IllegalMove.
        """
        step = self.move("verify", by=by, at=at, text=visit.text)
        self.require_fresh(visit.deputy)
        require_position(visit.position)
        require_pictures(visit.files)
        after = replace(step.after, visits=(*self.visits, replace(visit, round=self.failures)))
        data = {"deputy": visit.deputy, "passes": visit.passes, "text": visit.text, "round": self.failures}
        data |= {"files": [file.sha256 for file in visit.files]}
        seen = replace(step, after=after, data=data)
        return [seen, *after._decided(at, terms)]

    def require_fresh(self, deputy: str) -> None:
        """Raises NotAllowed for a deputy who has looked already since the body last showed what it did."""
        if any(seen.deputy == deputy for seen in self.looked):
            raise NotAllowed("You have looked at this already; it takes another deputy", "looked_already")

    def _decided(self, at: datetime, terms: Rectification | None) -> "list[Step[Item]]":
        if not all(visit.passes for visit in self.looked):
            return [self._failed(at, terms)]
        if len(self.looked) < VERIFIERS:
            return []
        return [self.move("pass", by=the_system("verify"), at=at)]

    def _failed(self, at: datetime, terms: Rectification | None) -> "Step[Item]":
        step = self.move("fail", by=the_system("verify"), at=at, terms=terms)
        after = replace(step.after, failures=self.failures + 1)
        return replace(step, after=after, data={"failures": after.failures, "until": after.due_at})

    def enforced(self, step: str, rung: str, at: datetime) -> "Item":
        """The item with one rung of the rectification's ladder done."""
        return replace(self, clocks=self.clocks | {step: self.clocks[step].enforced(rung, at)})


def opened(id: str, cause: Cause, *, by: Actor, at: datetime, **known: Any) -> "Step[Item]":
    """The first fact of an item. ``known``: of, step, title, text, body, category, grid, deputy."""
    item = Item(id=id, status=LIFECYCLE.start, cause=cause, created_at=at, updated_at=at, **known)
    data = {"cause": cause, **{name: value for name, value in known.items() if value}}
    return Step(None, item, "opened", by, at, {"of": "", "body": "", **data})


def require_title(title: str) -> str:
    """A title without blanks around it. Raises Invalid if it is empty or too long."""
    title = " ".join(title.split())
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise Invalid("title", f"The title has {len(title)} characters; 1 to {LONGEST_TITLE} are right", "wrong_length")
    return title


def require_position(position: tuple[float, float]) -> None:
    """Raises Invalid for what is no place on earth."""
    lat, lon = position
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Invalid("lat", f"{lat}, {lon} is no place on earth; degrees, latitude first: 30.006, 123.504", "no_position")


def require_pictures(files: Iterable[File]) -> None:
    """Raises Invalid unless there is a picture, and nothing else."""
    types = {file.type for file in files}
    if not types or not types <= PICTURES:
        raise Invalid("files", "A look on the spot needs a picture at least, and only pictures", "no_pictures")


def item_of(cause: str, *of: str) -> str:
    """The id of the item that one cause leads to: always the same, so that it opens once however often it is told."""
    return "V" + digest_of("#".join((cause, *of)).encode())


def waiting(name: str) -> str:
    """The list of items that wait: opened, due, verify or passed."""
    return f"#supervision#{name}"


def body_list(body: str) -> str:
    """The list of a body's items."""
    return f"supervision#{body}"


def _after(clock: Clock, move: Move, at: datetime) -> Clock:
    if clock.step in move.meets:
        return clock.meet(at)
    return clock.stop(at) if clock.step in move.stops else clock


def _required(terms: Rectification | None) -> Rectification:
    if terms is None:
        raise Invalid("promises", "The directory promises no 'rectify'; add such a rule to its promises", "no_promise")
    return terms
