"""A consultation: residents are asked, and told what came of it. Nouns and rules; pure.

What is asked is the staff's own text and stands in the journal. What residents answer never does: it lies apart, by no name,
and a comment becomes public only where it is taken up, in words that stand in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final, Literal

from chalicelib.consultations.questions import Question
from chalicelib.errors import Invalid, NotAllowed
from chalicelib.people.roles import DEPUTY, MANAGER, SYSTEM, Actor
from chalicelib.spine.dossier import Dossier, Step, stamp
from chalicelib.spine.lifecycle import Lifecycle, Move

Form = Literal["survey", "draft"]

ALL: Final = "#consultations"  # the work list of all that are not finished; no body's id can be so
PUBLIC_SHELF: Final = "consultation#public"
LONGEST_TITLE: Final = 120
LONGEST_INTRO: Final = 2_000
LONGEST_WORD: Final = 1_000  # of what was done about a comment
LONGEST_QUOTE: Final = 500
MOST_TAKEN_UP: Final = 40
LONGEST: Final = timedelta(days=366)

UNOPENED: Final = ("drafted", "scheduled")
PUBLIC: Final = ("open", "closed", "published")  # everyone may know of it
TAKEN_FROM: Final = ("open", "closed", "published")

LIFECYCLE: Final = Lifecycle(
    start="drafted",
    closed=frozenset({"published", "withdrawn"}),
    moves=[
        Move("edit", UNOPENED, "", {DEPUTY, MANAGER}, "edited", needs={"title"}),
        Move("schedule", UNOPENED, "scheduled", {DEPUTY, MANAGER}, "scheduled", needs={"opens_at", "closes_at"}),
        Move("open", UNOPENED, "open", {DEPUTY, MANAGER, SYSTEM}, "opened", needs={"closes_at"}),
        Move("extend", "open", "", {DEPUTY, MANAGER}, "extended", needs={"closes_at", "reason"}),
        Move("close", "open", "closed", {DEPUTY, MANAGER, SYSTEM}, "closed"),
        Move("take_up", TAKEN_FROM, "", {DEPUTY, MANAGER}, "taken_up", needs={"answer", "question", "text"}),
        Move("publish", "closed", "published", {DEPUTY, MANAGER}, "published", needs={"text"}),
        Move("withdraw", (*UNOPENED, "open"), "withdrawn", {DEPUTY, MANAGER}, "withdrawn", needs={"reason"}),
    ],
)


@dataclass(frozen=True)
class TakenUp:
    """A comment that something was done about: ``text`` says what. The comment's own words lie in ``quotes``."""

    answer: str
    question: str
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Consultation(Dossier):
    """One consultation. ``maker`` is the user who drafted it, ``deputy`` the one they are, "" for a manager.

    ``quotes`` are the words of comments that were taken up, by ``answer.question``: people's words, kept apart.
    """

    KIND: ClassVar[str] = "consultation"
    APART: ClassVar[frozenset[str]] = frozenset({"quotes"})

    form: Form = "survey"
    maker: str = ""
    title: str = ""
    intro: str = ""
    questions: tuple[Question, ...] = ()
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    taken_up: tuple[TakenUp, ...] = ()
    conclusion: str = ""
    reason: str = ""  # why it was withdrawn
    quotes: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        return self.title

    @property
    def place(self) -> str:
        """On the work lists the oldest stands first."""
        return stamp(self.created_at)

    @property
    def worklists(self) -> tuple[str, str]:
        if self.status in LIFECYCLE.closed:
            return ("", "")
        return (f"{self.KIND}#{self.deputy}" if self.deputy else "", ALL)

    @property
    def shelf(self) -> tuple[str, str]:
        return (PUBLIC_SHELF, stamp(self.opens_at)) if self.status in PUBLIC and self.opens_at else ("", "")

    def takes_answers(self, now: datetime) -> bool:
        """Whether one may answer at this moment; the agenda closes it within the minute after."""
        return self.status == "open" and self.closes_at is not None and now < self.closes_at

    def seen_by(self, by: Actor) -> bool:
        """Whether this actor may see it: a draft is for who made it, managers and supervisors."""
        return self.status not in UNOPENED or self.of(by) or by.role == "supervisor"

    def of(self, by: Actor) -> bool:
        """Whether it is this actor's to work on."""
        return by.role == MANAGER or (bool(by.deputy) and by.deputy == self.deputy)

    def question(self, id: str) -> Question | None:
        """One of its questions."""
        return next((question for question in self.questions if question.id == id), None)

    def legal_moves(self, by: Actor) -> list[Move]:
        """The moves this actor may make now."""
        return LIFECYCLE.legal(self.status, by.role) if self.of(by) else []

    def move(self, name: str, /, *, by: Actor, at: datetime, **given: Any) -> "Step[Consultation]":
        """One move of the lifecycle as a step to be recorded. Raises NotAllowed, IllegalMove, Invalid."""
        move = LIFECYCLE.check(name, self.status, by.role, given)
        if by.role != SYSTEM and not self.of(by):
            raise NotAllowed("This consultation was made by somebody else; a manager may change it too", "not_yours")
        status = move.lands(self.status)
        closing = status in LIFECYCLE.closed and self.status not in LIFECYCLE.closed
        after = replace(self, status=status, closed_at=at if closing else self.closed_at)
        return Step(self, after, move.fact, by, at, given)

    # The moves that change more than the state

    def edit(self, title: str, intro: str, questions: tuple[Question, ...], *, by: Actor, at: datetime) -> "Step[Consultation]":
        """Other words, before anybody was asked."""
        step = self.move("edit", by=by, at=at, title=title)
        after = replace(step.after, **_worded(title, intro), questions=questions)
        return replace(step, after=after, data={})

    def schedule(self, opens_at: datetime, closes_at: datetime, *, by: Actor, at: datetime) -> "Step[Consultation]":
        """The agenda opens it then, and closes it. Raises Invalid for times that don't follow one another."""
        step = self.move("schedule", by=by, at=at, opens_at=opens_at, closes_at=closes_at)
        _must_come("opens_at", opens_at, at)
        _must_come("closes_at", closes_at, opens_at)
        opens_at, closes_at = opens_at.astimezone(UTC), closes_at.astimezone(UTC)
        after = replace(step.after, opens_at=opens_at, closes_at=closes_at, timers={"open": opens_at})
        return replace(step, after=after, data={})

    def open(self, closes_at: datetime | None, *, by: Actor, at: datetime) -> "Step[Consultation]":
        """From now on one may answer. Without ``closes_at`` it closes when it was to."""
        closes = closes_at or self.closes_at
        step = self.move("open", by=by, at=at, closes_at=closes)
        if closes is None:
            raise Invalid("closes_at", "Say when it closes", "missing")
        if by.role != SYSTEM:
            _must_come("closes_at", closes, at)
        closes = closes.astimezone(UTC)
        after = replace(step.after, opens_at=at, closes_at=closes, timers={"close": closes})
        return replace(step, after=after, data={"closes_at": closes})

    def extend(self, closes_at: datetime, reason: str, *, by: Actor, at: datetime) -> "Step[Consultation]":
        """More time, and why. It is never made shorter: who was told a date may come until then."""
        step = self.move("extend", by=by, at=at, closes_at=closes_at, reason=reason)
        _must_come("closes_at", closes_at, max(at, self.closes_at or at))
        closes = closes_at.astimezone(UTC)
        after = replace(step.after, closes_at=closes, timers={"close": closes})
        return replace(step, after=after, data={"reason": reason, "closes_at": closes})

    def close(self, erase_at: datetime, *, by: Actor, at: datetime) -> "Step[Consultation]":
        """No answer is taken from now on. ``erase_at``: when addresses go at the latest."""
        step = self.move("close", by=by, at=at)
        return replace(step, after=replace(step.after, closes_at=at, timers={"erase": erase_at}))

    def withdraw(self, reason: str, *, by: Actor, at: datetime) -> "Step[Consultation]":
        """It is taken back; whoever left an address is not written to, and it goes at once."""
        step = self.move("withdraw", by=by, at=at, reason=reason)
        timers = {"erase": at} if self.status == "open" else {}
        return replace(step, after=replace(step.after, reason=reason.strip(), timers=timers))

    def take_up(self, answer: str, question: str, text: str, quote: str, *, by: Actor, at: datetime) -> "Step[Consultation]":
        """Something was done about a comment. ``quote`` becomes public; it lies apart, so the fact holds no word of it."""
        step = self.move("take_up", by=by, at=at, answer=answer, question=question, text=text)
        _must_fit("text", text, LONGEST_WORD)
        _must_fit("quote", quote, LONGEST_QUOTE)
        kept = tuple(one for one in self.taken_up if (one.answer, one.question) != (answer, question))
        if len(kept) >= MOST_TAKEN_UP:
            raise Invalid("answer", f"{MOST_TAKEN_UP} comments are taken up; say more in the conclusion", "too_many")
        taken = (*kept, TakenUp(answer, question, text.strip(), at))
        after = replace(step.after, taken_up=taken, quotes={**self.quotes, f"{answer}.{question}": quote})
        return replace(step, after=after)

    def publish(self, text: str, *, by: Actor, at: datetime) -> "Step[Consultation]":
        """Results and conclusion become public."""
        step = self.move("publish", by=by, at=at, text=text)
        return replace(step, after=replace(step.after, conclusion=text.strip()))

    def erased(self, *, by: Actor, at: datetime) -> "Step[Consultation]":
        """The addresses of those who wanted to be told are gone."""
        return Step(self, replace(self, timers={}), "contacts_erased", by, at)


