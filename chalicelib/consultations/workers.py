"""What this section does by itself: what follows from its facts, and the duties of the agenda."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from chalicelib.consultations import service
from chalicelib.consultations.model import Consultation
from chalicelib.settings import settings
from chalicelib.spine import queue
from chalicelib.spine.agenda import Enforcer
from chalicelib.spine.dossier import Dossier
from chalicelib.spine.queue import Message

ENFORCED_BY_US: Final[dict[str, tuple[type[Dossier], Enforcer]]] = {
    Consultation.KIND: (Consultation, service.enforce),
}


def _tell_askers(message: Message, _: datetime) -> None:
    """One notice for each who asked to be told: one message each, so that one address that fails holds up nobody."""
    queue.send_all(settings.notices_queue, ({**message, "answer": answer} for answer in service.askers(message["dossier"])))


_DEEDS: Final[Mapping[str, Callable[[Message, datetime], None]]] = {"consultation.published": _tell_askers}
WANTED: Final = frozenset(_DEEDS)  # the facts that this section follows, each as "kind.type"


def work(message: Message, now: datetime) -> None:
    """Do what a fact asks of this section. A fact may come twice, late, or out of order."""
    _DEEDS[f"{message['kind']}.{message['type']}"](message, now)
