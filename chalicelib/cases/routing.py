"""Which body is responsible: category × grid → body. What a message is about is guessed by words that people can read and
edit in the directory, and by what was learnt from their corrections (``learner.py``). Pure."""

from itertools import islice
from typing import Final

from chalicelib.cases.learning.guess import Guesser, Lexicon
from chalicelib.cases.model import Destination, Urgency
from chalicelib.directory.model import Directory
from chalicelib.directory.phrases import phrase, plain

SURE: Final = 0.5  # below, a person decides: the message goes to the manager's list with the three best guesses
GUESSES: Final = 3


def destination(text: str, category: str, grid: str, directory: Directory, guesser: Guesser) -> Destination:
    """Where a message goes. ``category`` is the resident's own choice or "" for not sure; it wins if it exists.

    A guess may be sure of a matter's kind and not of the very matter: then the wider category counts, if a body answers for
    it. Nobody responsible, or nothing sure: ``body`` is "" and the best guesses stand beside it, for a person to decide.
    """
    found = guesser.predict(text)
    guesses = tuple(name for name, _ in found.guesses[:GUESSES])
    chosen = bool(directory.category(category))
    likely, confidence = (category, 1.0) if chosen else found.narrowest(SURE)
    urgency, danger = urgency_of(text, directory, likely)
    because = danger if chosen else (*danger, *found.because)
    body = directory.body_for(likely, grid) if likely else None
    sure = confidence if likely else found.confidence
    return Destination(body.id if body else "", likely, urgency, round(sure, 3), because, guesses)


def lexicon(directory: Directory) -> Lexicon:
    """The words that people wrote for each category in use."""
    return Lexicon({category.id: category.words for category in directory.categories})


def urgency_of(text: str, directory: Directory, category: str = "") -> tuple[Urgency, tuple[str, ...]]:
    """How urgent a text sounds, and by which words of the directory: those of danger first, then those that are urgent
    anywhere or in this category. Recall comes before precision: one word of danger is enough.

    The words are the directory's own and not the resident's: they go into the journal.
    """
    known = directory.category(category)
    rules = [(rule.urgency, rule.words) for rule in directory.danger_rules] + [("urgent", known.urgent_words if known else ())]
    levels: tuple[Urgency, ...] = ("danger", "urgent")
    looked_in = plain(text)
    for level in levels:
        wanted = (word for urgency, words in rules if urgency == level for word in words)
        found = tuple(islice((word for word in wanted if phrase(word).stands_in(looked_in)), GUESSES))
        if found:
            return level, found
    return "normal", ()
