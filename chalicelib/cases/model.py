"""A case: a resident's message from the first word to the last. Nouns and rules; pure.

The promise belongs to the matter, not to the body. So:
- a change of body leaves the promises as they run: what we owe the resident does not move because we move the papers;
- a change of category or urgency replaces them, counted from the moment the message came, pauses kept; only where that
  moment has passed already is the new promise counted from the correction;
- reopening begins the answer's promise anew.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Literal

from chalicelib.errors import Invalid, NotAllowed
from chalicelib.files.model import File
from chalicelib.people.roles import A_RESIDENT, DEPUTY, MANAGER, OFFICER, RESIDENT, SYSTEM, Actor
from chalicelib.spine.clock import Calendar, Clock, Promise, start_clock
from chalicelib.spine.dossier import Dossier, Step, stamp
from chalicelib.spine.lifecycle import Lifecycle, Move

Urgency = Literal["danger", "urgent", "normal"]

TRIAGE: Final = "triage"  # the manager's list of what could not be routed, kept as if it were a body's
LONGEST_TEXT: Final = 4_000
MOST_WORDS: Final = 40  # how often a resident may add to one case; keeps a dossier far below DynamoDB's 400 KB
HAND_ONS_WITHOUT_MANAGER: Final = 1
MOST_SATISFIED: Final = 5
MOST_PHOTOS: Final = 4
REROUTE_AFTER: Final = timedelta(minutes=2)

BEFORE_ANSWER: Final = ("routed", "acknowledged", "in_progress", "reopened")
OPEN: Final = ("received", *BEFORE_ANSWER, "waiting")
CLOSED: Final = frozenset({"resolved", "declined", "withdrawn", "merged"})

LIFECYCLE: Final = Lifecycle(
    start="received",
    closed=CLOSED,
    moves=[
        Move("route", "received", "routed", {SYSTEM, MANAGER}, "routed", needs={"body", "category"}),
        Move("triage", "received", "", {SYSTEM}, "triaged"),
        Move("acknowledge", ("routed", "reopened"), "acknowledged", {DEPUTY, OFFICER}, "acknowledged", meets=("acknowledge",)),
        Move("assign", BEFORE_ANSWER, "routed", {DEPUTY, OFFICER, MANAGER}, "handed_on", needs={"body", "reason"}),
        Move("recategorise", OPEN, "", {DEPUTY, MANAGER}, "recategorised", needs={"category", "reason"}),
        Move("ask", BEFORE_ANSWER, "waiting", {DEPUTY, OFFICER}, "asked", needs={"text"}, meets=("acknowledge",), pauses=True),
        Move("note", BEFORE_ANSWER, "in_progress", {DEPUTY, OFFICER}, "noted", needs={"text"}, meets=("acknowledge",)),
        Move(
            "answer", (*BEFORE_ANSWER, "waiting"), "answered", {DEPUTY, OFFICER}, "answered",
            needs={"text"}, meets=("acknowledge", "answer"),
        ),
        Move(
            "decline", (*BEFORE_ANSWER, "waiting"), "declined", {DEPUTY, MANAGER}, "declined",
            needs={"reason", "instead"}, meets=("acknowledge", "answer"),
        ),
        Move(
            "merge", OPEN, "merged", {DEPUTY, MANAGER}, "merged",
            needs={"into", "reason"}, meets=("acknowledge",), stops=("answer",),
        ),
        Move("reply", "waiting", "in_progress", {RESIDENT}, "replied", needs={"text"}, resumes=True),
        Move("add", (*OPEN, "answered"), "", {RESIDENT}, "added", needs={"text"}),
        Move("confirm", "answered", "resolved", {RESIDENT}, "confirmed"),
        Move("reopen", ("answered", "resolved"), "reopened", {RESIDENT}, "reopened", needs={"text"}, starts=("answer",)),
        Move("withdraw", (*OPEN, "answered"), "withdrawn", {RESIDENT}, "withdrawn", stops=("acknowledge", "answer")),
        Move("close_by_silence", "answered", "resolved", {SYSTEM}, "closed_by_silence"),
        Move("erase", CLOSED, "", {RESIDENT}, "erased"),
    ],
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """What a resident wrote, and where it is. Kept apart from the journal, which holds only ``digest``."""

    text: str
    salt: str
    at: datetime
    address: str = ""
    position: tuple[float, float] | None = None  # latitude, longitude in degrees (WGS 84)

    @property
    def digest(self) -> str:
        """A salted SHA-256 (hex): proves the words while they are there, tells nothing once they are erased."""
        return hashlib.sha256(f"{self.salt}\n{self.text}\n{self.address}".encode()).hexdigest()

    def erased(self) -> "Words":
        """What is left: that something was said then. The salt goes too, or a short text could be found again by trying."""
        return Words("", "", self.at)


@dataclass(frozen=True)
class Terms:
    """What the district promises for one matter: by step the promise and its ladder of escalation, reckoned in
    ``calendar``; how long silence after an answer is waited for, and when contact details go after the close."""

    promises: Mapping[str, tuple[Promise, Mapping[str, float]]]
    calendar: Calendar
    silence: timedelta = timedelta(days=7)
    erase_after: timedelta = timedelta(days=90)

    def clock(self, step: str, at: datetime) -> Clock:
        """The clock of a promise that begins at this moment."""
        promise, ladder = self.promises[step]
        return start_clock(promise, at, self.calendar, ladder)


Pauses = tuple[tuple[datetime, datetime | None], ...]


@dataclass(frozen=True, kw_only=True)
class Case(Dossier):
    """A resident's matter. ``door``: form, api, cli, import or open311, then by which ``client``. ``pauses``: the waits for
    the resident, from and to."""

    KIND: ClassVar[str] = "case"
    APART: ClassVar[frozenset[str]] = frozenset({"words"})

    words: tuple[Words, ...] = ()
    urgency: Urgency = "normal"
    door: str = "form"
    client: str = ""
    language: str = "zh"
    token_hash: str = ""
    tell: str = "none"
    sealed: bool = False  # whether contact details lie in the vault, whichever way was chosen to be told
    guesses: tuple[str, ...] = ()
    hand_ons: int = 0
    pauses: Pauses = ()
    merged_into: str = ""
    joined: tuple[str, ...] = ()
    verdict: str = ""  # solved | not_solved | silence
    satisfaction: int = 0  # 1 to 5; 0 = not said. Silence never counts as satisfaction
    documents: tuple[str, ...] = ()  # what came of it, each as "suggestion#fact"
    photos: tuple[File, ...] = ()
    sent_photos: tuple[str, ...] = ()  # ids of what was sent and not looked at yet
    writer: str = ""  # a keyed hash of how the writer can be reached: tells people from messages, and nobody's name

    @property
    def summary(self) -> str:
        return " ".join(self.words[0].text.split())[:60] if self.words else ""

    @property
    def worklists(self) -> tuple[str, str]:
        return (self.deputy, self.body or TRIAGE) if self.status in OPEN else ("", "")

    @property
    def shelf(self) -> tuple[str, str]:
        return (shelf_of(self.created_at), stamp(self.created_at))

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes the resident something."""
        return self.status in OPEN

    @property
    def holds_anything(self) -> bool:
        """Whether there still is something of the resident's: words, places, photos, contact details."""
        said = any(words != words.erased() for words in self.words)
        return said or self.sealed or bool(self.writer or self.photos or self.sent_photos)

    def overdue(self, now: datetime) -> bool:
        """Whether a promise to the resident is broken and still not kept."""
        return any(clock.overdue(now) for clock in self.clocks.values())

    def legal_moves(self, by: Actor) -> list[Move]:
        """The moves this actor may make now."""
        return [move for move in LIFECYCLE.legal(self.status, by.role) if not self._held_back(move.name, by)]

    def _held_back(self, move: str, by: Actor) -> bool:
        return move == "assign" and by.role != MANAGER and self.hand_ons >= HAND_ONS_WITHOUT_MANAGER

    def move(self, name: str, *, by: Actor, at: datetime, terms: Terms, **given: Any) -> "Step[Case]":
        """One move of the lifecycle as a step to be recorded; ``given`` is what it needs and what the journal keeps.

        Raises NotAllowed, IllegalMove (names the moves that are legal now), Invalid.
        """
        move = LIFECYCLE.check(name, self.status, by.role, given)
        if self._held_back(name, by):
            raise NotAllowed(
                "This was handed on once already. The second time needs the manager of the platform", "needs_manager"
            )
        after = replace(
            self,
            status=move.lands(self.status),
            clocks=_clocks_after(self.clocks, move, at, terms),
            pauses=_pauses_after(self.pauses, move, at),
        )
        late = [
            step for step, clock in after.clocks.items() if clock.met_at and clock.broken_at and not self.clocks[step].met_at
        ]
        kept = given | {"late": late} if late else given
        return Step(self, after.with_timers(at, terms), move.fact, by, at, kept)

    def with_timers(self, at: datetime, terms: Terms) -> "Case":
        """The timers that belong to the state: routing to be driven again, silence to be waited for, contact to go."""
        closing = self.status in CLOSED
        timers = {name: moment for name, moment in self.timers.items() if name == "photos"}
        if self.status == "received" and "route" in self.timers:
            timers["route"] = self.timers["route"]
        if self.status == "answered":
            timers["close_by_silence"] = at + terms.silence
        if closing and (self.sealed or self.photos or self.sent_photos):
            timers["erase"] = at + terms.erase_after
        return replace(self, timers=timers, closed_at=(self.closed_at or at) if closing else None)

    def route(self, to: "Destination", *, by: Actor, at: datetime, terms: Terms) -> "Step[Case]":
        """To the responsible body, with the promises of its category and urgency running from the first moment."""
        step = self.move("route", by=by, at=at, terms=terms, **asdict(to))
        return replace(step, after=step.after.settled(to, self.recounted(at, terms)))

    def triage(self, to: "Destination", *, by: Actor, at: datetime, terms: Terms) -> "Step[Case]":
        """To the manager's list with its clocks running: nobody could be found who is responsible."""
        step = self.move("triage", by=by, at=at, terms=terms, **asdict(to))
        settled = step.after.settled(to, self.recounted(at, terms))
        return replace(
            step, after=replace(settled, timers={name: at for name, at in settled.timers.items() if name != "route"})
        )

    def settled(self, to: "Destination", clocks: dict[str, Clock]) -> "Case":
        """The case with what routing found out about it."""
        return replace(self, body=to.body, category=to.category, urgency=to.urgency, guesses=to.guesses, clocks=clocks)

    def recategorise(self, to: "Destination", *, by: Actor, at: datetime, terms: Terms, reason: str) -> "Step[Case]":
        """Correct the category; the promises are replaced by its own (rule in this module's docstring)."""
        step = self.move("recategorise", by=by, at=at, terms=terms, category=to.category, urgency=to.urgency, reason=reason)
        after = replace(step.after, category=to.category, urgency=to.urgency, clocks=self.recounted(at, terms))
        return replace(step, after=after)

    def recounted(self, at: datetime, terms: Terms) -> dict[str, Clock]:
        """The clocks under new terms. A promise that is kept or broken already stays as it is."""
        return {
            step: clock if clock.closed or clock.broken_at or clock.overdue(at) else self._recount(clock, at, terms)
            for step, clock in self.clocks.items()
        }

    def _recount(self, old: Clock, at: datetime, terms: Terms) -> Clock:
        clock = terms.clock(old.step, old.started_at)
        for begin, end in self.pauses:
            if begin >= old.started_at:
                clock = clock.pause(begin, terms.calendar)
                clock = clock.resume(end, terms.calendar) if end else clock
        if clock.due_at is None or clock.due_at > at:
            return clock
        anew = terms.clock(old.step, at)
        return anew.pause(at, terms.calendar) if old.paused else anew

    def hand_on(self, body: str, *, by: Actor, at: datetime, terms: Terms, reason: str) -> "Step[Case]":
        """To another body, with a reason; the second time only the manager may."""
        if body == self.body:
            raise Invalid("body", f"It is with {body} already; name another body", code="same_body")
        step = self.move("assign", by=by, at=at, terms=terms, body=body, reason=reason, was=self.body)
        return replace(step, after=replace(step.after, body=body, hand_ons=self.hand_ons + 1))

    def say(self, move: str, words: Words, *, at: datetime, terms: Terms) -> "Step[Case]":
        """A resident's move that carries words: reply, add, reopen. The journal keeps their digest and their number."""
        if len(self.words) >= MOST_WORDS:
            raise Invalid("text", f"You have written {MOST_WORDS} times in this matter, the most it can hold", "too_many_words")
        LIFECYCLE.check(move, self.status, RESIDENT, {"text": words.text})
        step = self.move(move, by=A_RESIDENT, at=at, terms=terms, text=words.text)
        kept = {"words": len(self.words), "digest": words.digest}
        after = replace(step.after, words=(*self.words, words))
        if move == "reopen":
            after = replace(after, verdict="not_solved", satisfaction=0)
        return replace(step, after=after, data=kept)

    def confirm(self, satisfaction: int, *, at: datetime, terms: Terms) -> "Step[Case]":
        """The resident's word that it is solved, with how satisfied they are: 1 to 5, or 0 if they do not say."""
        if not 0 <= satisfaction <= MOST_SATISFIED:
            raise Invalid("satisfaction", f"{satisfaction} is no grade; give 1 (not at all) to {MOST_SATISFIED} (very)")
        step = self.move("confirm", by=A_RESIDENT, at=at, terms=terms, satisfaction=satisfaction)
        return replace(step, after=replace(step.after, verdict="solved", satisfaction=satisfaction))

    def erase(self, *, at: datetime, terms: Terms) -> "list[Step[Case]]":
        """The resident has all that is theirs erased: words, places, photos, contact details. The journal stays as it is, for
        it never held any of it. What is still open is taken back first: nobody can work on a matter without words."""
        taken_back = [] if self.status in CLOSED else [self.move("withdraw", by=A_RESIDENT, at=at, terms=terms)]
        closed = taken_back[0].after if taken_back else self
        step = closed.move("erase", by=A_RESIDENT, at=at, terms=terms)
        words = tuple(said.erased() for said in self.words)
        return [*taken_back, replace(step, after=replace(step.after.without_contact(), words=words))]

    def without_contact(self) -> "Case":
        """The case without anything by which the writer can be reached or known again, and without photos."""
        return replace(self, timers={}, tell="none", sealed=False, writer="", photos=(), sent_photos=())

    def group(self, demand: str, *, by: Actor, at: datetime, **why: Any) -> "Step[Case]":
        """Into a common demand, or out of one (``demand`` is then "")."""
        fact = "grouped" if demand else "ungrouped"
        after = replace(self, demand=demand)
        was = {"was": self.demand} if demand and self.demand else {}
        return Step(self, after, fact, by, at, {"demand": demand or self.demand, **was, **why})

    def enforced(self, step: str, rung: str, at: datetime) -> "Case":
        """The case with one rung of a promise's ladder done."""
        return replace(self, clocks=self.clocks | {step: self.clocks[step].enforced(rung, at)})


