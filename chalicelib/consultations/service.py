"""The verbs of consultations. Staff's raise NotFound, NotAllowed (not theirs), IllegalMove, Invalid and Conflict."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from chalicelib.consultations import model, questions, table
from chalicelib.consultations.model import ALL, PUBLIC_SHELF, Consultation, Form
from chalicelib.consultations.questions import Given, Outcome, Question
from chalicelib.consultations.table import Answer
from chalicelib.directory import service as directory_service
from chalicelib.errors import IllegalMove, Invalid, NotFound
from chalicelib.people import form as forms
from chalicelib.people import guard, vault
from chalicelib.people.roles import Actor, the_system
from chalicelib.people.secret import sign
from chalicelib.people.vault import Contact
from chalicelib.spine import dossiers, journal
from chalicelib.spine.aws import Cancelled, Write, put, transact
from chalicelib.spine.chain import Entry
from chalicelib.spine.dossier import Duty, Step
from chalicelib.telemetry import count

ERASED_AT_ONCE: Final = 40  # two deletes each: a transaction holds a hundred writes
A_DAY: Final = 86_400  # seconds


@dataclass(frozen=True)
class Page:
    """One page of a list; ``next`` is the cursor of the page after, or None."""

    items: tuple[Consultation, ...]
    next: str | None


@dataclass(frozen=True)
class Results:
    """How many people answered, and what came of each question."""

    people: int
    outcomes: tuple[Outcome, ...]


def new_id() -> str:
    """The id of a consultation, which is its code too."""
    return "C" + "".join(secrets.choice(forms.ALPHABET) for _ in range(12))


# Looking


def found(id: str) -> Consultation:
    """A consultation, whoever asks. Raises NotFound."""
    return dossiers.load(Consultation, id)


def loaded(id: str, by: Actor) -> Consultation:
    """A consultation, if this actor may see it. Raises NotFound otherwise: an id tells nothing."""
    consultation = found(id)
    if not consultation.seen_by(by):
        raise NotFound(f"There is no consultation {id}")
    return consultation


def listed(by: Actor, *, limit: int, cursor: str = "") -> Page:
    """What is not finished, the oldest first. One query; a page may hold fewer than ``limit`` and still have a next."""
    rows, last = dossiers.worklist(body=ALL, limit=limit, cursor=cursor)
    seen = (dossiers.from_row(Consultation, row) for row in rows)
    return Page(tuple(each for each in seen if each.seen_by(by)), last)


def listed_in_public(*, limit: int, cursor: str = "") -> Page:
    """What the public was or is asked, the newest first. One query."""
    rows, last = dossiers.shelf(PUBLIC_SHELF, limit=limit, cursor=cursor)
    return Page(tuple(dossiers.from_row(Consultation, row) for row in rows), last)


def timeline(consultation: Consultation) -> list[Entry]:
    """Everything that happened to it, in order. One query."""
    return journal.entries(consultation.id)


def results(consultation: Consultation) -> Results:
    """What the counters say. One query."""
    counts = table.counts(consultation.id)
    return Results(counts.get(questions.PEOPLE, 0), questions.outcomes(consultation.questions, counts))


def comments(consultation: Consultation, *, limit: int, cursor: str = "") -> tuple[list[Answer], str | None]:
    """One page of the answers that hold words, the newest first: for staff. One query."""
    return table.with_words(consultation.id, limit=limit, cursor=cursor)


# Staff's verbs


def draft(
    id: str, form: Form, title: str, intro: str, asked: Sequence[Question], text: str,
    *, by: Actor, now: datetime, also: Sequence[Write] = (),
) -> Consultation:  # fmt: skip
    """A survey of ``asked``, or a draft (``text``) that is to be commented on."""
    step = model.drafted(id, form, title, intro, _asked(form, asked, text), by=by, at=now)
    return dossiers.record(step, also=also)


def edit(
    id: str, title: str, intro: str, asked: Sequence[Question], text: str,
    *, by: Actor, now: datetime, also: Sequence[Write] = (),
) -> Consultation:  # fmt: skip
    """Other words, before anybody was asked."""
    consultation = loaded(id, by)
    wanted = _asked(consultation.form, asked, text)
    return dossiers.record(consultation.edit(title, intro, wanted, by=by, at=now), also=also)


def _asked(form: Form, asked: Sequence[Question], text: str) -> tuple[Question, ...]:
    wrong, right = ("text", "questions") if form == "survey" else ("questions", "text")
    if text if form == "survey" else asked:
        raise Invalid(wrong, f"A {form} has no '{wrong}'; give '{right}'", "wrong_form")
    return questions.survey(asked) if form == "survey" else questions.draft(text)


def schedule(
    id: str, opens_at: datetime, closes_at: datetime, *, by: Actor, now: datetime, also: Sequence[Write] = ()
) -> Consultation:
    """The agenda opens and closes it at these times."""
    return dossiers.record(loaded(id, by).schedule(opens_at, closes_at, by=by, at=now), also=also)


def open_now(id: str, closes_at: datetime | None, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Consultation:
    """From now on one may answer."""
    return _opened(loaded(id, by).open(closes_at, by=by, at=now), also)


def _opened(step: "Step[Consultation]", also: Sequence[Write] = ()) -> Consultation:
    begun = table.begun(step.after.id, questions.counters(step.after.questions))
    return dossiers.record(step, also=[*also, *begun])


def extend(id: str, closes_at: datetime, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Consultation:
    """More time, and why."""
    return dossiers.record(loaded(id, by).extend(closes_at, reason, by=by, at=now), also=also)


def close(id: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Consultation:
    """No answer is taken from now on."""
    return dossiers.record(loaded(id, by).close(_erase_at(now), by=by, at=now), also=also)


def withdraw(id: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Consultation:
    """Take it back."""
    return dossiers.record(loaded(id, by).withdraw(reason, by=by, at=now), also=also)


def take_up(
    id: str, answer: str, question: str, text: str, quote: str = "",
    *, by: Actor, now: datetime, also: Sequence[Write] = (),
) -> Consultation:  # fmt: skip
    """Say what was done about a comment. ``quote`` is what of it becomes public, word by word; all of it if nothing is said.

    Raises NotFound for an answer that is none, Invalid for a question that it does not answer, and for a quote that does not
    stand in it.
    """
    consultation = loaded(id, by)
    said = table.answer(id, answer).given.texts.get(question, "")
    if not said:
        raise Invalid("question", f"Answer {answer} says nothing to '{question}'", "no_comment")
    return dossiers.record(consultation.take_up(answer, question, text, _quoted(quote, said), by=by, at=now), also=also)


def _quoted(quote: str, said: str) -> str:
    wanted = " ".join(quote.split())
    if wanted and wanted not in " ".join(said.split()):
        raise Invalid("quote", f"'{wanted[:40]}' does not stand in the comment; quote it word by word", "not_said")
    return wanted or said


def publish(id: str, text: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Consultation:
    """Results, what was done, and the conclusion become public; who asked to be told is told."""
    return dossiers.record(loaded(id, by).publish(text, by=by, at=now), also=also)


def _erase_at(now: datetime) -> datetime:
    return now + timedelta(days=directory_service.edition(now).setting("erase_contact_days"))


# Residents' word


@dataclass(frozen=True)
class Paper:
    """One person's answers on their way: the form's id, the browser's mark, and how to tell them, if they want it."""

    id: str
    browser: str
    given: Given
    contact: Contact | None = None


