"""The request units that bench/cost.py reckons with, against the rules as AWS states them."""

import json
from typing import Any

import pytest

from bench.canned import Exchange
from bench.units import Meter, Units, size
from chalicelib.spine.aws import table

WORK = {"work_deputy": {"S": "lin"}, "work_due": {"S": "2026"}}


def exchange(operation: str, asked: dict[str, Any], answered: dict[str, Any] | None = None) -> Exchange:
    return Exchange("dynamodb", operation, json.dumps(asked).encode(), 200, {}, json.dumps(answered or {}).encode())


def item(id: str = "A", length: int = 10, **more: Any) -> dict[str, Any]:
    return {"id": {"S": id}, "state": {"S": "x" * length}, **more}


def put(written: dict[str, Any], name: str = "dossiers") -> dict[str, Any]:
    return {"TableName": table(name), "Item": written}


def in_a_transaction(*written: dict[str, Any]) -> Exchange:
    return exchange("TransactWriteItems", {"TransactItems": [{"Put": put(each)} for each in written]})


def test_a_size_is_of_names_and_values_in_utf8() -> None:
    assert size({"id": {"S": "热力"}, "n": {"N": "12345"}, "b": {"B": "AAAA"}}) == (2 + 6) + (1 + 4) + (1 + 3)


@pytest.mark.parametrize(("length", "units"), [(10, 1), (1_016, 1), (1_017, 2), (5_000, 5)])
def test_a_write_counts_each_kilobyte_begun(length: int, units: int) -> None:
    assert Meter().units(exchange("PutItem", put(item(length=length)))) == Units(writes=units)


def test_a_transaction_counts_twice() -> None:
    assert Meter().units(in_a_transaction(item("A"), item("B", 2_000))) == Units(writes=2 + 4)


def test_the_larger_of_before_and_after_counts() -> None:
    meter = Meter()
    meter.units(in_a_transaction(item(length=3_000)))
    assert meter.units(in_a_transaction(item(length=10))) == Units(writes=2 * 3)


def test_an_index_is_written_once_when_an_item_comes_or_changes_there_and_not_doubled() -> None:
    meter = Meter()
    assert meter.units(in_a_transaction(item(**WORK))) == Units(writes=2 + 1, indexes=1)
    assert meter.units(in_a_transaction(item(**WORK, version={"N": "2"}))) == Units(writes=2)
    assert meter.units(in_a_transaction(item(length=11, **WORK))) == Units(writes=2 + 1, indexes=1)
    assert meter.units(in_a_transaction(item())) == Units(writes=2 + 1, indexes=1)


def test_an_index_whose_key_changes_is_written_twice() -> None:
    meter = Meter()
    meter.units(in_a_transaction(item(**WORK)))
    assert meter.units(in_a_transaction(item(**WORK | {"work_due": {"S": "2027"}}))) == Units(writes=2 + 2, indexes=2)


def test_a_read_counts_each_four_kilobytes_begun_and_half_if_it_may_be_late() -> None:
    found = {"Item": item(length=5_000)}
    asked = {"TableName": table("dossiers"), "Key": {"id": {"S": "A"}}}
    assert Meter().units(exchange("GetItem", asked | {"ConsistentRead": True}, found)) == Units(reads=2)
    assert Meter().units(exchange("GetItem", asked, found)) == Units(reads=1)
    assert Meter().units(exchange("GetItem", asked)) == Units(reads=0.5)


def test_a_query_counts_what_it_read_as_one() -> None:
    found = {"Items": [item(str(n), 1_000) for n in range(5)]}
    assert Meter().units(exchange("Query", {"TableName": table("dossiers")}, found)) == Units(reads=1)
