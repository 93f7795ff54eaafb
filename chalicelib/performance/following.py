"""What follows from facts of other sections: records that make themselves, and counts in yearly files.

A record's id is the fact's own, and what a dossier adds is kept beside it: both are conditions of the transaction, so a fact
that is told twice, late, or once more in a rebuild changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.directory import service as directory_service
from chalicelib.directory.kinds import RecordKind
from chalicelib.directory.model import Directory
from chalicelib.errors import Conflict, NotFound
from chalicelib.people.roles import the_system
from chalicelib.performance import model, table
from chalicelib.performance.credit import Credit, credited, local_day, share
from chalicelib.performance.model import Record
from chalicelib.spine import dossiers, journal
from chalicelib.spine.aws import Cancelled, transact
from chalicelib.spine.chain import Entry

FILE = the_system("file")


def follow(dossier: str, seq: int, now: datetime) -> list[Record]:
    """Make the records of fact number ``seq``, and bring the dossier's share of yearly files up to date.

    One query, one read; a transaction where the share has changed, and one for each record that was not there.
    """
    entries = journal.entries(dossier)
    if len(entries) < seq:
        raise NotFound(f"There is no fact {seq} of {dossier}")
    directory = directory_service.edition(now)
    _share(entries, directory.calendar_for().zone)
    return make(entries, seq, directory, now)


def make(entries: Sequence[Entry], seq: int, directory: Directory, now: datetime) -> list[Record]:
    """The records of one fact that were not there yet."""
    kinds = {kind.fact: kind for kind in directory.record_kinds if kind.fact}
    zone = directory.calendar_for().zone
    made = [_make(credit, kinds[credit.fact], zone, now) for credit in credited(entries, seq) if credit.fact in kinds]
    return [record for record in made if record]


def _make(credit: Credit, kind: RecordKind, zone: ZoneInfo, now: datetime) -> Record | None:
    day = local_day(credit.at, zone)
    step = model.made(credit.deputy, kind, day, credit.of, by=FILE, at=now)
    counted = table.one_more(step.after.year, credit.deputy, kind.id, kind.points)
    try:
        return dossiers.record(step, also=[counted])
    except Conflict:
        _must_be_the_same(step.after)
        return None


def _must_be_the_same(record: Record) -> None:
    """Two facts whose ids are the same by chance would be one record: of 60 bits it won't happen, and would be told."""
    there = dossiers.load(Record, record.id)
    if (there.of, there.deputy) != (record.of, record.deputy):
        raise RuntimeError(f"{record.id} is of {there.of} for {there.deputy}, and not of {record.of} for {record.deputy}")


def _share(entries: Sequence[Entry], zone: ZoneInfo) -> None:
    dossiers.insist(lambda: bring_up(entries, zone))


def bring_up(entries: Sequence[Entry], zone: ZoneInfo) -> bool:
    """Bring a dossier's share of yearly files up to these facts, unless it is there already; whether anything changed.

    Raises Conflict when someone else did so at the same moment.
    """
    held = table.held_share(entries[0].dossier)
    wanted = share(entries, zone)
    if held.seq >= len(entries) or not table.differences(held.share, wanted):
        return False
    try:
        transact(table.change_share(entries[0].dossier, held, wanted, len(entries)))
    except Cancelled:
        raise Conflict("Someone else counted this dossier at the same moment") from None
    return True
