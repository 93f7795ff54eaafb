"""Many residents, one matter, on the deployed stack: proposed, confirmed, public, answered for all, reopened, grown; learning.

What is waited for is the emulator's own stream and queues; which functions may do what is enforced by its IAM.
"""

import re
import time

import httpx
import pytest

from tests.support.deployed import Phones, SignIn, facts, number, sent, until
from tests.support.local_stack import Stack
from tests.support.visitor import form_of, forms
from zerodistance_client import Demand, ZeroDistance

pytestmark = pytest.mark.e2e

FLATS = (
    "渡口西里3号楼101室暖气不热，整栋楼都冷，打热线没人接",
    "渡口西里3号楼整栋楼暖气不热，202室才13度，热线没人接",
    "渡口西里3号楼303室暖气不热，整栋楼都冷，老人受不了",
)
NAME, ANSWER, AGAIN = "渡口西里3号楼暖气不热", "主管网阀门今晚更换，明早恢复供热。", "没有修好，我家还是冷"
WATER, POWER = "第{number}回了，龙头拧开又是干的", "第{number}回了，一到晚上家里一片黑"


def tap(phone: httpx.Client, address: str) -> httpx.Response:
    """Open the public page and say "I have this too"."""
    return phone.post(address, data={"form": forms(phone.get(address))[0]["form"]})


def mails(stack: Stack, to: str, says: str) -> list[str]:
    """The mails to an address that say so."""
    return [str(mail["text"]) for mail in stack.sent()["mails"] if to in str(mail["to"]) and says in str(mail["text"])]


def ours(deputy: ZeroDistance, name: str) -> list[Demand]:
    """The demands of this matter, whole."""
    return [deputy.demand(line.id) for line in deputy.demands() if name in (line.name + line.summary)]


def test_three_cold_flats_become_one_demand_and_all_that_follows(stack: Stack, phones: Phones, sign_in: SignIn) -> None:
    deputy = sign_in("deputy")
    writers = [phones() for _ in FLATS]
    boxes = [f"flat{at}@wanglan.example.org" for at in (101, 202, 303)]
    pages = [
        sent(phone, stack, text, grid="weidu-2", tell="email", email=box)
        for phone, text, box in zip(writers, FLATS, boxes, strict=True)
    ]

    # The platform proposes, once.
    (demand,) = until(lambda: ours(deputy, "渡口西里"), lambda found: len(found) == 1 and found[0].cases == len(FLATS))
    assert (demand.status, demand.people, dict(demand.grids)) == ("proposed", 3, {"weidu-2": 3})
    assert {member.id for member in demand.members} == {number(page) for page in pages}
    public = f"/open/demands/{demand.id}"
    stranger = phones()
    assert stranger.get(public).status_code == 404, "nobody confirmed it"

    # People decide; then everyone may see it, and say that they have this too.
    demand = deputy.confirm(demand.id, NAME)
    assert demand.public_url == f"{stack.base_url}{public}"
    shown = stranger.get(public)
    assert shown.status_code == 200
    assert NAME in shown.text
    assert not any(part in shown.text for part in ("101室", "202室", "303室", *boxes)), "nobody's words stand there"
    receipt = tap(stranger, public)
    assert (receipt.status_code, "/m/" in receipt.headers["location"]) == (303, True)
    assert tap(stranger, public).headers["location"].endswith("?counted")
    demand = until(lambda: deputy.demand(demand.id), lambda found: found.cases == 4)
    assert demand.people == 4

    # One answer for all.
    deputy.answer_demand(demand.id, ANSWER)
    ids = [member.id for member in demand.members]
    until(lambda: {deputy.case(id).status for id in ids}, lambda found: found == {"answered"})
    for box, page in zip(boxes, pages, strict=True):
        until(lambda box=box: mails(stack, box, ANSWER), bool)
        assert page in mails(stack, box, ANSWER)[0]
    time.sleep(5)  # whatever else would come, came
    assert [len(mails(stack, box, ANSWER)) for box in boxes] == [1, 1, 1]
    assert [facts(deputy.case(id)).count("answered") for id in ids] == [1] * len(ids)

    # A resident has the last word.
    reopen = form_of(writers[0].get(pages[0]), "reopen") | {"text": AGAIN}
    reopen.pop("action")
    assert writers[0].post(pages[0], data=reopen).status_code == 303
    demand = until(lambda: deputy.demand(demand.id), lambda found: found.status == "reopened")
    assert [entry.data["case"] for entry in demand.timeline if entry.type == "reopened"] == [number(pages[0])]
    assert AGAIN not in stranger.get(public).text

    # With ten more people the body is reminded, once.
    reminder = f"{NAME}”已有"
    before = len(mails(stack, "wanglan.example.org", reminder))
    for _ in range(10):
        assert tap(phones(), public).status_code == 303
    demand = until(lambda: deputy.demand(demand.id), lambda found: found.people == 14)
    until(lambda: mails(stack, "wanglan.example.org", reminder), lambda found: len(found) > before)
    assert [bool(entry.data.get("remind")) for entry in demand.timeline if entry.type == "grew"].count(True) == 1
    assert len(mails(stack, "wanglan.example.org", reminder)) == 1


def test_the_router_is_fitted_by_what_people_set_right_under_its_own_rights(stack: Stack, sign_in: SignIn) -> None:
    manager, deputy = sign_in("manager"), sign_in("deputy")
    before = stack.invoke("learn")
    assert before == stack.invoke("learn"), "nothing new: what is there stays"
    for at in range(44):
        text, category = ((WATER, "water/supply/no-water"), (POWER, "power/supply/outage"))[at % 2]
        case = manager.take_down(text.format(number=at), "lin-jianwei", category=category)
        until(lambda case=case: deputy.case(case.id), lambda case: case.status == "routed")
        deputy.answer(case.id, "已处理")
    version = until(lambda: stack.invoke("learn"), lambda version: version != before)
    assert re.match(r"\d{4}-\d\d-\d\dT", version)
    assert stack.invoke("learn") == version
    assert {row["id"]["S"].partition("#")[0] for row in _rows(stack)} >= {version, "current"}


def _rows(stack: Stack) -> list[dict[str, dict[str, str]]]:
    asked = {"KeyConditionExpression": "kind = :kind", "ExpressionAttributeValues": {":kind": {"S": "router"}}}
    table = next(name for name in stack.client("dynamodb").list_tables()["TableNames"] if name.endswith("library"))
    rows: list[dict[str, dict[str, str]]] = stack.client("dynamodb").query(TableName=table, **asked)["Items"]
    return rows
