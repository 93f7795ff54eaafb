"""The yearly appraisal of bodies: deputies grade each body by a few criteria, and nobody can tell who gave which grade. Pure.

Two phases, so that no clock, log or backup can match a name with a ballot. First, signed in, each deputy has one envelope
stamped unread (``stamp``). When the stamping ends, the key is destroyed and the urn opens: stamped ballots are cast without
sign-in. After the closing they are counted. What is and what is not assured: docs/decisions/010-anonymous-ballots.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Literal, get_args

import msgspec

from chalicelib.errors import Invalid
from chalicelib.people.roles import DEPUTY, MANAGER, SYSTEM, Actor
from chalicelib.spine.dossier import Dossier, Step, stamp
from chalicelib.spine.ids import digest_of
from chalicelib.spine.lifecycle import Lifecycle, Move
from chalicelib.supervision.stamp import PREFIX, PublicKey

Grade = Literal["satisfied", "basically", "dissatisfied"]
Grades = Mapping[str, Mapping[str, Grade]]  # body → criterion → grade

GRADES: Final[tuple[Grade, ...]] = get_args(Grade)
CRITERIA: Final = ("promises", "results", "attitude")
ALL: Final = "appraisal"  # the shelf on which every appraisal stands
LONGEST_TITLE: Final = 80
FEWEST_BALLOTS: Final = 3  # of fewer no grades are published: they would say who gave them
MARGIN: Final = timedelta(minutes=5)  # for a request that was on its way when a phase ended
RECEIPT: Final = 26  # characters, 130 bits

LIFECYCLE: Final = Lifecycle(
    start="called",
    closed=frozenset({"published", "cancelled"}),
    moves=[
        Move("open", "called", "opened", {SYSTEM}, "opened"),
        Move("stamp", "opened", "", {DEPUTY}, "stamped"),
        Move("seal", "opened", "sealed", {SYSTEM}, "sealed"),
        Move("close", "sealed", "closed", {SYSTEM}, "closed"),
        Move("publish", "closed", "published", {SYSTEM}, "published"),
        Move("cancel", ("called", "opened", "sealed"), "cancelled", {MANAGER}, "cancelled", needs={"reason"}),
    ],
)


@dataclass(frozen=True, kw_only=True)
class Appraisal(Dossier):
    """One appraisal. ``electorate`` are the deputies in office when it opened, ``modulus`` the public key that checks stamps.

    ``stamped`` and ``cast`` are known after their phase has ended; ``results`` is body → criterion → grade → ballots.
    """

    KIND: ClassVar[str] = "appraisal"

    title: str = ""
    year: int = 0
    bodies: tuple[str, ...] = ()
    criteria: tuple[str, ...] = CRITERIA
    electorate: tuple[str, ...] = ()
    modulus: str = ""
    opens_at: datetime
    seals_at: datetime
    closes_at: datetime
    stamped: tuple[str, ...] = ()
    cast: int = 0
    void: int = 0  # ballots in the urn whose stamp does not hold: somebody has changed them
    results: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        return self.title

    @property
    def shelf(self) -> tuple[str, str]:
        return ALL, f"{stamp(self.opens_at)}#{self.id}"

    @property
    def key(self) -> PublicKey:
        """What checks a stamp."""
        return PublicKey(self.modulus)

    def stamps(self, now: datetime) -> bool:
        """Whether envelopes are stamped now."""
        return self.status == "opened" and now < self.seals_at

    def urn_open(self, now: datetime) -> bool:
        """Whether ballots are taken now."""
        return self.status == "sealed" and now < self.closes_at

    def move(self, name: str, /, *, by: Actor, at: datetime, **given: Any) -> "Step[Appraisal]":
        """One move of the lifecycle as a step to be recorded. Raises NotAllowed, IllegalMove, Invalid."""
        move = LIFECYCLE.check(name, self.status, by.role, given)
        status = move.lands(self.status)
        closed_at = at if status in LIFECYCLE.closed else None
        after = replace(self, status=status, closed_at=closed_at, timers=_timers(status, self))
        return Step(self, after, move.fact, by, at, given)

    def open(self, electorate: Iterable[str], *, by: Actor, at: datetime) -> "Step[Appraisal]":
        """Stamping begins, for the deputies in office now."""
        step = self.move("open", by=by, at=at)
        after = replace(step.after, electorate=tuple(electorate))
        return replace(step, after=after, data={"electorate": len(after.electorate)})

    def seal(self, stamped: Iterable[str], *, by: Actor, at: datetime) -> "Step[Appraisal]":
        """Stamping has ended. Whose envelope was stamped is on record: others see that nobody had one in their name."""
        step = self.move("seal", by=by, at=at)
        after = replace(step.after, stamped=tuple(sorted(stamped)))
        return replace(step, after=after, data={"stamped": after.stamped})

    def close(self, count: "Count", *, by: Actor, at: datetime) -> "list[Step[Appraisal]]":
        """The urn is closed and counted, and the results are published: two facts."""
        step = self.move("close", by=by, at=at)
        closed = replace(step.after, cast=count.cast, void=count.void)
        published = closed.move("publish", by=by, at=at)
        results = count.results if count.cast >= FEWEST_BALLOTS else {}
        data = {"electorate": len(self.electorate), "stamped": len(self.stamped), "cast": count.cast, "results": results}
        return [
            replace(step, after=closed, data={"cast": count.cast, "void": count.void}),
            replace(published, after=replace(published.after, results=results), data=data),
        ]


@dataclass(frozen=True)
class Count:
    """What was in the urn: how many ballots held, how many did not, and the sums."""

    cast: int
    void: int
    results: dict[str, dict[str, dict[str, int]]]


def called(
    id: str,
    title: str,
    bodies: tuple[str, ...],
    dates: tuple[datetime, datetime, datetime],
    modulus: str,
    *,
    by: Actor,
    at: datetime,
) -> "Step[Appraisal]":
    """The first fact of an appraisal. ``dates``: stamping begins, the urn opens, the urn closes. Raises Invalid."""
    opens, seals, closes = dates
    require_dates(opens, seals, closes, at)
    step = Appraisal(
        id=id, status=LIFECYCLE.start, title=title, year=opens.year, bodies=bodies, modulus=modulus, timers={"open": opens},
        opens_at=opens, seals_at=seals, closes_at=closes, created_at=at, updated_at=at,
    )  # fmt: skip
    return Step(None, step, "called", by, at, {"title": title, "bodies": list(bodies)})


def require_dates(opens: datetime, seals: datetime, closes: datetime, now: datetime) -> None:
    """Raises Invalid unless the dates follow one another from now on, with an hour for each phase at least."""
    hour = timedelta(hours=1)
    for field_, before, date in (
        ("opens_at", now, opens),
        ("seals_at", opens + hour, seals),
        ("closes_at", seals + hour, closes),
    ):
        if date < before:
            raise Invalid(field_, f"{date.isoformat()} is too early; {before.isoformat()} is the earliest", "too_early")


def require_bodies(bodies: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """The bodies to be appraised, each once. Raises Invalid for one there is not, and for none."""
    wanted, there = tuple(dict.fromkeys(bodies)), frozenset(known)
    for body in wanted:
        if body not in there:
            raise Invalid("bodies", f"There is no body '{body}'", "unknown_body")
    if not wanted:
        raise Invalid("bodies", "Name the bodies that are to be appraised", "missing")
    return wanted


class Ballot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands on a ballot: of which appraisal, and a grade for every body by every criterion."""

    appraisal: str
    grades: dict[str, dict[str, Grade]]


