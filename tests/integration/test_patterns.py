"""Messages are compared as they come, by a bounded number of reads, and what people decided is not said otherwise again."""

import pytest

from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.cases.service import Message
from chalicelib.demands import patterns, service, workers
from chalicelib.demands.index import FingerprintRow
from chalicelib.demands.model import Demand
from chalicelib.people.roles import A_RESIDENT
from chalicelib.spine import journal
from tests.support.visitor import counted
from tests.support.wanglan import LIN, NOON, QIAO

pytestmark = pytest.mark.usefixtures("district")

PIPES = (
    "松林里小区三号楼暖气片不热，从上周开始室温只有十二度，供热公司一直没有人来修",
    "松林里小区五号楼的暖气片也不热，室温只有十三度，打电话给供热公司没有人来修",
    "我家住松林里小区，暖气片从上周起一直不热，供热公司电话没有人接，没有人来修",
)
ELSEWHERE = "荷塘苑小区二号楼暖气片不热，从上周开始室温只有十二度，供热公司一直没有人来修"
LAMPS = "滨河路东段的路灯坏了一个多月，晚上黑得看不见路，希望城管局尽快更换灯泡"


def number(n: int) -> str:
    return f"CASE{n:08d}"


def came(n: int, text: str) -> Case:
    """A message came in, was routed, and the queue did all that follows."""
    message = Message(number(n), "lin-jianwei", text, "s")
    cases.submit(message, by=A_RESIDENT, now=NOON)
    cases.route(number(n), NOON)
    handled(n, 0)
    return cases.found(number(n))


def handled(n: int, after: int) -> int:
    """What the queue ``patterns`` does with a case's facts, in their order, until there is none left."""
    for entry in journal.entries(number(n), after):
        if f"case.{entry.type}" in workers.WANTED:
            workers.work({"kind": "case", "type": entry.type, "dossier": number(n), "seq": entry.seq}, NOON)
        after = entry.seq
    return handled(n, after) if journal.entries(number(n), after) else after


def demands() -> list[Demand]:
    return [demand for demand, _ in service.listed(QIAO, limit=50).items]


def test_messages_about_one_matter_become_one_demand() -> None:
    found = [came(n, text) for n, text in enumerate(PIPES)]
    (demand,) = demands()
    assert {case.demand for case in found[1:]} == {demand.id}
    assert (demand.cases, demand.people) == (3, 3)
    assert cases.timeline(found[1])[-1].data["because"], "it says why"


def test_another_matter_is_left_alone() -> None:
    came(1, PIPES[0])
    assert came(2, LAMPS).demand == ""
    assert demands() == []


def test_the_same_words_about_two_estates_are_two_matters() -> None:
    came(1, PIPES[0])
    assert came(2, ELSEWHERE).demand == ""


def test_a_message_told_twice_is_compared_and_counted_once() -> None:
    for n, text in enumerate(PIPES):
        came(n, text)
        handled(n, 0)
    (demand,) = demands()
    assert demand.cases == 3


def test_comparing_costs_the_same_however_many_there_are() -> None:
    for n in range(12):
        came(n, f"{PIPES[n % 3]}，{n}单元")
    cases.submit(Message(number(99), "lin-jianwei", PIPES[0], "s"), by=A_RESIDENT, now=NOON)
    cases.route(number(99), NOON)
    with counted() as calls:
        patterns.compare(number(99), NOON)
    assert calls == ["GetItem", "BatchGetItem", "BatchWriteItem", "TransactWriteItems"]


@pytest.mark.parametrize(
    "text", ["?", "好", "。。。", "啊" * 4000, "13800000000 110101199001011234", "🥶🥶🥶", "aB混c排de字", "1" * 4000]
)
def test_what_says_nothing_is_left_alone_and_is_no_hot_key(text: str) -> None:
    for n in range(3):
        assert came(n, text).status in ("received", "routed")
    assert FingerprintRow.count() <= 3 * 26


def test_what_people_took_out_does_not_come_back_with_the_next_message() -> None:
    for n, text in enumerate(PIPES):
        came(n, text)
    (demand,) = demands()
    service.take_out(demand.id, number(2), "说的是另一件事", by=LIN, now=NOON)
    handled(2, 0)
    assert cases.found(number(2)).demand == ""
    assert came(7, PIPES[0] + "，孩子冻病了").demand == demand.id


def test_later_messages_follow_to_the_demand_that_people_made() -> None:
    for n, text in enumerate(PIPES):
        came(n, text)
    (demand,) = demands()
    made = service.split(demand.id, service.new_id(), [number(1), number(2)], "五号楼", by=LIN, now=NOON)
    for n in (1, 2):
        handled(n, 0)
    assert came(8, PIPES[1] + "！！").demand == made.id


def test_a_dismissed_pattern_stays_dismissed() -> None:
    for n, text in enumerate(PIPES):
        came(n, text)
    (demand,) = demands()
    service.move("dismiss", demand.id, by=LIN, now=NOON, reason="各是各的事")
    assert came(9, PIPES[2] + "，急").demand == ""
    assert demands() == []
    assert {cases.found(number(n)).demand for n in range(3)} == {demand.id}
    for n in range(3):
        service.carry_out(number(n), demand.id, service.timeline(demand)[-1].seq, NOON)
        handled(n, 0)
    assert {cases.found(number(n)).demand for n in range(3)} == {""}
    assert came(10, PIPES[1] + "，急").demand == "", "free cases are not a way back to it"
    assert demands() == []


def test_who_takes_a_message_back_takes_back_what_the_index_kept() -> None:
    for n, text in enumerate(PIPES[:2]):
        came(n, text)
    for n in range(2):
        cases.withdraw(cases.found(number(n)), by=A_RESIDENT, now=NOON)
        handled(n, 0)
        handled(n, 0)
    assert {row.band for row in FingerprintRow.scan()} <= {"weights"}
    assert came(3, PIPES[2]).demand == "", "nothing is compared with it any more"


def test_a_message_that_was_taken_back_before_it_was_compared_is_not_kept() -> None:
    cases.submit(Message(number(1), "lin-jianwei", PIPES[0], "s"), by=A_RESIDENT, now=NOON)
    cases.route(number(1), NOON)
    cases.withdraw(cases.found(number(1)), by=A_RESIDENT, now=NOON)
    handled(1, 0)
    assert FingerprintRow.count() == 0
