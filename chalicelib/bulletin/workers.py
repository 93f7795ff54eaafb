"""What this section does by itself: what follows from facts of its own and of others, and the duties of the agenda.

Notices with read receipts, and the learning library.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from chalicelib.spine.agenda import Enforcer
from chalicelib.spine.dossier import Dossier
from chalicelib.spine.queue import Message

ENFORCED_BY_US: Final[dict[str, tuple[type[Dossier], Enforcer]]] = {}

_DEEDS: Final[Mapping[str, Callable[[Message, datetime], None]]] = {}
WANTED: Final = frozenset(_DEEDS)  # the facts that this section follows, each as "kind.type"


def work(message: Message, now: datetime) -> None:
    """Do what a fact asks of this section. A fact may come twice, late, or out of order."""
    _DEEDS[f"{message['kind']}.{message['type']}"](message, now)
