"""Which terms a model knows, and how rare each is. TF-IDF as in scikit-learn: ln((1 + n) / (1 + df)) + 1, rows of length 1."""

from collections import Counter
from collections.abc import Collection, Iterable
from math import log, sqrt
from typing import Final

FEWEST_TEXTS: Final = 2  # a term that one text alone holds tells nothing about the next


class Vocabulary:
    """The known buckets and in how many of ``texts`` texts each stands. A bucket's row is its place among them."""

    def __init__(self, buckets: Iterable[int], counts: Iterable[int], texts: int) -> None:
        self.buckets, self.counts, self.texts = tuple(buckets), tuple(counts), texts
        self._rarities = [log((1 + texts) / (1 + count)) + 1 for count in self.counts]
        self._rows = {bucket: row for row, bucket in enumerate(self.buckets)}

    def __len__(self) -> int:
        return len(self.buckets)

    def row(self, bucket: int) -> int:
        """The row of a bucket; -1 for one that is not known."""
        return self._rows.get(bucket, -1)

    def rarity(self, row: int) -> float:
        """How rare a term is, at least 1 (its inverse document frequency)."""
        return self._rarities[row]

    def only(self, rows: Iterable[int]) -> "Vocabulary":
        """Some of the rows."""
        chosen = tuple(rows)
        return Vocabulary((self.buckets[row] for row in chosen), (self.counts[row] for row in chosen), self.texts)

    def unit(self, weights: Iterable[tuple[int, float]]) -> dict[int, float]:
        """A text's known terms by row, made a vector of length 1; empty if it holds none that is known."""
        rows, rarities = self._rows, self._rarities
        values = {(row := rows[bucket]): weight * rarities[row] for bucket, weight in weights if bucket in rows}
        length = sqrt(sum(value * value for value in values.values()))
        return {row: value / length for row, value in values.items()}


def vocabulary_of(texts: Collection[Iterable[int]]) -> Vocabulary:
    """The vocabulary of texts, each given by its buckets."""
    counts = Counter(bucket for text in texts for bucket in text)
    known = sorted(bucket for bucket, count in counts.items() if count >= FEWEST_TEXTS)
    return Vocabulary(known, (counts[bucket] for bucket in known), len(texts))
