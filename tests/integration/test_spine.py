"""The spine on DynamoDB: one transaction a fact, one winner of a race, a chain that tells who touched it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from pynamodb.transactions import TransactWrite

from chalicelib.errors import Conflict, Invalid, NotFound
from chalicelib.people.roles import Actor
from chalicelib.people.table import GuardRow
from chalicelib.spine import agenda, dossiers, journal
from chalicelib.spine.aws import Cancelled, Write, delete, put, transact
from chalicelib.spine.chain import walk
from chalicelib.spine.dossier import Dossier, Duty, Step
from chalicelib.spine.dossiers import DossierRow
from chalicelib.spine.journal import JournalRow

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
LIN = Actor("deputy", "lin", deputy="lin")


@dataclass(frozen=True, kw_only=True)
class Thing(Dossier):
    KIND: ClassVar[str] = "thing"
    APART: ClassVar[frozenset[str]] = frozenset({"words"})

    words: str = ""


def begun(id: str = "T1", **known: object) -> Thing:
    thing = Thing(id=id, status="new", deputy="lin", created_at=NOON, updated_at=NOON, words="my cold flat", **known)  # type: ignore[arg-type]
    return dossiers.record(Step(None, thing, "begun", LIN, NOON))


def moved(thing: Thing, status: str, at: datetime = NOON) -> Thing:
    return dossiers.record(Step(thing, replace(thing, status=status), status, LIN, at, {"why": "because"}))


pytestmark = pytest.mark.usefixtures("cloud")


def test_a_fact_and_the_state_it_leads_to_are_written_together() -> None:
    thing = moved(begun(), "done")
    assert dossiers.load(Thing, "T1") == thing
    assert [(entry.seq, entry.type) for entry in journal.entries("T1")] == [(1, "begun"), (2, "done")]


def test_of_two_who_move_at_once_one_wins_and_the_other_changes_nothing() -> None:
    thing = begun()
    moved(thing, "done")
    with pytest.raises(Conflict):
        moved(thing, "dropped")
    assert dossiers.load(Thing, "T1").status == "done"
    assert len(journal.entries("T1")) == 2


def test_the_same_beginning_twice_is_one_dossier() -> None:
    begun()
    with pytest.raises(Conflict):
        begun()
    assert len(journal.entries("T1")) == 1


def test_words_never_reach_the_journal() -> None:
    begun()
    assert "cold flat" not in JournalRow.get("T1", 1).content
    assert dossiers.load(Thing, "T1").words == "my cold flat"


def test_an_untouched_chain_is_sound() -> None:
    thing = moved(begun(), "done")
    assert walk(journal.entries("T1"), thing.head).sound


def test_a_changed_entry_is_named() -> None:
    thing = moved(moved(begun(), "done"), "closed")
    row = JournalRow.get("T1", 2)
    row.content = row.content.replace("because", "for fun")
    row.save()
    assert walk(journal.entries("T1"), thing.head).first_changed == 2


@pytest.mark.parametrize(("taken_out", "named"), [(1, 1), (2, 2), (3, 3)])
def test_an_entry_taken_out_is_named(taken_out: int, named: int) -> None:
    thing = moved(moved(begun(), "done"), "closed")
    JournalRow("T1", taken_out).delete()
    assert walk(journal.entries("T1"), thing.head).first_changed == named


def test_a_dossier_is_folded_again_from_its_journal() -> None:
    thing = moved(moved(begun(), "done"), "closed")
    assert dossiers.fold(Thing, journal.entries("T1"), {"words": thing.words}) == thing


def test_a_dossier_of_another_kind_is_not_found() -> None:
    begun()
    with pytest.raises(NotFound):
        dossiers.load(Dossier, "T1")


def test_a_work_list_has_pages_and_no_one_elses_things() -> None:
    for number in range(5):
        begun(f"T{number}")
    first, cursor = dossiers.worklist(deputy="lin", limit=3)
    second, end = dossiers.worklist(deputy="lin", limit=3, cursor=cursor or "")
    assert len({row.id for row in [*first, *second]}) == 5
    assert end is None
    assert dossiers.worklist(deputy="wang", limit=3, cursor=cursor or "")[0] == []


def test_a_cursor_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(Invalid):
        dossiers.worklist(deputy="lin", limit=3, cursor="x" * 9)


def test_closed_things_leave_the_lists() -> None:
    thing = begun()
    dossiers.record(Step(thing, replace(thing, closed_at=NOON), "closed", LIN, NOON))
    assert dossiers.worklist(deputy="lin", limit=3)[0] == []
    row = DossierRow.get("T1")
    assert (row.agenda_shard, row.next_duty_at, row.work_due) == (None, None, None)


def test_the_sweep_finds_what_is_due_and_nothing_else() -> None:
    begun("due", timers={"look": NOON - timedelta(minutes=1)})
    begun("later", timers={"look": NOON + timedelta(minutes=1)})
    begun("never")
    found = [m for shard in range(dossiers.SHARDS) for m in agenda.due_in(shard, NOON)]
    assert [(m["dossier"], m["duty"]) for m in found] == [("due", "look")]
    assert agenda.sweep(NOON) == 1


def test_a_duty_told_three_times_takes_effect_once() -> None:
    begun("due", timers={"look": NOON})
    done = []

    def take_effect(thing: Thing, duty: Duty, now: datetime) -> None:
        done.append(duty.what)
        dossiers.record(Step(thing, replace(thing, timers={}), "looked", LIN, now))

    for _ in range(3):
        agenda.enforce({"dossier": "due", "kind": "thing"}, NOON, {"thing": (Thing, take_effect)})
    assert done == ["look"]


def test_a_duty_is_not_enforced_before_its_time() -> None:
    begun("due", timers={"look": NOON + timedelta(microseconds=1)})
    agenda.enforce({"dossier": "due", "kind": "thing"}, NOON, {"thing": (Thing, pytest.fail)})


def _update(key: str) -> Write:
    def write(transaction: TransactWrite) -> None:
        transaction.update(GuardRow(key), actions=[GuardRow.tally.add(1)], condition=GuardRow.tally < 1)

    return write


def test_a_refused_write_is_named_by_its_place_whatever_kind_it_is() -> None:
    # PynamoDB sends deletes, puts and updates kind by kind, and DynamoDB counts in that order.
    GuardRow("full", expires=1, tally=1).save()
    fresh = put(GuardRow("fresh", expires=1))
    taken = put(GuardRow("full", expires=1), GuardRow.key.does_not_exist())
    for writes, failed in (([_update("full"), fresh], (0,)), ([taken, delete(GuardRow("none"))], (0,))):
        with pytest.raises(Cancelled) as refused:
            transact(writes)
        assert refused.value.failed == failed


def test_what_belongs_to_a_fact_is_counted_from_its_own_first() -> None:
    thing = begun()
    GuardRow("full", expires=1, tally=1).save()
    step = Step(thing, replace(thing, status="done"), "done", LIN, NOON)
    with pytest.raises(Cancelled) as refused:
        dossiers.record(step, also=[put(GuardRow("fresh", expires=1)), _update("full")])
    assert refused.value.failed == (1,)
    assert dossiers.load(Thing, "T1").status == "new"


def test_a_lost_race_is_a_conflict_also_beside_a_delete() -> None:
    thing = begun()
    moved(thing, "done")
    with pytest.raises(Conflict):
        dossiers.record(Step(thing, thing, "looked", LIN, NOON), also=[delete(GuardRow("none"))])
