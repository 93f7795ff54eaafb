"""Many open cases, put straight into moto's table: as many as a test of growth needs, in a second and not in an hour.

Each is a real case, written and routed by the platform, under another id: so a page of a list shows what it would show.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import datetime, timedelta
from typing import Any, Final

from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from bench.district import wanglan
from chalicelib.cases import service
from chalicelib.cases.model import Case
from chalicelib.people import form
from chalicelib.people.roles import A_RESIDENT
from chalicelib.spine.aws import REGION, table
from chalicelib.spine.dossier import stamp
from chalicelib.spine.dossiers import shard_of

DUE: Final = timedelta(seconds=30)  # a due duty is that late, an open case's next duty that far ahead and more
TEXT: Final = "小区东门的路灯坏了两盏，晚上很黑，老人出门不方便，请尽快修一修。"


def open_cases(count: int, due: int, now: datetime) -> list[str]:
    """Fill the (empty) table of dossiers with open cases of the demo district's first deputy, ``due`` of them with a duty that
    is due; returns the ids of these. They are spread over the whole and over the agenda's shards."""
    model = _model(now)
    items = dynamodb_backends[ACCOUNT][REGION].tables[table("dossiers")].items
    template = items.pop(DynamoType({"S": model.id}))
    every = count // due
    late = []
    for number in range(count):
        id, is_due = f"{number:012d}", number % every == 0 and len(late) < due
        at = now - DUE if is_due else now + DUE + timedelta(seconds=number)
        row = _like(template, model.id, id, at)
        items[row.hash_key] = row
        if is_due:
            late.append(id)
    return late


def _model(now: datetime) -> Case:
    """A case as the platform writes and routes it. Its promises begin so that both are still to come."""
    message = service.Message(id=form.new_form(now).case_id, deputy=wanglan.LIN.deputy, text=TEXT, salt="s")
    case = service.submit(message, by=A_RESIDENT, now=now)
    service.route(case.id, now)
    return service.found(case.id)


def _like(template: Item, was: str, id: str, at: datetime) -> Item:
    item = copy(template)
    # moto's dict of attributes weighs the whole item at each assignment; a plain dict's methods do not.
    item.attrs = dict.__new__(type(template.attrs))
    dict.update(item.attrs, template.attrs)
    item.hash_key = DynamoType({"S": id})
    state = template.attrs["state"].value.replace(was, id)
    new: dict[str, Any] = {"id": {"S": id}, "state": {"S": state}, "agenda_shard": {"N": str(shard_of(id))}}
    new |= {name: {"S": stamp(at)} for name in ("next_duty_at", "work_due")}
    for name, value in new.items():
        dict.__setitem__(item.attrs, name, DynamoType(value))
    return item


def emptied(tables: tuple[str, ...] = ("dossiers",)) -> None:
    """Empty these tables; the demo district's own log in them goes too, which nothing here reads."""
    for name in tables:
        dynamodb_backends[ACCOUNT][REGION].tables[table(name)].items.clear()


@contextmanager
def unsorted() -> Iterator[None]:
    """moto sorts its whole table anew for every query of an index; these tables are in order already, and nobody writes."""
    sorts = Table.all_items

    def as_they_are(self: Table) -> list[Any]:
        return list(self.items.values()) if not self.range_key_attr else sorts(self)

    Table.all_items = as_they_are  # type: ignore[method-assign]
    try:
        yield
    finally:
        Table.all_items = sorts  # type: ignore[method-assign]


def shards(ids: list[str]) -> Iterator[int]:
    """The agenda's shard of each id."""
    return (shard_of(id) for id in ids)
