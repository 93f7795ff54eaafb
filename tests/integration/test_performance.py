"""Yearly files from end to end: what facts make, what is never counted twice, and what a file of years ago still proves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.activities import service as activities_service
from chalicelib.cases import service as cases
from chalicelib.directory import service as directory_service
from chalicelib.insight import model as insight
from chalicelib.people.roles import the_system
from chalicelib.performance import archive, filing, following, importing, recount, service, table, workers
from chalicelib.performance.archive import Claim
from chalicelib.performance.credit import credited, share
from chalicelib.performance.model import LONGEST_PLACE, LONGEST_TITLE, Record
from chalicelib.spine import dossiers, journal
from chalicelib.spine.chain import Entry
from chalicelib.spine.journal import JournalRow
from tests.support import activities, suggestions
from tests.support.casework import facts, routed
from tests.support.cloud import made
from tests.support.demands import confirmed
from tests.support.performance import YEAR, approved, followed, returned, rows, submitted, year_of
from tests.support.wanglan import GAO, LIN, NOON, QIAO, set_up

pytestmark = pytest.mark.usefixtures("district")
HOUR = timedelta(hours=1)
SHARED = ("due", "in_time", "verdicts", "solved", "silent", "grades", "satisfied")


def points_of(deputy: str = "lin-jianwei") -> dict[str, int]:
    return {total.kind: total.points for total in year_of(deputy).standing.totals}


def answered(hours: float = 1, satisfaction: int | None = 5) -> str:
    """A case that was answered so long after it came, and whose resident said that it is solved."""
    case = routed()
    cases.move("answer", case.id, by=LIN, now=NOON + hours * HOUR, text="已修好")
    if satisfaction is not None:
        cases.confirm(cases.found(case.id), satisfaction, now=NOON + hours * HOUR)
    return case.id


# What facts make


def test_a_case_answered_in_time_is_a_record_by_itself_and_one_answered_late_is_none() -> None:
    for hours in (1, 3):
        followed(answered(hours))
    assert points_of() == {"case-answered": 1}
    (record, _), *more = filing.records_of("lin-jianwei", YEAR)
    assert (record.status, record.door, record.day, more) == ("made", "system", "2026-11-24", [])
    assert facts(record.id) == ["made"]


def test_the_rates_are_of_cases_and_silence_is_no_satisfaction() -> None:
    for id in (answered(1, 5), answered(1, 2), answered(3, None)):
        followed(id)
    silent = answered(1, None)
    cases.enforce(cases.found(silent), cases.found(silent).next_duty, NOON + timedelta(days=9))  # type: ignore[arg-type]
    followed(silent)
    counts = year_of().standing.counts
    assert counts == {
        "due": 4, "in_time": 3, "verdicts": 2, "solved": 2, "silent": 1, "grades": 2, "satisfied": 1, "grade_sum": 7,
    }  # fmt: skip
    assert year_of().standing.rates == {"answered_in_time": 0.75, "solved": 1.0, "satisfied": 0.5, "attendance": None}
    assert year_of().standing.satisfaction == 3.5


def test_public_figures_and_yearly_files_count_cases_alike() -> None:
    zone = directory_service.edition(NOON).calendar_for().zone
    for id in (answered(1, 5), answered(3, 2), answered(1, None), routed().id):
        entries = journal.entries(id)
        ours = share(entries, zone).get((YEAR, "lin-jianwei"), {})
        public = next(counts for part, counts in insight.share(entries, zone).items() if part.dimension == "deputy")
        assert {name: ours.get(name, 0) for name in SHARED} == {name: public.get(name, 0) for name in SHARED}


def test_a_case_that_was_reopened_is_no_longer_solved() -> None:
    id = answered(1, 5)
    followed(id)
    cases.say(cases.found(id), "reopen", "又不热了", "s", now=NOON + 2 * HOUR)
    followed(id)
    assert year_of().standing.counts == {"due": 1, "in_time": 1, "verdicts": 1}


def test_a_demand_that_was_solved_counts_for_whoever_worked_on_it() -> None:
    from chalicelib.demands import service as demands

    demand = confirmed()
    demands.take_up(demand.id, by=LIN, now=NOON)
    demands.move("resolve", demand.id, by=LIN, now=NOON, text="修好了")
    followed(demand.id)
    assert points_of() == {"demand-solved": 8}
    assert points_of("gao-xiulan") == {}


def test_an_adopted_suggestion_counts_for_its_lead_and_for_who_signed() -> None:
    adopted = suggestions.assigned()
    followed(adopted.id)
    signed = {deputy: points_of(deputy) for deputy in adopted.deputies}
    assert signed[adopted.deputy] == {"suggestion-adopted": 10}
    assert all(signed[deputy] == {"suggestion-cosigned": 4} for deputy in adopted.cosigners)
    assert year_of(adopted.deputy).standing.counts["adopted"] == 1


# Nothing counts twice


def test_a_fact_told_twice_late_and_out_of_order_makes_one_record() -> None:
    id = answered()
    seqs = [entry.seq for entry in journal.entries(id) if f"case.{entry.type}" in workers.WANTED]
    for seq in [*seqs, *reversed(seqs), *seqs]:
        workers.work({"dossier": id, "seq": seq, "kind": "case", "type": "answered"}, NOON + 5 * HOUR)
    assert points_of() == {"case-answered": 1}
    assert year_of().standing.counts["due"] == 1


def test_the_kind_may_be_renamed_and_the_fact_still_counts_once() -> None:
    id = answered()
    followed(id)
    _rename("case-answered", "answered-anew", "case.answered_in_time")
    followed(id)
    assert sum(total.records for total in year_of().standing.totals) == 1


def _rename(old: str, new: str, fact: str) -> None:
    base = {"name_zh": "答复", "name_en": "Answered", "points": 5, "made_by": "system", "fact": fact}
    for id, data in ((old, base | {"retired": True}), (new, base)):
        report = directory_service.put("record_kinds", id, data, by=QIAO, now=NOON)
        assert report.written, report.errors


DEEDS = ["in time", "late", "reopened", "record"]


@given(st.lists(st.sampled_from(DEEDS), min_size=1, max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_points_and_rates_are_those_of_the_facts_however_they_are_told(deeds: list[str], dice: Any) -> None:
    """Redelivery in any order, any number of times, and a rebuild: the file is what its facts say."""
    with made():
        set_up()
        told = [_done(deed) for deed in deeds]
        messages = [(id, entry.seq) for id in told for entry in journal.entries(id) if _wanted(entry)]
        deliveries = messages * dice.randint(1, 3)
        dice.shuffle(deliveries)
        for id, seq in deliveries:
            following.follow(id, seq, NOON)
        before = table.file_rows(YEAR)
        assert sum(row.counts.get("records", 0) for row in before) == _records_expected(deeds)
        assert year_of().standing.counts.get("due", 0) == sum(deed != "record" for deed in deeds)
        assert recount.run(NOON, mend=True).wrong == 0
        assert table.file_rows(YEAR) == before


def _wanted(entry: Entry) -> bool:
    return f"{entry.kind}.{entry.type}" in workers.WANTED


def _done(deed: str) -> str:
    if deed == "record":
        return approved().id
    id = answered(3 if deed == "late" else 1, None)
    if deed == "reopened":
        cases.say(cases.found(id), "reopen", "又不热了", "s", now=NOON + HOUR)
        cases.move("answer", id, by=LIN, now=NOON + 1.5 * HOUR, text="又修好了")
    return id


def _records_expected(deeds: Sequence[str]) -> int:
    return sum({"in time": 1, "late": 0, "reopened": 2, "record": 1}[deed] for deed in deeds)


def test_a_recount_finds_and_mends_what_is_wrong_and_makes_what_was_never_told() -> None:
    followed(answered())
    approved()
    never_told = answered()
    table.FileRow(f"file#{YEAR}", "lin-jianwei#visit").update([table.FileRow.points.add(100)])
    table.FileRow(f"file#{YEAR}", "gao-xiulan").update([table.FileRow.due.add(3)])
    assert recount.run(NOON, mend=False).wrong > 0
    assert points_of()["visit"] == 102
    found = recount.run(NOON, mend=True)
    assert (found.made, found.wrong > 0) == (1, True)
    assert points_of() == {"visit": 2, "case-answered": 2}
    assert year_of("gao-xiulan").standing.counts == {}
    assert recount.run(NOON, mend=True) == recount.Found(found.dossiers + 1, 0, 0)
    assert never_told


# Records


def test_a_record_counts_once_it_is_approved_and_not_before() -> None:
    submitted()
    returned()
    assert points_of() == {}
    approved()
    assert points_of() == {"visit": 2}
    assert year_of("gao-xiulan").standing.points == 0


def test_above_the_most_a_year_records_stand_in_the_file_and_points_do_not_grow() -> None:
    importing.bring_in(rows(45, day="2026-03-05"), by=QIAO, now=NOON)
    (total,) = year_of().standing.totals
    assert (total.records, total.earned, total.points) == (45, 90, 80)


def test_a_year_of_two_thousand_records_is_three_queries() -> None:
    from tests.support.calls import counted

    record = approved()
    row = dossiers.row_of(
        replace(record, account=replace(record.account, title="长" * LONGEST_TITLE, place="处" * LONGEST_PLACE))
    )
    size = len(row.state or "") + len((row.summary or "").encode()) + 120  # keys and names
    assert 2_000 * size / 1e6 < 2, f"{size} bytes a record: two queries hold {2e6 / size:.0f}"
    with counted() as calls:
        file = year_of()
        assert len(filing.records_of(file.deputy.id, file.year)) == 1
    assert calls == ["Query figures", "Query dossiers by-shelf"]


# A file of years ago


def test_an_archive_proves_itself_and_the_journal_knows_every_fact_of_it() -> None:
    kept = [approved(), returned(), *_made()]
    content = archive.archived(year_of(), NOON)
    assert {record["id"] for record in content["records"]} == {record.id for record in kept if record.counts}
    assert content["seal"] == archive.seal(
        {name: value for name, value in content.items() if name not in ("seal", "signature")}
    )
    assert archive.is_ours(content["seal"], content["signature"])
    assert not archive.is_ours("0" * 64, content["signature"])
    claims = [Claim(it["id"], it["entries"][-1]["seq"], it["entries"][-1]["hash"]) for it in content["records"]]
    assert archive.compared(claims) == ["same"] * len(claims)


def _made() -> list[Record]:
    followed(answered())
    return [record for record, _ in filing.records_of("lin-jianwei", YEAR) if record.door == "system"]


def test_a_record_that_goes_on_is_still_the_one_that_was_exported() -> None:
    record = approved()
    (claim,) = [Claim(record.id, record.version, record.head)]
    service.move("show", record.id, by=LIN, now=NOON)
    assert archive.compared([claim]) == ["same"]
    assert archive.archived(year_of(), NOON)["records"][0]["entries"][-1]["type"] == "approved"


def test_what_was_changed_in_the_journal_since_is_found() -> None:
    record, other = approved(), approved(day="2026-11-19")
    claims = [Claim(it.id, it.version, it.head) for it in (record, other)]
    first = journal.entries(record.id)[0]
    forged = replace(first, data=first.data | {"day": "2026-01-01"}).sealed()
    journal.JournalRow.get(record.id, 1).delete()
    JournalRow(record.id, 1, type=forged.type, at=forged.at.isoformat(), content=_packed(forged)).save()
    assert archive.compared(claims) == ["changed", "same"]
    journal.JournalRow.get(record.id, 2).delete()
    assert archive.compared([*claims, Claim("R000000000000", 1, "0" * 64)]) == ["gone", "same", "gone"]


def _packed(entry: Entry) -> str:
    import msgspec

    return msgspec.json.encode(entry).decode()


def test_an_archive_holds_the_words_and_the_journal_only_their_digest() -> None:
    record = approved()
    (kept,) = archive.archived(year_of(), NOON)["records"]
    assert kept["account"]["text"] == record.account.text
    assert record.account.text not in repr(journal.entries(record.id))
    assert kept["entries"][0]["changes"]["digest"] == record.account.digest


# Pure parts on real journals


def test_what_is_credited_does_not_depend_on_what_came_later() -> None:
    id = answered(1, None)
    entries = journal.entries(id)
    seq = next(entry.seq for entry in entries if entry.type == "answered")
    assert credited(entries, seq) == credited(entries[:seq], seq)
    assert share(entries[:2], directory_service.edition(NOON).calendar_for().zone) == {}


def test_a_deputy_who_left_office_keeps_their_file_and_the_median_is_of_who_is_in_office() -> None:
    file = year_of("feng-baoguo", "2024")
    assert (file.standing.records, file.median.deputies) == (0, 8)


def test_attendance_is_of_whom_signed_up_and_of_who_came() -> None:
    meeting = activities.meeting()
    for deputy in (LIN, GAO):
        activities_service.sign_up(meeting.id, by=deputy, now=NOON)
    opened = activities.going_on(activities_service.found(meeting.id))
    step = opened.attend(by=LIN, at=opened.starts_at)
    assert step
    dossiers.record(step)
    followed(meeting.id)
    assert year_of("gao-xiulan").standing.rates["attendance"] == 0
    assert (points_of()["activity-attended"], year_of().standing.rates["attendance"]) == (2, 1)


def test_the_system_acts_under_its_own_name() -> None:
    followed(answered())
    (record, _), *_ = filing.records_of("lin-jianwei", YEAR)
    assert journal.entries(record.id)[0].actor == the_system("file").id
