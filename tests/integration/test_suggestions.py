"""Suggestions through time: numbers, signatures, the promise of a reply, going back, and who is told of a document."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.demands import service as demands
from chalicelib.demands.model import Demand
from chalicelib.errors import Conflict, IllegalMove, Invalid, NotAllowed
from chalicelib.settings import settings
from chalicelib.spine import agenda, dossiers, journal, rebuild
from chalicelib.suggestions import service, workers
from chalicelib.suggestions.evidence import snapshot
from chalicelib.suggestions.model import Document, Suggestion
from chalicelib.suggestions.register import Register, register_id
from tests.support.casework import routed
from tests.support.demands import confirmed, written
from tests.support.house import House, MovedClock
from tests.support.suggestions import (
    DOCUMENT,
    accepted,
    asked,
    assigned,
    cosigned,
    demand,
    documented,
    draft,
    evaluated,
    replied,
    submitted,
)  # fmt: skip
from tests.support.wanglan import GAO, HEATING, LIN, NOON, QIAO, WATER

pytestmark = pytest.mark.usefixtures("district")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def facts(suggestion: Suggestion) -> list[str]:
    return [entry.type for entry in journal.entries(suggestion.id)]


def swept(suggestion: Suggestion, now: datetime) -> Suggestion:
    """What the agenda does with it when it is this late."""
    message = {"dossier": suggestion.id, "kind": "suggestion", "duty": "", "due": ""}
    agenda.enforce(message, now, workers.ENFORCED_BY_US)
    return service.found(suggestion.id)


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    """The platform's clock at the tests' noon: the outcomes must not expire at the wall's."""
    monkeypatch.setitem(vars(settings), "clock_file", tmp_path / "offset")
    moved = MovedClock(tmp_path / "offset")
    moved.set(NOON)
    return moved


# Evidence


def test_the_evidence_stays_as_it_stood_and_can_be_made_again_from_the_demands_own_journal() -> None:
    pattern = demand()
    held = draft(pattern)
    grow(pattern)
    assert demands.found(pattern.id).cases == 3
    (evidence,) = service.found(held.id).evidence
    assert (evidence.cases, evidence.version) == (2, pattern.version)
    entries = journal.entries(pattern.id)[: evidence.version]
    assert entries[-1].hash == evidence.head
    assert snapshot(dossiers.fold(Demand, entries, {}), evidence.at).digest == evidence.digest


def grow(pattern: Demand) -> None:
    case = written()
    cases.group(cases.found(case.id), pattern.id, by=QIAO, now=NOON, because=["暖气"])
    demands.grow(case.id, NOON)


def test_a_draft_takes_its_evidence_anew_when_it_is_asked_to_and_of_a_demand_that_is_new() -> None:
    pattern, other = demand(), demand()
    held = draft(pattern)
    grow(pattern)
    both = service.edit(held.id, demand_ids=[pattern.id, other.id], by=LIN, now=NOON + DAY)
    assert [(each.demand, each.cases) for each in both.evidence] == [(pattern.id, 2), (other.id, 2)]
    anew = service.edit(held.id, renew=True, by=LIN, now=NOON + DAY)
    assert [each.cases for each in anew.evidence] == [3, 2]
    fewer = service.edit(held.id, demand_ids=[other.id], by=LIN, now=NOON + DAY)
    assert (fewer.demands, len(fewer.evidence)) == ((other.id,), 1)


# Signatures


def test_a_signature_is_for_the_text_that_was_signed() -> None:
    held = cosigned()
    assert (held.cosigners, held.invited) == (("gao-xiulan",), ())
    same = service.edit(held.id, title=held.title, renew=True, by=LIN, now=NOON)
    assert same.cosigners == ("gao-xiulan",)
    other = service.edit(held.id, text="另一段话", by=LIN, now=NOON)
    assert (other.cosigners, other.invited) == ((), ("gao-xiulan",))
    assert journal.entries(held.id)[-1].data["unsigned"] == ["gao-xiulan"]
    again = service.cosign(held.id, by=GAO, now=NOON)
    assert journal.entries(held.id)[-1].data["digest"] == again.digest != held.digest