BLANK: Final = re.compile(r"【\s*填[^】]*】")  # a blank of a reply template


def require_filled(text: str) -> None:
    """Raises Invalid if a blank of a reply template was left as it was: an empty template is no answer."""
    if left := BLANK.search(text):
        raise Invalid("text", f"'{left[0]}' is still a blank of the template; write what belongs there", "blank_left")


def shelf_of(moment: datetime) -> str:
    """The shelf of all cases, open and closed, that came in this month (UTC)."""
    return f"case#{moment:%Y-%m}"


@dataclass(frozen=True)
class Destination:
    """What routing found out: the responsible body ("" = nobody), the category, how urgent it is, how sure that is
    (0 to 1), the words that weighed most, and the next best categories."""

    body: str
    category: str
    urgency: Urgency = "normal"
    confidence: float = 1.0
    because: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()


def received(id: str, words: Words, *, by: Actor, at: datetime, terms: Terms, **known: Any) -> "Step[Case]":
    """The first fact of a case: a message came in. By whatever door, its promises run from this moment."""
    case = Case(
        id=id,
        status=LIFECYCLE.start,
        words=(words,),
        clocks={step: terms.clock(step, at) for step in terms.promises},
        timers={"route": at + REROUTE_AFTER} | ({"photos": at} if known.get("sent_photos") else {}),
        created_at=at,
        updated_at=at,
        **known,
    )
    return Step(None, case, "received", by, at, {"words": 0, "digest": words.digest, "door": case.door})


def _clocks_after(clocks: Mapping[str, Clock], move: Move, at: datetime, terms: Terms) -> dict[str, Clock]:
    kept = {step: _after_move(clock, move, at, terms.calendar) for step, clock in clocks.items()}
    return kept | {step: terms.clock(step, at) for step in move.starts}


def _after_move(clock: Clock, move: Move, at: datetime, calendar: Calendar) -> Clock:
    if clock.step in move.meets:
        return clock.meet(at)
    if clock.step in move.stops:
        return clock.stop(at)
    if move.pauses:
        return clock.pause(at, calendar)
    return clock.resume(at, calendar) if move.resumes else clock


def _pauses_after(pauses: Pauses, move: Move, at: datetime) -> Pauses:
    if move.pauses:
        return (*pauses, (at, None))
    if pauses and pauses[-1][1] is None and move.lands("waiting") != "waiting":
        return (*pauses[:-1], (pauses[-1][0], at))
    return pauses
