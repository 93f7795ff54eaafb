"""The figures follow the journal: each fact is counted once, however often it is told."""

from datetime import datetime
from typing import Final

from chalicelib.insight import model, service
from chalicelib.spine.queue import Message

WANTED: Final = model.WANTED  # the facts that are counted, each as "kind.type"


def work(message: Message, now: datetime) -> None:  # noqa: ARG001 - every section's workers are handed the moment
    """Count the dossier of a fact, as it stands."""
    service.count(message["dossier"])
