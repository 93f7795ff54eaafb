"""The figures as rows. They share a table with the counts of surges (``seen#…``) and others: each has scopes of its own."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.errors import Conflict
from chalicelib.insight.model import COUNTERS, DIMENSIONS, HOUR, SECTION, TOTAL
from chalicelib.insight.tally import Change, Counts, Held, Key
from chalicelib.spine.aws import Cancelled, TableMeta, Write, put, table, transact

NAMES: Final = (*COUNTERS, TOTAL)
COUNTED: Final = "counted#"  # the scope of a dossier's share
ONLY: Final = "-"  # the period of a row that has none
OURS: Final = (COUNTED, *(f"{dimension}#" for dimension in (*DIMENSIONS, HOUR, SECTION)))


class FigureRow(Model):
    """What one month's dossiers of one id add up to, a quarter of them: ``body#2026``, ``11#heating-company#3``. Or, with
    ``seq`` and ``share``, what one dossier has added: ``counted#7K3M9QXA2B4C``, ``-``."""

    class Meta(TableMeta):
        table_name = table("figures")

    scope = UnicodeAttribute(hash_key=True)
    period = UnicodeAttribute(range_key=True)
    seq = NumberAttribute(null=True)
    share = UnicodeAttribute(null=True)
    received = NumberAttribute(null=True)
    due = NumberAttribute(null=True)
    in_time = NumberAttribute(null=True)
    verdicts = NumberAttribute(null=True)
    solved = NumberAttribute(null=True)
    silent = NumberAttribute(null=True)
    grades = NumberAttribute(null=True)
    satisfied = NumberAttribute(null=True)
    declined = NumberAttribute(null=True)
    withdrawn = NumberAttribute(null=True)
    merged = NumberAttribute(null=True)
    total = NumberAttribute(null=True)

    @property
    def counts(self) -> dict[str, int]:
        """The counters that are not 0."""
        return {name: int(value) for name in NAMES if (value := getattr(self, name))}

    @property
    def held(self) -> Held:
        """What a dossier has added."""
        return Held(int(self.seq or 0), self.share or "")


class Table:
    """The figures in DynamoDB."""

    def held(self, dossier: str) -> Held:
        """What a dossier has added so far. One consistent read."""
        try:
            return FigureRow.get(COUNTED + dossier, ONLY, consistent_read=True).held
        except FigureRow.DoesNotExist:
            return Held()

    def apply(self, change: Change) -> None:
        """Add what is missing, in one transaction. Raises Conflict if someone counted the same dossier meanwhile."""
        was = change.was
        unmoved = (
            (FigureRow.seq == was.seq) & (FigureRow.share == was.share) if was != Held() else FigureRow.scope.does_not_exist()
        )
        own = put(share_row(change.dossier, change.now), unmoved)
        try:
            transact([own, *(_added(key, counts) for key, counts in change.rows.items())])
        except Cancelled as refused:
            raise Conflict("The same dossier was counted at this moment") from refused


def share_row(dossier: str, held: Held) -> FigureRow:
    """The row of what a dossier has added."""
    return FigureRow(COUNTED + dossier, ONLY, seq=held.seq, share=held.share)


def _added(key: Key, counts: Counts) -> Write:
    actions: list[Action] = [getattr(FigureRow, name).add(count) for name, count in counts.items()]

    def write(transaction: TransactWrite) -> None:
        transaction.update(FigureRow(*key), actions=actions)

    return write


def year_of(dimension: str, year: str) -> dict[Key, Counts]:
    """All rows of a dimension in a year. One query a page of 1 MB, which holds some 5,000 rows."""
    return {(row.scope, row.period): counts for row in FigureRow.query(f"{dimension}#{year}") if (counts := row.counts)}


def everything() -> tuple[dict[Key, Counts], dict[str, Held]]:
    """All figures, and by dossier what each has added: a scan of the table, for an operator, never for a request."""
    figures: dict[Key, Counts] = {}
    shares: dict[str, Held] = {}
    for row in FigureRow.scan():
        if row.scope.startswith(COUNTED):
            shares[row.scope.removeprefix(COUNTED)] = row.held
        elif row.scope.startswith(OURS):
            figures[row.scope, row.period] = row.counts
    return figures, shares


def overwrite(figures: Mapping[Key, Counts], shares: Mapping[str, Held], gone: Iterable[Key]) -> None:
    """Write these rows as they are and take others away, 25 a call: while nothing else counts."""
    with FigureRow.batch_write() as batch:
        for key, counts in figures.items():
            batch.save(FigureRow(*key, **dict[str, Any](counts)))
        for dossier, held in shares.items():
            batch.save(share_row(dossier, held))
        for key in gone:
            batch.delete(FigureRow(*key))
