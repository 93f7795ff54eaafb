"""The poster's page: what it says, in both languages, and what it must not hold. How it looks: tests/browser."""

import re
from dataclasses import replace
from datetime import date

import pytest

from chalicelib.directory import qr
from chalicelib.directory.poster import Poster, name_fit, poster, readable
from chalicelib.errors import Invalid

SHEET = Poster(
    name_zh="林晓岚",
    name_en="Lin Xiaolan",
    ward_zh="东湖街道第三选区",
    ward_en="Ward 3, East Lake",
    url="https://zerodistance.example.cn/d/7K3M9QXA",
    code="7K3M-9QXA",
    issued=date(2026, 11, 24),
    station_zh="接待：每月十五日上午，幸福里代表联络站",
    station_en="In person: 15th of the month, 9–11 a.m., Xingfuli station",
)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", re.sub(r"<wbr>", "", page)))


@pytest.mark.parametrize(
    "said",
    [
        "林晓岚",
        "Lin Xiaolan",
        "东湖街道第三选区",
        "Ward 3, East Lake",
        "用微信或相机扫一扫",
        "Scan with your camera",
        "zerodistance.example.cn/d/7K3M9QXA",
        "幸福里代表联络站",
        "In person: 15th of the month",
        "编号 Code 7K3M-9QXA",
        "签发 Issued 2026-11-24",
    ],
)
def test_a_poster_says_who_where_what_to_do_and_which_code_it_is(said: str) -> None:
    assert said in text_of(poster(SHEET))


def test_the_poster_carries_the_very_code_that_the_svg_route_serves() -> None:
    path = re.search(r'stroke="#000" d="[^"]+"', qr.svg(SHEET.url).decode())
    assert path
    assert path[0] in poster(SHEET)


@pytest.mark.parametrize("size", ["A5", "A4"])
def test_each_size_has_its_page_rule_and_a_way_to_the_other(size: str) -> None:
    page = poster(SHEET, size)
    other = {"A5": "A4", "A4": "A5"}[size]
    assert f"static/poster-{size.lower()}.css" in page
    assert f'href="poster?size={other}"' in page
    assert f'href="poster?size={size}"' not in page


@pytest.mark.parametrize("size", ["a5", "A3", "", "A4; }"])
def test_another_size_is_refused_with_what_would_be_right(size: str) -> None:
    with pytest.raises(Invalid, match="must be A5 or A4"):
        poster(SHEET, size)


def test_a_page_needs_no_unsafe_inline_and_nothing_from_elsewhere() -> None:
    page = poster(SHEET)
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", page)
    assert not re.search(r'(?:href|src)="(?:https?:)?//', page)


def test_what_the_directory_holds_is_text_and_never_markup() -> None:
    sly = "<img src=x>&\"'"
    page = poster(replace(SHEET, name_zh=sly, name_en=sly, ward_zh=sly, ward_en=sly, code=sly, station_zh=sly))
    assert "<img" not in page
    assert page.count("&lt;img") >= 6
    assert "<img" not in poster(replace(SHEET, url=SHEET.url + sly))


def test_without_a_station_or_an_english_name_nothing_empty_is_left() -> None:
    page = poster(replace(SHEET, station_zh="", station_en="", name_en="", ward_en=""))
    assert 'class="station"' not in page
    assert '<span lang="en"></span>' not in page


@pytest.mark.parametrize(
    ("url", "typed"),
    [
        ("https://z.example.cn/d/7K3M", "z.<wbr>example.<wbr>cn/<wbr>d/<wbr><strong>7K3M</strong>"),
        ("http://127.0.0.1:80/d/7K", "http:/<wbr>/<wbr>127.<wbr>0.<wbr>0.<wbr>1:80/<wbr>d/<wbr><strong>7K</strong>"),
        ("https://z.cn", "<strong>z.cn</strong>"),
        ("https://z.cn/<b>/&", "z.<wbr>cn/<wbr>&lt;b&gt;/<wbr><strong>&amp;</strong>"),
    ],
)
def test_an_address_is_shown_as_one_types_it(url: str, typed: str) -> None:
    assert readable(url) == typed


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("王明", "short"),
        ("欧阳晓岚月", "short"),
        ("阿依古丽·买买", "medium"),
        ("阿卜杜热合曼·买买提依明", "long"),
        ("Li", "short"),
    ],
)
def test_a_longer_name_stands_smaller(name: str, fit: str) -> None:
    assert name_fit(name) == fit
