"""A common demand: many residents' cases, one matter. The platform proposes, people decide. Nouns and rules; pure.

Cases carry the id of their demand; the demand carries what is told of them: who, where, since when. What people decided is
in the journal and binds the platform: a case that was taken out is not put back, a pattern that was dismissed does not
return, and what was joined or divided by hand stays so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from chalicelib.demands.writers import Writers
from chalicelib.errors import Invalid, NotAllowed
from chalicelib.people.roles import DEPUTY, MANAGER, OFFICER, SYSTEM, Actor
from chalicelib.spine.dossier import Dossier, Step
from chalicelib.spine.lifecycle import Lifecycle, Move

ALL_DEMANDS: Final = "#demands"  # the work list on which every living demand stands; no body's id can be so
REMIND_EVERY: Final = 10  # so many more people joining remind the body by themselves
LONGEST_NAME: Final = 80
MOST_SENTENCES: Final = 5
MOST_DAYS: Final = 400  # of the curve; older days are summed into the oldest
MOST_APART: Final = 500

PROPOSED: Final = ("proposed",)
LIVING: Final = ("confirmed", "taken_up", "answered", "reopened")
OPEN: Final = (*PROPOSED, *LIVING)
PUBLIC: Final = (*LIVING, "resolved")
WORKED_ON: Final = ("confirmed", "taken_up", "reopened")

LIFECYCLE: Final = Lifecycle(
    start="proposed",
    closed=frozenset({"resolved", "dismissed", "merged"}),
    moves=[
        Move("confirm", "proposed", "confirmed", {DEPUTY, MANAGER}, "confirmed", needs={"name"}),
        Move("rename", OPEN, "", {DEPUTY, MANAGER}, "renamed", needs={"name"}),
        Move("dismiss", ("proposed", "confirmed"), "dismissed", {DEPUTY, MANAGER}, "dismissed", needs={"reason"}),
        Move("take_up", ("confirmed", "reopened"), "taken_up", {DEPUTY}, "taken_up"),
        Move("support", ("confirmed", "taken_up", "reopened"), "", {DEPUTY}, "supported"),
        Move("assign", WORKED_ON, "", {DEPUTY, MANAGER}, "assigned", needs={"body", "reason"}),
        Move("promise", WORKED_ON, "", {DEPUTY, OFFICER}, "promised", needs={"text", "until"}),
        Move("answer", WORKED_ON, "answered", {DEPUTY, OFFICER}, "answered", needs={"text"}),
        Move("resolve", (*WORKED_ON, "answered"), "resolved", {DEPUTY}, "resolved", needs={"text"}),
        Move("merge", OPEN, "merged", {DEPUTY, MANAGER}, "merged", needs={"into", "reason"}),
        Move("absorb", PROPOSED, "merged", {SYSTEM}, "merged", needs={"into"}),
        Move("split", OPEN, "", {DEPUTY, MANAGER}, "split", needs={"cases", "name"}),
        Move("take_out", OPEN, "", {DEPUTY, MANAGER}, "taken_out", needs={"case", "reason"}),
        Move("reopen", ("answered", "resolved"), "reopened", {SYSTEM}, "reopened", needs={"case"}),
    ],
)
# What is done to a demand and thereby to each of its open cases.
SPREADS: Final = frozenset({"assigned", "promised", "answered", "resolved"})


@dataclass(frozen=True)
class Joining:
    """What a demand learns of a case that joins: no name, no word of contact; ``writer`` is a keyed hash or the case's id."""

    case: str
    writer: str
    grid: str
    deputy: str
    body: str
    category: str
    day: date
    sentence: str = ""


