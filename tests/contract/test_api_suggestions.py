"""Deputies' suggestions over HTTP: who may do what, what a repeated request does, what is refused and why."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import pytest
import requests

from chalicelib.demands.model import Demand
from chalicelib.files.model import PDF
from chalicelib.people.permissions import ANYONE, PERMISSIONS
from chalicelib.people.roles import STAFF
from chalicelib.spine import journal
from chalicelib.suggestions import service
from chalicelib.suggestions.model import Suggestion
from chalicelib.web.door import ROUTES
from tests.contract.conftest import AsRole
from tests.contract.test_api_permissions import code_of
from tests.support.calls import counted
from tests.support.casework import EMAIL, PHONE, routed
from tests.support.casework import NAME as WRITER
from tests.support.demands import confirmed, proposed, written
from tests.support.files import CONTENTS, sent
from tests.support.suggestions import (
    BEFORE,
    DOCUMENT,
    TEXT,
    TITLE,
    accepted,
    assigned,
    cosigned,
    demand,
    documented,
    draft,
    evaluated,
    invited,
    replied,
    submitted,
)  # fmt: skip
from tests.support.wanglan import GAO, LIN, NOON, QIAO

WHY = {"reason": "内容不具体"}
OF_ONE = "POST /v1/suggestions/{suggestion_id}/"
LATER = "2027-04-30"
# Who does it: Gao is invited, Lin leads, the heating company answers.
DOES = {"cosign": "other_deputy", "decline": "other_deputy"}


def examples(into: str, of: str) -> dict[str, dict[str, Any] | None]:
    """What to send to each route; ``into`` is another suggestion, ``of`` a demand."""
    moves: dict[str, dict[str, Any]] = {
        "edit": {"title": "另一个题目", "demands": [of]},
        "invite": {"deputies": ["gao-xiulan"]},
        "cosign": {},
        "decline": {},
        "submit": {},
        "withdraw": WHY,
        "accept": {},
        "return": WHY,
        "merge": {"into": into, **WHY},
        "assign": {"body": "heating-company", "joint": ["housing-bureau"], "hard": True},
        "interim": {"text": "正在勘察"},
        "ask_extension": {"until": LATER, **WHY},
        "extend": {},
        "refuse_extension": WHY,
        "reply": {"class": "planned", "text": "列入明年计划"},
        "evaluate": {"attitude": "satisfied", "result": "basically", "text": "认真"},
        "document": {
            "title": DOCUMENT.title, "number": DOCUMENT.number, "date": DOCUMENT.date, "url": DOCUMENT.url,
        },
        "hand_over": {"deputy": "gao-xiulan", **WHY},
        "close": {},
    }  # fmt: skip
    return {
        "GET /v1/suggestions": None,
        "GET /v1/suggestions/{suggestion_id}": None,
        "POST /v1/suggestions": {"title": TITLE, "text": TEXT, "demands": [of]},
        "GET /open/suggestions": None,
        "GET /open/suggestions/{suggestion_id}": None,
    } | {OF_ONE + move: body for move, body in moves.items()}


TRIED = examples("", "")
MOVES = [route for route in TRIED if route.startswith(OF_ONE)]
POSTS = [route for route in TRIED if route.startswith("POST")]


class World:
    """A suggestion that is as far as the route's move needs it, and what to send there."""

    def __init__(self, route: str) -> None:
        self.route, self.move = route, route.removeprefix(OF_ONE)
        self.suggestion = BEFORE.get(self.move, accepted)()
        needs = self.move in ("edit", "POST /v1/suggestions")
        self.body = examples(accepted().id if self.move == "merge" else "", demand().id if needs else "")[route]

    def knock(self, who: httpx.Client, key: str = "", suggestion_id: str = "", **changed: Any) -> httpx.Response:
        method, _, path = self.route.partition(" ")
        path = path.replace("{suggestion_id}", suggestion_id or self.suggestion.id)
        body = None if self.body is None else self.body | changed
        return who.request(method, path, json=body, headers={"Idempotency-Key": key or str(uuid4())})

    def changed(self) -> bool:
        return service.found(self.suggestion.id) != self.suggestion


