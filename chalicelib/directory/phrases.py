"""Words that are looked for in what people write, as the directory has them: whole, or with a gap. Pure.

``…`` in a word stands for a few others: ``暖气…停`` is found in 暖气昨晚就停了, ``smoke…from`` in "smoke is pouring from".
A gap is bounded and lies within one sentence, and a word has few of them: the time to look for one grows with the text alone.
"""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final
from unicodedata import normalize

GAP: Final = "…"
MOST_GAPS: Final = 2
WIDEST_HAN: Final = 8  # characters between two parts; Chinese says in eight what others say in thirty
WIDEST: Final = 30
RIGHT: Final = f"words on both sides of at most {MOST_GAPS} gaps, each written {GAP}: 暖气{GAP}停"

_HAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SPACED: Final = r"[0-9a-z\u00c0-\u052f]"  # Latin, Greek and Cyrillic set blanks between words, so a word's beginning is seen
_WITHIN: Final = r"(?:[^.!?。\n]|\.(?=[0-9]))"  # not the end of a sentence; a decimal point is none
_APOSTROPHES: Final = str.maketrans("’‘ʼ`", "''''")
_BLANKS: Final = re.compile(r"[^\S\n]+")


@dataclass(frozen=True)
class Phrase:
    """A word ready to be looked for. ``word`` is as it stands in the directory, ``parts`` are what stands around its gaps."""

    word: str
    parts: tuple[str, ...]

    def stands_in(self, text: str) -> bool:
        """Whether it stands in a text that is ``plain``: its parts in their order, each from the beginning of a word on."""
        return bool(self.parts) and all(part in text for part in self.parts) and bool(self._pattern.search(text))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        widest = WIDEST_HAN if _HAN.search(self.word) else WIDEST
        return re.compile(f"{_WITHIN}{{0,{widest}}}?".join(map(_from_its_beginning, self.parts)))


@cache
def phrase(word: str) -> Phrase:
    """A word of the directory, made ready once. One that is malformed is read as well as can be: an edition stands."""
    parts = (plain(part).strip() for part in word.split(GAP))
    return Phrase(word, tuple(part for part in parts if part))


def plain(text: str) -> str:
    """A text as phrases are looked for in it: small letters, no full-width ones, one form of apostrophe and of blank."""
    return _BLANKS.sub(" ", normalize("NFKC", text).translate(_APOSTROPHES).lower())


def fault(word: str) -> str:
    """What is wrong with a word, or "" if nothing is. Chinese writes its ellipsis twice (……), which is one gap."""
    parts = re.split(f"{GAP}+", word)
    if "..." in word:
        return f"'{word}' has dots in it that would be looked for as dots"
    if not all(part.strip() for part in parts):
        return f"'{word}' has a gap with nothing on one side" if GAP in word else f"'{word}' is blank"
    return f"'{word}' has {len(parts) - 1} gaps" if len(parts) - 1 > MOST_GAPS else ""


def _from_its_beginning(part: str) -> str:
    return (f"(?<!{_SPACED})" if re.match(_SPACED, part) else "") + re.escape(part)
