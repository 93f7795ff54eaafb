"""Every page of the platform, furnished with the demo district and found as people find it: by following links."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from chalicelib.people import tokens
from tests.support.api import published_keys
from tests.support.cloud import made
from tests.support.house import House
from tests.support.visitor import visitor

HOST = "http://127.0.0.1:8000"
ROLES = ("", "deputy", "officer", "manager", "supervisor")
MOST_OF_A_ROUTE = 6  # pages that are followed of one route; a list may lead to thousands


@dataclass(frozen=True)
class Seen:
    """A page as it was answered: by which route, to whom, from which page it was reached."""

    role: str
    path: str
    route: str
    answer: httpx.Response
    from_page: str


@dataclass
class Demo:
    """The furnished district: who may sign in, and where to begin to look."""

    users: dict[str, dict[str, str]]
    starts: list[str]
    pages: list[Seen] = field(default_factory=list)

    def first_of_each(self) -> dict[tuple[str, str], str]:
        """(route, role) → the address of the first page of it that is HTML."""
        found: dict[tuple[str, str], str] = {}
        for seen in self.pages:
            if seen.answer.status_code == 200 and "text/html" in seen.answer.headers.get("content-type", ""):
                found.setdefault((seen.route, seen.role), seen.path)
        return found


@contextmanager
def furnished() -> Iterator[Demo]:
    """The demo district in the tables, with all that follows from its facts."""
    with made(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens.pool_keys, "_fetch", published_keys)
        from infra.demo.__main__ import load

        facts = load()
        House().run()
        starts = [urlsplit(address).path for name, address in facts.items() if name.endswith("_url")]
        yield Demo(facts["users"], ["/open/demands", "/open/figures", "/open/data", *starts])


def signed_in(demo: Demo, role: str, language: str = "en") -> httpx.Client:
    """A browser without JavaScript; of this role, or of a resident ("")."""
    browser = visitor(language)
    if role:
        user = demo.users[role]
        answer = browser.post("/work/sign-in", data={"username": user["name"], "password": user["password"]})
        assert answer.status_code == 303, answer.text
    return browser


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name in ("href", "src"):
            if tag in ("a", "link", "img", "script") and given.get(name):
                self.links.append(str(given[name]))


def links_of(answer: httpx.Response) -> list[str]:
    """The addresses that a page links to."""
    found = _Links()
    found.feed(answer.text)
    return found.links


def route_of(path: str, routes: dict[str, re.Pattern[str]]) -> str:
    """The route that answers a path; one without braces before one with."""
    fitting = [route for route, pattern in routes.items() if pattern.fullmatch(path)]
    return min(fitting, key=lambda route: (route.count("{"), -len(route)), default="")


def patterns() -> dict[str, re.Pattern[str]]:
    """Every route that may be asked for with GET, as a pattern."""
    from app import app

    gets = [path for path, methods in app.routes.items() if "GET" in methods]
    return {path: re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in gets}


def walk(demo: Demo, role: str) -> None:
    """Follow every link from where someone of this role begins; what was seen is kept in the demo."""
    routes, counted = patterns(), dict[str, int]()
    waiting = [(start, "") for start in (["/work"] if role else demo.starts)]
    known = {start for start, _ in waiting}
    with closing(signed_in(demo, role)) as browser:
        while waiting:
            path, from_page = waiting.pop(0)
            route = route_of(urlsplit(path).path, routes)
            counted[route] = counted.get(route, 0) + 1
            if route and counted[route] > MOST_OF_A_ROUTE:
                continue
            answer = browser.get(path)
            demo.pages.append(Seen(role, path, route, answer, from_page))
            for link in _next(path, answer):
                if link not in known:
                    known.add(link)
                    waiting.append((link, path))


def _next(path: str, answer: httpx.Response) -> Iterator[str]:
    if "location" in answer.headers:
        found = [answer.headers["location"]]
    elif "text/html" in answer.headers.get("content-type", ""):
        found = links_of(answer)
    else:
        return
    for link in found:
        parts = urlsplit(urljoin(HOST + path, link))
        if parts.scheme in ("http", "https") and f"{parts.scheme}://{parts.netloc}" == HOST:
            query = f"?{parts.query}" if parts.query else ""
            yield parts.path + query
