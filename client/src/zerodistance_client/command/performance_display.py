"""How performance records and yearly files look on a terminal."""

from collections.abc import Iterable, Mapping
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from zerodistance_client.command.around import Around
from zerodistance_client.command.display import plain, shown_id, timeline
from zerodistance_client.performance_records import (
    CongressMedian,
    DeputyYear,
    PerformanceRecord,
    Rates,
    RecordKind,
    RecordLine,
    Standings,
    YearFile,
)

RATES: Final = ("answered_in_time", "solved", "satisfied", "attendance")
UNKNOWN: Final = "–"
COMMANDS: Final = {"show": "publish"}  # where the move's name is another


def kinds_table(here: Around, kinds: Iterable[RecordKind]) -> Table:
    """The kinds, with what each is worth."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("kind", "name", "points", "most_a_year", "made_by", "public"):
        table.add_column(here.words.record_term(name), justify="right" if name in ("points", "most_a_year") else "left")
    for kind in kinds:
        most = str(kind.most_a_year) if kind.most_a_year else UNKNOWN
        made_by, public = here.words.record_term(kind.made_by), here.words.record_term(kind.public)
        table.add_row(plain(kind.id), _name(here, kind), str(kind.points), most, made_by, public)
    return table


def _name(here: Around, kind: RecordKind) -> str:
    return plain(kind.name_zh if here.words.language == "zh" else kind.name_en)


def records_table(here: Around, records: Iterable[RecordLine]) -> Table:
    """Records, two lines each."""
    table = Table(box=None, show_header=False, padding=(0, 2, 1, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for record in records:
        points = here.words("points", points=record.points) if record.counts else ""
        table.add_row(
            Text.assemble((shown_id(record.id), "bold"), "\n", (plain(here.words.record_term(record.status)), "dim")),
            Text.assemble(plain(record.day), "\n", (points, "dim")),
            Text.assemble(plain(record.summary or record.of), "\n", (f"{plain(record.deputy)} · {plain(record.kind)}", "dim")),
        )
    return table


def whole_record(here: Around, record: PerformanceRecord) -> Group:
    """A record: what was done, its files, what happened, what can be done."""
    facts = (record.day, record.kind, record.place, record.deputy, here.words("public_yes") if record.shown else "")
    head = Text.assemble((shown_id(record.id), "bold"), "  ", plain(here.words.record_term(record.status)))
    parts: list[RenderableType] = [
        head,
        Text(plain(record.title or record.of)),
        Text(" · ".join(filter(None, map(plain, facts)))),
    ]
    if record.text:
        parts += ["", Text(plain(record.text))]
    parts += [Text(f"{plain(file.name)}  {plain(file.url)}", style="dim") for file in record.files]
    parts += ["", timeline(here, record.timeline, here.words.record_term), "", possible_now(here, record)]
    return Group(*parts)


def possible_now(here: Around, record: PerformanceRecord) -> Text:
    """The commands that can be given now."""
    commands = [COMMANDS.get(move.move, move.move) for move in record.moves]
    if not commands:
        return Text(here.words("nothing_possible"), style="dim")
    return Text(here.words("possible_moves", moves=", ".join(map(plain, commands))), style="dim")


def whole_year(here: Around, year: YearFile, kinds: Mapping[str, RecordKind]) -> Group:
    """A deputy's year: totals by kind, rates beside the median, counts."""
    name = year.name_zh if here.words.language == "zh" else year.name_en
    head = Text.assemble((plain(name), "bold"), f"  {plain(year.year)}")
    return Group(head, "", _totals(here, year, kinds), "", _rates(here, year, year.median), "", _counts(here, year))


def _totals(here: Around, year: YearFile, kinds: Mapping[str, RecordKind]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("kind", "records", "earned", "points"):
        table.add_column(here.words.record_term(name), justify="left" if name == "kind" else "right")
    for total in year.totals:
        kind = _name(here, kinds[total.kind]) if total.kind in kinds else plain(total.kind)
        table.add_row(kind, str(total.records), str(total.earned), str(total.points))
    table.add_row(Text(here.words.record_term("all"), style="bold"), str(year.records), "", str(year.points))
    table.add_row(
        Text(here.words.record_term("median"), style="dim"), f"{year.median.records:g}", "", f"{year.median.points:g}"
    )
    return table


def _rates(here: Around, year: DeputyYear, median: CongressMedian) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("rate", "here", "median"):
        table.add_column(here.words.record_term(name), justify="left" if name == "rate" else "right")
    for rate in RATES:
        table.add_row(here.words.record_term(rate), _percent(year.rates, rate), _percent(median.rates, rate))
    table.add_row(here.words.record_term("satisfaction"), _grade(year.satisfaction), _grade(median.satisfaction))
    return table


def _counts(here: Around, year: YearFile) -> Text:
    told = [f"{here.words.record_term(name)} {count}" for name, count in year.counts.items() if name != "grade_sum"]
    return Text(" · ".join(told), style="dim")


def standings_table(here: Around, found: Standings) -> Table:
    """Every deputy's year, in the directory's order."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("deputy", "records", "points", *RATES, "satisfaction"):
        table.add_column(here.words.record_term(name), justify="left" if name == "deputy" else "right")
    for each in found.items:
        rates = [_percent(each.rates, rate) for rate in RATES]
        table.add_row(plain(each.deputy), str(each.records), str(each.points), *rates, _grade(each.satisfaction))
    median, rates = found.median, [_percent(found.median.rates, rate) for rate in RATES]
    named = Text(here.words.record_term("median"), style="dim")
    table.add_row(named, f"{median.records:g}", f"{median.points:g}", *rates, _grade(median.satisfaction))
    return table


def _percent(rates: Rates, name: str) -> str:
    value = getattr(rates, name)
    return UNKNOWN if value is None else f"{value * 100:.1f} %"


def _grade(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.2f}"
