"""Who acts: the roles, and the actor that every fact names."""

from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["resident", "deputy", "officer", "manager", "supervisor", "system"]

RESIDENT: Final = "resident"
DEPUTY: Final = "deputy"
OFFICER: Final = "officer"
MANAGER: Final = "manager"
SUPERVISOR: Final = "supervisor"
SYSTEM: Final = "system"

STAFF: Final[tuple[Role, ...]] = (DEPUTY, OFFICER, MANAGER, SUPERVISOR)


@dataclass(frozen=True)
class Actor:
    """One who acts. ``id`` is the user name, or the function's name for the system, or empty for a resident.

    ``deputy`` and ``body`` are the directory ids that bind a deputy or an officer to their own work.
    """

    role: Role
    id: str = ""
    name: str = ""
    deputy: str = ""
    body: str = ""


A_RESIDENT: Final = Actor(RESIDENT)


def the_system(name: str) -> Actor:
    """A function of the platform acting by itself, e.g. ``the_system("route")``."""
    return Actor(SYSTEM, name)
