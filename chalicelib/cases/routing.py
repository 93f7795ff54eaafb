"""Which body is responsible: category × grid → body, by words that people can read and edit in the directory. Pure."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from chalicelib.cases.model import Destination, Urgency
from chalicelib.directory.model import Directory

UNSURE_BELOW: Final = 0.5
GUESSES: Final = 3


def destination(text: str, category: str, grid: str, directory: Directory) -> Destination:
    """Where a message goes. ``category`` is the resident's own choice or "" for not sure; it wins if it exists.

    Nobody responsible, or no word known: ``body`` is "" and the best guesses stand beside it, for a person to decide.
    """
    urgency, danger_words = urgency_of(text, directory)
    scores = _scores(text, directory)
    guesses = tuple(name for name, _ in scores.most_common(GUESSES))
    if directory.category(category):
        return _to(directory, category, grid, urgency, 1.0, danger_words, guesses)
    if not guesses:
        return Destination("", "", urgency, 0.0, danger_words, ())
    confidence = scores[guesses[0]] / sum(scores[name] for name in guesses)
    sure = confidence >= UNSURE_BELOW
    because = (*danger_words, *_words_found(text, guesses[0], directory))
    return _to(directory, guesses[0] if sure else "", grid, urgency, confidence, because, guesses)


def _to(
    directory: Directory,
    category: str,
    grid: str,
    urgency: Urgency,
    sure: float,
    because: Iterable[str],
    guesses: tuple[str, ...],
) -> Destination:
    body = directory.body_for(category, grid) if category else None
    return Destination(body.id if body else "", category, urgency, round(sure, 3), tuple(because), guesses)


def urgency_of(text: str, directory: Directory) -> tuple[Urgency, tuple[str, ...]]:
    """How urgent a text sounds, and by which words. Recall comes before precision: one word of danger is enough."""
    lowered = text.lower()
    for level in ("danger", "urgent"):
        words = tuple(w for rule in directory.danger_rules if rule.urgency == level for w in rule.words if w.lower() in lowered)
        if words:
            return ("danger" if level == "danger" else "urgent"), words[:GUESSES]
    return "normal", ()


def _scores(text: str, directory: Directory) -> "Counter[str]":
    lowered = text.lower()
    scores: Counter[str] = Counter()
    for category in directory.categories:
        weight = sum(len(word) * lowered.count(word.lower()) for word in category.words)
        if weight:
            scores[category.id] = weight
    return scores


def _words_found(text: str, category: str, directory: Directory) -> tuple[str, ...]:
    found = directory.category(category)
    words = found.words if found else ()
    return tuple(word for word in words if word.lower() in text.lower())[:GUESSES]
