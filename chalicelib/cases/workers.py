"""What casework does by itself: routing what came in, and the duties of the agenda."""

from datetime import datetime
from typing import Final

from chalicelib.cases import service
from chalicelib.cases.model import Case
from chalicelib.spine import dossiers
from chalicelib.spine.agenda import Enforcer
from chalicelib.spine.dossier import Dossier
from chalicelib.spine.queue import Message

ROUTED_BY_US: Final = frozenset({"case.received"})  # the facts that the routing queue wants
ENFORCED_BY_US: Final[dict[str, tuple[type[Dossier], Enforcer]]] = {"case": (Case, service.enforce)}


def route(message: Message, now: datetime) -> None:
    """Route the message's case. A case that someone moved at the same moment is looked at once more."""
    dossiers.insist(lambda: service.route(message["dossier"], now))
