"""What each step of the learner gains over the SVM that it is measured beside, one after the other, on the same folds.

All with scikit-learn, so that only the named step differs; what the learner itself gets stands under ``folds``.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import exp
from statistics import mean
from typing import Any, Final

from bench.routing_peer import Peer, sklearn, svm, svm_as_named
from bench.shown import Part, table
from chalicelib.cases.learning.terms import FADES_OVER, MORE_AT_FIRST

_LETTERS: Final = re.compile(r"[a-z]+|[^\W\da-z_]+")
balanced = partial(svm, class_weight="balanced")


def _grams(text: str, longest: int, more_at_first: float) -> dict[str, float]:
    """Grams that keep within letters of one script, weighed by where they stand; Latin words whole."""
    found: defaultdict[str, float] = defaultdict(float)
    for start, gram in _placed(text.lower(), longest):
        found[gram] += 1.0 + more_at_first * exp(-start / FADES_OVER)
    return found


def _placed(text: str, longest: int) -> Iterator[tuple[int, str]]:
    for piece in _LETTERS.finditer(text):
        letters, start = piece.group(), piece.start()
        if letters.isascii():
            yield start, letters
            continue
        for length in range(1, longest + 1):
            yield from ((start + at, letters[at : at + length]) for at in range(len(letters) - length + 1))


def _counted(texts: Sequence[str], longest: int, more_at_first: float) -> Any:
    return sklearn("feature_extraction").DictVectorizer().fit_transform(_grams(text, longest, more_at_first) for text in texts)


def _steps(texts: Sequence[str]) -> Iterator[tuple[str, Peer]]:
    """The way to the learner, and beside it what was tried and left."""
    plain = svm_as_named(texts).counts
    yield "the SVM as named", Peer(plain, 1, svm)
    yield "tried: logarithm of counts (sublinear)", Peer(plain, 1, svm, sublinear=True)
    yield "+ an error costs more in a rare category", Peer(plain, 1, balanced)
    yield "+ only terms that two texts hold", Peer(plain, 2, balanced)
    within = _counted(texts, 3, 0.0)
    yield "+ grams keep within letters of one script", Peer(within, 2, balanced)
    placed = _counted(texts, 3, MORE_AT_FIRST)
    yield "+ what is said first weighs most", Peer(placed, 2, balanced)
    kept = _counted(texts, 2, MORE_AT_FIRST)
    yield "+ pairs instead of 1- to 3-grams: half the terms (kept)", Peer(kept, 2, balanced)
    yield "tried: hinge loss instead of its square", Peer(kept, 2, partial(balanced, loss="hinge", max_iter=10_000))
    yield "tried: logarithm of counts, again", Peer(kept, 2, balanced, sublinear=True)
    yield "tried: complement naive Bayes (alpha 0.05)", Peer(kept, 2, _bayes)


def _bayes() -> Any:
    return sklearn("naive_bayes").ComplementNB(alpha=0.05)


def part(texts: Sequence[str], truth: Sequence[str], seeds: Sequence[int]) -> Part:
    """The steps, each with its mean over the seeds and its lowest."""
    rows = [_row(name, machine.over_folds, truth, seeds) for name, machine in _steps(texts)]
    lines = [f"Means over {len(seeds)} seeds of five folds.", ""]
    return Part("Routing: what each step gains", [*lines, *table(["", "macro-F1", "lowest", "accuracy"], rows)])


def _row(name: str, over_folds: Callable[[Sequence[str], int], Any], truth: Sequence[str], seeds: Sequence[int]) -> list[str]:
    found = [over_folds(truth, seed) for seed in seeds]
    f1 = [each.f1 for each in found]
    return [name, f"{mean(f1):.3f}", f"{min(f1):.3f}", f"{mean(each.accuracy for each in found):.3f}"]
