"""The whole life of cases, with whatever legal and illegal moves anyone makes at whatever moment: what must hold, holds.

The same machine runs on a memory that stands in for the two tables (many lives, in no time) and on DynamoDB played by moto.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.cases import lessons, service
from chalicelib.cases.model import CLOSED, LIFECYCLE, OPEN, TRIAGE, Case
from chalicelib.errors import Conflict, Refused
from chalicelib.people import secret
from chalicelib.people.roles import A_RESIDENT, MANAGER, RESIDENT, Actor
from chalicelib.people.table import VaultRow
from chalicelib.spine import agenda, dossiers, journal
from chalicelib.spine.aws import Write
from chalicelib.spine.chain import Entry, walk
from chalicelib.spine.dossiers import DossierRow
from chalicelib.spine.journal import JournalRow
from tests.support import cloud, wanglan
from tests.support.casework import message
from tests.support.wanglan import GAO, HEATING, LIN, NOON, QIAO, TANG, WATER
from tests.unit.test_routing import wanglan as directory

TEXTS = ("家里暖气不热", "楼道里有煤气味", "啊啊啊 ???", "停电好几天了，老人在家", "路灯不亮，已经三天没人修")
SECRETS = ("我家在三单元", "电话一三九")  # what residents say later; it must stay out of the journal
PEOPLE = (A_RESIDENT, LIN, GAO, HEATING, WATER, QIAO, TANG)
BODIES = ("heating-company", "water-company", "housing-bureau")
CATEGORIES = ("heating/supply/cold-flat", "power/supply/outage", "other", "housing/tenure")
MOVES = tuple(move.name for move in LIFECYCLE.moves)
SPANS = (0, 1, 29, 31, 120, 200, 600, 1_440, 8 * 1_440, 100 * 1_440)  # minutes
GIVEN = {"text": "好的", "reason": "因为", "instead": "热线"}


class CaseLife(RuleBasedStateMachine):
    """Up to three cases and everybody who has to do with them. ``now`` never goes back."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.ids: list[str] = []
        self.held = ExitStack()
        self.set_up()

    def set_up(self) -> None:
        raise NotImplementedError

    def teardown(self) -> None:
        self.held.close()

    def entries(self, case_id: str) -> list[Entry]:
        raise NotImplementedError

    def listed(self, *, deputy: str = "", body: str = "") -> list[str]:
        """The ids on a work list."""
        raise NotImplementedError

    def snapshot(self) -> list[tuple[Case, int]]:
        return [(service.found(id), len(self.entries(id))) for id in self.ids]

    # What happens

    @precondition(lambda self: len(self.ids) < 4)
    @rule(
        text=st.sampled_from(TEXTS),
        category=st.sampled_from(("", "", *CATEGORIES)),
        tell=st.sampled_from(("email", "none")),
        at_once=st.sampled_from((True, True, False)),
    )
    def a_message_comes(self, text: str, category: str, tell: str, at_once: bool) -> None:
        id = f"CASE0000000{len(self.ids)}"
        written = message(SimpleNamespace(case_id=id, tracking_token="T" * 38), text, tell, category=category)  # type: ignore[arg-type]
        service.submit(written, by=A_RESIDENT, now=self.now)
        self.ids.append(id)
        if at_once:
            service.route(id, self.now)

    @rule(minutes=st.sampled_from(SPANS))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def it_is_routed(self, data: st.DataObject) -> None:
        service.route(data.draw(st.sampled_from(self.ids)), self.now)

    @precondition(lambda self: self.ids)
    @rule()
    def the_sweep_enforces_what_is_due(self) -> None:
        for id in self.ids:
            self.enforce(id)
            duty = service.found(id).next_duty
            assert duty is None or duty.at > self.now

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), by=st.sampled_from(PEOPLE), name=st.sampled_from(MOVES))
    def someone_moves_it(self, data: st.DataObject, by: Actor, name: str) -> None:
        self.attempt(data, data.draw(st.sampled_from(self.ids)), by, name)

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), by=st.sampled_from((A_RESIDENT, LIN, HEATING, QIAO)))
    def someone_makes_a_legal_move(self, data: st.DataObject, by: Actor) -> None:
        self.go_on(data, by, ())

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), by=st.sampled_from((LIN, HEATING)))
    def staff_go_on(self, data: st.DataObject, by: Actor) -> None:
        self.go_on(data, by, ("decline", "merge", "assign", "recategorise"))

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def the_resident_goes_on(self, data: st.DataObject) -> None:
        self.go_on(data, A_RESIDENT, ("withdraw", "add"))

    def go_on(self, data: st.DataObject, by: Actor, but_not: Sequence[str]) -> None:
        """One of the legal moves of a case, if there is one."""
        case = service.found(data.draw(st.sampled_from(self.ids)))
        if legal := [move.name for move in case.legal_moves(by) if move.name not in (*but_not, "erase")]:
            self.attempt(data, case.id, by, data.draw(st.sampled_from(legal)))

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), by=st.sampled_from(PEOPLE))
    def someone_looks_at_the_contact_details(self, data: st.DataObject, by: Actor) -> None:
        self.undisturbed(
            lambda case_id: service.contact(case_id, "回电", by=by, now=self.now), data.draw(st.sampled_from(self.ids))
        )

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def two_move_at_once(self, data: st.DataObject) -> None:
        case = service.found(data.draw(st.sampled_from(self.ids)))
        service.observe(case.id, "told", {"of": 1}, now=self.now)
        before = self.snapshot()
        with pytest.raises(Conflict):
            dossiers.record(case.group("DEMAND", by=LIN, at=self.now))
        assert self.snapshot() == before

    def enforce(self, id: str) -> None:
        agenda.enforce({"dossier": id, "kind": "case"}, self.now, {"case": (Case, service.enforce)})

    def attempt(self, data: st.DataObject, id: str, by: Actor, name: str) -> None:
        case = service.found(id)
        deed, legal = self.deed(data, case, by, name)
        assert self.undisturbed(deed, id) == legal, (name, case.status, by.role)

    def undisturbed(self, deed: Callable[[str], object], id: str) -> bool:
        """Whether a deed was done; one that is refused changes nothing of any case."""
        before = self.snapshot()
        try:
            deed(id)
        except Refused:
            if not self.looked(before, id):
                assert self.snapshot() == before
            return False
        return True

    def looked(self, before: Sequence[tuple[Case, int]], id: str) -> bool:
        """A look at contact details that are gone is on record all the same: it is recorded before anything is shown."""
        added = self.entries(id)[dict(zip(self.ids, before, strict=True))[id][1] :]
        return [entry.type for entry in added] == ["contact_viewed"]

    def deed(self, data: st.DataObject, case: Case, by: Actor, name: str) -> tuple[Callable[[str], object], bool]:
        """How someone does it by the service, and whether they may."""
        may = name in {move.name for move in case.legal_moves(by)}
        if by.role == RESIDENT:
            return self.residents(data, case, name), may
        may = may and service.may_see(case, by)
        if name == "assign":
            body = data.draw(st.sampled_from(BODIES))
            by_hand = case.status == "received" and by.role == MANAGER
            may = by_hand or (may and body != case.body)
            return lambda case_id: service.assign(case_id, body, "因为", by=by, now=self.now), may
        if name == "recategorise":
            category, urgency = data.draw(st.sampled_from(CATEGORIES)), data.draw(st.sampled_from(("", "normal", "danger")))
            return lambda case_id: service.recategorise(case_id, category, "因为", urgency=urgency, by=by, now=self.now), may
        if name == "merge":
            into = service.found(data.draw(st.sampled_from(self.ids)))
            may = may and into.id != case.id and into.is_open and service.may_see(into, by)
            return lambda case_id: service.merge(case_id, into.id, "因为", by=by, now=self.now), may
        given = GIVEN | {"body": case.body, "category": case.category, "into": case.id}
        staff = {"acknowledge", "ask", "note", "answer", "decline"}
        return lambda case_id: service.move(name, case_id, by=by, now=self.now, **given), may and name in staff

    def residents(self, data: st.DataObject, case: Case, name: str) -> Callable[[str], object]:
        if name == "confirm":
            return lambda _: service.confirm(case, data.draw(st.integers(0, 5)), now=self.now)
        if name == "withdraw":
            return lambda _: service.withdraw(case, by=A_RESIDENT, now=self.now)
        said = data.draw(st.sampled_from(SECRETS))
        if name in ("reply", "add", "reopen"):
            return lambda _: service.say(case, name, said, "salt", now=self.now)
        return lambda case_id: service.move(name, case_id, by=A_RESIDENT, now=self.now, **GIVEN)

    # What holds

    @invariant()
    def the_journal_is_sound_and_leads_to_the_state(self) -> None:
        for id in self.ids:
            case, entries = service.found(id), self.entries(id)
            assert walk(entries, case.head).sound
            assert case.version == len(entries)
            assert dossiers.fold(Case, entries, {"words": msgspec.to_builtins(case.words)}) == case
            assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)

    @invariant()
    def nobodys_words_are_in_the_journal(self) -> None:
        told = "".join(msgspec.json.encode(entry).decode() for id in self.ids for entry in self.entries(id))
        assert not any(text in told for text in (*TEXTS, *SECRETS))

    @invariant()
    def a_case_is_on_one_deputys_and_one_bodys_list_while_something_is_owed_and_on_none_after(self) -> None:
        for id in self.ids:
            case = service.found(id)
            bodies = [body for body in (TRIAGE, *{*BODIES, case.body} - {""}) if id in self.listed(body=body)]
            deputies = [deputy for deputy in ("lin-jianwei", "gao-xiulan") if id in self.listed(deputy=deputy)]
            expected = ([case.body or TRIAGE], ["lin-jianwei"]) if case.status in OPEN else ([], [])
            assert (bodies, deputies) == expected

    @invariant()
    def what_is_owed_and_not_paused_has_a_next_duty_until_its_ladder_is_climbed(self) -> None:
        for case in map(service.found, self.ids):
            running = [clock for clock in case.clocks.values() if clock.running]
            if case.is_open and case.status != "waiting":
                assert running
                assert case.next_duty or all(set(clock.ladder) <= set(clock.done) for clock in running)
            else:
                assert not running

    @invariant()
    def while_the_resident_is_asked_every_clock_stands(self) -> None:
        for case in map(service.found, self.ids):
            open_pause = bool(case.pauses) and case.pauses[-1][1] is None
            assert open_pause == (case.status == "waiting")
            for clock in case.clocks.values():
                assert clock.closed or clock.paused == (case.status == "waiting")

    @invariant()
    def what_is_used_of_a_promise_is_never_less_than_nothing(self) -> None:
        for case in map(service.found, self.ids):
            calendar = directory().calendar_for("")
            for clock in case.clocks.values():
                assert timedelta() <= clock.used
                assert clock.left(self.now, calendar) <= clock.amount
                assert not clock.running or clock.due_at is not None

    @invariant()
    def a_promise_that_was_broken_stays_broken(self) -> None:
        for id in self.ids:
            case, entries = service.found(id), self.entries(id)
            reopened = max((entry.seq for entry in entries if entry.type == "reopened"), default=0)
            for entry in entries:
                if entry.type == "breached" and (entry.data["step"] != "answer" or entry.seq > reopened):
                    assert case.clocks[entry.data["step"]].broken_at is not None

    @invariant()
    def the_end_of_a_case_is_the_residents_word_or_said_to_be_silence(self) -> None:
        for case in map(service.found, self.ids):
            assert (case.closed_at is not None) == (case.status in CLOSED)
            if case.status == "resolved":
                assert case.verdict in ("solved", "silence")
                assert case.satisfaction == 0 or case.verdict == "solved"
            else:
                assert case.verdict in ("", "not_solved")
                assert case.satisfaction == 0
            assert bool(case.merged_into) == (case.status == "merged")

    @invariant()
    def what_was_not_looked_at_yet_is_driven_again_by_the_agenda(self) -> None:
        for id in self.ids:
            case, facts = service.found(id), [entry.type for entry in self.entries(id)]
            unrouted = not {"routed", "triaged"} & set(facts) and case.status == "received"
            assert ("route" in case.timers) == unrouted

    @invariant()
    def contact_details_go_after_the_close(self) -> None:
        for case in map(service.found, self.ids):
            assert ("erase" in case.timers) == (case.status in CLOSED and case.tell != "none")


