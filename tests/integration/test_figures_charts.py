"""The figures drawn: well-formed, with a table behind each, as CSV and JSON too, in one query."""

import csv
import re
from datetime import timedelta
from xml.etree import ElementTree

import httpx
import pytest

from chalicelib.cases import service as cases
from chalicelib.insight import rebuild, service
from chalicelib.settings import settings
from tests.support.calls import recorded
from tests.support.casework import routed
from tests.support.visitor import visitor
from tests.support.wanglan import LIN, NOON, QIAO

YEAR = f"{NOON:%Y}"
MONTH = f"{NOON:%Y-%m}"


@pytest.fixture(autouse=True)
def lived(district: None) -> None:  # noqa: ARG001 - the district stands
    """Of four messages of November one was found good and one declined; two wait. In September there was one, which waits."""
    solved, gone, *others = (routed(grid="weidu-1"), routed(), routed(), routed(), routed(now=NOON - timedelta(days=60)))
    cases.move("answer", solved.id, by=LIN, now=NOON, text="修好了")
    cases.confirm(cases.found(solved.id), 5, now=NOON)
    cases.move("decline", gone.id, by=QIAO, now=NOON, reason="不归这里", instead="热线")
    for case in (solved, gone, *others):
        service.count(case.id)


def asked(language: str = "en", **params: str) -> httpx.Response:
    return visitor(language).get("/open/figures", params={"period": YEAR} | params)


def charts(text: str) -> dict[str, ElementTree.Element]:
    found = [ElementTree.fromstring(each) for each in re.findall(r'<svg class="chart[ a-z]*".*?</svg>', text, flags=re.DOTALL)]
    return {str(each.get("aria-labelledby")).split("-title")[0]: each for each in found}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("scope", ["district", "ward", "body", "category", "grid", "deputy", "hour", "section"])
def test_every_view_is_one_query_well_formed_and_without_style(scope: str, language: str) -> None:
    asked(scope=scope)
    with recorded() as calls:
        answer = asked(language, scope=scope)
    assert [str(call) for call in calls if "directory" not in str(call)] == ["Query figures"]
    drawn = charts(answer.text)
    assert drawn.keys() == {
        "district": {"months", "ageing", "flow"}, "grid": set(), "hour": {"heat"}, "section": set(),
    }.get(scope, {"rate-in_time", "rate-solved", "rate-satisfied"})  # fmt: skip
    assert all(each.findtext("title") and each.findtext("desc") for each in drawn.values())
    assert not re.search(r"\sstyle=|<style", answer.text)


def test_the_curve_goes_over_months_with_nothing_in_them_too() -> None:
    assert charts(asked().text)["months"].findtext("desc") == "09: 1; 10: 0; 11: 4"


def test_open_messages_are_shown_by_their_age() -> None:
    assert charts(asked().text)["ageing"].findtext("desc") == "2026-09: 1; 2026-11: 2"


def test_the_flow_goes_from_the_message_to_the_verdict() -> None:
    said = charts(asked().text)["flow"].findtext("desc")
    assert said == (
        "Came in: 5; An answer was due: 2; Answered in time: 2; "
        "Residents said whether it is solved: 1; Solved, residents say: 1"
    )


def test_who_cannot_be_counted_has_no_bar() -> None:
    assert charts(asked(scope="body").text)["rate-solved"].findtext("desc") == "Wanglan Heating Company: 100% (1)"


@pytest.mark.parametrize(
    ("params", "rows"),
    [
        ({"chart": "months"}, [["month", "received"], ["2026-09", "1"], ["2026-10", "0"], ["2026-11", "4"]]),
        ({"chart": "ageing"}, [["month", "open"], ["2026-09", "1"], ["2026-11", "2"]]),
        (
            {"chart": "rates", "scope": "grid", "period": MONTH},
            [
                ["grid", "name_zh", "name_en", "received", "in_time", "in_time_of", "solved", "solved_of", "satisfied",
                 "satisfied_of"],
                ["weidu-1", "霁月花园片区", "Jiyue Garden area", "1", "1.0", "1", "1.0", "1", "1.0", "1"],
            ],
        ),
    ],
)  # fmt: skip
def test_the_numbers_behind_a_chart_are_there_as_csv_and_the_same_as_json(
    params: dict[str, str], rows: list[list[str]]
) -> None:
    answer = asked(format="csv", **params)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(answer.text.splitlines())) == rows
    listed = asked(format="json", **params).json()
    assert listed["chart"] == params["chart"]
    assert [[str(value) for value in row.values()] for row in listed["rows"]] == rows[1:]


@pytest.mark.parametrize("params", [{}, {"format": "csv"}, {"format": "json", "chart": "flow"}])
def test_who_has_a_chart_already_is_told_so_until_something_is_counted(params: dict[str, str]) -> None:
    first = asked(**params)
    tag = {"If-None-Match": first.headers["etag"]}
    again = visitor().get("/open/figures", params={"period": YEAR} | params, headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["content-type"] == first.headers["content-type"]
    service.count(routed().id)
    assert visitor().get("/open/figures", params={"period": YEAR} | params, headers=tag).status_code == 200


@pytest.mark.parametrize("params", [{"format": "xls"}, {"format": "csv", "chart": "no"}, {"format": "csv", "scope": "section"}])
def test_a_format_or_chart_that_there_is_not_is_refused(params: dict[str, str]) -> None:
    answer = asked(**params)
    assert answer.status_code == 422
    assert "There are no such figures" in answer.text


@pytest.mark.parametrize("scope", ["district", "body", "category", "grid", "deputy"])
def test_every_figure_leads_to_a_list_that_is_there(scope: str) -> None:
    text = asked(scope=scope).text
    tables = "".join(re.findall(r"<tbody>.*?</tbody>", text, flags=re.DOTALL))
    links = {link.replace("../", "").replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', tables)}
    assert any(link.startswith("open/data/cases.csv?month=") for link in links)
    for link in sorted(links)[:6]:
        assert visitor().get(f"/{link}").status_code == 200, link
    assert f"work/search?month={MONTH}" in text


def test_a_period_in_which_nothing_was_counted_has_no_chart() -> None:
    text = asked(period="2001").text
    assert charts(text) == {}
    assert "Nothing was counted" in text


def test_messages_are_counted_by_weekday_and_hour_of_the_district() -> None:
    rows = asked(scope="hour", format="json").json()["rows"]
    assert len(rows) == 7 * 24
    assert [row for row in rows if row["received"]] == [
        {"weekday": 2, "hour": 12, "received": 4},
        {"weekday": 5, "hour": 12, "received": 1},
    ]
    dark = charts(asked(scope="hour").text)["heat"]
    assert sorted(cell.get("class", "") for cell in dark.iter("rect"))[-2:] == ["s1", "s4"]


def test_of_a_month_the_hours_are_not_told() -> None:
    assert asked(scope="hour", period=MONTH).status_code == 422
    assert visitor().get("/v1/figures", params={"scope": "hour", "period": MONTH}).json()["code"] == "bad_period"


def test_hours_made_anew_are_the_same() -> None:
    before = service.table.everything()
    assert rebuild.rebuild(settings.zone).wrong == 0
    assert service.table.everything() == before
