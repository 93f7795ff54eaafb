"""Counting a dossier, and reading what all of them add up to: one query for any view."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.directory.kinds import Category, Named
from chalicelib.directory.model import Directory, scopes
from chalicelib.errors import Invalid
from chalicelib.insight import table
from chalicelib.insight.model import HOUR, SECTION, TOTAL, Part
from chalicelib.insight.tally import Counts, Store, change, part_of
from chalicelib.settings import settings
from chalicelib.spine import dossiers, journal
from chalicelib.spine.chain import Entry

_PERIOD: Final = re.compile(r"(20\d\d)(-(0[1-9]|1[0-2]))?")

Facts = Callable[[str], list[Entry]]


def count(dossier: str, store: Store | None = None, facts: Facts = journal.entries) -> None:
    """Bring what a dossier adds to the figures up to its facts. A read, a query, and a transaction if there is anything new.

    What is held is read before the facts are: so who writes has seen at least what was counted before, or is refused.
    """
    where = store or table.Table()

    def counted() -> None:
        was = where.held(dossier)
        if found := change(dossier, was, facts(dossier), settings.zone):
            where.apply(found)

    dossiers.insist(counted)


@dataclass(frozen=True)
class Line:
    """What one of a scope counts. Names are empty where the id is all there is."""

    id: str
    name_zh: str
    name_en: str
    counts: Counts


@dataclass(frozen=True)
class Figures:
    """A scope in a period: the sum of all, by month, and a line for each; lines and months by id."""

    scope: str
    period: str
    total: Counts
    months: Mapping[str, Counts]
    lines: tuple[Line, ...]


Names = tuple[str, str]  # in Chinese, in English


@dataclass(frozen=True)
class Scope:
    """How figures are cut: by which dimension they are read, to which lines an id of it adds, and how a line is called."""

    dimension: str
    lines: Callable[[str, Directory], Sequence[str]]
    names: Callable[[str, Directory], Names] = lambda name, directory: ("", "")  # noqa: ARG005 - the id is all there is


def _own(id: str, _: Directory) -> Sequence[str]:
    return (id,)


def _ward(id: str, directory: Directory) -> Sequence[str]:
    deputy = directory.deputy(id)
    return (deputy.ward_zh,) if deputy else ()


def _names(record: Named | Category | None) -> Names:
    return (record.name_zh, record.name_en) if record else ("", "")


def _ward_names(ward: str, directory: Directory) -> Names:
    """A ward has no record of its own: its deputies know what it is called."""
    return next(((each.ward_zh, each.ward_en) for each in directory.edition.deputies if each.ward_zh == ward), ("", ""))


SCOPES: Final[Mapping[str, Scope]] = {
    "district": Scope("deputy", lambda _name, _directory: ()),
    "ward": Scope("deputy", _ward, _ward_names),
    "deputy": Scope("deputy", _own, lambda name, directory: _names(directory.deputy(name))),
    "body": Scope("body", _own, lambda name, directory: _names(directory.body(name))),
    # The line of a category holds all that is below it.
    "category": Scope(
        "category", lambda name, _: tuple(scopes(name))[:-1], lambda name, directory: _names(directory.category(name))
    ),
    "grid": Scope("grid", _own, lambda name, directory: _names(directory.grid(name))),
    "hour": Scope(HOUR, _own),
    "section": Scope(SECTION, lambda name, _: (name.partition(".")[0],)),
}


def figures(scope: str, period: str, directory: Directory) -> Figures:
    """The figures of a scope in a year ("2026") or a month ("2026-11"). One query.

    Raises Invalid: unknown_scope, bad_period.
    """
    if scope not in SCOPES:
        raise Invalid("scope", f"There is no scope '{scope}'; there are {', '.join(SCOPES)}", "unknown_scope")
    if not _PERIOD.fullmatch(period):
        raise Invalid("period", f"'{period}' is no period; give a year, 2026, or a month, 2026-11", "bad_period")
    if scope == HOUR and len(period) > len("2026"):  # of a month it would say at what hour a single message came in
        raise Invalid("period", f"'{period}' is no year; hours are counted by the year: {period[:4]}", "bad_period")
    rows = table.year_of(SCOPES[scope].dimension, period[:4])
    parts = [(part, counts) for key, counts in sorted(rows.items()) if (part := part_of(key)).month.startswith(period)]
    return _cut(scope, period, parts, directory)


def _cut(scope: str, period: str, parts: Sequence[tuple[Part, Counts]], directory: Directory) -> Figures:
    cut, total = SCOPES[scope], Counter[str]()
    months: defaultdict[str, Counter[str]] = defaultdict(Counter)
    lines: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for part, counts in parts:
        named = {part.id: counts[TOTAL]} if part.dimension == SECTION else counts
        total.update(named)
        months[part.month].update(named)
        for line in cut.lines(part.id, directory):
            lines[line].update(named)
    called = (Line(id, *cut.names(id, directory), dict(counts)) for id, counts in sorted(lines.items()))
    return Figures(scope, period, dict(total), {month: dict(months[month]) for month in sorted(months)}, tuple(called))


def this_year(now: datetime) -> str:
    """The year that it is in the district."""
    return f"{now.astimezone(settings.zone):%Y}"