def send(who: httpx.Client, move: str, suggestion: Suggestion | None = None, **body: Any) -> httpx.Response:
    path = f"/v1/suggestions/{suggestion.id}/{move}" if suggestion else "/v1/suggestions"
    return who.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})


def test_every_route_of_suggestions_is_tried_here() -> None:
    mine = ("/v1/suggestions", "/open/suggestions")
    hung = {f"{route.method} {route.path}" for route in ROUTES}
    assert set(TRIED) == {route for route in hung & PERMISSIONS.keys() if route.partition(" ")[2].startswith(mine)}


# Who may


@pytest.mark.parametrize("route", TRIED)
def test_a_route_is_for_the_roles_of_the_table_and_for_nobody_else(route: str, as_role: AsRole) -> None:
    world = World(route)
    for role in STAFF:
        if PERMISSIONS[route] != ANYONE and role not in PERMISSIONS[route]:
            answer = world.knock(as_role(role))
            assert (answer.status_code, code_of(answer)) == (403, "not_allowed")
    assert not world.changed()
    doer = DOES.get(world.move) or min(PERMISSIONS[route] or {"deputy"})
    answer = world.knock(as_role(doer))
    assert answer.status_code in (200, 201), answer.text
    assert world.changed() == (route in MOVES)


@pytest.mark.parametrize("route", MOVES)
def test_another_deputy_or_body_can_not_make_the_moves_of_those_whose_it_is(route: str, as_role: AsRole) -> None:
    world = World(route)
    strangers = {"deputy": "deputy" if world.move in DOES else "other_deputy", "officer": "other_officer"}
    for role in PERMISSIONS[route] & strangers.keys():
        answer = world.knock(as_role(strangers[role]))
        assert (answer.status_code, code_of(answer)) in {(403, "not_yours"), (404, "not_found")}
    assert not world.changed()


def test_without_a_token_nothing_is_told(anyone: httpx.Client) -> None:
    world = World("GET /v1/suggestions")
    for route in TRIED:
        if PERMISSIONS[route] != ANYONE:
            world.route, world.body = route, None
            assert world.knock(anyone).status_code == 401


def test_a_draft_is_there_for_those_whom_it_concerns_and_for_nobody_else(as_role: AsRole) -> None:
    held = draft()
    seen = {role: as_role(role).get(f"/v1/suggestions/{held.id}") for role in ("deputy", "manager", "supervisor")}
    assert {answer.status_code for answer in seen.values()} == {200}
    for stranger in ("other_deputy", "officer", "other_officer"):
        answer, nowhere = (as_role(stranger).get(f"/v1/suggestions/{id}") for id in (held.id, "S00000000000"))
        assert (answer.status_code, code_of(answer)) == (404, "not_found")
        assert answer.text == nowhere.text.replace("S00000000000", held.id)
        assert as_role(stranger).get("/v1/suggestions", params={"year": 2026}).json()["items"] == []
    invited(held)
    assert as_role("other_deputy").get(f"/v1/suggestions/{held.id}").status_code == 200


def test_what_was_submitted_is_seen_by_everyone_who_works_here_but_for_the_sentences(as_role: AsRole) -> None:
    held = assigned()
    shown = {role: as_role(role).get(f"/v1/suggestions/{held.id}").json() for role in ("deputy", "officer", "other_officer")}
    assert {role: bool(whole["evidence"][0]["sentences"]) for role, whole in shown.items()} == {
        "deputy": True, "officer": True, "other_officer": False,
    }  # fmt: skip
    assert shown["other_officer"]["evidence"][0]["people"] == 2


# Repeats


@pytest.mark.parametrize("route", POSTS)
def test_the_same_deed_again_shows_what_it_led_to_and_changes_nothing(route: str, as_role: AsRole) -> None:
    world, key = World(route), str(uuid4())
    who = as_role(DOES.get(world.move) or min(PERMISSIONS[route]))
    first = world.knock(who, key)
    after = service.found(world.suggestion.id)
    again = world.knock(who, key)
    assert first.status_code == again.status_code == (201 if route == "POST /v1/suggestions" else 200), first.text
    assert ("idempotent-replayed" in first.headers, again.headers["idempotent-replayed"]) == (False, "true")
    assert again.json() == first.json()
    assert again.headers["etag"] == first.headers["etag"] == f'"{first.json()["version"]}"'
    assert service.found(world.suggestion.id) == after


