"""The terms of a text, weighed: single characters and pairs for Chinese, words and their beginnings for other scripts.

No dictionary of words is needed. The rules hold for any language (what each gains: ``python -m bench.routing --only steps``):
- a pair never reaches over a blank, a digit or a mark of punctuation, nor from one script into another;
- what is said first says most: a term at the start counts four times one that stands far down.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import exp
from operator import add
from typing import Final
from unicodedata import normalize
from zlib import crc32

BUCKETS: Final = 1 << 26  # so many that terms hardly ever share one: at 1 << 18 that cost 0.007 of macro-F1
MORE_AT_FIRST: Final = 3.0
FADES_OVER: Final = 60  # characters of Chinese, or words
BEGINNING: Final = 4  # letters that heating, heated and heater share
LONGEST: Final = 4_000  # characters; a case's text is no longer

_CHINESE: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PIECE: Final = re.compile(rf"([{_CHINESE}]+)|[^\W\d_{_CHINESE}]+")
_WEIGHTS: Final = tuple(1.0 + MORE_AT_FIRST * exp(-place / FADES_OVER) for place in range(LONGEST))


def plain(text: str) -> str:
    """The text as terms are taken from it: one form of each character (NFKC), lower case, at most ``LONGEST`` characters."""
    return normalize("NFKC", text[:LONGEST]).lower()[:LONGEST]


def terms(text: str) -> Iterator[tuple[str, int, int]]:
    """The terms of a plain text, each with its start and its place in the order of what is said."""
    place = 0
    for piece in _PIECE.finditer(text):
        found, start = piece.group(), piece.start()
        if piece.group(1):
            yield from zip(found, range(start, piece.end()), range(place, LONGEST), strict=False)
            yield from zip(map(add, found, found[1:]), range(start, piece.end()), range(place, LONGEST), strict=False)
            place += len(found)
        else:
            yield found, start, place
            if len(found) > BEGINNING:
                yield beginning(found), start, place
            place += 1


def beginning(word: str) -> str:
    """The term for the beginning of a word, told from the word itself by its dash."""
    return word[:BEGINNING] + "-"


def bucket(term: str) -> int:
    """The number that stands for a term, below ``BUCKETS``: so no word that anybody wrote stands in a model in the clear."""
    return crc32(term.encode()) % BUCKETS


def weights(text: str) -> Mapping[int, float]:
    """How much each bucket weighs in a text; empty if there is no letter in it."""
    heard: defaultdict[str, float] = defaultdict(float)
    for term, _, place in terms(plain(text)):
        heard[term] += _WEIGHTS[place]
    found: defaultdict[int, float] = defaultdict(float)
    for term, weight in heard.items():
        found[bucket(term)] += weight
    return found
