"""How many people write about one matter, in little room however many they are. Pure.

The first EXACT writers are kept one by one, with how many messages each wrote, so that cases can leave again. Those that
come after are only marked in a bitmap, eight kilobytes, from whose empty places their number is reckoned (linear counting;
Whang, Vander-Zanden & Taylor, 1990): off by less than one in a hundred among a hundred thousand. What is marked can't be
unmarked: who came that late is still counted when their case leaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from math import log
from typing import Final

EXACT: Final = 2_000  # of some thirty bytes each, in an item of which DynamoDB takes 400 KB
PLACES: Final = 1 << 16


@dataclass(frozen=True)
class Writers:
    """``known``: writer → messages, exactly. ``crowd``: the bitmap of all others, empty until there are any."""

    known: Mapping[str, int] = field(default_factory=dict)
    crowd: bytes = b""

    @property
    def people(self) -> int:
        """How many they are."""
        return len(self.known) + _marked(self.crowd)

    def joined(self, writer: str) -> "Writers":
        """With one message more of this writer."""
        if writer in self.known or (len(self.known) < EXACT and not self.crowd):
            return Writers(_counted(self.known, writer, 1), self.crowd)
        return Writers(self.known, _with_mark(self.crowd, _place(writer)))

    def left(self, writer: str) -> "Writers":
        """With one message less of this writer, if that one is known."""
        return Writers(_counted(self.known, writer, -1), self.crowd) if writer in self.known else self


def _counted(known: Mapping[str, int], writer: str, by: int) -> dict[str, int]:
    counts = {**known, writer: known.get(writer, 0) + by}
    return {name: counts[name] for name in sorted(counts) if counts[name] > 0}


def _place(writer: str) -> int:
    return int.from_bytes(blake2b(writer.encode(), digest_size=8).digest()) % PLACES


def _with_mark(crowd: bytes, place: int) -> bytes:
    marks = bytearray(crowd or bytes(PLACES // 8))
    marks[place // 8] |= 1 << place % 8
    return bytes(marks)


def _marked(crowd: bytes) -> int:
    if not crowd:
        return 0
    free = PLACES - int.from_bytes(crowd).bit_count()
    return round(PLACES * log(PLACES / max(1, free)))
