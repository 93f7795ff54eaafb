"""What the figures of a scope and period look like as charts: each with the table behind it, as CSV and JSON too. Pure.

Nothing is read for them: what the page's one query brought is drawn.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from markupsafe import Markup

from chalicelib.insight.model import HOUR, RATES, rate
from chalicelib.insight.service import Figures, Line
from chalicelib.insight.tally import Counts
from chalicelib.insight.wording import RATES as RATE_NAMES
from chalicelib.web.charts import Bar, bar_chart, curve, heat
from chalicelib.web.reader import N_, Reader

Cell = str | int | float | None
MOST_BARS: Final = 40
CLOSED: Final = ("solved", "silent", "declined", "withdrawn", "merged")  # how a case ends, each case in one way at most
WEEKDAYS: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
FLOW: Final[Mapping[str, str]] = {  # from received to verdict: counter, what it is called
    "received": N_("Came in"),
    "due": N_("An answer was due"),
    "in_time": N_("Answered in time"),
    "verdicts": N_("Residents said whether it is solved"),
    "solved": N_("Solved, residents say"),
}


@dataclass(frozen=True)
class Chart:
    """One chart. ``columns`` name the cells of ``rows`` for programs; ``heads`` and ``shown`` say the same to people.

    The first cell of a row is its id; ``lists`` says by which path, if any, a row leads to its public list.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    heads: tuple[str, ...]
    shown: tuple[tuple[str, ...], ...]
    pictures: tuple[Markup, ...]
    lists: tuple[str, ...]

    def as_csv(self) -> bytes:
        """The rows as CSV (RFC 4180) with a header; what can't be reckoned is an empty cell."""
        out = io.StringIO(newline="")
        csv.writer(out).writerows([self.columns, *self.rows])
        return out.getvalue().encode()

    def as_json(self) -> bytes:
        """The rows as a list of objects; what can't be reckoned is null."""
        listed = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return msgspec.json.encode({"chart": self.name, "rows": listed})


def still_open(counts: Counts) -> int:
    """How many of these cases have not ended in any way."""
    return counts.get("received", 0) - sum(counts.get(name, 0) for name in CLOSED)


def charts(found: Figures, reader: Reader, list_of: str = "") -> tuple[Chart, ...]:
    """The charts of these figures; ``list_of`` is the path of a line's list with ``{id}``, if it has one."""
    if found.scope == "section" or not found.months:
        return ()
    if found.scope == HOUR:
        return (_heat(found, reader),)
    if found.scope != "district":
        return (_rates(found, reader, list_of),)
    return tuple(draw(found, reader) for draw in (_months, _ageing, _flow))


def _months(found: Figures, reader: Reader) -> Chart:
    months = list(_between(min(found.months), max(found.months)))
    counts = [found.months.get(month, {}).get("received", 0) for month in months]
    points = [Bar(month[5:], count, str(count)) for month, count in zip(months, counts, strict=True)]
    title = reader.say(N_("Messages by month"))
    return _of_months("months", title, "received", months, counts, curve("months", title, points), reader)


def _ageing(found: Figures, reader: Reader) -> Chart:
    months = sorted(found.months)
    counts = [still_open(found.months[month]) for month in months]
    title = reader.say(N_("Still open, by the month in which they came in"))
    bars = [Bar(month, count, str(count)) for month, count in zip(months, counts, strict=True)]
    return _of_months("ageing", title, "open", months, counts, bar_chart("ageing", title, bars), reader)


def _of_months(
    name: str, title: str, column: str, months: Sequence[str], counts: Sequence[int], picture: Markup, reader: Reader
) -> Chart:
    return Chart(
        name=name,
        title=title,
        columns=("month", column),
        rows=tuple(zip(months, counts, strict=True)),
        heads=(reader.say(N_("Month")), reader.say(N_("Messages"))),
        shown=tuple((month, str(count)) for month, count in zip(months, counts, strict=True)),
        pictures=(picture,),
        lists=tuple(f"open/data/cases.csv?month={month}" for month in months),
    )


