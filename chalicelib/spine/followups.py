"""A fact that more than one section follows: handed to each of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from chalicelib.spine.queue import Message


class Follower(Protocol):
    """A section's workers: the facts that it follows, and what it does then."""

    WANTED: frozenset[str]

    def work(self, message: Message, now: datetime) -> None: ...


def hand(message: Message, now: datetime, sections: Iterable[Follower]) -> None:
    """Let every section that follows this fact do its part. Where one fails the message comes again, to all of them."""
    fact = f"{message['kind']}.{message['type']}"
    for section in sections:
        if fact in section.WANTED:
            section.work(message, now)
