"""Activities over HTTP: every route and every role, what a repeated request does, what is refused and why."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chalicelib.activities import bookings, codes, service
from chalicelib.activities.booking import Booking
from chalicelib.activities.model import Activity
from chalicelib.cases import service as cases
from chalicelib.people.permissions import PERMISSIONS
from chalicelib.people.roles import STAFF
from chalicelib.settings import settings
from chalicelib.spine import journal
from chalicelib.web.door import ROUTES
from tests.contract.conftest import AsRole
from tests.contract.test_api_permissions import code_of
from tests.support.activities import STATION, SUBJECT, booked, going_on, meeting, passed, reception
from tests.support.calls import counted
from tests.support.casework import EMAIL, NAME, PHONE
from tests.support.wanglan import GAO, LIN, QIAO

ROUTE = "POST /v1/activities/{activity_id}/"
LOOK = "GET /v1/activities/{activity_id}/"
READ, RECORD = "GetItem dossiers", "TransactWriteItems"
SAID = "楼道灯坏了，王阿姨家302室"


def of(move: str) -> str:
    return ROUTE + move


TRIED: dict[str, dict[str, Any] | None] = {
    "GET /v1/activities": None,
    "GET /v1/activities/{activity_id}": None,
    LOOK + "calendar.ics": None,
    LOOK + "display": None,
    LOOK + "bookings": None,
    "POST /v1/activities": {
        "kind": "inspection", "title": "视察换热站", "where": "三号换热站",
        "starts_at": "2099-01-05T09:00:00+08:00", "ends_at": "2099-01-05T11:00:00+08:00",
    },
    of("sign_up"): {},
    of("sign_off"): {},
    of("attend"): {"code": ""},
    of("guests"): {"number": 12},
    of("minutes"): {"text": "纪要", "decisions": ["下周复查"]},
    of("cancel"): {"reason": "大雪"},
    of("kept"): {"booking": ""},
    of("contact"): {"booking": "", "reason": "改时间"},
    of("cases"): {"text": SAID},
}  # fmt: skip
MOVES = [route for route in TRIED if route.startswith(ROUTE)]
POSTS = [route for route in TRIED if route.startswith("POST")]


class World:
    """The activity that a route is for, at the time at which it can be asked, and what to send to it."""

    def __init__(self, route: str) -> None:
        self.route, now = route, settings.now()
        self.body = TRIED[route] and dict(TRIED[route] or {})
        at_station = route in (of("kept"), of("contact"), of("cases"), LOOK + "bookings")
        self.activity: Activity = reception(now=now) if at_station else meeting(LIN, now=now)
        self.booking: Booking | None = booked(self.activity, now=now) if at_station else None
        self._prepare()

    def _prepare(self) -> None:
        """To the point at which the route's deed is legal; its clock is moved by its duties alone."""
        if self.route in (of("attend"), of("guests"), of("kept"), of("cases")):
            self.activity = going_on(self.activity)
        elif self.route == of("minutes"):
            self.activity = passed(self.activity, self.activity.ends_at)
        elif self.route == of("sign_off"):
            self.activity = service.sign_up(self.activity.id, by=LIN, now=settings.now())
        self.activity = service.found(self.activity.id)
        if self.booking and self.body and "booking" in self.body:
            self.body["booking"] = self.booking.id
        if self.route == "POST /v1/activities" and self.body:
            first = settings.now() + timedelta(days=5)
            self.body |= {"starts_at": first.isoformat(), "ends_at": (first + timedelta(hours=2)).isoformat()}
        if self.route == of("attend"):
            self.body = {"code": codes.code(self.activity.id, settings.now())}

    def knock(self, who: httpx.Client, key: str = "", activity_id: str = "", **changed: Any) -> httpx.Response:
        method, _, path = self.route.partition(" ")
        path = path.replace("{activity_id}", activity_id or self.activity.id)
        body = None if self.body is None else self.body | changed
        return who.request(method, path, json=body, headers={"Idempotency-Key": key or str(uuid4())})

    def changed(self) -> bool:
        same = self.booking is None or bookings.found(self.booking.id) == self.booking
        return service.found(self.activity.id) != self.activity or not same


