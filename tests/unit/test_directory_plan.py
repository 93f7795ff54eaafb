"""What a change would do: added, changed, removed, restored; told to the journal without anyone's address."""

from chalicelib.directory import plan as planning
from chalicelib.directory.plan import batches
from chalicelib.directory.report import Change
from tests.support.district import SMALL, changed, planned, records

WORKS = "{id: works, name_zh: 工程, name_en: Works}"


def test_the_same_file_again_changes_nothing() -> None:
    assert changed(SMALL).changed == ()


def test_every_record_of_a_first_file_is_added() -> None:
    outcome = planned(SMALL)
    assert {it.change.did for it in outcome.changed} == {"added"}
    assert len(outcome.changed) == sum(len(found) for found in records().values())


def test_what_a_file_does_not_name_stays() -> None:
    outcome = changed(f"bodies: [{WORKS[:-1]}, phone: 000-1234}}]")
    assert outcome.report.changes == (Change("bodies", "works", "changed", ("phone",)),)
    assert set(outcome.after["bodies"]) == {"heat", "hill-heat", "works"}


def test_a_record_is_replaced_whole() -> None:
    outcome = changed("bodies: [{id: heat, name_zh: 热力, name_en: Heat}]")
    assert outcome.report.changes == (Change("bodies", "heat", "changed", ("head", "calendar")),)


def test_taking_out_of_use_and_back_is_removed_and_restored() -> None:
    outcome = changed("categories: [{id: roads, name_zh: 道路, name_en: Roads, retired: true}]")
    assert outcome.report.changes == (Change("categories", "roads", "removed", ("retired",)),)
    back = planned("categories: [{id: roads, name_zh: 道路, name_en: Roads}]", outcome.after)
    assert [it.change.did for it in back.changed] == ["restored"]


def test_the_journal_keeps_what_a_field_was_and_became() -> None:
    [it] = changed("promises: [{step: answer, mode: working, amount: 9d}]").changed
    assert it.told() == {
        "kind": "promises",
        "id": "answer:*:*",
        "did": "changed",
        "fields": {"amount": ["5d", "9d"]},
        "unsaid": [],
    }


def test_of_an_address_the_journal_keeps_only_that_it_changed() -> None:
    [it] = changed("users: [{username: head.heat, role: officer, name: 他人, body: works, mail: a@b.org}]").changed
    assert it.told()["fields"] == {"body": ["heat", "works"]}
    assert it.told()["unsaid"] == ["mail", "name"]


def test_batches_fit_into_a_transaction_and_follow_the_order_of_kinds() -> None:
    many = "grids:\n" + "".join(f"- {{id: g-{n}, name_zh: 格, name_en: G}}\n" for n in range(200))
    found = batches(changed(f"{many}bodies: [{WORKS[:-1]}, phone: 000-1234}}]").changed)
    assert [len(batch) for batch in found] == [97, 97, 7]
    assert found[0][0].change.kind == "bodies"


def test_a_batch_of_large_records_stays_small_enough_for_one_fact() -> None:
    aliases = [f"很长的地名{'名' * 50}{n}" for n in range(200)]
    many = "grids:\n" + "".join(f"- {{id: g-{n}, name_zh: 格, name_en: G, aliases: {aliases}}}\n" for n in range(20))
    found = batches(changed(many).changed)
    assert [len(batch) for batch in found] == [4, 4, 4, 4, 4]
    assert planning.LARGEST_BATCH < 400_000


def test_nothing_to_do_is_no_batch() -> None:
    assert batches([]) == []
