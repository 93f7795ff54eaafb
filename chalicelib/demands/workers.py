"""What the platform does by itself with common demands: each message of the queue ``patterns`` is one small deed.

A case that was routed is compared and perhaps put into a demand; a case that was put in is counted there; one that was
withdrawn is forgotten; what was done to a demand is handed on, a message a case, and done to each. Every deed may be told
twice.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from chalicelib.demands import patterns, service
from chalicelib.people.roles import SYSTEM
from chalicelib.settings import settings
from chalicelib.spine import dossiers, journal, queue
from chalicelib.spine.chain import Entry
from chalicelib.spine.queue import Message
from chalicelib.telemetry import correlation


def work(message: Message, now: datetime) -> None:
    """Do what a fact, or an order that came of one, asks for."""
    _DEEDS[f"{message['kind']}.{message['type']}"](message, now)


def _compare(message: Message, now: datetime) -> None:
    case = dossiers.insist(lambda: patterns.compare(message["dossier"], now))
    dossiers.insist(lambda: service.watch_case(case, now))


def _count(message: Message, now: datetime) -> None:
    demand = dossiers.insist(lambda: service.grow(message["dossier"], now))
    entry = _entry(message)
    if entry:
        dossiers.insist(lambda: service.catch_up(message["dossier"], demand, entry.at, now))
        _told(entry, now)


def _remember(message: Message, now: datetime) -> None:
    entry = _entry(message)
    if entry:
        _told(entry, now)


def _entry(message: Message) -> Entry | None:
    return journal.entry(message["dossier"], int(message["seq"]))


def _told(entry: Entry, now: datetime) -> None:
    if entry.role != SYSTEM:
        patterns.remember(entry.dossier, entry, now)


def _forget(message: Message, _: datetime) -> None:
    patterns.withdrawn(message["dossier"])


def _reopen(message: Message, now: datetime) -> None:
    dossiers.insist(lambda: service.reopened(message["dossier"], int(message["seq"]), now))


def _order(message: Message, _: datetime) -> None:
    """One fact of a demand becomes an order for each of its cases."""
    demand, follow = message["dossier"], {"kind": "order", "type": "case", "correlation": correlation()}
    orders = service.orders(demand, int(message["seq"]))
    queue.send_all(settings.patterns_queue, ({**follow, "dossier": case, "demand": demand, "seq": seq} for case, seq in orders))


def _carry_out(message: Message, now: datetime) -> None:
    case, demand, seq = message["dossier"], message["demand"], int(message["seq"])
    dossiers.insist(lambda: service.carry_out(case, demand, seq, now))


_DEEDS: Final[Mapping[str, Callable[[Message, datetime], None]]] = {
    "case.routed": _compare,
    "case.triaged": _compare,
    "case.grouped": _count,
    "case.ungrouped": _remember,
    "case.withdrawn": _forget,
    "case.erased": _forget,
    "case.reopened": _reopen,
    "order.case": _carry_out,
    **{f"demand.{fact}": _order for fact in service.CARRIED_OUT},
}
WANTED: Final = frozenset(_DEEDS) - {"order.case"}
