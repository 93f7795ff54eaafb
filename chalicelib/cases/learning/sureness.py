"""How sure a score is: probabilities by a temperature that is set on texts which the planes had not seen.

C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On Calibration of Modern Neural Networks", ICML 2017, section 4.2. One number
can't be fitted to chance as easily as a curve for each category, and it never changes which guess comes first.
"""

from collections.abc import Sequence
from math import exp, log
from typing import Final

COOLEST, HOTTEST = 0.25, 32.0  # the factor on scores, whose usual width is about 1
STEPS: Final = 30
_GOLDEN: Final = (5**0.5 - 1) / 2


def shares(scores: Sequence[float], factor: float) -> list[float]:
    """Probabilities that sum to 1 (softmax of the scores times ``factor``)."""
    highest = max(scores)
    weights = [exp((score - highest) * factor) for score in scores]
    total = sum(weights)
    return [weight / total for weight in weights]


def surprise(scores: Sequence[Sequence[float]], truth: Sequence[int], factor: float) -> float:
    """The mean of -ln p of what was true (nats); at most that of one chance in a million for each."""
    found = (shares(row, factor)[true] for row, true in zip(scores, truth, strict=True))
    return sum(-log(max(share, 1e-6)) for share in found) / len(truth)


def factor_for(scores: Sequence[Sequence[float]], truth: Sequence[int]) -> float:
    """The factor under which the truth surprises least, by golden-section search over its logarithm."""
    low, high = log(COOLEST), log(HOTTEST)
    for _ in range(STEPS):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if surprise(scores, truth, exp(left)) <= surprise(scores, truth, exp(right)):
            high = right
        else:
            low = left
    return exp((low + high) / 2)
