"""Every yearly file counted anew from the journal: an operator runs it (``python -m infra.journal rebuild``), never a request.

What was never told is made now, and rows that are not what the journal says are mended. A fact that comes in meanwhile may be
counted on one side only: run it again, when it is quiet.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.directory import service as directory_service
from chalicelib.directory.model import Directory
from chalicelib.performance import following, table
from chalicelib.performance.credit import WATCHED, share
from chalicelib.performance.model import COUNTED_BY, Record
from chalicelib.performance.yearfile import Row
from chalicelib.spine import journal, rebuild
from chalicelib.spine.chain import Entry

Counts = defaultdict[tuple[str, str, str], Counter[str]]  # year, deputy, kind → what of how many


@dataclass(frozen=True)
class Found:
    """How many dossiers were read, how many records were missing and made, how many rows were (or are) wrong."""

    dossiers: int
    made: int
    wrong: int


def run(now: datetime, *, mend: bool) -> Found:
    """Count everything. Without ``mend`` nothing is written. One query a dossier, one a year."""
    directory = directory_service.edition(now)
    zone = directory.calendar_for().zone
    counts: Counts = defaultdict(Counter)
    seen = made = 0
    for id in list(rebuild.every_dossier()):
        seen += 1
        entries = journal.entries(id)
        records = _caught_up(entries, directory, now) if mend else []
        made += len(records)
        for each in (entries, *(journal.entries(record.id) for record in records)):
            _count(each, zone, counts)
    years = sorted({year for year, *_ in counts} | _years(now))
    return Found(seen, made, sum(_settled(year, counts, mend) for year in years))


def _caught_up(entries: Sequence[Entry], directory: Directory, now: datetime) -> list[Record]:
    """Whatever the facts of a dossier should have made and did not."""
    watched = [entry.seq for entry in entries if f"{entry.kind}.{entry.type}" in WATCHED]
    if watched:
        following.bring_up(entries, directory.calendar_for().zone)
    return [record for seq in watched for record in following.make(entries, seq, directory, now)]


def _count(entries: Sequence[Entry], zone: ZoneInfo, counts: Counts) -> None:
    for (year, deputy), added in share(entries, zone).items():
        counts[year, deputy, ""].update(added)
    for entry in entries:
        if entry.kind == Record.KIND and entry.type in COUNTED_BY:
            data = entry.data
            counts[data["day"][:4], data["deputy"], data["kind"]].update(records=1, points=data["points"])


def _years(now: datetime) -> set[str]:
    """This year and the last: rows may stand there of which the journal knows nothing."""
    return {f"{now.year - back:04d}" for back in (0, 1)}


def _settled(year: str, counts: Counts, mend: bool) -> int:
    wanted = [Row(deputy, kind, _some(added)) for (of, deputy, kind), added in counts.items() if of == year]
    return table.mend(year, wanted) if mend else len(table.wrong(year, wanted))


def _some(added: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in added.items() if count}