def test_every_route_of_activities_is_tried_here() -> None:
    hung = {f"{route.method} {route.path}" for route in ROUTES}
    assert set(TRIED) == {route for route in hung & PERMISSIONS.keys() if route.partition(" ")[2].startswith("/v1/activities")}


# Whom it is for


@pytest.mark.parametrize("route", TRIED)
def test_a_route_is_for_the_roles_of_the_table(route: str, as_role: AsRole) -> None:
    world = World(route)
    for role in (role for role in STAFF if role not in PERMISSIONS[route]):
        answer = world.knock(as_role(role))
        assert (answer.status_code, code_of(answer)) == (403, "not_allowed")
    assert not world.changed()
    done = world.knock(as_role("deputy"))
    assert done.status_code == (201 if route in ("POST /v1/activities", of("cases")) else 200), done.text
    assert world.changed() is (route in MOVES)


@pytest.mark.parametrize("route", [route for route in TRIED if "manager" in PERMISSIONS[route]])
def test_a_manager_may_do_with_any_what_its_caller_may(route: str, as_role: AsRole) -> None:
    assert World(route).knock(as_role("manager")).is_success


def test_without_a_token_nothing_of_an_activity_is_told(anyone: httpx.Client) -> None:
    world = World(LOOK + "display")
    for route in TRIED:
        world.route, world.body = route, None
        assert world.knock(anyone).status_code == 401


@pytest.mark.parametrize("route", [route for route in TRIED if "{activity_id}" in route])
def test_whom_it_does_not_concern_finds_nothing(route: str, as_role: AsRole) -> None:
    world = World(route)
    world.activity = meeting(invited=("lin-jianwei",), now=settings.now())
    answer, nowhere = (world.knock(as_role("other_deputy"), activity_id=id) for id in (world.activity.id, "A000000000000"))
    assert (answer.status_code, code_of(answer)) == (404, "not_found")
    assert answer.text == nowhere.text.replace("A000000000000", world.activity.id)
    listed = as_role("other_deputy").get("/v1/activities").json()["items"]
    assert world.activity.id not in [line["id"] for line in listed]


@pytest.mark.parametrize("route", [of("guests"), of("minutes"), of("cancel"), LOOK + "display"])
def test_who_is_only_invited_has_no_say(route: str, as_role: AsRole) -> None:
    world = World(route)
    answer = world.knock(as_role("other_deputy"))
    assert (answer.status_code, code_of(answer)) == (403, "not_the_caller")
    assert not world.changed()


@pytest.mark.parametrize("route", [of("kept"), of("contact"), of("cases"), LOOK + "bookings"])
def test_bookings_are_for_those_who_receive_on_that_day(route: str, as_role: AsRole) -> None:
    world = World(route)
    answer = world.knock(as_role("other_deputy"))
    assert (answer.status_code, code_of(answer)) == (403, "not_the_host")
    assert not world.changed()


# Repeats


@pytest.mark.parametrize("route", POSTS)
def test_the_same_deed_again_shows_what_it_led_to_and_changes_nothing(route: str, as_role: AsRole) -> None:
    world, who, key = World(route), as_role("deputy"), str(uuid4())
    first = world.knock(who, key)
    after = service.found(world.activity.id)
    again = world.knock(who, key)
    assert first.status_code == again.status_code
    assert first.is_success, first.text
    assert again.json() == first.json()
    assert service.found(world.activity.id) == after


def test_a_key_is_for_one_request_and_none_is_for_no_request(as_role: AsRole) -> None:
    world, who, key = World(of("guests")), as_role("deputy"), str(uuid4())
    assert world.knock(who, key).status_code == 200
    assert code_of(world.knock(who, key, number=13)) == "idempotency_key_reused"
    for route in POSTS:
        answer = who.post(route.removeprefix("POST ").replace("{activity_id}", world.activity.id), json={})
        assert answer.status_code == 422