def read_ballot(message: bytes, appraisal: Appraisal) -> Ballot:
    """The ballot behind its random prefix. Raises Invalid, which names what is missing or too much."""
    try:
        ballot = msgspec.json.decode(message[PREFIX:], type=Ballot)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:  # a ValidationError is a DecodeError
        raise Invalid("ballot", f"This is no ballot: {error}", "no_ballot") from None
    if ballot.appraisal != appraisal.id:
        raise Invalid("ballot", f"This is a ballot of {ballot.appraisal}, and this is the urn of {appraisal.id}", "other_urn")
    _require_same("bodies", ballot.grades, appraisal.bodies)
    for body, grades in ballot.grades.items():
        _require_same(f"criteria of {body}", grades, appraisal.criteria)
    return ballot


def _require_same(what: str, given: Iterable[str], wanted: Iterable[str]) -> None:
    given, wanted = set(given), set(wanted)
    if given != wanted:
        missing, extra = sorted(wanted - given), sorted(given - wanted)
        raise Invalid("ballot", f"A ballot grades all {what} and no others; missing {missing}, too many {extra}", "not_whole")


def receipt_of(message: bytes) -> str:
    """The number of a ballot: a hash of it with its random prefix, so that it tells nothing of what stands on it."""
    return digest_of(message, RECEIPT)


def counted(appraisal: Appraisal, papers: Iterable[tuple[bytes, bytes]]) -> Count:
    """Count what was in the urn (ballot, stamp). Each stamp is checked once more: what was changed meanwhile is void."""
    results = _nothing(appraisal)
    cast = void = 0
    for message, held in papers:
        if not appraisal.key.holds(message, held):
            void += 1
            continue
        cast += 1
        for body, grades in read_ballot(message, appraisal).grades.items():
            for criterion, grade in grades.items():
                results[body][criterion][grade] += 1
    return Count(cast, void, results)


def _nothing(appraisal: Appraisal) -> dict[str, dict[str, dict[str, int]]]:
    return {body: {criterion: dict.fromkeys(GRADES, 0) for criterion in appraisal.criteria} for body in appraisal.bodies}


_PHASE_ENDS: Final = {"called": "open", "opened": "seal", "sealed": "close"}


def _timers(status: str, appraisal: Appraisal) -> dict[str, datetime]:
    """The next phase, by the agenda; stamping and urn are closed by the clock, and a little later by the agenda."""
    moments = {"open": appraisal.opens_at, "seal": appraisal.seals_at + MARGIN, "close": appraisal.closes_at + MARGIN}
    return {_PHASE_ENDS[status]: moments[_PHASE_ENDS[status]]} if status in _PHASE_ENDS else {}
