"""A deputy's yearly file with 2,000 records: queries counted, at most three. ``python -m bench.yearfile``.

The records are as large as a list's index can hold them: title and place as long as they may be. Counted at botocore, on moto.
moto ends a page by the megabyte of whole items, where AWS counts what an index holds of them; so for the lists the words, which
no index holds, are left out of the rows. The export that reads them is looked at with them.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median
from time import process_time
from typing import Final

import msgspec

from bench.district import asked, signed_in, standing
from bench.shown import Part, shown, table
from chalicelib.directory import service as directory_service
from chalicelib.performance import model, service
from chalicelib.performance.credit import local_day
from chalicelib.performance.importing import _record, row_id
from chalicelib.performance.table import FileRow
from chalicelib.settings import settings
from chalicelib.spine import dossiers
from chalicelib.spine.dossiers import DossierRow, row_of
from chalicelib.spine.journal import JournalRow
from tests.support.performance import rows
from tests.support.wanglan import QIAO

RECORDS: Final = 2_000
MOST: Final = 3  # queries, by the issue
FILE: Final = "/v1/performance/lin-jianwei"
TIMES: Final = 5
LONG: Final = {"title": "长" * model.LONGEST_TITLE, "place": "处" * model.LONGEST_PLACE, "text": "详" * 200}


def fill(count: int, *, words: bool) -> str:
    """So many records of Lin this year, as rows, facts and counters; returns the year. Not by moto's slow transactions."""
    now = settings.now()
    directory = directory_service.edition(now)
    day = local_day(now, directory.calendar_for().zone).isoformat()
    kind = service.kinds_of(directory)["visit"]
    with DossierRow.batch_write() as states, JournalRow.batch_write() as facts:
        for number in range(count):
            (row,) = rows(1, number + 1, **LONG, day=day, number=str(number))
            step = model.brought_in(_record(row_id(row), row, now), kind, by=QIAO, at=now)
            entry = dossiers._entry(step)
            states.save(_row_of(replace(step.after, version=1, head=entry.hash), words))
            content = msgspec.json.encode(entry).decode()
            facts.save(JournalRow(entry.dossier, 1, type=entry.type, at=now.isoformat(), content=content))
    FileRow(f"file#{day[:4]}", "lin-jianwei#visit", records=count, points=count * kind.points).save()
    return day[:4]


def _row_of(record: model.Record, words: bool) -> DossierRow:
    row = row_of(record)
    if not words:
        row.apart = None
    return row


def figures(count: int = RECORDS) -> Part:
    """Each way to look at the file."""
    with standing():
        year, token = fill(count, words=False), signed_in("deputy.lin", "deputy")
        asked(FILE, "", token).made()
        found = [_look(what, path, token) for what, path in _lists(year).items()]
        fill(count, words=True)
        found.append(_look("whole, as JSON to be kept", f"{FILE}/export?format=json&year={year}", token))
    broken = [f"{what}: {calls['Query']} queries" for what, calls, *_ in found[:-1] if calls["Query"] > MOST]
    lines = [
        f"The yearly file of a deputy with {count:,} records, title and place as long as they may be. The numbers, with "
        "the median of the congress, are one query; the records as many as they have megabytes in the index.",
        "",
        *table(["looked at", "queries", "batch reads", "kB answered", "ms of CPU"], map(_row, found)),
        "",
        "The export to be kept also reads words and facts, a hundred a call, which no list needs; its queries are more here "
        "than on AWS, for moto counts the words too.",
    ]
    return Part("A yearly file", lines, broken)


Look = tuple[str, Counter[str], int, float]


def _lists(year: str) -> dict[str, str]:
    return {
        "the year in numbers": FILE,
        "a page of records": f"/v1/records?year={year}&limit=100",
        "the public page": f"/open/performance/lin-jianwei?year={year}",
        "whole, as CSV": f"{FILE}/export?format=csv&year={year}",
        "whole, as XLSX": f"{FILE}/export?format=xlsx&year={year}",
        "whole, as PDF": f"{FILE}/export?format=pdf&year={year}",
    }


def _look(what: str, path: str, token: str) -> Look:
    call = asked(path, what, token)
    made = call.made()
    return what, Counter(it.operation for it in made.exchanges if it.service == "dynamodb"), made.sent, _cpu(call.again)


def _cpu(again: Callable[[], None]) -> float:
    """Milliseconds, moto's work included: an upper bound."""

    def once() -> float:
        begun = process_time()
        again()
        return (process_time() - begun) * 1e3

    return median(once() for _ in range(TIMES))


def _row(look: Look) -> Sequence[object]:
    what, calls, sent, cpu = look
    return what, calls["Query"], calls["BatchGetItem"], f"{sent / 1e3:,.0f}", f"{cpu:,.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.yearfile", description=__doc__)
    parser.add_argument("--records", type=int, default=RECORDS)
    given = parser.parse_args()
    shown(lambda: figures(given.records))


if __name__ == "__main__":
    main()
