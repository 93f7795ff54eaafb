"""What the public may know of single cases: that there is one, where about, about what, and how it goes. Never a word of it.

A case in danger of life is left out, as its place and topic alone may betray who wrote; so is one that was taken back, and
one that nobody has sorted yet. Moments are told to the hour: to the second they would lead a neighbour to a neighbour.
"""

from datetime import datetime

from chalicelib.cases import arrivals
from chalicelib.cases.model import Case


def is_public(case: Case) -> bool:
    """Whether the public may know of it."""
    return bool(case.category) and case.urgency != "danger" and case.status != "withdrawn"


def hour_of(moment: datetime) -> datetime:
    """A moment as the public may know it, UTC."""
    return arrivals.hour_of(moment)