def _between(first: str, last: str) -> Iterator[str]:
    """The months of one year from the first to the last."""
    return (f"{first[:4]}-{month:02d}" for month in range(int(first[5:]), int(last[5:]) + 1))


def _flow(found: Figures, reader: Reader) -> Chart:
    title = reader.say(N_("From the message to the verdict"))
    steps = [(name, reader.say(words), found.total.get(name, 0)) for name, words in FLOW.items()]
    return Chart(
        name="flow",
        title=title,
        columns=("step", "messages"),
        rows=tuple((name, count) for name, _, count in steps),
        heads=(reader.say(N_("Step")), reader.say(N_("Messages"))),
        shown=tuple((words, str(count)) for _, words, count in steps),
        pictures=(bar_chart("flow", title, [Bar(words, count, str(count)) for _, words, count in steps]),),
        lists=("open/data",) * len(steps),
    )


def _heat(found: Figures, reader: Reader) -> Chart:
    """A line for each weekday, a cell for each hour; people read the table the other way round, which is narrow."""
    counts = {line.id: line.counts.get("received", 0) for line in found.lines}
    days = [[counts.get(f"{day}-{hour:02d}", 0) for hour in range(24)] for day in range(1, 8)]
    names = tuple(map(reader.say, WEEKDAYS))
    title, says = (
        reader.say(N_("When messages come in")),
        reader.say(N_("The darker, the more; the table below has the numbers.")),
    )
    return Chart(
        name="heat",
        title=title,
        columns=("weekday", "hour", "received"),
        rows=tuple((day, hour, count) for day, hours in enumerate(days, start=1) for hour, count in enumerate(hours)),
        heads=(reader.say(N_("Hour")), *names),
        shown=tuple((f"{hour:02d}:00", *(str(hours[hour]) for hours in days)) for hour in range(24)),
        pictures=(heat("heat", title, says, list(zip(names, days, strict=True))),),
        lists=("open/data",) * 24,
    )


def _rates(found: Figures, reader: Reader, list_of: str) -> Chart:
    """A picture for each rate; of categories the top level only is drawn, all stand in the table."""
    names = {line.id: (line.name_zh if reader.language == "zh" else line.name_en) or line.id for line in found.lines}
    drawn = [line for line in found.lines if found.scope != "category" or "/" not in line.id][:MOST_BARS]
    return Chart(
        name="rates",
        title=reader.say(N_("The three rates")),
        columns=(found.scope, "name_zh", "name_en", "received", *(f"{name}{of}" for name in RATES for of in ("", "_of"))),
        rows=tuple((line.id, line.name_zh, line.name_en, *_cells(line)) for line in found.lines),
        heads=(),
        shown=(),
        pictures=tuple(_picture(name, drawn, names, reader) for name in RATES),
        lists=tuple(list_of.format(id=line.id) for line in found.lines),
    )


def _cells(line: Line) -> Iterator[Cell]:
    yield line.counts.get("received", 0)
    for name, (_, among) in RATES.items():
        yield rate(name, line.counts)
        yield line.counts.get(among, 0)


def _picture(name: str, lines: Sequence[Line], names: Mapping[str, str], reader: Reader) -> Markup:
    """Who can't be counted has no bar."""
    counted = [(line, share) for line in lines if (share := rate(name, line.counts)) is not None]
    bars = [Bar(names[line.id], share, f"{share:.0%} ({line.counts[RATES[name][1]]})") for line, share in counted]
    return bar_chart(f"rate-{name}", reader.say(RATE_NAMES[name]), bars, whole=1) if bars else Markup("")


FORMATS: Final[Mapping[str, tuple[str, Callable[[Chart], bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", Chart.as_csv),
    "json": ("application/json", Chart.as_json),
}
