"""A model from texts with their categories: terms weighed, a plane for each category, sureness set on what was held out."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

from chalicelib.cases.learning.model import Model, in_bytes
from chalicelib.cases.learning.plane import Costs, Row, plane, row_of, side_of
from chalicelib.cases.learning.sureness import sureness_of
from chalicelib.cases.learning.terms import weights
from chalicelib.cases.learning.vocabulary import Vocabulary, vocabulary_of

COST: Final = 1.0
FOLDS: Final = 4
ALL_FOLDS_UP_TO: Final = 50_000  # texts times categories; with more than that one fold alone says enough about sureness
MOST_ON_A_SIDE: Final = 3_000  # texts that a plane is drawn between; of more, so many are drawn by lot
FEWEST_PASSES, MOST_PASSES = 3, 30
WORK: Final = 600_000_000  # terms looked at in one fit
MOST_WEIGHTS: Final = 1 << 20  # in a model: a megabyte in memory


class TooFew(ValueError):
    """There is not enough to learn from."""


@dataclass(frozen=True)
class Lesson:
    """Rows, each with the number of its category; so many terms, and so many categories."""

    rows: Sequence[Row]
    truth: Sequence[int]
    terms: int
    categories: int

    def only(self, chosen: Iterable[int]) -> "Lesson":
        """Some of the rows."""
        picked = tuple(chosen)
        return Lesson([self.rows[at] for at in picked], [self.truth[at] for at in picked], self.terms, self.categories)

    def sides(self, category: int) -> tuple[list[int], list[int]]:
        """The rows of a category, and all others."""
        own = [at for at, true in enumerate(self.truth) if true == category]
        return own, [at for at, true in enumerate(self.truth) if true != category]

    @property
    def passes(self) -> int:
        """How often the rows may be gone through: what ``WORK`` allows, within bounds."""
        width = sum(len(row.terms) for row in self.rows) / len(self.rows)
        visits = self.categories * width * min(len(self.rows), 2 * MOST_ON_A_SIDE)
        return max(FEWEST_PASSES, min(MOST_PASSES, int(WORK // visits)))


def fit_model(texts: Sequence[str], categories: Sequence[str], until: datetime, seed: int) -> Model:
    """The model of these texts; the same for the same texts in the same order and the same seed.

    Raises TooFew: two categories are needed, and terms that texts share.
    """
    names = tuple(sorted(set(categories)))
    vocabulary, lesson = _lesson(texts, [names.index(category) for category in categories], len(names))
    if len(set(lesson.truth)) < 2:
        raise TooFew(
            f"{len(texts)} texts in {len(names)} categories: learning takes two categories with terms that texts share"
        )
    planes = _planes(lesson, Random(seed))
    sureness = sureness_of(*_held_out(lesson, Random(seed)))
    rows = _weightiest(planes, vocabulary, MOST_WEIGHTS // len(names))
    kept = tuple(in_bytes([plane[row] for row in rows], plane[-1]) for plane in planes)
    known = Counter(categories)
    return Model({name: known[name] for name in names}, vocabulary.only(rows), kept, sureness, until)


def _lesson(texts: Sequence[str], truth: Sequence[int], categories: int) -> tuple[Vocabulary, Lesson]:
    heard = [_compact(text) for text in texts]
    vocabulary = vocabulary_of([buckets for buckets, _ in heard])
    units = (vocabulary.unit(zip(*text, strict=True)) for text in heard)
    rows = [(row_of(unit, len(vocabulary)), true) for unit, true in zip(units, truth, strict=True) if unit]
    return vocabulary, Lesson([row for row, _ in rows], [true for _, true in rows], len(vocabulary), categories)


def _compact(text: str) -> tuple["array[int]", "array[float]"]:
    found = weights(text)
    return array("I", found.keys()), array("f", found.values())


def _planes(lesson: Lesson, rng: Random) -> list[list[float]]:
    """A plane for each category."""
    passes = lesson.passes
    return [_plane(lesson, category, passes, rng) for category in range(lesson.categories)]


def _plane(lesson: Lesson, category: int, passes: int, rng: Random) -> list[float]:
    """A category's plane. An error on its own side costs more the rarer it is (as scikit-learn's ``balanced``)."""
    own, others = lesson.sides(category)
    met, rivals = _some(own, rng), _some(others, rng)
    usual = len(lesson.rows) / lesson.categories
    costs = Costs(COST * usual / max(len(met), 1), COST * len(others) / max(len(rivals), 1))
    chosen = sorted((*met, *rivals))
    is_own = [lesson.truth[at] == category for at in chosen]
    return plane([lesson.rows[at] for at in chosen], is_own, costs, lesson.terms + 1, passes, rng)


def _some(rows: list[int], rng: Random) -> list[int]:
    return rows if len(rows) <= MOST_ON_A_SIDE else rng.sample(rows, MOST_ON_A_SIDE)


def _held_out(lesson: Lesson, rng: Random) -> tuple[list[list[float]], list[int]]:
    """Scores of texts that the planes had not seen, and what is true of them."""
    scores: list[list[float]] = []
    truth: list[int] = []
    for fold in _folds(lesson.truth, rng):
        outside = set(fold)
        planes = _planes(lesson.only(at for at in range(len(lesson.rows)) if at not in outside), rng)
        unseen = lesson.only(fold)
        scores += [[side_of(row, plane) for plane in planes] for row in unseen.rows]
        truth += unseen.truth
    return scores, truth


def _folds(truth: Sequence[int], rng: Random) -> Iterator[list[int]]:
    """Rows dealt out so that each fold has its share of each category."""
    order = list(range(len(truth)))
    rng.shuffle(order)
    order.sort(key=lambda at: truth[at])
    folds = FOLDS if len(truth) * len(set(truth)) <= ALL_FOLDS_UP_TO else 1
    return (order[first::FOLDS] for first in range(min(folds, len(order))))


def _weightiest(planes: Sequence[Sequence[float]], vocabulary: Vocabulary, most: int) -> list[int]:
    """The rows worth keeping, in their order: by their highest weight, times how rare the term is."""
    worth = [max(map(abs, column)) for column in zip(*planes, strict=True)][:-1]
    best = sorted(range(len(vocabulary)), key=lambda row: -worth[row] * vocabulary.rarity(row))[:most]
    return sorted(best)