def test_who_declined_may_be_asked_once_more_and_nobody_signs_unasked() -> None:
    held = draft()
    with pytest.raises(Invalid):
        service.invite(held.id, ["lin-jianwei"], by=LIN, now=NOON)
    service.invite(held.id, ["gao-xiulan"], by=LIN, now=NOON)
    assert service.decline(held.id, by=GAO, now=NOON).declined == ("gao-xiulan",)
    with pytest.raises(NotAllowed):
        service.cosign(held.id, by=GAO, now=NOON)
    service.invite(held.id, ["gao-xiulan"], by=LIN, now=NOON)
    assert service.cosign(held.id, by=GAO, now=NOON).declined == ()


def test_of_words_nothing_stands_in_the_journal_but_their_digest() -> None:
    held = submitted(draft(title="一个独特的题目", text="一段独特的文字"))
    entries = journal.entries(held.id)
    assert not [entry for entry in entries if "独特" in str(entry)]
    assert entries[-1].data == {"digest": held.digest}
    rows = {kind.KIND: kind for kind in (Suggestion, Register, Demand, Case)}
    assert rebuild.checked(held.id, rows, mend=False).same


# Numbers


def test_numbers_follow_one_another_in_each_year_and_each_is_a_fact_of_the_register() -> None:
    first, second = accepted(), accepted()
    third = service.accept(submitted().id, by=QIAO, now=NOON + 60 * DAY)
    assert [(each.year, each.number) for each in (first, second, third)] == [(2026, 1), (2026, 2), (2027, 1)]
    told = [(entry.data["number"], entry.data["suggestion"]) for entry in journal.entries(register_id(2026))]
    assert told == [(1, first.id), (2, second.id)]


def test_two_that_are_accepted_at_the_same_moment_get_two_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = submitted(), submitted()
    register, seen = service._register, []

    def overtaken(year: int, now: datetime) -> Register:
        found = register(year, now)
        if not seen:
            seen.append(True)
            service.accept(other.id, by=QIAO, now=NOON)
        return found

    monkeypatch.setattr(service, "_register", overtaken)
    assert (service.accept(one.id, by=QIAO, now=NOON).number, service.found(other.id).number) == (2, 1)


def test_a_suggestion_that_was_returned_keeps_no_number_and_can_be_submitted_again() -> None:
    held = submitted()
    assert service.move("return", held.id, by=QIAO, now=NOON, reason="不具体").status == "draft"
    assert accepted(service.found(held.id)).number == 1


# Merging


def test_a_merged_suggestion_hands_over_who_stands_for_it_and_what_it_stands_on() -> None:
    stays, gone = accepted(draft()), submitted(cosigned())
    service.merge(gone.id, stays.id, "同一件事", by=QIAO, now=NOON)
    merged, into = service.found(gone.id), service.found(stays.id)
    assert (merged.status, merged.merged_into) == ("merged", stays.id)
    assert (into.cosigners, into.demands) == (("gao-xiulan",), (*stays.demands, *gone.demands))
    assert [each.demand for each in into.evidence] == [*gone.demands, *stays.demands]
    assert facts(into)[-1] == "absorbed"
    with pytest.raises(IllegalMove):
        service.accept(gone.id, by=QIAO, now=NOON)


# The promise


@pytest.mark.parametrize(("hard", "days"), [(False, 90), (True, 180)])
def test_a_reply_is_due_in_three_months_and_in_six_for_a_hard_one(hard: bool, days: int) -> None:
    held = assigned(hard=hard)
    assert held.clock is not None
    assert held.clock.due_at == NOON + timedelta(days=days)


def test_given_to_another_body_it_has_what_is_left() -> None:
    held = assigned()
    moved = service.assign(held.id, "water-company", (), reason="不归我们管", by=QIAO, now=NOON + 10 * DAY)
    assert (moved.body, moved.joint, moved.clocks) == ("water-company", (), held.clocks)
    with pytest.raises(Invalid):
        service.assign(held.id, "water-company", (), reason="再来", by=QIAO, now=NOON)
    with pytest.raises(NotAllowed):
        service.reply(held.id, "solved", "好了", by=HEATING, now=NOON)
    assert service.reply(held.id, "solved", "好了", by=WATER, now=NOON + 11 * DAY).status == "replied"


