"""What the API shows of a consultation. The contract: OpenAPI is generated from it."""

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.cases.shapes import Happening, Possible, happening
from chalicelib.consultations.model import Consultation
from chalicelib.consultations.questions import Outcome
from chalicelib.consultations.service import Results
from chalicelib.consultations.table import Answer
from chalicelib.people.roles import Actor
from chalicelib.settings import settings
from chalicelib.spine.chain import Entry


class ConsultationSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list. ``form`` is survey or draft; ``maker`` the user who made it, ``deputy`` the one they are."""

    id: str
    status: str
    form: str
    title: str
    maker: str
    deputy: str | None
    opens_at: datetime | None
    closes_at: datetime | None
    updated_at: datetime


class QuestionShown(msgspec.Struct, frozen=True):
    """A question, or a paragraph of a draft. ``options``: what may be chosen, or the words at the ends of a scale."""

    id: str
    kind: str
    text: str
    required: bool
    options: list[str]
    steps: int


class TakenUpShown(msgspec.Struct, frozen=True):
    """A comment that something was done about: ``quote`` of it is public as soon as the results are."""

    answer: str
    question: str
    quote: str
    text: str
    at: datetime


class ConsultationWhole(ConsultationSummary, frozen=True, kw_only=True):
    """A consultation in full. ``url`` is where one answers, ``public_url`` where the results stand."""

    intro: str
    questions: list[QuestionShown]
    taken_up: list[TakenUpShown]
    conclusion: str | None
    reason: str | None
    url: str
    public_url: str | None
    timeline: list[Happening] | None  # null in the answer to a move: ask for the consultation to see it
    moves: list[Possible]
    version: int


class ConsultationsListed(msgspec.Struct, frozen=True):
    items: list[ConsultationSummary]
    next: str | None


class OutcomeShown(msgspec.Struct, frozen=True):
    """What came of a question: ``chosen`` says how many chose each answer, in their order; ``mean`` is of a scale."""

    question: str
    answered: int
    chosen: list[int]
    mean: float | None


class ResultsShown(msgspec.Struct, frozen=True):
    people: int
    outcomes: list[OutcomeShown]


class Comment(msgspec.Struct, frozen=True):
    """What somebody wrote, by question. For staff: nobody else sees it unless it is taken up."""

    answer: str
    at: datetime | None
    texts: dict[str, str]


class CommentsListed(msgspec.Struct, frozen=True):
    items: list[Comment]
    next: str | None


def _line(consultation: Consultation) -> dict[str, Any]:
    return {
        "id": consultation.id,
        "status": consultation.status,
        "form": consultation.form,
        "title": consultation.title,
        "maker": consultation.maker,
        "deputy": consultation.deputy or None,
        "opens_at": consultation.opens_at,
        "closes_at": consultation.closes_at,
        "updated_at": consultation.updated_at,
    }


def consultation_line(consultation: Consultation) -> ConsultationSummary:
    """A consultation as a line of a list."""
    return ConsultationSummary(**_line(consultation))


def answer_url(id: str) -> str:
    """Where one answers: what the QR code says."""
    return f"{settings.base_url}/c/{id}"


def results_url(id: str) -> str:
    """Where the results stand when they are public."""
    return f"{settings.base_url}/open/consultations/{id}"


def consultation_whole(consultation: Consultation, entries: list[Entry] | None, by: Actor) -> ConsultationWhole:
    """A consultation in full, with the moves that this actor may make; without its timeline if no entries were read."""
    return ConsultationWhole(
        **_line(consultation),
        intro=consultation.intro,
        questions=[QuestionShown(q.id, q.kind, q.text, q.required, list(q.options), q.steps) for q in consultation.questions],
        taken_up=_taken_up(consultation),
        conclusion=consultation.conclusion or None,
        reason=consultation.reason or None,
        url=answer_url(consultation.id),
        public_url=results_url(consultation.id) if consultation.status == "published" else None,
        timeline=None if entries is None else [happening(entry) for entry in entries],
        moves=[Possible(move.name, sorted(move.needs)) for move in consultation.legal_moves(by)],
        version=consultation.version,
    )


def _taken_up(consultation: Consultation) -> list[TakenUpShown]:
    quotes = consultation.quotes
    return [
        TakenUpShown(one.answer, one.question, quotes.get(f"{one.answer}.{one.question}", ""), one.text, one.at)
        for one in consultation.taken_up
    ]


def results_shown(results: Results) -> ResultsShown:
    """Results as numbers."""
    return ResultsShown(results.people, [_outcome(outcome) for outcome in results.outcomes])


def _outcome(outcome: Outcome) -> OutcomeShown:
    mean = None if outcome.mean is None else round(outcome.mean, 2)
    return OutcomeShown(outcome.question.id, outcome.answered, list(outcome.chosen), mean)


def comment(answer: Answer, question: str = "") -> Comment:
    """An answer's words, or those to one question alone."""
    texts = {id: text for id, text in answer.given.texts.items() if question in ("", id)}
    return Comment(answer.id, answer.at, texts)
