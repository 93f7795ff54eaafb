"""The public site: everyone finds their deputy and what stands in public, in both languages, light and cacheable."""

import gzip
import re
from html import unescape
from xml.etree import ElementTree

import httpx
import pytest

from chalicelib.demands import service
from chalicelib.directory import service as directory_service
from chalicelib.insight import service as figures
from tests.support.calls import recorded
from tests.support.demands import NAME, confirmed, proposed, together, written
from tests.support.visitor import visitor
from tests.support.wanglan import HEATING, LIN, LIN_CODE, NOON, QIAO

pytestmark = pytest.mark.usefixtures("district")

ROOMS = (
    "/open", "/open/deputies", "/open/demands", "/open/suggestions", "/open/supervision", "/open/performance",
    "/open/consultations", "/open/stations", "/open/bulletin", "/open/figures", "/open/data",
)  # fmt: skip
OURS = ("/open", "/open?grid=weidu-1", "/open/deputies", "/open/deputies/lin-jianwei", "/open/demands")


def shown(path: str, language: str = "en") -> str:
    answer = visitor(language).get(path)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def linked(text: str) -> list[str]:
    """Where a page of /open leads to, below the site's root."""
    return [link.replace("../", "") for link in re.findall(r'href="((?:\.\./)*[a-z][^"?#:]*)', text)]


# Every room


@pytest.mark.parametrize("path", ROOMS)
def test_every_room_leads_to_every_other_and_says_where_one_is(path: str) -> None:
    text = shown(path)
    assert [room for room in ROOMS if room[1:] not in linked(text)] == []
    assert re.findall(r'href="[./]*([a-z/]+)" aria-current="true"', text)[:1] == [path[1:]]


