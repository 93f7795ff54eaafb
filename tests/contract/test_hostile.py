"""Hostile requests at every route, in the furnished demo district: nothing is told, nothing falls over."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from chalicelib.people.form import ALPHABET
from chalicelib.people.permissions import ANYONE, PERMISSIONS
from chalicelib.spine import journal
from chalicelib.spine.dossiers import DossierRow
from chalicelib.web.openapi import description
from tests.support import gallery
from tests.support.api import BASE_URL, AppTransport
from tests.support.gallery import Demo
from tests.support.visitor import visitor

ROLES: Final = ("deputy", "officer", "manager", "supervisor")
FORM: Final = "application/x-www-form-urlencoded"

# A name in a route's braces → the kind of dossier whose id belongs there.
KIND: Final = {
    "case_id": "case",
    "demand_id": "demand",
    "suggestion_id": "suggestion",
    "item_id": "supervision",
    "record_id": "record",
    "appraisal_id": "appraisal",
    "activity_id": "activity",
    "activity": "activity",
    "consultation_id": "consultation",
    "notice_id": "notice",
}
# After these nobody would be signed in any more.
ENDS: Final = {"DELETE /v1/session", "POST /work/sign-out"}
NOBODY: Final = "0000000000000"

BODIES: Final = (
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"0",
    b"\xff\xfe\x00",
    b"[" * 20_000,
    b'{"a":' * 5_000,
    b'{"text": "\\ud800"}',
    b'{"text": 1e999}',
    b'{"reason": "\\u0000", "text": "\\u0000"}',
    b"a=%ff&b=%00&move=%ed%a0%80&form=%ff",
    b"&&==&a[]=1&move=erase&sure=1",
    b"--x\r\n",
)
KINDS: Final = ("application/json", FORM, "text/plain", "multipart/form-data; boundary=x", "application/xml", "", "a/b; \x7f")
LEAVES: Final[tuple[Any, ...]] = (
    None,
    True,
    -1,
    2**70,
    1.5e308,
    "",
    " ",
    "\x00",
    "\ud7ff",
    "a" * 5_000,
    "2026-02-30",
    "9999-12-31",
    "0001-01-01",
    "２０２６-０１-０１",
    "2026-11-25\n",
    "2026-11-25T25:61:61Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "../../x",
    "=1+1",
    "<svg onload=1>",
    [],
    {},
    [[]],
    [{}],
    ["a"] * 300,
    "%s%(x)s{0}",
    "F0123456789AB",
)
PLACES: Final = ("%00", "%ff", "..%2f..%2f", "%0d%0aX: y", "🔥", "a" * 3_000, "%27%22%3E", "-", "0", "{0}", "%E2%80%AE")
QUERIES: Final = (
    "cursor=x&limit=0",
    "limit=99999999999999999999",
    "limit=１",
    "cursor=%ff&month=2026-13",
    "cursor=" + "A" * 4_000,
    "month=0000-00",
    "year=99999999",
    "year=-1",
    "year=２０２６",
    "period=2026-99",
    "lang=../x",
    "photo=../..,F%00",
    "next=//evil.example",
    "words=%00(((",
    "deputy=%23suggestions",
    "body=%23x",
    "status[]=x",
    "start_date=x&end_date=9999-99-99T00:00:00Z",
    "lat=nan&lon=inf",
    "from=x&to=y",
    "cursor=MjAyNiB4",
    "q=" + "(" * 2_000,
    "done=__class__",
    "new=1&before=1&seen=-1",
    "week=2026-W99",
    "for=%7f",
    "start_date=0001-01-01T00:00:00%2B14:00",
)
HEADERS: Final = (
    {"Accept-Language": "q=;q=1.x," * 500},
    {"Cookie": 'access=a.b.c; refresh=; lang="; =; ;;'},
    {"If-None-Match": 'W/"' * 900},
    {"Idempotency-Key": "k" * 129},
    {"Idempotency-Key": "\x01\x7f"},
    {"Authorization": "Bearer a.b"},
    {"Authorization": "Basic"},
    {"Accept": "image/*;q=x", "Accept-Encoding": "gzip;q=0"},
    {"X-Forwarded-For": "::1, x"},
    {"Sec-Fetch-Site": "cross-site"},
)


class World:
    """The demo district with somebody of each role at the door, by token and by cookie."""

    def __init__(self, demo: Demo) -> None:
        self.desk = {role: gallery.signed_in(demo, role) for role in ROLES} | {"": visitor()}
        self.api = {role: self._client(demo, role) for role in ROLES} | {"": visitor()}
        self.ids: dict[str, list[str]] = {}
        for row in DossierRow.scan():
            self.ids.setdefault(row.kind or "", []).append(row.id)

    @staticmethod
    def _client(demo: Demo, role: str) -> httpx.Client:
        client = httpx.Client(transport=AppTransport(), base_url=BASE_URL)
        user = demo.users[role]
        answer = client.post("/v1/session", json={"username": user["name"], "password": user["password"]})
        client.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['access_token']}"
        return client

    def of(self, route: str, role: str) -> httpx.Client:
        """Who knocks at this route as this role."""
        return (self.desk if "/work" in route else self.api)[role]

    def may(self, route: str) -> str:
        """A role for which the route is, "" for anyone."""
        return "" if PERMISSIONS[route] == ANYONE else min(PERMISSIONS[route])

    def path(self, route: str, id: str = "", place: str = "") -> str:
        """The route's path with an id where one belongs: a given one, or one that there is."""

        def filled(found: re.Match[str]) -> str:
            if found[1] not in KIND and not place:
                return "0"
            return id or place or next(iter(self.ids.get(KIND.get(found[1], ""), ())), NOBODY)

        return re.sub(r"\{(\w+)\}", filled, route.split(" ")[1])


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with gallery.furnished() as demo:
        made = World(demo)
        yield made
        for client in (*made.desk.values(), *made.api.values()):
            client.close()


