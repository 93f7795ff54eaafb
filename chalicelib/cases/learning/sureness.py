"""How sure a score is: probabilities that come true as often as they say, set on texts which the planes had not seen.

A temperature (C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On Calibration of Modern Neural Networks", ICML 2017, section 4.2)
and a doubt: the share in which texts are not like any seen before, or people set categories by chance, spread evenly. Two
numbers can't be fitted to chance as easily as a curve for each category, and they never change which guess comes first.
"""

from collections.abc import Sequence
from math import exp, log
from typing import Final, NamedTuple

COOLEST, HOTTEST = 0.25, 32.0  # factors on scores, whose usual width is about 1
DOUBTS: Final = (0.0, 0.01, 0.02, 0.04, 0.06, 0.1, 0.15)
STEPS: Final = 20
MOST_SCORES: Final = 50_000  # rows times categories that are enough to set two numbers
_GOLDEN: Final = (5**0.5 - 1) / 2


class Sureness(NamedTuple):
    """What turns scores into probabilities."""

    factor: float
    doubt: float

    def shares(self, scores: Sequence[float]) -> list[float]:
        """Probabilities that sum to 1: the softmax of the scores times ``factor``, less ``doubt``, which all share."""
        highest = max(scores)
        weights = [exp((score - highest) * self.factor) for score in scores]
        scale, floor = (1.0 - self.doubt) / sum(weights), self.doubt / len(weights)
        return [weight * scale + floor for weight in weights]


def surprise(sureness: Sureness, scores: Sequence[Sequence[float]], truth: Sequence[int]) -> float:
    """The mean of -ln p of what was true (nats); at most that of one chance in a million for each."""
    found = (sureness.shares(row)[true] for row, true in zip(scores, truth, strict=True))
    return sum(-log(max(share, 1e-6)) for share in found) / len(truth)


def sureness_of(scores: Sequence[Sequence[float]], truth: Sequence[int]) -> Sureness:
    """The sureness under which the truth surprises least."""
    every = max(len(scores) * len(scores[0]) // MOST_SCORES, 1)
    seen = scores[::every], truth[::every]
    return min((_with_doubt(doubt, *seen) for doubt in DOUBTS), key=lambda sureness: surprise(sureness, *seen))


def _with_doubt(doubt: float, scores: Sequence[Sequence[float]], truth: Sequence[int]) -> Sureness:
    """The best factor for a doubt, by golden-section search over its logarithm."""
    low, high = log(COOLEST), log(HOTTEST)
    for _ in range(STEPS):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if surprise(Sureness(exp(left), doubt), scores, truth) <= surprise(Sureness(exp(right), doubt), scores, truth):
            high = right
        else:
            low = left
    return Sureness(exp((low + high) / 2), doubt)
