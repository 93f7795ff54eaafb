"""What a resident sees of their matter: where it stands, what was promised, what happened. Pure.

Only public facts: a note that is not meant for the resident and a look at contact details are never among them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.cases.model import Case
from chalicelib.cases.wording import HAPPENED, SATISFACTION, STAGE_OF, STAGES, STATUS, WORDS_GONE
from chalicelib.directory.kinds import ANY, Step
from chalicelib.directory.model import Directory
from chalicelib.people.roles import DEPUTY, MANAGER, OFFICER
from chalicelib.spine.chain import Entry
from chalicelib.spine.clock import Clock
from chalicelib.web.reader import N_, Reader

Kept = Literal["running", "overdue", "paused", "kept", "kept_late"]
STEPS_IN_ORDER: Final[tuple[Step, ...]] = ("acknowledge", "answer")
MOST_FASTER: Final = 3
NOTHING_OWED: Final = frozenset({"withdrawn", "merged"})
NOTHING: Final = timedelta()
# Of another resident's matter one sees what is said to everyone, and nothing of that resident.
SAID_TO_ALL: Final = frozenset({"acknowledged", "answered", "declined", "breached", "handed_on"})
TONES: Final[Mapping[str, str]] = {
    "answered": "answer", "documented": "answer", "declined": "declined", "asked": "ask", "breached": "late",
    "escalated": "late",
    "received": "mine", "replied": "mine", "added": "mine", "confirmed": "mine", "reopened": "mine", "withdrawn": "mine",
}  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """One stage of the progress picture."""

    name: str
    state: Literal["done", "now", "ahead"]


@dataclass(frozen=True)
class PromiseSeen:
    """One promise: ``due_at`` is unknown while paused; ``late`` is how long it is overdue, ``left`` how long it has."""

    step: str
    state: Kept
    due_at: datetime | None
    met_at: datetime | None
    late: timedelta
    left: timedelta


@dataclass(frozen=True)
class Happening:
    """One line of the timeline. ``words`` are what was said, empty for most; ``suggestion`` is the one that a document came of,
    ``link`` where the document stands."""

    type: str
    at: datetime
    headline: str
    words: str = ""
    instead: str = ""
    tone: str = ""
    suggestion: str = ""
    link: str = ""


def status_of(case: Case) -> tuple[str, str]:
    """Where the matter stands: a headline and a sentence; they may hold ``%(body)s``."""
    if case.status == "received" and not case.body and "route" not in case.timers:
        return STATUS["triage"]
    if case.status == "resolved":
        return STATUS["silence" if case.verdict == "silence" else "solved"]
    return STATUS[case.status]


def stages(case: Case) -> tuple[Stage, ...]:
    """The progress picture; empty for a matter that ended in another way than by an answer."""
    here = STAGE_OF.get(case.status)
    if here is None:
        return ()
    ended = case.status == "resolved"
    return tuple(
        Stage(name, "done" if place < here or ended else "now" if place == here else "ahead")
        for place, name in enumerate(STAGES)
    )


def promises(case: Case, now: datetime) -> tuple[PromiseSeen, ...]:
    """What was promised and what became of it; a promise that is no longer owed is left out."""
    if case.status in NOTHING_OWED:
        return ()
    return tuple(_seen(case.clocks[step], now) for step in STEPS_IN_ORDER if step in case.clocks)


def _seen(clock: Clock, now: datetime) -> PromiseSeen:
    due_at = clock.broken_at or clock.due_at
    apart = due_at - (clock.met_at or now) if due_at else NOTHING
    return PromiseSeen(clock.step, _state(clock, now), due_at, clock.met_at, max(-apart, NOTHING), max(apart, NOTHING))


def _state(clock: Clock, now: datetime) -> Kept:
    if clock.met_at:
        return "kept_late" if clock.broken_at else "kept"
    if clock.overdue(now):
        return "overdue"
    return "paused" if clock.paused else "running"


@dataclass(frozen=True)
class Teller:
    """Tells facts to a reader. ``case`` is whose words they refer to; it may be another matter's state without words."""

    case: Case
    directory: Directory
    reader: Reader
    facts: Mapping[str, str] = field(default_factory=lambda: HAPPENED)  # what each fact is called; others are not shown
    reasons: frozenset[str] = frozenset({"declined"})  # the facts whose reason is told

    def everything(self, entries: Iterable[Entry]) -> list[Happening]:
        """What those who work on it see: every fact that has a name, internal notes too, the newest first."""
        return [self._happening(entry) for entry in reversed(list(entries)) if _name(entry) in self.facts]

    def timeline(self, entries: Iterable[Entry]) -> list[Happening]:
        """What the resident sees of these facts, the newest first."""
        return [self._happening(entry) for entry in reversed(list(entries)) if is_public(entry)]

    def said_to_all(self, entries: Sequence[Entry]) -> list[Happening]:
        """What another matter's resident may see of these facts, the newest first."""
        return self.timeline(entry for entry in entries if entry.type in SAID_TO_ALL)

    def body_name(self, body: str) -> str:
        """A body's name, or "those responsible" where there is none."""
        found = self.directory.body(body)
        return found.name(self.reader.language) if found else self.reader.say(N_("those responsible"))

    def deputy_name(self, deputy: str) -> str:
        """A deputy's name with the title."""
        found = self.directory.deputy(deputy)
        name = found.name(self.reader.language) if found else deputy
        return self.reader.say(N_("Deputy %(name)s"), name=name)

    def _happening(self, entry: Entry) -> Happening:
        text = self.facts[_name(entry)]
        return Happening(
            entry.type,
            entry.at,
            self.reader.say(text, **self._values(entry)),
            self._words(entry),
            str(entry.data.get("instead", "")),
            TONES.get(entry.type, ""),
            str(entry.data.get("suggestion", "")),
            str(entry.data.get("url", "")),
        )

    def _values(self, entry: Entry) -> dict[str, str]:
        category = self.directory.category(str(entry.data.get("category", "")))
        due = entry.data.get("due_at")
        return {
            "who": self._who(entry),
            "body": self.body_name(str(entry.data.get("body") or self.case.body)),
            "category": category.name(self.reader.language) if category else "",
            "photos": str(entry.data.get("photos", "")),
            "refused": str(len(entry.data.get("refused", ()))),
            "due": self.reader.moment(datetime.fromisoformat(str(due))) if due else "",
            "document": f"{entry.data.get('title', '')} ({entry.data.get('number', '')})",
        }

    def _who(self, entry: Entry) -> str:
        """Staff act for their office: the deputy is named, an officer is their body."""
        user = self.directory.user(entry.actor)
        if entry.role == DEPUTY:
            return self.deputy_name(user.deputy if user else self.case.deputy)
        if entry.role == OFFICER:
            return self.body_name(user.body if user else self.case.body)
        return self.reader.say(N_("The manager of the platform")) if entry.role == MANAGER else ""

    def _words(self, entry: Entry) -> str:
        if "words" in entry.data:
            number = int(entry.data["words"])
            said = self.case.words[number].text if number < len(self.case.words) else ""
            return said or self.reader.say(WORDS_GONE)
        if entry.type == "confirmed":
            grade = SATISFACTION.get(int(entry.data.get("satisfaction", 0)))
            return self.reader.say(grade) if grade else ""
        return str(entry.data.get("text") or (entry.data.get("reason", "") if entry.type in self.reasons else ""))


