"""The bulletin over HTTP: who may, what a repeated request does, what is refused and why."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
import requests

from chalicelib.bulletin import library, service
from chalicelib.files.model import PDF
from chalicelib.people.permissions import ANYONE, PERMISSIONS
from chalicelib.settings import settings
from chalicelib.web.door import ROUTES
from tests.contract.conftest import AsRole
from tests.contract.test_api_permissions import code_of
from tests.support.bulletin import MEETING, item, notice
from tests.support.calls import counted
from tests.support.files import CONTENTS
from tests.support.wanglan import QIAO

WHY = {"reason": "日期写错了"}
WORDED = {"title": "怎样提好一件建议", "text": "先看证据。", "topic": "建议"}
EXAMPLES: dict[str, dict[str, Any] | None] = {
    "GET /v1/bulletin": None,
    "POST /v1/bulletin": {"title": MEETING, "text": "请到会。", "groups": ["deputies", "ward:weidu-1"]},
    "GET /v1/bulletin/{notice_id}": None,
    "POST /v1/bulletin/{notice_id}/read": {},
    "POST /v1/bulletin/{notice_id}/withdraw": WHY,
    "GET /v1/bulletin/{notice_id}/readers": None,
    "GET /v1/library": None,
    "POST /v1/library": {"form": "text", **WORDED},
    "GET /v1/library/progress": None,
    "GET /v1/library/{item_id}": None,
    "POST /v1/library/{item_id}/edit": WORDED,
    "POST /v1/library/{item_id}/open": {},
    "POST /v1/library/{item_id}/complete": {},
    "POST /v1/library/{item_id}/retire": WHY,
}
MADE = ("POST /v1/bulletin", "POST /v1/library")
ONCE = [route for route in EXAMPLES if route.startswith("POST") and not route.endswith("/open")]


class World:
    """A notice to every group, an item to learn, and what to send to a route of them."""

    def __init__(self, route: str) -> None:
        self.route, self.body = route, EXAMPLES[route]
        self.notice = notice("deputies", "officers", "managers", "supervisors", now=settings.now())
        self.item = item(now=settings.now())

    def knock(self, who: httpx.Client, key: str = "", id: str = "", **changed: Any) -> httpx.Response:
        method, _, path = self.route.partition(" ")
        path = path.format(notice_id=id or self.notice.id, item_id=id or self.item.id)
        params = {"deputy": "lin-jianwei"} if path.endswith("/progress") else None
        body = None if self.body is None else self.body | changed
        return who.request(method, path, json=body, params=params, headers={"Idempotency-Key": key or str(uuid4())})

    def changed(self) -> bool:
        return (service.found(self.notice.id), library.found(self.item.id)) != (self.notice, self.item)


def send(who: httpx.Client, path: str, **body: Any) -> httpx.Response:
    return who.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})


def test_every_route_of_the_bulletin_is_tried_here() -> None:
    hung = {f"{route.method} {route.path}" for route in ROUTES} & PERMISSIONS.keys()
    ours = {route for route in hung if route.partition(" ")[2].startswith(("/v1/bulletin", "/v1/library"))}
    assert set(EXAMPLES) == ours


@pytest.mark.parametrize("route", EXAMPLES)
def test_a_route_is_for_the_roles_of_the_table(route: str, as_role: AsRole, anyone: httpx.Client) -> None:
    world = World(route)
    assert world.knock(anyone).status_code == 401
    for role in {"deputy", "officer", "manager", "supervisor"} - PERMISSIONS[route]:
        answer = world.knock(as_role(role))
        assert (answer.status_code, code_of(answer)) == (403, "not_allowed")
    assert not world.changed()
    assert PERMISSIONS[route] != ANYONE
    for role in PERMISSIONS[route]:
        answer = World(route).knock(as_role(role))
        assert answer.status_code == (201 if route in MADE else 200), answer.text


@pytest.mark.parametrize("route", ONCE)
def test_the_same_deed_again_shows_what_it_led_to_and_changes_nothing(route: str, as_role: AsRole) -> None:
    world, who, key = World(route), as_role(min(PERMISSIONS[route])), str(uuid4())
    first = world.knock(who, key)
    after = (service.found(world.notice.id), library.found(world.item.id))
    again = world.knock(who, key)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (first.status_code, "true")
    assert again.json() == first.json()
    assert (service.found(world.notice.id), library.found(world.item.id)) == after


@pytest.mark.parametrize("route", ["POST /v1/bulletin/{notice_id}/read", "POST /v1/library/{item_id}/complete"])
def test_a_receipt_under_another_key_is_none_and_no_error(route: str, as_role: AsRole) -> None:
    world, who = World(route), as_role("deputy")
    first, again = world.knock(who), world.knock(who)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert [move["move"] for move in first.json()["moves"]] == []


@pytest.mark.parametrize("route", [route for route in EXAMPLES if "{" in route])
def test_what_is_not_there_is_not_found(route: str, as_role: AsRole) -> None:
    answer = World(route).knock(as_role(min(PERMISSIONS[route])), id="N000000000000")
    assert (answer.status_code, code_of(answer)) == (404, "not_found")


def test_a_notice_to_others_is_not_there(as_role: AsRole) -> None:
    made = notice("body:water-company", now=settings.now())
    assert as_role("deputy").get(f"/v1/bulletin/{made.id}").status_code == 404
    assert send(as_role("deputy"), f"/v1/bulletin/{made.id}/read").status_code == 404
    assert as_role("other_officer").get(f"/v1/bulletin/{made.id}").json()["mine"] is True


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("bulletin", {"groups": []}, "groups", "invalid"),
    ("bulletin", {"groups": ["residents"]}, "groups", "unknown_group"),
    ("bulletin", {"groups": ["body:nobody"]}, "groups", "unknown_group"),
    ("bulletin", {"groups": ["ward:nowhere"]}, "groups", "unknown_group"),
    ("bulletin", {"title": " "}, "title", "missing"),
    ("bulletin", {"title": "长" * 121}, "title", "invalid"),
    ("bulletin", {"text": " "}, "text", "missing"),
    ("bulletin", {"text": "长" * 10_001}, "text", "invalid"),
    ("bulletin", {"remind_days": 61}, "remind_days", "invalid"),
    ("bulletin", {"nonsense": 1}, "nonsense", "invalid"),
    ("library", {"form": "film"}, "form", "invalid"),
    ("library", {"text": " "}, "text", "missing"),
    ("library", {"url": "https://example.org"}, "url", "wrong_form"),
    ("library", {"form": "link"}, "url", "missing"),
    ("library", {"form": "file"}, "files", "missing"),
    ("library", {"form": "file", "files": ["nobody"]}, "files", "file_id"),
    ("library", {"form": "file", "files": ["F000000000000"]}, "files", "file_missing"),
    ("bulletin", {"files": ["F000000000000"]}, "files", "file_missing"),
    ("bulletin", {"files": ["F000000000000"] * 11}, "files", "invalid"),
    ("library", {"form": "link", "url": "http://example.org"}, "url", "wrong_url"),
    ("library", {"form": "link", "url": "javascript:alert(1)"}, "url", "wrong_url"),
    ("library", {"title": " "}, "title", "missing"),
    ("library", {"topic": "长" * 61}, "topic", "invalid"),
]


@pytest.mark.parametrize(("path", "body", "field", "code"), WRONG)
def test_what_is_wrong_is_named(path: str, body: dict[str, Any], field: str, code: str, as_role: AsRole) -> None:
    good = EXAMPLES[f"POST /v1/{path}"] or {}
    answer = send(as_role("manager"), f"/v1/{path}", **(good | body))
    assert (answer.status_code, code_of(answer), answer.json()["field"]) == (422, code, field)


def test_who_read_and_who_did_not_is_for_managers_and_supervisors(as_role: AsRole) -> None:
    made = notice(now=settings.now())
    send(as_role("deputy"), f"/v1/bulletin/{made.id}/read")
    shown = as_role("supervisor").get(f"/v1/bulletin/{made.id}/readers").json()
    assert [reader["username"] for reader in shown["read"]] == ["deputy.lin"]
    assert "deputy.gao" in [reader["username"] for reader in shown["unread"]]


def test_a_deputy_sees_their_own_progress_whatever_they_ask_for(as_role: AsRole) -> None:
    made = item(now=settings.now())
    send(as_role("deputy"), f"/v1/library/{made.id}/open")
    own = as_role("deputy").get("/v1/library/progress", params={"deputy": "gao-xiulan"}).json()
    assert (own["deputy"], [line["item"] for line in own["items"]]) == ("lin-jianwei", [made.id])
    assert as_role("manager").get("/v1/library/progress", params={"deputy": "lin-jianwei"}).json() == own
    answer = as_role("manager").get("/v1/library/progress")
    assert (answer.status_code, code_of(answer)) == (422, "missing")


def test_public_notices_are_pages_and_others_are_not(anyone: httpx.Client) -> None:
    public, private = (
        notice(public=flag, title=title, now=settings.now()) for flag, title in ((True, "公开"), (False, "内部"))
    )
    text = anyone.get("/open/bulletin").text
    assert (public.id in text, "内部" in text) == (True, False)
    assert "请于周五上午" in anyone.get(f"/open/bulletin/{public.id}").text
    assert anyone.get(f"/open/bulletin/{private.id}").status_code == 404
    service.withdraw(public.id, "错了", by=QIAO, now=settings.now())
    assert anyone.get(f"/open/bulletin/{public.id}").status_code == 404


def test_files_come_with_a_notice_and_with_an_item_and_are_shown_by_a_link(as_role: AsRole, anyone: httpx.Client) -> None:
    who, content = as_role("manager"), CONTENTS[PDF]
    item_file, notice_file = (offered(who, content) for _ in range(2))
    made = send(who, "/v1/library", form="file", title="建议办法", files=[item_file]).json()
    (shown,) = made["files"]
    assert (shown["id"], shown["name"], shown["type"], shown["size"]) == (item_file, "办法.pdf", PDF, len(content))
    assert requests.get(shown["url"], timeout=10).content == content
    public = send(
        who, "/v1/bulletin", title="公告", text="见附件", groups=["deputies"], public=True, files=[notice_file]
    ).json()
    assert "办法.pdf" in anyone.get(f"/open/bulletin/{public['id']}").text
    both = send(who, "/v1/library", form="text", title="建议", text="文", files=[notice_file])
    assert code_of(both) == "wrong_form"


def offered(who: httpx.Client, content: bytes) -> str:
    """A file that was offered a place over the API, and sent there; its id."""
    now_there = send(who, "/v1/files", purpose="document", name="办法.pdf", type=PDF, size=len(content)).json()
    sent = requests.post(now_there["url"], data=now_there["fields"], files={"file": ("x", content)}, timeout=10)
    assert sent.status_code == 204
    return str(now_there["id"])


def test_lists_cost_a_query_and_a_batch_read_and_pages_one_read(as_role: AsRole, anyone: httpx.Client) -> None:
    world, who = World("GET /v1/bulletin"), as_role("deputy")
    who.get("/v1/cases")
    shown = notice(public=True, now=settings.now())
    for client, path, expected in (
        (who, "/v1/bulletin", ["Query dossiers by-shelf", "BatchGetItem"]),
        (who, f"/v1/bulletin/{world.notice.id}", ["GetItem dossiers", "GetItem library"]),
        (who, "/v1/library", ["Query dossiers by-shelf", "BatchGetItem"]),
        (who, f"/v1/library/{world.item.id}", ["GetItem dossiers", "GetItem library"]),
        (who, "/v1/library/progress", ["Query library"]),
        (anyone, "/open/bulletin", ["Query dossiers work-by-body"]),
        (anyone, f"/open/bulletin/{shown.id}", ["GetItem dossiers"]),
    ):
        with counted() as calls:
            assert client.get(path).status_code == 200
        assert calls == expected
