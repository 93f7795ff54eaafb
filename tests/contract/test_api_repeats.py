"""A repeated request is harmless: the same key and the same request lead to what was done, and change nothing."""

from uuid import uuid4

import httpx
import pytest

from chalicelib.cases import service
from chalicelib.directory import service as directory
from chalicelib.settings import settings
from chalicelib.web.door import ROUTES
from tests.contract.conftest import AsRole
from tests.contract.test_api_permissions import EXAMPLES, code_of, knock
from tests.support.casework import facts, routed
from tests.support.wanglan import LIN, NOON

ONCE = [f"{route.method} {route.path}" for route in ROUTES if route.once and f"{route.method} {route.path}" in EXAMPLES]
DEEDS = [route for route in ONCE if "{case_id}" in route]


def role_for(route: str) -> str:
    return "manager" if route.startswith("POST /v1/deputies") else "deputy"


def deed(route: str, who: httpx.Client, case_id: str, key: str, **changed: str) -> httpx.Response:
    path = route.removeprefix("POST ").replace("{case_id}", case_id)
    return who.post(path, json={**EXAMPLES[route].json, **changed}, headers={"Idempotency-Key": key})


def test_every_post_that_changes_something_counts_once() -> None:
    harmless_again = {"sign_in", "set_first_password", "refresh_session", "import_directory", "offer_file"}
    harmless_again |= {"stamp_envelope", "cast_ballot"}  # the same again leads to the same stamp, the same receipt
    harmless_again |= {"open_item", "verify_claims", "import_records"}  # a reader once, nothing, ids out of the rows' content
    posts = {route.name for route in ROUTES if route.method == "POST" and route.path.startswith("/v1/")}
    assert {route.name for route in ROUTES if route.once and route.path.startswith("/v1/")} == posts - harmless_again


@pytest.mark.parametrize("key", [None, "", " ", "k" * 129])
@pytest.mark.parametrize("route", ONCE)
def test_a_deed_without_a_key_is_refused_before_anything_is_done(route: str, key: str | None, as_role: AsRole) -> None:
    case, other = routed(), routed()
    path = route.removeprefix("POST ").format(case_id=case.id, deputy_id="gao-xiulan")
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = as_role(role_for(route)).post(path, json=EXAMPLES[route].json | {"into": other.id}, headers=headers)
    assert (answer.status_code, code_of(answer)) == (422, "invalid")
    assert answer.json()["field"] == "Idempotency-Key"
    assert service.found(case.id) == case


@pytest.mark.parametrize("route", DEEDS)
def test_the_same_deed_again_shows_what_it_led_to_and_changes_nothing(route: str, as_role: AsRole) -> None:
    case, other, who, key = routed(), routed(), as_role("deputy"), str(uuid4())
    more = {"into": other.id} if route.endswith("/merge") else {}
    first = deed(route, who, case.id, key, **more)
    assert (first.status_code, "idempotent-replayed" in first.headers) == (200, False)
    after = service.found(case.id)
    again = deed(route, who, case.id, key, **more)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert again.json() == first.json()
    assert again.headers.get("etag") == first.headers.get("etag")
    assert (service.found(case.id), service.found(other.id).version) == (after, 3 if more else 2)


@pytest.mark.parametrize("role", ["deputy", "other_deputy", "officer", "manager"])
def test_a_message_taken_down_twice_is_one_case(role: str, as_role: AsRole) -> None:
    who, key = as_role(role), str(uuid4())
    first, again = (deed("POST /v1/cases", who, "", key) for _ in range(2))
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert (again.json(), again.headers["location"]) == (first.json(), first.headers["location"])
    assert facts(first.json()["id"]) == ["received"]
    assert len(as_role("manager").get("/v1/cases").json()["items"]) == 1


def test_a_code_replaced_twice_is_replaced_once(as_role: AsRole) -> None:
    who, key = as_role("manager"), str(uuid4())
    first, again = (
        who.post("/v1/deputies/gao-xiulan/code", json={"reason": "撕坏了"}, headers={"Idempotency-Key": key}) for _ in range(2)
    )
    assert (first.json(), "idempotent-replayed" in first.headers) == (again.json(), False)
    assert again.headers["idempotent-replayed"] == "true"
    live = directory.edition(settings.now()).live_code("gao-xiulan")
    assert live is not None
    assert live.code == first.json()["code"]


