"""Two messages are alike by what they say of the same place, however they say it; two places are two matters."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.demands.grouping import ATTACH
from chalicelib.demands.similarity import MANY_KEYS, TEXT_FEATURES, Reading, apart, likeness, packed, read, shared, unpacked
from chalicelib.demands.weights import Scale, Weights

NOTHING_MET = Weights()
COLD = "松林里小区三号楼暖气片不热，室温只有十二度，供热公司一直没有人来修"
COLD_TOO = "我们松林里小区五号楼也是，暖气片一直不热，室温十二度，打了供热公司的电话没有人来修"


def said(text: str, title: str = "", told: tuple[str, ...] = ()) -> Reading:
    return read(title, text, NOTHING_MET, told)


def alike(one: Reading, other: Reading, days: float = 0.0) -> float:
    return likeness(one.fingerprint, other.fingerprint, days, Scale(NOTHING_MET))


def test_the_same_matter_in_other_words_is_alike() -> None:
    assert alike(said(COLD), said(COLD_TOO)) > ATTACH


def test_another_matter_at_the_same_place_is_not() -> None:
    assert alike(said(COLD), said("松林里小区门口的夜宵摊油烟很大，每天吵到凌晨，希望有人管一管")) < ATTACH


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (COLD, COLD.replace("松林", "荷塘")),
        ("东河区公交车等了四十分钟不来，站台上没有遮雨的棚子", "西河区公交车等了四十分钟不来，站台上没有遮雨的棚子"),
        ("The heating in Elm Court has been off since Monday", "The heating in Oak Court has been off since Monday"),
    ],
)
def test_the_same_words_about_two_places_are_two_matters(here: str, there: str) -> None:
    assert apart(said(here).fingerprint, said(there).fingerprint)
    assert alike(said(here), said(there)) < ATTACH
    assert alike(said(here), said(here)) > ATTACH


def test_places_that_the_directory_found_count_as_well() -> None:
    text = "水压太低，三楼以上没有水，晚上才来一会儿"
    assert alike(said(text, told=("g1",)), said(text, told=("g2",))) < ATTACH
    assert alike(said(text, told=("g1", "g2")), said(text, told=("g2",))) > ATTACH
    assert alike(said(text, told=("g1",)), said(text)) > ATTACH, "who names no place may be anywhere"


def test_an_old_message_is_less_alike_than_one_of_today() -> None:
    assert alike(said(COLD), said(COLD_TOO), 400) < alike(said(COLD), said(COLD_TOO), 1) < alike(said(COLD), said(COLD_TOO))


def test_english_and_mixed_texts_are_compared_by_words() -> None:
    one = said("No heating in Elm Court since Monday, radiators are cold, hotline 热线 not answered")
    other = said("Elm Court: radiators cold since Monday, nobody answers the 热线 hotline, no heating at all")
    assert alike(one, other) > ATTACH
    assert alike(one, said("The street lamps along the river have been dark for weeks, please repair them")) < 0


@pytest.mark.parametrize(
    "same", ["松林里小区暖气不热没有人修", "松林里小区暖气不热，没有人修！", "松林里小区　暖气不热…没有人修"]
)
def test_width_case_and_signs_do_not_matter(same: str) -> None:
    assert alike(said("松林里小区暖气不热没有人修"), said(same)) > ATTACH


def test_what_is_long_is_compared_by_its_beginning() -> None:
    assert said(COLD + "。" + "啊" * 20_000).fingerprint.gist == said(COLD + "。" + "啊" * 400).fingerprint.gist
    assert len(said("".join(map(chr, range(0x4E00, 0x6E00)))).fingerprint.text) <= TEXT_FEATURES


@pytest.mark.parametrize(
    "nothing", ["", " \n", "?", "好", "。。。", "啊" * 4000, "🥶🥶🥶", "1" * 4000, "13800000000", "a" * 4000, "_ _"]
)
def test_who_says_nothing_is_known_by_nothing(nothing: str) -> None:
    assert said(nothing).keys == ()
    assert said("", title=nothing).keys == ()
    assert alike(said(nothing), said(COLD)) < ATTACH


def test_numbers_that_name_a_person_leave_no_trace() -> None:
    plain, personal = said(COLD + "，电话"), said(COLD + "，电话13800001234，证号11010119900101123X")
    assert not (personal.learnable - plain.learnable) & said("13800001234").learnable
    assert not said("13800001234").learnable


def test_a_title_says_what_it_is_about_and_without_one_the_weightiest_stretch_does() -> None:
    long = "尊敬的领导您好，" * 4 + COLD
    assert "暖气" in "".join(shared(said(long), said(COLD).fingerprint, Scale(NOTHING_MET)))
    assert said("别的话" * 30, title=COLD).fingerprint.gist == said("", title=COLD).fingerprint.gist


GREETING = "尊敬的领导您好，感谢您在百忙之中阅读，"
STORY = "，我父亲年近八旬，常年卧床，儿子在外地念书，家里再没有别人照应，" * 3


def words_of(text: str, weights: Weights = NOTHING_MET) -> str:
    return "，".join("".join(run) for run in read("", text, weights).words)


def test_without_a_title_what_is_said_first_stands_for_the_message() -> None:
    assert words_of(COLD + STORY).startswith(COLD[:20])
    assert "年近八旬" in words_of(STORY[1:] + COLD), "and what comes last does not, where much was said before"


def test_a_greeting_that_was_met_before_is_not_what_a_message_is_about() -> None:
    met = NOTHING_MET
    for _ in range(100):
        met = met.learned(said(GREETING).learnable)
    assert COLD[:20] in words_of(GREETING + COLD + STORY, met)
    assert "尊敬" not in words_of(GREETING + COLD + STORY, met)


def test_a_name_at_the_beginning_is_not_cut_in_two() -> None:
    for place in ("望澜国际城二期", "霁月花园北区东门", "青松路小学西校区"):
        said_first = words_of(
            f"{GREETING}{place}的暖气片一直不热，室温只有十二度，物业和供热公司都没有人来修，孩子冻病了{STORY}"
        )
        assert place in said_first or place[0] not in said_first


def test_it_says_why_in_the_writers_words() -> None:
    because = shared(said(COLD), said(COLD_TOO).fingerprint, Scale(NOTHING_MET))
    assert because
    assert all(words in COLD for words in because)
    assert any("松林里小区" in words for words in because)
    english = said("No heating in Elm Court since Monday")
    assert "elm court since monday" in shared(english, said("Elm Court since Monday: cold").fingerprint, Scale(NOTHING_MET))[0]


def test_keys_are_few_and_the_most_telling_first() -> None:
    known = Weights()
    for _ in range(200):
        known = known.learned(said("暖气片不热，供热公司没有人来修").learnable)
    keys = read("", COLD, known).keys
    assert len(keys) <= MANY_KEYS
    assert keys.index("松 林 里") < keys.index("供 热 公")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=600), st.text(max_size=80))
def test_any_text_is_read_stored_and_compared_without_error(text: str, title: str) -> None:
    reading = said(text, title)
    assert unpacked(packed(reading.fingerprint)) == reading.fingerprint
    assert len(packed(reading.fingerprint)) < 4096
    assert alike(reading, reading) == pytest.approx(alike(reading, reading))
    assert alike(reading, said(COLD)) == pytest.approx(alike(said(COLD), reading))
    shared(reading, said(COLD).fingerprint, Scale(NOTHING_MET))


def test_a_message_that_names_no_place_is_apart_from_none() -> None:
    nowhere = replace(said(COLD).fingerprint, areas=frozenset(), named=frozenset())
    assert not apart(nowhere, said(COLD.replace("松林", "荷塘")).fingerprint)
