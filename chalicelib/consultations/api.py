"""Asking residents as JSON: each view parses, calls one use case and shapes the answer."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib.consultations import service
from chalicelib.consultations.model import (
    LONGEST_INTRO,
    LONGEST_QUOTE,
    LONGEST_TITLE,
    LONGEST_WORD,
    Consultation,
)
from chalicelib.consultations.questions import LONGEST_DRAFT, MOST_QUESTIONS, Kind, Question
from chalicelib.consultations.shapes import (
    CommentsListed,
    ConsultationsListed,
    ConsultationWhole,
    ResultsShown,
    comment,
    consultation_line,
    consultation_whole,
    results_shown,
)
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.spine.chain import Entry
from chalicelib.web.asked import Name, Nothing, Reason, TextRequest, page_limit
from chalicelib.web.door import Answer, Request, door, shown

routes = Blueprint(__name__)

Moment = Annotated[datetime, Meta(tz=True)]
Title = Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
Intro = Annotated[str, Meta(max_length=LONGEST_INTRO)]
DraftText = Annotated[str, Meta(max_length=LONGEST_DRAFT)]
Word = Annotated[str, Meta(min_length=1, max_length=LONGEST_WORD)]
Quote = Annotated[str, Meta(max_length=LONGEST_QUOTE)]
ConsultationAnswer = Annotated[Answer, ConsultationWhole]


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """A question. ``options``: what may be chosen, or the words at the two ends of a scale of ``steps`` (5 if not said)."""

    kind: Kind
    text: str
    required: bool = False
    options: list[str] = []
    steps: int = 0

    def question(self) -> Question:
        """As the model has it; its number comes with its place."""
        return Question("", self.kind, self.text, self.required, tuple(self.options), self.steps)


Questions = Annotated[list[Asked], Meta(max_length=MOST_QUESTIONS)]


class EditRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A survey has ``questions``; a draft open for comment has a ``text``, which is cut into its paragraphs."""

    title: Title
    intro: Intro = ""
    questions: Questions = []
    text: DraftText = ""

    def asked(self) -> list[Question]:
        """The questions as the model has them."""
        return [each.question() for each in self.questions]


class ConsultationDraftRequest(EditRequest, kw_only=True, forbid_unknown_fields=True):
    form: Literal["survey", "draft"]


class ScheduleRequest(msgspec.Struct, forbid_unknown_fields=True):
    """When the agenda opens and closes it."""

    opens_at: Moment
    closes_at: Moment


class OpenRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Without ``closes_at`` it closes as it was scheduled."""

    closes_at: Moment | None = None


class ExtendRequest(msgspec.Struct, forbid_unknown_fields=True):
    closes_at: Moment
    reason: Reason


class WithdrawRequest(msgspec.Struct, forbid_unknown_fields=True):
    reason: Reason


class TakeUpRequest(msgspec.Struct, forbid_unknown_fields=True):
    """``text``: what was done about it. ``quote``: what of the comment becomes public, word by word; all of it if not said."""

    answer: Name
    question: Name
    text: Word
    quote: Quote = ""


@door(routes, "GET /v1/consultations")
def list_consultations(request: Request) -> Annotated[Answer, ConsultationsListed]:
    """What is not finished, the oldest first; with ``public``, what the public was or is asked, the newest first."""
    limit, cursor = page_limit(request), request.query.get("cursor", "")
    page = (
        service.listed_in_public(limit=limit, cursor=cursor)
        if "public" in request.query
        else service.listed(request.actor, limit=limit, cursor=cursor)
    )
    return shown(ConsultationsListed([consultation_line(each) for each in page.items], page.next))


def _id(request: Request) -> str:
    return form.plain(request.params["consultation_id"])


def _shown(consultation: Consultation, request: Request, status: int = 200, entries: list[Entry] | None = None) -> Answer:
    """The whole of it; the answer to a move comes without the timeline, which would cost a read more."""
    whole = consultation_whole(consultation, entries, request.actor)
    return shown(whole, status, {"ETag": f'"{consultation.version}"'})


def _again(request: Request, done: Remembered) -> Answer:
    return _shown(service.loaded(done.dossier, request.actor), request)


def _drafted_again(request: Request, done: Remembered) -> Answer:
    return _shown(service.loaded(done.dossier, request.actor), request, 201)


@door(routes, "POST /v1/consultations", again=_drafted_again)
def draft_consultation(request: Request, asked: ConsultationDraftRequest) -> ConsultationAnswer:
    """A survey, or a draft open for comment by paragraph."""
    id, wanted = service.new_id(), asked.asked()
    made = service.draft(
        id, asked.form, asked.title, asked.intro, wanted, asked.text,
        by=request.actor, now=request.now, also=request.once(id),
    )  # fmt: skip
    return _shown(made, request, 201)


@door(routes, "GET /v1/consultations/{consultation_id}")
def show_consultation(request: Request) -> ConsultationAnswer:
    """A consultation in full."""
    consultation = service.loaded(_id(request), request.actor)
    return _shown(consultation, request, entries=service.timeline(consultation))


@door(routes, "POST /v1/consultations/{consultation_id}/edit", again=_again)
def edit_consultation(request: Request, asked: EditRequest) -> ConsultationAnswer:
    """Other words, before anybody was asked."""
    id, wanted = _id(request), asked.asked()
    edited = service.edit(
        id, asked.title, asked.intro, wanted, asked.text, by=request.actor, now=request.now, also=request.once(id)
    )
    return _shown(edited, request)


@door(routes, "POST /v1/consultations/{consultation_id}/schedule", again=_again)
def schedule_consultation(request: Request, asked: ScheduleRequest) -> ConsultationAnswer:
    """It opens and closes by itself at these times."""
    id = _id(request)
    scheduled = service.schedule(id, asked.opens_at, asked.closes_at, by=request.actor, now=request.now, also=request.once(id))
    return _shown(scheduled, request)


@door(routes, "POST /v1/consultations/{consultation_id}/open", again=_again)
def open_consultation(request: Request, asked: OpenRequest) -> ConsultationAnswer:
    """From now on one may answer."""
    id = _id(request)
    return _shown(service.open_now(id, asked.closes_at, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "POST /v1/consultations/{consultation_id}/extend", again=_again)
def extend_consultation(request: Request, asked: ExtendRequest) -> ConsultationAnswer:
    """More time, and why."""
    id = _id(request)
    extended = service.extend(id, asked.closes_at, asked.reason, by=request.actor, now=request.now, also=request.once(id))
    return _shown(extended, request)


@door(routes, "POST /v1/consultations/{consultation_id}/close", again=_again)
def close_consultation(request: Request, asked: Nothing) -> ConsultationAnswer:  # noqa: ARG001 - a body is refused
    """No answer is taken from now on."""
    id = _id(request)
    return _shown(service.close(id, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "POST /v1/consultations/{consultation_id}/withdraw", again=_again)
def withdraw_consultation(request: Request, asked: WithdrawRequest) -> ConsultationAnswer:
    """Take it back; the addresses of those who wanted to be told go."""
    id = _id(request)
    return _shown(service.withdraw(id, asked.reason, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "POST /v1/consultations/{consultation_id}/take_up", again=_again)
def take_up_comment(request: Request, asked: TakeUpRequest) -> ConsultationAnswer:
    """Say what was done about a comment; it becomes public with the results."""
    id, answer = _id(request), form.plain(asked.answer)
    taken = service.take_up(
        id, answer, asked.question, asked.text, asked.quote,
        by=request.actor, now=request.now, also=request.once(id),
    )  # fmt: skip
    return _shown(taken, request)


@door(routes, "POST /v1/consultations/{consultation_id}/publish", again=_again)
def publish_consultation(request: Request, asked: TextRequest) -> ConsultationAnswer:
    """Results, what was done, and the conclusion become public; who asked to be told is told."""
    id = _id(request)
    return _shown(service.publish(id, asked.text, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "GET /v1/consultations/{consultation_id}/results")
def show_results(request: Request) -> Annotated[Answer, ResultsShown]:
    """How many people answered, and what came of each question, as it stands now."""
    return shown(results_shown(service.results(service.loaded(_id(request), request.actor))))


@door(routes, "GET /v1/consultations/{consultation_id}/comments")
def list_comments(request: Request) -> Annotated[Answer, CommentsListed]:
    """What people wrote, the newest first; with ``question``, to this one only."""
    consultation, question = service.loaded(_id(request), request.actor), request.query.get("question", "")
    limit, cursor = page_limit(request), request.query.get("cursor", "")
    answers, last = service.comments(consultation, limit=limit, cursor=cursor)
    listed = (comment(each, question) for each in answers)
    return shown(CommentsListed([each for each in listed if each.texts], last))