def sturdy(answer: httpx.Response, said: str) -> str:
    """What is wrong with an answer to a hostile request, "" for nothing."""
    if answer.status_code >= 500:
        return f"{said}: {answer.status_code} {answer.text[:200]}"
    broken = [name for name, value in answer.headers.items() if re.search(r"[\r\n]", value)]
    return f"{said}: broken headers {broken}" if broken else ""


def test_no_place_query_or_header_makes_a_route_fall_over(world: World) -> None:
    faults = []
    for number, route in enumerate(sorted(PERMISSIONS.keys() - ENDS)):
        method, who = route.split(" ")[0], world.of(route, world.may(route))
        tried = [(world.path(route, place=place), {}) for place in PLACES[number % 4 :: 4]] if "{" in route else []
        if method == "GET":
            tried += [(f"{world.path(route)}?{query}", {}) for query in QUERIES[number % 9 :: 9]]
        tried += [(world.path(route), headers) for headers in HEADERS[number % 5 :: 5]]
        faults += [
            sturdy(who.request(method, path, headers=headers), f"{method} {path[:99]} {headers}") for path, headers in tried
        ]
    assert list(filter(None, faults)) == []


def test_no_body_of_whatever_kind_makes_a_route_fall_over(world: World) -> None:
    faults = []
    for number, route in enumerate(route for route in PERMISSIONS if route.startswith("POST")):
        who, path = world.of(route, world.may(route)), world.path(route)
        tried = [(body, FORM if "/v1" not in path else KINDS[0]) for body in BODIES]
        tried += [(BODIES[number % len(BODIES)], kind) for kind in KINDS] + [(b"a" * 1_000_001, FORM)] * (number % 9 == 0)
        for body, kind in tried:
            headers = {"Content-Type": kind, "Idempotency-Key": str(uuid4())}
            faults.append(sturdy(who.request("POST", path, content=body, headers=headers), f"{route} {kind} {body[:40]!r}"))
    assert list(filter(None, faults)) == []


def _examples() -> dict[str, dict[str, Any]]:
    """Route → the body that the API's own description gives as an example."""
    found = {}
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            if isinstance(content.get("example"), dict):
                found[f"{method.upper()} {path}"] = content["example"]
    return found


def test_no_value_of_any_field_makes_a_route_fall_over(world: World) -> None:
    faults = []
    for route, example in _examples().items():
        who, path = world.of(route, world.may(route)), world.path(route)
        for number, name in enumerate(example, start=len(route)):
            for leaf in LEAVES[number % 4 :: 4]:
                body = json.dumps(example | {name: leaf})
                headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
                answer = who.request("POST", path, content=body, headers=headers)
                faults.append(sturdy(answer, f"{route} {name}={str(leaf)[:40]!r}"))
    assert list(filter(None, faults)) == []


