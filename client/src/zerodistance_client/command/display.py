"""How lists and cases look on a terminal.

What residents and colleagues wrote is shown as plain text: no control character of theirs reaches the terminal, where it
could clear the screen, hide a line or turn the direction of writing.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import typer
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from zerodistance_client.command.around import Around
from zerodistance_client.command.due import clock_standing, standing
from zerodistance_client.records import Case, Deputy, Entry, Move, Said, Summary

# C0 and C1 control characters but line feed and tab, and the marks that turn the direction of writing.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
REFERENCES: Final = frozenset({"words"})  # numbers that lead to something else, and are none in themselves
# Where the move's name is another.
COMMANDS: Final[Mapping[str, str]] = {
    "acknowledge": "ack", "route": "assign", "take_up": "take-up", "take_out": "take-out",
    "reassign": "assign", "ask_extension": "ask-extension", "refuse_extension": "refuse-extension", "hand_over": "hand-over",
    "sign_up": "sign-up", "sign_off": "sign-off", "count_guests": "guests", "take_down": "take", "minute": "minutes",
}  # fmt: skip


def plain(text: str) -> str:
    """A text without the characters that command a terminal."""
    return _UNSEEN.sub("", text)


def shown_id(id: str) -> str:
    """A case's id as people read it: 7K3M-9QXA-2B4C; a demand's: D-7K3M-9QXA-2B4C."""
    if len(id) not in (12, 13) or not id.isalnum():
        return plain(id)
    return "-".join(filter(None, (id[:-12], id[-12:-8], id[-8:-4], id[-4:])))


def as_json(value: Any) -> str:
    """JSON to read and to pipe: Chinese as it is, characters that command a terminal as escapes."""
    return _UNSEEN.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=2))


def _escaped(letter: re.Match[str]) -> str:
    return f"\\u{ord(letter[0]):04x}"


def print_json(value: Any) -> None:
    """Print a value as JSON, without wrapping or colours."""
    typer.echo(as_json(value))


def on_paper(thing: RenderableType) -> str:
    """A thing as plain text, to be read in an editor."""
    paper = Console(width=100, color_system=None, highlight=False)
    with paper.capture() as written:
        paper.print(thing)
    return written.get()


def work_list(here: Around, cases: Iterable[Summary]) -> Table:
    """Cases by what falls due next, two lines each: fits 80 columns."""
    table = Table(box=None, show_header=False, padding=(0, 2, 1, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")  # Chinese has no spaces to break at
    now = here.now()
    for case in cases:
        table.add_row(_which(here, case), _when(here, case, now), _what(here, case))
    return table


def _which(here: Around, case: Summary) -> Text:
    return Text.assemble((shown_id(case.id), "bold"), "\n", (plain(here.words.term(case.status)), "dim"))


def _when(here: Around, case: Summary, now: datetime) -> Text:
    how = standing(case, now, here.words)
    return Text.assemble((how.text, how.style), "\n", (_due(here, case), "dim"))


def _due(here: Around, case: Summary) -> str:
    if case.due_at is None:
        return ""
    return here.words("due", step=plain(here.words.term(case.due_step)), at=here.local(case.due_at))


def _what(here: Around, case: Summary) -> Text:
    urgent = case.urgency not in ("", "normal")
    pressing = f"{plain(here.words.term(case.urgency))} · " if urgent else ""
    part_of = here.words("of_demand", id=shown_id(case.demand)) if case.demand else ""
    where = " · ".join(plain(part) for part in (part_of, case.category, case.grid, case.body) if part)
    return Text.assemble(plain(case.summary), "\n", (pressing, _urgency_style(case)), (where, "dim"))


def _urgency_style(case: Summary) -> str:
    return "bold red" if case.urgency == "danger" else "yellow"


def whole_case(here: Around, case: Case) -> Group:
    """A case: what was said, how its promises stand, what happened, what can be done."""
    parts: list[RenderableType] = [_head(here, case), *_said(here, case)]
    if case.promises:
        parts += ["", Text(here.words("promises"), style="bold"), _promises(here, case)]
    if case.timeline:
        parts += ["", Text(here.words("timeline"), style="bold"), timeline(here, case.timeline, here.words.term)]
    return Group(*parts, "", possible(here, case.moves))


def _head(here: Around, case: Case) -> Text:
    now = here.now()
    how = standing(case, now, here.words)
    status, urgency = (plain(here.words.term(word)) for word in (case.status, case.urgency))
    received = here.words("received", at=here.local(case.received_at)) if case.received_at else ""
    facts = (urgency, case.category, case.grid, case.body, case.deputy, received, _verdict(here, case))
    below = " · ".join(plain(fact) for fact in facts if fact)
    return Text.assemble((shown_id(case.id), "bold"), f"  {status} · ", (how.text, how.style), "\n", (below, "dim"))


def _verdict(here: Around, case: Case) -> str:
    grade = f" {case.satisfaction}/5" if case.satisfaction else ""
    return here.words("verdict", word=here.words.term(case.verdict)) + grade if case.verdict else ""


def _said(here: Around, case: Case) -> Iterable[RenderableType]:
    if not any(said.text for said in case.words):
        yield Padding(Text(here.words("erased"), style="dim"), (1, 0, 0, 2))
    for number, said in enumerate(case.words):
        yield Padding(_words(here, said, first=number == 0), (1, 0, 0, 2))
    if case.demand:
        yield Text("\n" + here.words("see_demand", id=shown_id(case.demand)), style="dim")
    if case.has_contact and any(move.move == "answer" for move in case.moves):
        yield Text("\n" + here.words("contact_left", id=shown_id(case.id)), style="dim")


def _words(here: Around, said: Said, first: bool) -> Text:
    when = here.words("added", at=here.local(said.at)) + "\n" if said.at and not first else ""
    where = ", ".join(filter(None, (plain(said.address), " ".join(f"{degrees:.5f}" for degrees in said.position))))
    return Text.assemble((when, "dim"), plain(said.text), (f"\n{where}" if where else "", "dim"))


def _promises(here: Around, case: Case) -> Table:
    table = Table.grid(padding=(0, 2))
    now = here.now()
    for clock in case.promises:
        how = clock_standing(clock, now, here.words)
        due = here.local(clock.due_at) if clock.due_at else ""
        table.add_row("", plain(here.words.term(clock.step)), due, Text(how.text, style=how.style))
    return table


def timeline(here: Around, entries: Iterable[Entry], term: Callable[[str], str]) -> Table:
    """What happened, a row a fact; ``term`` gives a fact's name in the reader's language."""
    table = Table.grid(padding=(0, 2))
    for column in ("", "at", "who", "what"):
        table.add_column(no_wrap=column == "at")
    for entry in entries:
        table.add_row("", here.local(entry.at) if entry.at else "", _who(here, entry), _happened(here, entry, term))
    return table


def _who(here: Around, entry: Entry) -> Text:
    name = entry.actor.name or entry.actor.id
    return Text(" ".join(filter(None, (plain(here.words.term(entry.actor.role)), plain(name)))), style="dim")


def _happened(here: Around, entry: Entry, term: Callable[[str], str]) -> Text:
    yes = [name for name, value in entry.data.items() if value is True]
    told = [f"{name}: {shown}" for name, value in entry.data.items() if (shown := _value(here, name, value))]
    what = ", ".join((term(entry.type), *yes))
    return Text("\n".join(plain(line) for line in (what, entry.text, *told) if line))


def _value(here: Around, name: str, value: object) -> str:
    """A value of a fact for people; '' for what says nothing to them."""
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, str):
        return _local(here, value) if name.endswith("_at") else value
    return str(value) if value and not isinstance(value, bool | dict) and name not in REFERENCES else ""


def _local(here: Around, moment: str) -> str:
    try:
        return here.local(datetime.fromisoformat(moment))
    except ValueError:  # no moment after all: shown as it is
        return moment


def possible(here: Around, moves: Iterable[Move]) -> Text:
    """The commands that can be given now."""
    commands = [COMMANDS.get(move.move, move.move) for move in moves]
    if not commands:
        return Text(here.words("nothing_possible"), style="dim")
    return Text(here.words("possible_moves", moves=", ".join(plain(command) for command in commands)), style="dim")


def deputies_table(deputies: Iterable[Deputy]) -> Table:
    """The public list of deputies."""
    table = Table.grid(padding=(0, 2))
    for deputy in deputies:
        names = (deputy.id, deputy.name_zh, deputy.name_en, deputy.ward_zh, deputy.ward_en, deputy.form_url)
        table.add_row(*(Text(plain(name)) for name in names))
    return table
