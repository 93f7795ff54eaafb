"""How much two messages are about one matter. Pure; no AWS.

Each message is kept as a ``Fingerprint``: its gist (the features of its title, or of its weightiest stretch), all features of
its first words, and the places it names. Two are alike by how much of the one's gist is said anywhere in the other, each
word by its weight. What was tried and what each step gained: bench/README-demands.md.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, pairwise
from math import log, log1p
from struct import pack, unpack
from typing import Final

from chalicelib.demands import places
from chalicelib.demands.reading import LOOKED_AT, Run, feature, features, gist, joined, plain, runs, shingles, written
from chalicelib.demands.weights import Scale, Weights, little

SHARE: Final = 10.0  # for all of either gist being said in the other message
AMOUNT: Final = 3.0  # for each factor e of words in common: five words in common tell more than two
AGE: Final = 0.5  # off for each factor e of days between them
ELSEWHERE: Final = 30.0  # off if they name places and none in common: only people can join these

SAYS_NOTHING: Final = 6  # a gist of fewer features is compared with nothing ("?", "好", four thousand times one character)
GIST_FEATURES: Final = 120
TEXT_FEATURES: Final = 900
PLACES: Final = 12  # of each kind
MANY_KEYS: Final = 99
OF_TEXT: Final = 25  # at least so many of the keys that are looked up are of the text, where it has as many

_SHORT: Final = 0xFFFF  # a text's features are kept as their lower half: one in a hundred lookups errs at the most


@dataclass(frozen=True)
class Fingerprint:
    """One message, as it is compared. ``told`` are places that the directory found; the others were found by pattern."""

    gist: tuple[int, ...]
    text: frozenset[int]
    areas: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()
    told: frozenset[int] = frozenset()

    @property
    def says_something(self) -> bool:
        """Whether there is enough to compare."""
        return len(self.gist) >= SAYS_NOTHING

    def says(self, feature: int) -> bool:
        """Whether this message has that feature, anywhere in its first words."""
        return feature & _SHORT in self.text


@dataclass(frozen=True)
class Reading:
    """A message that has just been read: its fingerprint, and the words that are known only as long as it is in hand."""

    fingerprint: Fingerprint
    keys: tuple[str, ...] = ()  # what to look up, the most telling first
    words: tuple[Run, ...] = field(default=(), repr=False)
    places: Mapping[int, str] = field(default_factory=dict, repr=False)
    learnable: frozenset[int] = field(default=frozenset(), repr=False)


def read(title: str, text: str, weights: Weights, told: Iterable[str] = ()) -> Reading:
    """Read a message. ``title`` may be empty. ``told`` are ids of places that the directory found in the text (not where the
    writer lives: a demand may go through many grids)."""
    scale, head, body = Scale(weights), plain(title), plain(text)[:LOOKED_AT]
    core = gist(head, body, scale)
    spoken = "\n".join(map(written, core))
    everything = runs(head) + runs(body)
    known, areas, named = features(everything), places.areas(spoken), places.named(spoken)
    fingerprint = Fingerprint(
        tuple(islice(features(core), GIST_FEATURES)),
        frozenset(each & _SHORT for each in islice(known, TEXT_FEATURES)),
        frozenset(islice(areas, PLACES)),
        frozenset(islice(named, PLACES)),
        frozenset(feature("#", place) for place in islice(told, PLACES)),
    )
    keys = tuple(_keys(core, runs(body), scale)) if fingerprint.says_something else ()
    return Reading(fingerprint, keys, tuple(core), {**areas, **named}, frozenset(known))


def _keys(core: Iterable[Run], body: Iterable[Run], scale: Scale) -> Iterator[str]:
    """The most telling shingles, those of the gist first."""
    first = _ranked(core, scale)
    rest = [key for key in _ranked(body, scale) if key not in set(first)]
    first = first[: MANY_KEYS - min(OF_TEXT, len(rest))]
    return map(" ".join, [*first, *rest][:MANY_KEYS])


def _ranked(texts: Iterable[Run], scale: Scale) -> list[tuple[str, ...]]:
    found = {each: _telling(each, scale) for each in shingles(texts)}
    return sorted(found, key=lambda each: (-found[each], each))


def _telling(shingle: tuple[str, ...], scale: Scale) -> float:
    pairs = list(pairwise(shingle))
    return sum(scale[feature(*pair)] for pair in pairs) / len(pairs) if pairs else scale[feature(*shingle)]


def likeness(one: Fingerprint, other: Fingerprint, days: float, scale: Scale) -> float:
    """How much two messages, so many days apart, are about one matter. No unit: grouping.ATTACH says from where on."""
    mine, theirs = _said_in(one, other, scale), _said_in(other, one, scale)
    share = (mine.share + theirs.share) / 2
    amount = log(max(mine.amount + theirs.amount, 1e-3))
    elsewhere = ELSEWHERE if apart(one, other) else 0.0
    return SHARE * share + AMOUNT * amount - AGE * log1p(days) - elsewhere


@dataclass(frozen=True)
class _Said:
    amount: float
    share: float


def _said_in(one: Fingerprint, other: Fingerprint, scale: Scale) -> _Said:
    whole = sum(scale[each] for each in one.gist)
    amount = sum(scale[each] for each in one.gist if each & _SHORT in other.text)
    return _Said(amount, amount / whole if whole else 0.0)


def apart(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether both name places and none in common: two estates, or two districts, or two of the directory's places."""
    if one.told and other.told and not one.told & other.told:
        return True
    return _strangers(one, other, one.areas, other.areas) or _strangers(one, other, one.named, other.named)


def _strangers(one: Fingerprint, other: Fingerprint, mine: frozenset[int], theirs: frozenset[int]) -> bool:
    return bool(mine and theirs) and not any(map(other.says, mine)) and not any(map(one.says, theirs))


def shared(reading: Reading, other: Fingerprint, scale: Scale, most: int = 3) -> tuple[str, ...]:
    """The words of this message's gist that the other has too, the weightiest first: why the two are together."""
    found: dict[str, float] = {}
    for run in reading.words:
        for words, weight in _common(run, other, scale):
            found[words] = max(weight, found.get(words, 0.0))
    return tuple(sorted(found, key=lambda words: -found[words])[:most])


def _common(run: Run, other: Fingerprint, scale: Scale) -> Iterator[tuple[str, float]]:
    """Maximal stretches whose every pair of neighbours stands in the other message."""
    words, weight = "", 0.0
    for left, right in pairwise(run):
        pair = feature(left, right)
        if other.says(pair):
            words, weight = (words or left) + joined(left, right)[len(left) :], weight + scale[pair]
        elif words:
            yield words, weight
            words, weight = "", 0.0
    if words:
        yield words, weight


def packed(fingerprint: Fingerprint) -> bytes:
    """As it is stored: about a kilobyte, four at the most."""
    parts = (fingerprint.gist, fingerprint.areas, fingerprint.named, fingerprint.told)
    numbers = [each for part in parts for each in part]
    head = pack(f"<4H{len(numbers)}I", *map(len, parts), *numbers)
    return head + little(array("H", sorted(fingerprint.text))).tobytes()


def unpacked(stored: bytes) -> Fingerprint:
    """The fingerprint that ``packed`` stored."""
    counts = unpack("<4H", stored[:8])
    end = 8 + 4 * sum(counts)
    numbers = iter(unpack(f"<{sum(counts)}I", stored[8:end]))
    core, areas, named, told = (tuple(islice(numbers, count)) for count in counts)
    text = array("H")
    text.frombytes(stored[end:])
    return Fingerprint(core, frozenset(little(text)), frozenset(areas), frozenset(named), frozenset(told))
