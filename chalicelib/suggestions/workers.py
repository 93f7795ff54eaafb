"""What suggestions do by themselves: going back to the body, telling of a document, and the duties of the agenda.

A document is put on record with each demand that the suggestion comes of, and from there, a message a case, with each case: so
each resident whose message led to it is told. Every deed may be told twice.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from chalicelib.settings import settings
from chalicelib.spine import dossiers, queue
from chalicelib.spine.agenda import Enforcer
from chalicelib.spine.dossier import Dossier
from chalicelib.spine.queue import Message
from chalicelib.suggestions import outcomes, service
from chalicelib.suggestions.model import Suggestion
from chalicelib.telemetry import correlation

ENFORCED_BY_US: Final[dict[str, tuple[type[Dossier], Enforcer]]] = {Suggestion.KIND: (Suggestion, service.enforce)}


def work(message: Message, now: datetime) -> None:
    """Do what a fact, or an order that came of one, asks of this section."""
    _DEEDS[f"{message['kind']}.{message['type']}"](message, now)


def _send_back(message: Message, now: datetime) -> None:
    dossiers.insist(lambda: service.send_back(message["dossier"], now))


def _tell_demands(message: Message, now: datetime) -> None:
    outcomes.tell_demands(message["dossier"], int(message["seq"]), now)


def _tell_cases(message: Message, _: datetime) -> None:
    """One fact of a demand becomes an order for each of its cases."""
    follow = {"kind": "order", "type": "documented", "correlation": correlation()}
    orders = outcomes.orders(message["dossier"], int(message["seq"]))
    queue.send_all(settings.followups_queue, ({**follow, **order} for order in orders))


def _tell_case(message: Message, now: datetime) -> None:
    """One order; those whose cases were joined to this one are told as well."""
    joined = outcomes.tell_case(message["dossier"], message["demand"], int(message["seq"]), now)
    queue.send_all(settings.followups_queue, ({**message, "dossier": case} for case in joined))


_DEEDS: Final[Mapping[str, Callable[[Message, datetime], None]]] = {
    "suggestion.evaluated": _send_back,
    "suggestion.documented": _tell_demands,
    "demand.documented": _tell_cases,
    "order.documented": _tell_case,
}
WANTED: Final = frozenset(_DEEDS)  # the facts that this section follows, each as "kind.type"
