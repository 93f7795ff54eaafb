"""Everyone is told of each fact once, in their language and by their way; what came of it is on record."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends

from chalicelib.cases import service
from chalicelib.cases.model import Case
from chalicelib.outreach import workers as outreach
from chalicelib.outreach.channels import international
from chalicelib.outreach.model import shown_code
from chalicelib.people import guard
from chalicelib.people.roles import A_RESIDENT
from chalicelib.people.table import GuardRow
from chalicelib.spine.aws import REGION, client
from tests.support.casework import COLD, EMAIL, NAME, PHONE, facts, facts_of, paper, routed, sent
from tests.support.said import logged
from tests.support.wanglan import LIN, NOON, QIAO

pytestmark = pytest.mark.usefixtures("district")
HOUR = timedelta(hours=1)
LIN_MAIL, BODY, HEAD, QIAO_MAIL = (f"{name}@wanglan.example.org" for name in ("lin", "heating", "head.heating", "qiao"))
DANGER = "楼道里有煤气味，已经闻到煤气两个小时了"


def tell(case: Case, fact: str, now: Any = NOON) -> None:
    """Deliver the notice of the newest fact of a type, as the queue does."""
    entry = list(facts_of(case.id, fact))[-1]
    outreach.tell({"dossier": case.id, "seq": entry.seq, "kind": "case", "type": fact}, now)


def mails(to: str = "") -> list[Any]:
    """The mails that went out so far, to one or to all."""
    return [mail for mail in ses_backends[ACCOUNT][REGION].sent_messages if to in ("", *mail.destinations["ToAddresses"])]


def reached() -> list[str]:
    return sorted(address for mail in mails() for address in mail.destinations["ToAddresses"])


def short_messages() -> list[tuple[str, str]]:
    return list(sns_backends[ACCOUNT][REGION].sms_messages.values())


@contextmanager
def refusing(service_name: str, operation: str, code: str) -> Iterator[list[dict[str, Any]]]:
    """AWS refuses an operation with this code; the list of what it was asked."""
    events, asked = client(service_name).meta.events, []

    def refuse(params: dict[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]]:
        asked.append(params)
        return AWSResponse("", 400, {}, None), {"Error": {"Code": code, "Message": f"no: {EMAIL}"}}

    events.register(event := f"before-call.{service_name}.{operation}", refuse)
    try:
        yield asked
    finally:
        events.unregister(event, refuse)


@contextmanager
def watching_mail() -> Iterator[list[dict[str, str]]]:
    """The tags of the mails that go out."""
    seen: list[dict[str, str]] = []
    events = client("ses").meta.events

    def look(params: dict[str, Any], **_: object) -> None:
        seen.append({tag["Name"]: tag["Value"] for tag in params["Tags"]})

    events.register(event := "before-parameter-build.ses.SendEmail", look)
    try:
        yield seen
    finally:
        events.unregister(event, look)


# The resident


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("已收到您的留言", "11月24日 14:00")), ("en", ("We have your message", "24 November, 14:00"))],
)
def test_a_resident_is_told_in_their_language_with_the_link_that_is_theirs(language: str, words: tuple[str, str]) -> None:
    opened = paper()
    case = routed(opened, language=language)
    tell(case, "received")
    (mail,) = mails(EMAIL)
    assert words[0] in mail.subject
    assert shown_code(case.id) in mail.subject
    assert words[1] in mail.body
    assert f"http://127.0.0.1:8000/m/{opened.tracking_token}" in mail.body
    (told,) = facts_of(case.id, "told")
    assert (told.role, told.data) == ("system", {"of": 1, "fact": "received", "channel": "email"})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_by_telephone_a_resident_gets_the_short_form(language: str) -> None:
    opened = paper()
    case = routed(opened, tell="phone", language=language)
    tell(case, "received")
    ((number, text),) = short_messages()
    assert number == f"+86{PHONE}"
    assert opened.tracking_token in text
    assert shown_code(case.id) in text
    assert mails() == []


@pytest.mark.parametrize("known", [{"tell": "none"}, {"tell": "email"}])
def test_who_wants_no_word_or_has_been_forgotten_gets_none(known: dict[str, str]) -> None:
    case = routed(**known)
    if known["tell"] != "none":
        closed = service.withdraw(case, by=A_RESIDENT, now=NOON)
        assert closed.next_duty is not None
        service.enforce(closed, closed.next_duty, NOON + timedelta(days=90))
    tell(case, "received")
    assert (mails(), short_messages()) == ([], [])
    assert "told" not in facts(case.id)


@pytest.mark.parametrize(
    ("number", "international_form"),
    [
        ("13800138000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("138-0013-8000", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("0086 13800138000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("021-5555 0100", "+862155550100"),
        ("+852 5555 0100", "+85255550100"),
        ("00852 5555 0100", "+85255550100"),
    ],
)
def test_a_number_is_dialled_as_its_owner_meant_it(number: str, international_form: str) -> None:
    assert international(number) == international_form


FACTS = {"asked": "请问是几号楼？", "noted": "师傅已经在路上", "answered": "今晚修好了", "declined": "不归这里管"}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("fact", FACTS)
def test_what_is_said_to_a_resident_stands_in_their_mail(fact: str, language: str) -> None:
    case = routed(language=language)
    move = {"asked": "ask", "noted": "note", "answered": "answer", "declined": "decline"}[fact]
    given = {"reason": FACTS[fact], "instead": "拨打热线"} if move == "decline" else {"text": FACTS[fact]}
    service.move(move, case.id, by=LIN, now=NOON, **given | ({"public": True} if move == "note" else {}))
    tell(case, fact)
    (mail,) = mails(EMAIL)
    assert FACTS[fact] in mail.body
    assert shown_code(case.id) in mail.body + mail.subject


def test_a_note_among_staff_stays_among_staff() -> None:
    case = routed()
    service.move("note", case.id, by=LIN, now=NOON, text="内部记录", public=False)
    tell(case, "noted")
    assert mails() == []


# Once


def test_a_fact_delivered_twice_is_told_once_to_each() -> None:
    case = routed()
    for fact in ("received", "routed"):
        for _ in range(3):
            tell(case, fact)
    assert reached() == sorted([EMAIL, LIN_MAIL, BODY])
    assert facts(case.id).count("told") == 1


def test_two_facts_of_a_type_are_told_twice() -> None:
    case = routed()
    for text in ("一", "二"):
        service.move("note", case.id, by=LIN, now=NOON, text=text, public=True)
        tell(case, "noted")
    assert len(mails(EMAIL)) == 2


def test_what_could_not_be_sent_for_now_is_tried_again_and_told_once() -> None:
    case = routed()
    with refusing("ses", "SendEmail", "Throttling"), pytest.raises(OSError, match="not told for now"):
        tell(case, "received")
    assert facts(case.id) == ["received", "routed"]
    for _ in range(2):
        tell(case, "received")
    assert reached() == [EMAIL]
    assert [entry.data["of"] for entry in facts_of(case.id, "told", "not_told")] == [1]


def test_why_it_could_not_be_sent_is_logged_without_the_address() -> None:
    case = routed()
    with logged() as lines, refusing("ses", "SendEmail", "Throttling"), pytest.raises(OSError, match="not told for now"):
        tell(case, "received")
    assert [(line["level"], line["because"], line["dossier"]) for line in lines] == [("ERROR", "Throttling", case.id)]
    assert EMAIL not in json.dumps(lines)


def test_of_several_to_be_told_only_who_was_not_reached_is_tried_again() -> None:
    case = routed()
    with refusing("ses", "SendEmail", "Throttling") as asked, pytest.raises(OSError, match="not told for now"):
        tell(case, "routed")
    assert len(asked) == 2
    guard.settle(f"told#{case.id}#2#user:deputy.lin", "sent", NOON)
    tell(case, "routed")
    assert reached() == [BODY]


@pytest.mark.parametrize("code", ["MessageRejected", "InvalidParameterValue"])
def test_what_can_never_be_delivered_is_on_record_and_not_tried_again(code: str) -> None:
    case = routed()
    with refusing("ses", "SendEmail", code) as asked:
        tell(case, "received")
        tell(case, "received")
    assert len(asked) == 1
    (entry,) = facts_of(case.id, "not_told")
    assert entry.data == {"of": 1, "fact": "received", "channel": "email", "because": code}


def test_a_number_that_wants_no_messages_is_left_in_peace() -> None:
    case = routed(tell="phone")
    with refusing("sns", "Publish", "OptedOut"):
        tell(case, "received")
    assert [entry.data["because"] for entry in facts_of(case.id, "not_told")] == ["OptedOut"]


def test_a_telling_that_was_cut_off_is_recorded_as_not_told_rather_than_repeated_on_suspicion() -> None:
    case = routed()
    guard.claim(f"told#{case.id}#1#resident:{case.id}", NOON)  # begun by a function that died before it settled
    for _ in range(2):
        tell(case, "received")
    assert mails() == []
    assert [entry.data["because"] for entry in facts_of(case.id, "not_told")] == ["interrupted"]


def test_a_claim_past_its_time_counts_as_gone_though_it_was_not_removed_yet() -> None:
    assert guard.claim("told#x", NOON) == "ours"
    assert guard.claim("told#x", NOON + timedelta(days=14, seconds=-1)) == "taken"
    assert guard.claim("told#x", NOON + timedelta(days=14)) == "ours"
    guard.settle("told#x", "sent", NOON)
    assert guard.claim("told#x", NOON) == "settled"


def test_a_table_that_fails_is_no_claim() -> None:
    events = GuardRow._get_connection().connection.client.meta.events
    refusal = AWSResponse("", 400, {}, None), {"Error": {"Code": "AccessDeniedException", "Message": "?"}}
    events.register("before-call.dynamodb.PutItem", play := lambda **_: refusal)
    with pytest.raises(Exception, match="AccessDenied"):
        guard.claim("told#x", NOON)
    events.unregister("before-call.dynamodb.PutItem", play)


def test_a_notice_of_no_fact_is_brought_again() -> None:
    with pytest.raises(Exception, match="no fact 9"):
        outreach.tell({"dossier": routed().id, "seq": 9}, NOON)


# Staff


def test_deputy_and_body_are_told_of_a_case_without_the_residents_words_or_name() -> None:
    case = routed(address="3号楼2单元501")
    tell(case, "routed")
    assert reached() == sorted([LIN_MAIL, BODY])
    for mail in mails():
        said = mail.subject + mail.body
        assert not any(word in said for word in (COLD, "12度", NAME, EMAIL, PHONE, "501"))
        assert shown_code(case.id) in said
        assert "11月24日 14:00" in said


@pytest.mark.parametrize("move", ["reply", "add", "reopen"])
def test_staff_are_told_that_a_resident_wrote_and_not_what(move: str) -> None:
    case = routed()
    if move != "add":
        case = service.move("ask" if move == "reply" else "answer", case.id, by=LIN, now=NOON, text="？")
    service.say(case, move, "我家是3单元502，电话13911112222", "s", now=NOON)
    tell(case, {"reply": "replied", "add": "added", "reopen": "reopened"}[move])
    assert reached() == sorted([LIN_MAIL, BODY])
    assert not any("502" in mail.body or "139" in mail.body for mail in mails())


def test_what_nobody_was_found_for_is_told_to_the_manager() -> None:
    case = routed(text="啊啊啊 ???")
    tell(case, "triaged")
    assert reached() == [QIAO_MAIL]


def test_the_body_that_a_case_is_handed_on_to_is_told_why() -> None:
    case = routed()
    service.assign(case.id, "water-company", "是水的事", by=LIN, now=NOON)
    tell(case, "handed_on")
    (mail,) = mails()
    assert mail.destinations["ToAddresses"] == ["water@wanglan.example.org"]
    assert "是水的事" in mail.body


def climbed(case: Case, rungs: int) -> None:
    """Enforce the next duties of a case, each at its moment."""
    for _ in range(rungs):
        now = service.found(case.id)
        assert now.next_duty is not None
        service.enforce(now, now.next_duty, now.next_duty.at)


def test_a_broken_promise_goes_up_the_ladder_and_each_rung_tells_whom_it_must() -> None:
    case = routed()
    service.move("acknowledge", case.id, by=LIN, now=NOON)
    for fact, whom in (
        ("reminded", [LIN_MAIL, BODY]),
        ("breached", [EMAIL, LIN_MAIL, BODY]),
        ("escalated", [HEAD]),
        ("escalated", [QIAO_MAIL]),
    ):
        climbed(case, 1)
        before = len(mails())
        tell(case, fact)
        assert sorted(address for mail in mails()[before:] for address in mail.destinations["ToAddresses"]) == sorted(whom)


def test_a_late_acknowledgement_is_told_to_staff_by_its_own_time_and_not_to_the_resident() -> None:
    case = routed()
    climbed(case, 2)
    assert facts(case.id)[2:] == ["reminded", "breached"]
    tell(case, "breached")
    assert reached() == sorted([LIN_MAIL, BODY])
    assert all("首次回应时限 11月24日 12:30" in mail.body for mail in mails())


# Joined matters


def test_an_answer_is_told_to_all_whose_cases_were_joined_each_with_their_own_number_and_link() -> None:
    papers = [paper() for _ in range(4)]
    first, second, third, alone = (routed(opened, now=NOON) for opened in papers)
    service.merge(third.id, second.id, "同一栋楼", by=LIN, now=NOON)
    service.merge(second.id, first.id, "同一栋楼", by=LIN, now=NOON)
    service.move("answer", first.id, by=LIN, now=NOON, text="整栋楼已修好")
    for _ in range(2):
        tell(first, "answered")
    told = {mail.subject: mail.body for mail in mails(EMAIL)}
    assert len(mails(EMAIL)) == 3
    for case, opened in zip((first, second, third), papers, strict=False):
        body = told[f"{shown_code(case.id)} 已答复"]
        assert opened.tracking_token in body
        assert "整栋楼已修好" in body
    assert "told" not in facts(alone.id)
    (entry,) = facts_of(third.id, "told")
    assert entry.data == {"of": 4, "fact": "answered", "channel": "email", "in": first.id}


def test_a_resident_is_told_that_their_matter_was_joined() -> None:
    first, second = routed(), routed()
    service.merge(second.id, first.id, "同一栋楼", by=LIN, now=NOON)
    tell(second, "merged")
    (mail,) = mails(EMAIL)
    assert shown_code(second.id) in mail.subject
    assert shown_code(first.id) not in mail.subject + mail.body


# What comes back


def bounce(tags: dict[str, str], kind: str = "Bounce", message: str = "ses-1") -> str:
    """What SES publishes: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html"""
    listed = {name: [value] for name, value in {"ses:from-domain": "x.example", **tags}.items()}
    recipients = {"bouncedRecipients": [{"emailAddress": EMAIL}]}
    return json.dumps(
        {"eventType": kind, kind.lower(): recipients, "mail": {"messageId": message, "destination": [EMAIL], "tags": listed}}
    )


@pytest.mark.parametrize("kind", ["Bounce", "Complaint"])
def test_a_mail_that_came_back_is_a_fact_of_its_case_told_once_and_without_the_address(kind: str) -> None:
    case = routed()
    with watching_mail() as tags:
        tell(case, "received")
    for _ in range(2):
        outreach.mail_event(bounce(tags[0], kind), NOON + HOUR)
    (entry,) = facts_of(case.id, "bounced")
    assert entry.data == {"of": 1, "kind": kind.lower(), "who": "resident"}


def test_each_mail_that_came_back_is_its_own_fact() -> None:
    case = routed()
    for number in range(2):
        outreach.mail_event(bounce({"dossier": case.id, "seq": "1", "who": "resident"}, message=f"ses-{number}"), NOON)
    assert facts(case.id).count("bounced") == 2


def test_a_mail_to_staff_that_came_back_is_told_from_a_residents() -> None:
    case = routed()
    with watching_mail() as tags:
        tell(case, "routed")
    for number, tag in enumerate(tags):
        outreach.mail_event(bounce(tag, message=f"ses-{number}"), NOON)
    assert sorted(entry.data["who"] for entry in facts_of(case.id, "bounced")) == ["body_heating-company", "user_deputy_lin"]


def test_the_mail_to_a_joined_resident_comes_back_to_their_own_case() -> None:
    first, second = routed(), routed()
    service.merge(second.id, first.id, "同一栋楼", by=LIN, now=NOON)
    service.move("answer", first.id, by=LIN, now=NOON, text="已修好")
    with watching_mail() as tags:
        tell(first, "answered")
    assert [tag["dossier"] for tag in tags] == [first.id, second.id]


@pytest.mark.parametrize(
    "text",
    [
        '{"eventType": "Delivery", "mail": {"tags": {"dossier": ["x"], "seq": ["1"]}}}',
        '{"eventType": "Bounce", "mail": {"messageId": "1", "tags": {}}}',
        '{"notificationType": "AmazonSnsSubscriptionSucceeded"}',
    ],
)
def test_other_news_of_mail_changes_nothing(text: str) -> None:
    case = sent()
    outreach.mail_event(text, NOON)
    assert facts(case.id) == ["received"]


def test_the_mail_carries_the_platforms_sender_and_tags_that_ses_takes() -> None:
    case = routed()
    with watching_mail() as tags:
        for fact in ("received", "routed"):
            tell(case, fact)
    assert {mail.source for mail in mails()} == {"noreply@chengxi.example"}
    assert [tag["who"] for tag in tags] == ["resident", "user_deputy_lin", "body_heating-company"]
    assert all(
        set(value) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
        for t in tags
        for value in t.values()
    )


def test_an_unverified_sender_is_a_fault_of_ours_and_not_a_residents() -> None:
    case = routed()
    with refusing("ses", "SendEmail", "AccessDenied"), pytest.raises(OSError, match="not told for now") as refused:
        tell(case, "received")
    assert not isinstance(refused.value, ClientError)
    assert EMAIL not in str(refused.value)


def test_the_manager_who_routes_by_hand_tells_deputy_and_body() -> None:
    case = routed(text="啊啊啊 ???")
    service.assign(case.id, "water-company", "电话问过", by=QIAO, now=NOON)
    tell(case, "routed")
    assert reached() == sorted([LIN_MAIL, "water@wanglan.example.org"])
