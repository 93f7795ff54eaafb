"""How many people write about what, where and when: counters in ``figures``, a row a category, grid and quarter day."""

from collections.abc import Mapping
from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.demands.surge import HISTORY, WINDOW
from chalicelib.spine.aws import TableMeta, Write, table

WIDTH: Final = 10  # digits of a period's number, so that they sort


class CountRow(Model):
    """So many people in this scope and period."""

    class Meta(TableMeta):
        table_name = table("figures")

    scope = UnicodeAttribute(hash_key=True)
    period = UnicodeAttribute(range_key=True)
    people = NumberAttribute(default=0)


def scope_of(category: str, grid: str) -> str:
    """The scope of a category in a grid."""
    return f"seen#{category}#{grid}"


def one_more(scope: str, period: int) -> Write:
    """One more person in this period, as an update in a transaction."""

    def write(transaction: TransactWrite) -> None:
        transaction.update(CountRow(scope, _key(period)), actions=[CountRow.people.add(1)])

    return write


def recent(scope: str, now: int) -> Mapping[int, int]:
    """The counts of this scope by period, as far back as the test looks. One query: at most 228 short rows."""
    rows = CountRow.query(scope, CountRow.period.between(_key(now - WINDOW - HISTORY + 1), _key(now)), consistent_read=True)
    return {int(row.period): int(row.people) for row in rows}


def _key(period: int) -> str:
    return f"{period:0{WIDTH}d}"