@dataclass(frozen=True, kw_only=True)
class Demand(Dossier):
    """One matter of many. ``people`` counts writers and not messages; ``days`` is the curve (ISO date → messages)."""

    KIND: ClassVar[str] = "demand"
    APART: ClassVar[frozenset[str]] = frozenset({"sentences", "writers", "crowd"})

    name: str = ""
    seed: str = ""
    people: int = 0
    cases: int = 0
    grids: dict[str, int] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    deputies: dict[str, int] = field(default_factory=dict)  # and how many of its cases are of each
    supporters: tuple[str, ...] = ()
    reminded_at_people: int = 0
    promised_until: str = ""
    merged_into: str = ""
    documents: tuple[str, ...] = ()  # what came of it, each as "suggestion#fact"
    apart: tuple[str, ...] = ()  # cases that people said do not belong here
    sentences: tuple[str, ...] = ()
    writers: dict[str, int] = field(default_factory=dict)  # and how many messages each wrote
    crowd: bytes = b""  # those who came after so many that each can be kept: demands/writers.py
    spread_seq: int = 0  # the last fact that is done to each of its cases, and when it was
    spread_at: datetime | None = None

    @property
    def summary(self) -> str:
        return self.name or (self.sentences[0] if self.sentences else "")

    @property
    def worklists(self) -> tuple[str, str]:
        return ("", ALL_DEMANDS) if self.status in OPEN else ("", "")  # the deputy's and the body's own lists are of cases

    @property
    def place(self) -> str:
        """On the lists the demand of most people stands first."""
        return f"{10**7 - self.people:08d}"

    @property
    def category_mostly(self) -> str:
        """What most of its cases are about."""
        return max(self.categories, key=lambda name: (self.categories[name], name), default="")

    def concerns(self, by: Actor) -> bool:
        """Whether this is of someone's ward or body; manager and supervisor are concerned by all."""
        of_body = bool(by.body) and by.body == self.body
        of_ward = by.deputy in self.deputies or (bool(by.deputy) and by.deputy == self.deputy)  # who leads goes on to lead
        return {DEPUTY: of_ward, OFFICER: of_body}.get(by.role, True)

    def legal_moves(self, by: Actor) -> list[Move]:
        """The moves this actor may make now."""
        return LIFECYCLE.legal(self.status, by.role)

    def move(self, name: str, /, *, by: Actor, at: datetime, **given: Any) -> "Step[Demand]":
        """One move of the lifecycle as a step to be recorded. Raises NotAllowed, IllegalMove, Invalid."""
        move = LIFECYCLE.check(name, self.status, by.role, given)
        if len(str(given.get("name", ""))) > LONGEST_NAME:
            raise Invalid("name", f"The name has more than {LONGEST_NAME} characters; say it shorter", "too_long")
        status = move.lands(self.status)
        closing = status in LIFECYCLE.closed and self.status not in LIFECYCLE.closed
        after = replace(
            self, status=status, closed_at=at if closing else None if status not in LIFECYCLE.closed else self.closed_at
        )
        if "name" in given and name != "split":
            after = replace(after, name=str(given["name"]).strip())
        if move.fact in SPREADS:
            after = replace(after, spread_seq=self.version + 1, spread_at=at)
        return Step(self, after, move.fact, by, at, given)

    def absorbed(self, into: str, *, by: Actor, at: datetime) -> "Step[Demand]":
        """A proposal that turned out to be one with another demand."""
        step = self.move("absorb", by=by, at=at, into=into)
        return replace(step, after=replace(step.after, merged_into=into))

    def take_up(self, *, by: Actor, at: datetime) -> "Step[Demand]":
        """One deputy leads; the others may support. Raises NotAllowed if it is of no concern to their ward."""
        step = self.move("take_up", by=by, at=at)
        return replace(step, after=replace(step.after, deputy=by.deputy, supporters=_with(self.supporters, by.deputy)))

    def support(self, *, by: Actor, at: datetime) -> "Step[Demand]":
        """Another deputy joins in."""
        step = self.move("support", by=by, at=at)
        return replace(step, after=replace(step.after, supporters=_with(self.supporters, by.deputy)))

    def grown(self, joining: Iterable[Joining], at: datetime, by: Actor) -> "Step[Demand]":
        """The demand with more cases, as one fact however many they are."""
        after, added = self, list(joining)
        for each in added:
            after = after._with(each)
        data = {"cases": [each.case for each in added], "people": after.people}
        return Step(self, after, "grew", by, at, data)

    def _with(self, one: Joining) -> "Demand":
        return replace(
            self._of(self._writers.joined(one.writer)),
            cases=self.cases + 1,
            apart=tuple(case for case in self.apart if case != one.case),
            grids=_counted(self.grids, one.grid),
            categories=_counted(self.categories, one.category),
            days=_latest(_counted(self.days, one.day.isoformat())),
            deputies=_counted(self.deputies, one.deputy),
            body=self.body or one.body,
            category=self.category or one.category,
            grid=self.grid or one.grid,
            sentences=_typical(self.sentences, one.sentence),
        )

    def shrunk(self, leaving: Iterable[Joining], step: "Step[Demand]") -> "Step[Demand]":
        """A step by which cases leave: the counts follow. The curve keeps its days: what was written was written."""
        after = step.after
        for one in leaving:
            after = after._without(one)
        return replace(step, after=after)

    def _without(self, one: Joining) -> "Demand":
        deputies = _counted(self.deputies, one.deputy, -1) or dict.fromkeys(self.deputies, 0)  # the last go on to see it
        return replace(
            self._of(self._writers.left(one.writer)),
            cases=self.cases - 1,
            sentences=tuple(sentence for sentence in self.sentences if sentence != one.sentence),
            grids=_counted(self.grids, one.grid, -1),
            categories=_counted(self.categories, one.category, -1),
            deputies=deputies,
            supporters=tuple(name for name in self.supporters if name in deputies or name == self.deputy),
            apart=(*self.apart, one.case)[-MOST_APART:],
        )

    @property
    def _writers(self) -> Writers:
        return Writers(self.writers, self.crowd)

    def _of(self, writers: Writers) -> "Demand":
        return replace(self, people=writers.people, writers=dict(writers.known), crowd=writers.crowd)

    @property
    def due_reminder(self) -> bool:
        """Whether so many joined since the body was last told that it is to be told again."""
        return self.status in WORKED_ON and self.people - self.reminded_at_people >= REMIND_EVERY