@pytest.mark.parametrize("path", OURS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_is_in_one_language_and_has_no_style_or_script_in_it(path: str, language: str) -> None:
    confirmed()
    text = shown(path, language)
    words = re.sub(r"<[^>]+>", " ", re.sub(r"<head.*?</head>", "", text, flags=re.DOTALL))
    if language == "zh":
        assert re.findall(r"[A-Za-z]{3,}", words.replace("English", "")) == []
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script|<style", text)


@pytest.mark.parametrize("path", [*OURS, "/open/figures"])
def test_a_page_weighs_at_most_30_kb_in_at_most_4_requests(path: str) -> None:
    text = shown(path, "zh")
    parts = [text, *(visitor().get(f"/static/{name}").text for name in re.findall(r'/static/([^"]+)"', text))]
    assert len(parts) <= 4
    assert sum(len(gzip.compress(part.encode(), 6)) for part in parts) <= 30_000


@pytest.mark.parametrize("path", OURS)
def test_who_has_a_page_already_is_told_so(path: str) -> None:
    first = visitor().get(path)
    assert first.headers["cache-control"] == "public, max-age=60"
    again = visitor().get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_switch_of_language_is_kept_by_no_cache_and_keeps_what_was_asked() -> None:
    answer = visitor().get("/open", params={"lang": "zh", "place": "霁月花园&x"})
    assert answer.headers["cache-control"] == "no-store"
    assert 'href="?lang=en&amp;place=%E9%9C%81%E6%9C%88%E8%8A%B1%E5%9B%AD%26x"' in answer.text


# Find my deputy


@pytest.mark.parametrize("asked", [{"grid": "weidu-1"}, {"place": "渡口东里3号楼"}, {"place": "Flat 2, jiyue garden, Weidu"}])
def test_a_choice_or_words_of_an_address_lead_to_the_deputy_in_charge(asked: dict[str, str]) -> None:
    text = visitor().get("/open", params=asked).text
    found = re.findall(r'<a href="open/deputies/([a-z-]+)"', text)
    assert found == ["lin-jianwei"]
    assert f'href="d/{LIN_CODE}"' in text
    assert "open/demands?grid=weidu-1" in text


def test_a_place_that_is_nobodys_own_leads_to_all_who_have_a_part_of_it() -> None:
    found = re.findall(r'<a href="open/deputies/([a-z-]+)"', visitor().get("/open", params={"place": "苇渡"}).text)
    assert found == ["lin-jianwei", "gao-xiulan"]


def test_a_place_that_nobody_knows_is_answered_with_what_to_try() -> None:
    text = visitor().get("/open", params={"place": "<b>火星</b>"}).text
    assert "We know no place of this name" in text
    assert 'value="&lt;b&gt;火星&lt;/b&gt;"' in text
    assert "open/deputies/" not in text


def test_nothing_but_the_directory_is_read() -> None:
    directory_service.edition(NOON)
    with recorded() as calls:
        for path in OURS[:-1]:
            shown(path)
    assert {str(call) for call in calls} <= {"GetItem directory"}


# Deputies


def test_all_in_office_stand_ward_by_ward_and_nobody_who_left() -> None:
    text = shown("/open/deputies")
    there = re.findall(r'href="\.\./open/deputies/([a-z-]+)"', text)
    assert sorted(there) == sorted(deputy.id for deputy in directory_service.edition(NOON).deputies)
    assert "feng-baoguo" not in text
    assert "Weidu Ward" in text


def test_a_deputys_page_says_where_and_when_how_to_write_and_what_they_did() -> None:
    text, station = shown("/open/deputies/lin-jianwei"), directory_service.edition(NOON).station("weidu-station")
    assert station
    for part in ("Deputy Lin Jianwei", "Weidu Ward", station.name_en, station.hours_en, "Jiyue Garden area"):
        assert part in text
    for link in ("open/stations/weidu-station", f"d/{LIN_CODE}", f"d/{LIN_CODE}/poster", "open/performance/lin-jianwei"):
        assert link in linked(text)
        assert visitor().get(f"/{link}").status_code == 200
    assert f'src="../../d/{LIN_CODE}/qr.svg"' in text


def test_who_has_left_office_leads_to_who_is_in_charge_now() -> None:
    text = shown("/open/deputies/feng-baoguo")
    assert "Has left office." in text
    assert "open/deputies/lin-jianwei" in linked(text)
    assert "qr.svg" not in text


def test_a_deputy_who_is_not_there_has_a_page_that_says_so() -> None:
    answer = visitor().get("/open/deputies/nobody")
    assert answer.status_code == 404
    assert "There is no such deputy" in answer.text


# Demands


def names(answer: httpx.Response) -> list[str]:
    return re.findall(r'<a href="\.\./open/demands/[0-9A-Z]{13}">([^<]*)</a>', answer.text)


def test_open_demands_stand_there_with_what_is_done_that_of_most_people_first() -> None:
    few, many = together(name="路灯不亮"), confirmed(written(), written(grid="weidu-2"), written())
    service.take_up(many.id, by=LIN, now=NOON)
    service.promise(many.id, "换阀门", "2099-12-01", by=HEATING, now=NOON)
    answer = visitor().get("/open/demands")
    assert names(answer) == [NAME, few.name]
    for part in ("Taken up", "3 residents", "promised by 2099-12-01", "Deputy Lin Jianwei", "Ferry West Lane area"):
        assert part in answer.text


def test_what_is_not_public_or_done_is_not_on_the_list() -> None:
    proposed()
    dismissed = together(name="两回事")
    service.move("dismiss", dismissed.id, by=QIAO, now=NOON, reason="两回事")
    assert names(visitor().get("/open/demands")) == []
    assert "None yet." in shown("/open/demands")


@pytest.mark.parametrize(
    ("asked", "there"),
    [("grid=weidu-1", True), ("grid=weidu", True), ("grid=weidu-2", False), ("category=heating", True),
     ("category=water", False), ("body=heating-company", True), ("body=water-company", False),
     ("deputy=lin-jianwei", True), ("deputy=gao-xiulan", False), ("grid=weidu-1&body=water-company", False)],
)  # fmt: skip
def test_a_list_can_be_of_one_place_matter_body_or_deputy(asked: str, there: bool) -> None:
    confirmed()
    answer = visitor().get(f"/open/demands?{asked}")
    assert (names(answer) == [NAME]) is there
    assert "Only:" in answer.text


def test_a_page_of_the_list_is_one_query_and_a_long_list_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.demands.listing.A_PAGE", 1)
    confirmed(), together(name="路灯不亮")
    shown("/open/demands")
    with recorded() as calls:
        first = visitor().get("/open/demands?grid=weidu-1")
    assert [str(call) for call in calls if "directory" not in str(call)] == ["Query dossiers work-by-body"]
    (more,) = re.findall(r'href="(\?cursor=[^"]+)"', first.text)
    assert "grid=weidu-1" in more
    second = visitor().get("/open/demands" + more.replace("&amp;", "&"))
    assert [*names(first), *names(second)] == [NAME, "路灯不亮"]


def test_a_cursor_that_is_none_is_a_page_too() -> None:
    assert visitor().get("/open/demands?cursor=nonsense").status_code == 422


# The map


def maps(text: str) -> list[ElementTree.Element]:
    found = re.findall(r'<svg class="map".*?</svg>', text, flags=re.DOTALL)
    return [ElementTree.fromstring(each) for each in found]


def test_on_the_map_each_grid_leads_to_its_deputies_and_the_list_beside_it_has_the_same() -> None:
    text = visitor().get("/open").text
    (picture,) = maps(text)
    links = [link.get("href", "") for link in picture.findall("a")]
    assert len(links) == len({grid.id for grid in directory_service.edition(NOON).grids if grid.outline}) == 24
    assert all(f'<a href="{link}">' in text for link in links)
    assert f'href="d/{LIN_CODE}"' in visitor().get(f"/open{links[0].partition('#')[0]}").text


def test_the_figures_map_is_the_darker_the_more_and_leads_to_what_is_asked_there() -> None:
    for case in (written(), written(), written(grid="luqi-1")):
        figures.count(case.id)
    text = visitor().get(f"/open/figures?scope=grid&period={NOON:%Y}").text
    (picture,) = maps(text)
    shades = {link.get("href", "").partition("=")[2]: link.find("path") for link in picture.findall("a")}
    dark = {grid: path.get("class") for grid, path in shades.items() if path is not None and path.get("class") != "s0"}
    assert dark == {"weidu-1": "s4", "luqi-1": "s2"}
    assert "Jiyue Garden area: 2 messages" in text
    for number, link in enumerate(picture.findall("a"), start=1):
        assert f'<a href="{link.get("href")}">{number} ' in text


def test_a_manager_takes_outlines_over_and_a_wrong_one_is_told_by_line() -> None:
    ring = "[[123.5,30],[123.6,30],[123.6,30.1],[123.5,30]]"
    good = f'{{"type":"Feature","id":"weidu","geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}'
    wrong = good.replace('"weidu"', '"weidoo"')
    text = f'{{"type":"FeatureCollection","features":[\n{good},\n{wrong}]}}'
    report = directory_service.import_file(text.encode(), "geojson", by=QIAO, now=NOON)
    assert [(error.line, error.code, error.right) for error in report.errors] == [(3, "unknown_grid", "weidu")]
    report = directory_service.import_file(text.replace(f",\n{wrong}", ""), "geojson", by=QIAO, now=NOON)
    assert (report.written, [change.fields for change in report.changes]) == (True, [("outline",)])
