"""The directory on DynamoDB: rows are the truth, the edition is what is read, and every change is a fact."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pynamodb.exceptions import PutError

from chalicelib.directory import service, table
from chalicelib.directory.service import ChangeLog
from chalicelib.errors import Conflict, Invalid, NotFound
from chalicelib.people.roles import Actor
from chalicelib.spine import dossiers, journal
from chalicelib.spine.chain import walk
from tests.support.district import SMALL

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
QIAO = Actor("manager", "manager.qiao")
DEMO = Path(__file__).parents[2] / "infra" / "demo" / "district.yaml"
MANY = "grids:\n" + "".join(f"- {{id: g-{n}, name_zh: 格, name_en: G}}\n" for n in range(150))

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def small(cloud: None) -> int:  # noqa: ARG001 - the tables come first
    """The small district, imported; its version."""
    report = service.import_file(SMALL, "yaml", by=QIAO, now=NOON)
    assert report.written
    return report.version


def facts() -> list[Any]:
    return journal.entries(service.LOG)


def published() -> int:
    """The version of the edition that another process would read now."""
    stored = table.stored_edition(consistent=True)
    return stored.version if stored else 0


def import_text(text: str, now: datetime = LATER, **how: Any) -> Any:
    return service.import_file(text, "yaml", by=QIAO, now=now, **how)


def test_an_import_writes_rows_a_fact_and_the_edition(small: int) -> None:
    assert service.edition(NOON).body_for("heating", "hill-1") == table.stored_records()["bodies"]["hill-heat"]
    [fact] = facts()
    assert (fact.type, fact.role, fact.actor, fact.seq, small) == ("directory_changed", "manager", "manager.qiao", 1, 1)
    assert len(fact.data["changes"]) == sum(len(found) for found in table.stored_records().values())


def test_another_process_sees_it_too(small: int) -> None:
    service.forget()
    assert service.edition(NOON).edition.version == small


def test_before_the_first_import_there_is_no_directory() -> None:
    with pytest.raises(NotFound, match="import one"):
        service.edition(NOON)


def test_the_demo_district_goes_in_whole() -> None:
    report = service.import_file(DEMO.read_bytes(), "yaml", by=QIAO, now=NOON)
    assert (report.errors, report.written, report.version) == ((), True, len(facts()))
    assert service.edition(NOON).deputy_by_code("demo-0001").state == "live"


def test_a_dry_run_tells_everything_and_writes_nothing(small: int) -> None:
    report = import_text("bodies: [{id: new, name_zh: 新, name_en: New}]", dry_run=True)
    assert ([change.id for change in report.changes], report.written, report.version) == (["new"], False, small)
    assert "new" not in table.stored_records()["bodies"]
    assert (published(), len(facts())) == (small, 1)


def test_with_one_fault_nothing_of_a_file_is_written(small: int) -> None:
    report = import_text("bodies: [{id: new, name_zh: 新, name_en: New}, {id: newer, name_zh: 新}]")
    assert ([error.code for error in report.errors], report.written) == (["missing"], False)
    assert "new" not in table.stored_records()["bodies"]
    assert (published(), len(facts())) == (small, 1)


@pytest.mark.usefixtures("small")
def test_the_same_file_again_is_no_fact() -> None:
    report = import_text(SMALL)
    assert (report.changes, report.written, report.version) == ((), True, 1)
    assert len(facts()) == 1


@pytest.mark.usefixtures("small")
def test_an_export_imported_again_changes_nothing() -> None:
    assert import_text(service.export("yaml")).changes == ()
    for kind in ("bodies", "calendars", "promises", "codes"):
        report = service.import_file(service.export("csv", kind), "csv", kind, by=QIAO, now=LATER)
        assert (report.errors, report.changes) == ((), ())


def test_a_large_import_goes_in_batches_and_the_edition_comes_last(small: int) -> None:
    report = import_text(MANY)
    assert (report.version, published(), len(facts())) == (small + 2, small + 2, 3)
    assert len(service.edition(LATER).grids) == 153


def break_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Import many grids in a process that ends after the first batch."""
    record, calls = service.record_change, iter(range(9))

    def once(*given: Any, **named: Any) -> ChangeLog:
        if next(calls):
            raise ConnectionError
        return record(*given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(service, "record_change", once)
        with pytest.raises(ConnectionError):
            import_text(MANY)


def test_an_import_that_broke_off_is_unseen_and_is_finished_by_repeating_it(
    small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_off(monkeypatch)
    service.forget()
    assert len(service.edition(LATER).grids) == 3
    report = import_text(MANY)
    assert (len(report.changes), published()) == (150 - 97, small + 2)
    assert len(service.edition(LATER).grids) == 153


def test_of_two_who_change_the_directory_at_once_one_is_told(small: int, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = table.stored_records

    def and_meanwhile() -> Any:
        monkeypatch.setattr(table, "stored_records", stored)
        import_text("settings: {close_by_silence_days: 9}")
        return stored()

    monkeypatch.setattr(table, "stored_records", and_meanwhile)
    with pytest.raises(Conflict):
        import_text("settings: {close_by_silence_days: 3}")
    assert service.edition(LATER).setting("close_by_silence_days") == 9
    assert published() == small + 1


def test_a_directory_that_outgrows_its_item_is_refused_and_stays_as_it_was(small: int) -> None:
    def name(number: int) -> str:
        return "".join(chr(0x4E00 + (number * 7919 + place * place * 104729) % 20000) for place in range(30))

    large = "grids:\n" + "".join(
        f"- {{id: g-{n}, name_zh: 格, name_en: G, aliases: [{', '.join(name(n * 200 + m) for m in range(200))}]}}\n"
        for n in range(60)
    )
    report = import_text(large)
    assert ([error.code for error in report.errors], report.written) == (["directory_too_large"], False)
    assert (published(), len(table.stored_records()["grids"])) == (small, 3)


# One record


@pytest.mark.usefixtures("small")
def test_one_record_is_put_with_its_fact() -> None:
    report = service.put("bodies", "works", {"name_zh": "工程", "name_en": "Public Works"}, by=QIAO, now=LATER)
    assert [(change.id, change.did, change.fields) for change in report.changes] == [("works", "changed", ("name_en",))]
    assert facts()[-1].data["changes"][0]["fields"] == {"name_en": ["Works", "Public Works"]}


@pytest.mark.usefixtures("small")
def test_a_rule_is_put_by_what_it_is_about() -> None:
    rule = {"step": "answer", "category": "roads", "mode": "elapsed", "amount": "3h", "ladder": {"remind": 0.5, "breach": 1}}
    report = service.put("promises", "answer:roads:*", rule, by=QIAO, now=LATER)
    assert [change.id for change in report.changes] == ["answer:roads:*"]


@pytest.mark.usefixtures("small")
def test_a_record_that_calls_itself_otherwise_is_refused() -> None:
    data = {"id": "other", "name_zh": "某", "name_en": "X"}
    assert [error.code for error in service.put("bodies", "works", data, by=QIAO, now=LATER).errors] == ["other_id"]


def test_an_unknown_kind_is_refused() -> None:
    for call in (lambda: service.put("edition", "current", {}, by=QIAO, now=NOON), lambda: service.records("bodys", NOON)):
        with pytest.raises(Invalid, match="There is no kind"):
            call()


@pytest.mark.usefixtures("small")
def test_the_records_of_a_kind_are_listed_without_what_is_empty() -> None:
    assert {"id": "works", "name_zh": "工程", "name_en": "Works"} in service.records("bodies", NOON)


# Codes


def drawing(text: str) -> Callable[[str], str]:
    letters = iter(text)
    return lambda _: next(letters)


@pytest.mark.usefixtures("small")
def test_a_replaced_code_is_live_and_the_old_print_says_so() -> None:
    new = service.replace_code("lin", "torn down", by=QIAO, now=LATER, draw=drawing("BBBB0001"))
    directory = service.edition(LATER)
    assert (new.code, new.issued_at, directory.live_code("lin")) == ("BBBB0001", LATER, new)
    old = directory.deputy_by_code("AAAA0001")
    assert old.printed is not None
    assert (old.state, old.printed.reason, old.printed.revoked_at) == ("revoked", "torn down", LATER)


@pytest.mark.usefixtures("small")
def test_a_code_that_was_ever_given_is_not_given_again() -> None:
    new = service.replace_code("gao", "first print", by=QIAO, now=LATER, draw=drawing("AAAA0001CCCC0001"))
    assert new.code == "CCCC0001"


@pytest.mark.usefixtures("small")
def test_codes_are_drawn_from_an_alphabet_that_can_not_be_misread() -> None:
    new = service.replace_code("gao", "first print", by=QIAO, now=LATER)
    assert len(new.code) == 8
    assert set(new.code) <= set(service.ALPHABET)
    assert not set("ILOU") & set(service.ALPHABET)


@pytest.mark.usefixtures("small")
def test_a_code_is_replaced_for_a_reason_and_for_a_deputy_in_office() -> None:
    with pytest.raises(Invalid, match="why"):
        service.replace_code("lin", " ", by=QIAO, now=LATER)
    with pytest.raises(NotFound, match="no deputy 'ghost'"):
        service.replace_code("ghost", "torn down", by=QIAO, now=LATER)


@pytest.mark.usefixtures("small")
def test_a_reason_that_can_not_be_kept_gives_no_code() -> None:
    with pytest.raises(Conflict, match="reason"):
        service.replace_code("lin", "x" * 401, by=QIAO, now=LATER)
    assert service.edition(LATER).deputy_by_code("AAAA0001").state == "live"


# Edition and journal


def test_the_edition_can_be_written_anew_from_the_rows(small: int) -> None:
    table.EditionRow(table.EDITION, table.CURRENT).delete()
    service.forget()
    assert service.publish(LATER) == small
    service.forget()
    assert service.edition(LATER).district.id == "somewhere"


def test_a_missing_edition_is_mended_by_importing_the_same_again(small: int) -> None:
    table.EditionRow(table.EDITION, table.CURRENT).delete()
    import_text(SMALL)
    assert published() == small


def test_an_older_edition_never_replaces_a_newer_one(small: int) -> None:
    assert not table.put_edition(b"old", small - 1, LATER)
    assert published() == small


def test_publishing_rows_that_someone_else_has_published_newer_changes_nothing(small: int) -> None:
    table.put_edition(b"newer", small + 1, LATER)
    assert service.publish(LATER) == small
    assert published() == small + 1


def test_a_failure_of_the_table_is_not_taken_for_a_newer_edition() -> None:
    with pytest.raises(PutError, match="size"):
        table.put_edition(b"x" * 500_000, 1, NOON)


@pytest.mark.usefixtures("small")
def test_the_chain_of_changes_is_sound_and_leads_to_the_log() -> None:
    import_text(MANY)
    service.replace_code("lin", "torn down", by=QIAO, now=LATER)
    log = dossiers.load(ChangeLog, service.LOG)
    assert walk(facts(), log.head).sound
    assert dossiers.fold(ChangeLog, facts(), {}) == log
