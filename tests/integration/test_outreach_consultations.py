"""Who is told of consultations and notices, in which words, and what becomes of the addresses."""

from typing import Any

import pytest
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.ses.models import ses_backends

from chalicelib.bulletin import service as bulletin
from chalicelib.bulletin import workers as bulletin_workers
from chalicelib.consultations import service, workers
from chalicelib.outreach import workers as outreach
from chalicelib.people import vault
from chalicelib.spine import journal
from chalicelib.spine.aws import REGION
from chalicelib.spine.queue import Message
from tests.support.bulletin import notice
from tests.support.consultations import WEEK, closed, opened
from tests.support.wanglan import LIN, NOON, QIAO

pytestmark = pytest.mark.usefixtures("district")

ONE, OTHER = "resident.a@wanglan.example.org", "resident.b@wanglan.example.org"


def mails() -> dict[str, tuple[str, str]]:
    """Whom a mail went to → its subject and text; to each at most one."""
    sent = ses_backends[ACCOUNT][REGION].sent_messages
    found = {to: (mail.subject, mail.body) for mail in sent for to in mail.destinations["ToAddresses"]}
    assert len(found) == len(sent)
    return found


def told(dossier: str, fact: str) -> Message:
    entry = next(entry for entry in reversed(journal.entries(dossier)) if entry.type == fact)
    return {"dossier": dossier, "seq": entry.seq, "kind": entry.kind, "type": fact, "correlation": "c"}


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What followers put into the queue of notices."""
    sent: list[dict[str, Any]] = []
    for module in (workers, bulletin_workers):
        monkeypatch.setattr(module.queue, "send_all", lambda _, messages: sent.extend(messages))
    return sent


def test_maker_and_managers_hear_that_it_opened_and_where_one_answers() -> None:
    consultation = opened()
    outreach.tell(told(consultation.id, "opened"), NOON)
    found = mails()
    assert set(found) == {"lin@wanglan.example.org", "qiao@wanglan.example.org"}
    assert all(f"/c/{consultation.id}" in text for _, text in found.values())


def test_each_who_asked_is_told_once_in_their_language_and_their_address_goes(queued: list[dict[str, Any]]) -> None:
    consultation = closed(emails=(ONE, OTHER))
    service.publish(consultation.id, "先办早餐", by=LIN, now=NOON + WEEK)
    published = told(consultation.id, "published")
    workers.work(published, NOON + WEEK)
    assert len({message["answer"] for message in queued}) == 2
    askers = service.askers(consultation.id)
    for message in [*queued, *queued]:  # told twice
        outreach.tell(message, NOON + WEEK)
    found = mails()
    assert set(found) == {ONE, OTHER}
    assert all(f"/open/consultations/{consultation.id}" in text for _, text in found.values())
    assert service.askers(consultation.id) == []
    assert [vault.unseal(service.vault_id(consultation.id, asker)) for asker in askers] == [None, None]
    assert ONE not in str(journal.entries(consultation.id))


def test_an_address_that_can_not_be_reached_now_is_kept_and_tried_again(
    queued: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    consultation = closed(emails=(ONE,))
    service.publish(consultation.id, "先办早餐", by=LIN, now=NOON + WEEK)
    workers.work(told(consultation.id, "published"), NOON + WEEK)

    def busy(*_: object) -> None:
        raise OSError("busy")

    with monkeypatch.context() as patch:
        patch.setitem(outreach.WAYS, "email", busy)  # type: ignore[arg-type]
        with pytest.raises(OSError, match="not told for now"):
            outreach.tell(queued[0], NOON + WEEK)
    assert len(service.askers(consultation.id)) == 1
    outreach.tell(queued[0], NOON + WEEK)
    assert (set(mails()), service.askers(consultation.id)) == ({ONE}, [])


def test_a_notice_reaches_everyone_in_its_groups_once_and_the_reminder_those_who_did_not_read(
    queued: list[dict[str, Any]],
) -> None:
    made = notice("ward:weidu-1", "supervisors")
    bulletin_workers.work(told(made.id, "published"), NOON)
    for message in [*queued, *queued]:
        outreach.tell(message, NOON)
    found = mails()
    assert set(found) == {"lin@wanglan.example.org", "tang@wanglan.example.org"}
    subject, text = found["lin@wanglan.example.org"]
    assert subject == "通知：第三次会议通知"
    assert f"deputy bulletin read {made.id}" in text


def test_of_a_notice_that_was_withdrawn_meanwhile_nothing_is_sent(queued: list[dict[str, Any]]) -> None:
    made = notice()
    bulletin_workers.work(told(made.id, "published"), NOON)
    bulletin.withdraw(made.id, "错了", by=QIAO, now=NOON)
    for message in queued:
        outreach.tell(message, NOON)
    assert mails() == {}
