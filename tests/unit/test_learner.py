"""The learner says what it learnt, how sure it is and why; and what is in service is never replaced by something worse."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from chalicelib.cases.learner import (
    Example,
    Lexicon,
    Model,
    Prediction,
    Together,
    TooFew,
    better,
    fit,
    newest_tenth,
    pack,
    parts,
    replacement,
    unpack,
)  # fmt: skip
from chalicelib.cases.learning.packing import PART
from tests.unit.learner_messages import BEGAN, SAYINGS, messages

WORDS = Lexicon({"heating": ("暖气", "heating"), "roads": ("井盖", "pothole"), "waste": ("垃圾", "garbage")})
LIGHTS = Lexicon({**WORDS.words, "lights": ("霓虹灯",)})


@pytest.fixture(scope="module")
def model() -> Model:
    return fit(messages(120))


@dataclass(frozen=True)
class Says:
    """A guesser that says the same of every text."""

    category: str
    share: float

    def predict(self, text: str) -> Prediction:
        return Prediction(self.category, self.share, (text,), ((self.category, self.share),))


# What it learns


def test_what_was_learnt_is_told_of_messages_never_seen(model: Model) -> None:
    unseen = messages(60, seed=8)
    assert sum(model.predict(each.text).category == each.category for each in unseen) >= 57


@pytest.mark.parametrize(
    ("text", "category"),
    [("我家暖气又不热了", "heating"), ("The road is full of potholes", "roads"), ("垃圾 garbage 没人收 collects", "waste")],
)
def test_chinese_english_and_mixed_texts_are_understood(model: Model, text: str, category: str) -> None:
    assert model.predict(text).category == category


def test_words_of_one_root_are_one_matter(model: Model) -> None:
    assert model.predict("heater").category == "heating"  # never seen; heating and heated were


def test_the_reasons_stand_in_the_text_and_speak_of_the_matter(model: Model) -> None:
    found = model.predict("尊敬的领导，我们小区的暖气片漏水，请尽快处理")
    assert "暖气" in "".join(found.because)
    assert all(word in "尊敬的领导，我们小区的暖气片漏水，请尽快处理" for word in found.because)


def test_guesses_are_all_categories_the_likeliest_first_and_sum_to_one(model: Model) -> None:
    found = model.predict("路面坑洼")
    shares = [share for _, share in found.guesses]
    assert {category for category, _ in found.guesses} == set(SAYINGS)
    assert sum(shares) == pytest.approx(1, abs=0.001)
    assert shares == sorted(shares, reverse=True)
    assert found.guesses[0] == (found.category, found.confidence)


def test_the_same_examples_in_any_order_make_the_same_bytes() -> None:
    examples = messages(60)
    assert pack(fit(examples)) == pack(fit(examples[::-1]))


def test_the_seed_is_all_the_chance_there_is() -> None:
    assert pack(fit(messages(60), seed=1)) == pack(fit(messages(60), seed=1))


@pytest.mark.parametrize("examples", [[], messages(30, roads="heating", waste="heating"), [Example("12", "a", BEGAN)] * 3])
def test_too_few_to_learn_from_is_said(examples: list[Example]) -> None:
    with pytest.raises(TooFew):
        fit(examples)


def test_what_it_says_comes_true_as_often_as_it_says() -> None:
    puzzling = [replace(each, category="roads" if at % 5 == 0 else each.category) for at, each in enumerate(messages(300))]
    learnt = fit(puzzling[:200])
    said = [(learnt.predict(each.text), each.category) for each in puzzling[200:]]
    sure = sum(prediction.confidence for prediction, _ in said) / len(said)
    right = sum(prediction.category == true for prediction, true in said) / len(said)
    assert sure == pytest.approx(right, abs=0.1)


# Bad input


@pytest.mark.parametrize("text", ["", " ", "🔥🔥🔥", "1234567890" * 40, "！？。…", "\x00\ud800", "ﷺ"])
def test_a_text_without_a_known_word_is_no_guess(model: Model, text: str) -> None:
    assert model.predict(text) == Prediction()
    assert Together(WORDS, model).predict(text) == Prediction()


@pytest.mark.parametrize("text", ["热" * 4_000, "暖气" * 9_000, "x" * 4_000, "路", "🔥暖气🔥heating１２３", "a b " * 2_000])
def test_an_odd_text_is_guessed_or_left_alone_never_an_error(model: Model, text: str) -> None:
    found = model.predict(text)
    assert 0 <= found.confidence <= 1
    assert all(len(word) <= 4_000 for word in found.because)


def test_odd_texts_can_be_learnt_from() -> None:
    odd = [Example(text, "waste", BEGAN) for text in ("", "🔥", "垃" * 4_000, "1" * 4_000)]
    assert fit([*messages(40), *odd]).predict("垃圾").category == "waste"


# How it is kept


def test_a_model_comes_back_from_its_bytes_as_it_was(model: Model) -> None:
    again = unpack(pack(model))
    assert [again.predict(each.text) for each in messages(30)] == [model.predict(each.text) for each in messages(30)]
    assert (again.known, again.until) == (model.known, model.until)


def test_no_word_that_anybody_wrote_is_in_a_model_in_the_clear(model: Model) -> None:
    assert not any(word.encode() in pack(model) for word in ("暖气", "pothole", "garbage"))


def test_a_large_model_goes_into_parts_that_fit_an_item() -> None:
    data = bytes(range(256)) * 3_000
    cut = list(parts(data))
    assert max(map(len, cut)) <= PART < 400_000
    assert b"".join(cut) == data


@pytest.mark.parametrize("data", [b"", b"no model", pack(fit(messages(40)))[:-5]])
def test_bytes_that_are_no_model_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no model"):
        unpack(data)


def test_a_model_of_another_version_is_to_be_fitted_anew(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    data = pack(model)
    monkeypatch.setattr("chalicelib.cases.learning.packing.VERSION", 99)
    with pytest.raises(ValueError, match=r"of version [0-9]+, and 99 is wanted"):
        unpack(data)


# With the lexicon


def test_a_new_category_is_guessed_by_its_words_though_the_model_knows_nothing_of_it(model: Model) -> None:
    found = Together(LIGHTS, model).predict("霓虹灯整夜亮着")
    assert found.category == "lights"
    assert found.because[0] == "霓虹灯"


def test_what_is_well_known_weighs_more_than_the_lexicon(model: Model) -> None:
    misleading = Lexicon({**WORDS.words, "waste": ("坑洼",)})
    assert Together(misleading, model).predict("路面坑洼不平，车轮都坏了").category == "roads"


def test_a_category_out_of_use_is_never_guessed_and_makes_no_other_surer(model: Model) -> None:
    in_use = Lexicon({name: words for name, words in WORDS.words.items() if name != "roads"})
    found = Together(in_use, model).predict("路面坑洼不平，垃圾")
    assert "roads" not in dict(found.guesses)
    assert found.confidence == dict(Together(WORDS, model).predict("路面坑洼不平，垃圾").guesses)[found.category]


def test_a_text_that_the_model_does_not_know_is_left_to_the_lexicon(model: Model) -> None:
    rare = Lexicon({**WORDS.words, "waste": ("鼠",)})
    assert Together(rare, model).predict("鼠").category == "waste"


def test_unsure_of_the_matter_but_sure_of_the_field() -> None:
    found = Prediction("heating/pipes", 0.4, (), (("heating/pipes", 0.4), ("heating/fee", 0.35), ("roads", 0.25)))
    assert found.narrowest(0.7) == ("heating", 0.75)
    assert found.narrowest(0.3) == ("heating/pipes", 0.4)
    assert found.narrowest(0.9) == ("", 0.0)


# What goes into service


def test_more_right_answers_are_better_and_fewer_are_not(model: Model) -> None:
    newest = messages(20, seed=9)
    always = Says("roads", 1.0)
    assert better(always, model, newest)
    assert not better(model, always, newest)


def test_as_many_right_answers_are_better_only_when_surer() -> None:
    newest = [Example("one", "a", BEGAN), Example("two", "a", BEGAN)]
    sure, unsure = Says("a", 0.9), Says("a", 0.6)
    assert better(unsure, sure, newest)
    assert not better(sure, unsure, newest)
    assert not better(sure, sure, newest)


def test_without_a_message_to_measure_with_nothing_is_better(model: Model) -> None:
    assert not better(Says("", 0.0), model, [])


def test_it_is_measured_on_the_newest_tenth_which_it_has_not_learnt() -> None:
    learnt_from, newest = newest_tenth(messages(200)[::-1])
    assert len(newest) == 20
    assert max(each.at for each in learnt_from) < min(each.at for each in newest)
    assert replacement(messages(200), WORDS, None).until == learnt_from[-1].at  # type: ignore[union-attr]


@pytest.mark.parametrize("examples", [messages(39), [replace(each, category="waste") for each in messages(60)]])
def test_with_few_examples_or_one_category_alone_the_lexicon_stays_alone(examples: list[Example]) -> None:
    assert replacement(examples, WORDS, None) is None


def test_a_model_made_from_wrong_categories_does_not_replace_a_good_one() -> None:
    good = replacement(messages(100), WORDS, None)
    spoilt = [replace(each, category="waste") for each in messages(100)] + [
        replace(each, at=each.at + timedelta(days=30)) for each in messages(30, seed=5)
    ]
    assert good
    assert replacement(spoilt, WORDS, good) is None


def test_a_model_that_learnt_more_replaces_one_that_knew_less() -> None:
    fewer = fit(messages(40, waste="roads"))
    newer = replacement(messages(200), Lexicon(dict.fromkeys(SAYINGS, ())), fewer)
    assert newer
    assert newer.until > fewer.until


def test_nothing_new_to_learn_changes_nothing() -> None:
    in_service = replacement(messages(100), WORDS, None)
    assert replacement(messages(100), WORDS, in_service) is None


def test_late_confirmations_of_old_messages_wait_for_messages_that_nobody_has_learnt() -> None:
    in_service = fit(messages(100))
    assert replacement([*messages(100), *messages(100, seed=5)], WORDS, in_service) is None


def test_examples_of_categories_out_of_use_teach_nothing() -> None:
    in_use = Lexicon({"heating": (), "roads": ()})
    found = replacement(messages(200), in_use, None)
    assert found
    assert set(found.known) == {"heating", "roads"}