def last(happenings: Iterable[Happening], *types: str) -> Happening | None:
    """The newest of these types, in a timeline that begins with the newest."""
    return next((happening for happening in happenings if happening.type in types), None)


def is_public(entry: Entry) -> bool:
    """Whether the resident may read this fact."""
    return _name(entry) in HAPPENED and (entry.type != "noted" or bool(entry.data.get("public")))


def _name(entry: Entry) -> str:
    if entry.type == "photos_kept":
        return entry.type if entry.data.get("refused") else ""
    return f"escalated_{entry.data.get('to')}" if entry.type == "escalated" else entry.type


def promise_lines(directory: Directory, reader: Reader) -> Iterator[tuple[str, str]]:
    """The district's promises for an ordinary message, by step: ``("answer", "5 working days")``."""
    for step in STEPS_IN_ORDER:
        rule = directory.rule_for(step, "", "normal")
        if rule:
            yield step, reader.amount(rule.amount, rule.mode)


def faster_lines(directory: Directory, reader: Reader) -> list[tuple[str, str]]:
    """The topics with the quickest answers, at most three: ``("Flat is cold", "2 hours")``."""
    rules = [
        (directory.promise_for("answer", rule.category, "normal"), rule)
        for rule in directory.edition.promises
        if rule.step == "answer" and rule.mode == "elapsed" and rule.urgency in ("normal", ANY) and not rule.retired
    ]
    quickest = sorted((given.promise.amount, rule.category, rule) for given, rule in rules if given)[:MOST_FASTER]
    named = ((directory.category(category), rule) for _, category, rule in quickest)
    return [(found.name(reader.language), reader.amount(rule.amount, rule.mode)) for found, rule in named if found]