def demand_of(seed: str) -> str:
    """The id of the demand that begins with a case: the case's own, turned round, so that no table is asked for it."""
    return f"D{seed[::-1]}"


def proposed(seed: str, joining: Iterable[Joining], *, by: Actor, at: datetime, because: Iterable[str]) -> "Step[Demand]":
    """A pattern was found: the first fact of a demand, with the cases that it is made of."""
    empty = Demand(id=demand_of(seed), seed=seed, status=LIFECYCLE.start, created_at=at, updated_at=at)
    grown = empty.grown(joining, at, by)
    return Step(None, grown.after, "proposed", by, at, {**grown.data, "because": list(because)})


def by_hand(id: str, joining: Iterable[Joining], name: str, *, by: Actor, at: datetime) -> "Step[Demand]":
    """A demand that people put together: confirmed from its first fact on."""
    LIFECYCLE.check("confirm", "proposed", by.role, {"name": name})
    empty = Demand(id=id, name=name.strip()[:LONGEST_NAME], status="confirmed", created_at=at, updated_at=at)
    grown = empty.grown(joining, at, by)
    return Step(None, grown.after, "put_together", by, at, {**grown.data, "name": empty.name})


def require_concern(demand: Demand, by: Actor) -> None:
    """Raises NotAllowed for a deputy or officer whom the demand does not concern."""
    if not demand.concerns(by):
        raise NotAllowed("None of this demand's cases is of your ward or body", "not_concerned")


def require_date(text: str, today: date) -> None:
    """Raises Invalid for what is no date (ISO), or one that has passed."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid("until", f"'{text}' is no date; write it as 2026-12-01", "bad_date") from None
    if day < today:
        raise Invalid("until", f"{text} has passed; promise a date from {today.isoformat()} on", "past_date")


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The day in the district."""
    return moment.astimezone(zone).date()


def _with(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if not name or name in names else (*names, name)


def _counted(counts: Mapping[str, int], name: str, by: int = 1) -> dict[str, int]:
    if not name:
        return dict(counts)
    found = Counter(counts)
    found[name] += by
    return {key: count for key, count in sorted(found.items()) if count > 0}


def _latest(days: dict[str, int]) -> dict[str, int]:
    return dict(sorted(days.items())[-MOST_DAYS:])


def _typical(sentences: tuple[str, ...], sentence: str) -> tuple[str, ...]:
    return sentences if not sentence or sentence in sentences or len(sentences) >= MOST_SENTENCES else (*sentences, sentence)


def seed_of(demand: str) -> str:
    """The case that a demand begins with, from its id."""
    return demand[:0:-1]
