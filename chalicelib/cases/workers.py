"""What casework does by itself: routing what came in, learning from what people set right, and the duties of the agenda."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from chalicelib.cases import lessons, photos, service
from chalicelib.cases.model import Case
from chalicelib.directory import service as directory_service
from chalicelib.people.roles import SYSTEM
from chalicelib.spine import dossiers, journal
from chalicelib.spine.agenda import Enforcer
from chalicelib.spine.dossier import Dossier, Duty
from chalicelib.spine.queue import Message


def _enforce(case: Case, duty: Duty, now: datetime) -> None:
    if duty.what == "photos":
        photos.keep(case, now)
    else:
        service.enforce(case, duty, now)


ENFORCED_BY_US: Final[dict[str, tuple[type[Dossier], Enforcer]]] = {"case": (Case, _enforce)}


def work(message: Message, now: datetime) -> None:
    """Do what a fact asks for."""
    _DEEDS[f"{message['kind']}.{message['type']}"](message, now)


def _route(message: Message, now: datetime) -> None:
    dossiers.insist(lambda: service.route(message["dossier"], now))


def _note(message: Message, _: datetime) -> None:
    """A person's word on a category is a lesson: they routed, corrected, or answered and let it stand."""
    entry = journal.entry(message["dossier"], int(message["seq"]))
    if entry and entry.role != SYSTEM:
        lessons.note(service.found(message["dossier"]))


_DEEDS: Final[Mapping[str, Callable[[Message, datetime], None]]] = {
    "case.received": _route,
    "case.routed": _note,
    "case.recategorised": _note,
    "case.answered": _note,
}
ROUTED_BY_US: Final = frozenset(_DEEDS)  # the facts that the routing queue wants


def learn(now: datetime) -> str:
    """Fit the router to what people set right; returns the version in service."""
    return lessons.learn(directory_service.edition(now), now)
