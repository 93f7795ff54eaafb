"""The hash chain: what an entry of the journal is, and how a chain of them is checked. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.people.roles import Role

GENESIS = ""


@dataclass(frozen=True)
class Entry:
    """One fact. ``data`` is what was said and decided, ``changes`` what it changed in the dossier's state (JSON values).

    A resident's words and contact details are in neither: ``data`` holds a reference and a salted digest.
    """

    dossier: str
    seq: int
    type: str
    at: datetime
    role: Role
    actor: str
    data: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    kind: str = ""
    correlation: str = ""
    prev: str = GENESIS
    hash: str = ""

    def digest(self) -> str:
        """SHA-256 (hex) over every field but ``hash``, as JSON with sorted keys."""
        content = msgspec.to_builtins(self)
        del content["hash"]
        return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()

    def sealed(self) -> "Entry":
        """The same entry with its hash filled in."""
        return replace(self, hash=self.digest())


@dataclass(frozen=True)
class Verdict:
    """What a walk along a chain found: how many entries, and the sequence number of the first that was changed."""

    entries: int
    first_changed: int | None = None

    @property
    def sound(self) -> bool:
        return self.first_changed is None


def walk(entries: Iterable[Entry], head: str | None = None) -> Verdict:
    """Check a dossier's entries, in order, against their hashes; ``head`` is the hash that the dossier keeps of the last.

    An entry that was changed, taken out, put in or put elsewhere is named by the number at which the chain breaks.
    """
    prev, number = GENESIS, 0
    for number, entry in enumerate(entries, start=1):
        if entry.seq != number or entry.prev != prev or entry.hash != entry.digest():
            return Verdict(number, first_changed=number)
        prev = entry.hash
    if head is not None and head != prev:
        return Verdict(number, first_changed=number + 1)
    return Verdict(number)
