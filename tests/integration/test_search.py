"""Finding cases again, open and closed, in few reads however many there are."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.cases import arrivals, search, service
from chalicelib.cases.search import Wanted
from chalicelib.errors import Invalid
from tests.support.calls import counted
from tests.support.casework import routed
from tests.support.wanglan import GAO, HEATING, LIN, NOON, QIAO

pytestmark = pytest.mark.usefixtures("district")

NOVEMBER = Wanted(f"{NOON:%Y-%m}")


def test_a_closed_case_is_found_by_its_words() -> None:
    closed, other = routed(text="楼道的灯坏了三盏，晚上看不见"), routed(text="家里暖气不热，只有14度")
    service.move("decline", closed.id, by=LIN, now=NOON, reason="不属于本区", instead="拨打热线")
    found = search.search(replace(NOVEMBER, words="楼道 灯"), by=LIN)
    assert [case.id for case in found.items] == [closed.id]
    assert {case.id for case in search.search(NOVEMBER, by=LIN).items} == {closed.id, other.id}


def test_a_category_is_found_with_all_that_is_below_it_and_a_state_by_itself() -> None:
    case = routed(text="家里暖气不热，只有14度")
    top = service.found(case.id).category.partition("/")[0]
    assert [each.id for each in search.search(replace(NOVEMBER, category=top, status="routed"), by=QIAO).items] == [case.id]
    assert search.search(replace(NOVEMBER, category=top, status="answered"), by=QIAO).items == ()


def test_nobody_finds_what_is_not_theirs() -> None:
    case = routed()
    assert search.search(NOVEMBER, by=GAO).items == ()
    assert search.numbered(case.id, by=GAO) is None
    assert search.numbered(case.id.lower(), by=LIN) is not None
    assert [each.id for each in search.search(NOVEMBER, by=HEATING).items] == [case.id]


def test_another_month_holds_other_cases() -> None:
    routed(now=NOON - timedelta(days=40))
    assert search.search(NOVEMBER, by=LIN).items == ()


def test_a_search_costs_at_most_five_queries_and_five_reads_and_says_where_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "PAGE", 2)
    cases = [routed() for _ in range(13)]
    with counted() as calls:
        first = search.search(replace(NOVEMBER, words="nobody wrote this"), by=LIN)
    assert [call.split()[0] for call in calls] == ["Query", "BatchGetItem"] * 5
    assert first.items == ()
    assert first.next
    rest = search.search(NOVEMBER, by=LIN, cursor=first.next).items
    assert {case.id for case in rest} <= {case.id for case in cases}
    assert len(rest) >= 2


def test_what_is_no_month_is_refused() -> None:
    with pytest.raises(Invalid, match="2026-11"):
        search.search(Wanted("november"), by=LIN)


def test_a_month_is_the_districts_and_begins_at_its_own_midnight() -> None:
    """Half past midnight on 1 December in Shanghai is still November in UTC."""
    midnight = datetime(2026, 11, 30, 16, tzinfo=UTC)
    before, after = routed(now=midnight - timedelta(minutes=1)), routed(now=midnight + timedelta(minutes=30))
    assert [case.id for case in search.search(Wanted("2026-12"), by=LIN).items] == [after.id]
    assert [case.id for case in search.search(Wanted("2026-11"), by=LIN).items] == [before.id]