# What is refused


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("POST /v1/activities", {"kind": "party"}, "kind", "invalid"),
    ("POST /v1/activities", {"starts_at": "2099-01-05T09:00:00"}, "starts_at", "invalid"),
    ("POST /v1/activities", {"starts_at": "tomorrow"}, "starts_at", "invalid"),
    ("POST /v1/activities", {"starts_at": "2020-01-05T09:00:00Z"}, "starts_at", "wrong_time"),
    ("POST /v1/activities", {"nonsense": 1}, "nonsense", "invalid"),
    ("POST /v1/activities", {"invited": ["nobody"]}, "invited", "unknown_deputy"),
    (of("attend"), {"code": "00000000"}, "code", "wrong_code"),
    (of("attend"), {"code": ""}, "code", "invalid"),
    (of("guests"), {"number": -1}, "number", "wrong_number"),
    (of("guests"), {"number": "many"}, "number", "invalid"),
    (of("minutes"), {"text": ""}, "text", "invalid"),
    (of("minutes"), {"text": " "}, "text", "missing"),
    (of("minutes"), {"decisions": ["x" * 501]}, "decisions[0]", "invalid"),
    (of("cancel"), {"reason": " "}, "reason", "missing"),
    (of("kept"), {"booking": "B000000000000"}, "booking", "unknown_booking"),
    (of("contact"), {"booking": "B000000000000"}, "booking", "unknown_booking"),
    (of("contact"), {"reason": " "}, "reason", "missing"),
    (of("cases"), {"text": " "}, "text", "missing"),
    (of("cases"), {"deputy": "gao-xiulan"}, "deputy", "not_the_host"),
    (of("cases"), {"booking": "B000000000000"}, "booking", "unknown_booking"),
    (of("cases"), {"contact": {"tell": "phone", "phone": "12"}}, "contact.phone", "wrong"),
    (of("cases"), {"category": "nothing/such"}, "category", "unknown_category"),
]


@pytest.mark.parametrize(("route", "wrong", "field", "code"), WRONG)
def test_what_is_wrong_is_named_and_nothing_changes(
    route: str, wrong: dict[str, Any], field: str, code: str, as_role: AsRole
) -> None:
    world = World(route)
    answer = world.knock(as_role("deputy"), **wrong)
    assert (answer.status_code, answer.json()["field"], code_of(answer)) == (422, field, code)
    assert not world.changed()


@pytest.mark.parametrize("query", ["year=26", "year=abcd", "year=２０２６", "limit=0", "cursor=x"])
def test_a_list_that_can_not_be_is_refused(query: str, as_role: AsRole) -> None:
    assert as_role("deputy").get(f"/v1/activities?{query}").status_code == 422


def test_a_move_that_is_not_legal_now_names_those_that_are(as_role: AsRole) -> None:
    world = World(of("sign_up"))
    world.route, world.body = of("minutes"), {"text": "纪要"}
    answer = world.knock(as_role("deputy"))
    assert (answer.status_code, code_of(answer)) == (409, "illegal_move")
    assert answer.json()["legal_moves"] == ["cancel", "sign_off", "sign_up"]


# What is shown


def test_an_activity_in_full_says_how_one_stands_to_it_and_what_one_may_do(as_role: AsRole) -> None:
    activity = meeting(now=settings.now(), capacity=1)
    service.sign_up(activity.id, by=GAO, now=settings.now())
    answer = as_role("deputy").post(f"/v1/activities/{activity.id}/sign_up", json={}, headers={"Idempotency-Key": "1"}).json()
    assert (answer["you"], answer["coming"], answer["queue"]) == ("waiting", ["gao-xiulan"], ["lin-jianwei"])
    shown = as_role("deputy").get(f"/v1/activities/{activity.id}").json()
    assert [entry["type"] for entry in shown["timeline"]] == ["called", "signed_up", "signed_up"]
    assert [move["move"] for move in shown["moves"]] == ["sign_off"]
    assert as_role("supervisor").get(f"/v1/activities/{activity.id}").json()["moves"] == []
    assert {move["move"] for move in as_role("manager").get(f"/v1/activities/{activity.id}").json()["moves"]} == {"cancel"}


def test_a_reception_day_shows_where_residents_book(as_role: AsRole) -> None:
    day = reception(now=settings.now())
    shown = as_role("deputy").get(f"/v1/activities/{day.id}").json()
    assert (shown["slots"], shown["booked"]) == (4, 0)
    assert shown["public_url"].endswith(f"/open/stations/{STATION}")
    service.cancel(day.id, "雪", by=QIAO, now=settings.now())
    assert as_role("deputy").get(f"/v1/activities/{day.id}").json()["public_url"] is None


