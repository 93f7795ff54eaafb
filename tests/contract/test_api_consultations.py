"""Consultations over HTTP: whose they are, what a repeated request does, what is refused and why."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chalicelib.consultations import service
from chalicelib.consultations.model import Consultation
from chalicelib.people.permissions import PERMISSIONS
from chalicelib.settings import settings
from chalicelib.web.door import ROUTES
from tests.contract.conftest import AsRole
from tests.contract.test_api_permissions import code_of
from tests.support.calls import counted
from tests.support.consultations import DRAFT, WEEK, answered, answers, drafted, opened
from tests.support.wanglan import LIN

ROUTE = "POST /v1/consultations/{consultation_id}/"
LATER, LAST = "2099-12-01T09:00:00+08:00", "2099-12-31T09:00:00+08:00"
ASKED = [{"kind": "single", "text": "办早餐吗？", "required": True, "options": ["办", "不办"]}]
WORDED = {"title": "社区食堂怎么办", "intro": "请您说说。", "questions": ASKED}
# What to send to each route, and in which state a consultation must be for it.
EXAMPLES: dict[str, tuple[str, dict[str, Any] | None]] = {
    "GET /v1/consultations": ("drafted", None),
    "POST /v1/consultations": ("drafted", {"form": "survey", **WORDED}),
    "GET /v1/consultations/{consultation_id}": ("drafted", None),
    ROUTE + "edit": ("drafted", WORDED),
    ROUTE + "schedule": ("drafted", {"opens_at": None, "closes_at": None}),
    ROUTE + "open": ("drafted", {"closes_at": None}),
    ROUTE + "extend": ("open", {"closes_at": None, "reason": "很多人刚听说"}),
    ROUTE + "close": ("open", {}),
    ROUTE + "withdraw": ("open", {"reason": "问题写错了"}),
    ROUTE + "take_up": ("open", {"answer": "", "question": "q4", "text": "下月起每天四样", "quote": "素菜"}),
    ROUTE + "publish": ("closed", {"text": "先办早餐"}),
    "GET /v1/consultations/{consultation_id}/results": ("open", None),
    "GET /v1/consultations/{consultation_id}/comments": ("open", None),
}
MOVES = [route for route in EXAMPLES if route.startswith(ROUTE)]
POSTS = [route for route in EXAMPLES if route.startswith("POST")]


class World:
    """A consultation in the state that a route needs, and what to send to it."""

    def __init__(self, route: str) -> None:
        self.route, now = route, settings.now()
        state, body = EXAMPLES[route]
        self.consultation = drafted(now=now) if state == "drafted" else opened(now=now)
        self.answer = answered(self.consultation, answers(q4="多放些素菜"), now=now) if state != "drafted" else ""
        if state == "closed":
            self.consultation = service.close(self.consultation.id, by=LIN, now=now)
        self.body = None if body is None else body | self._meant(body)

    def _meant(self, body: dict[str, Any]) -> dict[str, Any]:
        times = {"opens_at": settings.now() + WEEK, "closes_at": settings.now() + 2 * WEEK}
        meant = {name: moment.isoformat() for name, moment in times.items() if body.get(name, "") is None}
        return meant | ({"answer": self.answer} if "answer" in body else {})

    def knock(self, who: httpx.Client, key: str = "", id: str = "", **changed: Any) -> httpx.Response:
        method, _, path = self.route.partition(" ")
        path = path.replace("{consultation_id}", id or self.consultation.id)
        body = None if self.body is None else self.body | changed
        return who.request(method, path, json=body, headers={"Idempotency-Key": key or str(uuid4())})

    def changed(self) -> bool:
        return service.found(self.consultation.id) != self.consultation


def send(who: httpx.Client, move: str, consultation: Consultation | None = None, **body: Any) -> httpx.Response:
    path = f"/v1/consultations/{consultation.id}/{move}" if consultation else "/v1/consultations"
    return who.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})


def test_every_route_of_consultations_is_tried_here() -> None:
    hung = {f"{route.method} {route.path}" for route in ROUTES} & PERMISSIONS.keys()
    assert set(EXAMPLES) == {route for route in hung if route.partition(" ")[2].startswith("/v1/consultations")}


# Whose it is


@pytest.mark.parametrize("route", EXAMPLES)
def test_a_route_is_for_the_roles_of_the_table(route: str, as_role: AsRole, anyone: httpx.Client) -> None:
    world = World(route)
    assert world.knock(anyone).status_code == 401
    for role in {"deputy", "officer", "manager", "supervisor"} - PERMISSIONS[route]:
        answer = world.knock(as_role(role))
        assert (answer.status_code, code_of(answer)) == (403, "not_allowed")
    assert not world.changed()
    for role in PERMISSIONS[route] - {"officer"}:
        world = World(route)
        assert world.knock(as_role(role)).status_code == (201 if route == "POST /v1/consultations" else 200)
        assert world.changed() == (route in MOVES)


@pytest.mark.parametrize("route", MOVES)
def test_another_deputys_consultation_is_not_ones_own(route: str, as_role: AsRole) -> None:
    world = World(route)
    answer = world.knock(as_role("other_deputy"))
    assert answer.status_code == (404 if world.consultation.status == "drafted" else 403)
    assert not world.changed()


@pytest.mark.parametrize("route", [route for route in EXAMPLES if "{" in route])
def test_what_is_not_there_is_not_found(route: str, as_role: AsRole) -> None:
    answer = World(route).knock(as_role("manager"), id="C000000000000")
    assert (answer.status_code, code_of(answer)) == (404, "not_found")


# Repeats


@pytest.mark.parametrize("route", POSTS)
def test_the_same_deed_again_shows_what_it_led_to_and_changes_nothing(route: str, as_role: AsRole) -> None:
    world, who, key = World(route), as_role("deputy"), str(uuid4())
    first = world.knock(who, key)
    after = service.found(world.consultation.id)
    again = world.knock(who, key)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (first.status_code, "true")
    assert again.json() == first.json()
    assert again.headers["etag"] == first.headers["etag"]
    assert service.found(world.consultation.id) == after
    assert code_of(who.post(route.removeprefix("POST ").replace("{consultation_id}", after.id), json={})) == "invalid"


# What is refused


TEXT = {"kind": "text", "text": "还有呢？"}
WRONG_QUESTIONS: list[tuple[dict[str, Any], str, str]] = [
    ({"questions": []}, "questions", "wrong_number"),
    ({"questions": [TEXT] * 31}, "questions", "invalid"),
    ({"questions": [TEXT | {"text": " "}]}, "questions.1.text", "wrong_length"),
    ({"questions": [TEXT, TEXT | {"text": "长" * 501}]}, "questions.2.text", "wrong_length"),
    ({"questions": [TEXT | {"options": ["甲"]}]}, "questions.1.options", "wrong_options"),
    ({"questions": [TEXT | {"kind": "single", "options": ["甲"]}]}, "questions.1.options", "wrong_options"),
    ({"questions": [TEXT | {"kind": "single", "options": ["甲", "甲 "]}]}, "questions.1.options", "wrong_options"),
    ({"questions": [TEXT | {"kind": "single", "options": ["甲", ""]}]}, "questions.1.options", "wrong_options"),
    ({"questions": [TEXT | {"kind": "multiple", "options": ["长" * 101, "甲"]}]}, "questions.1.options", "wrong_options"),
    ({"questions": [TEXT | {"kind": "scale", "steps": 11}]}, "questions.1.steps", "wrong_steps"),
    ({"questions": [TEXT | {"kind": "scale", "options": ["差"]}]}, "questions.1.options", "wrong_options"),
    ({"questions": [TEXT | {"kind": "choice"}]}, "questions[0].kind", "invalid"),
    ({"questions": [TEXT | {"kind": "multiple", "options": [str(n) for n in range(20)]}] * 5}, "questions", "too_many"),
    ({"questions": ASKED, "text": "草案"}, "text", "wrong_form"),
    ({"form": "draft", "questions": ASKED}, "questions", "wrong_form"),
    ({"form": "draft"}, "text", "wrong_length"),
    ({"form": "draft", "text": "一\n" * 80}, "text", "too_many"),
    ({"form": "draft", "text": "长" * 20_001}, "text", "invalid"),
    ({"form": "vote"}, "form", "invalid"),
    ({"title": " ", "questions": ASKED}, "title", "missing"),
    ({"title": "长" * 121, "questions": ASKED}, "title", "invalid"),
    ({"nonsense": 1}, "nonsense", "invalid"),
]


@pytest.mark.parametrize(("body", "field", "code"), WRONG_QUESTIONS)
def test_what_can_not_be_asked_is_said_by_its_field(body: dict[str, Any], field: str, code: str, as_role: AsRole) -> None:
    answer = send(as_role("deputy"), "", **({"form": "survey", "title": "食堂"} | body))
    assert (answer.status_code, code_of(answer), answer.json()["field"]) == (422, code, field)


PAST = "2020-01-01T09:00:00+08:00"
WRONG_TIMES: list[tuple[str, dict[str, Any], str, str]] = [
    ("schedule", {"opens_at": PAST, "closes_at": LAST}, "opens_at", "wrong_time"),
    ("schedule", {"opens_at": LATER, "closes_at": LATER}, "opens_at", "wrong_time"),
    ("schedule", {"opens_at": "SOON", "closes_at": PAST}, "closes_at", "wrong_time"),
    ("schedule", {"opens_at": "SOON", "closes_at": LAST}, "closes_at", "wrong_time"),
    ("schedule", {"opens_at": "2099-12-01T09:00:00", "closes_at": LAST}, "opens_at", "invalid"),
    ("open", {"closes_at": PAST}, "closes_at", "wrong_time"),
    ("open", {}, "closes_at", "missing"),
]


@pytest.mark.parametrize(("move", "body", "field", "code"), WRONG_TIMES)
def test_times_follow_one_another(move: str, body: dict[str, Any], field: str, code: str, as_role: AsRole) -> None:
    consultation, soon = drafted(), (settings.now() + timedelta(hours=1)).isoformat()
    meant = {name: soon if value == "SOON" else value for name, value in body.items()}
    answer = send(as_role("deputy"), move, consultation, **meant)
    assert (answer.status_code, code_of(answer), answer.json()["field"]) == (422, code, field)
    assert service.found(consultation.id) == consultation


def test_what_can_not_be_done_now_names_what_can(as_role: AsRole) -> None:
    answer = send(as_role("deputy"), "publish", drafted(now=settings.now()), text="好")
    assert (answer.status_code, code_of(answer)) == (409, "illegal_move")
    assert answer.json()["legal_moves"] == ["edit", "open", "schedule", "withdraw"]


def test_once_somebody_was_asked_the_questions_stay(as_role: AsRole) -> None:
    consultation = opened(now=settings.now())
    assert code_of(send(as_role("deputy"), "edit", consultation, **WORDED)) == "illegal_move"
    assert service.found(consultation.id) == consultation


# What is shown


def test_a_draft_open_for_comment_is_cut_by_the_platform(as_role: AsRole) -> None:
    made = send(as_role("deputy"), "", form="draft", title="停车办法", text=DRAFT).json()
    assert [question["id"] for question in made["questions"]] == ["p1", "p2", "p3", "all"]
    assert made["url"].endswith(f"/c/{made['id']}")
    assert (made["public_url"], made["timeline"]) == (None, None)  # the answer to a move comes without
    whole = as_role("deputy").get(f"/v1/consultations/{made['id']}").json()
    assert [entry["type"] for entry in whole["timeline"]] == ["drafted"]


def test_results_and_comments_as_they_stand(as_role: AsRole) -> None:
    consultation, who = opened(now=settings.now()), as_role("deputy")
    for number in (1, 3):
        given = answers({"q1": (1,), "q3": (number,)}, q4=f"第{number}条")
        answered(consultation, given, now=settings.now() + timedelta(minutes=number))
    results = who.get(f"/v1/consultations/{consultation.id}/results").json()
    assert results["people"] == 2
    assert results["outcomes"][0] == {"question": "q1", "answered": 2, "chosen": [2, 0, 0], "mean": None}
    assert results["outcomes"][2] == {"question": "q3", "answered": 2, "chosen": [1, 0, 1, 0, 0], "mean": 2.0}
    page = who.get(f"/v1/consultations/{consultation.id}/comments", params={"limit": 1}).json()
    assert page["items"][0]["texts"] == {"q4": "第3条"}
    again = who.get(f"/v1/consultations/{consultation.id}/comments", params={"limit": 1, "cursor": page["next"]}).json()
    assert again["items"][0]["texts"] == {"q4": "第1条"}
    none = who.get(f"/v1/consultations/{consultation.id}/comments", params={"question": "q1"}).json()
    assert none["items"] == []


def test_lists_are_of_what_is_not_finished_or_of_what_is_public(as_role: AsRole) -> None:
    made, running = drafted(now=settings.now()), opened(now=settings.now())
    who = as_role("deputy")
    listed = {line["id"] for line in who.get("/v1/consultations").json()["items"]}
    public = [line["id"] for line in who.get("/v1/consultations", params={"public": "1"}).json()["items"]]
    assert (listed, public) == ({made.id, running.id}, [running.id])


# What it costs


@pytest.mark.parametrize("route", MOVES)
def test_a_move_costs_a_read_and_a_transaction(route: str, as_role: AsRole) -> None:
    world, who = World(route), as_role("deputy")
    who.get("/v1/cases")
    with counted() as calls:
        assert world.knock(who).status_code == 200
    reads = ["GetItem dossiers"] + (["GetItem library"] if route.endswith("take_up") else [])
    assert calls == [*reads, "TransactWriteItems"]


def test_looking_costs_two_reads_and_a_list_one(as_role: AsRole) -> None:
    consultation, who = opened(now=settings.now()), as_role("deputy")
    who.get("/v1/cases")
    for path, expected in (
        ("", ["Query dossiers work-by-body"]),
        ("?public=1", ["Query dossiers by-shelf"]),
        (f"/{consultation.id}", ["GetItem dossiers", "Query journal"]),
        (f"/{consultation.id}/results", ["GetItem dossiers", "Query library"]),
        (f"/{consultation.id}/comments", ["GetItem dossiers", "Query library by-date"]),
    ):
        with counted() as calls:
            assert who.get(f"/v1/consultations{path}").status_code == 200
        assert calls == expected
