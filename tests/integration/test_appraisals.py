"""Appraisals: each deputy votes once, what is counted is what was cast, and nothing stored leads from one to the other."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.dynamodb.models import dynamodb_backends

from chalicelib.directory import service as directory_service
from chalicelib.errors import Conflict, IllegalMove, Invalid, NotAllowed
from chalicelib.people import vault
from chalicelib.people.roles import Actor
from chalicelib.people.table import VaultRow
from chalicelib.spine import journal
from chalicelib.spine.aws import REGION, table
from chalicelib.supervision import ballots, workers
from chalicelib.supervision.appraisal import GRADES, MARGIN, Appraisal
from chalicelib.supervision.table import UrnRow
from infra.journal import check_all
from tests.support.calls import counted, recorded
from tests.support.cloud import made
from tests.support.supervision import (
    BODIES,
    DEPUTIES,
    HOUR,
    an_appraisal,
    cast,
    counted_out,
    folded,
    on,
    opened,
    published,
    sealed,
    stamped,
)
from tests.support.wanglan import GAO, HEATING, LIN, NOON, QIAO, set_up

pytestmark = pytest.mark.usefixtures("district")


def facts(id: str) -> list[str]:
    return [entry.type for entry in journal.entries(id)]


def everything_stored() -> dict[str, list[Any]]:
    """Every row of every table, as it is stored."""
    tables = dynamodb_backends[ACCOUNT][REGION].tables
    return {name: [item.to_json() for item in kept.all_items()] for name, kept in tables.items()}


def test_an_appraisal_goes_through_its_phases_by_itself() -> None:
    appraisal = published("satisfied", "basically", "dissatisfied")
    assert facts(appraisal.id) == ["called", "opened", "sealed", "closed", "published"]
    assert (len(appraisal.electorate), len(appraisal.stamped), appraisal.cast, appraisal.void) == (8, 3, 3, 0)
    assert appraisal.results["heating-company"]["attitude"] == {"satisfied": 1, "basically": 1, "dissatisfied": 1}
    assert set(appraisal.results) == set(BODIES)


def test_all_bodies_are_appraised_if_none_is_named() -> None:
    dates = NOON + HOUR, NOON + 3 * HOUR, NOON + 5 * HOUR
    appraisal = ballots.call(ballots.new_id(), "x", (), dates, by=QIAO, now=NOON)
    assert appraisal.bodies == tuple(body.id for body in directory_service.edition(NOON).bodies)


def test_each_deputy_has_one_envelope_stamped_and_the_same_again_gets_the_same_stamp() -> None:
    appraisal = opened()
    envelope = bytes.fromhex(folded(appraisal).envelope)
    first = ballots.stamp(appraisal.id, envelope, by=LIN, now=appraisal.opens_at)
    assert ballots.stamp(appraisal.id, envelope, by=LIN, now=appraisal.opens_at) == first
    with pytest.raises(Conflict) as refused:
        ballots.stamp(appraisal.id, bytes.fromhex(folded(appraisal).envelope), by=LIN, now=appraisal.opens_at)
    assert refused.value.code == "already_stamped"
    assert (ballots.has_stamp(appraisal, "lin-jianwei"), ballots.has_stamp(appraisal, "gao-xiulan")) == (True, False)
    assert sealed(appraisal).stamped == ("lin-jianwei",)


def test_who_was_not_in_office_when_it_opened_has_no_vote() -> None:
    appraisal = opened()
    envelope = bytes.fromhex(folded(appraisal).envelope)
    with pytest.raises(NotAllowed) as refused:
        ballots.stamp(appraisal.id, envelope, by=Actor("deputy", "x", deputy="feng-baoguo"), now=appraisal.opens_at)
    assert refused.value.code == "no_vote"
    with pytest.raises(NotAllowed):
        ballots.stamp(appraisal.id, envelope, by=HEATING, now=appraisal.opens_at)


def test_nothing_is_stamped_before_or_after_its_time_and_nothing_cast() -> None:
    called = an_appraisal()
    envelope = bytes.fromhex(folded(called).envelope)
    with pytest.raises(IllegalMove):
        ballots.stamp(called.id, envelope, by=LIN, now=NOON)
    appraisal = on(called, called.opens_at)
    ballot = stamped(appraisal, LIN)
    with pytest.raises(IllegalMove):
        ballots.stamp(appraisal.id, envelope, by=GAO, now=appraisal.seals_at)
    with pytest.raises(IllegalMove):
        cast(appraisal, ballot)  # the urn's time has come, but its seal is not yet on record
    sealed(appraisal)
    cast(appraisal, ballot)
    message, stamp = bytes.fromhex(ballot.message), bytes.fromhex(ballot.stamp)
    with pytest.raises(IllegalMove):
        ballots.cast(appraisal.id, message, stamp, now=appraisal.closes_at)
    with pytest.raises(IllegalMove):
        ballots.receipts(appraisal.id)


def test_when_the_urn_opens_the_key_is_gone_for_good() -> None:
    appraisal = opened()
    assert vault.unseal_key(appraisal.id) is not None
    sealed(appraisal)
    assert vault.unseal_key(appraisal.id) is None
    assert list(VaultRow.scan()) == []


def test_a_ballot_cast_twice_counts_once_and_its_receipt_is_the_same() -> None:
    appraisal = opened()
    ballot = stamped(appraisal, LIN)
    sealed(appraisal)
    assert cast(appraisal, ballot) == cast(appraisal, ballot)
    assert counted_out(appraisal).cast == 1


def test_a_ballot_without_a_stamp_or_with_anothers_is_refused() -> None:
    appraisal = opened()
    good, other = stamped(appraisal, LIN), stamped(appraisal, GAO)
    sealed(appraisal)
    for stamp in (other.stamp, "00" * 384, "aa"):
        with pytest.raises(Invalid) as refused:
            ballots.cast(appraisal.id, bytes.fromhex(good.message), bytes.fromhex(stamp), now=appraisal.seals_at + HOUR)
        assert refused.value.code == "no_stamp"
    with pytest.raises(Invalid):
        cast(appraisal, folded(appraisal).done("").__class__(appraisal.id, "", "00" * 40, stamp=good.stamp))


def test_an_envelope_that_is_none_costs_nobody_their_vote() -> None:
    appraisal = opened()
    with pytest.raises(Invalid) as refused:
        ballots.stamp(appraisal.id, b"\x00", by=LIN, now=appraisal.opens_at)
    assert refused.value.code == "no_envelope"
    assert stamped(appraisal, LIN).stamp


def test_receipts_say_that_a_ballot_was_counted() -> None:
    appraisal = opened()
    made_ = [stamped(appraisal, by) for by in DEPUTIES]
    sealed(appraisal)
    numbers = [cast(appraisal, ballot) for ballot in made_]
    counted_out(appraisal)
    assert ballots.receipts(appraisal.id) == sorted(numbers)


def test_a_ballot_that_is_changed_in_the_table_is_not_counted_and_that_is_public() -> None:
    appraisal = opened()
    made_ = [stamped(appraisal, by, "dissatisfied") for by in DEPUTIES]
    sealed(appraisal)
    first, *_ = [cast(appraisal, ballot) for ballot in made_]
    row = UrnRow.get(f"ballot#{appraisal.id}", first)
    row.content = row.content.replace(b"dissatisfied", b"satisfied")
    row.save()
    done = counted_out(appraisal)
    assert (done.cast, done.void) == (3, 1)
    assert done.results["heating-company"]["results"]["satisfied"] == 0


def test_two_cast_ballots_are_published_as_a_turnout_without_grades() -> None:
    appraisal = published("satisfied", "dissatisfied")
    assert (appraisal.status, appraisal.cast, appraisal.results) == ("published", 2, {})


def test_an_appraisal_that_was_called_off_stamps_nothing_and_its_key_is_gone() -> None:
    appraisal = opened()
    ballots.cancel(appraisal.id, "改期", by=QIAO, now=appraisal.opens_at)
    assert vault.unseal_key(appraisal.id) is None
    with pytest.raises(IllegalMove):
        stamped(appraisal, LIN)
    assert on(appraisal, appraisal.closes_at + HOUR).status == "cancelled"


def test_nothing_that_is_stored_leads_from_a_deputy_to_a_ballot() -> None:
    """Who knows all tables knows of each deputy one envelope and its stamp, and of each ballot one message and its stamp. No
    row names both, none of a ballot holds a time, a name or a correlation, and no value of the one side stands on the other."""
    appraisal = published("satisfied", "basically", "dissatisfied", "satisfied")
    rows = everything_stored()
    library = [row["Attributes"] for row in rows[table("library")]]
    cast_, stamps = ([row for row in library if row["kind"]["S"].startswith(kind)] for kind in ("ballot#", "stamp#"))
    assert (len(cast_), len(stamps)) == (4, 4)
    assert all(row.keys() == {"kind", "id", "content", "stamp"} for row in library)
    assert {row["id"]["S"] for row in stamps} == {by.deputy for by in DEPUTIES}
    elsewhere = repr({name: kept for name, kept in rows.items() if name != table("library")}) + repr(stamps)
    for row in cast_:
        assert row["id"]["S"] not in elsewhere
        assert all(repr(row[name]["B"])[2:-1] not in elsewhere for name in ("content", "stamp"))
        assert not any(by.deputy in repr(row) or by.id in repr(row) for by in DEPUTIES)
    assert not {value for row in stamps for name in ("content", "stamp") for value in [row[name]["B"]]} & {
        value for row in cast_ for name in ("content", "stamp") for value in [row[name]["B"]]
    }
    assert len({len(row["stamp"]["B"]) for row in library}) == 1
    assert "stamp" not in facts(appraisal.id)


def test_casting_writes_one_row_and_says_nothing_to_the_journal_or_a_queue() -> None:
    appraisal = opened()
    ballot = stamped(appraisal, LIN)
    sealed(appraisal)
    before = facts(appraisal.id)
    with recorded() as calls:
        cast(appraisal, ballot)
    assert [str(call) for call in calls] == ["GetItem dossiers", "PutItem library"]
    assert set(calls[1].asked["Item"]) == {"kind", "id", "content", "stamp"}
    assert facts(appraisal.id) == before


def test_stamping_costs_two_reads_a_key_and_a_put() -> None:
    appraisal = opened()
    envelope = bytes.fromhex(folded(appraisal).envelope)
    with recorded() as calls:
        ballots.stamp(appraisal.id, envelope, by=LIN, now=appraisal.opens_at)
    assert [str(call) for call in calls] == ["GetItem dossiers", "GetItem vault", "kms Decrypt", "PutItem library"]


def test_counting_costs_a_query_and_a_transaction() -> None:
    appraisal = opened()
    ballot = stamped(appraisal, LIN)
    sealed(appraisal)
    cast(appraisal, ballot)
    with counted() as calls:
        counted_out(appraisal)
    assert calls[:3] == ["GetItem dossiers", "Query library", "TransactWriteItems"]


def test_the_agenda_told_twice_ends_a_phase_once() -> None:
    appraisal = opened()
    on(appraisal, appraisal.opens_at)
    for _ in range(2):
        on(appraisal, appraisal.seals_at + MARGIN)
    assert facts(appraisal.id) == ["called", "opened", "sealed"]
    assert Appraisal.KIND in workers.ENFORCED_BY_US


def test_every_state_is_what_its_journal_leads_to() -> None:
    published("satisfied", "basically", "satisfied")
    assert check_all([], mend=False, say=lambda _: None) == 0


Deed = tuple[str, int, str]
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(("stamp", "stamp_again", "cast", "forge", "advance")), st.integers(0, 3), st.sampled_from(GRADES)
    ),
    max_size=14,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_whatever_people_try_each_counts_once_and_the_sums_are_the_turnout(deeds: list[Deed]) -> None:
    with made():
        set_up()
        appraisal, held, cast_by = opened(), dict[int, Any](), dict[int, str]()
        for deed, who, grade in deeds:
            try:
                if deed == "advance":
                    appraisal = sealed(appraisal)
                elif deed == "stamp":
                    held[who] = (stamped(appraisal, DEPUTIES[who], grade), grade)
                elif deed == "stamp_again":
                    ballot = held[who][0]
                    ballots.stamp(appraisal.id, bytes.fromhex(ballot.envelope), by=DEPUTIES[who], now=appraisal.opens_at)
                elif deed == "cast":
                    cast(appraisal, held[who][0])
                    cast_by[who] = held[who][1]
                else:
                    cast(appraisal, folded(appraisal, grade))
            except (KeyError, IllegalMove, Conflict, Invalid, ValueError):
                continue
        appraisal = counted_out(sealed(appraisal))
        assert appraisal.cast == len(cast_by) <= len(appraisal.stamped) == len(held)
        for by_criterion in appraisal.results.values():
            for counts in by_criterion.values():
                assert counts == {grade: list(cast_by.values()).count(grade) for grade in GRADES}
                assert sum(counts.values()) == appraisal.cast


def test_stamps_are_given_while_it_is_open_however_late_the_agenda_is(cloud: None) -> None:  # noqa: ARG001
    appraisal = opened()
    assert not appraisal.stamps(appraisal.seals_at)
    late = on(appraisal, appraisal.seals_at + timedelta(minutes=1))  # the sweep came, but the margin has not passed
    assert (late.status, late.urn_open(appraisal.seals_at + HOUR)) == ("opened", False)
