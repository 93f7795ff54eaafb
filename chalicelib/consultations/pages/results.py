"""What the public was asked, what came of it, and what was done about it. The list is one query, the results two reads."""

from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from chalicelib.consultations import service
from chalicelib.consultations.model import PUBLIC, Consultation
from chalicelib.consultations.pages import routes
from chalicelib.consultations.pages.asking import NO_CONSULTATION
from chalicelib.consultations.questions import ON_THE_WHOLE, Outcome, Question, labels
from chalicelib.directory import service as directory_service
from chalicelib.errors import NotFound, Refused
from chalicelib.people import form
from chalicelib.web.charts import Bar, bar_chart
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import page, reader_of
from chalicelib.web.reader import N_, Reader
from chalicelib.web.refusal import refused_page

A_PAGE: Final = 25
STATUS: Final = {
    "open": N_("Open: you can answer"),
    "closed": N_("Closed: the answers are being worked through"),
    "published": N_("Results are out"),
}
WHOLE: Final = N_("On the draft as a whole")


@dataclass(frozen=True)
class Row:
    """One line of a table: what could be chosen, how many did, and how many that are of a hundred."""

    label: str
    number: int
    share: str


@dataclass(frozen=True)
class Shown:
    """A question with its rows and their chart; a text has none, only how many wrote."""

    question: Question
    answered: int
    rows: tuple[Row, ...]
    chart: Markup | None
    mean: str


def _none(refused: Refused, request: Request | None) -> Answer:
    return refused_page(refused, request, NO_CONSULTATION if refused.status == 404 else None)


@door(routes, "GET /open/consultations", refuse=refused_page)
def list_public_consultations(request: Request) -> Answer:
    """Everything the public is or was asked, the newest first."""
    found = service.listed_in_public(limit=A_PAGE, cursor=request.query.get("cursor", ""))
    district = directory_service.edition(request.now).district
    return page(request, "consultation_list.html", district=district, items=found.items, next=found.next, status_of=STATUS)


@door(routes, "GET /open/consultations/{consultation_id}", refuse=_none)
def show_public_results(request: Request) -> Answer:
    """The results, when they are published; until then where to answer and when it closes."""
    consultation = service.found(form.plain(request.params["consultation_id"]))
    if consultation.status not in PUBLIC:
        raise NotFound("There is no such consultation that is public")
    published = consultation.status == "published"
    results = _results(consultation, reader_of(request)) if published else {"people": 0, "shown": [], "taken_up": []}
    return page(
        request,
        "consultation_results.html",
        consultation=consultation,
        district=directory_service.edition(request.now).district,
        standing=STATUS[consultation.status],
        open=consultation.takes_answers(request.now),
        published=published,
        **results,
    )


def _results(consultation: Consultation, reader: Reader) -> dict[str, Any]:
    results = service.results(consultation)
    return {
        "people": results.people,
        "shown": [_shown(outcome, consultation, reader) for outcome in _worth_showing(consultation, results.outcomes, reader)],
        "taken_up": [
            (one, consultation.quotes.get(f"{one.answer}.{one.question}", ""), consultation.question(one.question))
            for one in consultation.taken_up
        ],
    }


def _worth_showing(consultation: Consultation, outcomes: tuple[Outcome, ...], reader: Reader) -> tuple[Outcome, ...]:
    """The questions of a survey; of a draft one chart of how many commented on each paragraph."""
    if consultation.form == "survey":
        return outcomes
    said = reader.say(N_("Comments by paragraph"))
    labels = tuple(_paragraph(outcome.question, reader) for outcome in outcomes)
    counts = tuple(outcome.answered for outcome in outcomes)
    return (Outcome(Question("paragraphs", "multiple", said, options=labels), sum(counts), counts),)


def _paragraph(question: Question, reader: Reader) -> str:
    if question.id == ON_THE_WHOLE:
        return reader.say(WHOLE)
    return f"{question.id[1:]}. {question.text}"


def _shown(outcome: Outcome, consultation: Consultation, reader: Reader) -> Shown:
    question, whole = outcome.question, outcome.answered
    numbered = zip(labels(question), outcome.chosen, strict=True)
    rows = tuple(Row(label, count, _share(count, whole)) for label, count in numbered)
    of_all = consultation.form == "survey"  # how many of those who answered; paragraphs are compared with one another
    bars = [Bar(row.label, row.number, f"{row.number} · {row.share}" if of_all else str(row.number)) for row in rows]
    chart = bar_chart(question.id, question.text, bars, whole if of_all else 0) if rows else None
    mean = reader.say(N_("On average %(mean)s"), mean=f"{outcome.mean:.1f}") if outcome.mean is not None else ""
    return Shown(question, outcome.answered, rows, chart, mean)


def _share(count: int, whole: int) -> str:
    return f"{round(100 * count / whole)}%" if whole else "–"
