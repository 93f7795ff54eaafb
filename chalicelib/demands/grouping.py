"""Which common demand a message belongs to: a proposal, with its reasons. Pure. People decide, and what they decided binds.

A group is as near as its two nearest messages are on average, and a little nearer for each more that was found: so one
freak likeness joins nothing, and a demand of many is found more easily than a pair. A message that is near to two groups says
that they are one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import exp, log
from typing import Final

from chalicelib.demands.similarity import Fingerprint, Reading, likeness, shared
from chalicelib.demands.weights import Scale, Weights

ATTACH: Final = 11.5  # from so much likeness on a message belongs to a group
NEAREST: Final = 2
COMPANY: Final = 0.5  # for each factor e of messages of the group among those found
REASONS: Final = 3

Decided = frozenset[frozenset[str]]  # pairs of cases or groups of which people said that they don't belong together


@dataclass(frozen=True)
class Candidate:
    """A message met before. ``apart``: groups from which people took it out, or of which they said that it is none of them."""

    case: str
    group: str
    at: datetime
    fingerprint: Fingerprint = field(repr=False)
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Proposal:
    """Where a message belongs. ``group`` is "" for none so far; ``score`` is 0.5 at the threshold and 1 for beyond doubt.

    ``because``: the words it shares with the nearest message of that group (``nearest``), the weightiest first. ``joins``:
    other groups that this message says are the same as this one.
    """

    group: str = ""
    score: float = 0.0
    because: tuple[str, ...] = ()
    nearest: str = ""
    joins: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Near:
    group: str
    score: float
    nearest: Candidate


def decide(
    reading: Reading,
    candidates: Iterable[Candidate],
    weights: Weights,
    at: datetime,
    *,
    case: str = "",
    decided: Decided = frozenset(),
) -> Proposal:
    """Where this message belongs, of the groups of ``candidates``. ``case`` is its own id, for what was decided of it."""
    scale = Scale(weights)
    others = [each for each in candidates if each.case != case] if reading.fingerprint.says_something else []
    decided = decided | {frozenset((each.group, other)) for each in others for other in each.apart}
    groups = {name: found for name, found in _by_group(others).items() if not _forbidden(case, name, found, decided)}
    near = sorted((_near(name, found, reading, at, scale) for name, found in groups.items()), key=lambda n: (-n.score, n.group))
    if not near or near[0].score < ATTACH:
        return Proposal(score=_sure(near[0].score) if near else 0.0)
    best, joins = near[0], [each.group for each in near[1:] if each.score >= ATTACH]
    because = shared(reading, best.nearest.fingerprint, scale, REASONS)
    free = tuple(name for name in joins if not _parted(groups[best.group], groups[name], decided))
    return Proposal(best.group, _sure(best.score), because, best.nearest.case, free)


def _by_group(candidates: Iterable[Candidate]) -> dict[str, list[Candidate]]:
    groups: dict[str, list[Candidate]] = {}
    for each in candidates:
        groups.setdefault(each.group, []).append(each)
    return groups


def _forbidden(case: str, group: str, members: Sequence[Candidate], decided: Decided) -> bool:
    """Whether people said of this case that it doesn't belong to the group, or not together with one of its messages."""
    return bool(case) and any(frozenset((case, other)) in decided for other in _names(group, members))


def _parted(ones: Sequence[Candidate], others: Sequence[Candidate], decided: Decided) -> bool:
    mine, theirs = _names(ones[0].group, ones), _names(others[0].group, others)
    return any(frozenset((one, other)) in decided for one in mine for other in theirs)


def _names(group: str, members: Iterable[Candidate]) -> list[str]:
    return [group, *(each.case for each in members)]


def _near(group: str, members: Sequence[Candidate], reading: Reading, at: datetime, scale: Scale) -> _Near:
    alike = [(likeness(reading.fingerprint, each.fingerprint, _days(at, each.at), scale), each) for each in members]
    nearest = sorted(alike, key=lambda found: (-found[0], found[1].case))[:NEAREST]
    score = sum(alike for alike, _ in nearest) / len(nearest) + COMPANY * log(len(members))
    return _Near(group, score, nearest[0][1])


def _days(one: datetime, other: datetime) -> float:
    return abs((one - other).total_seconds()) / 86400


def _sure(score: float) -> float:
    return round(1 / (1 + exp(min(50.0, ATTACH - score))), 3)
