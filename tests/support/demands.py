"""Common demands of the demo district (tests/support/wanglan.py): found by the platform, or put together by people."""

from typing import Any

from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.demands import service
from chalicelib.demands.model import Demand, demand_of
from chalicelib.people.roles import the_system
from chalicelib.spine.queue import Message
from tests.support.casework import routed
from tests.support.wanglan import LIN, NOON, QIAO

NAME = "霁月花园暖气不热"
THE_SYSTEM = the_system("group")


def written(text: str = "家里暖气不热，才14度", grid: str = "weidu-1", **known: Any) -> Case:
    """A routed message of somebody of whom nothing is known: each counts as one person."""
    return routed(text=text, grid=grid, **{"tell": "none", **known})


def joined(case: Case, demand_id: str) -> None:
    """The platform puts a case into a demand, and the demand counts it."""
    cases.group(cases.found(case.id), demand_id, by=THE_SYSTEM, now=NOON, because=["暖气"])
    service.grow(case.id, NOON)


def proposed(*chosen: Case) -> Demand:
    """A pattern that the platform found, of these cases (or of three); the first is its seed."""
    seed, *others = chosen or (written(), written(), written())
    for case in others:
        joined(case, demand_of(seed.id))
    return service.found(demand_of(seed.id))


def confirmed(*chosen: Case, name: str = NAME) -> Demand:
    """The same, and Lin confirmed it."""
    return service.move("confirm", proposed(*chosen).id, by=LIN, now=NOON, name=name)


def together(*chosen: Case, name: str = NAME) -> Demand:
    """A demand that the manager put together of these cases (or of two)."""
    ids = [case.id for case in chosen or (written(), written())]
    return service.create(service.new_id(), name, ids, by=QIAO, now=NOON)


def told(demand: Demand | Case, seq: int = 0) -> Message:
    """What the stream says of a dossier's fact, or of its newest."""
    entries = service.timeline(demand) if isinstance(demand, Demand) else cases.timeline(demand)
    entry = entries[seq - 1]
    return {"dossier": entry.dossier, "seq": entry.seq, "kind": entry.kind, "type": entry.type, "correlation": "c"}
