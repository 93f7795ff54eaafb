"""The similarity index: one batch read and one batch write a message, on the table and on its twin in memory alike."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bench.store import CountingStore
from chalicelib.demands.grouping import Candidate, decide
from chalicelib.demands.index import BATCH, FRESH, KEPT, KNOWN_BY, WEIGHTS, FingerprintRow, Index, Place, Store, Table, band
from chalicelib.demands.similarity import Reading, read
from chalicelib.demands.weights import EACH, Weights
from tests.support.visitor import counted

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
COLD = "松林里小区三号楼暖气片不热，室温只有十二度，供热公司一直没有人来修"
COLD_TOO = "我们松林里小区五号楼也是，暖气片一直不热，室温十二度，打了供热公司的电话没有人来修"
LAMPS = "滨河路东段的路灯坏了一个多月，晚上黑得看不见路，希望尽快更换灯泡"


@pytest.fixture(params=["table", "twin"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "table":
        request.getfixturevalue("cloud")
        yield Table()
    else:
        yield CountingStore()


@pytest.fixture
def index(store: Store) -> Index:
    return Index(store)


def said(index: Index, text: str, now: datetime = NOON) -> Reading:
    return read("", text, index.weights(now))


def put(index: Index, case: str, text: str, group: str = "", now: datetime = NOON) -> Reading:
    reading = said(index, text, now)
    index.record(Place(case, group or case, now), reading, now)
    return reading


def seen(index: Index, text: str, case: str = "NEW", now: datetime = NOON) -> list[Candidate]:
    return index.candidates(case, said(index, text, now), now)


def test_what_shares_telling_words_is_found_as_it_was_put(index: Index) -> None:
    reading = put(index, "C1", COLD, "G1")
    put(index, "C2", LAMPS)
    (found,) = seen(index, COLD_TOO)
    assert (found.case, found.group, found.at, found.apart) == ("C1", "G1", NOON, frozenset())
    assert found.fingerprint == reading.fingerprint
    assert decide(said(index, COLD_TOO), [found], index.weights(NOON), NOON).group == "G1"


def test_a_message_does_not_find_itself_and_being_put_twice_changes_nothing(index: Index) -> None:
    put(index, "C1", COLD)
    put(index, "C1", COLD)
    assert seen(index, COLD, "C1") == []
    assert [each.case for each in seen(index, COLD)] == ["C1"]


def test_of_two_put_at_once_with_the_same_words_the_later_is_found(index: Index) -> None:
    put(index, "C1", COLD, "G1")
    put(index, "C2", COLD, "G1")
    assert [each.case for each in seen(index, COLD)] == ["C2"]


def test_a_second_process_finds_what_the_first_put_and_learnt(store: Store) -> None:
    put(Index(store), "C1", COLD, "G1")
    other = Index(store)
    assert other.weights(NOON).learnt == 1
    assert [each.group for each in seen(other, COLD_TOO)] == ["G1"]


def test_a_process_takes_up_what_others_learnt_within_minutes(store: Store) -> None:
    one, other = Index(store), Index(store)
    assert other.weights(NOON).learnt == 0
    for number in range(3):
        put(one, f"C{number}", COLD)
    seen(other, LAMPS, now=NOON + FRESH)
    assert other.weights(NOON + FRESH).learnt == 3


def test_what_people_decided_is_kept_with_the_case(index: Index) -> None:
    put(index, "C1", COLD, "G1")
    put(index, "C2", LAMPS, "G1")
    index.move(["C1"], "G2", NOON, apart=frozenset({"G1"}))
    (found,) = seen(index, COLD_TOO)
    assert (found.group, found.apart) == ("G2", frozenset({"G1"}))
    index.move(["C1"], "G3", NOON)
    assert [(each.group, each.apart) for each in seen(index, COLD_TOO)] == [("G3", frozenset({"G1"}))]
    index.move(["C1"], "G1", NOON)
    assert [(each.group, each.apart) for each in seen(index, COLD_TOO)] == [("G1", frozenset())], (
        "unless they joined it themselves"
    )
    assert [each.group for each in seen(index, LAMPS)] == ["G1"]


def test_moving_a_case_takes_no_key_from_those_that_came_later(index: Index) -> None:
    put(index, "C1", COLD, "G1")
    put(index, "C2", COLD, "G2")
    index.move(["C1"], "G3", NOON)
    assert [(each.case, each.group) for each in seen(index, COLD)] == [("C2", "G2")]


def test_who_is_not_in_the_index_can_be_moved_and_forgotten_without_harm(index: Index) -> None:
    index.move(["C9"], "G1", NOON)
    index.forget(["C9"])
    assert seen(index, COLD) == []


def test_a_case_that_is_forgotten_leaves_nothing(store: Store) -> None:
    index = Index(store)
    put(index, "C1", COLD)
    put(index, "C2", LAMPS)
    index.forget(["C1"])
    assert seen(index, COLD) == []
    assert store.read([("case#C1", "C1")]) == []
    assert [each.case for each in seen(index, LAMPS)] == ["C2"]


def test_what_is_over_is_not_found_even_if_it_still_stands_there(index: Index) -> None:
    put(index, "C1", COLD)
    assert seen(index, COLD, now=NOON + KEPT - timedelta(seconds=1))
    assert not seen(index, COLD, now=NOON + KEPT)


@pytest.mark.parametrize("nothing", ["", "?", "好", "啊" * 4000, "🥶🥶🥶", "1" * 4000, "13800000000", "aB", "x " * 3])
def test_who_says_nothing_costs_nothing_and_is_nobodys_key(store: Store, nothing: str) -> None:
    index = Index(store)
    for number in range(3):
        put(index, f"C{number}", nothing)
        assert seen(index, nothing) == []
    assert store.read([WEIGHTS]) == []


@pytest.mark.parametrize(
    "odd",
    ["aB混c排de字EF文gh本", "12 34 56 78 90 11 22 33", "🥶冷🥶冷🥶得🥶睡🥶不🥶着🥶", "ok好ok好ok吗ok吗", "é è ü ø ñ å ß œ"],
)
def test_odd_texts_are_found_like_any_other(index: Index, odd: str) -> None:
    put(index, "C1", odd)
    assert {each.case for each in seen(index, odd)} <= {"C1"}


def test_a_message_costs_one_batch_read_and_one_batch_write_however_many_there_are() -> None:
    store = CountingStore()
    index, long = Index(store), "".join(map(chr, range(0x4E00, 0x4F80)))
    for number in range(60):
        put(index, f"C{number}", f"{long[number:]}松林里小区{number}号楼")
    before = store.used
    reading = said(index, long)
    index.candidates("NEW", reading, NOON)
    index.record(Place("NEW", "NEW", NOON), reading, NOON)
    used = store.used.since(before)
    assert (used.read_calls, used.write_calls) == (1, 1)
    assert used.read <= BATCH
    assert used.written <= KNOWN_BY + 2


@pytest.mark.usefixtures("cloud")
def test_the_calls_at_the_client_are_these_two() -> None:
    index = Index(Table())
    put(index, "C1", COLD)
    with counted() as calls:
        reading = said(index, COLD_TOO)
        index.candidates("C2", reading, NOON)
        index.record(Place("C2", "C2", NOON), reading, NOON)
    assert calls == ["BatchGetItem", "BatchWriteItem"]


def test_no_item_grows() -> None:
    store = CountingStore()
    index = Index(store)
    for number in range(40):
        put(index, f"C{number}", COLD)
    assert len(store) <= KNOWN_BY + 1 + 40
    assert store.largest < 100_000


def test_few_of_many_messages_write_the_weights() -> None:
    store = CountingStore()
    store.write([FingerprintRow(*WEIGHTS, at=0, sketch=Weights().packed(), learnt=EACH, met=100.0 * EACH)])
    index = Index(store)
    before = store.used
    for number in range(200):
        put(index, f"C{number}", COLD)
    assert store.used.since(before).written <= 200 * (KNOWN_BY + 1) + 10


def test_an_item_holds_no_word_of_what_was_written() -> None:
    store = CountingStore()
    put(Index(store), "C1", COLD)
    rows = store.read([("case#C1", "C1"), (band("松 林 里"), "latest")])
    assert len(rows) == 2
    assert not any(word in repr(row.serialize()) or word.encode() in row.sketch for row in rows for word in ("松林", "暖气"))
