"""A surge is warned of once, within the message that tips it; people are counted and not messages; a message costs 3 calls."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from chalicelib.cases.model import Case
from chalicelib.demands import counts, service, workers
from chalicelib.demands.surge import FEWEST, PERIOD, QUIET, SPAN, Surge, period_of, surge_of
from chalicelib.errors import Conflict, NotFound
from chalicelib.people.table import GuardRow
from chalicelib.spine import dossiers, journal
from chalicelib.spine.aws import Cancelled, transact
from chalicelib.spine.chain import walk
from tests.support.casework import EMAIL, PHONE, routed
from tests.support.casework import NAME as WRITER
from tests.support.demands import told, written
from tests.support.visitor import counted
from tests.support.wanglan import NOON

pytestmark = pytest.mark.usefixtures("district")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COLD = "heating/supply/cold-flat"
ONE_MESSAGE = ["GetItem", "TransactWriteItems", "Query"]  # the case, the count, the counts
ID = surge_of(COLD, "weidu-1", "", NOON).id


def watched(case: Case) -> Surge | None:
    return service.watch(case.id, case.created_at)


def people(number: int, since: datetime = NOON, grid: str = "weidu-1") -> Iterator[Surge | None]:
    """So many people write, ten minutes apart; what each message led to."""
    for n in range(number):
        yield watched(written(now=since + n * timedelta(minutes=10), grid=grid))


def usual(a_day: int, days: int = 56) -> None:
    """So many people a day in the time before."""
    for day in range(4, 4 + days):
        for _ in range(a_day):
            transact([counts.one_more(counts.scope_of(COLD, "weidu-1"), period_of(NOON - day * DAY))])


def test_the_message_that_tips_it_and_no_other_warns() -> None:
    found = list(people(2 * FEWEST - 1))
    assert [index for index, warning in enumerate(found) if warning] == [FEWEST - 1]
    warning = service.surge_found(ID)
    assert (warning.category, warning.grid, warning.body, warning.people) == (COLD, "weidu-1", "heating-company", FEWEST)
    assert [entry.type for entry in journal.entries(ID)] == ["surged"]


def test_the_queue_warns_within_the_message_that_tips_it_though_each_is_told_twice() -> None:
    messages = [told(written(now=NOON)) for _ in range(FEWEST + 1)]
    for message in messages[: FEWEST - 1] * 2:
        workers.work(message, NOON)
    with pytest.raises(NotFound):
        service.surge_found(ID)
    for message in messages[FEWEST - 1 :] * 2:
        workers.work(message, NOON)
        assert service.surge_found(ID).version == 1


def test_the_number_doubled_is_a_second_warning() -> None:
    found = list(people(2 * FEWEST))
    assert [index for index, warning in enumerate(found) if warning] == [FEWEST - 1, 2 * FEWEST - 1]
    assert [entry.data["people"] for entry in journal.entries(ID)] == [FEWEST, 2 * FEWEST]


def test_one_person_who_writes_again_and_again_is_no_surge() -> None:
    assert not any(watched(routed(grid="weidu-1", now=NOON + n * HOUR)) for n in range(2 * FEWEST))


def test_one_person_who_writes_every_day_is_no_surge() -> None:
    assert not any(watched(routed(grid="weidu-1", now=NOON + n * PERIOD)) for n in range(6 * FEWEST))


def test_a_message_told_twice_is_counted_once() -> None:
    cases = [written() for _ in range(FEWEST - 1)]
    assert not any(watched(case) for case in cases * 3)
    tipping = written()
    assert [watched(tipping) is None for _ in range(3)] == [False, True, True]


def test_places_and_matters_are_counted_apart() -> None:
    elsewhere = list(people(FEWEST - 1, grid="weidu-2"))
    other = [watched(written("家里停水了，没水", now=NOON)) for _ in range(FEWEST - 1)]
    assert not any([*elsewhere, *other, *people(FEWEST - 1)])


def test_without_a_place_or_a_matter_nothing_is_counted() -> None:
    nowhere, nothing = written(grid=""), written("啊啊啊 ???")
    for case in (nowhere, nothing):
        with counted() as calls:
            assert watched(case) is None
        assert calls == ["GetItem"]


def test_people_spread_over_more_than_the_window_are_no_surge() -> None:
    assert not any(watched(written(now=NOON + n * SPAN / 2)) for n in range(2 * FEWEST))


def test_what_is_usual_here_is_no_surge() -> None:
    usual(2)
    assert not any(people(FEWEST + 1))


def test_a_surge_that_goes_on_is_warned_of_again_after_some_days() -> None:
    first = list(people(FEWEST))
    again = list(people(2 * FEWEST - 1, since=NOON + QUIET))
    assert [len([warning for warning in found if warning]) for found in (first, again)] == [1, 1]


def test_a_message_costs_one_read_one_transaction_and_one_query() -> None:
    case = written()
    with counted() as calls:
        watched(case)
    assert calls == ONE_MESSAGE


def test_a_warning_costs_one_read_and_one_transaction_more_and_a_surge_that_goes_on_one_read() -> None:
    list(people(FEWEST - 1))
    for expected in (["GetItem", "TransactWriteItems"], ["GetItem"]):
        case = written()
        with counted() as calls:
            watched(case)
        assert calls == ONE_MESSAGE + expected


def test_who_could_not_be_counted_because_others_were_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_: object) -> None:
        raise Cancelled((), contended=True)

    case = written()
    with monkeypatch.context() as held:
        held.setattr(service, "transact", busy)
        with pytest.raises(Conflict):
            watched(case)
    watched(case)
    assert counts.recent(counts.scope_of(COLD, "weidu-1"), period_of(NOON)) == {period_of(NOON): 1}


def test_a_warning_is_a_fact_of_a_sound_journal_and_names_nobody() -> None:
    for n in range(FEWEST):
        watched(routed(grid="weidu-1", tell="none") if n else routed(grid="weidu-1"))
    stored, entries = service.surge_found(ID), journal.entries(ID)
    assert walk(entries, stored.head).sound
    assert dossiers.fold(Surge, entries, {}) == stored
    assert set(entries[0].data) == {"people", "usual", "chance", "category", "grid", "body"}
    kept = " ".join(row.key for row in GuardRow.scan())
    assert [word for word in (WRITER, EMAIL, PHONE) if word in kept] == []
