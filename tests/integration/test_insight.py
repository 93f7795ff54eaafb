"""Figures on the tables: counted by the stream, read in one query, made anew to the same."""

from datetime import timedelta

import pytest

from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.demands import counts
from chalicelib.directory import service as directory_service
from chalicelib.errors import Invalid
from chalicelib.insight import rebuild, service, table
from chalicelib.insight.service import Figures
from chalicelib.settings import settings
from chalicelib.spine.aws import transact
from infra.journal import count_anew
from tests.support.calls import counted
from tests.support.casework import routed, sent
from tests.support.house import House
from tests.support.wanglan import LIN, NOON, QIAO

pytestmark = pytest.mark.usefixtures("district")


def figures(scope: str, period: str = "") -> Figures:
    return service.figures(scope, period or f"{NOON:%Y}", directory_service.edition(NOON))


def lines(scope: str, period: str = "") -> dict[str, dict[str, int]]:
    return {line.id: dict(line.counts) for line in figures(scope, period).lines}


def lived() -> list[Case]:
    """Cases with every kind of end, each told by the stream."""
    later = NOON + timedelta(hours=3)
    solved, late, silent, moved, gone, unrouted = (routed(), routed(), routed(), routed(), routed(), sent(text="啊啊啊 ???"))
    for case, at in ((solved, NOON), (late, later), (silent, NOON)):
        cases.move("answer", case.id, by=LIN, now=at, text="修好了")
    cases.confirm(cases.found(solved.id), 5, now=NOON)
    cases.assign(moved.id, "housing-bureau", "是房子的事", by=LIN, now=NOON)
    cases.recategorise(moved.id, "heating/charges/fee", "问的是费用", by=LIN, now=NOON)
    cases.move("decline", gone.id, by=QIAO, now=NOON, reason="不归这里", instead="热线")
    return [solved, late, silent, moved, gone, unrouted]


def test_what_happened_is_what_is_counted(house: House) -> None:
    lived()
    house.run()
    assert figures("district").total == {
        "received": 6, "due": 4, "in_time": 3, "verdicts": 1, "solved": 1, "grades": 1, "satisfied": 1, "declined": 1,
    }  # fmt: skip
    bodies = lines("body")
    assert bodies["housing-bureau"] == {"received": 1}
    assert bodies["heating-company"]["received"] == 4
    assert lines("deputy").keys() == {"lin-jianwei"}


@pytest.fixture
def house() -> House:
    return House()


def test_a_category_holds_what_is_below_it_and_a_ward_what_is_its_deputies(house: House) -> None:
    lived()
    house.run()
    found = lines("category")
    assert found["heating"]["received"] == 5
    assert found["heating/charges"] == found["heating/charges/fee"] == {"received": 1}
    (ward,) = figures("ward").lines
    assert (ward.id, ward.name_zh, ward.counts) == (ward.id, ward.id, figures("district").total)
    assert ward.name_en


def test_a_month_is_a_part_of_its_year(house: House) -> None:
    routed()
    routed(now=NOON - timedelta(days=40))
    house.run()
    whole = figures("district")
    assert (whole.total["received"], len(whole.months)) == (2, 2)
    for month, total in whole.months.items():
        assert figures("district", month).total == total
    assert figures("district", "2020").total == {}


def test_facts_of_other_sections_are_counted_by_name(house: House) -> None:
    from tests.support.demands import confirmed

    confirmed()
    house.run()
    assert figures("section").total == {"demand.confirmed": 1}
    assert lines("section") == {"demand": {"demand.confirmed": 1}}


def test_any_view_costs_one_query(house: House) -> None:
    lived()
    house.run()
    directory_service.edition(NOON)
    for scope in service.SCOPES:
        with counted() as calls:
            figures(scope)
        assert calls == ["Query figures"]


def test_counting_costs_a_read_a_query_and_a_transaction_and_again_no_transaction() -> None:
    case = routed()
    for expected in (["GetItem figures", "Query journal", "TransactWriteItems"], ["GetItem figures", "Query journal"]):
        with counted() as calls:
            service.count(case.id)
        assert calls == expected


def test_figures_made_anew_are_the_live_ones(house: House) -> None:
    lived()
    house.run()
    assert rebuild.rebuild(settings.zone, mend=False).wrong == 0
    assert count_anew(lambda _: None) == 0


def test_lost_wrong_and_foreign_figures_are_made_right_and_nothing_else_is_touched(house: House) -> None:
    lived()
    transact([counts.one_more("seen#heating#weidu-1", 7)])
    house.run()
    before = table.everything()
    for key in list(before[0])[:3]:
        table.FigureRow(*key).delete()
    table.FigureRow("body#2026", "01#nobody#0", received=9).save()
    table.FigureRow("counted#NOBODY", "-", seq=1, share="[]").save()
    assert count_anew(lambda _: None) == 4
    assert table.everything() == before
    assert counts.recent("seen#heating#weidu-1", 7) == {7: 1}


def test_figures_of_before_a_rule_changed_come_right_by_counting_again(house: House) -> None:
    case = routed()
    house.run()
    held = table.FigureRow.get(table.COUNTED + case.id, table.ONLY)
    held.share = held.share.replace('"received":1', '"received":2')
    held.save()  # as if another rule had once counted it
    before = figures("district").total["received"]
    service.count(case.id)
    assert figures("district").total.get("received", 0) == before - 1


@pytest.mark.parametrize(
    ("scope", "period", "code"),
    [
        ("x", "2026", "unknown_scope"),
        ("body", "26", "bad_period"),
        ("body", "2026-13", "bad_period"),
        ("body", "", "bad_period"),
    ],
)
def test_what_there_is_not_is_refused(scope: str, period: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        service.figures(scope, period, directory_service.edition(NOON))
    assert caught.value.code == code
