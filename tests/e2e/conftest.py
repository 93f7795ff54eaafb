"""End-to-end tests: everything here runs against the deployed stack (fixture `stack`, tests/support/local_stack.py)."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support import deployed
from tests.support.deployed import Phones, SignIn
from tests.support.local_stack import Stack


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture
def phones(stack: Stack) -> Iterator[Phones]:
    """Residents' phones."""
    with deployed.phones(stack) as given:
        yield given


@pytest.fixture
def phone(phones: Phones) -> httpx.Client:
    """A resident's phone."""
    return phones()


@pytest.fixture
def sign_in(stack: Stack) -> Iterator[SignIn]:
    """Signs in the demo's user of a role."""
    with deployed.desk(stack) as signed_in:
        yield signed_in
