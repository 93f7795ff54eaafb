"""A yearly file in words, for paper and spreadsheets: a title, lines of figures, and tables. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.directory.kinds import RecordKind
from chalicelib.performance.model import Line
from chalicelib.performance.yearfile import Standing, YearFile
from chalicelib.web.reader import N_, Reader

Cell = str | int | float


@dataclass(frozen=True)
class Table:
    """A table: its heading, its columns with the share of the width that each takes, its rows."""

    heading: str
    columns: tuple[tuple[str, float], ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Document:
    """What is printed. ``foot`` stands under every page."""

    title: str
    subtitle: str
    tables: tuple[Table, ...]
    foot: str


RATE_NAMES: Final[Mapping[str, str]] = {
    "answered_in_time": N_("Answered in time"),
    "solved": N_("Solved, by the residents’ word"),
    "satisfied": N_("Satisfied residents"),
    "attendance": N_("Attendance at activities"),
}
# Counter → how it is called, in the order in which people read them.
COUNT_NAMES: Final[Mapping[str, str]] = {
    "due": N_("Cases due for an answer"),
    "in_time": N_("of these answered in time"),
    "verdicts": N_("Cases in which the resident said whether it is solved"),
    "solved": N_("of these solved"),
    "silent": N_("Cases closed without a word of the resident"),
    "grades": N_("Cases graded by the resident"),
    "suggestions": N_("Suggestions submitted"),
    "adopted": N_("Suggestions adopted"),
    "cosigned": N_("Suggestions co-signed"),
    "replied": N_("Suggestions replied to"),
    "replied_solved": N_("of these: solved"),
    "result_satisfied": N_("Results the deputy is satisfied with"),
    "result_dissatisfied": N_("Results the deputy is not satisfied with"),
    "documents": N_("Government documents that came of suggestions"),
    "expected": N_("Activities signed up for"),
    "attended": N_("Activities attended"),
}
UNKNOWN: Final = "–"


def document(file: YearFile, lines: Sequence[Line], kinds: Mapping[str, RecordKind], reader: Reader) -> Document:
    """The whole file, with these records."""
    say, language = reader.say, reader.language
    return Document(
        say("Performance file %(year)s: %(name)s", year=file.year, name=file.deputy.name(language)),
        file.deputy.ward(language),
        (_totals(file, kinds, reader), _rates(file, reader), _counts(file.standing, reader), _records(lines, kinds, reader)),
        say("As it stood on %(day)s", day=f"{reader.now.astimezone(reader.zone):%Y-%m-%d %H:%M}"),
    )


def _totals(file: YearFile, kinds: Mapping[str, RecordKind], reader: Reader) -> Table:
    say = reader.say
    rows: list[tuple[Cell, ...]] = [
        (kind_name(total.kind, kinds, reader.language), total.records, total.earned, total.points)
        for total in file.standing.totals
    ]
    rows.append((say("All"), file.standing.records, sum(total.earned for total in file.standing.totals), file.standing.points))
    rows.append((say("Median of the congress"), file.median.records, "", file.median.points))
    columns = ((say("Kind"), 0.46), (say("Records"), 0.16), (say("Points earned"), 0.19), (say("Points that count"), 0.19))
    return Table(say("Records by kind"), columns, tuple(rows))


def _rates(file: YearFile, reader: Reader) -> Table:
    say, rates, median = reader.say, file.standing.rates, file.median
    rows: list[tuple[Cell, ...]] = [
        (say(name), percent(rates[rate]), percent(median.rates.get(rate))) for rate, name in RATE_NAMES.items()
    ]
    rows.append((say("Residents’ mean grade, 1 to 5"), grade(file.standing.satisfaction), grade(median.satisfaction)))
    return Table(say("Rates"), ((say("Rate"), 0.5), (say("Here"), 0.25), (say("Median of the congress"), 0.25)), tuple(rows))


def _counts(standing: Standing, reader: Reader) -> Table:
    rows = tuple((reader.say(name), standing.counts.get(counter, 0)) for counter, name in COUNT_NAMES.items())
    return Table(
        reader.say("Cases, suggestions, activities"), ((reader.say("Counted"), 0.8), (reader.say("How many"), 0.2)), rows
    )


def _records(lines: Sequence[Line], kinds: Mapping[str, RecordKind], reader: Reader) -> Table:
    say = reader.say
    rows = tuple(
        (record.day, kind_name(record.category, kinds, reader.language), line or record.of, record.points, record.id)
        for record, line in lines
    )
    columns = (
        (say("Day"), 0.14),
        (say("Kind"), 0.2),
        (say("What and where"), 0.4),
        (say("Points"), 0.08),
        (say("Record number"), 0.18),
    )
    return Table(say("Records"), columns, rows)


def kind_name(id: str, kinds: Mapping[str, RecordKind], language: str) -> str:
    """A kind's name; its id if the directory has lost it."""
    return kinds[id].name(language) if id in kinds else id


def percent(rate: float | None) -> str:
    """``93.5 %``."""
    return UNKNOWN if rate is None else f"{rate * 100:.1f} %"


def grade(value: float | None) -> str:
    """``4.25``."""
    return UNKNOWN if value is None else f"{value:.2f}"
