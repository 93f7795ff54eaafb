"""The map: well-formed, by classes only, each area a link with a name, the more the darker."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.web.charts import shade
from chalicelib.web.maps import WIDTH, Area, area_map

SQUARE = ((123.5, 30.0), (123.6, 30.0), (123.6, 30.1), (123.5, 30.1))
EAST = tuple((lon + 0.2, lat) for lon, lat in SQUARE)


def drawn(*areas: Area) -> ElementTree.Element:
    return ElementTree.fromstring(area_map("m", "A <map>", "What & where", areas))


def test_each_area_is_a_link_that_says_its_name_and_how_much() -> None:
    picture = drawn(Area("<岸>", SQUARE, "?grid=a&x=1", 3, "3 messages"), Area("Hill", EAST, "?grid=b"))
    links = picture.findall("a")
    assert [(link.get("href"), link.get("aria-label")) for link in links] == [
        ("?grid=a&x=1", "<岸>: 3 messages"),
        ("?grid=b", "Hill"),
    ]
    assert [link.findtext("text") for link in links] == ["1", "2"]
    assert (picture.findtext("title"), picture.findtext("desc")) == ("A <map>", "What & where")


def test_no_area_is_drawn_without_an_outline_and_numbers_stay() -> None:
    picture = drawn(Area("Nowhere", (), "?a"), Area("Hill", EAST, "?b"))
    assert [link.findtext("text") for link in picture.findall("a")] == ["2"]
    assert area_map("m", "", "", [Area("Nowhere", SQUARE[:2], "?a")]) == ""


def test_north_is_up_and_east_is_right() -> None:
    north = tuple((lon, lat + 0.2) for lon, lat in SQUARE)
    south, east, up = drawn(Area("a", SQUARE, ""), Area("b", EAST, ""), Area("c", north, "")).findall("a/text")
    assert float(east.get("x", "")) > float(south.get("x", ""))
    assert float(up.get("y", "")) < float(south.get("y", ""))


@pytest.mark.parametrize(("value", "most", "dark"), [(0, 0, 0), (0, 9, 0), (1, 100, 1), (26, 100, 2), (100, 100, 4), (1, 1, 4)])
def test_the_more_the_darker_and_nothing_is_never_dark(value: int, most: int, dark: int) -> None:
    assert shade(value, most) == dark


@given(some.lists(some.tuples(some.floats(-179, 179), some.floats(-89, 89)), min_size=3, max_size=12))
def test_every_point_lies_on_the_sheet_and_nothing_is_styled(outline: list[tuple[float, float]]) -> None:
    text = area_map("m", "t", "d", [Area("a", outline, "?a")])
    (height,) = re.findall(rf'viewBox="0 0 {WIDTH} (\d+)"', text)
    (path,) = re.findall(r' d="M([^"]+)Z"', text)
    for x, y in (pair.split(" ") for pair in path.split("L")):
        assert 0 <= float(x) <= WIDTH
        assert 0 <= float(y) <= int(height)
    assert "style" not in text
