"""Learned routing: a model of what people confirmed or corrected, never replaced by a worse one. Pure.

A scheduled job hands ``replacement`` the confirmed cases, and what it returns goes into service:

1. with few of them the directory's lexicon guesses alone; later ``Together(lexicon, model)`` does;
2. a model is fitted to all but the newest tenth. The one in service was fitted in the same way earlier, so neither has
   seen anything of that tenth, and what is measured on it is the very model that goes into service;
3. it goes into service only if it does better there than what is there now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log
from typing import Final

from chalicelib.cases.learning.fitting import TooFew, fit_model
from chalicelib.cases.learning.guess import Guesser, Lexicon, Prediction, Together
from chalicelib.cases.learning.model import Model
from chalicelib.cases.learning.packing import pack, parts, unpack

__all__ = [
    "Example", "Guesser", "Lexicon", "Model", "Prediction", "Together", "TooFew",
    "better", "fit", "newest_tenth", "pack", "parts", "replacement", "unpack",
]  # fmt: skip

FEWEST: Final = 40  # confirmed cases to begin with
FEWEST_UNSEEN, MOST_UNSEEN = 10, 300  # of the newest, to measure with; a tenth within these bounds
MOST: Final = 20_000  # the newest that are learnt from: what a function can do in five minutes
SEED: Final = 20_201_124


@dataclass(frozen=True)
class Example:
    """A message whose category a person set, corrected or let stand; ``at`` is when it came."""

    text: str
    category: str
    at: datetime


def fit(examples: Sequence[Example], seed: int = SEED) -> Model:
    """The model of these examples, whatever order they come in. The same examples and seed give the same bytes.

    Raises TooFew: it takes at least two categories, and texts that share terms.
    """
    if not examples:
        raise TooFew("There is no example to learn from")
    chosen = in_time(examples)[-MOST:]
    return fit_model([each.text for each in chosen], [each.category for each in chosen], chosen[-1].at, seed)


def in_time(examples: Sequence[Example]) -> list[Example]:
    """Examples in the order in which they came."""
    return sorted(examples, key=lambda each: (each.at, each.text, each.category))


def newest_tenth(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Examples cut in two: those to learn from, and the newest tenth (10 at least, 300 at most) to measure with."""
    ordered = in_time(examples)
    unseen = min(max(len(ordered) // 10, FEWEST_UNSEEN), MOST_UNSEEN)
    return ordered[:-unseen], ordered[-unseen:]


def better(old: Guesser, new: Guesser, newest: Sequence[Example]) -> bool:
    """Whether ``new`` names the right category for more of the newest messages than ``old``, or for as many with surer
    guesses. Neither may have seen them. Without a message nothing is better."""
    return bool(newest) and _merit(new, newest) > _merit(old, newest)


def _merit(guesser: Guesser, newest: Sequence[Example]) -> tuple[int, float]:
    found = [(guesser.predict(each.text), each.category) for each in newest]
    right = sum(prediction.category == true for prediction, true in found)
    return right, sum(log(max(dict(prediction.guesses).get(true, 0.0), 1e-4)) for prediction, true in found)


def replacement(examples: Sequence[Example], lexicon: Lexicon, in_service: Model | None, seed: int = SEED) -> Model | None:
    """The model that should go into service now; None if what is there stays.

    Examples of categories that are out of use (not listed in the lexicon) teach nothing and measure nothing.
    """
    usable = [each for each in examples if each.category in lexicon.words]
    if len(usable) < FEWEST:
        return None
    learnt_from, newest = newest_tenth(usable)
    unseen = [each for each in newest if in_service is None or each.at > in_service.until]
    nothing_new = in_service is not None and learnt_from[-1].at <= in_service.until
    if nothing_new or len(unseen) < FEWEST_UNSEEN:
        return None
    return _candidate(learnt_from, unseen, lexicon, in_service, seed)


def _candidate(
    learnt_from: Sequence[Example], unseen: Sequence[Example], lexicon: Lexicon, in_service: Model | None, seed: int
) -> Model | None:
    try:
        candidate = fit(learnt_from, seed)
    except TooFew:
        return None
    now = Together(lexicon, in_service) if in_service else lexicon
    return candidate if better(now, Together(lexicon, candidate), unseen) else None
