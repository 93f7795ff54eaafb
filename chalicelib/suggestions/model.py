"""A deputy's suggestion: from common demands to a proposal, to a body's reply, to the documents that came of it. Nouns and
rules; pure.

The procedure is that of the Law on Deputies (代表法, art. 42) and its usual rules of a congress: a reply within three months,
within six where the matter is hard; the deputy says whether they are satisfied with the attitude and with the result; what does
not satisfy goes back once. A signature is for a text: whoever changes it asks for the signatures again.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Literal

from chalicelib.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.files.model import File
from chalicelib.people.roles import DEPUTY, MANAGER, OFFICER, SUPERVISOR, SYSTEM, Actor
from chalicelib.spine.clock import Calendar, Clock
from chalicelib.spine.dossier import NO_DATE, Dossier, Step, stamp
from chalicelib.spine.lifecycle import Lifecycle, Move
from chalicelib.suggestions.evidence import Evidence, renewed

Class = Literal["solved", "in_progress", "planned", "for_reference", "cannot"]
Grade = Literal["satisfied", "basically", "dissatisfied"]

REPLY: Final = "reply"  # the promise's step
ALL_SUGGESTIONS: Final = "#suggestions"  # the manager's list of what waits for a decision; no body's id can be so
MOST_DEMANDS: Final = 10  # that one suggestion is drafted from
MOST_INVITED: Final = 30
MOST_DOCUMENTS: Final = 50
ROUNDS: Final = 2  # of reply and evaluation; after the second it is for supervision
SEND_BACK_AFTER: Final = timedelta(minutes=2)  # where the follower of the evaluation was lost, the agenda does it

PRIVATE: Final = frozenset({"draft", "withdrawn"})  # for those who sign it, manager and supervisor
WAITING: Final = ("submitted", "accepted")  # for the manager
PUBLIC: Final = ("accepted", "assigned", "replied", "evaluated", "closed")
OPEN: Final = ("draft", *WAITING, "assigned", "replied", "evaluated")

LIFECYCLE: Final = Lifecycle(
    start="draft",
    closed=frozenset({"closed", "merged", "withdrawn"}),
    moves=[
        Move("edit", "draft", "", {DEPUTY}, "edited"),
        Move("invite", "draft", "", {DEPUTY}, "invited", needs={"deputies"}),
        Move("cosign", ("draft", "submitted"), "", {DEPUTY}, "cosigned"),
        Move("decline", ("draft", "submitted"), "", {DEPUTY}, "declined"),
        Move("submit", "draft", "submitted", {DEPUTY}, "submitted"),
        Move("withdraw", ("draft", "submitted"), "withdrawn", {DEPUTY}, "withdrawn", needs={"reason"}),
        Move("accept", "submitted", "accepted", {MANAGER}, "accepted"),
        Move("return", "submitted", "draft", {MANAGER}, "returned", needs={"reason"}),
        Move("merge", WAITING, "merged", {MANAGER}, "merged", needs={"into", "reason"}),
        Move("assign", "accepted", "assigned", {MANAGER}, "assigned", needs={"body"}, starts=(REPLY,)),
        Move("reassign", "assigned", "", {MANAGER}, "assigned", needs={"body", "reason"}),
        Move("interim", "assigned", "", {OFFICER}, "interim_replied", needs={"text"}),
        Move("ask_extension", "assigned", "", {OFFICER}, "extension_asked", needs={"until", "reason"}),
        Move("extend", "assigned", "", {MANAGER}, "extended"),
        Move("refuse_extension", "assigned", "", {MANAGER}, "extension_refused", needs={"reason"}),
        Move("reply", "assigned", "replied", {OFFICER}, "replied", needs={"class", "text"}, meets=(REPLY,)),
        Move("evaluate", "replied", "evaluated", {DEPUTY}, "evaluated", needs={"attitude", "result"}),
        Move("send_back", "evaluated", "assigned", {SYSTEM}, "sent_back", starts=(REPLY,)),
        Move("document", PUBLIC, "", {DEPUTY, OFFICER, MANAGER}, "documented", needs={"title", "number", "date"}),
        Move("hand_over", OPEN, "", {MANAGER}, "handed_over", needs={"deputy", "reason"}),
        Move("close", "evaluated", "closed", {MANAGER}, "closed"),
    ],
)

# Whose it must be, beside the role. What is not named here is for everyone of its roles.
OWN: Final[Mapping[tuple[str, str], str]] = {
    **{(move, DEPUTY): "lead" for move in ("edit", "invite", "submit", "withdraw", "evaluate", "document")},
    **{(move, DEPUTY): "invited" for move in ("cosign", "decline")},
    **{(move, OFFICER): "lead_body" for move in ("ask_extension", "reply", "document")},
    ("interim", OFFICER): "body",
}
WHO: Final[Mapping[str, str]] = {
    "lead": "the deputy who leads it",
    "invited": "a deputy who was invited to sign it and has not answered",
    "lead_body": "the body that it was assigned to",
    "body": "the bodies that it was assigned to",
}


@dataclass(frozen=True)
class Document:
    """What came of a suggestion: a document of an authority, and where it stands. ``date`` is a day (ISO); ``file`` is the
    document itself, where it was brought: it is public, name and all."""

    title: str
    number: str
    date: str
    url: str = ""
    file: File | None = None


@dataclass(frozen=True)
class Asked:
    """An extension that the body asked for: the day (ISO), until the end of which, and why."""

    until: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Suggestion(Dossier):
    """One suggestion. ``deputy`` leads it, ``body`` answers it. ``day`` (ISO) is the day in the district of its last beginning:
    drafted, then accepted; its year is the one in whose list it stands. ``round`` counts replies that were asked for."""

    KIND: ClassVar[str] = "suggestion"
    APART: ClassVar[frozenset[str]] = frozenset({"title", "text", "evidence"})

    title: str = ""
    text: str = ""
    evidence: tuple[Evidence, ...] = ()
    demands: tuple[str, ...] = ()
    day: str = ""
    number: int = 0
    cosigners: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    hard: bool = False
    asked: Asked | None = None
    round: int = 0
    reply_class: str = ""
    attitude: str = ""
    result: str = ""
    documents: tuple[Document, ...] = ()
    merged_into: str = ""

    @property
    def summary(self) -> str:
        return self.title

    @property
    def year(self) -> int:
        """The year in whose list it stands."""
        return int(self.day[:4])

    @property
    def bodies(self) -> tuple[str, ...]:
        """The body that answers, and those that do so with it."""
        return (self.body, *self.joint) if self.body else ()

    @property
    def deputies(self) -> tuple[str, ...]:
        """Who stands for it: the one who leads, and those who signed."""
        return (self.deputy, *self.cosigners)

    @property
    def clock(self) -> Clock | None:
        """The reply's promise, once it was assigned."""
        return self.clocks.get(REPLY)

    def overdue(self, now: datetime) -> bool:
        """Whether the reply is owed and late."""
        return self.clock is not None and self.clock.overdue(now)

    @property
    def worklists(self) -> tuple[str, str]:
        if self.status not in OPEN:
            return "", ""
        return own_list(self.deputy), ALL_SUGGESTIONS if self.status in WAITING else own_list(self.body)

    @property
    def place(self) -> str:
        """What falls due first stands first; after it what waits, the longest first."""
        due = super().place
        return due if due != NO_DATE else f"{NO_DATE}#{stamp(self.updated_at)}"

    @property
    def shelf(self) -> tuple[str, str]:
        return shelf_of(self.year), f"{self.day}#{self.number:05d}#{self.id}"

    @property
    def digest(self) -> str:
        """What a signature is for: a SHA-256 (hex) of title and text."""
        return hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()

    def concerns(self, by: Actor) -> bool:
        """Whether someone has a part in it: signs it, answers it, or looks after all of them."""
        parties = (*self.deputies, *self.invited, *self.declined)
        mine = {DEPUTY: (by.deputy, parties), OFFICER: (by.body, self.bodies)}.get(by.role)
        return by.role in (MANAGER, SUPERVISOR, SYSTEM) if mine is None else bool(mine[0]) and mine[0] in mine[1]

    def may_see(self, by: Actor) -> bool:
        """A draft is seen by those whom it concerns; what was submitted by everyone who works here."""
        return self.status not in PRIVATE or self.concerns(by)

    def legal_moves(self, by: Actor) -> list[Move]:
        """The moves this actor may make now."""
        moves = LIFECYCLE.legal(self.status, by.role)
        return [move for move in moves if self._is_own(move.name, by) and not self._held_back(move.name)]

    def _is_own(self, move: str, by: Actor) -> bool:
        who = OWN.get((move, by.role), "")
        them = {
            "lead": (self.deputy,), "invited": self.invited, "lead_body": (self.body,), "body": self.bodies,
        }.get(who)  # fmt: skip
        mine = by.deputy if by.role == DEPUTY else by.body
        return them is None or (bool(mine) and mine in them)

    def _held_back(self, move: str) -> bool:
        """What the state alone does not say: it goes back first, and a decision needs a question."""
        undecided = move in ("extend", "refuse_extension") and self.asked is None
        return undecided or {"close": "send_back" in self.timers, "send_back": "send_back" not in self.timers}.get(move, False)

    def move(self, name: str, /, *, by: Actor, at: datetime, **given: Any) -> "Step[Suggestion]":
        """One move of the lifecycle as a step to be recorded. Raises NotAllowed, IllegalMove, Invalid."""
        move = LIFECYCLE.check(name, self.status, by.role, given)
        if not self._is_own(name, by):
            raise NotAllowed(f"'{name}' is for {WHO[OWN[name, by.role]]}", "not_yours")
        if self._held_back(name):
            raise IllegalMove(name, self.status, (legal.name for legal in self.legal_moves(by)))
        status = move.lands(self.status)
        closing = status in LIFECYCLE.closed
        clocks = {step: clock.meet(at) if step in move.meets else clock for step, clock in self.clocks.items()}
        after = replace(self, status=status, clocks=clocks, closed_at=(self.closed_at or at) if closing else None)
        return Step(self, after, move.fact, by, at, given)

    # Drafting and signing

    def edit(
        self, title: str, text: str, demands: tuple[str, ...], fresh: tuple[Evidence, ...], *, by: Actor, at: datetime
    ) -> "Step[Suggestion]":
        """Another title or text, other demands; ``fresh`` is evidence taken now. New words are to be signed anew."""
        step = self.move("edit", by=by, at=at)
        kept = (each for each in self.evidence if each.demand in demands)
        after = replace(step.after, title=title, text=text, demands=demands, evidence=renewed(kept, fresh))
        unsigned = self.cosigners if after.digest != self.digest else ()
        if unsigned:
            after = replace(after, cosigners=(), invited=_with(self.invited, unsigned))
        data = {"demands": list(demands), "digest": after.digest, "evidence": _digests(fresh), "unsigned": list(unsigned)}
        return replace(step, after=after, data=data)

    def invite(self, deputies: tuple[str, ...], *, by: Actor, at: datetime) -> "Step[Suggestion]":
        """Ask others to sign; who declined may be asked once more. Raises Invalid where all have signed or were asked."""
        wanted = tuple(each for each in dict.fromkeys(deputies) if each not in (*self.deputies, *self.invited))
        if not wanted:
            raise Invalid("deputies", f"{', '.join(deputies)}: all have signed or were asked already", "asked_already")
        if len(self.invited) + len(self.cosigners) + len(wanted) > MOST_INVITED:
            raise Invalid("deputies", f"A suggestion is signed by {MOST_INVITED} others at most", "too_many")
        step = self.move("invite", by=by, at=at, deputies=list(wanted))
        declined = tuple(each for each in self.declined if each not in wanted)
        return replace(step, after=replace(step.after, invited=_with(self.invited, wanted), declined=declined))

    def cosign(self, *, by: Actor, at: datetime) -> "Step[Suggestion]":
        """An invited deputy signs the text as it is."""
        step = self.move("cosign", by=by, at=at, deputy=by.deputy, digest=self.digest)
        after = replace(step.after, invited=_without(self.invited, by.deputy), cosigners=_with(self.cosigners, (by.deputy,)))
        return replace(step, after=after)

    def decline(self, *, by: Actor, at: datetime) -> "Step[Suggestion]":
        """An invited deputy does not sign."""
        step = self.move("decline", by=by, at=at, deputy=by.deputy)
        after = replace(step.after, invited=_without(self.invited, by.deputy), declined=_with(self.declined, (by.deputy,)))
        return replace(step, after=after)

    # Screening

    def accept(self, number: int, day: str, *, by: Actor, at: datetime) -> "Step[Suggestion]":
        """With its number in the year; whoever has not signed by now does not any more."""
        step = self.move("accept", by=by, at=at, number=number, year=int(day[:4]))
        return replace(step, after=replace(step.after, number=number, day=day, invited=()))

    def merge(self, into: "Suggestion", reason: str, *, by: Actor, at: datetime) -> "tuple[Step[Suggestion], Step[Suggestion]]":
        """Two are one: the other takes over who stands for it and what it stands on."""
        if into.id == self.id:
            raise Invalid("into", "A suggestion can't be merged into itself", "same_suggestion")
        if into.status not in (*WAITING, "assigned"):
            raise Invalid("into", f"{into.id} is {into.status}; merge into one that has no reply yet", "target_closed")
        step = self.move("merge", by=by, at=at, into=into.id, reason=reason)
        joining = tuple(deputy for deputy in self.deputies if deputy != into.deputy)
        after = replace(
            into,
            cosigners=_with(into.cosigners, joining),
            invited=tuple(deputy for deputy in into.invited if deputy not in joining),
            demands=_with(into.demands, self.demands),
            evidence=renewed(self.evidence, into.evidence),
        )
        data = {"suggestion": self.id, "deputies": list(joining), "demands": list(self.demands)}
        merged = replace(step.after, merged_into=into.id, invited=())
        return replace(step, after=merged), Step(into, after, "absorbed", by, at, data)

    # The bodies

    def assign(
        self, body: str, joint: tuple[str, ...], clock: Clock, *, hard: bool, by: Actor, at: datetime
    ) -> "Step[Suggestion]":
        """To the body that answers, and those that do so with it; the reply's promise begins."""
        due = clock.due_at.isoformat() if clock.due_at else ""
        step = self.move("assign", by=by, at=at, body=body, joint=list(joint), hard=hard, due_at=due)
        after = replace(step.after, body=body, joint=joint, hard=hard, round=1, clocks={REPLY: clock})
        return replace(step, after=after)

    def reassign(self, body: str, joint: tuple[str, ...], reason: str, *, by: Actor, at: datetime) -> "Step[Suggestion]":
        """To others; the promise goes on as it runs, for it belongs to the matter."""
        if (body, joint) == (self.body, self.joint):
            raise Invalid("body", f"It is with {body} already; name another body", "same_body")
        step = self.move("reassign", by=by, at=at, body=body, joint=list(joint), reason=reason, was=self.body)
        return replace(step, after=replace(step.after, body=body, joint=joint, asked=None))

    def ask_extension(self, asked: Asked, until: datetime, *, by: Actor, at: datetime) -> "Step[Suggestion]":
        """The body asks for more time, until the end of a day."""
        step = self.move("ask_extension", by=by, at=at, until=asked.until, reason=asked.reason)
        self._longer(until, at)
        return replace(step, after=replace(step.after, asked=asked))

    def extend(self, until: datetime, calendar: Calendar, *, by: Actor, at: datetime) -> "Step[Suggestion]":
        """The manager grants what was asked: the promise falls due later. What is broken is not mended by it."""
        asked = self.asked or Asked("", "")  # without one the move is not legal
        step = self.move("extend", by=by, at=at, until=asked.until, reason=asked.reason)
        clock = self._longer(until, at).extended(until, at, calendar)
        return replace(step, after=replace(step.after, asked=None, clocks={REPLY: clock}))

    def _longer(self, until: datetime, at: datetime) -> Clock:
        """The running promise. Raises Invalid where it is broken already, or ``until`` is no later than it is due now."""
        clock = self.clocks[REPLY]
        if clock.broken_at or clock.overdue(at):
            raise Invalid("until", "The reply is overdue: what is broken can't be put off any more; reply", "overdue")
        if clock.due_at and until <= clock.due_at:
            raise Invalid("until", f"It is due {clock.due_at.isoformat()}; name a later day", "not_later")
        return clock

    def refuse_extension(self, reason: str, *, by: Actor, at: datetime) -> "Step[Suggestion]":
        """The manager does not grant it."""
        step = self.move("refuse_extension", by=by, at=at, reason=reason)
        return replace(step, after=replace(step.after, asked=None))

    def reply(self, kind: Class, text: str, reason: str, remind_at: datetime, *, by: Actor, at: datetime) -> "Step[Suggestion]":
        """The body's reply, of one of five classes; "cannot" says why."""
        if kind == "cannot" and not reason.strip():
            raise Invalid("reason", "A reply that it can't be done needs the reason", "missing")
        given = {"class": kind, "text": text, "round": self.round} | ({"reason": reason} if reason.strip() else {})
        step = self.move("reply", by=by, at=at, **given)
        broken = step.after.clocks[REPLY].broken_at
        data = {**given, "late": [REPLY]} if broken else given
        after = replace(step.after, reply_class=kind, asked=None, timers={"evaluate": remind_at})
        return replace(step, after=after, data=data)

    # What came of it

    def evaluate(self, attitude: Grade, result: Grade, text: str, *, by: Actor, at: datetime) -> "Step[Suggestion]":
        """The deputy's word on how the body went about it, and on what came of it. Who is not satisfied sends it back, once."""
        given = {"attitude": attitude, "result": result, "round": self.round} | ({"text": text} if text.strip() else {})
        step = self.move("evaluate", by=by, at=at, **given)
        again = result == "dissatisfied" and self.round < ROUNDS
        timers = {"send_back": at + SEND_BACK_AFTER} if again else {}
        return replace(step, after=replace(step.after, attitude=attitude, result=result, timers=timers))

    def send_back(self, clock: Clock, *, by: Actor, at: datetime) -> "Step[Suggestion]":
        """To the body once more; the promise begins anew."""
        due = clock.due_at.isoformat() if clock.due_at else ""
        step = self.move("send_back", by=by, at=at, round=self.round + 1, due_at=due)
        after = replace(step.after, round=self.round + 1, clocks={REPLY: clock}, timers={}, reply_class="")
        return replace(step, after=replace(after, attitude="", result=""))

    def document(self, document: Document, *, by: Actor, at: datetime) -> "Step[Suggestion]":
        """A document that came of it. Raises Invalid for one that stands here already, and for more than fifty."""
        if any((held.number, held.title) == (document.number, document.title) for held in self.documents):
            raise Invalid("number", f"{document.title} ({document.number}) stands here already", "named_already")
        if len(self.documents) >= MOST_DOCUMENTS:
            raise Invalid("number", f"It has {MOST_DOCUMENTS} documents, the most it can hold", "too_many")
        given = {"title": document.title, "number": document.number, "date": document.date, "url": document.url}
        given |= {"file": document.file.sha256} if document.file else {}
        step = self.move("document", by=by, at=at, **given)
        # A dossier that is closed stays so: documents come years later.
        after = replace(step.after, documents=(*self.documents, document), closed_at=self.closed_at)
        return replace(step, after=after)

    def hand_over(self, deputy: str, reason: str, *, by: Actor, at: datetime) -> "Step[Suggestion]":
        """Another deputy leads it, as where the one who did left office."""
        if deputy == self.deputy:
            raise Invalid("deputy", f"{deputy} leads it already", "same_deputy")
        step = self.move("hand_over", by=by, at=at, deputy=deputy, reason=reason, was=self.deputy)
        after = replace(
            step.after,
            deputy=deputy,
            cosigners=_without(self.cosigners, deputy),
            invited=_without(self.invited, deputy),
            declined=_without(self.declined, deputy),
        )
        return replace(step, after=after)

    def enforced(self, rung: str, at: datetime) -> "Suggestion":
        """The suggestion with one rung of the reply's ladder done."""
        return replace(self, clocks={REPLY: self.clocks[REPLY].enforced(rung, at)})


def drafted(
    id: str, title: str, text: str, evidence: tuple[Evidence, ...], day: str, *, category: str, by: Actor, at: datetime
) -> "Step[Suggestion]":
    """The first fact of a suggestion, with the demands that it comes of as they stand."""
    demands = tuple(each.demand for each in evidence)
    fresh = Suggestion(
        id=id, status=LIFECYCLE.start, deputy=by.deputy, category=category, title=title, text=text, evidence=evidence,
        demands=demands, day=day, created_at=at, updated_at=at,
    )  # fmt: skip
    data = {"demands": list(demands), "digest": fresh.digest, "evidence": _digests(evidence)}
    return Step(None, fresh, "drafted", by, at, data)


def own_list(owner: str) -> str:
    """The work list of a deputy or a body: those of other kinds are apart."""
    return f"suggestion#{owner}" if owner else ""


def shelf_of(year: int) -> str:
    """The shelf on which a year's suggestions stand."""
    return f"suggestion#{year}"


def _digests(evidence: tuple[Evidence, ...]) -> dict[str, str]:
    return {each.demand: each.digest for each in evidence}


def _with(held: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*held, *more)))


def _without(held: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(each for each in held if each != one)