def test_a_request_without_a_key_is_none(as_role: AsRole) -> None:
    held = accepted()
    for route in POSTS:
        who = as_role(min(PERMISSIONS[route]))
        answer = who.post(route.removeprefix("POST ").replace("{suggestion_id}", held.id), json={})
        assert answer.status_code == 422
    assert service.found(held.id) == held


# What is refused

WRONG: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("edit", "deputy", {"title": ""}, "title", "invalid"),
    ("edit", "deputy", {"title": " \u3000"}, "title", "missing"),
    ("edit", "deputy", {"text": "长" * 8_001}, "text", "invalid"),
    ("edit", "deputy", {"demands": []}, "demands", "invalid"),
    ("edit", "deputy", {"demands": ["D00000000000"]}, "demands", "unknown_demand"),
    ("edit", "deputy", {"nonsense": 1}, "nonsense", "invalid"),
    ("invite", "deputy", {"deputies": ["nobody"]}, "deputies", "unknown_deputy"),
    ("invite", "deputy", {"deputies": ["lin-jianwei"]}, "deputies", "asked_already"),
    ("invite", "deputy", {"deputies": ["feng-baoguo"]}, "deputies", "unknown_deputy"),  # has left office
    ("withdraw", "deputy", {"reason": " "}, "reason", "missing"),
    ("return", "manager", {"reason": ""}, "reason", "invalid"),
    ("merge", "manager", {"into": "SELF", **WHY}, "into", "same_suggestion"),
    ("assign", "manager", {"body": "nobody"}, "body", "unknown_body"),
    ("assign", "manager", {"body": "heating-company", "joint": ["nobody"]}, "joint", "unknown_body"),
    ("interim", "officer", {"text": " "}, "text", "missing"),
    ("ask_extension", "officer", {"until": "soon", **WHY}, "until", "invalid"),
    ("ask_extension", "officer", {"until": "2027-02-30", **WHY}, "until", "bad_date"),
    ("ask_extension", "officer", {"until": "2026-12-01", **WHY}, "until", "not_later"),
    ("ask_extension", "officer", {"until": "2199-12-01", **WHY}, "until", "too_far"),
    ("reply", "officer", {"class": "perhaps", "text": "也许"}, "class", "invalid"),
    ("reply", "officer", {"class": "solved", "text": " "}, "text", "missing"),
    ("reply", "officer", {"class": "cannot", "text": "做不到"}, "reason", "missing"),
    ("evaluate", "deputy", {"attitude": "good", "result": "satisfied"}, "attitude", "invalid"),
    ("evaluate", "deputy", {"attitude": "satisfied"}, "result", "invalid"),
    ("document", "manager", {"title": "文件", "number": "1", "date": "2199-01-01"}, "date", "future_date"),
    ("document", "manager", {"title": "文件", "number": "1", "date": "2026-13-01"}, "date", "bad_date"),
    ("document", "manager", {"title": "文件", "number": " ", "date": "2026-11-01"}, "number", "missing"),
    ("document", "manager", {"title": "文件", "number": "1", "date": "2026-11-01", "url": "javascript:x"}, "url", "invalid"),
    ("hand_over", "manager", {"deputy": "nobody", **WHY}, "deputy", "unknown_deputy"),
    ("hand_over", "manager", {"deputy": "lin-jianwei", **WHY}, "deputy", "same_deputy"),
]


def test_what_is_wrong_is_named_and_changes_nothing(as_role: AsRole) -> None:
    held = {move: BEFORE[move]() for move in dict.fromkeys(move for move, *_ in WRONG)}
    for move, role, body, field, code in WRONG:
        meant = {name: held[move].id if value == "SELF" else value for name, value in body.items()}
        told = send(as_role(role), move, held[move], **meant).json()
        assert (told["status"], told["code"], told["field"].partition("[")[0]) == (422, code, field), (move, body, told)
    assert {move: service.found(it.id) for move, it in held.items()} == held


