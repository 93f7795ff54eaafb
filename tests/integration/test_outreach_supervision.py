"""Of supervision and appraisals those hear whom it concerns, each once; of a ballot nobody hears anything."""

from typing import Any

import pytest
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.ses.models import ses_backends

from chalicelib.outreach import supervision
from chalicelib.outreach import workers as outreach
from chalicelib.spine import agenda, journal
from chalicelib.spine.aws import REGION
from chalicelib.supervision import ballots, service, workers
from chalicelib.supervision.model import LIFECYCLE
from tests.support.supervision import TITLE, an_appraisal, came, looked, noticed, opened, passed, published, rectified, sealed
from tests.support.wanglan import NOON, QIAO, TANG

pytestmark = pytest.mark.usefixtures("district")
BODY, HEAD, TANG_MAIL, QIAO_MAIL, LIN = (
    f"{name}@wanglan.example.org" for name in ("heating", "head.heating", "tang", "qiao", "lin")
)


def tell(id: str, seq: int = 0) -> list[str]:
    """Deliver the notice of a fact (of the newest, if none is named), twice; whom it reached."""
    entry, before = journal.entries(id)[seq - 1], len(mails())
    for _ in range(2):
        outreach.tell({"dossier": id, "seq": entry.seq, "kind": entry.kind, "type": entry.type}, NOON)
    return sorted(address for mail in mails()[before:] for address in mail.destinations["ToAddresses"])


def mails() -> list[Any]:
    return list(ses_backends[ACCOUNT][REGION].sent_messages)


def test_a_notice_reaches_the_body_and_its_head_with_its_date() -> None:
    item = noticed()
    assert tell(item.id) == sorted([BODY, HEAD])
    said = mails()[0]
    assert TITLE in said.subject
    assert "请限期整改" in said.body
    assert "11月27日" in said.body  # three working days
    assert item.id in said.body


def test_an_item_that_opened_waits_for_manager_and_supervisor_and_not_for_the_body() -> None:
    assert tell(came().id) == sorted([QIAO_MAIL, TANG_MAIL])


def test_what_the_body_showed_is_told_to_those_who_send_somebody_to_look() -> None:
    assert tell(rectified().id) == sorted([QIAO_MAIL, TANG_MAIL])


def test_a_look_that_did_not_pass_is_told_with_the_new_date() -> None:
    item = looked(rectified(), passes=False)
    assert tell(item.id) == sorted([BODY, HEAD, TANG_MAIL])
    assert "第 1 次" in mails()[0].body
    assert tell(passed().id) == sorted([BODY, QIAO_MAIL, TANG_MAIL])


def test_the_ladder_of_a_rectification_reaches_higher_with_each_rung() -> None:
    item = noticed()
    agenda.enforce({"dossier": item.id, "kind": "supervision"}, NOON.replace(year=2027), workers.ENFORCED_BY_US)
    reached = {entry.data["to"]: tell(item.id, entry.seq) for entry in journal.entries(item.id) if "to" in entry.data}
    assert reached == {
        "remind": [BODY],
        "breach": sorted([BODY, HEAD, TANG_MAIL]),
        "head": sorted([HEAD, QIAO_MAIL, TANG_MAIL]),
        "manager": sorted([HEAD, QIAO_MAIL, TANG_MAIL]),
    }


def test_a_body_hears_nothing_of_what_was_dropped_before_it_had_notice() -> None:
    item = came()
    service.drop(item.id, "不属监督", by=TANG, now=NOON)
    assert tell(item.id) == []
    other = noticed()
    service.drop(other.id, "另案处理", by=TANG, now=NOON)
    assert tell(other.id) == [BODY]


def test_deputies_are_told_of_each_phase_and_all_of_them_whoever_has_voted() -> None:
    appraisal = opened()
    everyone = tell(appraisal.id)
    assert (len(everyone), LIN in everyone) == (8, True)
    assert "appraisals seal" in mails()[0].body
    assert tell(sealed(appraisal).id) == everyone
    assert "appraisals cast" in mails()[-1].body
    results = published("satisfied", "dissatisfied", "basically")
    assert len(tell(results.id)) == 10
    assert f"/open/appraisals/{results.id}" in mails()[-1].body


def test_one_that_is_called_off_is_told_with_the_reason() -> None:
    appraisal = an_appraisal()
    ballots.cancel(appraisal.id, "会期改动", by=QIAO, now=NOON)
    assert len(tell(appraisal.id)) == 8
    assert "会期改动" in mails()[0].body


def test_every_fact_that_is_told_is_one_that_happens() -> None:
    moves = {f"supervision.{move.fact}" for move in LIFECYCLE.moves}
    by_itself = {f"supervision.{fact}" for fact in ("opened", "reminded", "breached", "escalated")}
    told = {fact for fact in supervision.TOLD if fact.startswith("supervision.")}
    assert told <= moves | by_itself
    assert supervision.TOLD.keys() <= outreach.TOLD_BY_US
    assert supervision.TEXTS.keys() == supervision.TOLD.keys()