def test_more_time_is_asked_for_with_a_reason_and_given_by_the_manager() -> None:
    held = asked(until="2027-03-31")
    assert held.clock is not None
    assert held.clock.due_at == NOON + 90 * DAY
    later = service.extend(held.id, by=QIAO, now=NOON)
    assert later.clock is not None
    assert f"{later.clock.due_at:%Y-%m-%d %H:%M:%S}" == "2027-03-31 15:59:59"  # the end of that day in the district
    assert later.asked is None
    entry = journal.entries(held.id)[-1]
    assert (entry.type, entry.data) == ("extended", {"until": "2027-03-31", "reason": "管网改造要等停暖"})
    assert "breached" not in facts(swept(later, NOON + 91 * DAY))


def test_the_reminder_comes_again_before_the_later_date() -> None:
    held = swept(assigned(), NOON + 80 * DAY)
    assert facts(held)[-1] == "reminded"
    service.ask_extension(held.id, "2027-12-31", "要等停暖", by=HEATING, now=NOON + 81 * DAY)
    later = service.extend(held.id, by=QIAO, now=NOON + 82 * DAY)
    assert facts(swept(later, NOON + 350 * DAY)).count("reminded") == 2


def test_what_is_broken_is_not_put_off() -> None:
    held = asked()
    late = NOON + 91 * DAY
    with pytest.raises(Invalid) as refused:
        service.extend(held.id, by=QIAO, now=late)
    assert refused.value.code == "overdue"
    assert swept(held, late).clocks["reply"].broken_at == NOON + 90 * DAY
    with pytest.raises(Invalid):
        service.ask_extension(held.id, "2027-12-31", "来不及", by=HEATING, now=late)


def test_the_ladder_reminds_breaks_and_goes_up_each_once() -> None:
    held = assigned()
    for _ in range(2):
        held = swept(held, NOON + 120 * DAY)
    told = [(entry.type, entry.data["to"]) for entry in journal.entries(held.id) if entry.data.get("step") == "reply"]
    assert told == [("reminded", "remind"), ("breached", "breach"), ("escalated", "head"), ("escalated", "manager")]
    late = service.reply(held.id, "solved", "好了", by=HEATING, now=NOON + 121 * DAY)
    assert journal.entries(late.id)[-1].data["late"] == ["reply"]


def test_a_deputy_who_does_not_evaluate_is_reminded_once_and_silence_is_no_satisfaction() -> None:
    held = replied()
    for days in (13, 15, 400):
        held = swept(held, NOON + days * DAY)
    assert facts(held).count("reminded") == 1
    assert (held.status, held.result) == ("replied", "")


# Going back


def told(suggestion: Suggestion) -> None:
    """The stream tells of its newest fact."""
    entry = journal.entries(suggestion.id)[-1]
    message = {"dossier": entry.dossier, "seq": entry.seq, "kind": entry.kind, "type": entry.type}
    for _ in range(2):
        workers.work(message, NOON + MINUTE)


def test_what_does_not_satisfy_goes_back_once_and_the_promise_begins_anew() -> None:
    first = evaluated(result="dissatisfied")
    told(first)
    held = service.found(first.id)
    assert (held.status, held.round, held.result, held.reply_class) == ("assigned", 2, "", "")
    assert held.clock is not None
    assert held.clock.due_at == NOON + MINUTE + 30 * DAY
    again = evaluated(replied(held), "dissatisfied")
    told(again)
    stays = service.found(held.id)
    assert (stays.status, stays.round, stays.result) == ("evaluated", 2, "dissatisfied")
    last = journal.entries(held.id)[-1]
    assert (last.type, last.data["round"], last.data["result"]) == ("evaluated", 2, "dissatisfied")
    assert facts(held).count("sent_back") == 1
    assert service.move("close", held.id, by=QIAO, now=NOON).status == "closed"


