"""The figures follow the journal: each fact is counted once, however often it is told."""

from datetime import datetime
from typing import Final

from chalicelib.spine.queue import Message

WANTED: Final[frozenset[str]] = frozenset()  # the facts that are counted, each as "kind.type"


def work(message: Message, now: datetime) -> None:
    """Count a fact."""
