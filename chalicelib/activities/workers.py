"""What this section does by itself: bookings of a cancelled day are let go; timers are taken into effect."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from chalicelib.activities import bookings, service
from chalicelib.activities.booking import Booking
from chalicelib.activities.model import Activity
from chalicelib.spine.agenda import Enforcer
from chalicelib.spine.dossier import Dossier
from chalicelib.spine.queue import Message

ENFORCED_BY_US: Final[dict[str, tuple[type[Dossier], Enforcer]]] = {
    Activity.KIND: (Activity, service.enforce),
    Booking.KIND: (Booking, bookings.enforce),
}

_DEEDS: Final[Mapping[str, Callable[[Message, datetime], None]]] = {
    "activity.cancelled": lambda message, now: bookings.let_go(message["dossier"], now),
}
WANTED: Final = frozenset(_DEEDS)  # the facts that this section follows, each as "kind.type"


def work(message: Message, now: datetime) -> None:
    """Do what a fact asks of this section. A fact may come twice, late, or out of order."""
    _DEEDS[f"{message['kind']}.{message['type']}"](message, now)
