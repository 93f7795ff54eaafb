"""What a suggestion stands on: common demands as they were when it was drafted. Pure.

A snapshot names the demand's place in its own journal (``version`` and the hash ``head``): whoever doubts a figure folds that
journal up to there. The sentences are residents' own, with what could name someone taken out; they are for staff only.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import msgspec

from chalicelib.demands.model import Demand

# Numbers of telephones, identity cards and accounts, also with blanks and dashes between; addresses of mail; flats, and names
# that people give themselves. Better a blank too many: the sentence is there to show the matter and not the person.
_MASKS: Final = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII),
    re.compile(r"\d(?:[ -]?[\dXx]){6,}", re.ASCII),
    re.compile(r"[\dA-Za-z]*\d+\s*(?:单元|室|户|房(?!间))\s*(?:\d+\s*(?:室|户)?)?", re.ASCII),
    re.compile(r"(?<=我叫|名叫|姓名)[:：是为]?\s*[\u4e00-\u9fff]{2,4}"),
    re.compile(r"(?<=本人|我是)[\u4e00-\u9fff]{2,3}(?=[,，。;；、\s]|$)"),
    re.compile(r"\b(?:flat|room|apartment|apt|unit)\s*\.?\s*#?\d\w*", re.ASCII | re.IGNORECASE),
    re.compile(r"(?<=my name is )\S+(?: [A-Z]\w+)?", re.IGNORECASE),
)
MASK: Final = "…"


@dataclass(frozen=True)
class Evidence:
    """A demand as it stood at ``at``: so many ``people`` in so many ``cases``, by grid, category and day (ISO → messages)."""

    demand: str
    name: str
    people: int
    cases: int
    at: datetime
    version: int
    head: str
    grids: dict[str, int] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()

    @property
    def since(self) -> str:
        """The day of the first message (ISO), "" if there is none."""
        return min(self.days, default="")

    @property
    def category(self) -> str:
        """What most of its cases are about."""
        return max(self.categories, key=lambda name: (self.categories[name], name), default="")

    @property
    def digest(self) -> str:
        """A SHA-256 (hex) of all figures; the sentences are no part of it, so that nothing is left of them anywhere else."""
        return hashlib.sha256(msgspec.json.encode(replace(self, sentences=()), order="sorted")).hexdigest()


def snapshot(demand: Demand, at: datetime) -> Evidence:
    """A demand as it stands now."""
    return Evidence(
        demand=demand.id,
        name=demand.name,
        people=demand.people,
        cases=demand.cases,
        at=at,
        version=demand.version,
        head=demand.head,
        grids=dict(demand.grids),
        categories=dict(demand.categories),
        days=dict(demand.days),
        sentences=tuple(map(masked, demand.sentences)),
    )


def masked(sentence: str) -> str:
    """A resident's sentence without numbers, addresses and names that tell who wrote it."""
    for pattern in _MASKS:
        sentence = pattern.sub(MASK, sentence)
    return sentence


def renewed(held: Iterable[Evidence], fresh: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """What is held, with each demand that is there anew in its place; new demands stand last."""
    found = {each.demand: each for each in held} | {each.demand: each for each in fresh}
    return tuple(found.values())
