"""The same budgets from outside: what a request costs in calls to DynamoDB, warm."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import httpx
import pytest

from chalicelib.cases import service
from chalicelib.directory import service as directory
from chalicelib.people import form
from chalicelib.settings import settings
from tests.contract.conftest import AsRole
from tests.contract.test_api_permissions import EXAMPLES, OF_A_CASE, knock
from tests.support.calls import counted
from tests.support.casework import paper, routed
from tests.support.wanglan import LIN_CODE

READ, RECORD, TIMELINE = "GetItem dossiers", "TransactWriteItems", "Query journal"
DEEDS = [route for route in OF_A_CASE if route.startswith("POST")]


def test_the_form_costs_a_read_and_within_a_minute_none(anyone: httpx.Client) -> None:
    directory.forget()
    for expected in (["GetItem directory"], []):
        with counted() as calls:
            assert anyone.get(f"/d/{LIN_CODE}").status_code == 200
        assert calls == expected


def test_a_submission_costs_a_guard_and_a_transaction(anyone: httpx.Client) -> None:
    anyone.get(f"/d/{LIN_CODE}")
    opened = form.new_form(settings.now() - timedelta(minutes=5))
    fields = {"text": "家里暖气不热", "form": str(opened), "tell": "phone", "phone": "13800138000"}
    with counted() as calls:
        answer = anyone.post(
            f"/d/{LIN_CODE}", content=urlencode(fields), headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
    assert (answer.status_code, service.found(opened.case_id).status) == (303, "received")
    assert calls == ["UpdateItem guards", RECORD]


def test_the_private_page_costs_two_reads(anyone: httpx.Client) -> None:
    opened = paper()
    routed(opened)
    directory.edition(settings.now())
    with counted() as calls:
        assert anyone.get(f"/m/{opened.tracking_token}").status_code == 200
    assert calls == [READ, TIMELINE]


def test_a_residents_word_costs_a_read_and_a_transaction(anyone: httpx.Client) -> None:
    opened = paper()
    routed(opened)
    directory.edition(settings.now())
    with counted() as calls:
        answer = anyone.post(
            f"/m/{opened.tracking_token}",
            content=urlencode({"move": "add", "text": "补充"}),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
    assert answer.status_code == 303
    assert calls == [READ, RECORD]


def test_a_case_costs_two_reads_and_a_list_one(as_role: AsRole) -> None:
    who, case = as_role("deputy"), routed()
    who.get("/v1/cases")
    for path, expected in ((f"/v1/cases/{case.id}", [READ, TIMELINE]), ("/v1/cases", ["Query dossiers work-by-deputy"])):
        with counted() as calls:
            assert who.get(path).status_code == 200
        assert calls == expected


@pytest.mark.parametrize("route", DEEDS)
def test_a_move_costs_a_read_and_a_transaction(route: str, as_role: AsRole) -> None:
    who, case, other = as_role("deputy"), routed(), routed()
    who.get("/v1/cases")
    with counted() as calls:
        assert knock(route, who, case.id, other.id).status_code == 200
    reads = [READ] * (2 if route.endswith("/merge") else 1)
    sealed = ["GetItem vault"] if route.endswith("/contact") else []
    assert calls == [*reads, RECORD, *sealed]


def test_a_repeated_move_costs_what_it_takes_to_see_that_it_was_done(as_role: AsRole) -> None:
    who, case, key = as_role("deputy"), routed(), str(uuid4())
    path, asked = f"/v1/cases/{case.id}/note", EXAMPLES["POST /v1/cases/{case_id}/note"].json
    who.post(path, json=asked, headers={"Idempotency-Key": key})
    with counted() as calls:
        assert who.post(path, json=asked, headers={"Idempotency-Key": key}).headers["idempotent-replayed"] == "true"
    assert calls == [READ, RECORD, "GetItem guards", READ]


def test_who_is_refused_at_the_door_costs_nothing(anyone: httpx.Client, as_role: AsRole) -> None:
    who = as_role("supervisor")
    who.get("/v1/cases")
    with counted() as calls:
        knock("POST /v1/cases/{case_id}/answer", anyone, "000000000000")
        knock("POST /v1/cases/{case_id}/answer", who, "000000000000")
    assert calls == []


def test_the_public_list_of_deputies_costs_nothing_in_a_warm_function(anyone: httpx.Client) -> None:
    anyone.get("/v1/deputies")
    with counted() as calls:
        anyone.get("/v1/deputies")
        anyone.get(f"/d/{LIN_CODE}/qr.png")
        anyone.get("/healthz")
    assert calls == []
