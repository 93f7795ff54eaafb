"""How consultations look on a terminal."""

from collections.abc import Iterable, Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from zerodistance_client.command.around import Around
from zerodistance_client.command.display import plain, possible, shown_id, timeline
from zerodistance_client.consultation_records import (
    Comment,
    Consultation,
    ConsultationSummary,
    Outcome,
    Question,
    Results,
    TakenUp,
)

BAR: Final = 24  # characters of the longest bar
ON_THE_WHOLE: Final = "all"


def consultation_list(here: Around, consultations: Iterable[ConsultationSummary]) -> Table:
    """Consultations, two lines each."""
    table = Table(box=None, show_header=False, padding=(0, 2, 1, 0))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for each in consultations:
        status = plain(here.words.consultation_term(each.status))
        which = Text.assemble((shown_id(each.id), "bold"), "\n", (status, "dim"))
        table.add_row(which, Text.assemble(plain(each.title), "\n", (_facts(here, each), "dim")))
    return table


def _facts(here: Around, each: ConsultationSummary) -> str:
    times = " – ".join(here.local(moment) for moment in (each.opens_at, each.closes_at) if moment)
    facts = (here.words.consultation_term(each.form), times, each.deputy or each.maker)
    return " · ".join(plain(fact) for fact in facts if fact)


def whole_consultation(here: Around, one: Consultation) -> Group:
    """A consultation: what is asked, what was taken up, what happened, what can be done."""
    status = plain(here.words.consultation_term(one.status))
    head = Text.assemble((shown_id(one.id), "bold"), f"  {status} · {plain(one.title)}\n", (_facts(here, one), "dim"))
    parts: list[RenderableType] = [head]
    if one.intro:
        parts += ["", Padding(Text(plain(one.intro)), (0, 0, 0, 2))]
    parts += ["", *(_question(here, question) for question in one.questions)]
    if one.taken_up:
        parts += ["", _title(here, "taken_up_are"), *(_taken(taken) for taken in one.taken_up)]
    if one.conclusion:
        parts += ["", _title(here, "conclusion_is"), Padding(Text(plain(one.conclusion)), (0, 0, 0, 2))]
    if one.timeline:
        parts += ["", _title(here, "timeline"), timeline(here, one.timeline, here.words.consultation_term)]
    parts += ["", Text(here.words("answer_at", url=plain(one.url)), style="dim")]
    return Group(*parts, possible(here, one.moves))


def _title(here: Around, sentence: str) -> Text:
    return Text(here.words(sentence), style="bold")


def _question(here: Around, question: Question) -> Padding:
    needed = " *" if question.required else ""
    kind = here.words.consultation_term(question.kind) if question.id.startswith("q") else ""
    options = " / ".join(plain(option) for option in question.options)
    below = " · ".join(filter(None, (kind, f"1–{question.steps}" if question.steps else "", options)))
    return Padding(Text.assemble(_asked(here, question), needed, (f"\n{below}" if below else "", "dim")), (0, 0, 0, 2))


def _asked(here: Around, question: Question) -> str:
    text = here.words("on_the_whole") if question.id == ON_THE_WHOLE else plain(question.text)
    return f"{question.id}  {text}"


def _taken(taken: TakenUp) -> Padding:
    said = Text.assemble((f"{taken.question}  “{plain(taken.quote)}”", "italic"), f"\n→ {plain(taken.text)}")
    return Padding(said, (0, 0, 0, 2))


def whole_results(here: Around, one: Consultation, results: Results) -> Group:
    """How many people answered, and a small chart of each question; of a draft, how many commented on each paragraph."""
    asked = {question.id: question for question in one.questions}
    parts: list[RenderableType] = [Text(here.words("people_answered", people=results.people), style="bold")]
    for outcome in results.outcomes:
        if question := asked.get(outcome.question):
            parts += ["", *_outcome(here, question, outcome)]
    return Group(*parts)


def _outcome(here: Around, question: Question, outcome: Outcome) -> Iterator[RenderableType]:
    mean = f" · ⌀ {outcome.mean:.1f}" if outcome.mean is not None else ""
    answered = here.words("so_many_answers", answers=outcome.answered)
    yield Text.assemble(_asked(here, question), (f"\n{answered}{mean}", "dim"))
    if outcome.chosen:
        table = Table.grid(padding=(0, 2))
        most = max(outcome.chosen) or 1
        for label, number in zip(_labels(question), outcome.chosen, strict=False):
            table.add_row("", plain(label), str(number), Text("█" * round(BAR * number / most), style="cyan"))
        yield table


def _labels(question: Question) -> list[str]:
    if question.kind != "scale":
        return [*question.options]
    ends = dict(zip((1, question.steps), question.options, strict=False))
    return [f"{step} {ends.get(step, '')}".strip() for step in range(1, question.steps + 1)]


def comment_list(here: Around, comments: Iterable[Comment]) -> Table:
    """What people wrote: the answer's id, and each comment with its question."""
    table = Table(box=None, show_header=False, padding=(0, 2, 1, 0))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for each in comments:
        when = here.local(each.at) if each.at else ""
        words = "\n".join(f"{question}  {plain(text)}" for question, text in each.texts.items())
        table.add_row(Text.assemble((shown_id(each.answer), "bold"), "\n", (when, "dim")), Text(words))
    return table
