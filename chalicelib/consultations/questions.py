"""What is asked, and what was answered. Pure.

A survey has questions of four kinds. A draft open for comment is cut into numbered paragraphs, and each is a question for
text: so both are answered, counted and shown in one way.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from chalicelib.errors import Invalid
from chalicelib.people.text import paragraphs

Kind = Literal["single", "multiple", "scale", "text"]

MOST_QUESTIONS: Final = 30
MOST_OPTIONS: Final = 20
MOST_FIELDS: Final = 80  # a posted form holds a hundred fields, and some are the form's own
MOST_STEPS: Final = 10
LONGEST_QUESTION: Final = 500
LONGEST_OPTION: Final = 100
LONGEST_DRAFT: Final = 20_000
LONGEST_TEXT: Final = 2_000  # of one answer
ON_THE_WHOLE: Final = "all"  # the last question of a draft: a comment on no paragraph
PEOPLE: Final = "people"  # the counter of all who answered


@dataclass(frozen=True)
class Question:
    """One question. ``options`` are what may be chosen, or the words at the two ends of a scale of 1 to ``steps``."""

    id: str
    kind: Kind
    text: str
    required: bool = False
    options: tuple[str, ...] = ()
    steps: int = 0

    @property
    def choices(self) -> int:
        """How many answers can be chosen from; 0 for a text."""
        return {"text": 0, "scale": self.steps}.get(self.kind, len(self.options))


@dataclass(frozen=True)
class Given:
    """What one person answered: the numbers chosen (from 1), and the texts, by question. Only what was answered is in it."""

    chosen: dict[str, tuple[int, ...]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


# What may be asked


def survey(asked: Sequence[Question]) -> tuple[Question, ...]:
    """The questions of a survey, numbered q1, q2 …  Raises Invalid that names the question."""
    if not 1 <= len(asked) <= MOST_QUESTIONS:
        raise Invalid("questions", f"{len(asked)} questions; ask 1 to {MOST_QUESTIONS}", "wrong_number")
    numbered = tuple(replace(_checked(question, n), id=f"q{n}") for n, question in enumerate(asked, start=1))
    fields = sum(question.choices if question.kind == "multiple" else 1 for question in numbered)
    if fields > MOST_FIELDS:
        raise Invalid(
            "questions", f"{fields} boxes and fields are too many for one page; {MOST_FIELDS} is the most", "too_many"
        )
    return numbered


def _checked(question: Question, number: int) -> Question:
    for name, problem, code in _problems(question):
        if problem:
            raise Invalid(f"questions.{number}.{name}", f"Question {number}: {problem}", code)
    options = tuple(option.strip() for option in question.options)
    return replace(question, text=question.text.strip(), options=options, steps=_steps(question))


def _steps(question: Question) -> int:
    return (question.steps or 5) if question.kind == "scale" else 0


def _problems(question: Question) -> Iterator[tuple[str, str, str]]:
    yield "text", _length(question.text, LONGEST_QUESTION), "wrong_length"
    yield "options", _options_problem(question), "wrong_options"
    steps = _steps(question)
    wrong = question.kind == "scale" and not 2 <= steps <= MOST_STEPS
    yield "steps", f"a scale of {steps} steps; give 2 to {MOST_STEPS}" if wrong else "", "wrong_steps"


def _options_problem(question: Question) -> str:
    options = [option.strip() for option in question.options]
    fewest, most = {"text": (0, 0), "scale": (0, 2)}.get(question.kind, (2, MOST_OPTIONS))
    if not fewest <= len(options) <= most or (question.kind == "scale" and len(options) == 1):
        wanted = {"text": "none", "scale": "none, or the words at its two ends"}.get(question.kind, f"{fewest} to {most}")
        return f"{len(options)} options for a question of kind {question.kind}; give {wanted}"
    if twice := next((option for option in options if options.count(option) > 1), ""):
        return f"the option '{twice}' stands there twice"
    return next(filter(None, (_length(option, LONGEST_OPTION) for option in options)), "")


def _length(text: str, longest: int) -> str:
    if not text.strip():
        return "a text is empty"
    return f"'{text[:20]}…' has {len(text)} characters; {longest} is the most" if len(text) > longest else ""


def draft(text: str) -> tuple[Question, ...]:
    """The numbered paragraphs of a draft, p1, p2 …, and a place for what is to be said on the whole. Raises Invalid.

    Where blank lines part the text, they part its paragraphs; else each line is one.
    """
    whole = paragraphs(text)
    if not 1 <= len(whole) <= LONGEST_DRAFT:
        raise Invalid("text", f"The draft has {len(whole):,} characters; 1 to {LONGEST_DRAFT:,} are possible", "wrong_length")
    parts = [part.strip() for part in re.split(r"\n\s*\n" if re.search(r"\n\s*\n", whole) else r"\n", whole) if part.strip()]
    if len(parts) >= MOST_FIELDS:
        raise Invalid("text", f"{len(parts)} paragraphs; {MOST_FIELDS - 1} is the most: join some", "too_many")
    cut = (Question(f"p{n}", "text", part) for n, part in enumerate(parts, start=1))
    return (*cut, Question(ON_THE_WHOLE, "text", ""))


# What was answered


def given(questions: Iterable[Question], fields: Mapping[str, str]) -> Given:
    """The answers in a posted form: a field ``q1`` for what is chosen or written, ``q1-2`` for each box that is ticked."""
    chosen: dict[str, tuple[int, ...]] = {}
    texts: dict[str, str] = {}
    for question in questions:
        if question.kind == "text":
            texts[question.id] = paragraphs(fields.get(question.id, ""))
        else:
            chosen[question.id] = tuple(_ticked(question, fields))
    return Given({id: numbers for id, numbers in chosen.items() if numbers}, {id: text for id, text in texts.items() if text})


def _ticked(question: Question, fields: Mapping[str, str]) -> Iterator[int]:
    for number in range(1, question.choices + 1):
        if f"{question.id}-{number}" in fields if question.kind == "multiple" else fields.get(question.id) == str(number):
            yield number


def faults(questions: Sequence[Question], answers: Given) -> dict[str, str]:
    """What has to be put right: a code for each question. Empty if the answers can be taken."""
    found = {question.id: _fault(question, answers) for question in questions}
    wrong = {id: code for id, code in found.items() if code}
    if not wrong and not answers.chosen and not answers.texts:
        return {questions[0].id: "nothing"}
    return wrong


def _fault(question: Question, answers: Given) -> str:
    if len(answers.texts.get(question.id, "")) > LONGEST_TEXT:
        return "too_long"
    answered = question.id in answers.chosen or question.id in answers.texts
    return "missing" if question.required and not answered else ""


# What is counted


def counters(questions: Iterable[Question]) -> Iterator[str]:
    """The name of every counter: of all people, of those who answered a question, of those who chose an answer."""
    yield PEOPLE
    for question in questions:
        yield question.id
        yield from (counter(question.id, number) for number in range(1, question.choices + 1))


def counter(question: str, number: int) -> str:
    """The counter of one answer that can be chosen."""
    return f"{question}_{number}"


def counted(answers: Given) -> Iterator[str]:
    """The counters that one person's answers raise by one."""
    yield PEOPLE
    yield from answers.texts
    for question, numbers in answers.chosen.items():
        yield question
        yield from (counter(question, number) for number in numbers)


@dataclass(frozen=True)
class Outcome:
    """What came of a question: how many answered, and how many chose each answer."""

    question: Question
    answered: int
    chosen: tuple[int, ...]

    @property
    def mean(self) -> float | None:
        """The mean of a scale; None for other kinds and where nobody answered."""
        if self.question.kind != "scale" or not sum(self.chosen):
            return None
        return sum(step * count for step, count in enumerate(self.chosen, start=1)) / sum(self.chosen)


def labels(question: Question) -> tuple[str, ...]:
    """What each choice of a question is called; the steps of a scale by their number, and the words at its two ends."""
    if question.kind != "scale":
        return question.options
    ends = question.options or ("", "")
    words = {1: ends[0], question.steps: ends[-1]}
    return tuple(f"{step} {words.get(step, '')}".strip() for step in range(1, question.steps + 1))


def outcomes(questions: Iterable[Question], counts: Mapping[str, int]) -> tuple[Outcome, ...]:
    """What came of each question, from the counters."""
    return tuple(
        Outcome(
            question,
            counts.get(question.id, 0),
            tuple(counts.get(counter(question.id, number), 0) for number in range(1, question.choices + 1)),
        )
        for question in questions
    )
