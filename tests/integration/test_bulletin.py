"""Notices and the library on moto: who is reached, what is counted once, who is reminded."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app import ENFORCED
from chalicelib.bulletin import groups, library, service, table, workers
from chalicelib.bulletin.model import Content, Item, Notice
from chalicelib.directory import service as directory
from chalicelib.errors import IllegalMove, Invalid, NotAllowed, NotFound, Refused
from chalicelib.people.roles import Actor
from chalicelib.spine import agenda, journal
from tests.support.bulletin import item, notice
from tests.support.calls import counted
from tests.support.wanglan import GAO, HEATING, LIN, NOON, QIAO, TANG, WATER

pytestmark = pytest.mark.usefixtures("district")

DAY = timedelta(days=1)


def facts(id: str) -> list[str]:
    return [entry.type for entry in journal.entries(id)]


def names(*chosen: str) -> set[str]:
    return {user.username for user in groups.audience(chosen, directory.edition(NOON))}


def enforced(made: Notice, at: timedelta) -> Notice:
    agenda.enforce({"dossier": made.id, "kind": "notice"}, NOON + at, ENFORCED)
    return service.found(made.id)


# Whom it reaches


def test_groups_are_roles_bodies_and_wards() -> None:
    assert {"deputy.lin", "deputy.gao"} <= names("deputies")
    assert names("body:heating-company") >= {"officer.heating"}
    assert names("ward:weidu-1") == {"deputy.lin"}
    assert names("managers", "supervisors") == {"manager.qiao", "supervisor.tang"}
    assert "officer.water" in names("officers") - names("body:heating-company")


@pytest.mark.parametrize(
    "chosen", [(), ("residents",), ("body:nobody",), ("ward:nowhere",), tuple(f"ward:weidu-{n}" for n in range(21))]
)
def test_a_group_that_there_is_not_is_named(chosen: tuple[str, ...]) -> None:
    with pytest.raises(Invalid, match="group"):
        groups.checked(chosen, directory.edition(NOON))


def test_a_notice_is_seen_by_those_it_is_for_and_by_those_who_see_all() -> None:
    made = notice("ward:weidu-1", "body:heating-company")
    for by, sees in ((LIN, True), (HEATING, True), (GAO, False), (WATER, False), (QIAO, True), (TANG, True)):
        assert [seen.notice.id for seen in service.listed(by, NOON, limit=5).items] == ([made.id] if sees else [])
        if not sees:
            with pytest.raises(NotFound):
                service.seen(made.id, by, NOON)


def test_a_public_notice_is_everybodys() -> None:
    made = notice(public=True)
    notice()
    assert [each.id for each in service.listed_in_public(limit=5)[0]] == [made.id]
    assert service.seen(made.id, WATER, NOON).mine is False


# Read once


def test_who_read_it_and_who_did_not() -> None:
    made = notice()
    for _ in range(2):
        read = service.read(made.id, by=LIN, now=NOON + DAY).notice
    assert (read.reads, facts(made.id)) == (1, ["published", "read"])
    readers = service.readers(read, NOON + DAY)
    assert [(user.username, at) for user, at in readers.read] == [("deputy.lin", NOON + DAY)]
    assert "deputy.gao" in {user.username for user in readers.unread}
    assert service.seen(made.id, LIN, NOON).read_at == NOON + DAY
    assert service.seen(made.id, GAO, NOON).read_at is None
    assert [seen.read_at for seen in service.listed(LIN, NOON, limit=5).items] == [NOON + DAY]


def test_who_is_not_addressed_has_nothing_to_acknowledge() -> None:
    made = notice()
    with pytest.raises(NotAllowed):
        service.read(made.id, by=QIAO, now=NOON)
    with pytest.raises(NotFound):
        service.read(made.id, by=WATER, now=NOON)
    assert service.found(made.id) == made


# Reminded


def test_after_some_days_those_who_did_not_read_are_reminded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(workers.queue, "send_all", lambda _, messages: sent.extend(messages))
    made = notice(remind_days=2)
    service.read(made.id, by=LIN, now=NOON)
    assert enforced(made, 2 * DAY - timedelta(seconds=1)).timers
    after = enforced(made, 2 * DAY)
    assert (facts(made.id), after.timers) == (["published", "read", "reminded"], {})
    reminded = journal.entries(made.id)[-1]
    workers.work({"dossier": made.id, "kind": "notice", "type": "reminded", "seq": reminded.seq}, NOON)
    told = {user for message in sent for user in message["users"]}
    assert told == names("deputies") - {"deputy.lin"}
    assert reminded.data["unread"] == len(told)


def test_the_districts_setting_says_when_and_nought_reminds_nobody() -> None:
    assert notice().timers == {"remind": NOON + 3 * DAY}
    assert notice(remind_days=0).timers == {}


def test_of_a_notice_that_was_withdrawn_nobody_is_told_or_reminded() -> None:
    made = notice(public=True)
    gone = service.withdraw(made.id, "日期写错了", by=QIAO, now=NOON)
    assert (gone.timers, service.to_be_told(made.id, "published", NOON), service.listed_in_public(limit=5)[0]) == ({}, [], ())
    assert service.listed(LIN, NOON, limit=5).items == ()
    with pytest.raises(NotFound):
        service.in_public(made.id)
    with pytest.raises(NotFound):
        service.read(made.id, by=LIN, now=NOON)


# The library


def test_progress_is_kept_for_each_deputy_and_learning_counts_once() -> None:
    first, second = item(), item(now=NOON + DAY, form="link", url="https://example.org/law", text="")
    library.open_item(first.id, by=LIN, now=NOON)
    library.open_item(first.id, by=LIN, now=NOON + DAY)
    for days in (2, 3):
        done = library.complete(first.id, by=LIN, now=NOON + days * DAY).item
    assert (done.learned, facts(first.id)) == (1, ["added", "learned"])
    assert journal.entries(first.id)[-1].data == {"deputy": "lin-jianwei"}
    shelf = [(each.item.id, each.progress) for each in library.listed(LIN, limit=5).items]
    assert shelf == [(second.id, library.Progress()), (first.id, library.Progress(NOON, NOON + 2 * DAY))]
    assert library.progress_of("lin-jianwei") == {first.id: library.Progress(NOON, NOON + 2 * DAY)}
    assert library.progress_of("gao-xiulan") == {}


def test_an_item_can_be_completed_unopened_and_opening_it_then_takes_nothing_back() -> None:
    made = item()
    library.complete(made.id, by=LIN, now=NOON)
    library.open_item(made.id, by=LIN, now=NOON + DAY)
    assert library.shelved(made.id, LIN).progress == library.Progress(NOON, NOON)


def test_what_is_retired_is_on_the_shelf_no_more_and_what_was_learned_stays() -> None:
    made = item()
    library.complete(made.id, by=LIN, now=NOON)
    library.retire(made.id, "法律已修改", by=QIAO, now=NOON)
    assert library.listed(LIN, limit=5).items == ()
    assert library.shelved(made.id, LIN).progress.completed_at == NOON
    with pytest.raises(IllegalMove):
        library.complete(made.id, by=GAO, now=NOON)


DEEDS: list[Callable[[Notice, Item], object]] = [
    lambda made, _: service.withdraw(made.id, "错了", by=LIN, now=NOON),
    lambda made, _: service.withdraw(made.id, " ", by=QIAO, now=NOON),
    lambda _, made: library.edit(made.id, Content(title="好", text="文"), by=LIN, now=NOON),
    lambda _, made: library.edit(made.id, Content(title=" ", text="文"), by=QIAO, now=NOON),
    lambda _, made: library.edit(made.id, Content(title="好", text=""), by=QIAO, now=NOON),
    lambda _, made: library.complete(made.id, by=QIAO, now=NOON),
    lambda _, made: library.complete(made.id, by=Actor("deputy", "deputy.nobody"), now=NOON),
    lambda _, made: library.retire(made.id, "", by=QIAO, now=NOON),
]


@pytest.mark.parametrize("deed", DEEDS)
def test_what_is_refused_changes_nothing(deed: Callable[[Notice, Item], object]) -> None:
    made, learned = notice(), item()
    with pytest.raises(Refused):
        deed(made, learned)
    assert (service.found(made.id), library.found(learned.id)) == (made, learned)


# What it costs


def test_lists_cost_a_query_and_a_batch_read_and_a_receipt_a_read_and_a_transaction() -> None:
    made, learned = notice(), item()
    directory.edition(NOON)
    for deed, expected in (
        (lambda: service.listed(LIN, NOON, limit=25), ["Query dossiers by-shelf", "BatchGetItem"]),
        (lambda: service.read(made.id, by=LIN, now=NOON), ["GetItem dossiers", "TransactWriteItems"]),
        (lambda: library.listed(LIN, limit=25), ["Query dossiers by-shelf", "BatchGetItem"]),
        (lambda: service.readers(made, NOON), ["Query library"]),
        (lambda: library.complete(learned.id, by=LIN, now=NOON), ["GetItem dossiers", "GetItem library", "TransactWriteItems"]),
    ):
        with counted() as calls:
            deed()
        assert calls == expected


def test_the_rows_of_readers_stand_in_no_index() -> None:
    made = notice()
    service.read(made.id, by=LIN, now=NOON)
    (row,) = table.MarkRow.query(f"read#{made.id}")
    assert set(row.attribute_values) == {"kind", "id", "at"}