def test_where_the_stream_was_lost_the_agenda_sends_it_back() -> None:
    held = evaluated(result="dissatisfied")
    with pytest.raises(IllegalMove):
        service.move("close", held.id, by=QIAO, now=NOON)
    assert swept(held, NOON + MINUTE).status == "evaluated"
    assert swept(held, NOON + 3 * MINUTE).status == "assigned"


def test_who_is_basically_satisfied_sends_nothing_back() -> None:
    held = evaluated(result="basically")
    told(held)
    assert service.found(held.id) == held
    assert swept(held, NOON + 400 * DAY) == held


# Documents


@pytest.mark.usefixtures("clock")
def test_a_document_reaches_its_demands_and_each_case_once() -> None:
    house = House()
    first, second = demand(), demand()
    house.lose_the_stream()
    documented(accepted(draft(first, second)))
    records = house.new_records()
    for _ in range(2):
        house.invoke("dispatch", {"Records": records})
        house.run()
    for pattern in (first, second):
        assert [entry.type for entry in demands.timeline(pattern)].count("documented") == 1
        for case in demands.members(pattern):
            kept = [entry for entry in cases.timeline(case) if entry.type == "documented"]
            assert [entry.data["number"] for entry in kept] == [DOCUMENT.number]
    assert house.dead == {}


@pytest.mark.usefixtures("clock")
def test_who_wrote_is_told_once_however_often_they_wrote_and_of_each_document() -> None:
    house = House()
    twice = [routed(tell="email"), routed(tell="email")]  # from one address
    joined = routed(tell="email")
    cases.merge(joined.id, twice[0].id, "同一户", by=LIN, now=NOON)
    pattern = confirmed(*twice, written())
    held = accepted(draft(pattern))
    house.run()
    for number in ("1", "2"):
        held = documented(held, Document("文件", number, "2026-11-20"))
        house.run()
    notices = [
        entry.data for case in (*twice, joined) for entry in cases.timeline(case)
        if entry.type == "told" and entry.data["fact"] == "documented"
    ]  # fmt: skip
    assert len(notices) == 2
    for case in (*twice, joined):
        assert [entry.type for entry in cases.timeline(case)].count("documented") == 2


@pytest.mark.usefixtures("clock")
def test_a_demand_that_was_merged_hands_the_document_on() -> None:
    house = House()
    gone, stays = demand(), demand()
    held = accepted(draft(gone))
    demands.merge(gone.id, stays.id, "同一件事", by=LIN, now=NOON)
    house.run()
    documented(held)
    house.run()
    assert [entry.type for entry in demands.timeline(stays)].count("documented") == 1
    assert [entry.type for entry in demands.timeline(gone)].count("documented") == 0
    assert {"documented"} <= {entry.type for case in demands.members(stays) for entry in cases.timeline(case)}


def test_the_same_document_stands_on_record_once_and_comes_years_after_the_close_too() -> None:
    held = documented()
    with pytest.raises(Invalid):
        documented(held)
    done = evaluated()
    service.move("close", done.id, by=QIAO, now=NOON)
    later = service.document(done.id, DOCUMENT, by=QIAO, now=NOON + 700 * DAY)
    assert (later.status, later.closed_at, len(later.documents)) == ("closed", NOON, 1)


# Others


def test_another_deputy_leads_it_where_the_one_who_did_left() -> None:
    held = replied(assigned(cosigned()))
    service.hand_over(held.id, "gao-xiulan", "离任", by=QIAO, now=NOON)
    with pytest.raises(NotAllowed):
        service.evaluate(held.id, "satisfied", "satisfied", by=LIN, now=NOON)
    assert service.evaluate(held.id, "satisfied", "satisfied", by=GAO, now=NOON).cosigners == ()


def test_of_two_moves_at_once_one_counts() -> None:
    held = submitted()
    stale = service.loaded(held.id, QIAO)
    service.move("return", held.id, by=QIAO, now=NOON, reason="不具体")
    with pytest.raises(Conflict):
        dossiers.record(stale.move("withdraw", by=LIN, at=NOON, reason="算了"))