def drafted(
    id: str, form: Form, title: str, intro: str, questions: Sequence[Question], *, by: Actor, at: datetime
) -> "Step[Consultation]":
    """The first fact of a consultation. Raises NotAllowed, Invalid."""
    if by.role not in (DEPUTY, MANAGER):
        raise NotAllowed(f"Residents are consulted by deputies and managers; you are {by.role}")
    made = Consultation(
        id=id,
        status=LIFECYCLE.start,
        form=form,
        maker=by.id,
        deputy=by.deputy,
        questions=tuple(questions),
        created_at=at,
        updated_at=at,
        **_worded(title, intro),
    )
    return Step(None, made, "drafted", by, at, {"form": form})


def _worded(title: str, intro: str) -> dict[str, Any]:
    _must_fit("title", title, LONGEST_TITLE)
    if len(intro) > LONGEST_INTRO:
        raise Invalid("intro", f"The introduction has {len(intro)} characters; {LONGEST_INTRO} is the most", "too_long")
    return {"title": title.strip(), "intro": intro.strip()}


def _must_fit(field: str, text: str, longest: int) -> None:
    if not text.strip():
        raise Invalid(field, f"'{field}' is empty", "missing")
    if len(text) > longest:
        raise Invalid(field, f"'{field}' has {len(text)} characters; {longest} is the most", "too_long")


def _must_come(field: str, moment: datetime, after: datetime) -> None:
    if moment.utcoffset() is None:
        raise Invalid(field, f"{moment.isoformat()} has no time zone; write it as 2026-12-01T09:00:00+08:00", "no_zone")
    if not after < moment <= after + LONGEST:
        said = (
            f"'{field}' is {moment.isoformat()}; it must come after {after.isoformat()}, and at most {LONGEST.days} days later"
        )
        raise Invalid(field, said, "wrong_time")
