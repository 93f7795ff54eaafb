"""Words with gaps, as people write them in the directory, and how they are found in messages."""

from time import process_time

import pytest

from chalicelib.directory.phrases import WIDEST, WIDEST_HAN, fault, phrase, plain
from tests.support.district import errors


def stands(word: str, text: str) -> bool:
    return phrase(word).stands_in(plain(text))


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("停水", "小区停水了"),
        ("暖气…停", "暖气昨晚就停了"),
        ("暖气…停", "暖气停了"),
        ("暖气……停", "暖气又停了"),
        ("暖气…停", "暖气，停了"),
        ("室温…度", "室温12.5度"),
        ("smoke…from", "Smoke is pouring from the roof"),
        ("stuck in…lift", "stuck  in the\tlift"),
        ("suicid", "I feel suicidal"),
        ("gas", "GAS!"),
        ("gas", "闻到gas味"),
        ("ｇａｓ", "gas"),
        ("on fire", "ＯＮ　ＦＩＲＥ"),
        ("can't breathe", "I can’t breathe"),
        ("co alarm", "the CO alarm"),
        ("пожар", "Пожары"),
        ("a…b…c", "a b c"),
    ],
)
def test_a_word_is_found(word: str, text: str) -> None:
    assert stands(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("gas", "Las Vegas"),
        ("rape", "grapes and drapes"),
        ("heating…off", "heating and coffee"),
        ("暖气…停", "停了的暖气"),
        ("暖气…停", "暖气很好。停车难"),
        ("暖气…停", "暖气很好！停车难"),
        ("暖气…停", "暖气很好\n停车难"),
        ("smoke…from", "No smoke. We come from the river"),
        ("пожар", "непожар"),
        ("a…b…c", "c b a"),
        ("停水", ""),
    ],
)
def test_a_word_is_not_found_where_it_does_not_stand(word: str, text: str) -> None:
    assert not stands(word, text)


@pytest.mark.parametrize(("word", "filler", "widest"), [("暖气…停", "的", WIDEST_HAN), ("smoke…from", "-", WIDEST)])
def test_a_gap_is_so_wide_and_no_wider(word: str, filler: str, widest: int) -> None:
    assert stands(word, word.replace("…", filler * widest))
    assert not stands(word, word.replace("…", filler * (widest + 1)))


def test_the_nearest_of_several_places_counts_not_the_first() -> None:
    assert stands("暖气…停", "暖气的问题我们反映过很多次了，现在暖气又停")


@pytest.mark.parametrize("text", ["a" * 4000, "ab" * 2000, "a b " * 1000, "暖" * 4000, "暖气" * 2000])
def test_no_text_takes_long_to_look_through(text: str) -> None:
    begun = process_time()
    for word in ("a…a…b", "a…b…c", "暖…暖…停", "暖气…气…停", "暖…气…暖停"):
        stands(word, f"{text} 停 c")
    assert process_time() - begun < 1


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("…停", "nothing on one side"),
        ("暖气…", "nothing on one side"),
        ("暖气… …停", "nothing on one side"),
        ("  ", "is blank"),
        ("a…b…c…d", "has 3 gaps"),
        ("暖气...停", "looked for as dots"),
    ],
)
def test_a_malformed_word_is_refused_and_still_harms_no_message(word: str, said: str) -> None:
    assert said in fault(word)
    assert f"'{word}'" in fault(word)
    assert not stands(word, "供电正常")


def test_words_that_are_right_have_no_fault() -> None:
    assert [fault(word) for word in ("停水", "暖气…停", "暖气……停", "a…b…c", "can't breathe")] == [""] * 5


def test_a_directory_with_a_malformed_word_is_refused_with_line_word_and_what_would_be_right() -> None:
    dangers = "dangers:\n  - id: heat\n    words: [停暖, 暖气…]\n    urgency: urgent\n    why_zh: 冷\n    why_en: Cold\n"
    categories = "categories:\n  - {id: roads, name_zh: 道路, name_en: Roads, urgent_words: [塌...陷]}\n"
    found = errors(dangers + categories)
    assert [(each.line, each.kind, each.id, each.field, each.code) for each in found] == [
        (3, "dangers", "heat", "words", "wrong_word"),
        (8, "categories", "roads", "urgent_words", "wrong_word"),
    ]
    assert "'暖气…'" in found[0].detail
    assert "暖气…停" in found[0].right


def test_a_rule_that_is_retired_may_keep_what_it_had() -> None:
    rule = "{id: heat, words: ['…停'], urgency: urgent, why_zh: 冷, why_en: Cold, retired: true}"
    assert errors(f"dangers: [{rule}]") == []
