"""Open data of cases: a row each, nobody's words, nobody alone in an area; as CSV, JSON and GeoJSON."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.cases import arrivals, service
from chalicelib.cases.model import Case
from chalicelib.opendata import pages
from chalicelib.opendata.files import cell
from chalicelib.opendata.model import COLUMNS, ENOUGH, rows_of
from chalicelib.people.roles import A_RESIDENT
from chalicelib.settings import settings
from tests.support.api import undescribed
from tests.support.calls import counted
from tests.support.casework import COLD, EMAIL, NAME, PHONE, routed, sent
from tests.support.visitor import visitor
from tests.support.wanglan import HEATING, NOON
from tests.unit.test_routing import wanglan

pytestmark = pytest.mark.usefixtures("district")

NOVEMBER = {"month": "2026-11"}


def got(form: str = "json", **query: str) -> httpx.Response:
    answer = visitor().get(f"/open/data/cases.{form}", params={**NOVEMBER, **query})
    assert answer.status_code == 200, answer.text
    return answer


def rows(**query: str) -> list[dict[str, Any]]:
    return list(got(**query).json()["items"])


def some(number: int = ENOUGH, now: datetime = NOON, **known: Any) -> list[Case]:
    return [routed(now=now + timedelta(minutes=each), **{"grid": "weidu-1", **known}) for each in range(number)]


def test_a_row_says_what_where_to_whom_and_whether_the_promise_was_kept() -> None:
    kept, late, running = some()
    service.move("answer", kept.id, by=HEATING, now=NOON + timedelta(minutes=30), text="好了")
    service.confirm(service.found(kept.id), 4, now=NOON + timedelta(days=1))
    breached = service.found(late.id)
    service.enforce(breached, breached.next_duty, NOON + timedelta(hours=3))  # type: ignore[arg-type]
    seen = {row["answer_promise"]: row for row in rows()}
    assert seen.keys() == {"kept", "overdue"}
    row = seen["kept"]
    assert (row["received_on"], row["answered_on"], row["closed_on"]) == ("2026-11-24", "2026-11-24", "2026-11-25")
    assert (row["category"], row["category_en"]) == ("heating/supply/cold-flat", "Flat is cold")
    assert (row["area"], row["area_zh"], row["lat"], row["lon"]) == ("weidu-1", "霁月花园片区", 30.006, 123.504)
    assert (row["body"], row["status"], row["outcome"], row["satisfaction"]) == ("heating-company", "closed", "solved", 4)
    assert row.keys() == COLUMNS.keys()
    assert running.status == "routed"


def test_no_word_name_number_or_time_of_day_is_in_any_file() -> None:
    cases = some(address="3号楼2单元")
    for form in ("csv", "json", "geojson"):
        text = got(form).text
        assert "heating-company" in text
        for secret in (COLD, NAME, EMAIL, PHONE, "2单元", "04:0", "12:0", *(case.id for case in cases)):
            assert secret not in text


def test_all_three_formats_hold_the_same() -> None:
    some()
    plain = rows()
    table = got("csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.headers["content-disposition"] == 'attachment; filename="cases-2026-11.csv"'
    read = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"), newline="")))
    assert read == [{name: "" if value is None else str(value) for name, value in row.items()} for row in plain]
    features = got("geojson").json()["features"]
    assert got("geojson").headers["content-type"] == "application/geo+json"
    assert [each["geometry"] for each in features] == [{"type": "Point", "coordinates": [123.504, 30.006]}] * ENOUGH
    assert [each["properties"] for each in features] == [
        {name: value for name, value in row.items() if name not in ("lat", "lon")} for row in plain
    ]


def test_what_few_are_like_is_told_of_a_wider_area_or_of_none() -> None:
    some(ENOUGH - 1, grid="weidu-1")
    assert {row["area"] for row in rows()} == {None}
    some(1, grid="weidu-2")
    assert {row["area"] for row in rows()} == {"weidu"}
    some(1, grid="weidu-1")
    assert Counter(row["area"] for row in rows()) == {"weidu-1": ENOUGH, None: 1}


grids = st.sampled_from(["", "weidu-1", "weidu-2", "luqi-1", "weidu"])
topics = st.sampled_from(["heating/supply/cold-flat", "water/supply/no-water", "power"])


@given(st.lists(st.tuples(grids, topics), max_size=30))
def test_nobody_is_alone_in_an_area_whatever_came_in(came: list[tuple[str, str]]) -> None:
    cases = [
        Case(id=f"C{number}", status="routed", grid=grid, category=topic, created_at=NOON, updated_at=NOON)
        for number, (grid, topic) in enumerate(came)
    ]
    told = rows_of(cases, wanglan(), settings.zone, NOON)
    alike = Counter((row.area, row.category.partition("/")[0]) for row in told if row.area)
    assert len(told) == len(cases)
    assert all(number >= ENOUGH for number in alike.values())


def test_what_the_public_may_not_know_is_not_there() -> None:
    some()
    routed(text="闻到煤气味，有人昏迷")
    sent()
    service.withdraw(routed(), by=A_RESIDENT, now=NOON)
    assert len(rows()) == ENOUGH


def test_a_month_is_one_of_the_district_s_zone() -> None:
    # 23:30 UTC on the last of October is November already in the district
    for at in (datetime(2026, 10, 31, 15, 30, tzinfo=NOON.tzinfo), datetime(2026, 10, 31, 16, 30, tzinfo=NOON.tzinfo)):
        routed(now=at)
    assert [row["received_on"] for row in rows()] == ["2026-11-01"]
    assert [row["received_on"] for row in rows(month="2026-10")] == ["2026-10-31"]


def parts(form: str) -> Iterator[httpx.Response]:
    link = f"/open/data/cases.{form}?month=2026-11"
    while link:
        yield (answer := visitor().get(link.removeprefix(settings.base_url)))
        link = answer.links.get("next", {}).get("url", "")


@pytest.mark.parametrize("form", ["csv", "json", "geojson"])
def test_a_month_too_long_for_one_file_comes_in_parts_and_nothing_twice(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "PAGE", 2)
    monkeypatch.setattr(pages, "MOST", 4)
    days = [routed(now=NOON - timedelta(days=each)) for each in range(9)]
    answers = list(parts(form))
    assert len(answers) == 3
    text = "".join(answer.text for answer in answers)
    received = [f"{case.created_at.astimezone(settings.zone):%Y-%m-%d}" for case in days]
    assert all(text.count(f"{day}") >= 1 for day in received)
    if form == "json":
        items = [item["received_on"] for answer in answers for item in answer.json()["items"]]
        assert sorted(items) == sorted(received)
        assert [bool(answer.json()["next"]) for answer in answers] == [True, True, False]


def test_a_file_costs_a_query_a_hundred_cases() -> None:
    some()
    visitor().get("/open/data")
    with counted() as calls:
        rows()
    # the shelf of November, and that of October for the hours by which the zone is ahead
    assert calls == ["Query dossiers by-shelf", "Query dossiers by-shelf"]


def test_whoever_holds_a_file_is_not_sent_it_again() -> None:
    some()
    first = got("csv")
    assert first.headers["cache-control"] == "public, max-age=300"
    again = visitor().get("/open/data/cases.csv", params=NOVEMBER, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    some(1)
    assert got("csv").headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert (cell(-33.5), cell(None), cell("a=b"), cell(3)) == ("-33.5", "", "a=b", "3")


@pytest.mark.parametrize(
    ("path", "status"),
    [("cases.xlsx", 404), ("people.csv", 404), ("cases", 404), ("cases.csv?month=last", 422), ("cases.csv?month=9999-12", 422),
     ("cases.csv?month=0001-01", 422), ("cases.csv?month=2026-13", 422), ("cases.csv?month=2026-11&cursor=x", 422),
     ("cases.csv?month=2026-11&cursor=2026-11.x", 422), ("cases.json?month=1999-01", 422),
     ("cases.json?month=2999-12", 200), ("cases.json", 200)],
)  # fmt: skip
def test_what_is_not_there_or_wrong_is_said(path: str, status: int) -> None:
    assert visitor().get(f"/open/data/{path}").status_code == status


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_dictionary_says_what_each_column_means_and_leads_to_the_files(language: str) -> None:
    page = visitor(language).get("/open/data").text
    assert all(f"<code>{name}</code>" in page for name in COLUMNS)
    assert f"open/data/cases.geojson?month={settings.now().astimezone(settings.zone):%Y-%m}" in page
    assert ("开放数据" if language == "zh" else "Open data") in page


def test_every_file_is_as_the_description_says() -> None:
    some()
    browser = visitor()
    for form in ("csv", "json", "geojson", "xlsx"):
        etag = browser.get(f"/open/data/cases.{form}", params=NOVEMBER).headers.get("etag", "")
        browser.get(f"/open/data/cases.{form}", params=NOVEMBER, headers={"If-None-Match": etag})
    seen = browser._transport.seen  # type: ignore[attr-defined]
    assert {answer.status_code for _, answer in seen} == {200, 304, 404}
    assert [fault for route, answer in seen for fault in undescribed(route, answer)] == []
