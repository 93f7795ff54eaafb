"""What this section does by itself: items that open by a breach, by a reply that did not satisfy, by many breaches; and the
duties of rectifications and appraisals."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from chalicelib.spine.agenda import Enforcer
from chalicelib.spine.dossier import Dossier
from chalicelib.spine.queue import Message
from chalicelib.supervision import ballots, service
from chalicelib.supervision.appraisal import Appraisal
from chalicelib.supervision.model import Item

ENFORCED_BY_US: Final[dict[str, tuple[type[Dossier], Enforcer]]] = {
    Item.KIND: (Item, service.enforce),
    Appraisal.KIND: (Appraisal, ballots.enforce),
}


def work(message: Message, now: datetime) -> None:
    """Do what a fact asks of this section. A fact may come twice, late, or out of order."""
    _DEEDS[f"{message['kind']}.{message['type']}"](message, now)


def _breach(message: Message, now: datetime) -> None:
    service.follow_breach(message["kind"], message["dossier"], int(message["seq"]), now)


_DEEDS: Final[Mapping[str, Callable[[Message, datetime], None]]] = {
    "case.breached": _breach,
    "case.escalated": _breach,
    "suggestion.breached": _breach,
    "suggestion.escalated": _breach,
    "case.grouped": lambda message, now: service.follow_grouping(message["dossier"], now),
    "suggestion.evaluated": lambda message, now: service.follow_evaluation(message["dossier"], int(message["seq"]), now),
}
WANTED: Final = frozenset(_DEEDS)  # the facts that this section follows, each as "kind.type"
