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
    scores = _scores(text, directory)
    guesses = tuple(name for name, _ in scores.most_common(GUESSES))
    if directory.category(category):
        urgency, because = urgency_of(text, directory, category)
        return _to(directory, category, grid, urgency, 1.0, because, guesses)
    if not guesses:
        urgency, because = urgency_of(text, directory)
        return Destination("", "", urgency, 0.0, because, ())
    confidence = scores[guesses[0]] / sum(scores[name] for name in guesses)
    found = guesses[0] if confidence >= UNSURE_BELOW else ""
    urgency, because = urgency_of(text, directory, found)
    words = (*because, *_words_found(text, guesses[0], directory))
    return _to(directory, found, grid, urgency, confidence, words, guesses)


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


def urgency_of(text: str, directory: Directory, category: str = "") -> tuple[Urgency, tuple[str, ...]]:
    """How urgent a text sounds, and by which words: those of danger first, then those that are urgent anywhere or in this
    category. Recall comes before precision: one word of danger is enough."""
    known = directory.category(category)
    rules = [(rule.urgency, rule.words) for rule in directory.danger_rules] + [("urgent", known.urgent_words if known else ())]
    levels: tuple[Urgency, ...] = ("danger", "urgent")
    for level in levels:
        words = [word for urgency, words in rules if urgency == level for word in words if word.lower() in text.lower()]
        if words:
            return level, tuple(words[:GUESSES])
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
