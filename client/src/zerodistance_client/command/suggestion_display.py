"""How deputies' suggestions look on a terminal."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from zerodistance_client.command.around import Around
from zerodistance_client.command.display import plain, possible, shown_id, timeline
from zerodistance_client.suggestion_records import Evidence, Suggestion, SuggestionSummary


def suggestion_list(here: Around, suggestions: Iterable[SuggestionSummary]) -> Table:
    """Suggestions, two lines each."""
    table = Table(box=None, show_header=False, padding=(0, 2, 1, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for each in suggestions:
        table.add_row(_which(here, each), _due(here, each), _what(here, each))
    return table


def _which(here: Around, each: SuggestionSummary) -> Text:
    return Text.assemble((shown_id(each.id), "bold"), "\n", (plain(here.words.suggestion_term(each.status)), "dim"))


def _due(here: Around, each: SuggestionSummary) -> Text:
    number = here.words("numbered", number=each.number, year=each.year) if each.number else ""
    due = here.words("next_due", at=here.local(each.due_at)) if each.due_at else ""
    return Text.assemble(number, "\n", (due, "bold red" if each.overdue else "dim"))


def _what(here: Around, each: SuggestionSummary) -> Text:
    below = " · ".join(plain(fact) for fact in _facts(here, each) if fact)
    return Text.assemble(plain(each.title), "\n", (below, "dim"))


def _facts(here: Around, each: SuggestionSummary) -> Iterator[str]:
    yield here.words("led_by", name=each.lead)
    yield here.words("signed_by", names=", ".join(each.cosigners)) if each.cosigners else ""
    yield ", ".join(filter(None, (each.body, *each.joint)))
    yield from (here.words.suggestion_term(word) for word in (each.reply_class, each.result) if word)


def whole_suggestion(here: Around, suggestion: Suggestion) -> Group:
    """A suggestion: who and what, the text, what it stands on, documents, what happened, what can be done."""
    parts: list[RenderableType] = [_head(here, suggestion), "", Padding(Text(plain(suggestion.text)), (0, 0, 0, 2))]
    parts += ["", _title(here, "evidence"), *(_evidence(here, each) for each in suggestion.evidence)]
    if suggestion.documents:
        lines = (" · ".join(filter(None, (it.title, it.number, it.date, it.url))) for it in suggestion.documents)
        parts += ["", _title(here, "documents"), Padding(Text("\n".join(map(plain, lines))), (0, 0, 0, 2))]
    if suggestion.timeline:
        parts += ["", _title(here, "timeline"), timeline(here, suggestion.timeline, here.words.suggestion_term)]
    if suggestion.public_url:
        parts += ["", Text(here.words("public_page", url=plain(suggestion.public_url)), style="dim")]
    return Group(*parts, possible(here, suggestion.moves))


def _head(here: Around, suggestion: Suggestion) -> Text:
    status = plain(here.words.suggestion_term(suggestion.status))
    number = here.words("numbered", number=suggestion.number, year=suggestion.year) if suggestion.number else ""
    first = " · ".join(filter(None, (status, number, plain(suggestion.title))))
    below = " · ".join(plain(fact) for fact in (*_facts(here, suggestion), *_waits(here, suggestion)) if fact)
    return Text.assemble((shown_id(suggestion.id), "bold"), f"  {first}\n", (below, "dim"))


def _waits(here: Around, suggestion: Suggestion) -> Iterator[str]:
    if suggestion.due_at:
        yield here.words("overdue_since" if suggestion.overdue else "next_due", at=here.local(suggestion.due_at))
    if suggestion.asked:
        yield here.words("extension_asked", until=suggestion.asked.until, reason=suggestion.asked.reason)
    if suggestion.invited:
        yield here.words("asked_to_sign", names=", ".join(suggestion.invited))
    if suggestion.merged_into:
        yield here.words("went_into", id=shown_id(suggestion.merged_into))


def _evidence(here: Around, each: Evidence) -> Padding:
    """A demand as it stood, with what is typical of its people."""
    at = here.local(each.at) if each.at else ""
    figures = here.words("people_cases", people=each.people, cases=each.cases)
    since = here.words("since", day=each.since) if each.since else ""
    line = " · ".join(filter(None, (shown_id(each.demand), plain(each.name), figures, plain(since), at)))
    sentences = "".join(f"\n  {plain(sentence)}" for sentence in each.sentences)
    return Padding(Text.assemble(line, (sentences, "dim")), (0, 0, 0, 2))


def _title(here: Around, sentence: str) -> Text:
    return Text(here.words(sentence), style="bold")
