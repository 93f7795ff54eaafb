"""People of the demo district who knock at the app's door, each with a real access token of the pool."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import httpx
import pytest
from moto.cognitoidp.models import cognitoidp_backends
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT

from chalicelib.people import tokens
from chalicelib.settings import settings
from chalicelib.spine.aws import REGION
from tests.support.api import BASE_URL, AppTransport, published_keys, undescribed
from tests.support.cloud import add_user


class Person(NamedTuple):
    username: str
    password: str
    group: str


_PASSWORD = "Correct-horse-9"
PEOPLE = {
    "deputy": Person("deputy.lin", _PASSWORD, "deputy"),
    "officer": Person("officer.heating", _PASSWORD, "officer"),
    "manager": Person("manager.qiao", _PASSWORD, "manager"),
    "supervisor": Person("supervisor.tang", _PASSWORD, "supervisor"),
    "other_deputy": Person("deputy.gao", _PASSWORD, "deputy"),
    "other_officer": Person("officer.water", _PASSWORD, "officer"),
}

AsRole = Callable[[str], httpx.Client]
_tokens: dict[str, str] = {}  # by role; good for an hour, whatever becomes of the pool between the tests


@pytest.fixture
def app_transport(district: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTransport]:  # noqa: ARG001 - who lives there
    """The app in this process, with the demo district in its tables. For clients at ``BASE_URL``.

    Whatever it was asked in a test, at the end every answer must be as the API describes it.
    """
    monkeypatch.setattr(tokens.pool_keys, "_fetch", published_keys)
    transport = AppTransport()
    yield transport
    assert [fault for route, answer in transport.seen for fault in undescribed(route, answer)] == []


@pytest.fixture
def users(app_transport: AppTransport) -> dict[str, Person]:  # noqa: ARG001 - the pool stands before its people
    """Role → who has it, in the pool with their group. ``other_deputy`` and ``other_officer`` have other work."""
    for person in PEOPLE.values():
        _added(person)
    return PEOPLE


def _added(person: Person) -> Person:
    if person.username not in cognitoidp_backends[ACCOUNT][REGION].user_pools[settings.user_pool].users:
        add_user(person.username, person.group, person.password)
    return person


@pytest.fixture
def anyone(app_transport: AppTransport) -> Iterator[httpx.Client]:
    """A client of nobody who is signed in."""
    with httpx.Client(transport=app_transport, base_url=BASE_URL) as client:
        yield client


@pytest.fixture
def token_of(anyone: httpx.Client) -> Callable[[str], str]:
    """The access token of a role, from a sign-in at the API; one sign-in is enough for many tests."""

    def token(role: str) -> str:
        if role not in _tokens:
            who = _added(PEOPLE[role])
            answer = anyone.post("/v1/session", json={"username": who.username, "password": who.password})
            _tokens[role] = answer.raise_for_status().json()["access_token"]
        return _tokens[role]

    return token


@pytest.fixture
def as_role(app_transport: AppTransport, token_of: Callable[[str], str]) -> AsRole:
    """A client that is signed in with a role, at the app."""

    def signed_in(role: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token_of(role)}"}
        return httpx.Client(transport=app_transport, base_url=BASE_URL, headers=headers)

    return signed_in