def test_nothing_is_drafted_of_what_nobody_confirmed_or_of_another_ward(as_role: AsRole) -> None:
    unconfirmed = proposed(written(), written())
    foreign = confirmed_by_gao()
    for id, code in ((unconfirmed.id, "not_confirmed"), (foreign.id, "unknown_demand")):
        answer = send(as_role("deputy"), "", title=TITLE, demands=[id])
        assert (answer.status_code, code_of(answer)) == (422, code)


def confirmed_by_gao() -> Demand:
    from chalicelib.demands import service as demands

    made = proposed(*(written(deputy="gao-xiulan", grid="weidu-4") for _ in range(2)))
    return demands.move("confirm", made.id, by=GAO, now=NOON, name="别处的事")


def test_an_empty_text_is_not_submitted(as_role: AsRole) -> None:
    held = draft(text=" ")
    answer = send(as_role("deputy"), "submit", held)
    assert (answer.status_code, code_of(answer), answer.json()["field"]) == (422, "missing", "text")


def test_an_illegal_move_names_the_legal_ones(as_role: AsRole) -> None:
    held = draft()
    answer = send(as_role("deputy"), "evaluate", held, attitude="satisfied", result="satisfied")
    assert (answer.status_code, code_of(answer)) == (409, "illegal_move")
    shown = {move["move"] for move in as_role("deputy").get(f"/v1/suggestions/{held.id}").json()["moves"]}
    assert shown == {"edit", "invite", "submit", "withdraw"} <= {*answer.json()["legal_moves"]}
    assert as_role("supervisor").get(f"/v1/suggestions/{held.id}").json()["moves"] == []
    answer = send(as_role("manager"), "extend", assigned())
    assert (answer.status_code, code_of(answer)) == (409, "illegal_move")  # nobody asked for it
    assert "extend" not in answer.json()["legal_moves"]


# Lists


def ids(who: httpx.Client, **query: Any) -> list[str]:
    items = who.get("/v1/suggestions", params=query).raise_for_status().json()["items"]
    return [line["id"] for line in items]


def test_a_list_holds_those_whose_turn_it_is(as_role: AsRole) -> None:
    waiting, given = submitted(), assigned()
    assert ids(as_role("manager")) == ids(as_role("supervisor")) == [waiting.id]
    assert ids(as_role("officer")) == ids(as_role("manager"), body="heating-company") == [given.id]
    assert ids(as_role("other_officer")) == ids(as_role("other_officer"), body="heating-company") == []
    assert (
        sorted(ids(as_role("deputy")))
        == sorted(ids(as_role("manager"), deputy="lin-jianwei"))
        == sorted([waiting.id, given.id])
    )
    assert ids(as_role("deputy"))[0] == given.id  # what has a date stands first
    assert ids(as_role("other_deputy"), deputy="lin-jianwei") == []
    assert as_role("deputy").get("/v1/cases").json()["items"] != []  # the lists of cases are of cases
    assert {line["status"] for line in as_role("deputy").get("/v1/cases").json()["items"]} == {"routed"}


def test_a_year_is_listed_by_status_body_class_and_deputy(as_role: AsRole) -> None:
    first, second, signed = replied(), assigned(), submitted(cosigned())
    who = as_role("manager")
    assert {*ids(who, year=2026)} == {first.id, second.id, signed.id}
    assert ids(who, year=2026, status="assigned") == [second.id]
    assert ids(who, year=2026, status="submitted") == [signed.id]
    assert {*ids(who, year=2026, body="housing-bureau")} == {first.id, second.id}
    assert ids(who, year=2026, body="water-company") == []
    assert ids(who, year=2026, **{"class": "planned"}) == [first.id]
    assert ids(who, year=2026, **{"class": "solved"}) == []
    assert ids(who, year=2026, deputy="gao-xiulan") == [signed.id]
    assert ids(who, year=2025) == []


