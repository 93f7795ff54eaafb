"""What a text says, in pieces that can be compared. No dictionary and no word segmentation: any script, and mixed ones. Pure.

A piece ("feature") is one token or two that stand side by side: of Chinese a token is a character, of Latin script a word, of
figures a number. Features are kept as 32-bit hashes: an index of what residents wrote holds nothing that can be read.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice, pairwise
from typing import Final
from zlib import crc32

LOOKED_AT: Final = 400  # characters of the text beside the title: what a message is about stands at its beginning
LONGEST_TOKEN: Final = 32
PERSONAL: Final = 7  # a number of so many digits names a person or a file, not a matter: it is left out
GIST: Final = 35  # tokens
WHOLE: Final = 8  # tokens more at the most, to begin with a whole phrase
TITLE: Final = 7  # a title of fewer tokens says too little to stand for the text
LATE: Final = 0.01  # what a stretch loses for each token that stands before it: what a message is about is said first
SHINGLE: Final = 3  # characters' worth of a key; a Latin word counts for two

Run = list[str]  # tokens with nothing between them but, in Latin script, a space, apostrophe or hyphen

_CHARACTER: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LATIN: Final = "a-z0-9\u00df-\u024f"
_RUN: Final = re.compile(rf"[^\W_]+(?:(?<=[{_LATIN}])[ '’-](?=[{_LATIN}])[^\W_]+)*")
_TOKEN: Final = re.compile(rf"[{_CHARACTER}]|\d+|[^\W\d_{_CHARACTER}]+\d*")
_ADDRESS: Final = re.compile(r"https?://[\x21-\x7e]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_BEYOND: Final = 4 * LOOKED_AT  # characters that are read at all


def plain(text: str) -> str:
    """The text without what only looks different (full-width forms, case) and without web and mail addresses."""
    return _ADDRESS.sub(" ", unicodedata.normalize("NFKC", text[:_BEYOND]).casefold())


def runs(text: str) -> list[Run]:
    """The tokens of a plain text, parted where anything else stands between them."""
    found = (_unnamed(_TOKEN.findall(run)) for run in _RUN.findall(text))
    return [run for parts in found for run in parts if run]


def _unnamed(tokens: Sequence[str]) -> Iterator[Run]:
    run: Run = []
    for token in tokens:
        if token[-PERSONAL:].isdigit() and len(token) >= PERSONAL:
            yield run
            run = []
        else:
            run.append(token[:LONGEST_TOKEN])
    yield run


def feature(*tokens: str) -> int:
    """The hash of one token, or of two side by side."""
    return crc32(" ".join(tokens).encode())


def features(texts: Iterable[Run]) -> dict[int, str]:
    """Each feature of these runs and the words that it stands for, in the order of the text."""
    found: dict[int, str] = {}
    for run in texts:
        for token in run:
            found[feature(token)] = token
        for left, right in pairwise(run):
            found[feature(left, right)] = joined(left, right)
    return found


def joined(left: str, right: str) -> str:
    """Two neighbours as they are written: Latin words with a space between them."""
    return f"{left} {right}" if left[-1].isascii() and right[0].isascii() else left + right


def written(run: Run) -> str:
    """A run as it was written."""
    return run[0] + "".join(joined(left, right)[len(left) :] for left, right in pairwise(run))


def gist(title: str, text: str, weight: Mapping[int, float]) -> list[Run]:
    """The few words that say what a message is about: its title; if it has none worth the name, its weightiest stretch."""
    of_title = runs(title)
    if sum(map(len, of_title)) >= TITLE:
        return _stretch(of_title, weight)
    return _stretch(of_title + runs(text[:LOOKED_AT]), weight)


def _stretch(texts: list[Run], weight: Mapping[int, float]) -> list[Run]:
    """GIST tokens that stand together and weigh most, those that are said first weighing more; and what makes their first
    phrase whole, lest the name that it begins with be cut in two."""
    flat = [(token, place) for place, run in enumerate(texts) for token in run]
    if len(flat) <= GIST:
        return texts
    sums = list(accumulate(_weights(flat, weight), initial=0.0))
    starts = range(len(flat) - GIST + 1)
    best = max(starts, key=lambda start: (sums[start + GIST] - sums[start]) * (1 - LATE * start))
    return _cut(texts, _begin(flat, best), best + GIST)


def _begin(flat: Sequence[tuple[str, int]], start: int) -> int:
    """Where the phrase of this token begins; the token itself, if that is more than WHOLE tokens before it."""
    begin = next(at for at, (_, place) in enumerate(flat) if place == flat[start][1])
    return begin if start - begin <= WHOLE else start


def _weights(flat: Sequence[tuple[str, int]], weight: Mapping[int, float]) -> Iterator[float]:
    yield weight[feature(flat[0][0])]
    for (left, before), (right, place) in pairwise(flat):
        yield weight[feature(right)] + (weight[feature(left, right)] if before == place else 0.0)


def _cut(texts: Iterable[Run], begin: int, end: int) -> list[Run]:
    parts: list[Run] = []
    for run in texts:
        parts.append(run[max(0, begin) : max(0, end)])
        begin, end = begin - len(run), end - len(run)
    return [part for part in parts if part]


def shingles(texts: Iterable[Run]) -> Iterator[tuple[str, ...]]:
    """Each stretch of SHINGLE characters' worth of tokens: long enough to be rare, short enough to be met again."""
    for run in texts:
        for start in range(len(run)):
            sizes = accumulate(1 if len(token) < SHINGLE else 2 for token in islice(run, start, None))
            length = next((count for count, size in enumerate(sizes, 1) if size >= SHINGLE), 0)
            if length:
                yield tuple(run[start : start + length])
