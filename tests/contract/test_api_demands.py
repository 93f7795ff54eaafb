"""Common demands over HTTP: whom they concern, what a repeated request does, what is refused and why."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.demands import service
from chalicelib.demands.model import Demand
from chalicelib.demands.service import MOST_BY_HAND
from chalicelib.errors import NotFound
from chalicelib.people.permissions import PERMISSIONS
from chalicelib.people.roles import Actor
from chalicelib.web.door import ROUTES
from chalicelib.web.openapi import description
from tests.contract.conftest import AsRole
from tests.contract.test_api_permissions import code_of
from tests.support.casework import EMAIL, PHONE, routed
from tests.support.casework import NAME as WRITER
from tests.support.demands import NAME, confirmed, proposed, together, written
from tests.support.wanglan import NOON

WHY = {"reason": "同一根管"}
ROUTE = "POST /v1/demands/{demand_id}/"
LATER = "2099-12-01"


def of(move: str) -> str:
    return ROUTE + move


def examples(of_it: list[Case], other: str) -> dict[str, dict[str, Any] | None]:
    """What to send to each route of a demand of these cases; ``other`` is another demand."""
    return {
        "GET /v1/demands": None,
        "GET /v1/demands/{demand_id}": None,
        "POST /v1/demands": {"name": NAME, "cases": [case.id for case in of_it[3:]]},
        of("confirm"): {"name": NAME},
        of("rename"): {"name": "管道老化"},
        of("dismiss"): WHY,
        of("take_up"): {},
        of("support"): {},
        of("assign"): {"body": "luyu-heating", **WHY},
        of("promise"): {"text": "换阀门", "until": LATER},
        of("answer"): {"text": "今晚修好"},
        of("resolve"): {"text": "修好了"},
        of("merge"): {"into": other, **WHY},
        of("split"): {"name": "楼道灯", "cases": [case.id for case in of_it[:2]]},
        of("take_out"): {"case": of_it[1].id, **WHY},
    }


TRIED = examples([Case(id=str(n), created_at=NOON, updated_at=NOON) for n in range(5)], "")
MOVES = [route for route in TRIED if route.startswith(ROUTE)]
POSTS = [route for route in TRIED if route.startswith("POST")]


class World:
    """A demand of three cases (a proposed one for whoever confirms it), and what to send to a route of it."""

    def __init__(self, route: str) -> None:
        self.route = route
        self.cases = [written() for _ in range(5 if route == "POST /v1/demands" else 3)]
        self.demand = (proposed if route == of("confirm") else together)(*self.cases[:3])
        self.body = examples(self.cases, together().id if route == of("merge") else "")[route]

    def knock(self, who: httpx.Client, key: str = "", demand_id: str = "", **changed: Any) -> httpx.Response:
        method, _, path = self.route.partition(" ")
        path = path.replace("{demand_id}", demand_id or self.demand.id)
        body = None if self.body is None else self.body | changed
        return who.request(method, path, json=body, headers={"Idempotency-Key": key or str(uuid4())})

    def changed(self) -> bool:
        return service.found(self.demand.id) != self.demand


def send(who: httpx.Client, move: str, demand: Demand | None = None, **body: Any) -> httpx.Response:
    path = f"/v1/demands/{demand.id}/{move}" if demand else "/v1/demands"
    return who.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})


def test_every_route_of_demands_is_tried_here() -> None:
    hung = {f"{route.method} {route.path}" for route in ROUTES}
    assert set(TRIED) == {route for route in hung & PERMISSIONS.keys() if route.partition(" ")[2].startswith("/v1/demands")}


# Whom it concerns


@pytest.mark.parametrize("route", MOVES)
def test_a_move_is_for_the_roles_of_the_table_and_for_whom_it_concerns(route: str, as_role: AsRole) -> None:
    world = World(route)
    for role in ("supervisor", "manager", "officer"):
        if role not in PERMISSIONS[route]:
            answer = world.knock(as_role(role))
            assert (answer.status_code, code_of(answer)) == (403, "not_allowed")
    for role, stranger in (("deputy", "other_deputy"), ("officer", "other_officer")):
        answer = world.knock(as_role(stranger))
        assert answer.status_code == (404 if role in PERMISSIONS[route] else 403)
    assert not world.changed()
    done = [world.knock(as_role(role)).status_code for role in PERMISSIONS[route]]
    assert (done[0], world.changed()) == (200, True)
    assert set(done[1:]) <= {200, 409, 422}  # who comes second may find that it was done


def test_without_a_token_nothing_of_a_demand_is_told(anyone: httpx.Client) -> None:
    world = World("GET /v1/demands/{demand_id}")
    for route in TRIED:
        world.route, world.body = route, None
        assert world.knock(anyone).status_code == 401


def test_whom_it_does_not_concern_neither_sees_nor_lists_it(as_role: AsRole) -> None:
    demand = together()
    for role in ("deputy", "officer", "manager", "supervisor"):
        assert as_role(role).get(f"/v1/demands/{demand.id}").status_code == 200
        assert [line["id"] for line in as_role(role).get("/v1/demands").json()["items"]] == [demand.id]
    for stranger in ("other_deputy", "other_officer"):
        answer, nowhere = (as_role(stranger).get(f"/v1/demands/{id}") for id in (demand.id, "H00000000000"))
        assert (answer.status_code, code_of(answer)) == (404, "not_found")
        assert answer.text == nowhere.text.replace("H00000000000", demand.id)
        assert as_role(stranger).get("/v1/demands").json()["items"] == []


def test_a_case_of_another_ward_makes_it_a_concern_of_that_wards_deputy_too(as_role: AsRole) -> None:
    demand = together(written(), written(deputy="gao-xiulan", grid="weidu-4"))
    assert send(as_role("deputy"), "take_up", demand).json()["lead"] == "lin-jianwei"
    joined = send(as_role("other_deputy"), "support", demand).json()
    assert (joined["lead"], joined["supporters"]) == ("lin-jianwei", ["lin-jianwei", "gao-xiulan"])


def test_a_demand_that_was_given_to_another_body_is_gone_for_the_one_that_had_it(as_role: AsRole) -> None:
    demand = together()
    assert send(as_role("deputy"), "assign", demand, body="water-company", reason="是水的事").status_code == 200
    assert as_role("officer").get(f"/v1/demands/{demand.id}").status_code == 404
    assert as_role("other_officer").get(f"/v1/demands/{demand.id}").status_code == 200


def test_a_demand_of_no_body_is_no_concern_of_an_officer_who_is_bound_to_none() -> None:
    unsorted = proposed(written("啊啊啊 ???"), written("啊啊啊 ???"))
    assert unsorted.body == ""
    with pytest.raises(NotFound):
        service.loaded(unsorted.id, Actor("officer", "officer.nobody"))


def test_nobody_puts_cases_together_that_are_not_theirs(as_role: AsRole) -> None:
    own, foreign = written(), written(deputy="gao-xiulan", grid="weidu-4")
    answer = send(as_role("deputy"), "", name=NAME, cases=[own.id, foreign.id])
    assert (answer.status_code, code_of(answer), answer.json()["field"]) == (422, "unknown_case", "cases")
    assert own.id not in answer.json()["detail"]
    assert send(as_role("manager"), "", name=NAME, cases=[own.id, foreign.id]).status_code == 201


def test_a_demand_is_not_merged_into_one_of_another_ward(as_role: AsRole) -> None:
    own, foreign = together(), together(*(written(deputy="gao-xiulan", grid="weidu-4") for _ in range(2)))
    assert send(as_role("deputy"), "merge", own, into=foreign.id, **WHY).status_code == 404
    assert service.found(own.id) == own


# Repeats


@pytest.mark.parametrize("route", POSTS)
def test_the_same_deed_again_shows_what_it_led_to_and_changes_nothing(route: str, as_role: AsRole) -> None:
    world, who, key = World(route), as_role("deputy"), str(uuid4())
    first = world.knock(who, key)
    after = service.found(world.demand.id)
    again = world.knock(who, key)
    assert first.status_code == again.status_code == (201 if route == "POST /v1/demands" else 200)
    assert ("idempotent-replayed" in first.headers, again.headers["idempotent-replayed"]) == (False, "true")
    assert again.json() == first.json()
    assert again.headers["etag"] == first.headers["etag"] == f'"{first.json()["version"]}"'
    assert service.found(world.demand.id) == after


def test_a_key_is_for_one_request_and_none_is_for_no_request(as_role: AsRole) -> None:
    world, who = World(of("rename")), as_role("deputy")
    key = str(uuid4())
    assert world.knock(who, key).status_code == 200
    assert code_of(world.knock(who, key, name="又一个名字")) == "idempotency_key_reused"
    for route in POSTS:
        answer = who.post(route.removeprefix("POST ").replace("{demand_id}", world.demand.id), json={})
        assert answer.status_code == 422
    assert service.found(world.demand.id).name == "管道老化"


# What is refused


IN, LOOSE = ["IN1", "IN2", "IN3"], ["LOOSE1", "LOOSE2"]  # cases of the demand, and of none
WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("rename", {}, "name", "invalid"),
    ("rename", {"name": ""}, "name", "invalid"),
    ("rename", {"name": "  \u3000"}, "name", "missing"),
    ("rename", {"name": "长" * 81}, "name", "invalid"),
    ("rename", {"name": "好", "nonsense": 1}, "nonsense", "invalid"),
    ("take_up", {"nonsense": 1}, "nonsense", "invalid"),
    ("dismiss", {"reason": " "}, "reason", "missing"),
    ("assign", {"body": "nobody", **WHY}, "body", "unknown_body"),
    ("promise", {"text": "换阀门", "until": "soon"}, "until", "invalid"),
    ("promise", {"text": "换阀门", "until": "2099-02-30"}, "until", "bad_date"),
    ("promise", {"text": "换阀门", "until": "2099-13-01"}, "until", "bad_date"),
    ("promise", {"text": "换阀门", "until": "2020-01-01"}, "until", "past_date"),
    ("promise", {"text": " ", "until": LATER}, "text", "missing"),
    ("answer", {"text": ""}, "text", "invalid"),
    ("answer", {"text": "长" * 4_001}, "text", "invalid"),
    ("merge", {"into": "SELF", **WHY}, "into", "same_demand"),
    ("take_out", {"case": "LOOSE1", **WHY}, "cases", "not_a_member"),
    ("split", {"name": "另", "cases": LOOSE}, "cases", "not_a_member"),
    ("split", {"name": "另", "cases": ["IN1", "IN1"]}, "cases", "wrong_number"),
    ("split", {"name": "另", "cases": IN}, "cases", "nothing_left"),
    ("split", {"name": " ", "cases": IN[:2]}, "name", "missing"),
    ("", {"name": "另", "cases": ["LOOSE1", "7K3M9QXA2B4C"]}, "cases", "unknown_case"),
    ("", {"name": "另", "cases": ["LOOSE1", "IN1"]}, "cases", "grouped_already"),
    ("", {"name": "另", "cases": []}, "cases", "invalid"),
    ("", {"name": "另", "cases": [f"{n:012d}" for n in range(MOST_BY_HAND + 1)]}, "cases", "invalid"),
    ("", {"name": " ", "cases": LOOSE}, "name", "missing"),
]


def test_what_is_wrong_is_named_and_changes_nothing(as_role: AsRole) -> None:
    members, loose = [written() for _ in IN], [written() for _ in LOOSE]
    demand, who = together(*members), as_role("deputy")
    names = {name: case.id for name, case in zip(IN + LOOSE, members + loose, strict=True)} | {"SELF": demand.id}
    for move, body, field, code in WRONG:
        meant = {name: _meant(value, names) for name, value in body.items()}
        answer = send(who, move, demand if move else None, **meant)
        told = answer.json()
        assert (answer.status_code, told["code"], told["field"]) == (422, code, field), (move, body, told)
    assert service.found(demand.id) == demand
    assert [case for case in loose if cases.found(case.id) != case] == []


def _meant(value: Any, names: dict[str, str]) -> Any:
    return [names.get(each, each) for each in value] if isinstance(value, list) else names.get(str(value), value)


def test_a_demand_that_is_not_there_can_not_be_merged_into(as_role: AsRole) -> None:
    assert send(as_role("deputy"), "merge", together(), into="D00000000000", **WHY).status_code == 404


def test_an_illegal_move_names_the_legal_ones(as_role: AsRole) -> None:
    demand = proposed()
    answer = send(as_role("deputy"), "answer", demand, text="修好了")
    assert (answer.status_code, code_of(answer)) == (409, "illegal_move")
    assert answer.json()["legal_moves"] == ["confirm", "dismiss", "merge", "rename", "split", "take_out"]
    assert {move["move"] for move in as_role("deputy").get(f"/v1/demands/{demand.id}").json()["moves"]} == {
        *answer.json()["legal_moves"]
    }
    assert as_role("supervisor").get(f"/v1/demands/{demand.id}").json()["moves"] == []


def test_as_many_cases_as_a_request_may_name_fit_into_one_transaction(as_role: AsRole) -> None:
    many = [written().id for _ in range(MOST_BY_HAND)]
    whole = send(as_role("deputy"), "", name=NAME, cases=many)
    assert (whole.status_code, whole.json()["cases"]) == (201, MOST_BY_HAND)


# What is shown


def test_an_id_may_be_typed_with_dashes_and_in_small_letters(as_role: AsRole) -> None:
    world = World(of("take_out"))
    id = world.demand.id.lower()
    typed = f"{id[0]}-{id[1:5]}-{id[5:9]}-{id[9:]}"
    case = world.cases[1].id
    answer = world.knock(as_role("deputy"), demand_id=typed, case=f"{case[:4]}-{case[4:8]}-{case[8:]}".lower())
    assert (answer.status_code, answer.json()["id"], answer.json()["cases"]) == (200, world.demand.id, 2)


def test_a_demand_shows_who_where_since_when_and_what_is_promised(as_role: AsRole) -> None:
    demand = confirmed(written(), written(grid="weidu-2"), routed(grid="weidu-1"), routed(grid="weidu-1"))
    answer = as_role("deputy").get(f"/v1/demands/{demand.id}")
    shown = answer.json()
    assert answer.headers["etag"] == f'"{demand.version}"'
    assert (shown["status"], shown["name"], shown["people"], shown["cases"]) == ("confirmed", NAME, 3, 4)
    assert shown["grids"] == {"weidu-1": 3, "weidu-2": 1}
    assert (shown["since"], shown["days"]) == ("2026-11-24", {"2026-11-24": 4})
    assert (shown["body"], shown["category"]) == ("heating-company", "heating/supply/cold-flat")
    assert {member["id"] for member in shown["members"]} == {case.id for case in service.members(demand)}
    assert {member["demand"] for member in shown["members"]} == {demand.id}
    assert (shown["open_cases"], shown["next_due_at"] is not None) == (4, True)
    assert "家里暖气不热，才14度" in shown["sentences"]
    assert shown["public_url"].endswith(f"/open/demands/{demand.id}")
    assert not [word for word in (WRITER, EMAIL, PHONE) if word in answer.text]


def test_a_proposed_demand_has_no_public_page(as_role: AsRole) -> None:
    assert as_role("deputy").get(f"/v1/demands/{proposed().id}").json()["public_url"] is None


def test_the_list_comes_in_pages_and_those_of_most_people_first(as_role: AsRole) -> None:
    few, many = together(), together(*(written() for _ in range(3)))
    foreign = together(*(written(deputy="gao-xiulan", grid="weidu-4") for _ in range(4)))
    first = as_role("manager").get("/v1/demands", params={"limit": 2}).json()
    rest = as_role("manager").get("/v1/demands", params={"limit": 2, "cursor": first["next"]}).json()
    assert [line["people"] for line in first["items"] + rest["items"]] == [4, 3, 2]
    assert rest["next"] is None
    own = as_role("deputy").get("/v1/demands").json()["items"]
    assert [line["id"] for line in own] == [many.id, few.id]
    assert foreign.id not in str(own)


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "x"}, {"cursor": "none of ours"}])
def test_a_page_that_can_not_be_is_refused(query: dict[str, str], as_role: AsRole) -> None:
    assert as_role("deputy").get("/v1/demands", params=query).status_code == 422


def test_a_demand_that_is_done_leaves_the_list(as_role: AsRole) -> None:
    send(as_role("deputy"), "resolve", together(), text="好了")
    send(as_role("deputy"), "dismiss", together(), **WHY)
    assert as_role("deputy").get("/v1/demands").json() == {"items": [], "next": None}


# The lists of cases


def test_work_lists_mark_the_cases_of_a_demand(as_role: AsRole) -> None:
    members, loose = [written(), written()], written()
    demand = together(*members)
    for role in ("deputy", "officer"):
        listed = {line["id"]: line["demand"] for line in as_role(role).get("/v1/cases").json()["items"]}
        assert listed == {case.id: demand.id for case in members} | {loose.id: ""}
    assert as_role("deputy").get(f"/v1/cases/{members[0].id}").json()["demand"] == demand.id


def test_neither_a_demand_nor_a_surge_stands_on_a_list_of_cases(as_role: AsRole) -> None:
    five = [written() for _ in range(5)]
    send(as_role("deputy"), "take_up", together(*five))
    warnings = [service.watch(case.id, NOON) for case in five]
    assert [warning for warning in warnings if warning]
    for role, query in (
        ("deputy", {}),
        ("officer", {}),
        ("manager", {"deputy": "lin-jianwei"}),
    ):
        listed = as_role(role).get("/v1/cases", params=query).json()["items"]
        assert {line["id"] for line in listed} <= {case.id for case in five}


# The description


def test_the_description_covers_them_and_every_deed_names_its_key_and_its_body() -> None:
    paths = description()["paths"]
    for route in TRIED:
        method, _, path = route.partition(" ")
        operation = paths[path][method.lower()]
        assert operation["responses"][str(201 if route == "POST /v1/demands" else 200)]["content"]["application/json"]
        if method == "POST":
            assert "Idempotency-Key" in {parameter["name"] for parameter in operation["parameters"]}
            assert operation["requestBody"]["required"]
    assert {"limit", "cursor"} <= {parameter["name"] for parameter in paths["/v1/demands"]["get"]["parameters"]}
