"""What few messages say tells much; the table that remembers it has a fixed size and is written ever more rarely."""

from itertools import pairwise

import pytest

from chalicelib.demands.weights import EACH, MOST, NOISE, Scale, Weights, unpacked

COMMON, RARE, NEW = 11, 1_000_003, 4_000_000_007


def met(messages: int) -> Weights:
    weights = Weights()
    for number in range(messages):
        weights = weights.learned([COMMON, RARE] if number % 50 == 0 else [COMMON])
    return weights


def test_the_rarer_a_word_the_more_it_tells() -> None:
    weights = met(400)
    assert weights[NEW] == 1.0
    assert 0 <= weights[COMMON] < weights[RARE] < weights[NEW]


def test_while_little_is_known_every_word_tells_about_the_same() -> None:
    assert Weights()[COMMON] == Weights()[NEW] == 1.0
    assert met(1)[COMMON] > 0.9


def test_learning_changes_nothing_that_is_in_use() -> None:
    before = met(10)
    kept = before[COMMON]
    before.learned([COMMON])
    assert before[COMMON] == kept


def test_a_word_is_never_counted_too_low() -> None:
    weights = Weights()
    for number in range(300):
        weights = weights.learned(range(number * 100, number * 100 + 100))
    for _ in range(20):
        weights = weights.learned([NEW])
    floor = Weights(weights.counts, weights.learnt, weights.met)
    assert floor[NEW] <= met_of(20, weights.learnt)


def met_of(count: int, learnt: int) -> float:
    """The weight of a word met so often, if nothing shared its places."""
    exact = Weights(learnt=learnt)
    exact.counts[NEW % (1 << 14)] = exact.counts[(1 << 14) + (NEW >> 14) % (1 << 14)] = count
    return exact[NEW]


def test_it_is_stored_small_and_comes_back_the_same() -> None:
    weights = met(300)
    again = unpacked(weights.packed(), weights.learnt, weights.met)
    assert again == weights
    full = Weights()
    full.counts[:] = type(full.counts)("H", (n * 40503 % 65536 for n in range(len(full.counts))))
    assert len(full.packed()) < 70_000, "one item of DynamoDB holds 400 kB"


def test_the_first_messages_all_teach_and_the_later_ever_fewer() -> None:
    chances = [Weights(met=float(count)).chance for count in (0, 10, EACH, 2 * EACH, 10 * EACH, 10**6)]
    assert chances[:3] == [1.0, 1.0, 1.0]
    assert all(later < earlier for earlier, later in pairwise(chances[2:-1]))
    assert chances[-1] == pytest.approx(1 / 256)
    some = Weights(met=4.0 * EACH)
    taught = sum(some.teaches(f"CASE{number}") for number in range(2000))
    assert 400 < taught < 600
    assert some.teaches("CASE1") == some.teaches("CASE1")


def test_one_that_teaches_stands_for_those_that_do_not() -> None:
    assert Weights(met=4.0 * EACH).learned([NEW]).met == 4 * EACH + 4


def test_the_words_of_long_ago_fade() -> None:
    weights = Weights(learnt=MOST - 1)
    weights.counts[0] = weights.counts[1 << 14] = 2 * NOISE
    after = weights.learned([NEW])
    assert after.learnt == MOST // 2
    assert after.counts[0] == NOISE


def test_a_scale_asks_once() -> None:
    scale = Scale(met(5))
    assert COMMON not in scale
    assert scale[COMMON] == scale[COMMON]
    assert COMMON in scale
