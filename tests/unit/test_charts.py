"""Charts that stand on a page without style or script, and are read aloud."""

from xml.etree import ElementTree

import pytest

from chalicelib.web.charts import FIGURES, WIDTH, Bar, bar_chart, shortened

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*bars: Bar, title: str = "题目", whole: float = 0) -> ElementTree.Element:
    return ElementTree.fromstring(bar_chart("q1", title, bars, whole))


def widths(chart: ElementTree.Element) -> list[float]:
    return [float(bar.attrib["width"]) for bar in chart.iter("rect") if bar.attrib["class"] == "bar"]


def test_bars_are_as_long_as_their_share_of_the_longest_or_of_the_whole() -> None:
    bars, room = [Bar("早餐", 1, "1"), Bar("午餐", 4, "4"), Bar("无", 0, "0")], WIDTH - FIGURES
    assert widths(drawn(*bars)) == [room / 4, room, 0]
    assert widths(drawn(*bars, whole=8)) == [round(room / 8, 1), room / 2, 0]


def test_nothing_counted_and_nothing_to_draw_are_charts_too() -> None:
    assert widths(drawn(Bar("早餐", 0, "0"))) == [0]
    assert widths(drawn()) == []


def test_a_chart_is_a_picture_with_a_name_and_its_figures_in_words() -> None:
    chart = drawn(Bar("早餐", 1, "1 · 50%"), Bar("午餐", 1, "1 · 50%"))
    named = {element.attrib["id"]: element.text for element in chart if "id" in element.attrib}
    assert chart.attrib["role"] == "img"
    assert [named[id] for id in chart.attrib["aria-labelledby"].split()] == ["题目", "早餐: 1 · 50%; 午餐: 1 · 50%"]


def test_no_word_of_a_label_becomes_markup_and_nothing_is_styled_inline() -> None:
    nasty = '<script>"&'
    chart = drawn(Bar(nasty, 1, nasty), title=nasty)
    assert nasty in [element.text for element in chart.iter()]
    text = bar_chart("q1", nasty, [Bar(nasty, 1, nasty)])
    assert "<script>" not in text
    assert "style" not in text


@pytest.mark.parametrize(
    ("text", "columns", "shown"),
    [
        ("早餐", 4, "早餐"),
        ("早餐吃什么", 6, "早餐…"),
        ("breakfast", 9, "breakfast"),
        ("breakfasts", 9, "breakfas…"),
        ("", 3, ""),
    ],
)
def test_a_long_label_is_cut_by_what_it_takes(text: str, columns: int, shown: str) -> None:
    assert shortened(text, columns) == shown
