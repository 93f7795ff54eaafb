"""What is counted of a dossier, and that it is counted once, however the facts come."""

from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import Conflict
from chalicelib.insight import rebuild, service
from chalicelib.insight.model import COUNTED, SPLIT, WANTED, Part, rate, share
from chalicelib.insight.tally import NOTHING, Change, Held, canonical, key_of, packed, part_of, summed, unpacked
from chalicelib.insight.wording import FACTS, SECTIONS
from chalicelib.spine.chain import Entry
from tests.support.figures import InMemory, Journal, delivered, journals

ZONE = ZoneInfo("Asia/Shanghai")
HEATING = Part("body", "heating", "2026-03")


def case(at: datetime = datetime(2026, 3, 5, tzinfo=UTC)) -> Journal:
    made = Journal("C1", "case", at)
    made.add("received", deputy="lin", status="received")
    made.add("routed", body="heating", category="heating/cold", status="routed")
    return made


def counts(made: Journal, part: Part = HEATING) -> dict[str, int]:
    return dict(share(made.entries, ZONE).get(part, {}))


def test_a_case_counts_with_its_deputy_body_category_and_grid_and_when_it_came_in() -> None:
    made = case()
    assert {(part.dimension, part.id) for part in share(made.entries, ZONE)} == {
        ("deputy", "lin"), ("body", "heating"), ("category", "heating/cold"), ("hour", "4-08"),
    }  # fmt: skip
    assert counts(made) == {"received": 1}


def test_a_month_is_the_districts_own() -> None:
    made = case(datetime(2026, 3, 31, 16, 30, tzinfo=UTC))  # half past midnight there
    assert {part.month for part in share(made.entries, ZONE)} == {"2026-04"}


def test_in_time_is_what_no_breach_came_before() -> None:
    kept, broken = case(), case()
    kept.add("breached", {"step": "acknowledge"})
    broken.add("breached", {"step": "answer"})
    assert counts(broken) == {"received": 1, "due": 1}
    for made in (kept, broken):
        made.add("answered")
    assert (counts(kept)["in_time"], "in_time" in counts(broken)) == (1, False)


def test_an_answer_that_came_late_before_anyone_noticed_is_late() -> None:
    made = case()
    made.add("answered", {"late": ["answer"]})
    assert counts(made) == {"received": 1, "due": 1}


def test_a_promise_that_still_runs_counts_for_nobody() -> None:
    assert rate("in_time", counts(case())) is None


@pytest.mark.parametrize(
    ("verdict", "grade", "expected"),
    [
        ("solved", 5, {"verdicts": 1, "solved": 1, "grades": 1, "satisfied": 1}),
        ("solved", 3, {"verdicts": 1, "solved": 1, "grades": 1}),
        ("solved", 0, {"verdicts": 1, "solved": 1}),
        ("not_solved", 0, {"verdicts": 1}),
        ("silence", 0, {"silent": 1}),
    ],
)
def test_residents_say_what_is_solved_and_silence_says_nothing(verdict: str, grade: int, expected: dict[str, int]) -> None:
    made = case()
    made.add("confirmed", verdict=verdict, satisfaction=grade)
    assert counts(made) == {"received": 1, **expected}


def test_what_is_handed_on_takes_its_figures_along() -> None:
    made = case()
    made.add("handed_on", body="housing")
    assert counts(made) == {}
    assert counts(made, Part("body", "housing", "2026-03")) == {"received": 1}


def test_a_fact_of_a_section_counts_each_time_in_its_own_month_and_by_what_it_says() -> None:
    made = Journal("S1", "suggestion", datetime(2026, 3, 5, tzinfo=UTC))
    made.add("drafted")
    for reply in ("planned", "solved", "solved"):
        made.add("replied", {"class": reply})
    found = {part.id: dict(counted) for part, counted in share(made.entries, ZONE).items()}
    assert found == {
        "suggestion.replied": {"total": 3},
        "suggestion.replied.planned": {"total": 1},
        "suggestion.replied.solved": {"total": 2},
    }


