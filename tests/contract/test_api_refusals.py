"""What is refused says why, in one shape, and changes nothing."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app import app
from chalicelib.cases import service
from chalicelib.cases.model import Case
from chalicelib.files import service as files
from chalicelib.people.permissions import PERMISSIONS
from chalicelib.web import refusal
from chalicelib.web.door import LARGEST_BODY, SECURITY_HEADERS
from tests.contract.conftest import AsRole
from tests.contract.test_api_permissions import EXAMPLES, code_of, knock
from tests.support.casework import facts, routed
from tests.support.wanglan import LIN, LIN_CODE, NOON

JSON_POSTS = [route for route, example in EXAMPLES.items() if example.json is not None]
SIGNING_IN = ("POST /v1/session", "POST /v1/session/password", "POST /v1/session/refresh")


def send(who: httpx.Client, route: str, case: Case | None = None, content: Any = None, **headers: str) -> httpx.Response:
    method, path = route.split(" ")
    token = case.id + "X" * 26 if case else ""  # of a matter's page: no secret is known, so it is never found
    path = path.format(case_id=case.id if case else "", deputy_id="gao-xiulan", code=LIN_CODE, token=token)
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "application/json", **headers}
    return who.request(method, path, content=body, headers=headers)


def role_for(route: str) -> str:
    return "manager" if "manager" in PERMISSIONS[route] and "deputy" not in PERMISSIONS[route] else "deputy"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"text"', b"null", b"\xff\xfe", b'{"text": "\\ud800"}', b"[" * 20_000])
@pytest.mark.parametrize("route", JSON_POSTS)
def test_what_is_no_json_object_is_refused(route: str, content: bytes, as_role: AsRole) -> None:
    case = routed()
    answer = send(as_role(role_for(route)), route, case, content)
    if content == b"" and not EXAMPLES[route].json and route not in SIGNING_IN:
        return  # nothing is asked for, and nothing was said
    assert (answer.status_code, code_of(answer)) in ((422, "malformed"), (422, "invalid"))
    assert service.found(case.id) == case


@pytest.mark.parametrize("route", JSON_POSTS)
def test_an_unknown_field_is_refused_and_named(route: str, as_role: AsRole) -> None:
    case = routed()
    answer = send(as_role(role_for(route)), route, case, (EXAMPLES[route].json or {}) | {"nonsense": 1})
    if route in SIGNING_IN:
        answer = send(as_role("deputy"), route, case, {"nonsense": 1})
    assert (answer.status_code, code_of(answer)) == (422, "invalid")
    assert "nonsense" in answer.json()["detail"]
    assert service.found(case.id) == case


ASSIGN, ASK, NOTE, DECLINE, MERGE, LOOK, RECATEGORISE = (
    f"POST /v1/cases/{{case_id}}/{move}" for move in ("assign", "ask", "note", "decline", "merge", "contact", "recategorise")
)
TAKE_DOWN, WHY = "POST /v1/cases", {"reason": "因为"}


@pytest.mark.parametrize(
    ("route", "content", "field", "code"),
    [
        (ASK, {}, "text", "invalid"),
        (ASK, {"text": ""}, "text", "invalid"),
        (ASK, {"text": 7}, "text", "invalid"),
        (ASK, {"text": "长" * 4001}, "text", "invalid"),
        (ASK, {"text": " \n\t"}, "text", "missing"),
        (NOTE, {"text": "已联系", "public": "yes"}, "public", "invalid"),
        (ASSIGN, {"body": "nobody", **WHY}, "body", "unknown_body"),
        (ASSIGN, {"body": "heating-company", **WHY}, "body", "same_body"),
        (ASSIGN, {"body": "water-company"}, "reason", "invalid"),
        (ASSIGN, {"body": "water-company", "reason": "  "}, "reason", "missing"),
        (RECATEGORISE, {"category": "nothing/like/it", **WHY}, "category", "unknown_category"),
        (RECATEGORISE, {"category": "heating", "urgency": "very", **WHY}, "urgency", "invalid"),
        (DECLINE, {"reason": "不归我们管"}, "instead", "invalid"),
        (DECLINE, {"reason": "长" * 501, "instead": "拨打热线"}, "reason", "invalid"),
        (MERGE, {"into": "{self}", **WHY}, "into", "same_case"),
        (LOOK, {"reason": " "}, "reason", "missing"),
        (TAKE_DOWN, {"text": "灯不亮"}, "deputy", "invalid"),
        (TAKE_DOWN, {"text": "灯不亮", "deputy": "nobody"}, "deputy", "unknown_deputy"),
        (TAKE_DOWN, {"text": "灯不亮", "deputy": "feng-baoguo"}, "deputy", "unknown_deputy"),  # left office
        (TAKE_DOWN, {"text": "灯不亮", "deputy": "lin-jianwei", "category": "nothing"}, "category", "unknown_category"),
        (TAKE_DOWN, {"text": "灯不亮", "deputy": "lin-jianwei", "grid": "nowhere"}, "grid", "unknown_grid"),
        (TAKE_DOWN, {"text": "灯不亮", "deputy": "lin-jianwei", "door": "form"}, "door", "invalid"),
        (TAKE_DOWN, {"text": "灯不亮", "deputy": "lin-jianwei", "contact": {"tell": "pigeon"}}, "contact.tell", "invalid"),
        (TAKE_DOWN, {"text": "灯不亮", "deputy": "lin-jianwei", "contact": {"tell": "email"}}, "contact.email", "missing"),
        (TAKE_DOWN, {"text": "灯不亮", "deputy": "lin-jianwei", "contact": {"tell": "phone"}}, "contact.phone", "missing"),
        ("POST /v1/session", {"username": "deputy.lin"}, "password", "invalid"),
        ("POST /v1/session", {"username": "", "password": "x"}, "username", "invalid"),
        ("POST /v1/session/refresh", {"refresh_token": "t" * 5000}, "refresh_token", "invalid"),
        ("POST /v1/deputies/{deputy_id}/code", {"reason": " "}, "reason", "missing"),
    ],
)
def test_what_is_wrong_is_named(route: str, content: dict[str, Any], field: str, code: str, as_role: AsRole) -> None:
    case = routed()
    content = {name: case.id if value == "{self}" else value for name, value in content.items()}
    answer = send(as_role(role_for(route)), route, case, content)
    assert (answer.status_code, code_of(answer), answer.json().get("field")) == (422, code, field)
    assert service.found(case.id) == case


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "many", "", "٣", "25 ", "9" * 30])
def test_a_limit_that_is_no_number_of_lines_is_refused(limit: str, as_role: AsRole) -> None:
    answer = as_role("deputy").get("/v1/cases", params={"limit": limit})
    assert (answer.status_code, code_of(answer), answer.json()["field"]) == (422, "invalid", "limit")


@pytest.mark.parametrize("cursor", ["x", "é", "IA==", "YQ==", "YSBiIGM=", "YSA=", "IGI=", "//8="])
def test_a_cursor_that_is_none_of_ours_is_refused(cursor: str, as_role: AsRole) -> None:
    answer = as_role("deputy").get("/v1/cases", params={"cursor": cursor})
    assert (answer.status_code, code_of(answer), answer.json()["field"]) == (422, "bad_cursor", "cursor")


def test_a_move_that_is_not_legal_now_names_those_that_are(as_role: AsRole) -> None:
    case = routed()
    service.move("answer", case.id, by=LIN, now=NOON, text="已修好")
    answer = knock(ASK, as_role("deputy"), case.id)
    assert (answer.status_code, code_of(answer), answer.json()["legal_moves"]) == (409, "illegal_move", [])
    service.say(service.found(case.id), "reopen", "又不热了", "s", now=NOON)
    answer = knock("POST /v1/cases/{case_id}/contact", as_role("deputy"), case.id)
    assert answer.status_code == 200
    service.move("ask", case.id, by=LIN, now=NOON, text="几号楼？")
    answer = knock(NOTE, as_role("officer"), case.id)
    assert (answer.status_code, code_of(answer), answer.json()["legal_moves"]) == (409, "illegal_move", ["answer"])
    assert facts(case.id)[-1] == "asked"


def test_the_moves_that_a_case_offers_are_those_that_are_taken(as_role: AsRole) -> None:
    for role in ("deputy", "officer", "manager"):
        shown = as_role(role).get(f"/v1/cases/{routed().id}").json()["moves"]
        for move in ("acknowledge", "assign", "recategorise", "ask", "note", "answer", "decline", "merge"):
            answer = knock(f"POST /v1/cases/{{case_id}}/{move}", as_role(role), routed().id, routed().id)
            assert (answer.status_code == 200) == (move in {each["move"] for each in shown}), (role, move, answer.text)


def test_a_second_hand_on_needs_the_manager(as_role: AsRole) -> None:
    case = routed()
    service.assign(case.id, "water-company", "是水的事", by=LIN, now=NOON)
    answer = knock(ASSIGN, as_role("deputy"), case.id)
    assert (answer.status_code, code_of(answer)) == (403, "needs_manager")
    assert knock(ASSIGN, as_role("manager"), case.id).status_code == 200


def test_two_at_once_one_is_told_of_the_other(as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
    case, late = routed(), as_role("officer")
    loaded = service.loaded

    def overtaken(case_id: str, by: Any) -> Case:
        found = loaded(case_id, by)
        monkeypatch.setattr(service, "loaded", loaded)
        service.move("note", case_id, by=LIN, now=NOON, text="先到一步")
        return found

    monkeypatch.setattr(service, "loaded", overtaken)
    answer = knock(NOTE, late, case.id)
    assert (answer.status_code, code_of(answer)) == (409, "conflict")
    assert facts(case.id)[2:] == ["noted"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("route", [NOTE, "POST /v1/session", "POST /v1/directory"])
def test_another_type_than_the_routes_is_refused(route: str, kind: str, as_role: AsRole) -> None:
    answer = send(as_role("manager"), route, routed(), EXAMPLES[route].json or {}, **{"Content-Type": kind})
    assert (answer.status_code, code_of(answer)) == (415, "wrong_type")
    assert kind.partition(";")[0] in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_json_is_json_whatever_is_said_of_its_letters(kind: str, as_role: AsRole) -> None:
    answer = send(as_role("deputy"), NOTE, routed(), {"text": "已联系"}, **{"Content-Type": kind})
    assert answer.status_code == 200


@pytest.mark.parametrize("route", [NOTE, "POST /v1/directory", "POST /v1/session"])
def test_a_body_beyond_measure_is_refused(route: str, as_role: AsRole) -> None:
    kind = EXAMPLES[route].kind
    answer = send(as_role("manager"), route, routed(), b" " * (LARGEST_BODY + 1), **{"Content-Type": kind})
    assert (answer.status_code, code_of(answer)) == (422, "too_large")


@pytest.mark.parametrize("as_typed", ["{0}-{1}-{2}", "{0}{1}{2}", " {0} {1} {2} "])
def test_a_case_is_found_however_its_number_is_typed(as_typed: str, as_role: AsRole) -> None:
    case = routed()
    typed = as_typed.format(case.id[:4], case.id[4:8], case.id[8:]).lower().replace("0", "o").replace("1", "l")
    assert as_role("deputy").get(f"/v1/cases/{typed}").json()["id"] == case.id


@pytest.mark.parametrize("id", ["x", "000000000000", "é", "a" * 300, "directory"])
def test_an_id_of_no_case_is_not_found(id: str, as_role: AsRole) -> None:
    answer = as_role("manager").get(f"/v1/cases/{id}")
    assert answer.status_code == 404


def test_a_fault_of_ours_tells_nothing_of_our_inside(as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> Case:
        raise RuntimeError("the word is swordfish")

    monkeypatch.setattr(service, "loaded", broken)
    answer = as_role("deputy").get("/v1/cases/000000000000")
    assert (answer.status_code, code_of(answer)) == (500, "fault")
    assert "swordfish" not in answer.text


def test_a_fault_in_telling_of_a_fault_is_told_in_plain_words(anyone: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> Case:
        raise RuntimeError("the word is swordfish")

    monkeypatch.setattr(service, "tracked", broken)
    monkeypatch.setattr(refusal, "page", broken)
    answer = anyone.get(f"/m/{'7' * 38}")
    assert (answer.status_code, code_of(answer)) == (500, "fault")
    assert "swordfish" not in answer.text


@pytest.mark.parametrize("path", ["/d/DEM00001", f"/m/{'7' * 38}"])
def test_a_form_that_is_no_text_is_refused_with_a_page(path: str, anyone: httpx.Client) -> None:
    answer = anyone.post(path, content=b"text=\xff\xfe", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"].startswith("text/html")


def plain(headers: Mapping[str, str]) -> dict[str, str]:
    """What protects the reader; a page with photos may reach the bucket beside."""
    return {name: headers.get(name, "").replace(f" {files.origin()}", "") for name in SECURITY_HEADERS}


@pytest.mark.parametrize("route", EXAMPLES)
def test_every_answer_carries_what_protects_its_reader(route: str, as_role: AsRole, anyone: httpx.Client) -> None:
    case, other = routed(), routed()
    for who in (anyone, as_role("manager"), as_role("deputy")):
        answer = knock(route, who, case.id, other.id)
        assert plain(answer.headers) == SECURITY_HEADERS
        assert answer.headers["cache-control"]


def test_an_answer_of_chalices_own_is_a_problem_with_the_same_protection() -> None:
    event = {
        "headers": {}, "multiValueQueryStringParameters": None, "pathParameters": None, "stageVariables": None, "body": None,
        "requestContext": {"httpMethod": "PUT", "resourcePath": "/v1/me", "requestId": "1"},
    }  # fmt: skip
    answer = app(event, None)
    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (405, "application/problem+json")
    assert plain(answer["headers"]) == SECURITY_HEADERS


def test_a_long_answer_is_compressed_for_who_takes_it(as_role: AsRole) -> None:
    who, path = as_role("deputy"), f"/v1/cases/{routed().id}"
    zipped, bare = (who.get(path, headers={"Accept-Encoding": accepted}) for accepted in ("gzip, br", "identity"))
    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in bare.headers
    assert zipped.json() == bare.json()
    assert "Accept-Encoding" in zipped.headers["vary"]