def test_a_year_comes_in_pages_the_newest_number_first(as_role: AsRole) -> None:
    made = [accepted() for _ in range(3)]
    who = as_role("officer")
    page = who.get("/v1/suggestions", params={"year": 2026, "limit": 2}).json()
    rest = who.get("/v1/suggestions", params={"year": 2026, "limit": 2, "cursor": page["next"]}).json()
    assert [line["number"] for line in page["items"] + rest["items"]] == [3, 2, 1]
    assert [line["title"] for line in page["items"]] == [TITLE, TITLE]
    assert {line["id"] for line in page["items"] + rest["items"]} == {each.id for each in made}


@pytest.mark.parametrize(
    ("query", "field"),
    [({"year": "26"}, "year"), ({"year": "soon"}, "year"), ({"status": "lost"}, "status"), ({"class": "lost"}, "class"),
     ({"limit": "0"}, "limit"), ({"cursor": "!"}, "cursor")],
)  # fmt: skip
def test_a_wrong_question_is_told_what_is_wrong(query: dict[str, str], field: str, as_role: AsRole) -> None:
    answer = as_role("manager").get("/v1/suggestions", params=query)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


# What is shown


def test_a_suggestion_shows_what_it_stands_on_and_nothing_of_who_wrote(as_role: AsRole) -> None:
    held = draft(confirmed(routed(text=f"我叫{WRITER}，住3单元502室，电话{PHONE}，暖气不热", grid="weidu-1"), written()))
    answer = as_role("deputy").get(f"/v1/suggestions/{held.id}")
    shown = answer.json()
    (evidence,) = shown["evidence"]
    assert (evidence["people"], evidence["cases"], evidence["since"]) == (2, 2, "2026-11-24")
    assert (evidence["days"], evidence["grids"]) == ({"2026-11-24": 2}, {"weidu-1": 2})
    assert any("暖气不热" in sentence for sentence in evidence["sentences"])
    assert not [word for word in (WRITER, EMAIL, PHONE, "502室") if word in answer.text]
    assert shown["public_url"] is None
    drafted = shown["timeline"][0]
    assert drafted["data"]["evidence"] == {evidence["demand"]: evidence["digest"]}


def test_a_suggestion_shows_its_promise_and_the_answer_to_a_move_no_timeline(as_role: AsRole) -> None:
    held = accepted()
    moved = send(as_role("manager"), "assign", held, body="heating-company", hard=True).json()
    assert (moved["timeline"], moved["promise"]["amount"]) == (None, 180 * 24 * 60)
    shown = as_role("officer").get(f"/v1/suggestions/{held.id}").json()
    assert [each["type"] for each in shown["timeline"]] == ["drafted", "submitted", "accepted", "assigned"]
    assert shown["public_url"].endswith(f"/open/suggestions/{held.id}")


def test_an_id_may_be_typed_with_dashes_and_in_small_letters(as_role: AsRole) -> None:
    id = accepted().id
    typed = f"{id[0]}-{id[1:5]}-{id[5:9]}-{id[9:]}".lower()
    assert as_role("deputy").get(f"/v1/suggestions/{typed}").json()["id"] == id


# In public


def test_a_suggestion_is_public_from_acceptance_on(anyone: httpx.Client) -> None:
    held = submitted()
    assert anyone.get(f"/open/suggestions/{held.id}").status_code == 404
    assert TITLE not in anyone.get("/open/suggestions?year=2026").text
    service.accept(held.id, by=QIAO, now=NOON)
    for language in ("zh", "en"):
        for address in (f"/open/suggestions/{held.id}", "/open/suggestions?year=2026"):
            page = anyone.get(address, headers={"Accept-Language": language})
            assert (page.status_code, TITLE in page.text) == (200, True)


def test_the_public_page_tells_reply_evaluation_and_documents_and_no_residents_word(anyone: httpx.Client) -> None:
    held = documented(evaluated(replied(assigned(draft(confirmed(written("楼道里暖气管爆了"), written()))))))
    page = anyone.get(f"/open/suggestions/{held.id}", headers={"Accept-Language": "zh"}).text
    for said in (
        TEXT,
        "列入明年计划",
        "列入计划",
        "林见微",
        "望澜热力公司",
        DOCUMENT.title,
        DOCUMENT.number,
        DOCUMENT.url,
        "2 位居民",
    ):
        assert said in page
    assert "暖气管爆了" not in page