# Whose it is not


PUBLIC = (
    "/v1/appraisals",
    "/v1/library",
    "/work/library",
)  # appraisals are for everyone, the library for every member of staff
OWNED = [
    route
    for route, roles in PERMISSIONS.items()
    if route.startswith("GET")
    and roles != ANYONE
    and set(re.findall(r"\{(\w+)\}", route)) & KIND.keys()
    and not route.split(" ")[1].startswith(PUBLIC)
    and "/photos/" not in route  # of a case one sees, a photo that is none is answered in words of its own
]


def kind_of(route: str) -> str:
    return next(KIND[name] for name in re.findall(r"\{(\w+)\}", route) if name in KIND)


def seen(world: World, route: str, role: str, id: str) -> tuple[int, str]:
    """What somebody is answered for an id, with the id itself taken out of it."""
    answer = world.of(route, role).get(world.path(route, id=id))
    return answer.status_code, re.sub(r'name="once" value="[^"]+"', "", answer.text.replace(id, "ID"))


@pytest.mark.parametrize("route", OWNED)
def test_what_somebody_may_not_see_is_answered_as_what_is_not_there(route: str, world: World) -> None:
    for role in PERMISSIONS[route] or {""}:
        for id in world.ids[kind_of(route)][:6]:
            status, text = seen(world, route, role, id)
            unknown = seen(world, route, role, id[:-4] + ("0000" if id[-4:] != "0000" else "1111"))
            assert status in (200, 303, 403, 404, 422)
            assert status in (200, 303, 422) or (status, text) == unknown or status == 403


@pytest.mark.parametrize("route", [route for route in PERMISSIONS if route.startswith("POST /v1/") and "{" in route])
def test_what_somebody_may_not_see_they_can_not_move_either(route: str, world: World) -> None:
    names = [name for name in re.findall(r"\{(\w+)\}", route) if name in KIND]
    look = f"GET {'/'.join(route.split(' ')[1].split('/')[:4])}"
    if not names or look not in PERMISSIONS:
        return
    body, example = _examples().get(route, {}), {"Content-Type": "application/json"}
    for role in PERMISSIONS[route] & PERMISSIONS[look]:
        for id in world.ids[KIND[names[0]]]:
            if seen(world, look, role, id)[0] != 404:
                continue
            before = journal.entries(id)
            headers = example | {"Idempotency-Key": str(uuid4())}
            answer = world.of(route, role).post(world.path(route, id=id), content=json.dumps(body), headers=headers)
            assert answer.status_code in (403, 404, 422), answer.text
            assert journal.entries(id) == before


@pytest.mark.parametrize("door", ["m", "b"])
def test_a_link_with_a_wrong_secret_tells_nothing_of_whether_there_is_such_a_matter(door: str, world: World) -> None:
    secret, ids = ALPHABET[-1] * 26, world.ids["case"] + world.ids["booking"] + [ALPHABET[7] * 12]
    for way in ("", "/export", "/photos/0", "/calendar.ics"):
        if f"GET /{door}/{{token}}{way.replace('0', '{number}')}" in PERMISSIONS:
            found = [world.api[""].get(f"/{door}/{id[-12:]}{secret}{way}") for id in ids]
            texts = {answer.text.replace(id[-12:], "ID") for answer, id in zip(found, ids, strict=True)}
            assert {answer.status_code for answer in found} == {404}
            assert len(texts) == 1


# Where an answer leads to


def test_no_sign_in_leads_off_the_site(world: World) -> None:
    for next in (
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "work/../../x",
        "work\r\nSet-Cookie: a=b",
        "work//e",
        "javascript:1",
    ):
        answer = world.api[""].get("/work/sign-in", params={"next": next})
        assert 'name="next" value="work"' in answer.text


def test_a_photo_in_the_address_leads_back_to_the_same_page(world: World) -> None:
    for photo in ("//evil.example", "F0123456789AB\r\nX: y", "https://evil.example"):
        answer = world.api[""].get(f"/m/{world.ids['case'][0]}{ALPHABET[-1] * 26}", params={"photo": photo})
        assert "location" not in answer.headers