class CountedAlready(Exception):
    """This browser's answer was counted before; nothing was written."""


def answer(consultation: Consultation, paper: Paper, now: datetime) -> None:
    """Count one person's answers, once: the same form again changes nothing. One transaction.

    Raises IllegalMove if it is not open, CountedAlready, Cancelled when too many answer at this very moment.
    """
    if not consultation.takes_answers(now):
        raise IllegalMove("answer", consultation.status, ())
    try:
        transact([*_answer(consultation, paper, now), *_asking(consultation, paper)])
    except Cancelled as refused:
        if 1 in refused.failed and 0 not in refused.failed:
            raise CountedAlready from refused
        if 0 not in refused.failed:
            raise
        return
    count("Answers")


def _answer(consultation: Consultation, paper: Paper, now: datetime) -> list[Write]:
    closes = consultation.closes_at or now
    kept = int((closes - now).total_seconds()) + 400 * A_DAY  # it may be extended, by a year at the most
    mark = "answered#" + sign("answered", consultation.id, paper.browser)
    return [
        table.kept(consultation.id, paper.id, paper.given, now),
        guard.once(mark, now, kept),
        table.counted(consultation.id, paper.id, questions.counted(paper.given)),
    ]


def _asking(consultation: Consultation, paper: Paper) -> list[Write]:
    if paper.contact is None:
        return []
    return [table.asks(consultation.id, paper.id), put(vault.seal(vault_id(consultation.id, paper.id), paper.contact))]


def vault_id(consultation: str, answer: str) -> str:
    """Under which id the address of who gave an answer lies in the vault."""
    return f"{consultation}-{answer}"


# The platform's own deeds


def askers(id: str) -> Sequence[str]:
    """The answers whose people want to be told, each once."""
    return list(table.askers(id))


def forget_asker(id: str, answer: str) -> None:
    """They were told: address and wish go. Done twice it does no harm. One transaction."""
    transact(_forgotten(id, answer))


def enforce(consultation: Consultation, duty: Duty, now: datetime) -> None:
    """Take one due duty of the agenda into effect: open, close, erase."""
    _TIMERS[duty.what](consultation, now)


def _open(consultation: Consultation, now: datetime) -> None:
    _opened(consultation.open(None, by=the_system("enforce"), at=now))


def _close(consultation: Consultation, now: datetime) -> None:
    dossiers.record(consultation.close(_erase_at(now), by=the_system("enforce"), at=now))


def _erase(consultation: Consultation, now: datetime) -> None:
    askers = table.askers(consultation.id)
    while some := list(islice(askers, ERASED_AT_ONCE)):
        transact([write for answer in some for write in _forgotten(consultation.id, answer)])
    dossiers.record(consultation.erased(by=the_system("enforce"), at=now))


def _forgotten(id: str, answer: str) -> tuple[Write, Write]:
    return table.told(id, answer), vault.erase(vault_id(id, answer))


_TIMERS: Final[Mapping[str, Callable[[Consultation, datetime], None]]] = {"open": _open, "close": _close, "erase": _erase}