def test_the_file_of_a_document_is_kept_and_everyone_may_read_it(as_role: AsRole, anyone: httpx.Client) -> None:
    held, brought = accepted(), sent(CONTENTS[PDF], PDF, "document", "办法.pdf")
    said = {"title": DOCUMENT.title, "number": DOCUMENT.number, "date": DOCUMENT.date, "file": brought}
    (document,) = send(as_role("manager"), "document", held, **said).json()["documents"]
    assert document["file_name"] == "办法.pdf"
    assert requests.get(document["file_url"], timeout=10).content == CONTENTS[PDF]
    page = anyone.get(f"/open/suggestions/{held.id}").text
    assert f"kept/{held.id}/{brought}" in page
    kept = journal.entries(held.id)[-1].data["file"]
    assert kept == sha256(CONTENTS[PDF]).hexdigest()


def test_a_file_that_did_not_arrive_leaves_no_document(as_role: AsRole) -> None:
    held = accepted()
    said = {"title": DOCUMENT.title, "number": DOCUMENT.number, "date": DOCUMENT.date, "file": "F0123456789AB"}
    answer = send(as_role("manager"), "document", held, **said)
    assert (answer.status_code, code_of(answer)) == (422, "file_missing")
    assert service.found(held.id) == held


def test_what_was_merged_leads_to_the_other(anyone: httpx.Client) -> None:
    gone, stays = submitted(draft(title="第一件")), accepted(draft(title="第二件"))
    service.merge(gone.id, stays.id, "同一件事", by=QIAO, now=NOON)
    assert "第二件" in anyone.get(f"/open/suggestions/{gone.id}").text


def test_a_year_that_is_none_is_refused_as_a_page(anyone: httpx.Client) -> None:
    page = anyone.get("/open/suggestions?year=soon")
    assert (page.status_code, page.headers["content-type"]) == (422, "text/html; charset=utf-8")


# What it costs

READ, RECORD = "GetItem dossiers", "TransactWriteItems"


@pytest.mark.parametrize("route", MOVES)
def test_a_move_costs_a_read_and_a_transaction(route: str, as_role: AsRole) -> None:
    world = World(route)
    who = as_role(DOES.get(world.move) or min(PERMISSIONS[route]))
    who.get("/v1/me")  # the directory, and who has signed out, are at hand
    with counted() as calls:
        assert world.knock(who).status_code == 200
    more = {"accept": [READ], "merge": [READ], "edit": ["BatchGetItem"]}.get(world.move, [])
    assert calls == [READ, *more, RECORD]


def test_a_draft_costs_one_batch_read_and_a_transaction(as_role: AsRole) -> None:
    world, who = World("POST /v1/suggestions"), as_role("deputy")
    who.get("/v1/me")
    with counted() as calls:
        assert world.knock(who).status_code == 201
    assert calls == ["BatchGetItem", RECORD]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/v1/suggestions", ["Query dossiers work-by-deputy"]),
        ("/v1/suggestions?year=2026", ["Query dossiers by-shelf"]),
        ("/v1/suggestions/{}", [READ, "Query journal"]),
        ("/open/suggestions?year=2026", ["Query dossiers by-shelf"]),
        ("/open/suggestions/{}", [READ, "Query journal"]),
    ],
)
def test_a_list_costs_a_query_and_a_page_two_reads(address: str, expected: list[str], as_role: AsRole) -> None:
    (held, *_), who = [accepted() for _ in range(3)], as_role("deputy")
    who.get("/v1/me")
    with counted() as calls:
        assert who.get(address.format(held.id)).status_code == 200
    assert calls == expected


def test_nothing_of_a_suggestion_is_there_for_an_officer_who_is_bound_to_no_body() -> None:
    from chalicelib.people.roles import Actor

    unassigned = draft()
    assert not unassigned.concerns(Actor("officer", "officer.nobody"))
    assert not unassigned.concerns(Actor("deputy", "deputy.nobody"))
    assert unassigned.concerns(LIN)
