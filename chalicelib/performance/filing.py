"""A deputy's yearly file put together. The numbers are one query; the records as many as their megabytes, two for 2,000."""

from datetime import datetime
from typing import Final

from chalicelib.directory import service as directory_service
from chalicelib.directory.kinds import RecordKind
from chalicelib.directory.model import Directory
from chalicelib.errors import Invalid, NotFound
from chalicelib.performance import model, table
from chalicelib.performance.credit import local_day
from chalicelib.performance.model import Line, Record
from chalicelib.performance.yearfile import Standing, YearFile, middle, standings
from chalicelib.spine import dossiers

MOST_RECORDS: Final = 20_000  # of one deputy and year


def checked_year(text: str, now: datetime, directory: Directory) -> str:
    """A year of four digits, this one if nothing is said. Raises Invalid."""
    this = local_day(now, directory.calendar_for().zone).year
    year = text or f"{this:04d}"
    if not (len(year) == 4 and year.isascii() and year.isdigit() and model.FIRST_DAY.year <= int(year) <= this):
        raise Invalid("year", f"'{text}' is no year from {model.FIRST_DAY.year} to {this}", "bad_year")
    return year


def file_of(deputy_id: str, year: str, now: datetime) -> YearFile:
    """A deputy's yearly file, of one who has left office too. One query. Raises NotFound, Invalid."""
    directory = directory_service.edition(now)
    deputy = directory.deputy(deputy_id)
    if deputy is None:
        raise NotFound(f"There is no deputy '{deputy_id}'")
    year = checked_year(year, now, directory)
    found = everyone(year, directory)
    in_office = [each.id for each in directory.deputies]
    standing = found.get(deputy_id, Standing(deputy_id))
    rank = _rank(standing, found) if directory.setting("publish_ranking") else None
    return YearFile(deputy, year, standing, middle(found, in_office), rank)


def everyone(year: str, directory: Directory) -> dict[str, Standing]:
    """Every deputy's year who has one. One query."""
    return standings(table.file_rows(year), every_kind(directory))


def every_kind(directory: Directory) -> dict[str, RecordKind]:
    """All kinds by id in their order, those too that are no longer in use: older records have them."""
    kinds = sorted(directory.edition.record_kinds, key=lambda kind: (kind.order, kind.id))
    return {kind.id: kind for kind in kinds}


def _rank(standing: Standing, found: dict[str, Standing]) -> int:
    """Whoever has the same points has the same rank."""
    return 1 + sum(other.points > standing.points for other in found.values())


def records_of(deputy: str, year: str) -> list[Line]:
    """All records of a deputy's year that count, by day. One query for each megabyte of them."""
    lines: list[Line] = []
    rows, cursor = dossiers.shelf(model.shelf_of(deputy, year), limit=MOST_RECORDS, newest_first=False)
    while True:
        lines += [(record, row.summary or "") for row in rows if (record := dossiers.from_row(Record, row)).counts]
        if not cursor:
            return lines
        rows, cursor = dossiers.shelf(model.shelf_of(deputy, year), limit=MOST_RECORDS, cursor=cursor, newest_first=False)
