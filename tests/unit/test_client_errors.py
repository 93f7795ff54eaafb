"""From problem documents (RFC 9457), good and bad, to one exception each."""

import json
from typing import Any

import pytest

from zerodistance_client import (
    Conflict,
    IllegalMove,
    Invalid,
    LockedOut,
    NotAllowed,
    NotFound,
    Refused,
    ServerFailed,
    SignInNeeded,
    TooMany,
    WrongCredentials,
)
from zerodistance_client.problem import refusal


def refused(status: int, **document: Any) -> Refused:
    return refusal(status, json.dumps(document).encode())


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "refused", Refused),
        (401, "token_expired", SignInNeeded),
        (401, "wrong_credentials", WrongCredentials),
        (403, "not_allowed", NotAllowed),
        (404, "not_found", NotFound),
        (409, "illegal_move", IllegalMove),
        (409, "conflict", Conflict),
        (422, "too_long", Invalid),
        (429, "too_many", TooMany),
        (429, "locked_out", LockedOut),
        (500, "fault", ServerFailed),
        (503, "", ServerFailed),
        (418, "teapot", Refused),
    ],
)
def test_every_refusal_has_its_exception(status: int, code: str, kind: type[Refused]) -> None:
    error = refused(status, code=code, title="Title", detail="Detail")
    assert type(error) is kind
    assert (error.status, error.code, error.title, error.detail) == (status, code, "Title", "Detail")


def test_an_illegal_move_names_the_legal_ones() -> None:
    error = refused(409, code="illegal_move", detail="No", legal_moves=["ask", "note"])
    assert isinstance(error, IllegalMove)
    assert error.legal_moves == ("ask", "note")


def test_an_invalid_field_is_named() -> None:
    error = refused(422, code="invalid", detail="There is no grid 'x'", field="grid")
    assert isinstance(error, Invalid)
    assert error.field == "grid"
    assert str(error) == "There is no grid 'x'"


def test_members_of_the_wrong_type_are_ignored_as_the_standard_says() -> None:
    error = refusal(409, b'{"code": "illegal_move", "title": 7, "detail": ["x"], "legal_moves": "ask", "status": "409"}')
    assert isinstance(error, IllegalMove)
    assert (error.title, error.detail, error.legal_moves) == ("Conflict", "", ())


def test_a_retry_after_of_the_header_is_kept_where_the_document_has_none() -> None:
    error = refusal(429, b"", 7.0)
    assert isinstance(error, TooMany)
    assert error.retry_after == 7.0


@pytest.mark.parametrize("body", [b"", b"<h1>502</h1>", b"[]", b"null", b"\xff"])
def test_an_answer_without_a_problem_document_is_a_clear_error_too(body: bytes) -> None:
    error = refusal(502, body)
    assert isinstance(error, ServerFailed)
    assert str(error) == "Bad Gateway"


@pytest.mark.parametrize("name", ["message", "Message"])
def test_a_gateways_own_message_becomes_the_detail(name: str) -> None:
    assert str(refused(504, **{name: "Endpoint request timed out"})) == "Endpoint request timed out"


def test_a_status_that_http_does_not_name_is_told_as_a_number() -> None:
    assert str(refusal(599, b"")) == "Status 599"


def test_a_problem_can_be_written_out_again_whole() -> None:
    document = {"type": "https://x/problems#invalid", "title": "T", "detail": "D", "code": "c", "field": "f"}
    assert refused(422, **document).problem.as_json() == document | {"status": 422}
