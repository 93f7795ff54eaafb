"""A performance record: one thing that a deputy did. Nouns and rules; pure.

A deputy uploads it and the manager reviews it, or the platform makes it from a fact of the journal. What was written stands
apart from the journal, which holds its digest; ``category`` is the record's kind (the directory's ``record_kinds``).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar, Final, Literal

from chalicelib.directory.kinds import RecordKind
from chalicelib.errors import Invalid, NotAllowed
from chalicelib.files.model import File
from chalicelib.people.roles import DEPUTY, MANAGER, SUPERVISOR, SYSTEM, Actor
from chalicelib.spine.dossier import Dossier, Step, stamp
from chalicelib.spine.lifecycle import Lifecycle, Move

ALL_REVIEWS: Final = "#records"  # the work list of what waits for the manager; no body's id can be so
# A list's index holds title and place: with these, 2,000 records are less than two megabytes, which are two queries.
LONGEST_TITLE: Final = 60
LONGEST_PLACE: Final = 40
LONGEST_TEXT: Final = 4_000
FIRST_DAY: Final = date(1954, 9, 15)  # the first session of the first National People's Congress
CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # as every id of the platform: no I, L, O, U
ID: Final = 12  # of them after the letter, 60 bits
WRITTEN: Final = (
    "category",
    "day",
    "account",
    "digest",
    "shown",
    "files",
    "proofs",
)  # what a deputy writes, and may write anew

EDITABLE: Final = ("draft", "returned")
COUNTS: Final = frozenset({"approved", "made"})  # in the file, with points
COUNTED_BY: Final = frozenset({"approved", "overturned", "made"})  # the facts by which a record comes to count

LIFECYCLE: Final = Lifecycle(
    start="draft",
    closed=frozenset({"approved", "made", "upheld", "discarded"}),
    moves=[
        Move("revise", EDITABLE, "", {DEPUTY}, "revised"),
        Move("submit", EDITABLE, "submitted", {DEPUTY}, "submitted"),
        Move("discard", EDITABLE, "discarded", {DEPUTY}, "discarded"),
        Move("approve", "submitted", "approved", {MANAGER}, "approved"),
        Move("return", "submitted", "returned", {MANAGER}, "returned", needs={"reason"}),
        Move("appeal", "returned", "appealed", {DEPUTY}, "appealed", needs={"reason"}),
        Move("uphold", "appealed", "upheld", {MANAGER, SUPERVISOR}, "upheld", needs={"reason"}),
        Move("overturn", "appealed", "approved", {MANAGER, SUPERVISOR}, "overturned", needs={"reason"}),
        Move("show", ("draft", "submitted", "returned", "appealed", "approved"), "", {DEPUTY}, "shown"),
        Move("hide", ("draft", "submitted", "returned", "appealed", "approved"), "", {DEPUTY}, "hidden"),
    ],
)

Door = Literal["deputy", "system", "import"]


@dataclass(frozen=True)
class Account:
    """What was done, in the deputy's words: a line, the place, and more if there is more."""

    title: str = ""
    place: str = ""
    text: str = ""
    salt: str = ""

    @property
    def digest(self) -> str:
        """A salted SHA-256 (hex): proves the words in an export, tells nothing of them in the journal."""
        return hashlib.sha256("\n".join((self.salt, self.title, self.place, self.text)).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Record(Dossier):
    """One record. ``day`` when it was done (ISO); ``points`` as the kind had them when it came to count; ``of`` the fact it was
    made from; ``counted`` the number of the fact by which it counts, 0 while it does not; ``shown`` by the deputy's will;
    ``proofs`` the SHA-256 (hex) of its pictures and papers.
    """

    KIND: ClassVar[str] = "record"
    APART: ClassVar[frozenset[str]] = frozenset({"account", "files"})  # a file's name may tell of someone

    day: str
    account: Account = field(default_factory=Account)
    digest: str = ""
    points: int = 0
    of: str = ""
    door: Door = "deputy"
    shown: bool = False
    returned_by: str = ""
    counted: int = 0
    files: tuple[File, ...] = ()
    proofs: tuple[str, ...] = ()

    @property
    def year(self) -> str:
        return self.day[:4]

    @property
    def counts(self) -> bool:
        """Whether it stands in the yearly file with its points."""
        return self.status in COUNTS

    @property
    def summary(self) -> str:
        return " · ".join(filter(None, (self.account.title, self.account.place)))

    @property
    def worklists(self) -> tuple[str, str]:
        if self.status in EDITABLE:
            return own_list(self.deputy), ""
        return ("", ALL_REVIEWS) if self.status in ("submitted", "appealed") else ("", "")

    @property
    def place(self) -> str:
        """What has waited longest stands first."""
        return stamp(self.updated_at)

    @property
    def shelf(self) -> tuple[str, str]:
        if self.status == "discarded":
            return "", ""
        return shelf_of(self.deputy, self.year), f"{self.day}#{self.id}"

    def legal_moves(self, by: Actor) -> list[Move]:
        """The moves this actor may make now."""
        mine = by.role != DEPUTY or by.deputy == self.deputy
        return [move for move in LIFECYCLE.legal(self.status, by.role) if mine and not self._judges_itself(move.name, by)]

    def _judges_itself(self, move: str, by: Actor) -> bool:
        return move in ("uphold", "overturn") and by.id == self.returned_by

    def move(self, name: str, /, *, by: Actor, at: datetime, **given: Any) -> "Step[Record]":
        """One move of the lifecycle as a step to be recorded. Raises NotAllowed, IllegalMove, Invalid."""
        move = LIFECYCLE.check(name, self.status, by.role, given)
        if self._judges_itself(name, by):
            raise NotAllowed("An appeal is decided by someone else than who returned the record", "own_decision")
        status = move.lands(self.status)
        after = replace(self, status=status, closed_at=(self.closed_at or at) if status in LIFECYCLE.closed else None)
        if name == "return":
            after = replace(after, returned_by=by.id)
        if name in ("show", "hide"):
            after = replace(after, shown=name == "show")
        return Step(self, after, move.fact, by, at, given)

    def revise(self, fresh: "Record", *, by: Actor, at: datetime) -> "Step[Record]":
        """Other words, another day, kind or files; of the words the journal keeps the digest."""
        step = self.move("revise", by=by, at=at)
        written = {name: getattr(fresh, name) for name in WRITTEN}
        return replace(step, after=replace(step.after, **written), data={"kind": fresh.category, "digest": fresh.digest})

    def accept(
        self, move: Literal["approve", "overturn"], kind: RecordKind, *, by: Actor, at: datetime, **given: Any
    ) -> "Step[Record]":
        """From now on it counts, with the points that its kind has now."""
        step = self.move(move, by=by, at=at, **given)
        after = replace(step.after, points=kind.points, counted=self.version + 1)
        return replace(step, after=after, data=given | counted_data(after))


Line = tuple[Record, str]  # a record as a list's index holds it, without its words, and its line


def counted_data(record: Record) -> dict[str, Any]:
    """What the fact by which a record counts says of it."""
    return {"kind": record.category, "points": record.points, "deputy": record.deputy, "day": record.day}


def drafted(record: Record, *, submit: bool, by: Actor, at: datetime) -> "Step[Record]":
    """The first fact of a record that a deputy writes: for themselves, or for review at once."""
    status, fact = ("submitted", "submitted") if submit else (LIFECYCLE.start, "drafted")
    data = {"kind": record.category, "day": record.day, "digest": record.digest}
    return Step(None, replace(record, status=status), fact, by, at, data)


def made(deputy: str, kind: RecordKind, day: date, of: str, *, by: Actor, at: datetime) -> "Step[Record]":
    """A record that the platform makes of a fact (``of``, "dossier#seq"): its id is the fact's, so there can't be two."""
    record = Record(
        id=made_id(of, kind.fact, deputy), status="made", deputy=deputy, category=kind.id, day=day.isoformat(),
        points=kind.points, of=of, door="system", counted=1, created_at=at, updated_at=at, closed_at=at,
    )  # fmt: skip
    return Step(None, record, "made", by, at, counted_data(record) | {"of": of})


def made_id(of: str, fact: str, deputy: str) -> str:
    """The id of the record of this fact for this deputy. The kind's name in the directory may change, the fact does not."""
    return derived_id(of, fact, deputy)


def brought_in(record: Record, kind: RecordKind, *, by: Actor, at: datetime) -> "Step[Record]":
    """An older record that the manager brings in and thereby vouches for: it counts from its first fact on."""
    after = replace(record, status="approved", door="import", points=kind.points, counted=1, closed_at=at)
    return Step(None, after, "approved", by, at, counted_data(after) | {"imported": after.digest})


def derived_id(*parts: str) -> str:
    """A record's id out of what it is made of: 60 bits of SHA-256, in Crockford's base 32."""
    number = int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[:8], "big") >> 4
    return "R" + "".join(CROCKFORD[number >> (5 * place) & 31] for place in reversed(range(ID)))


