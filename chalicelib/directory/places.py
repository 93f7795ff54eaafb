"""Finding place names in what people write. Pure."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

PROBE: Final = 2  # every name has at least two characters; the first two lead to the few names that may stand there


def plain(text: str) -> str:
    """The text without what only looks different: full-width forms, case (Unicode NFKC, then case folding)."""
    return unicodedata.normalize("NFKC", text).casefold()


class Gazetteer:
    """Names and what they stand for. A search takes time by the length of the text, not by the number of names."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """``names`` are pairs of a name and the id that it stands for; one name may stand for several."""
        owners: defaultdict[str, list[str]] = defaultdict(list)
        for name, owner in names:
            owners[plain(name)].append(owner)
        self._owners = dict(owners)
        self._starts: defaultdict[str, list[str]] = defaultdict(list)
        for name in sorted(owners, key=len, reverse=True):
            self._starts[name[:PROBE]].append(name)

    def find(self, text: str) -> tuple[str, ...]:
        """The ids whose names stand in the text, the longest name first. Of names that overlap, the longest counts."""
        found = sorted(set(self._names(plain(text))), key=lambda name: (-len(name), name))
        return tuple(dict.fromkeys(owner for name in found for owner in self._owners[name]))

    def _names(self, text: str) -> Iterator[str]:
        place = 0
        while place < len(text):
            name = self._at(text, place)
            if name:
                yield name
            place += len(name) or 1

    def _at(self, text: str, place: int) -> str:
        candidates = self._starts.get(text[place : place + PROBE], ())
        return next((name for name in candidates if text.startswith(name, place) and _whole(text, place, name)), "")


def _whole(text: str, place: int, name: str) -> bool:
    """Whether no Latin word is cut: 'Elm' does not stand in 'helmet'. Chinese has no such borders."""
    before, after = text[place - 1 : place] if place else "", text[place + len(name) : place + len(name) + 1]
    return not (_latin(before) and _latin(name[0])) and not (_latin(after) and _latin(name[-1]))


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
