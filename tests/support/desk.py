"""People at their desks: browsers signed in to the workspace, without a browser."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from chalicelib.people import tokens
from chalicelib.spine.aws import client
from tests.support.api import published_keys
from tests.support.cloud import add_user
from tests.support.visitor import visitor

PASSWORD = "Correct-horse-9"
USERS = {
    "deputy": ("deputy.lin", "deputy"),
    "officer": ("officer.heating", "officer"),
    "manager": ("manager.qiao", "manager"),
    "supervisor": ("supervisor.tang", "supervisor"),
    "other_deputy": ("deputy.gao", "deputy"),
    "other_officer": ("officer.water", "officer"),
}

AtDesk = Callable[[str], httpx.Client]


@pytest.fixture
def at_desk(district: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[AtDesk]:  # noqa: ARG001 - who lives there
    """Role → their browser, signed in by the form of the sign-in page, in English; it follows no redirect."""
    monkeypatch.setattr(tokens.pool_keys, "_fetch", published_keys)
    with ExitStack() as open_until_the_end:

        def signed_in(role: str) -> httpx.Client:
            username, group = USERS[role]
            add_user(username, group, PASSWORD)
            browser = open_until_the_end.enter_context(visitor())
            answer = browser.post("/work/sign-in", data={"username": username, "password": PASSWORD})
            assert answer.status_code == 303, answer.text
            return browser

        yield signed_in


@pytest.fixture
def revoked() -> Iterator[list[str]]:
    """moto knows no RevokeToken: this stands in for it, and keeps the refresh tokens that were to be revoked."""
    asked: list[str] = []
    events, event = client("cognito-idp").meta.events, "before-call.cognito-identity-provider.RevokeToken"

    def revoke(params: dict[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]]:
        asked.append(json.loads(params["body"])["Token"])
        return AWSResponse("", 200, HTTPHeaders(), None), {}

    events.register_first(event, revoke)
    yield asked
    events.unregister(event, revoke)
