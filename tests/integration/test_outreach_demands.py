"""Of a common demand and of a surge those hear who work on it: deputies, body, managers, the grid's group. Each once, and never
a resident's words."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.ses.models import ses_backends

from chalicelib.cases import service as cases
from chalicelib.demands import service
from chalicelib.demands.model import REMIND_EVERY, Demand
from chalicelib.demands.surge import FEWEST, Surge, surge_of
from chalicelib.directory import service as directory_service
from chalicelib.directory.model import Directory
from chalicelib.errors import NotFound
from chalicelib.outreach import demands
from chalicelib.outreach import workers as outreach
from chalicelib.outreach.channels import WAYS
from chalicelib.outreach.model import Notice
from chalicelib.spine import journal
from chalicelib.spine.aws import REGION
from tests.support.casework import EMAIL, PHONE, routed
from tests.support.casework import NAME as WRITER
from tests.support.demands import NAME, confirmed, joined, proposed, together, written
from tests.support.wanglan import LIN, NOON, QIAO

pytestmark = pytest.mark.usefixtures("district")
WORDS = "我家302室的老人冻病了，暖气不热"
LIN_MAIL, GAO_MAIL, BODY, QIAO_MAIL = (f"{name}@wanglan.example.org" for name in ("lin", "gao", "heating", "qiao"))


def tell(of: Demand | Surge, seq: int = 0, times: int = 2) -> None:
    """Deliver the notice of a fact (of the newest, if none is named), twice."""
    entry = journal.entries(of.id)[seq - 1]
    for _ in range(times):
        outreach.tell({"dossier": of.id, "seq": entry.seq, "kind": entry.kind, "type": entry.type}, NOON)


def mails() -> list[Any]:
    return list(ses_backends[ACCOUNT][REGION].sent_messages)


def reached() -> list[str]:
    return sorted(address for mail in mails() for address in mail.destinations["ToAddresses"])


def a_case() -> Any:
    return routed(text=WORDS, grid="weidu-1", address="3单元402")


def surged(people: int = FEWEST) -> Surge:
    """A surge of so many people in one grid, the first of them one whose details are known."""
    for n in range(people):
        service.watch((written() if n else a_case()).id, NOON)
    return service.surge_found(surge_of("heating/supply/cold-flat", "weidu-1", "", NOON).id)


# Who is told of what


def test_of_a_proposal_the_deputies_hear_whom_it_concerns_and_nobody_else() -> None:
    tell(proposed(a_case(), written(deputy="gao-xiulan", grid="weidu-4")))
    assert reached() == [GAO_MAIL, LIN_MAIL]
    assert "可能的共同诉求" in mails()[0].subject
    assert "2 件留言" in mails()[0].body
    assert "霁月花园片区、老船厂宿舍片区" in mails()[0].body


def test_a_link_leads_to_the_command_that_shows_it() -> None:
    demand = proposed()
    tell(demand, 1)
    assert f"deputy demands show {demand.id}" in mails()[0].body


def test_that_one_more_joined_is_told_to_nobody() -> None:
    demand = confirmed()
    joined(written(), demand.id)
    tell(demand)
    assert mails() == []


def test_when_ten_more_joined_the_body_is_reminded_once() -> None:
    demand = confirmed(*(written() for _ in range(REMIND_EVERY)))
    for _ in range(REMIND_EVERY + 1):
        joined(written(), demand.id)
    for entry in journal.entries(demand.id):
        if entry.type == "grew":
            tell(demand, entry.seq)
    assert reached() == [BODY, BODY]
    assert [mail.body.partition(" 人反映")[0].rpartition(" ")[2] for mail in mails()] == ["11", "21"]


def test_that_a_deputy_leads_the_others_and_the_body_hear() -> None:
    demand = confirmed(a_case(), written(deputy="gao-xiulan", grid="weidu-4"))
    service.take_up(demand.id, by=LIN, now=NOON)
    tell(demand)
    assert reached() == [GAO_MAIL, BODY, LIN_MAIL]
    assert {NAME in mail.subject for mail in mails()} == {True}


def test_that_it_is_open_again_the_deputies_and_the_body_hear() -> None:
    first = a_case()
    demand = confirmed(first, written())
    service.move("answer", demand.id, by=LIN, now=NOON, text="修好了")
    for case, seq in service.orders(demand.id, demand.version + 1):
        service.carry_out(case, demand.id, seq, NOON)
    said = cases.say(cases.found(first.id), "reopen", WORDS, "s", now=NOON)
    service.reopened(first.id, said.version, NOON)
    tell(demand)
    assert reached() == [BODY, LIN_MAIL]


def test_of_a_surge_the_grids_deputies_the_body_and_the_managers_hear() -> None:
    surge = surged()
    tell(surge)
    assert reached() == [BODY, LIN_MAIL, QIAO_MAIL]
    for mail in mails():
        assert "集中反映预警：家里不热（霁月花园片区）" in mail.subject
        assert f"有 {FEWEST} 人反映" in mail.body


def test_a_warning_says_its_own_numbers_though_it_is_told_after_the_next() -> None:
    surge = surged(2 * FEWEST)
    tell(surge, 1)
    assert f"有 {FEWEST} 人反映" in mails()[0].body


def test_what_nobody_needs_to_hear_is_not_told() -> None:
    assert set(demands.TOLD) == set(demands.TEXTS)
    assert {"demand.renamed", "demand.confirmed", "demand.supported", "demand.case_reopened"} & set(demands.TOLD) == set()
    assert {"demand.renamed", "demand.supported", "demand.case_reopened"} & outreach.TOLD_BY_US == set()  # nor are programs


# Never a resident's words


def facts_to_tell() -> Iterator[tuple[Demand | Surge, int]]:
    """Every fact that is told of, of cases with much to give away."""
    demand = confirmed(*(a_case() for _ in range(2)), *(written(WORDS) for _ in range(REMIND_EVERY)))
    service.take_up(demand.id, by=LIN, now=NOON)
    service.move("answer", demand.id, by=LIN, now=NOON, text="修好了")
    service.reopened(service.members(demand)[0].id, 9, NOON)
    for of in (demand, surged()):
        yield from ((of, entry.seq) for entry in journal.entries(of.id) if f"{entry.kind}.{entry.type}" in demands.TOLD)


def test_no_word_and_no_detail_of_a_resident_is_in_any_notice() -> None:
    told = list(facts_to_tell())
    for of, seq in told:
        tell(of, seq, times=1)
    assert {journal.entries(of.id)[seq - 1].type for of, seq in told} == {"proposed", "grew", "taken_up", "reopened", "surged"}
    members = [case.id for of, _ in told if isinstance(of, Demand) for case in service.members(of)]
    for mail in mails():
        text = mail.subject + mail.body
        assert [word for word in (WORDS, "302", "402", WRITER, EMAIL, PHONE, *members) if word in text] == []


def test_a_proposal_that_has_no_name_yet_is_called_by_what_it_is_about() -> None:
    tell(proposed(a_case(), a_case()))
    assert mails()[0].subject == "可能的共同诉求：家里不热"


# Group chats


def with_groups(directory: Directory) -> Directory:
    """The district with a group for each grid and body."""
    edition = directory.edition
    return Directory(
        msgspec.structs.replace(
            edition,
            grids=tuple(
                msgspec.structs.replace(grid, chat_webhook=f"https://chat.example/{grid.id}") for grid in edition.grids
            ),
            bodies=tuple(
                msgspec.structs.replace(body, chat_webhook=f"https://chat.example/{body.id}") for body in edition.bodies
            ),
        )
    )


def chats(of: Demand | Surge, seq: int = 0) -> list[Notice]:
    entry, directory = journal.entries(of.id)[seq - 1], with_groups(directory_service.edition(NOON))
    return [each for each in demands.notices(demands.Told(entry, of, directory, "")) if each.channel == "chat"]


def test_a_surge_is_told_to_the_grids_group_and_the_bodys() -> None:
    found = chats(surged())
    assert {notice.to for notice in found} == {"https://chat.example/weidu-1", "https://chat.example/heating-company"}
    assert {notice.text for notice in found} == {f"预警：霁月花园片区三天内{FEWEST}人反映“家里不热”"}


def test_a_demand_is_told_to_the_bodys_group_only() -> None:
    demand = confirmed()
    service.take_up(demand.id, by=LIN, now=NOON)
    assert [notice.to for notice in chats(service.found(demand.id))] == ["https://chat.example/heating-company"]


# Once, whatever happens


def test_who_could_not_be_reached_for_now_is_told_later_and_the_others_not_again(monkeypatch: pytest.MonkeyPatch) -> None:
    demand = together()
    service.take_up(demand.id, by=LIN, now=NOON)
    send, refused = WAYS["email"], [BODY]

    def busy(notice: Notice, tags: Any) -> None:
        if notice.to in refused:
            refused.remove(notice.to)
            raise OSError("for now")
        send(notice, tags)

    monkeypatch.setitem(WAYS, "email", busy)
    with pytest.raises(OSError, match="body:heating-company"):
        tell(demand, times=1)
    tell(demand)
    assert reached() == [BODY, LIN_MAIL]


def test_a_notice_of_a_demand_that_bounced_is_no_error() -> None:
    demand = together()
    service.take_up(demand.id, by=LIN, now=NOON)
    event = {"eventType": "Bounce", "mail": {"messageId": "m1", "tags": {"dossier": [demand.id], "seq": ["2"], "who": ["x"]}}}
    outreach.mail_event(json.dumps(event), NOON)
    assert [entry.type for entry in journal.entries(demand.id)] == ["put_together", "taken_up"]


def test_a_demand_that_was_merged_or_given_on_since_is_still_told_of() -> None:
    demand, other = confirmed(), together()
    service.take_up(demand.id, by=LIN, now=NOON)
    service.merge(demand.id, other.id, "同一件事", by=QIAO, now=NOON)
    tell(demand, -1)
    assert reached() == [BODY, LIN_MAIL]


def test_a_fact_that_is_not_there_is_an_error_that_brings_the_message_again() -> None:
    with pytest.raises(NotFound):
        outreach.tell({"dossier": together().id, "seq": 99, "kind": "demand", "type": "proposed"}, NOON)
