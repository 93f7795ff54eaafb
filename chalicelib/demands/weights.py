"""How much a word tells: what few messages say, tells much. Learnt from the messages, in a table of fixed size. Pure.

The counts are a count-min sketch (Cormode & Muthukrishnan, 2005) of two rows: a word is never counted too low, and
too high only where it shares both of its places with commoner ones.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log
from sys import byteorder
from typing import Final
from zlib import compress, crc32, decompress

from chalicelib.demands.common import common
from chalicelib.demands.reading import feature

BITS: Final = 14
ROW: Final = 1 << BITS
PRIOR: Final = 300  # messages that we act as if we had met: with few real ones no word is known to be rare
NOISE: Final = 5  # messages in which a word is taken to have been met beside those that are counted
MOST: Final = 4096  # messages; then all counts are halved, so that the words of long ago fade
EACH: Final = 512  # so many messages each teach; after them ever fewer do, so that the sketch is not written for each
FEWEST: Final = 1 / 256


def _begun() -> "array[int]":
    """The counts of a platform that has met no message: as if the PRIOR ones had been told in plain language."""
    counts = array("H", bytes(2 * 2 * ROW))
    for count, tokens in common():
        for place in _places(feature(*tokens)):
            counts[place] = max(counts[place], count)
    return counts


def _places(feature: int) -> tuple[int, int]:
    return feature % ROW, ROW + (feature >> BITS) % ROW


_BEGUN: Final = _begun()


@dataclass(frozen=True)
class Weights:
    """In how many messages each word was met. ``learnt`` from so many messages of the ``met`` ones."""

    counts: "array[int]" = field(default_factory=lambda: _BEGUN[:], repr=False)
    learnt: int = 0
    met: float = 0.0

    def __getitem__(self, feature: int) -> float:
        """Between 0 (in every message) and 1 (never met)."""
        count = min(self.counts[place] for place in _places(feature))
        return max(0.0, log((self.learnt + PRIOR) / (count + NOISE)) / log((self.learnt + PRIOR) / NOISE))

    @property
    def chance(self) -> float:
        """How likely the next message is to teach."""
        return max(FEWEST, min(1.0, EACH / max(1.0, self.met)))

    def teaches(self, case: str) -> bool:
        """Whether this case is one that teaches: the same whenever it is asked."""
        return crc32(case.encode()) / 2**32 < self.chance

    def learned(self, features: Iterable[int]) -> "Weights":
        """With one message more."""
        counts = self.counts[:]
        for place, other in set(map(_places, features)):
            lowest = min(counts[place], counts[other]) + 1  # conservative update: no count is higher than it must be
            counts[place], counts[other] = max(counts[place], lowest), max(counts[other], lowest)
        after = Weights(counts, self.learnt + 1, self.met + 1 / self.chance)
        return after if after.learnt < MOST else after._faded()

    def _faded(self) -> "Weights":
        return Weights(array("H", (count // 2 for count in self.counts)), self.learnt // 2, self.met)

    def packed(self) -> bytes:
        """As it is stored: less than 66 kB."""
        return compress(little(self.counts).tobytes(), 1)


def unpacked(stored: bytes, learnt: int, met: float) -> Weights:
    """Weights from what ``packed`` made."""
    counts = array("H")
    counts.frombytes(decompress(stored))
    return Weights(little(counts), learnt, met)


def little(counts: "array[int]") -> "array[int]":
    """Numbers in the byte order in which they are stored."""
    if byteorder == "big":
        counts = counts[:]
        counts.byteswap()
    return counts


class Scale(dict[int, float]):
    """Weights that are asked for again and again while one message is compared."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self._weights = weights

    def __missing__(self, feature: int) -> float:
        self[feature] = self._weights[feature]
        return self[feature]
