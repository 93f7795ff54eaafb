"""Demands that are made in memory: no table is asked."""

from datetime import UTC, date, datetime

from chalicelib.demands import model
from chalicelib.demands.model import Demand, Joining
from chalicelib.people.roles import the_system

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


def joining(number: int) -> Joining:
    """A message of somebody who wrote no other."""
    return Joining(
        f"CASE{number:08d}", f"{number:016x}", "weidu-1", "lin-jianwei", "luyu-heating", "heating", date(2026, 11, 24)
    )


def demand_of_many(people: int) -> Demand:
    """A demand of so many people."""
    return model.proposed("CASE00000000", map(joining, range(people)), by=the_system("group"), at=NOON, because=[]).after