def test_the_calendar_file_is_one(as_role: AsRole) -> None:
    activity = meeting(now=settings.now())
    answer = as_role("deputy").get(f"/v1/activities/{activity.id}/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.text.startswith("BEGIN:VCALENDAR\r\n")
    assert f"SUMMARY:{activity.title}\r\n" in answer.text


def test_bookings_show_the_subject_and_no_contact_and_a_look_at_it_is_a_fact(as_role: AsRole) -> None:
    world = World(LOOK + "bookings")
    assert world.booking is not None
    answer = world.knock(as_role("deputy"))
    (line,) = answer.json()["items"]
    assert (line["slot"], line["subject"], line["has_contact"]) == ("0900", SUBJECT, True)
    assert [word for word in (NAME, EMAIL, PHONE) if word in answer.text] == []
    world.route, world.body = of("contact"), {"booking": world.booking.id, "reason": "改时间"}
    assert world.knock(as_role("deputy")).json() == {"name": NAME, "email": EMAIL, "phone": PHONE, "language": "zh"}
    assert [entry.type for entry in journal.entries(world.booking.id)] == ["booked", "contact_viewed"]
    refused = world.knock(as_role("manager"))
    assert (refused.status_code, code_of(refused)) == (403, "not_allowed")


# What residents say there


def test_what_a_resident_says_becomes_a_case_with_its_promises_tied_to_day_and_booking(as_role: AsRole) -> None:
    world = World(of("cases"))
    assert world.booking is not None
    contact = {"tell": "phone", "phone": PHONE, "name": NAME}
    answer = world.knock(as_role("deputy"), booking=world.booking.id, contact=contact, category="heating/supply/cold-flat")
    case = cases.found(answer.json()["id"])
    assert answer.status_code == 201
    assert answer.headers["location"].endswith(f"/v1/cases/{case.id}")
    assert "/m/" in answer.headers["link"]
    assert (case.door, case.deputy, case.words[0].text, case.sealed) == ("reception", "lin-jianwei", SAID, True)
    assert case.clocks["answer"].due_at is not None
    assert service.found(world.activity.id).cases == (case.id,)
    booking = bookings.found(world.booking.id)
    assert (booking.status, booking.cases) == ("kept", (case.id,))
    told = [entry.data for id in (world.activity.id, booking.id) for entry in journal.entries(id)]
    assert [word for word in (SAID, NAME, PHONE, "302室") if word in str(told)] == []


def test_a_day_with_two_deputies_gives_the_case_to_the_one_who_takes_it_down(as_role: AsRole) -> None:
    day = going_on(reception(QIAO, now=settings.now(), deputies=("lin-jianwei", "gao-xiulan")))
    for role, asked, deputy in (("other_deputy", {}, "gao-xiulan"), ("manager", {}, "lin-jianwei"),
                                ("deputy", {"deputy": "gao-xiulan"}, "gao-xiulan")):  # fmt: skip
        headers = {"Idempotency-Key": str(uuid4())}
        answer = as_role(role).post(f"/v1/activities/{day.id}/cases", json={"text": SAID, **asked}, headers=headers)
        assert answer.json()["deputy"] == deputy
    assert len(service.found(day.id).cases) == 3


# What it costs


def test_lists_pages_and_moves_stay_within_the_budgets(as_role: AsRole) -> None:
    world, who = World(LOOK + "bookings"), as_role("deputy")
    who.get("/v1/activities")
    for path, expected in (
        ("", ["Query dossiers work-by-body"]),
        ("?year=2026", ["Query dossiers by-shelf"]),
        (f"/{world.activity.id}", [READ, "Query journal"]),
        (f"/{world.activity.id}/bookings", [READ, "BatchGetItem"]),
        (f"/{world.activity.id}/display", [READ]),
    ):
        with counted() as calls:
            who.get(f"/v1/activities{path}")
        assert calls == expected


@pytest.mark.parametrize("route", MOVES)
def test_a_move_costs_a_read_and_a_transaction_and_a_booking_one_read_more(route: str, as_role: AsRole) -> None:
    world, who = World(route), as_role("deputy")
    who.get("/v1/activities")
    with counted() as calls:
        assert world.knock(who).is_success
    more = [READ] if route in (of("kept"), of("contact")) else []
    sealed = ["GetItem vault"] if route == of("contact") else []
    assert calls == [READ, *more, RECORD, *sealed]
