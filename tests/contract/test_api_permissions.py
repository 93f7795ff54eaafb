"""Every route × everyone: who is let in, who is told that it is not for them, and what is simply not there for a stranger."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app import app
from chalicelib.cases import service
from chalicelib.directory import service as directory
from chalicelib.people.permissions import ANYONE, PERMISSIONS
from chalicelib.people.roles import STAFF
from chalicelib.web.door import ROUTES
from tests.contract.conftest import AsRole
from tests.support.api import signed_again
from tests.support.casework import facts, routed, sent
from tests.support.cloud import made
from tests.support.wanglan import FILE, LIN, LIN_CODE, NOON, QIAO

TokenOf = Callable[[str], str]


@dataclass(frozen=True)
class Example:
    """What to send to a route so that one who may is answered with ``status``."""

    status: int = 200
    json: Any = None
    params: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    kind: str = "application/json"


# Sections whose routes are tried with every role in tests of their own: test_api_<section>.py, test_<section>_pages.py.
TRIED_ELSEWHERE = (
    "/v1/demands", "/open/demands", "/v1/suggestions", "/open/suggestions", "/v1/supervision", "/open/supervision",
    "/v1/appraisals", "/open/appraisals", "/v1/records", "/v1/performance", "/open/performance", "/v1/activities",
    "/open/activities", "/open/stations", "/b/", "/a/", "/v1/consultations", "/c/", "/open/consultations", "/v1/bulletin",
    "/open/bulletin", "/work", "/v1/library", "/v1/figures", "/open/figures", "/v1/files",
    "/open311", "/open/data",
)  # fmt: skip

FORM = "application/x-www-form-urlencoded"
WHY = {"reason": "同一栋楼"}
EXAMPLES: dict[str, Example] = {
    "GET /healthz": Example(),
    "GET /openapi.json": Example(),
    "GET /static/{name}": Example(params={"name": "poster.css"}),
    "GET /d/{code}": Example(),
    "POST /d/{code}": Example(422, text="text=", kind=FORM),
    "GET /d/{code}/challenge": Example(422),
    "POST /d/{code}/photos": Example(422, json={"form": "forged", "size": 1}),
    "GET /d/{code}/qr.svg": Example(),
    "GET /d/{code}/qr.png": Example(),
    "GET /d/{code}/poster": Example(),
    "GET /open": Example(),
    "GET /open/deputies": Example(),
    "GET /open/deputies/{deputy_id}": Example(params={"deputy_id": "gao-xiulan"}),
    "GET /m/{token}": Example(404, params={"token": "nobody"}),
    "POST /m/{token}": Example(404, params={"token": "nobody"}, text="move=confirm", kind=FORM),
    "POST /m/{token}/photos": Example(404, json={"size": 1}, params={"token": "nobody"}),
    "GET /m/{token}/photos/{number}": Example(404, params={"token": "nobody", "number": "0"}),
    "GET /m/{token}/export": Example(404, params={"token": "nobody"}),
    "POST /v1/session": Example(422, json={}),
    "POST /v1/session/password": Example(422, json={}),
    "POST /v1/session/refresh": Example(422, json={}),
    "DELETE /v1/session": Example(204, json={}),
    "GET /v1/me": Example(),
    "GET /v1/cases": Example(),
    "POST /v1/cases": Example(201, json={"text": "楼道灯不亮", "deputy": "lin-jianwei"}),
    "GET /v1/cases/{case_id}": Example(),
    "GET /v1/cases/{case_id}/verify": Example(),
    "POST /v1/cases/{case_id}/acknowledge": Example(json={}),
    "POST /v1/cases/{case_id}/assign": Example(json={"body": "housing-bureau", **WHY}),
    "POST /v1/cases/{case_id}/recategorise": Example(json={"category": "heating/charges/fee", **WHY}),
    "POST /v1/cases/{case_id}/ask": Example(json={"text": "几号楼？"}),
    "POST /v1/cases/{case_id}/note": Example(json={"text": "已联系", "public": True}),
    "POST /v1/cases/{case_id}/answer": Example(json={"text": "今晚派人上门"}),
    "POST /v1/cases/{case_id}/decline": Example(json={"instead": "拨打热线", **WHY}),
    "POST /v1/cases/{case_id}/merge": Example(json={"into": "another case", **WHY}),
    "POST /v1/cases/{case_id}/contact": Example(json=WHY),
    "GET /v1/deputies": Example(),
    "POST /v1/deputies/{deputy_id}/code": Example(json=WHY, params={"deputy_id": "gao-xiulan"}),
    "GET /v1/directory": Example(),
    "GET /v1/directory/{kind}": Example(params={"kind": "bodies"}),
    "POST /v1/directory": Example(text="bodies: []", kind="application/yaml"),
}
OF_A_CASE = [route for route in EXAMPLES if "{case_id}" in route]


def knock(route: str, who: httpx.Client, case_id: str = "", other: str = "", token: str = "") -> httpx.Response:
    """Send the example of a route, with an Idempotency-Key of its own."""
    method, _, path = route.partition(" ")
    example = EXAMPLES[route]
    places = {"case_id": case_id, "code": LIN_CODE, **example.params}
    headers = {"Idempotency-Key": str(uuid4())} | ({"Authorization": f"Bearer {token}"} if token else {})
    if example.json is not None:
        body = example.json | ({"into": other} if "into" in example.json else {})
        return who.request(method, path.format_map(places), json=body, headers=headers)
    headers |= {"Content-Type": example.kind} if method == "POST" else {}
    return who.request(method, path.format_map(places), content=example.text or None, headers=headers)


def code_of(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "detail", "code"} <= problem.keys()
    assert problem["status"] == answer.status_code
    return str(problem["code"])


def test_the_table_of_permissions_and_the_app_name_the_same_routes() -> None:
    hung = {f"{method} {path}" for path, methods in app.routes.items() for method in methods}
    elsewhere = {route for route in PERMISSIONS if route.split(" ")[1].startswith(TRIED_ELSEWHERE)}
    assert hung == PERMISSIONS.keys() == EXAMPLES.keys() | elsewhere == {f"{route.method} {route.path}" for route in ROUTES}


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("route", EXAMPLES)
def test_a_route_is_for_the_roles_of_the_table_and_for_nobody_else(route: str, role: str, as_role: AsRole) -> None:
    case, other = (routed().id, routed().id) if route in OF_A_CASE else ("", "")
    answer = knock(route, as_role(role), case, other)
    if PERMISSIONS[route] == ANYONE or role in PERMISSIONS[route]:
        assert answer.status_code == EXAMPLES[route].status, answer.text
    else:
        assert (answer.status_code, code_of(answer)) == (403, "not_allowed")


@pytest.mark.parametrize("route", EXAMPLES)
def test_without_a_good_token_nothing_but_the_public_answers(route: str, anyone: httpx.Client, token_of: TokenOf) -> None:
    good = token_of("manager")
    expired = signed_again(good, exp=int(time.time()) - 1)
    forged = f"{good[:-3]}AAA"
    expected = {"": "sign_in_needed", "garbage": "token_invalid", forged: "token_invalid", expired: "token_expired"}
    for token, code in expected.items():
        answer = knock(route, anyone, "7K3M9QXA2B4C", token=token)
        if PERMISSIONS[route] == ANYONE:
            assert answer.status_code == EXAMPLES[route].status
        else:
            assert (answer.status_code, code_of(answer)) == (401, code)
            assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("claims", [{"client_id": "another"}, {"token_use": "id"}, {"iss": "https://elsewhere.example"}])
def test_a_token_of_another_client_kind_or_pool_is_none(
    claims: dict[str, str], anyone: httpx.Client, token_of: TokenOf
) -> None:
    token = signed_again(token_of("manager"), **claims)
    assert code_of(knock("GET /v1/me", anyone, token=token)) == "token_invalid"


@pytest.mark.parametrize("groups", [[], ["officer"], ["residents"]])
def test_whom_pool_and_directory_do_not_agree_on_is_not_let_in(
    groups: list[str], anyone: httpx.Client, token_of: TokenOf
) -> None:
    answer = knock("GET /v1/me", anyone, token=signed_again(token_of("deputy"), **{"cognito:groups": groups}))
    assert (answer.status_code, code_of(answer)) == (403, "no_role")


def test_the_first_manager_is_let_in_before_the_directory_knows_them_and_nobody_else_is(
    anyone: httpx.Client, token_of: TokenOf
) -> None:
    unknown = {role: signed_again(token_of(role), username="the.first") for role in STAFF}
    answers = {role: knock("GET /v1/me", anyone, token=token) for role, token in unknown.items()}
    assert {role: answer.status_code for role, answer in answers.items()} == {
        "deputy": 403, "officer": 403, "manager": 200, "supervisor": 403,
    }  # fmt: skip
    assert answers["manager"].json() == {
        "username": "the.first", "name": "the.first", "role": "manager", "deputy": "", "body": "",
    }  # fmt: skip


def test_in_an_empty_house_the_first_manager_brings_the_directory(anyone: httpx.Client, token_of: TokenOf) -> None:
    token = token_of("manager")
    with made():  # the tables are empty now
        assert knock("GET /v1/me", anyone, token=token).json()["name"] == "manager.qiao"
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/yaml"}
        assert anyone.post("/v1/directory", content=FILE.read_bytes(), headers=headers).json()["written"] is True
        assert knock("GET /v1/me", anyone, token=token).json()["name"] == "乔理事"


@pytest.mark.parametrize("role", ["deputy", "manager"])
def test_who_is_retired_in_the_directory_is_not_let_in_though_the_pool_still_knows_them(
    role: str, anyone: httpx.Client, token_of: TokenOf
) -> None:
    token = token_of(role)
    before = {"deputy": LIN, "manager": QIAO}[role]
    bound = {"deputy": before.deputy} if before.deputy else {}
    report = directory.put("users", before.id, {"role": role, "name": before.name, "retired": True, **bound}, by=QIAO, now=NOON)
    assert report.written, report.errors
    directory.forget()
    assert knock("GET /v1/me", anyone, token=token).status_code == 403


@pytest.mark.parametrize("stranger", ["other_deputy", "other_officer"])
@pytest.mark.parametrize("route", OF_A_CASE)
def test_a_case_of_another_deputy_or_body_is_not_there(route: str, stranger: str, as_role: AsRole) -> None:
    case, other = routed().id, routed().id
    before = service.found(case)
    answer, nowhere = (knock(route, as_role(stranger), id, other) for id in (case, "000000000000"))
    role = "deputy" if stranger == "other_deputy" else "officer"
    assert answer.status_code == (404 if role in PERMISSIONS[route] else 403)
    assert answer.text == nowhere.text.replace("000000000000", case)
    assert service.found(case) == before


def test_a_case_can_not_be_joined_to_one_of_another_deputy(as_role: AsRole) -> None:
    case, foreign = routed().id, sent(deputy="gao-xiulan").id
    answer = knock("POST /v1/cases/{case_id}/merge", as_role("deputy"), case, foreign)
    assert (answer.status_code, code_of(answer)) == (404, "not_found")
    assert service.found(foreign).joined == ()


def test_a_case_that_was_handed_on_is_gone_for_the_body_that_had_it(as_role: AsRole) -> None:
    case = routed().id
    service.assign(case, "water-company", "是水的事", by=LIN, now=NOON)
    assert knock("GET /v1/cases/{case_id}", as_role("officer"), case).status_code == 404
    assert knock("GET /v1/cases/{case_id}", as_role("other_officer"), case).status_code == 200


def test_a_list_holds_what_is_ones_own_whatever_is_asked_for(as_role: AsRole) -> None:
    case = routed().id
    for role, seen in (("deputy", [case]), ("officer", [case]), ("other_deputy", []), ("other_officer", [])):
        for query in ({}, {"deputy": "lin-jianwei"}, {"body": "heating-company"}, {"body": "triage"}):
            answer = as_role(role).get("/v1/cases", params=query)
            assert [line["id"] for line in answer.json()["items"]] == seen


@pytest.mark.parametrize("role", ["manager", "supervisor"])
def test_manager_and_supervisor_see_any_list(role: str, as_role: AsRole) -> None:
    case, unrouted = routed().id, sent(text="啊啊啊 ???").id
    for query, seen in (
        ({}, [unrouted]),
        ({"deputy": "lin-jianwei"}, [case, unrouted]),
        ({"body": "heating-company"}, [case]),
        ({"body": "nobody"}, []),
    ):
        answer = as_role(role).get("/v1/cases", params=query)
        assert [line["id"] for line in answer.json()["items"]] == seen


def test_a_supervisor_who_looks_on_changes_nothing(as_role: AsRole) -> None:
    case = routed().id
    for route in OF_A_CASE:
        knock(route, as_role("supervisor"), case, case)
    assert facts(case) == ["received", "routed"]
