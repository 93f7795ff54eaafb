"""What this section does by itself: what follows from facts of its own and of others, and the duties of the agenda.

The electronic performance file of each deputy.
"""

from datetime import datetime
from typing import Final

from chalicelib.performance import credit, following
from chalicelib.spine.agenda import Enforcer
from chalicelib.spine.dossier import Dossier
from chalicelib.spine.queue import Message

ENFORCED_BY_US: Final[dict[str, tuple[type[Dossier], Enforcer]]] = {}

WANTED: Final = credit.WATCHED  # the facts that this section follows, each as "kind.type"


def work(message: Message, now: datetime) -> None:
    """Do what a fact asks of this section. A fact may come twice, late, or out of order."""
    following.follow(message["dossier"], int(message["seq"]), now)
