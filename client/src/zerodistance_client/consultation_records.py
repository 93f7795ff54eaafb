"""What the server tells of consultations, as frozen dataclasses; the rules are those of ``records``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zerodistance_client.records import Entry, Move, Record


@dataclass(frozen=True, kw_only=True)
class ConsultationSummary(Record):
    """A consultation as the list shows it. ``form`` is 'survey' or 'draft'; ``deputy`` is '' where a manager made it."""

    id: str
    status: str = ""
    form: str = ""
    title: str = ""
    maker: str = ""
    deputy: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Question(Record):
    """A question, or a paragraph of a draft (``kind`` 'text'). ``options``: what may be chosen, or the words at the two ends of
    a scale of 1 to ``steps``."""

    id: str
    kind: str = ""
    text: str = ""
    required: bool = False
    options: tuple[str, ...] = ()
    steps: int = 0


@dataclass(frozen=True, kw_only=True)
class TakenUp(Record):
    """A comment that something was done about: ``quote`` of it is public as soon as the results are."""

    answer: str
    question: str = ""
    quote: str = ""
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Consultation(ConsultationSummary):
    """A consultation whole. ``url`` is where one answers; ``public_url`` is '' until the results are published."""

    intro: str = ""
    questions: tuple[Question, ...] = ()
    taken_up: tuple[TakenUp, ...] = ()
    conclusion: str = ""
    reason: str = ""
    url: str = ""
    public_url: str = ""
    timeline: tuple[Entry, ...] = ()
    moves: tuple[Move, ...] = ()
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class ConsultationPage(Record):
    """One page of a list. ``next`` is the cursor of the page after it, '' on the last."""

    items: tuple[ConsultationSummary, ...] = ()
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome(Record):
    """What came of a question: how many ``answered``, how many ``chosen`` each answer, in their order; ``mean`` of a scale."""

    question: str
    answered: int = 0
    chosen: tuple[int, ...] = ()
    mean: float | None = None


@dataclass(frozen=True, kw_only=True)
class Results(Record):
    """How many people answered, and what came of each question."""

    people: int = 0
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Comment(Record):
    """What somebody wrote, by question. Nobody but staff sees it unless it is taken up."""

    answer: str
    at: datetime | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CommentPage(Record):
    """One page of comments, which may hold less than was asked for. ``next`` is the cursor of the page after it."""

    items: tuple[Comment, ...] = ()
    next: str = ""
