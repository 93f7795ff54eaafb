"""Public figures from outside: JSON and page, for everyone, cacheable; and the client that reads them."""

from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from chalicelib.cases import service as cases
from chalicelib.directory import service as directory_service
from chalicelib.insight import service
from chalicelib.people.permissions import ANYONE, PERMISSIONS
from chalicelib.people.roles import STAFF
from chalicelib.settings import settings
from tests.contract.conftest import AsRole
from tests.contract.test_api_permissions import code_of
from tests.support.api import BASE_URL, AppTransport
from tests.support.calls import counted
from tests.support.casework import routed
from tests.support.demands import confirmed
from tests.support.wanglan import LIN, NOON
from zerodistance_client import Invalid, MemoryTokens, Retry, ZeroDistance
from zerodistance_client.command.app import app as command
from zerodistance_client.command.around import Around

ROUTES = ("GET /v1/figures", "GET /open/figures")
YEAR = {"period": f"{NOON:%Y}"}


@pytest.fixture
def lived(anyone: httpx.Client) -> None:  # noqa: ARG001 - the district stands
    """A case that was answered and found good, one that waits, and a demand."""
    solved, waiting, demand = routed(grid="weidu-1"), routed(), confirmed()
    cases.move("answer", solved.id, by=LIN, now=NOON, text="修好了")
    cases.confirm(cases.found(solved.id), 5, now=NOON)
    for dossier in (solved.id, waiting.id, demand.id):
        service.count(dossier)


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("route", ROUTES)
def test_figures_are_for_everyone_and_the_same_for_all(route: str, anyone: httpx.Client, as_role: AsRole) -> None:
    assert PERMISSIONS[route] == ANYONE
    path = route.removeprefix("GET ")
    seen = {who.get(path, params=YEAR).text for who in (anyone, *map(as_role, STAFF))}
    assert len(seen) == 1


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("route", ROUTES)
def test_who_has_them_already_is_told_so_and_a_cache_may_keep_them_a_minute(route: str, anyone: httpx.Client) -> None:
    path = route.removeprefix("GET ")
    first = anyone.get(path, params=YEAR)
    assert first.headers["cache-control"] == "public, max-age=60"
    again = anyone.get(path, params=YEAR, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    service.count(routed().id)
    assert anyone.get(path, params=YEAR, headers={"If-None-Match": first.headers["etag"]}).status_code == 200


@pytest.mark.usefixtures("lived")
def test_json_has_the_counts_the_rates_and_the_lines(anyone: httpx.Client) -> None:
    found = anyone.get("/v1/figures", params={"scope": "body", **YEAR}).json()
    (line,) = [line for line in found["lines"] if line["id"] == "heating-company"]
    assert line["counts"] == found["total"]["counts"]
    assert line["rates"] == {"in_time": 1.0, "solved": 1.0, "satisfied": 1.0}
    assert (line["name_zh"], line["name_en"]) != ("", "")
    assert sum(month["counts"]["received"] for month in found["months"].values()) == line["counts"]["received"]


def test_without_anything_counted_there_are_no_rates(anyone: httpx.Client) -> None:
    found = anyone.get("/v1/figures").json()
    assert (found["scope"], found["lines"], found["months"]) == ("district", [], {})
    assert found["total"] == {"counts": {}, "rates": {"in_time": None, "solved": None, "satisfied": None}}
    assert "没有数据" in anyone.get("/open/figures").text


@pytest.mark.parametrize(("query", "code"), [({"scope": "x"}, "unknown_scope"), ({"period": "2026-13"}, "bad_period")])
def test_what_there_is_not_is_refused_in_words(query: dict[str, str], code: str, anyone: httpx.Client) -> None:
    answer = anyone.get("/v1/figures", params=query)
    assert (answer.status_code, code_of(answer)) == (422, code)
    page = anyone.get("/open/figures", params=query)
    assert (page.status_code, "没有这样的数据" in page.text) == (422, True)


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("scope", service.SCOPES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_scope_has_its_page_in_both_languages(scope: str, language: str, anyone: httpx.Client) -> None:
    query = {"scope": scope, **YEAR}
    page = anyone.get("/open/figures", params=query, headers={"Accept-Language": language})
    assert page.status_code == 200
    assert "100% (1)" in page.text or scope in ("section", "hour")
    assert ("The three rates" in page.text) == (language == "en" and scope not in ("section", "hour"))
    assert "<script" not in page.text
    assert "style=" not in page.text


@pytest.mark.usefixtures("lived")
def test_a_page_for_who_switches_the_language_stays_out_of_caches(anyone: httpx.Client) -> None:
    assert anyone.get("/open/figures", params={"lang": "en"}).headers["cache-control"] == "no-store"


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("route", ROUTES)
def test_a_view_costs_one_query(route: str, anyone: httpx.Client) -> None:
    directory_service.edition(settings.now())
    with counted() as calls:
        anyone.get(route.removeprefix("GET "), params=YEAR)
    assert calls == ["Query figures"]


@pytest.mark.usefixtures("lived")
def test_the_client_reads_them_without_a_sign_in(app_transport: AppTransport) -> None:
    nobody = ZeroDistance(BASE_URL, MemoryTokens(), retry=Retry(attempts=1), transport=app_transport)
    found = nobody.figures("category", YEAR["period"])
    assert found.lines[0].name("zh") != found.lines[0].id
    assert sum(month.counts["received"] for month in found.by_month.values()) == found.total.counts["received"]
    with pytest.raises(Invalid):
        nobody.figures("x")


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("figures",), "answered in time"),
        (("figures", "body", "--json"), "heating-company"),
        (("figures", "section"), "demand.confirmed"),
        (("figures", "--period", "2020"), "2020"),
    ],
)
def test_the_command_shows_them(words: tuple[str, ...], shown: str, app_transport: AppTransport, tmp_path: Path) -> None:
    environment = {"DEPUTY_HOME": str(tmp_path), "LANG": "en_US.UTF-8"}
    here = Around(BASE_URL, environment=environment, transport=app_transport, tokens=MemoryTokens(), folder=tmp_path)
    period = () if "--period" in words else ("--period", YEAR["period"])
    result = CliRunner().invoke(command, [*words, *period], obj=here)
    assert result.exit_code == 0, result.output
    assert shown in result.output
