"""A file of older records on its way to the server: checked whole, sent in portions, and gone on with where it broke off.

Which portions the server has taken is noted beside the drafts; if the note is lost, the server leaves what is there as it is.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import typer

from zerodistance_client.command.around import Around
from zerodistance_client.command.reading import CHANGED
from zerodistance_client.errors import Invalid
from zerodistance_client.performance_records import ImportedRecords, RowFault
from zerodistance_client.record_sheet import NoSheet, Row, Sheet, chunks, key_of, sheet
from zerodistance_client.tokens import write_privately

if TYPE_CHECKING:
    from zerodistance_client.client import ZeroDistance

REFUSED: Final = CHANGED
EAST: Final = timezone(timedelta(hours=14))  # where a day begins first: what is still to come there is so everywhere


@dataclass(frozen=True)
class Note:
    """What of a file was taken already: the keys of its portions."""

    path: Path

    def taken(self) -> set[str]:
        try:
            return set(json.loads(self.path.read_bytes()))
        except (OSError, ValueError):  # none yet, or half written: the server knows
            return set()

    def add(self, taken: set[str]) -> None:
        write_privately(self.path, json.dumps(sorted(taken)))


def brought_in(here: Around, file: Path, dry_run: bool) -> None:
    """Check a file and, unless it is a dry run, send it. Ends with 1 where anything is wrong with it."""
    with here.server() as server:
        found = _read(here, server, file)
        if found.faults:
            _refuse(here, found.faults)
        if dry_run:
            return _tell(here, "file_right", rows=len(found.rows))
        note = Note(here.home / "imports" / f"{_named(here, file)}.json")
        told = _send(here, server, found.rows, note)
    note.path.unlink(missing_ok=True)
    return _tell(here, "records_imported", **told)


def _named(here: Around, file: Path) -> str:
    return hashlib.sha256(here.base_url.encode() + file.read_bytes()).hexdigest()[:24]


def _read(here: Around, server: "ZeroDistance", file: Path) -> Sheet:
    today = here.now().astimezone(EAST).date()
    try:
        return sheet(file, server.directory("deputies"), server.record_kinds(), today)  # of old also those who left office
    except NoSheet as error:
        raise typer.BadParameter(str(error)) from error


def _send(here: Around, server: "ZeroDistance", rows: Sequence[Row], note: Note) -> dict[str, int]:
    taken, written, there = note.taken(), 0, 0
    with _progress(here, len(rows)) as advance:
        for portion in chunks(rows):
            key = key_of(portion)
            if key in taken:
                there += len(portion)
            else:
                done = _sent(here, server, portion, key)
                written, there = written + done.written, there + done.there
                taken.add(key)
                note.add(taken)
            advance(len(portion))
    return {"written": written, "there": there}


def _sent(here: Around, server: "ZeroDistance", portion: Sequence[Row], key: str) -> ImportedRecords:
    try:
        return server.import_records(portion, key=key)
    except Invalid as refused:
        faults = _faults(refused)
        if not faults:
            raise
        _refuse(here, faults)


def _faults(refused: Invalid) -> list[RowFault]:
    told: Any = refused.problem.extras.get("errors")
    return [RowFault(it["row"], it["field"], it["code"], it["detail"]) for it in told] if isinstance(told, list) else []


def _refuse(here: Around, faults: Sequence[RowFault]) -> NoReturn:
    """Tell everything that is wrong, and end. Raises Exit."""
    from zerodistance_client.command.display import plain, print_json

    if here.as_json:
        print_json({"errors": [fault.as_json() for fault in faults]})
    else:
        for fault in faults:
            here.screen.print(plain(str(fault)), style="red", markup=False, soft_wrap=True)
        here.say("file_wrong", faults=len(faults))
    raise typer.Exit(REFUSED)


@contextmanager
def _progress(here: Around, rows: int) -> Iterator[Any]:
    """A bar on standard error where a person looks on; nothing where JSON was asked for."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=here.as_json) as progress:
        task = progress.add_task(here.words("importing"), total=rows)
        yield lambda count: progress.advance(task, count)


def _tell(here: Around, sentence: str, **values: int) -> None:
    from zerodistance_client.command.display import print_json

    return print_json(values) if here.as_json else here.say(sentence, **values)
