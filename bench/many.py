"""Many open cases, put straight into moto's table: as many as a test of growth needs, in seconds and not in an hour.

Each is a real case, written and routed by the platform, under another id: so a page of a list shows what it would show, and
a due duty can be enforced.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import datetime, timedelta
from typing import Any, Final

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

import bench.canned  # noqa: F401 - the environment, before our modules
from chalicelib.cases import service
from chalicelib.cases.model import Case
from chalicelib.people import form
from chalicelib.people.roles import A_RESIDENT
from chalicelib.spine.aws import REGION, table
from chalicelib.spine.dossier import stamp
from chalicelib.spine.dossiers import shard_of
from tests.conftest import ACCOUNT
from tests.support import wanglan

LATE: Final = timedelta(seconds=30)
TEXT: Final = "家里暖气不热，只有12度，热力热线一直打不通，请尽快派人来看看。"  # its promises run day and night


def open_cases(count: int, due: int, now: datetime) -> None:
    """Fill the (empty) table of dossiers with open cases of the demo district's first deputy; ``due`` of them, spread over the
    whole, have a duty that is half a minute late."""
    waiting = _model(now)
    late = _model(now - (_first_duty(waiting) - now) - LATE)
    rows = items()
    templates = {case.id: rows.pop(DynamoType({"S": case.id})) for case in (waiting, late)}
    for number in range(count):
        chosen = late if number % (count // due) == 0 and number // (count // due) < due else waiting
        row = _like(
            templates[chosen.id], chosen.id, f"{number:012d}", _first_duty(chosen) + timedelta(milliseconds=number % 1000)
        )
        rows[row.hash_key] = row


def _model(now: datetime) -> Case:
    """A case as the platform writes and routes it."""
    message = service.Message(id=form.new_form(now).case_id, deputy=wanglan.LIN.deputy, text=TEXT, salt="s")
    case = service.submit(message, by=A_RESIDENT, now=now)
    service.route(case.id, now)
    return service.found(case.id)


def _first_duty(case: Case) -> datetime:
    if case.next_duty is None:
        raise LookupError(f"{case.id} has no duty")
    return case.next_duty.at


def _like(template: Item, was: str, id: str, at: datetime) -> Item:
    row = copy(template)
    # moto's dict of attributes weighs the whole item at each assignment; a plain dict's methods do not.
    row.attrs = dict.__new__(type(template.attrs))
    dict.update(row.attrs, template.attrs)
    row.hash_key = DynamoType({"S": id})
    state = template.attrs["state"].value.replace(was, id)
    new: dict[str, Any] = {"id": {"S": id}, "state": {"S": state}, "agenda_shard": {"N": str(shard_of(id))}}
    new |= {name: {"S": stamp(at)} for name in ("next_duty_at", "work_due")}
    for name, value in new.items():
        dict.__setitem__(row.attrs, name, DynamoType(value))
    return row


def items(name: str = "dossiers") -> Any:
    """moto's own dict of a table's rows. Ask anew after a write: a transaction may put another in its place."""
    return dynamodb_backends[ACCOUNT][REGION].tables[table(name)].items


def emptied(*tables: str) -> None:
    """Empty these tables."""
    for name in tables:
        items(name).clear()


@contextmanager
def unsorted() -> Iterator[None]:
    """moto sorts its whole table anew for every query of an index; these tables are in order already, and nobody writes."""
    sorts = Table.all_items

    def as_they_are(self: Table) -> list[Any]:
        return sorts(self) if self.range_key_attr else list(self.items.values())

    Table.all_items = as_they_are  # type: ignore[method-assign]
    try:
        yield
    finally:
        Table.all_items = sorts  # type: ignore[method-assign]
