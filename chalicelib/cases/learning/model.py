"""A model that was fitted: a plane for each category over the known terms, kept in bytes of one eighth of their weight."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter, mul
from typing import Final

from chalicelib.cases.learning.guess import Prediction, ranked
from chalicelib.cases.learning.reasons import reasons
from chalicelib.cases.learning.sureness import Sureness
from chalicelib.cases.learning.terms import weights
from chalicelib.cases.learning.vocabulary import Vocabulary

STEPS: Final = 127  # of a signed byte to each side


@dataclass(frozen=True)
class Plane:
    """One category's weights in steps of ``step``, and its bias."""

    steps: "array[int]"
    step: float
    bias: float


def in_bytes(weights: Sequence[float], bias: float) -> Plane:
    """A plane's weights rounded to 255 steps."""
    step = max(map(abs, weights), default=0.0) / STEPS or 1.0
    return Plane(array("b", (round(weight / step) for weight in weights)), step, bias)


@dataclass(frozen=True)
class Model:
    """``known``: how many texts of each category were learnt from, the newest of ``until``; ``sureness`` turns scores into
    probabilities; ``planes`` stand in the order of ``known``."""

    known: Mapping[str, int]
    vocabulary: Vocabulary
    planes: tuple[Plane, ...]
    sureness: Sureness
    until: datetime

    def predict(self, text: str) -> Prediction:
        """Which category a text belongs to, how sure that is, and why. Takes a millisecond or two."""
        values = self._values(text)
        if not values:
            return Prediction()
        guesses = ranked(dict(zip(self.known, self.sureness.shares(self._scores(values)), strict=True)))
        return Prediction(*guesses[0], self.because(text, guesses[0][0]), guesses)

    def because(self, text: str, category: str) -> tuple[str, ...]:
        """The words of a text that speak most for a category; none for one that the model does not know."""
        if category not in self.known:
            return ()
        values, steps = self._values(text), self.planes[list(self.known).index(category)].steps
        pull = {row: value * steps[row] for row, value in values.items()}
        return reasons(text, lambda bucket: pull.get(self.vocabulary.row(bucket), 0.0))

    def _values(self, text: str) -> dict[int, float]:
        return self.vocabulary.unit(weights(text).items())

    def _scores(self, values: dict[int, float]) -> list[float]:
        """How far on its side of each category's plane a text lies; ``values`` by row, not empty."""
        rows = tuple(values)
        take, amounts = itemgetter(rows[0], *rows), (0.0, *values.values())  # one row alone would come bare
        return [plane.bias + plane.step * sum(map(mul, take(plane.steps), amounts)) for plane in self.planes]
