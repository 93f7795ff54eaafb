"""What residents and staff do on the deployed stack, over HTTP, and waiting until it has had its effect."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import TypeVar

import httpx

from tests.support.local_stack import Stack
from tests.support.visitor import forms
from zerodistance_client import Case, MemoryTokens, ZeroDistance

PATIENCE = 60.0
SignIn = Callable[[str], ZeroDistance]
Phones = Callable[[], httpx.Client]
T = TypeVar("T")


@contextmanager
def phones(stack: Stack) -> Iterator[Phones]:
    """Gives residents' phones, each with an address of its own, so that they do not share a limit; closes them."""
    numbers = count(int(time.time() * 1000) % 40_000 + 1)
    with ExitStack() as opened:

        def phone() -> httpx.Client:
            number = next(numbers)
            headers = {"X-Forwarded-For": f"10.1.{number // 256}.{number % 256}", "User-Agent": f"Phone/{number}"}
            return opened.enter_context(httpx.Client(base_url=stack.base_url, headers=headers, timeout=60))

        yield phone


@contextmanager
def desk(stack: Stack) -> Iterator[SignIn]:
    """Signs in the demo's user of a role; closes what it opened."""
    with ExitStack() as opened:

        def signed_in(role: str) -> ZeroDistance:
            client = opened.enter_context(ZeroDistance(stack.base_url, tokens=MemoryTokens()))
            client.sign_in(stack.users[role]["name"], stack.users[role]["password"])
            return client

        yield signed_in


def sent(phone: httpx.Client, stack: Stack, text: str, **fields: str) -> str:
    """Scan, write, send, without JavaScript; returns the address of the resident's page."""
    filled = forms(phone.get(stack.form_url))[-1] | {"text": text, "tell": "none"} | fields
    filled.pop("action")
    time.sleep(3.1)  # the form takes nothing that was written faster than any person writes
    answer = phone.post(stack.form_url, data=filled)
    assert answer.status_code == 303, answer.text
    again = phone.post(stack.form_url, data=filled)
    assert again.headers["location"].partition("?")[0] == answer.headers["location"].partition("?")[0], "sent twice, one case"
    return f"{stack.base_url}/m/{answer.headers['location'].split('/m/')[1].partition('?')[0]}"


def number(page: str) -> str:
    """The case's number, from the address of its resident's page."""
    return page.rpartition("/m/")[2][:12]


def until(look: Callable[[], T], what: Callable[[T], object], patience: float = PATIENCE) -> T:
    """Look until it is so; at most so many seconds."""
    deadline = time.monotonic() + patience
    while not what(found := look()):
        assert time.monotonic() < deadline, f"still {found}"
        time.sleep(0.5)
    return found


def facts(case: Case) -> list[str]:
    """The types of everything that happened."""
    return [entry.type for entry in case.timeline]
