"""What this section does by itself: everyone whom a notice goes to is told, and who did not read it is reminded."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from chalicelib.bulletin import service
from chalicelib.bulletin.model import Notice, portions
from chalicelib.settings import settings
from chalicelib.spine import queue
from chalicelib.spine.agenda import Enforcer
from chalicelib.spine.dossier import Dossier
from chalicelib.spine.queue import Message

ENFORCED_BY_US: Final[dict[str, tuple[type[Dossier], Enforcer]]] = {Notice.KIND: (Notice, service.enforce)}


def _tell(message: Message, now: datetime) -> None:
    """A whole congress may be too many for one function to write to: some at a time, a message each."""
    users = service.to_be_told(message["dossier"], message["type"], now)
    queue.send_all(settings.notices_queue, ({**message, "users": some} for some in portions(users)))


_DEEDS: Final[Mapping[str, Callable[[Message, datetime], None]]] = {"notice.published": _tell, "notice.reminded": _tell}
WANTED: Final = frozenset(_DEEDS)  # the facts that this section follows, each as "kind.type"


def work(message: Message, now: datetime) -> None:
    """Do what a fact asks of this section. A fact may come twice, late, or out of order."""
    _DEEDS[f"{message['kind']}.{message['type']}"](message, now)
