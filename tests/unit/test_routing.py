"""Which body a message goes to, by category, place and words that stand in the directory; and how urgent it sounds."""

from datetime import timedelta
from functools import cache

import pytest

from chalicelib.cases.model import Destination
from chalicelib.cases.routing import destination, lexicon, urgency_of
from chalicelib.directory.kinds import Step
from chalicelib.directory.model import Directory
from chalicelib.directory.phrases import phrase, plain
from chalicelib.directory.plan import edition_of
from chalicelib.spine.clock import due
from tests.support.district import directory as district
from tests.support.district import planned
from tests.support.wanglan import FILE, NOON


@cache
def wanglan() -> Directory:
    return district(FILE.read_text())


def goes(text: str, category: str = "", grid: str = "") -> Destination:
    return destination(text, category, grid, wanglan(), lexicon(wanglan()))


@pytest.mark.parametrize(
    ("text", "category", "body"),
    [
        ("家里暖气不热，室温只有12度", "heating/supply/cold-flat", "heating-company"),
        ("Our flat is freezing, no heating since Monday", "heating/supply/cold-flat", "heating-company"),
        ("小区停水了，一滴水都没有", "water/supply/no-water", "water-company"),
        ("下水道堵了，污水外溢到楼道", "water/sewer/blocked", "urban-management"),
        ("昨晚开始停电，没电", "power/supply/outage", "power-supply"),
        ("楼道堆物堵塞消防通道", "safety/fire/escape", "public-security"),
        ("低保补贴怎么申请", "care/support/allowance", "civil-affairs"),
    ],
)
def test_plain_words_find_their_category_and_its_body(text: str, category: str, body: str) -> None:
    found = goes(text)
    assert (found.category, found.body) == (category, body)
    assert found.guesses[0] == category
    assert all(phrase(word).stands_in(plain(text)) for word in found.because)
    assert found.because
    assert 0.5 <= found.confidence <= 1


def test_capitals_make_no_difference() -> None:
    assert goes("NO HEATING AT ALL").category == goes("no heating at all").category != ""


@pytest.mark.parametrize("text", ["啊啊啊 ???", "", "您好", "🙂🙂🙂", "x" * 4000])
def test_what_no_word_is_known_in_goes_to_a_person(text: str) -> None:
    assert goes(text) == Destination("", "", "normal", 0.0, (), ())


def test_what_could_be_several_things_goes_to_a_person_with_the_guesses() -> None:
    found = goes("停水 停电 水压 电压 电费 水费 垃圾")
    assert (found.body, found.category) == ("", "")
    assert len(found.guesses) == 3
    assert found.confidence < 0.5


def test_the_residents_own_choice_wins_over_the_words() -> None:
    found = goes("家里暖气不热", category="power/supply/outage")
    assert (found.category, found.body, found.confidence) == ("power/supply/outage", "power-supply", 1.0)
    assert found.guesses == ("heating/supply/cold-flat", "heating")


def test_a_choice_that_there_is_not_is_no_choice() -> None:
    assert goes("家里暖气不热", category="nothing/like/it").category == "heating/supply/cold-flat"


@pytest.mark.parametrize(
    ("category", "grid", "body"),
    [
        ("heating/supply/cold-flat", "weidu-1", "heating-company"),
        ("heating/supply/cold-flat", "", "heating-company"),
        ("heating/supply/cold-flat", "luyu-3", "luyu-heating"),
        ("heating", "luyu", "luyu-heating"),
        ("environment/air/river", "qinglu-2", "water-company"),
        ("environment/air/river", "weidu-2", "environment-bureau"),
        ("other", "weidu-1", ""),
    ],
)
def test_the_place_decides_where_bodies_share_a_category(category: str, grid: str, body: str) -> None:
    assert goes("请看一下", category, grid).body == body


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("闻到煤气味，很浓", "danger"),
        ("There is a smell of gas in the stairwell", "danger"),
        ("电线掉在路上，火花四溅", "danger"),
        ("井盖没了", "danger"),
        ("我不想活了", "danger"),
        ("水管爆了，爆管", "urgent"),
        ("家里有婴儿", "urgent"),
        ("路灯不亮", "normal"),
    ],
)
def test_urgency_is_heard_from_the_words(text: str, urgency: str) -> None:
    level, words = urgency_of(text, wanglan())
    assert level == urgency
    assert bool(words) == (urgency != "normal")
    assert goes(text).urgency == urgency


def test_danger_to_life_comes_before_anything_else_that_is_urgent() -> None:
    assert urgency_of("家里有婴儿，闻到煤气味", wanglan())[0] == "danger"


def test_a_word_may_be_urgent_in_one_category_and_plain_in_another() -> None:
    assert goes("停水好几天了，没有水").urgency == "urgent"
    assert goes("电费单等了好几天").urgency == "normal"
    assert urgency_of("老人在家，太冷", wanglan(), "heating/supply/cold-flat") == ("urgent", ("老人",))
    assert urgency_of("老人在家，太冷", wanglan())[0] == "normal"


def test_urgency_does_not_need_a_category() -> None:
    found = goes("救命")
    assert (found.body, found.urgency, found.because) == ("", "danger", ("救命",))


@pytest.mark.parametrize("category", ["", "heating", "power/supply/outage"])
def test_a_danger_is_a_danger_whatever_category_was_chosen(category: str) -> None:
    assert goes("漏电，有人触电", category).urgency == "danger"


def test_words_and_rules_that_are_retired_no_longer_count() -> None:
    before = planned(FILE.read_text()).after
    change = (
        "dangers:\n  - {id: fire, words: [着火], urgency: danger, why_zh: 火, why_en: Fire, retired: true}\n"
        "categories:\n  - {id: heating/charges/fee, name_zh: 取暖费, name_en: Heating fee, words: [取暖费], retired: true}\n"
    )
    outcome = planned(change, before)
    assert not outcome.report.errors
    after = Directory(edition_of(outcome.after, 2, NOON))
    assert urgency_of("着火", after)[0] == "normal"
    assert "heating/charges/fee" not in destination("取暖费", "", "", after, lexicon(after)).guesses


@pytest.mark.parametrize("step", ["acknowledge", "answer"])
@pytest.mark.parametrize("category", ["", *(category.id for category in wanglan().categories)])
def test_in_the_demo_district_what_is_more_urgent_is_never_promised_later(category: str, step: Step) -> None:
    calendar = wanglan().calendar_for()
    for start in (NOON + timedelta(hours=hours) for hours in range(0, 168, 12)):
        promised = [wanglan().promise_for(step, category, urgency) for urgency in ("danger", "urgent", "normal")]
        moments = [due(start, found.promise, calendar) for found in promised if found]
        assert moments == sorted(moments)
