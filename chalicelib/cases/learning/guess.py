"""Who guesses a text's category, and what is said: the lexicon alone at first, a model more and more beside it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from chalicelib.cases.learning.model import Model

LEXICON_COUNTS_AS: Final = 10  # confirmed messages of a category
REASONS: Final = 3


@dataclass(frozen=True)
class Prediction:
    """``confidence`` is the probability of ``category``; ``because`` are the words that weighed most; ``guesses`` are all
    categories thought of, the likeliest first. Nothing known of a text: no category, no confidence, no guesses."""

    category: str = ""
    confidence: float = 0.0
    because: tuple[str, ...] = ()
    guesses: tuple[tuple[str, float], ...] = ()

    def narrowest(self, at_least: float) -> tuple[str, float]:
        """The deepest category that is at least so sure, counting with it all below it; ("", 0.0) if none is.

        So a text that is surely about heating can go to the heating company, though its very matter is not sure.
        """
        sums: defaultdict[str, float] = defaultdict(float)
        for category, share in self.guesses:
            for scope in _with_those_above(category):
                sums[scope] += share
        sure = [scope for scope, share in sums.items() if share >= at_least]
        best = max(sure, key=lambda scope: (scope.count("/"), sums[scope]), default="")
        return best, sums.get(best, 0.0)


def _with_those_above(category: str) -> Iterable[str]:
    parts = category.split("/")
    return ("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))


def ranked(shares: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """Guesses that sum to 1, the likeliest first, of equal ones the narrower; those at nothing are left out."""
    total = sum(shares.values())
    found = ((category, round(share / total, 4)) for category, share in shares.items() if share)
    return tuple(sorted(found, key=lambda guess: (-guess[1], -guess[0].count("/"), guess[0])))


class Guesser(Protocol):
    """Whatever guesses categories."""

    def predict(self, text: str) -> Prediction:
        """Which category a text belongs to, how sure that is, and why."""


@dataclass(frozen=True)
class Lexicon:
    """Words by category, written by people; every category in use stands in it, if need be without words.

    A word counts by its length, as often as it stands in a text.
    """

    words: Mapping[str, Sequence[str]]

    def predict(self, text: str) -> Prediction:
        """The category with most of its words in the text; its share of all words found is the confidence."""
        lowered = text.lower()
        guesses = ranked({category: self._weigh(category, lowered) for category in self.words})
        return Prediction(*guesses[0], self.because(text, guesses[0][0]), guesses) if guesses else Prediction()

    def because(self, text: str, category: str) -> tuple[str, ...]:
        """The words of a category that stand in a text."""
        return tuple(word for word in self.words.get(category, ()) if word.lower() in text.lower())[:REASONS]

    def _weigh(self, category: str, lowered: str) -> float:
        return sum(len(word) * lowered.count(word.lower()) for word in self.words[category])


@dataclass(frozen=True)
class Together:
    """A lexicon and a model. For each category the lexicon counts as ten confirmed messages of it.

    With n confirmed messages of a category, n parts of its share come from the model and ten from the lexicon: a category
    that is new is guessed by its words, one that is well known by what was learnt. Where one of the two knows nothing of a
    text, the other guesses alone. Categories that the lexicon does not list are out of use and never guessed; what they would
    have had makes the others no surer.
    """

    lexicon: Lexicon
    model: "Model"

    def predict(self, text: str) -> Prediction:
        """Which category a text belongs to, how sure that is, and why: the lexicon's words, then what was learnt."""
        learnt, listed = dict(self.model.predict(text).guesses), dict(self.lexicon.predict(text).guesses)
        found = ranked(self._mixed(learnt, listed) if learnt and listed else learnt or listed)
        guesses = tuple(guess for guess in found if guess[0] in self.lexicon.words)
        return Prediction(*guesses[0], self._because(text, guesses[0][0]), guesses) if guesses else Prediction()

    def _mixed(self, learnt: Mapping[str, float], listed: Mapping[str, float]) -> dict[str, float]:
        parts = {category: known / (known + LEXICON_COUNTS_AS) for category, known in self.model.known.items()}
        return {
            category: parts.get(category, 0.0) * learnt.get(category, 0.0)
            + (1.0 - parts.get(category, 0.0)) * listed.get(category, 0.0)
            for category in sorted(learnt.keys() | listed.keys())
        }

    def _because(self, text: str, category: str) -> tuple[str, ...]:
        found = (*self.lexicon.because(text, category), *self.model.because(text, category))
        return tuple(dict.fromkeys(found))[:REASONS]
