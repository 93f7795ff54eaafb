"""How public figures look on a terminal."""

from typing import Final

from rich.table import Table

from zerodistance_client.command.around import Around
from zerodistance_client.command.display import plain
from zerodistance_client.figure_records import Count, Figures

BELOW: Final = {"in_time": "due", "solved": "verdicts", "satisfied": "grades"}  # what each rate is of


def rate_list(here: Around, found: Figures) -> Table:
    """The three rates, a line for each of the scope, or for each month of the district."""
    table = Table(box=None, padding=(0, 2, 0, 0), title_justify="left")
    for column in ("", "messages", *BELOW):
        table.add_column(here.words(f"figure_{column}") if column else "", justify="right" if column else "left")
    language = here.words.language
    lines: list[tuple[str, Count]] = [(line.name(language), line) for line in found.lines] or [*found.by_month.items()]
    for name, count in [*lines, (here.words("figure_together"), found.total)]:
        table.add_row(plain(name), str(count.counts.get("received", 0)), *(_share(count, rate) for rate in BELOW))
    return table


def _share(count: Count, rate: str) -> str:
    found = count.rates.get(rate)
    return "–" if found is None else f"{found:.0%} ({count.counts.get(BELOW[rate], 0)})"


def fact_list(found: Figures) -> Table:
    """What happened in each section, by the API's names of the facts."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for line in found.lines:
        for fact, count in line.counts.items():
            table.add_row(plain(fact), str(count))
    return table
