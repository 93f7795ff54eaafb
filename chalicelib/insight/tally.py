"""How a dossier's share reaches the figures: by the difference to what it has added before. Pure.

So a fact that is told twice, late, or before the one that came first adds what is missing and nothing else. The rows that many
dossiers add to are split by a hash of the dossier, so that the transactions of a busy hour do not meet at one row.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from zlib import crc32
from zoneinfo import ZoneInfo

import msgspec

from chalicelib.insight.model import Part, Share, share
from chalicelib.spine.chain import Entry

NOTHING: Final = "[]"  # the share of a dossier that adds nothing
SPREAD: Final = 4  # rows that one counter is split into
Key = tuple[str, str]  # of a row: its scope ("body#2026") and period ("11#heating-company#3")
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Held:
    """What a dossier has added so far, as of its fact number ``seq``; 0 for nothing yet. ``share`` is JSON."""

    seq: int = 0
    share: str = NOTHING


@dataclass(frozen=True)
class Change:
    """What makes the figures right again: what the dossier adds from now on, and by how much which row changes."""

    dossier: str
    was: Held
    now: Held
    rows: Mapping[Key, Counts]


class Store(Protocol):
    """Where figures lie. ``apply`` raises Conflict if the dossier's share is not ``was`` any more."""

    def held(self, dossier: str) -> Held: ...

    def apply(self, change: Change) -> None: ...


def change(dossier: str, was: Held, entries: Sequence[Entry], zone: ZoneInfo) -> Change | None:
    """What these facts, all of the dossier's, change in the figures; None for nothing."""
    now = Held(entries[-1].seq if entries else 0, packed(share(entries, zone)))
    if now == was:
        return None
    return Change(dossier, was, now, _difference(dossier, unpacked(was.share), unpacked(now.share)))


def _difference(dossier: str, before: Share, after: Share) -> dict[Key, Counts]:
    found: dict[Key, Counts] = {}
    for part in sorted({*before, *after}):
        old, new = before.get(part, {}), after.get(part, {})
        changed = {name: new.get(name, 0) - old.get(name, 0) for name in sorted({*old, *new})}
        if kept := {name: count for name, count in changed.items() if count}:
            found[key_of(part, dossier)] = kept
    return found


def key_of(part: Part, dossier: str) -> Key:
    """The row to which this dossier adds what it adds to this part."""
    year, _, month = part.month.partition("-")
    return f"{part.dimension}#{year}", f"{month}#{part.id}#{crc32(dossier.encode()) % SPREAD}"


def part_of(key: Key) -> Part:
    """What a row counts."""
    dimension, _, year = key[0].partition("#")
    month, _, rest = key[1].partition("#")
    return Part(dimension, rest.rpartition("#")[0], f"{year}-{month}")


def packed(given: Share) -> str:
    """A share as JSON, the same bytes for the same share."""
    listed = [[part.dimension, part.id, part.month, dict(counts)] for part, counts in sorted(given.items())]
    return msgspec.json.encode(listed, order="deterministic").decode()


def unpacked(text: str) -> Share:
    """A share from its JSON."""
    listed = msgspec.json.decode(text, type=list[tuple[str, str, str, dict[str, int]]])
    return {Part(dimension, id, month): counts for dimension, id, month, counts in listed}


def summed(shares: Iterable[tuple[str, str]]) -> dict[Key, dict[str, int]]:
    """All rows that these shares (dossier, JSON) lead to: what the figures ought to be."""
    rows: defaultdict[Key, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for dossier, text in shares:
        for part, counts in unpacked(text).items():
            row = rows[key_of(part, dossier)]
            for name, count in counts.items():
                row[name] += count
    return {key: dict(counts) for key, counts in rows.items()}


def canonical(rows: Mapping[Key, Counts]) -> bytes:
    """Figures as bytes to be compared: sorted, and a counter that went back to 0 is none."""
    kept = {key: {name: count for name, count in counts.items() if count} for key, counts in rows.items()}
    listed = [[*key, counts] for key, counts in sorted(kept.items()) if counts]
    return msgspec.json.encode(listed, order="deterministic")
