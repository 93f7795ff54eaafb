"""Older records by ``deputy performance import``, from the file to the tables. ``python -m bench.records --rows 21000``.

Everything is run as it is: reading and checking the file, the requests, the API, PynamoDB and botocore; what stands where
DynamoDB would be is a store in memory that counts (bench.ledger). Not in the figures: the network, and DynamoDB's own time.
"""

import argparse
import csv
import io
import json
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Final

from typer.testing import CliRunner

from bench.district import signed_in, standing
from bench.ledger import Ledger
from bench.shown import Part, shown, table
from chalicelib.performance.importing import A_TRANSACTION
from tests.support.api import BASE_URL, AppTransport
from zerodistance_client import MemoryTokens, Retry, Tokens
from zerodistance_client.command.app import app as command
from zerodistance_client.command.around import Around
from zerodistance_client.performance_records import RecordKind
from zerodistance_client.record_sheet import sheet

from bench.canned import wire  # isort: skip

ROWS: Final = 21_000  # what the model platform had
WAIT: Final = 8.0  # ms that a call to DynamoDB is waited for, as in the other figures
DEPUTIES: Final = ("lin-jianwei", "gao-xiulan", "zhou-yining", "ma-shoutian", "chen-yanqiu", "he-changming")
KINDS: Final = ("走访选民", "接待选民", "参加视察检查", "专题调研", "公益服务")


@dataclass(frozen=True)
class Run:
    """One run of the command."""

    what: str
    told: dict[str, int]
    seconds: float
    cpu: float
    requests: int
    reads: int
    transactions: int


def written(path: Path, rows: int, dice: Random) -> None:
    """A file of older records, of six deputies in five years."""
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        lines = csv.writer(file)
        lines.writerow(("代表", "类别", "日期", "内容", "地点", "说明"))
        for number in range(rows):
            day = date(2021 + dice.randrange(5), 1 + dice.randrange(12), 1 + dice.randrange(28))
            text = "了解情况，当面答复，会后跟进。" * dice.randrange(1, 5)
            lines.writerow((dice.choice(DEPUTIES), dice.choice(KINDS), day, f"第{number}次走访居民", "霁月花园社区", text))


def run(what: str, file: Path, token: str, ledger: Ledger) -> Run:
    """The command itself, counted."""
    transport, before = AppTransport(), ledger.calls.copy()
    here = Around(
        url=BASE_URL,
        environment={"DEPUTY_HOME": str(file.parent / what.replace(" ", "-"))},
        folder=file.parent,
        transport=transport,
        tokens=MemoryTokens(Tokens(token)),
        retry=Retry(attempts=1),
    )
    begun, cpu = perf_counter(), process_time()
    with wire.kept_by(ledger), redirect_stdout(io.StringIO()):
        result = CliRunner().invoke(command, ["performance", "import", str(file), "--json"], obj=here, catch_exceptions=False)
    seconds, cpu = perf_counter() - begun, process_time() - cpu
    made = ledger.calls - before
    imports = sum(route == "POST /v1/records/import" for route, _ in transport.seen)
    told = json.loads(result.stdout[result.stdout.index('{\n  "') :])
    return Run(what, told, seconds, cpu, imports, made["BatchGetItem"], made["TransactWriteItems"])


def checking(file: Path) -> float:
    """Seconds of CPU to read and check the file alone."""
    kinds = [RecordKind(id=name, name_zh=name, name_en=name, made_by="deputy") for name in KINDS]
    people = [{"id": id, "name_zh": id, "name_en": id} for id in DEPUTIES]
    begun = process_time()
    assert not sheet(file, people, kinds, date(2026, 11, 24)).faults
    return process_time() - begun


def figures(rows: int = ROWS) -> Part:
    """An import, and the same file once more."""
    with TemporaryDirectory() as folder, standing():
        file, ledger = Path(folder) / "old.csv", Ledger()
        written(file, rows, Random(1))
        token = signed_in("manager.qiao", "manager")
        runs = [run(what, file, token, ledger) for what in ("first", "once more")]
        checked = checking(file)
    return _told(rows, runs, checked, ledger)


def _told(rows: int, runs: Sequence[Run], checked: float, ledger: Ledger) -> Part:
    counted = sum(int(row["records"]["N"]) for row in ledger.items["figures"].values())
    whole = (runs[0].told["written"], len(ledger.items["journal"]), len(ledger.items["dossiers"]), counted)
    broken = [] if set(whole) == {rows} else [f"{rows} rows, and there are {whole}"]
    broken += [] if runs[1].told == {"written": 0, "there": rows} else [f"once more: {runs[1].told}"]
    lines = [
        f"A CSV of {rows:,} older records through `deputy performance import`: read and checked whole "
        f"({checked:.1f} s of CPU), then sent in portions. The server checks again, asks what is there, and writes "
        f"{A_TRANSACTION} records with their facts and the counters of yearly files in a transaction. One process does both "
        "sides here; nothing is waited for.",
        "",
        *table(["run", "rows/s", "s", "s of CPU", "requests", "batch reads", "transactions", "written"], map(_row, runs)),
        "",
        f"One call after the other, at {WAIT:.0f} ms each, the first run waits {_waited(runs[0]):.0f} s for DynamoDB: "
        f"{rows / (runs[0].seconds + _waited(runs[0])):,.0f} rows a second in all. Facts, states and counted records after "
        f"both runs: {len(ledger.items['journal']):,}, {len(ledger.items['dossiers']):,}, {counted:,}.",
    ]
    return Part("Import of older records", lines, broken)


def _waited(it: Run) -> float:
    return (it.reads + it.transactions) * WAIT / 1e3


def _row(it: Run) -> Sequence[object]:
    count = sum(it.told.values())
    return (
        it.what, f"{count / it.seconds:,.0f}", f"{it.seconds:.1f}", f"{it.cpu:.1f}", it.requests, it.reads, it.transactions,
        f"{it.told['written']:,}",
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.records", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    given = parser.parse_args()
    shown(lambda: figures(given.rows))


if __name__ == "__main__":
    main()
