"""Somebody who visits the pages without a browser: reads forms out of HTML, fills them in, sends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import httpx
from botocore.client import BaseClient

from chalicelib.people import form
from chalicelib.people.form import FormToken
from tests.support.api import BASE_URL, AppTransport
from tests.support.wanglan import LIN_CODE

FORM = f"/d/{LIN_CODE}"


def visitor(language: str = "en", **headers: str) -> httpx.Client:
    """A browser that follows no redirect and keeps its cookies."""
    return httpx.Client(transport=AppTransport(), base_url=BASE_URL, headers={"Accept-Language": language, **headers})


def opened(minutes: float = 5) -> FormToken:
    """The token of a form that was opened so many minutes ago."""
    return form.new_form(datetime.now(UTC) - timedelta(minutes=minutes))


def message(token: FormToken | None = None, **given: str) -> dict[str, str]:
    """The fields of a good message."""
    return {"form": str(token or opened()), "text": "家里暖气不热，只有14度", "tell": "none"} | given


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({"action": given.get("action", "")})
        elif (
            tag == "input"
            and self.forms
            and given.get("type") != "file"
            and (given.get("type") != "radio" or "checked" in given)
        ):
            self.forms[-1][given["name"]] = given.get("value", "")
        elif tag == "textarea":
            self._area = given["name"]
            self.forms[-1][self._area] = ""
        elif tag == "select":
            self._select = given["name"]
            self.forms[-1][self._select] = ""
        elif tag == "option" and "selected" in given:
            self.forms[-1][self._select] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.forms[-1][self._area] = self.forms[-1][self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][self._area] += data


def forms(answer: httpx.Response) -> list[dict[str, str]]:
    """The forms of a page, each with its fields as a browser would send them untouched, and its ``action``."""
    found = _Forms()
    found.feed(answer.text)
    return found.forms


def form_of(answer: httpx.Response, move: str) -> dict[str, str]:
    """The form of one move on the private page."""
    return next(found for found in forms(answer) if found.get("move") == move)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The names of the AWS calls that are made meanwhile, counted where every client makes them."""
    made: list[str] = []
    clients: Any = BaseClient
    make = clients._make_api_call

    def note(client: Any, operation: str, *args: Any, **given: Any) -> Any:
        made.append(operation)
        return make(client, operation, *args, **given)

    clients._make_api_call = note
    try:
        yield made
    finally:
        clients._make_api_call = make