class _Memory:
    """Stands in for the tables: takes the writes of a transaction, and gives the rows back."""

    def __init__(self) -> None:
        self.rows: dict[str, DossierRow] = {}
        self.journal: dict[str, list[Entry]] = {}

    def transact(self, writes: Sequence[Write]) -> None:
        rows: list[Any] = []

        def save(row: object, condition: object = None) -> None:  # noqa: ARG001 - PynamoDB's signature
            rows.append(row)

        for write in writes:
            write(SimpleNamespace(save=save, delete=lambda _: None))  # type: ignore[arg-type]
        facts = [row for row in rows if isinstance(row, JournalRow)]
        if any(row.seq != len(self.journal.get(row.dossier, [])) + 1 for row in facts):
            raise dossiers.Cancelled((0,), contended=False)
        for row in facts:
            self.journal.setdefault(row.dossier, []).append(journal.entry_from(row.content))
        self.rows |= {row.id: row for row in rows if isinstance(row, DossierRow)}

    def get(self, id: str, consistent_read: bool = False) -> DossierRow:  # noqa: ARG002 - PynamoDB's signature
        return self.rows[id]


class InMemory(CaseLife):
    def set_up(self) -> None:
        patch = self.held.enter_context(pytest.MonkeyPatch.context())
        self.memory = _Memory()
        patch.setattr(dossiers, "transact", self.memory.transact)
        patch.setattr(DossierRow, "get", self.memory.get)
        patch.setattr(secret, "_secret", lambda: b"secret")
        patch.setattr(lessons, "_stored", lambda: ("", None))  # there is no model yet
        patch.setattr(service.directory_service, "edition", lambda _: directory())
        patch.setattr(service.vault, "seal", lambda dossier, _: VaultRow(dossier))
        patch.setattr(service.vault, "unseal", lambda _: None)

    def entries(self, case_id: str) -> list[Entry]:
        return list(self.memory.journal[case_id])

    def listed(self, *, deputy: str = "", body: str = "") -> list[str]:
        return [row.id for row in self.memory.rows.values() if deputy == row.work_deputy or body == row.work_body]


