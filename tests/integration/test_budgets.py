"""What each operation costs, in calls to DynamoDB counted at the client: the table of the design (§5), warm."""

from datetime import timedelta

import pytest

from chalicelib.cases import service, workers
from chalicelib.cases.model import Case
from chalicelib.directory import service as directory
from chalicelib.people.roles import A_RESIDENT
from chalicelib.spine import agenda, dossiers
from tests.support.calls import counted, recorded
from tests.support.casework import message, paper, routed, sent
from tests.support.wanglan import HEATING, LIN, NOON, QIAO

pytestmark = pytest.mark.usefixtures("district")

READ, RECORD = "GetItem dossiers", "TransactWriteItems"


@pytest.fixture(autouse=True)
def warm(district: None) -> None:  # noqa: ARG001 - there must be a directory to hold
    directory.edition(NOON)


def test_a_message_that_comes_in_costs_a_transaction() -> None:
    opened = paper()
    with counted() as calls:
        service.submit(message(opened), by=A_RESIDENT, now=NOON)
    assert calls == [RECORD]


def test_a_cold_function_reads_the_directory_once_and_then_not_for_a_minute() -> None:
    directory.forget()
    with counted() as calls:
        for seconds in range(0, 60, 10):
            sent(now=NOON + timedelta(seconds=seconds))
    assert calls == ["GetItem directory", *[RECORD] * 6]


def test_routing_costs_a_read_and_a_transaction_and_cold_one_read_more() -> None:
    first, warm_one, cold_one = sent(), sent(), sent()
    workers.work({"kind": "case", "type": "received", "dossier": first.id}, NOON)  # the model is read once in ten minutes
    with counted() as calls:
        workers.work({"kind": "case", "type": "received", "dossier": warm_one.id}, NOON)
    assert calls == [READ, RECORD]
    directory.forget()
    with counted() as calls:
        workers.work({"kind": "case", "type": "received", "dossier": cold_one.id}, NOON)
    assert calls == [READ, "GetItem directory", RECORD]


def test_a_move_costs_a_read_and_a_transaction() -> None:
    case = routed()
    for name, given in (
        ("acknowledge", {}),
        ("note", {"text": "已联系"}),
        ("ask", {"text": "几号楼？"}),
        ("answer", {"text": "好"}),
    ):
        with counted() as calls:
            service.move(name, case.id, by=LIN, now=NOON, **given)
        assert calls == [READ, RECORD]


def test_handing_on_and_correcting_cost_no_more() -> None:
    case = routed()
    with counted() as calls:
        service.assign(case.id, "water-company", "是水的事", by=LIN, now=NOON)
        service.recategorise(case.id, "water/supply/no-water", "是停水", by=LIN, now=NOON)
    assert calls == [READ, RECORD, READ, RECORD]


def test_joining_reads_both_and_records_both_at_once() -> None:
    case, into = routed(), routed()
    with counted() as calls:
        service.merge(case.id, into.id, "同一栋楼", by=LIN, now=NOON)
    assert calls == [READ, READ, RECORD]


def test_a_residents_word_costs_a_read_and_a_transaction() -> None:
    case = routed()
    with counted() as calls:
        service.say(service.tracked(case.id, case.token_hash), "add", "补充", "s", now=NOON)
    assert calls == [READ, RECORD]


def test_a_case_in_full_costs_two_reads() -> None:
    case = routed()
    with counted() as calls:
        service.timeline(service.loaded(case.id, LIN))
    assert calls == [READ, "Query journal"]


def test_a_look_at_contact_details_costs_two_reads_a_transaction_and_a_key() -> None:
    case = routed()
    with recorded() as calls:
        service.contact(case.id, "回电", by=HEATING, now=NOON)
    assert [str(call) for call in calls] == [READ, RECORD, "GetItem vault", "kms Decrypt"]


@pytest.mark.parametrize(("whose", "index"), [(LIN, "work-by-deputy"), (HEATING, "work-by-body"), (QIAO, "work-by-body")])
def test_a_page_of_a_work_list_costs_a_query_however_long_the_list(whose: object, index: str) -> None:
    for _ in range(12):
        routed()
    with counted() as calls:
        service.worklist(whose, limit=5)  # type: ignore[arg-type]
    assert calls == [f"Query dossiers {index}"]


def test_a_sweep_costs_a_query_a_shard_and_nothing_for_what_is_open() -> None:
    with recorded() as before:
        agenda.sweep(NOON)
    for _ in range(30):
        routed()
    with recorded() as after:
        assert agenda.sweep(NOON) == 0
    assert [str(call) for call in before] == [str(call) for call in after] == ["Query dossiers agenda"] * dossiers.SHARDS


def test_what_is_due_costs_one_message_in_ten() -> None:
    due = [routed() for _ in range(40)]
    with recorded() as calls:
        assert agenda.sweep(NOON + timedelta(minutes=23)) == 40
    shards = {dossiers.shard_of(case.id) for case in due}
    assert [str(call) for call in calls].count("Query dossiers agenda") == dossiers.SHARDS
    assert len(shards) <= [str(call) for call in calls].count("sqs SendMessageBatch") <= len(shards) + 4


def test_a_duty_costs_a_transaction_and_a_read_before_and_after() -> None:
    case = routed()
    with counted() as calls:
        agenda.enforce({"dossier": case.id, "kind": "case"}, NOON + timedelta(minutes=23), {"case": (Case, service.enforce)})
    assert calls == [READ, RECORD, READ]