@pytest.mark.parametrize("route", DEEDS)
def test_a_key_for_another_request_is_refused(route: str, as_role: AsRole) -> None:
    case, other, who, key = routed(), routed(), as_role("deputy"), str(uuid4())
    knocked = who.post(f"/v1/cases/{case.id}/note", json={"text": "先记一笔"}, headers={"Idempotency-Key": key})
    assert knocked.status_code == 200
    before = service.found(case.id)
    answer = deed(route, who, case.id, key, **({"into": other.id} if route.endswith("/merge") else {}))
    assert (answer.status_code, code_of(answer)) == (409, "idempotency_key_reused")
    assert service.found(case.id) == before


def test_a_key_for_the_same_words_in_another_case_is_refused(as_role: AsRole) -> None:
    first, second, who, key = routed(), routed(), as_role("deputy"), str(uuid4())
    assert deed("POST /v1/cases/{case_id}/acknowledge", who, first.id, key).status_code == 200
    answer = deed("POST /v1/cases/{case_id}/acknowledge", who, second.id, key)
    assert (answer.status_code, code_of(answer)) == (409, "idempotency_key_reused")
    assert service.found(second.id) == second


def test_two_people_may_use_the_same_key(as_role: AsRole) -> None:
    case, key = routed(), "1"
    for role, text in (("deputy", "已联系热力公司"), ("officer", "师傅在路上")):
        answer = deed("POST /v1/cases/{case_id}/note", as_role(role), case.id, key, text=text)
        assert (answer.status_code, "idempotent-replayed" in answer.headers) == (200, False)
    assert facts(case.id)[2:] == ["noted", "noted"]


def test_a_refused_deed_uses_up_no_key(as_role: AsRole) -> None:
    case, who, key = routed(), as_role("deputy"), str(uuid4())
    assert deed("POST /v1/cases/{case_id}/answer", who, case.id, key, text=" ").status_code == 422
    assert deed("POST /v1/cases/{case_id}/answer", who, case.id, key).status_code == 200


def test_a_deed_repeated_after_others_moved_the_case_shows_it_as_it_is_now(as_role: AsRole) -> None:
    case, who, key = routed(), as_role("deputy"), str(uuid4())
    deed("POST /v1/cases/{case_id}/acknowledge", who, case.id, key)
    service.move("answer", case.id, by=LIN, now=NOON, text="已修好")
    again = deed("POST /v1/cases/{case_id}/acknowledge", who, case.id, key)
    assert (again.status_code, again.json()["status"]) == (200, "answered")


def test_a_look_at_contact_details_repeated_is_one_look(as_role: AsRole) -> None:
    case, who, key = routed(), as_role("officer"), str(uuid4())
    first, again = (deed("POST /v1/cases/{case_id}/contact", who, case.id, key) for _ in range(2))
    assert first.json() == again.json()
    assert facts(case.id).count("contact_viewed") == 1


def test_who_lost_the_case_meanwhile_does_not_see_it_by_repeating(as_role: AsRole) -> None:
    case, who, key = routed(), as_role("officer"), str(uuid4())
    deed("POST /v1/cases/{case_id}/contact", who, case.id, key)
    service.assign(case.id, "water-company", "是水的事", by=LIN, now=NOON)
    for route, its_key in (("POST /v1/cases/{case_id}/contact", key), ("POST /v1/cases/{case_id}/contact", str(uuid4()))):
        assert deed(route, who, case.id, its_key).status_code == 404


def test_a_knock_at_every_door_twice_with_new_keys_is_two_deeds(as_role: AsRole) -> None:
    case = routed()
    for _ in range(2):
        assert knock("POST /v1/cases/{case_id}/note", as_role("deputy"), case.id).status_code == 200
    assert facts(case.id).count("noted") == 2