class OnDynamoDB(CaseLife):
    def set_up(self) -> None:
        self.held.enter_context(cloud.made())
        wanglan.set_up()

    def entries(self, case_id: str) -> list[Entry]:
        return journal.entries(case_id)

    def listed(self, *, deputy: str = "", body: str = "") -> list[str]:
        return [case.id for case, _ in service.worklist(QIAO, deputy=deputy, body=body, limit=100).items]

    @precondition(lambda self: self.ids)
    @rule()
    def the_agenda_names_what_is_due_and_nothing_else(self) -> None:
        found = {found["dossier"] for shard in range(dossiers.SHARDS) for found in agenda.due_in(shard, self.now)}
        duties = {id: service.found(id).next_duty for id in self.ids}
        assert found == {id for id, duty in duties.items() if duty and duty.at <= self.now}


_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

TestInMemory = InMemory.TestCase
TestInMemory.settings = settings(max_examples=80, stateful_step_count=40, deadline=None, suppress_health_check=_SLOW)
TestOnDynamoDB = OnDynamoDB.TestCase
TestOnDynamoDB.settings = settings(max_examples=4, stateful_step_count=15, deadline=None, suppress_health_check=_SLOW)


def test_time_is_an_argument_of_every_deed() -> None:
    """The machine above is the only clock: nothing of casework asks for the present moment itself."""
    assert not any(name in vars(service) for name in ("time", "now", "settings"))
