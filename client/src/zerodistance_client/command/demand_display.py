"""How common demands look on a terminal."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from zerodistance_client.command.around import Around
from zerodistance_client.command.curve import curve
from zerodistance_client.command.display import plain, possible, shown_id, timeline, work_list
from zerodistance_client.demand_records import Demand, DemandSummary
from zerodistance_client.records import Summary

MOST_PLACES: Final = 6  # named in a list's line


def demand_list(here: Around, demands: Iterable[DemandSummary]) -> Table:
    """Demands, those of most people first, two lines each."""
    table = Table(box=None, show_header=False, padding=(0, 2, 1, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for demand in demands:
        table.add_row(_which(here, demand), _how_many(here, demand), _what(demand))
    return table


def _which(here: Around, demand: DemandSummary) -> Text:
    return Text.assemble((shown_id(demand.id), "bold"), "\n", (plain(here.words.demand_term(demand.status)), "dim"))


def _how_many(here: Around, demand: DemandSummary) -> Text:
    since = here.words("since", day=plain(demand.since)) if demand.since else ""
    return Text.assemble(here.words("people_cases", people=demand.people, cases=demand.cases), "\n", (since, "dim"))


def _what(demand: DemandSummary) -> Text:
    facts = (demand.category, ", ".join([*demand.grids][:MOST_PLACES]), demand.body)
    return Text.assemble(plain(demand.name or demand.summary), "\n", (" · ".join(filter(None, map(plain, facts))), "dim"))


def whole_demand(here: Around, demand: Demand) -> Group:
    """A demand: who and where, the curve, what people write, its cases and their promises, what happened, what can be done."""
    parts: list[RenderableType] = [_head(here, demand), "", _figures(here, demand)]
    if demand.sentences:
        lines = "\n".join(plain(sentence) for sentence in demand.sentences)
        parts += ["", _title(here, "typical"), Padding(Text(lines), (0, 0, 0, 2))]
    if demand.members:
        parts += ["", _title(here, "its_cases"), work_list(here, _members(demand))]
    if demand.timeline:
        parts += [_title(here, "timeline"), timeline(here, demand.timeline, here.words.demand_term), ""]
    if demand.public_url:
        parts.append(Text(here.words("public_page", url=plain(demand.public_url)), style="dim"))
    return Group(*parts, possible(here, demand.moves))


def _members(demand: Demand) -> Iterator[Summary]:
    """Its cases, without the mark that they are its cases."""
    return (replace(case, demand="") for case in demand.members)


def _title(here: Around, sentence: str) -> Text:
    return Text(here.words(sentence), style="bold")


def _head(here: Around, demand: Demand) -> Text:
    status, name = here.words.demand_term(demand.status), demand.name or demand.summary
    below = " · ".join(plain(fact) for fact in _facts(here, demand) if fact)
    return Text.assemble((shown_id(demand.id), "bold"), f"  {plain(status)} · {plain(name)}\n", (below, "dim"))


def _facts(here: Around, demand: Demand) -> Iterator[str]:
    words, others = here.words, [name for name in demand.supporters if name != demand.lead]
    yield words("people_cases", people=demand.people, cases=demand.cases)
    yield words("since", day=demand.since) if demand.since else ""
    yield words("led_by", name=demand.lead) if demand.lead else ""
    yield words("supported_by", names=", ".join(others)) if others else ""
    yield words("promised_until", day=demand.promised_until) if demand.promised_until else ""
    yield words("went_into", id=shown_id(demand.merged_into)) if demand.merged_into else ""
    yield from (demand.category, demand.body)


def _figures(here: Around, demand: Demand) -> Table:
    table = Table.grid(padding=(0, 2))
    places = " · ".join(f"{plain(grid)} {count}" for grid, count in _most_first(demand))
    for title, said in (("where", places), ("curve", _curve(here, demand)), ("promises", _running(here, demand))):
        if said:
            table.add_row(here.words(title), said)
    return table


def _most_first(demand: Demand) -> list[tuple[str, int]]:
    return sorted(demand.grids.items(), key=lambda place: -place[1])


def _curve(here: Around, demand: Demand) -> Text | None:
    if not demand.days:
        return None
    today = here.now().astimezone(here.zone).date()
    first, last = min(demand.days), max(today.isoformat(), *demand.days)
    says = here.words("curve_says", first=first, last=last, most=max(demand.days.values()))
    return Text.assemble((curve(demand.days, today), "cyan"), "  ", (plain(says), "dim"))


def _running(here: Around, demand: Demand) -> Text | None:
    if not demand.open_cases:
        return None
    says = here.words("running", open=demand.open_cases, overdue=demand.overdue_cases)
    due = here.words("next_due", at=here.local(demand.next_due_at)) if demand.next_due_at else ""
    style = "bold red" if demand.overdue_cases else ""
    return Text.assemble((says, style), (f" · {due}" if due else "", "dim"))
