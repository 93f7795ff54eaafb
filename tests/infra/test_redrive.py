"""Dead letters are put back where they came from, counted, and none is lost on the way."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.spine import letters
from infra import redrive
from tests.infra.outputs import REGION

STAGE = "redrive"


@pytest.fixture
def session() -> Iterator[boto3.Session]:
    with mock_aws():
        made = boto3.Session(region_name=REGION)
        for name in ("routing", "routing-dead", "mail-event-dead", "dispatch-dead"):
            made.client("sqs").create_queue(QueueName=f"zerodistance-{STAGE}-{name}")
        yield made


def url(session: boto3.Session, name: str) -> str:
    return str(session.client("sqs").get_queue_url(QueueName=f"zerodistance-{STAGE}-{name}")["QueueUrl"])


def lying_in(session: boto3.Session, name: str) -> list[str]:
    sqs, bodies = session.client("sqs"), []
    while found := sqs.receive_message(QueueUrl=url(session, name), MaxNumberOfMessages=10).get("Messages"):
        bodies += [each["Body"] for each in found]
    return bodies


def bury(session: boto3.Session, queue: str, *bodies: Any) -> None:
    for body in bodies:
        session.client("sqs").send_message(QueueUrl=url(session, f"{queue}-dead"), MessageBody=json.dumps(body))


def test_dead_letters_come_back_to_their_queue_with_progress(session: boto3.Session) -> None:
    bury(session, "routing", *({"dossier": str(n)} for n in range(25)))
    said: list[str] = []
    assert redrive.redrive(session, "routing", STAGE, said.append) == 25
    assert len(lying_in(session, "routing")) == 25
    assert lying_in(session, "routing-dead") == []
    assert (said[0], said[-1]) == ("25 dead letters in routing", "  25 of 25 put back")


def test_with_no_dead_letters_nothing_happens(session: boto3.Session) -> None:
    assert redrive.redrive(session, "routing", STAGE, lambda _: None) == 0


def test_a_queue_that_is_not_there_is_named(session: boto3.Session) -> None:
    with pytest.raises(redrive.NotPutBack, match="zerodistance-elsewhere-routing-dead"):
        redrive.redrive(session, "routing", "elsewhere", lambda _: None)


def test_a_mail_event_is_given_to_its_function_again(session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []

    def invoke(_session: boto3.Session, *call: Any) -> bool:
        given.append(call)
        return True

    monkeypatch.setattr(redrive, "_invoke", invoke)
    bury(session, "mail-event", {"requestPayload": {"Records": [{"Sns": {"Message": "{}"}}]}})
    assert redrive.redrive(session, "mail-event", STAGE, lambda _: None) == 1
    assert given == [("mail_event", STAGE, {"Records": [{"Sns": {"Message": "{}"}}]})]


def test_what_is_refused_again_stays_dead(session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redrive, "_invoke", lambda *_: False)
    monkeypatch.setattr(letters, "HELD", 0)
    bury(session, "mail-event", {"requestPayload": {}})
    with pytest.raises(redrive.NotPutBack, match="stay in mail-event's dead-letter queue"):
        redrive.redrive(session, "mail-event", STAGE, lambda _: None)
    assert len(lying_in(session, "mail-event-dead")) == 1
