"""The plane that separates one category's texts from all others': a linear support vector machine with squared hinge loss.

Dual coordinate descent with shrinking: C.-J. Hsieh, K.-W. Chang, C.-J. Lin, S. S. Keerthi, S. Sundararajan, "A Dual
Coordinate Descent Method for Large-scale Linear SVM", ICML 2008, algorithms 1 and 3 (L2-SVM: no upper bound, D = 1/2C).
"""

from array import array
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter, mul
from random import Random
from typing import Final, NamedTuple

NEAR_ENOUGH: Final = 0.1  # the widest projected gradients may lie so far apart at the end


class Row(NamedTuple):
    """A text of unit length: ``take`` picks its terms' weights out of a plane at once."""

    terms: tuple[int, ...]
    values: "array[float]"
    take: Callable[[Sequence[float]], tuple[float, ...]]
    square: float


def row_of(values: Mapping[int, float], bias: int) -> Row:
    """A row from its terms and values; term ``bias`` is added with value 1, so that the plane need not meet the origin.

    ``values`` must not be empty.
    """
    terms = (*values, bias)
    numbers = array("d", (*values.values(), 1.0))
    return Row(terms, numbers, itemgetter(*terms), sum(map(mul, numbers, numbers)))


def side_of(row: Row, plane: Sequence[float]) -> float:
    """On which side of a plane a row lies, and how far."""
    distance: float = sum(map(mul, row.take(plane), row.values))
    return distance


class Costs(NamedTuple):
    """What an error costs, on the category's own side and on the others'."""

    own: float
    other: float


def plane(rows: Sequence[Row], own: Sequence[bool], costs: Costs, size: int, passes: int, rng: Random) -> list[float]:
    """The weight of each of ``size`` terms, the last of them the bias. Stops when near enough or after ``passes``."""
    search = _Search(rows, own, costs, size)
    active, limit = list(range(len(rows))), float("inf")
    for _ in range(passes):
        rng.shuffle(active)
        kept, lowest, highest = search.sweep(active, limit)
        if highest - lowest <= NEAR_ENOUGH:
            if len(active) == len(rows):
                break
            active, limit = list(range(len(rows))), float("inf")  # what was left out is looked at once more
        else:
            active, limit = kept, highest if highest > 0 else float("inf")
    return search.weights


class _Search:
    def __init__(self, rows: Sequence[Row], own: Sequence[bool], costs: Costs, size: int) -> None:
        self.rows, self.weights = rows, [0.0] * size
        self.signs = [1.0 if is_own else -1.0 for is_own in own]
        self.ridges = [0.5 / (costs.own if is_own else costs.other) for is_own in own]
        self.multipliers = [0.0] * len(rows)

    def sweep(self, active: Sequence[int], limit: float) -> tuple[list[int], float, float]:
        """One pass: what stays active, and the lowest and highest projected gradient seen."""
        kept, lowest, highest = [], float("inf"), float("-inf")
        for index in active:
            slope = self._slope(index)
            if self.multipliers[index] == 0.0 and slope > limit:
                continue
            kept.append(index)
            projected = min(slope, 0.0) if self.multipliers[index] == 0.0 else slope
            lowest, highest = min(lowest, projected), max(highest, projected)
            if projected:
                self._step(index, slope)
        return kept, lowest, highest

    def _slope(self, index: int) -> float:
        row = self.rows[index]
        return self.signs[index] * side_of(row, self.weights) - 1.0 + self.multipliers[index] * self.ridges[index]

    def _step(self, index: int, slope: float) -> None:
        row, before = self.rows[index], self.multipliers[index]
        after = max(before - slope / (row.square + self.ridges[index]), 0.0)
        self.multipliers[index] = after
        change, weights = (after - before) * self.signs[index], self.weights
        for term, value in zip(row.terms, row.values, strict=True):
            weights[term] += change * value
