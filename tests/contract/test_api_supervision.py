"""Supervision and appraisals over HTTP: every route with every role, what a repeated request does, what is refused and why."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chalicelib.people.permissions import ANYONE, PERMISSIONS
from chalicelib.people.roles import STAFF
from chalicelib.settings import settings
from chalicelib.supervision import ballots, service
from chalicelib.supervision.model import Item
from chalicelib.web.door import ROUTES
from tests.contract.conftest import AsRole
from tests.contract.test_api_permissions import code_of
from tests.support.api import AppTransport
from tests.support.calls import counted
from tests.support.supervision import (
    TITLE,
    an_appraisal,
    came,
    counted_out,
    folded,
    looked,
    noticed,
    opened,
    passed,
    photo,
    published,
    rectified,
    sealed,
    stamped,
)
from tests.support.wanglan import GAO, LIN, NOON

ITEM, APPRAISAL = "/v1/supervision/{item_id}", "/v1/appraisals/{appraisal_id}"
READ, RECORD = "GetItem dossiers", "TransactWriteItems"


def today() -> Any:
    """An appraisal that is open now, whenever the test runs."""
    return opened(settings.now())


def urn() -> Any:
    return sealed(today())


def dates() -> dict[str, str]:
    now = settings.now()
    return {
        name: (now + timedelta(hours=hours)).isoformat() for name, hours in (("opens_at", 1), ("seals_at", 3), ("closes_at", 5))
    }


# route → what it is about, what to send to it, what it answers
Made = Callable[[], Any]
TRIED: dict[str, tuple[Made, Made, int]] = {
    "GET /v1/supervision": (noticed, lambda: None, 200),
    "POST /v1/supervision": (lambda: None, lambda: {"title": TITLE, "body": "heating-company", "text": "换热站停了"}, 201),
    f"GET {ITEM}": (noticed, lambda: None, 200),
    f"POST {ITEM}/notice": (came, lambda: {"text": "请限期整改"}, 200),
    f"POST {ITEM}/rectify": (noticed, lambda: {"text": "换了阀门", "files": [photo()]}, 200),
    f"POST {ITEM}/verify": (
        rectified, lambda: {"passes": True, "text": "看过", "lat": 30.006, "lon": 123.504, "files": [photo()]}, 200,
    ),
    f"POST {ITEM}/close": (passed, dict, 200),
    f"POST {ITEM}/drop": (noticed, lambda: {"reason": "另案处理"}, 200),
    "GET /v1/appraisals": (an_appraisal, lambda: None, 200),
    "POST /v1/appraisals": (lambda: None, lambda: {"title": "年度评议", **dates()}, 201),
    f"GET {APPRAISAL}": (an_appraisal, lambda: None, 200),
    f"POST {APPRAISAL}/cancel": (an_appraisal, lambda: {"reason": "改期"}, 200),
    f"GET {APPRAISAL}/stamp": (opened, lambda: None, 200),
    f"POST {APPRAISAL}/stamp": (today, lambda: {"envelope": "00"}, 422),
    f"GET {APPRAISAL}/ballots": (lambda: published("satisfied"), lambda: None, 200),
    f"POST {APPRAISAL}/ballots": (urn, lambda: {"ballot": "00", "stamp": "00"}, 422),
}  # fmt: skip
PAGES = {"GET /open/supervision", "GET /open/appraisals", "GET /open/appraisals/{appraisal_id}"}
DEEDS = [route for route in TRIED if route.startswith("POST /v1/supervision") or route in (
    "POST /v1/appraisals", f"POST {APPRAISAL}/cancel")]  # fmt: skip
WHO = {f"POST {ITEM}/rectify": "officer", f"POST {ITEM}/verify": "deputy", "POST /v1/supervision": "deputy"}


class World:
    """What a route is about, and what to send to it."""

    def __init__(self, route: str) -> None:
        about, body, self.status = TRIED[route]
        self.route, self.about, self.body = route, about(), body()

    def knock(self, who: httpx.Client, key: str = "", id: str = "", **changed: Any) -> httpx.Response:
        method, _, path = self.route.partition(" ")
        path = path.replace("{item_id}", id or getattr(self.about, "id", "")).replace(
            "{appraisal_id}", id or getattr(self.about, "id", "")
        )
        body = None if self.body is None else self.body | changed
        return who.request(method, path, json=body, headers={"Idempotency-Key": key or str(uuid4())})

    def changed(self) -> bool:
        found = service.found if isinstance(self.about, Item) else ballots.found
        return self.about is not None and found(self.about.id) != self.about


def test_every_route_of_supervision_is_tried_here() -> None:
    hung = {f"{route.method} {route.path}" for route in ROUTES}
    ours = ("/v1/supervision", "/open/supervision", "/v1/appraisals", "/open/appraisals")
    assert TRIED.keys() | PAGES == {route for route in hung & PERMISSIONS.keys() if route.partition(" ")[2].startswith(ours)}


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("route", TRIED)
def test_a_route_is_for_the_roles_of_the_table_and_for_nobody_else(route: str, role: str, as_role: AsRole) -> None:
    world = World(route)
    answer = world.knock(as_role(role))
    if PERMISSIONS[route] == ANYONE or role in PERMISSIONS[route]:
        assert answer.status_code == world.status, answer.text
    else:
        assert (answer.status_code, code_of(answer), world.changed()) == (403, "not_allowed", False)


@pytest.mark.parametrize("route", TRIED)
def test_without_a_token_only_what_is_for_everyone_answers(route: str, anyone: httpx.Client) -> None:
    world = World(route)
    answer = world.knock(anyone)
    assert answer.status_code == (world.status if PERMISSIONS[route] == ANYONE else 401)


@pytest.mark.parametrize("route", DEEDS)
def test_a_deed_sent_twice_is_done_once(route: str, as_role: AsRole) -> None:
    world, who, key = World(route), as_role(WHO.get(route, "manager")), str(uuid4())
    first = world.knock(who, key)
    again = world.knock(who, key)
    assert (first.status_code, again.status_code) == (world.status, world.status)
    assert again.headers["idempotent-replayed"] == "true"
    assert first.json()["version"] == again.json()["version"]
    other = world.knock(who, key, **{next(iter(world.body)): "另一个"}) if world.body else None
    assert other is None or other.status_code in (409, 422)


@pytest.mark.parametrize("route", [route for route in DEEDS if "{item_id}" in route])
def test_a_move_costs_a_read_and_a_transaction(route: str, as_role: AsRole) -> None:
    world, who = World(route), as_role(WHO.get(route, "manager"))
    who.get("/v1/supervision")
    with counted() as calls:
        assert world.knock(who).status_code == 200
    assert calls == [READ, RECORD]


def test_a_list_and_an_item_stay_within_the_budget(as_role: AsRole, anyone: httpx.Client) -> None:
    item, appraisal, who = noticed(), published("satisfied"), as_role("supervisor")
    who.get("/v1/supervision")
    for client, path, expected in (
        (who, "/v1/supervision?list=all", ["Query dossiers by-shelf"]),
        (who, "/v1/supervision", ["Query dossiers work-by-deputy"]),
        (who, f"/v1/supervision/{item.id}", [READ, "Query journal"]),
        (anyone, "/v1/appraisals", ["Query dossiers by-shelf"]),
        (anyone, f"/v1/appraisals/{appraisal.id}", [READ]),
        (anyone, f"/v1/appraisals/{appraisal.id}/ballots", [READ, "Query library"]),
        (anyone, "/open/supervision", ["Query dossiers work-by-deputy"]),
        (anyone, f"/open/appraisals/{appraisal.id}", [READ]),
    ):
        with counted() as calls:
            assert client.get(path).status_code == 200
        assert calls == expected


# Items


def test_an_item_from_the_first_word_to_the_last(as_role: AsRole) -> None:
    deputy, gao, officer, manager = (as_role(role) for role in ("deputy", "other_deputy", "officer", "manager"))

    def done(who: httpx.Client, move: str, **body: Any) -> dict[str, Any]:
        answer = who.post(f"/v1/supervision/{id}/{move}", json=body, headers={"Idempotency-Key": str(uuid4())})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    asked = {"title": TITLE, "body": "heating-company", "text": "停了两次", "category": "heating", "of": "d-7k3m-9qxa-2b4c"}
    made = deputy.post("/v1/supervision", json=asked, headers={"Idempotency-Key": str(uuid4())}).json()
    id = made["id"]
    assert (made["status"], made["cause"], made["of"]) == ("opened", "by_hand", "D7K3M9QXA2B4C")
    assert officer.get(f"/v1/supervision/{id}").status_code == 404
    assert done(manager, "notice", text="请限期整改")["due_at"] is not None
    shown = done(officer, "rectify", text="换了阀门", files=[photo()])
    assert shown["evidence"][0]["files"][0]["url"].startswith("https://")
    look = {"passes": True, "text": "好了", "lat": 30.006, "lon": 123.504}
    assert done(deputy, "verify", files=[photo()], **look)["status"] == "rectified"
    assert done(gao, "verify", files=[photo()], **look)["status"] == "passed"
    assert done(manager, "close")["status"] == "closed"
    whole = officer.get(f"/v1/supervision/{id}").json()
    assert [fact["type"] for fact in whole["timeline"]] == [
        "opened", "noticed", "rectified", "verified", "verified", "passed", "closed",
    ]  # fmt: skip
    assert whole["moves"] == []
    assert [(visit["deputy"], visit["lat"]) for visit in whole["visits"]] == [("lin-jianwei", 30.006), ("gao-xiulan", 30.006)]


def test_another_body_finds_neither_the_item_nor_its_moves(as_role: AsRole) -> None:
    item, water = noticed(), as_role("other_officer")
    assert water.get(f"/v1/supervision/{item.id}").status_code == 404
    answer = World(f"POST {ITEM}/rectify").knock(water, id=item.id)
    assert (answer.status_code, code_of(answer)) == (404, "not_found")
    assert water.get("/v1/supervision", params={"list": "all"}).json()["items"] == []
    assert service.found(item.id) == item


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"lat": 91}, "lat"), ({"lon": -181}, "lon"), ({"files": []}, "files"), ({"passes": "yes"}, "passes"),
        ({"text": ""}, "text"), ({"extra": 1}, "extra"), ({"files": ["F1"]}, "files"),
    ],
)  # fmt: skip
def test_a_look_that_says_too_little_is_refused_and_changes_nothing(
    changed: dict[str, Any], field: str, as_role: AsRole
) -> None:
    world = World(f"POST {ITEM}/verify")
    answer = world.knock(as_role("deputy"), **changed)
    assert (answer.status_code, answer.json()["field"].split("[")[0]) == (422, field)
    assert not world.changed()


def test_a_second_look_of_the_same_deputy_and_a_move_out_of_turn_say_what_is_right(as_role: AsRole) -> None:
    item = looked(rectified())
    again = World(f"POST {ITEM}/verify").knock(as_role("deputy"), id=item.id)
    assert (again.status_code, code_of(again)) == (403, "looked_already")
    early = World(f"POST {ITEM}/close").knock(as_role("manager"), id=item.id)
    assert (early.status_code, early.json()["legal_moves"]) == (409, [])
    assert as_role("deputy").get("/v1/supervision", params={"list": "some"}).json()["code"] == "unknown_list"


def test_a_long_list_is_read_over_cursors(as_role: AsRole) -> None:
    ids = {noticed(NOON + timedelta(minutes=minute)).id for minute in range(5)}
    who, seen, cursor = as_role("supervisor"), list[str](), ""
    while cursor is not None:
        page = who.get("/v1/supervision", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [line["id"] for line in page["items"]]
        cursor = page["next"]
    assert (len(seen), set(seen)) == (5, ids)


# Appraisals


def test_a_ballot_from_the_envelope_to_the_receipt_over_http(as_role: AsRole, anyone: httpx.Client) -> None:
    appraisal = today()
    lin = as_role("deputy")
    ballot = folded(appraisal)
    assert lin.get(f"/v1/appraisals/{appraisal.id}/stamp").json() == {"stamped": False, "deputies": []}
    stamps = [lin.post(f"/v1/appraisals/{appraisal.id}/stamp", json={"envelope": ballot.envelope}) for _ in range(2)]
    assert [answer.status_code for answer in stamps] == [200, 200]
    assert stamps[0].json() == stamps[1].json()
    other = lin.post(f"/v1/appraisals/{appraisal.id}/stamp", json={"envelope": folded(appraisal).envelope})
    assert (other.status_code, code_of(other)) == (409, "already_stamped")
    sealed(appraisal)
    assert lin.get(f"/v1/appraisals/{appraisal.id}/stamp").json() == {"stamped": True, "deputies": ["lin-jianwei"]}
    assert as_role("manager").get(f"/v1/appraisals/{appraisal.id}/stamp").json()["stamped"] is None
    ready = ballot.stamped(stamps[0].json()["stamp"])
    cast = [
        anyone.post(f"/v1/appraisals/{appraisal.id}/ballots", json={"ballot": ready.message, "stamp": ready.stamp})
        for _ in "ab"
    ]
    assert [answer.status_code for answer in cast] == [200, 200]
    early = anyone.get(f"/v1/appraisals/{appraisal.id}/ballots")
    assert (early.status_code, code_of(early)) == (409, "illegal_move")
    counted_out(appraisal)
    assert anyone.get(f"/v1/appraisals/{appraisal.id}/ballots").json()["receipts"] == [cast[0].json()["receipt"]]


def test_casting_asks_for_no_token_and_a_token_that_is_sent_is_not_even_looked_at(
    app_transport: AppTransport, anyone: httpx.Client
) -> None:
    appraisal = today()
    made = stamped(appraisal, LIN)
    sealed(appraisal)
    asked = {"ballot": made.message, "stamp": made.stamp}
    with counted() as calls:
        answer = anyone.post(
            f"/v1/appraisals/{appraisal.id}/ballots", json=asked, headers={"Authorization": "Bearer of-nobody"}
        )
    assert answer.status_code == 200
    assert calls == [READ, "PutItem library"]
    assert app_transport.seen[-1][0] == f"POST {APPRAISAL}/ballots"


def test_results_come_only_after_the_closing(anyone: httpx.Client) -> None:
    appraisal = today()
    made = [stamped(appraisal, by) for by in (LIN, GAO)]
    assert anyone.get(f"/v1/appraisals/{appraisal.id}").json()["stamped"] == 0
    sealed(appraisal)
    for ballot in made:
        anyone.post(f"/v1/appraisals/{appraisal.id}/ballots", json={"ballot": ballot.message, "stamp": ballot.stamp})
    before = anyone.get(f"/v1/appraisals/{appraisal.id}").json()
    assert (before["stamped"], before["cast"], before["results"], before["urn_open"]) == (2, 0, {}, True)
    counted_out(appraisal)
    after = anyone.get(f"/v1/appraisals/{appraisal.id}").json()
    assert (after["status"], after["cast"], after["urn_open"]) == ("published", 2, False)


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"opens_at": "2020-01-01T00:00:00Z"}, "opens_at"), ({"opens_at": "2026-12-01T09:00"}, "opens_at"),
     ({"bodies": ["nobody"]}, "bodies"), ({"title": "   "}, "title"), ({"seals_at": "x"}, "seals_at")],
)  # fmt: skip
def test_an_appraisal_that_can_not_be_is_refused(changed: dict[str, Any], field: str, as_role: AsRole) -> None:
    answer = World("POST /v1/appraisals").knock(as_role("manager"), **changed)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert as_role("manager").get("/v1/appraisals").json()["items"] == []


@pytest.mark.parametrize("ballot", ["zz", "0", "", "AB"])
def test_what_is_no_hex_is_refused(ballot: str, anyone: httpx.Client) -> None:
    answer = World(f"POST {APPRAISAL}/ballots").knock(anyone, ballot=ballot)
    assert (answer.status_code, answer.json()["field"]) == (422, "ballot")


def test_the_api_never_tells_a_private_key(as_role: AsRole, anyone: httpx.Client) -> None:
    appraisal = today()
    for who in (anyone, as_role("manager")):
        told = json.dumps(who.get(f"/v1/appraisals/{appraisal.id}").json())
        assert appraisal.modulus in told
        assert "PRIVATE" not in told
