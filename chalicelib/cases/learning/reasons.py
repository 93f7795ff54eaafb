"""Why a text was taken for a category: the stretches of it that weighed most, as a person would read them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from chalicelib.cases.learning.terms import beginning, bucket, plain, terms

MOST: Final = 3
STRONGEST: Final = 8  # terms that are looked at
LONGEST: Final = 12  # characters that overlapping terms may grow to
PARTICLES: Final = frozenset(
    "的了是在和与及就也都很我你他她它们这那有着过吗呢吧"
)  # no reason begins, ends or stands with these


class Stretch(NamedTuple):
    """From ``start`` to ``end`` in the plain text, with the sum of what its terms weigh."""

    start: int
    end: int
    weight: float


def reasons(text: str, weigh: Callable[[int], float]) -> tuple[str, ...]:
    """Up to three stretches, the weightiest first. ``weigh``: how far a bucket moves this text towards the category."""
    said = plain(text)
    stretches = sorted(_merged(sorted(_strongest(said, weigh))), key=lambda stretch: -stretch.weight)
    found = dict.fromkeys(said[stretch.start : stretch.end] for stretch in stretches)
    return tuple(words for words in found if not any(words != other and words in other for other in found))[:MOST]


def _strongest(said: str, weigh: Callable[[int], float]) -> Iterator[Stretch]:
    """The strongest terms where they first stand; single characters only where nothing longer speaks."""
    whole = {term: start for term, start, _ in reversed(tuple(terms(said))) if not term.endswith("-")}
    weighed = {term: weight for term in whole if PARTICLES.isdisjoint(term) and (weight := _weight(term, weigh)) > 0}
    longer = {term: weight for term, weight in weighed.items() if len(term) > 1}
    best = sorted((longer or weighed).items(), key=lambda item: (-item[1], whole[item[0]]))[:STRONGEST]
    return (Stretch(whole[term], whole[term] + len(term), weight) for term, weight in best)


def _weight(term: str, weigh: Callable[[int], float]) -> float:
    """What a term weighs; a word together with its beginning."""
    return weigh(bucket(term)) + (weigh(bucket(beginning(term))) if term.isascii() else 0.0)


def _merged(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Stretches that overlap made one, while it stays short."""
    held = Stretch(0, 0, 0.0)
    for stretch in stretches:
        if stretch.start < held.end and stretch.end - held.start <= LONGEST:
            held = Stretch(held.start, stretch.end, held.weight + stretch.weight)
            continue
        yield from (held,) if held.weight else ()
        held = stretch
    yield from (held,) if held.weight else ()