def own_list(deputy: str) -> str:
    """The work list of a deputy's drafts, and of what came back to them."""
    return f"record#{deputy}"


def shelf_of(deputy: str, year: str) -> str:
    """The shelf on which a deputy's records of a year stand."""
    return f"record#{deputy}#{year}"


def checked_day(text: str, today: date) -> date:
    """The day on which something was done. Raises Invalid for no date, one to come, or one before there were deputies."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid("day", f"'{text}' is no date; write it as 2026-12-01", "bad_date") from None
    if not FIRST_DAY <= day <= today:
        raise Invalid("day", f"{text} can't be; it was done between {FIRST_DAY} and {today}", "impossible_date")
    return day


def checked_account(account: Account) -> Account:
    """Raises Invalid for a missing title, or anything that is too long."""
    if not account.title.strip():
        raise Invalid("title", "Say in a line what was done", "missing")
    for name, most in (("title", LONGEST_TITLE), ("place", LONGEST_PLACE), ("text", LONGEST_TEXT)):
        if (length := len(getattr(account, name))) > most:
            raise Invalid(name, f"'{name}' has {length} characters; {most} is the most", "too_long")
    return account


def checked_kind(id: str, kinds: Mapping[str, RecordKind]) -> RecordKind:
    """The kind, if people may write records of it. Raises Invalid (``unknown_kind``, ``made_by_system``)."""
    kind = kinds.get(id)
    if kind is None:
        raise Invalid("kind", f"There is no kind '{id}'; there are {', '.join(kinds)}", "unknown_kind")
    if kind.made_by == SYSTEM:
        detail = f"Records of '{id}' are made by the platform itself, from {kind.fact}; nobody can write one"
        raise Invalid("kind", detail, "made_by_system")
    return kind
