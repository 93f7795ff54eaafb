"""Performance records and yearly files over HTTP: who may what, what is refused and why, what it costs."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chalicelib.people.permissions import PERMISSIONS
from chalicelib.people.roles import STAFF, Actor
from chalicelib.performance import importing, service
from chalicelib.performance.model import Record
from chalicelib.spine import journal
from chalicelib.web.door import ROUTES
from chalicelib.web.openapi import description
from tests.contract.conftest import AsRole
from tests.contract.test_api_permissions import code_of
from tests.support.calls import counted
from tests.support.performance import PLACE, TITLE, appealed, approved, drafted, returned, rows, submitted
from tests.support.wanglan import NOON, QIAO

WRITTEN = {"kind": "visit", "day": "2026-11-20", "title": TITLE, "place": PLACE, "text": "走访十二户。", "show": True}
WHY = {"reason": "请补充地点"}
OF = "POST /v1/records/{record_id}/"
ROW = {"row": 1, "deputy": "lin-jianwei", "kind": "visit", "day": "2024-03-05", "title": TITLE}
CLAIM = {"id": "R000000000000", "seq": 1, "hash": "0" * 64}
BODIES: dict[str, Any] = {
    "GET /v1/records": None,
    "POST /v1/records": WRITTEN,
    "GET /v1/records/kinds": None,
    "POST /v1/records/import": {"rows": [ROW]},
    "GET /v1/records/{record_id}": None,
    "GET /v1/records/{record_id}/verify": None,
    OF + "revise": WRITTEN,
    OF + "submit": {},
    OF + "discard": {},
    OF + "show": {},
    OF + "hide": {},
    OF + "appeal": WHY,
    OF + "approve": {},
    OF + "return": WHY,
    OF + "uphold": WHY,
    OF + "overturn": WHY,
    "GET /v1/performance": None,
    "POST /v1/performance/verify": {"items": [CLAIM]},
    "GET /v1/performance/{deputy_id}": None,
    "GET /v1/performance/{deputy_id}/export": None,
}
MOVES = [route for route in BODIES if route.startswith(OF)]
ANOTHER = Actor("manager", "manager.another")  # who returned what is appealed: nobody judges their own decision
MAKERS: dict[str, Callable[[], Record]] = {
    "submit": drafted,
    "appeal": returned,
    "uphold": lambda: appealed(ANOTHER),
    "overturn": lambda: appealed(ANOTHER),
    "approve": submitted,
    "return": submitted,
}


class World:
    """A record in the state that a route needs, and what to send there."""

    def __init__(self, route: str) -> None:
        self.route = route
        self.record = MAKERS.get(route.rpartition("/")[2], drafted)()

    def knock(self, who: httpx.Client, key: str = "", record: str = "", query: str = "", **changed: Any) -> httpx.Response:
        method, _, path = self.route.partition(" ")
        path = path.format_map({"record_id": record or self.record.id, "deputy_id": "lin-jianwei"}) + (query or self.query)
        body = None if BODIES[self.route] is None else BODIES[self.route] | changed
        return who.request(method, path, json=body, headers={"Idempotency-Key": key or str(uuid4())})

    @property
    def query(self) -> str:
        return "?deputy=lin-jianwei" if self.route == "GET /v1/records" else ""

    def changed(self) -> bool:
        return service.found(self.record.id) != self.record


def status_of(route: str) -> int:
    return 201 if route == "POST /v1/records" else 200


def test_every_route_of_the_section_is_tried_here() -> None:
    hung = {f"{route.method} {route.path}" for route in ROUTES}
    ours = ("/v1/records", "/v1/performance")
    assert set(BODIES) == {route for route in hung & PERMISSIONS.keys() if route.partition(" ")[2].startswith(ours)}


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("route", BODIES)
def test_a_route_is_for_the_roles_of_the_table_and_for_nobody_else(route: str, role: str, as_role: AsRole) -> None:
    world = World(route)
    answer = world.knock(as_role(role))
    if role in PERMISSIONS[route]:
        assert answer.status_code == status_of(route), answer.text
    else:
        assert (answer.status_code, code_of(answer)) == (403, "not_allowed")
        assert not world.changed()


@pytest.mark.parametrize("route", BODIES)
def test_without_a_token_nothing_is_told(route: str, anyone: httpx.Client) -> None:
    world = World(route)
    assert world.knock(anyone).status_code == 401
    assert not world.changed()


@pytest.mark.parametrize("route", [route for route in BODIES if "{record_id}" in route])
def test_another_deputys_record_is_not_there(route: str, as_role: AsRole) -> None:
    world = World(route)
    answer, nowhere = (world.knock(as_role("other_deputy"), record=id) for id in ("", "R000000000000"))
    expected = 404 if "deputy" in PERMISSIONS[route] else 403
    assert answer.status_code == expected
    assert answer.text == nowhere.text.replace("R000000000000", world.record.id)
    assert not world.changed()


def test_another_deputys_year_is_not_for_a_deputy(as_role: AsRole) -> None:
    for path in ("/v1/records?deputy=lin-jianwei", "/v1/performance/lin-jianwei", "/v1/performance/lin-jianwei/export"):
        assert code_of(as_role("other_deputy").get(path)) == "not_allowed"


@pytest.mark.parametrize("route", [*MOVES, "POST /v1/records"])
def test_a_request_that_comes_twice_is_done_once(route: str, as_role: AsRole) -> None:
    world, key = World(route), str(uuid4())
    who = as_role(min(PERMISSIONS[route]))
    first, second = (world.knock(who, key) for _ in range(2))
    assert (first.status_code, second.status_code) == (status_of(route), status_of(route))
    assert second.json() == first.json()
    assert second.headers["idempotent-replayed"] == "true"


# A record's life


def send(who: httpx.Client, path: str, body: Any) -> httpx.Response:
    return who.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})


def test_a_record_is_written_returned_appealed_and_counts(as_role: AsRole) -> None:
    lin, qiao, tang = as_role("deputy"), as_role("manager"), as_role("supervisor")
    record = send(lin, "/v1/records", WRITTEN | {"submit": True}).json()
    path = f"/v1/records/{record['id']}"
    assert (record["status"], record["counts"], record["points"]) == ("submitted", False, 0)
    assert [line["id"] for line in qiao.get("/v1/records?list=waiting").json()["items"]] == [record["id"]]
    assert send(qiao, f"{path}/return", WHY).json()["status"] == "returned"
    assert [line["id"] for line in lin.get("/v1/records?list=waiting").json()["items"]] == [record["id"]]
    assert send(lin, f"{path}/appeal", {"reason": "地点已写明"}).json()["status"] == "appealed"
    refused = send(qiao, f"{path}/overturn", {"reason": "对"})
    assert (refused.status_code, code_of(refused)) == (403, "own_decision")
    done = send(tang, f"{path}/overturn", {"reason": "地点确已写明"}).json()
    assert (done["status"], done["counts"], done["points"], done["moves"]) == ("approved", True, 2, [])
    year = lin.get("/v1/performance/lin-jianwei?year=2026").json()
    assert (year["records"], year["points"], year["totals"]) == (
        1,
        2,
        [{"kind": "visit", "records": 1, "earned": 2, "points": 2}],
    )
    verdict = lin.get(f"{path}/verify").json()
    assert (verdict["sound"], verdict["entries"]) == (True, 4)


def test_a_record_that_the_platform_makes_can_not_be_typed_in(as_role: AsRole) -> None:
    for kind in ("case-answered", "demand-solved", "suggestion-adopted", "activity-attended", "learning-completed"):
        answer = send(as_role("deputy"), "/v1/records", WRITTEN | {"kind": kind})
        assert (answer.status_code, code_of(answer), answer.json()["field"]) == (422, "made_by_system", "kind")
        answer = send(as_role("manager"), "/v1/records/import", {"rows": [ROW | {"kind": kind}]})
        assert [(fault["row"], fault["code"]) for fault in answer.json()["errors"]] == [(1, "made_by_system")]


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"kind": "nothing"}, "kind", "unknown_kind"),
        ({"day": "2026-02-30"}, "day", "bad_date"),
        ({"day": "2999-01-01"}, "day", "impossible_date"),
        ({"day": "1900-01-01"}, "day", "impossible_date"),
        ({"title": "  "}, "title", "missing"),
        ({"title": "长" * 61}, "title", "invalid"),
        ({"points": 99}, "points", "invalid"),
        ({"deputy": "gao-xiulan"}, "deputy", "invalid"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(changed: Any, field: str, code: str, as_role: AsRole) -> None:
    lin = as_role("deputy")
    answer = send(lin, "/v1/records", WRITTEN | changed)
    assert (answer.status_code, code_of(answer), answer.json()["field"]) == (422, code, field)
    assert lin.get("/v1/records?list=waiting").json()["items"] == []


def test_a_kind_that_is_never_public_can_not_be_shown(as_role: AsRole) -> None:
    lin = as_role("deputy")
    record = send(lin, "/v1/records", WRITTEN | {"kind": "family-help"}).json()
    assert record["shown"] is False
    assert code_of(send(lin, f"/v1/records/{record['id']}/show", {})) == "never_public"


def test_no_word_of_a_record_is_in_its_journal(as_role: AsRole) -> None:
    record = send(as_role("deputy"), "/v1/records", WRITTEN).json()
    told = repr(journal.entries(record["id"]))
    assert not any(words in told for words in (TITLE, PLACE, "走访十二户"))


# Import


def brought(who: httpx.Client, *given: Any) -> httpx.Response:
    return send(who, "/v1/records/import", {"rows": list(given)})


def test_all_that_is_wrong_with_the_rows_is_told_at_once_and_nothing_is_written(as_role: AsRole) -> None:
    wrong = [ROW | {"row": 2, "day": "05/03/2024", "kind": "tea"}, ROW, ROW | {"row": 4}, ROW | {"row": 5, "deputy": "nobody"}]
    answer = brought(as_role("manager"), *wrong)
    told = {(fault["row"], fault["field"], fault["code"]) for fault in answer.json()["errors"]}
    assert answer.status_code == 422
    assert told == {
        (2, "kind", "unknown_kind"),
        (2, "day", "bad_date"),
        (4, "number", "twice"),
        (5, "deputy", "unknown_deputy"),
    }
    assert as_role("manager").get("/v1/performance/lin-jianwei?year=2024").json()["records"] == 0


def test_rows_that_are_there_are_left_as_they_are(as_role: AsRole) -> None:
    qiao = as_role("manager")
    some = [ROW | {"row": n, "title": f"第{n}次走访"} for n in range(1, 8)]
    assert brought(qiao, *some[:4]).json() == {"written": 4, "there": 0, "errors": []}
    assert brought(qiao, *some).json() == {"written": 3, "there": 4, "errors": []}
    year = qiao.get("/v1/performance/lin-jianwei?year=2024").json()
    assert (year["records"], year["points"]) == (7, 14)


# What it costs

READ, RECORD = "GetItem dossiers", "TransactWriteItems"
FIGURES, SHELF = "Query figures", "Query dossiers by-shelf"


@pytest.mark.parametrize("route", MOVES)
def test_a_move_costs_a_read_and_a_transaction(route: str, as_role: AsRole) -> None:
    world = World(route)
    who = as_role(min(PERMISSIONS[route]))
    who.get("/v1/records/kinds")
    with counted() as calls:
        assert world.knock(who).status_code == 200
    assert calls == [READ, RECORD]


def test_lists_cost_one_query_and_a_year_in_numbers_one_too(as_role: AsRole) -> None:
    lin, qiao = as_role("deputy"), as_role("manager")
    for who in (lin, qiao):
        who.get("/v1/records/kinds")
    for who, path, expected in (
        (lin, "/v1/records", [SHELF]),
        (lin, "/v1/records?list=waiting", ["Query dossiers work-by-deputy"]),
        (qiao, "/v1/records?list=waiting", ["Query dossiers work-by-body"]),
        (lin, "/v1/performance/lin-jianwei", [FIGURES]),
        (qiao, "/v1/performance", [FIGURES]),
        (lin, "/v1/performance/lin-jianwei/export?format=csv", [FIGURES, SHELF]),
        (lin, "/open/performance/lin-jianwei", [FIGURES, SHELF]),
        (lin, "/open/performance", []),
    ):
        with counted() as calls:
            assert who.get(path).status_code == 200
        assert calls == expected, path


def test_an_import_costs_a_read_a_hundred_and_a_transaction_for_33(as_role: AsRole) -> None:
    qiao = as_role("manager")
    qiao.get("/v1/records/kinds")
    with counted() as calls:
        brought(qiao, *(ROW | {"row": n, "title": f"第{n}次"} for n in range(1, 101)))
    assert calls == ["BatchGetItem", *[RECORD] * 4]


# Exports


def exported(who: httpx.Client, form: str, year: str = "2026") -> httpx.Response:
    answer = who.get(f"/v1/performance/lin-jianwei/export?format={form}&year={year}", headers={"Accept-Language": "zh"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="performance-lin-jianwei-{year}.{form}"'
    return answer


def test_a_cell_is_never_a_formula(as_role: AsRole) -> None:
    evil = '=HYPERLINK("http://evil.example","点我")'
    approved(title=evil, place="@x")
    text = exported(as_role("deputy"), "csv").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert f"'{evil} · @x" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
    book = zipfile.ZipFile(io.BytesIO(exported(as_role("deputy"), "xlsx").content))
    assert not [name for name in book.namelist() if b"<f>" in book.read(name)]
    assert "HYPERLINK" in book.read("xl/sharedStrings.xml").decode()


def test_pdf_and_xlsx_say_what_the_file_says(as_role: AsRole) -> None:
    approved()
    pdf = exported(as_role("deputy"), "pdf").content
    assert pdf.startswith(b"%PDF-1.7")
    assert re.search(rb"/BaseFont /STSong-Light", pdf)
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(exported(as_role("deputy"), "xlsx").content))
    assert [sheet.title for sheet in book] == ["分类统计", "三率与出勤", "留言、建议与活动", "履职记录"]
    assert [cell.value for cell in book["履职记录"][4]][:4] == ["2026-11-20", "走访选民", f"{TITLE} · {PLACE}", 2]


def test_an_unknown_form_or_year_is_refused(as_role: AsRole) -> None:
    lin = as_role("deputy")
    assert lin.get("/v1/performance/lin-jianwei/export?format=doc").json()["code"] == "unknown_format"
    for year in ("20x6", "1900", "2999", "２０２６"):
        assert lin.get(f"/v1/performance/lin-jianwei?year={year}").json()["code"] == "bad_year"


def test_the_kinds_say_their_points_and_who_makes_them(as_role: AsRole) -> None:
    kinds = {kind["id"]: kind for kind in as_role("officer").get("/v1/records/kinds").json()["items"]}
    assert (kinds["visit"]["points"], kinds["visit"]["made_by"], kinds["case-answered"]["made_by"]) == (2, "deputy", "system")


def test_the_standings_are_every_deputy_in_office_in_the_directorys_order(as_role: AsRole) -> None:
    importing.bring_in(rows(3, day="2026-01-05"), by=QIAO, now=NOON)
    told = as_role("supervisor").get("/v1/performance?year=2026").json()
    assert [line["points"] for line in told["items"] if line["deputy"] == "lin-jianwei"] == [6]
    assert (len(told["items"]), told["median"]["deputies"], told["median"]["points"]) == (8, 8, 0)


def test_every_route_is_described() -> None:
    assert {route.partition(" ")[2] for route in BODIES} <= description()["paths"].keys()