def test_whatever_is_counted_is_asked_for_and_has_its_words() -> None:
    plain = {f"{kind}.{fact}" for kind, facts in COUNTED.items() for fact in facts}
    assert plain <= WANTED
    assert plain == {fact for fact in FACTS if fact.count(".") == 1}
    assert SPLIT.keys() <= plain
    assert {fact.rpartition(".")[0] for fact in FACTS if fact.count(".") == 2} == SPLIT.keys()
    assert COUNTED.keys() == SECTIONS.keys()


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.sampled_from(["2026-01", "1999-12"]), st.text())
def test_a_row_says_what_it_counts(id: str, month: str, dossier: str) -> None:
    part = Part("body", id, month)
    assert part_of(key_of(part, dossier)) == part
    assert unpacked(packed({part: {"due": 2}})) == {part: {"due": 2}}


def counted(every: list[list[Entry]], dice: Random) -> InMemory:
    """The figures after all facts were told: in any order, some twice, while the journals they are of still grow."""
    store, seen = InMemory(), [0] * len(every)
    for place, seq in delivered(every, dice):
        seen[place] = max(seen[place], dice.randint(seq, len(every[place])))
        service.count(every[place][0].dossier, store, lambda _, place=place: every[place][: seen[place]])  # type: ignore[misc]
    return store


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 200))
def test_figures_are_the_same_bytes_in_whatever_order_and_however_often_the_facts_came(seed: int, facts: int) -> None:
    every = list(journals(facts, Random(seed)))
    live = counted(every, Random(seed + 1))
    anew = rebuild.shares_of((entry for entries in every for entry in entries), lambda _: [], ZONE)
    assert canonical(live.rows) == canonical(summed((dossier, held.share) for dossier, held in anew.items()))
    assert {dossier: held.share for dossier, held in live.shares.items()} == {d: held.share for d, held in anew.items()}


def test_a_fact_told_again_changes_nothing() -> None:
    every = list(journals(50, Random(1)))
    live = counted(every, Random(2))
    before, applied = canonical(live.rows), list[Change]()
    live.apply = applied.append  # type: ignore[method-assign]
    for entries in every:
        service.count(entries[0].dossier, live, lambda _, entries=entries: entries)  # type: ignore[misc]
    assert (canonical(live.rows), applied) == (before, [])


def test_who_counts_at_the_same_moment_and_comes_second_counts_anew() -> None:
    made, store = case(), InMemory()

    class Overtaken(InMemory):
        first = True

        def apply(self, change: Change) -> None:
            if Overtaken.first:
                Overtaken.first = False
                service.count("C1", store, lambda _: made.entries)
            store.apply(change)

        def held(self, dossier: str) -> Held:
            return store.held(dossier)

    service.count("C1", Overtaken(), lambda _: made.entries[:1] if Overtaken.first else made.entries)
    assert canonical(store.rows) == canonical(summed([("C1", packed(share(made.entries, ZONE)))]))


def test_a_share_that_changed_meanwhile_is_not_overwritten() -> None:
    store = InMemory()
    store.apply(Change("C1", Held(), Held(1, "[]"), {}))
    with pytest.raises(Conflict):
        store.apply(Change("C1", Held(), Held(2, "[]"), {}))


def test_a_journal_that_comes_in_pieces_is_asked_for_whole() -> None:
    first, second = list(journals(20, Random(3)))[:2]
    pieces = [*first[3:], *second, *first[:3]]
    found = rebuild.shares_of(pieces, lambda dossier: {first[0].dossier: first}[dossier], ZONE)
    assert found[first[0].dossier] == Held(len(first), packed(share(first, ZONE)))
    assert len(found) == 2


def test_what_nobody_counts_takes_no_row() -> None:
    made = Journal("DIRECTORY", "directory", datetime(2026, 3, 5, tzinfo=UTC))
    made.add("changed")
    assert packed(share(made.entries, ZONE)) == NOTHING
    assert rebuild.shares_of(made.entries, lambda _: [], ZONE) == {}
