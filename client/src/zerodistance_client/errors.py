"""Everything that can go wrong, drawn in one place.

ZeroDistanceError
├── NoConnection            the server could not be reached, or its answer did not arrive
├── BadAnswer               the server answered something that this client can't read
└── Refused                 the server said no, in a problem document (RFC 9457)
    ├── SignInNeeded        401  nobody is signed in, or the session has ended
    ├── WrongCredentials    401  wrong_credentials
    ├── NotAllowed          403
    ├── NotFound            404  also for what is not yours
    ├── Conflict            409  someone else changed it first
    ├── IllegalMove         409  illegal_move (with the moves that are legal now)
    ├── Invalid             422  (with the field)
    ├── TooMany             429  (with the seconds to wait)
    │   └── LockedOut       429  locked_out
    └── ServerFailed        5xx  temporary, or a fault of the server
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zerodistance_client.records import Fault


class ZeroDistanceError(Exception):
    """The root of all that this package raises on purpose."""


class NoConnection(ZeroDistanceError):
    """No answer came, after all tries. ``maybe_received``: the request may have arrived although the answer did not."""

    def __init__(self, url: str, reason: str, maybe_received: bool = False) -> None:
        super().__init__(f"No answer from {url}: {reason}")
        self.url = url
        self.reason = reason
        self.maybe_received = maybe_received


class BadAnswer(ZeroDistanceError):
    """The answer is not what the API promises: is this the address of a Zero Distance server?"""


@dataclass(frozen=True)
class Problem:
    """A problem document (RFC 9457). ``extras`` are its extension members besides ``code``."""

    status: int
    code: str = ""
    title: str = ""
    detail: str = ""
    type: str = "about:blank"
    instance: str = ""
    extras: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The document as the server would write it."""
        named = {name: getattr(self, name) for name in ("type", "title", "status", "detail", "code", "instance")}
        return {name: value for name, value in named.items() if value} | dict(self.extras)


class Refused(ZeroDistanceError):
    """The server said no. ``code`` is stable and made for programs, ``detail`` is made for people."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail or problem.title or f"The server answered {problem.status}")
        self.problem = problem

    @property
    def status(self) -> int:
        return self.problem.status

    @property
    def code(self) -> str:
        return self.problem.code

    @property
    def title(self) -> str:
        return self.problem.title

    @property
    def detail(self) -> str:
        return self.problem.detail


class SignInNeeded(Refused):
    pass


class WrongCredentials(Refused):
    pass


class NotAllowed(Refused):
    pass


class NotFound(Refused):
    pass


class Conflict(Refused):
    pass


class IllegalMove(Refused):
    @property
    def legal_moves(self) -> tuple[str, ...]:
        """The moves that are legal now, by the API's names."""
        moves = self.problem.extras.get("legal_moves")
        return tuple(str(move) for move in moves) if isinstance(moves, list) else ()


class Invalid(Refused):
    @property
    def field(self) -> str:
        """The field that was wrong, or ''."""
        return str(self.problem.extras.get("field") or "")

    @property
    def faults(self) -> tuple["Fault", ...]:
        """All faults of an imported file; empty for anything else."""
        from zerodistance_client.records import Fault, read

        faults = self.problem.extras.get("errors")
        return tuple(read(Fault, fault) for fault in faults) if isinstance(faults, list) else ()


class TooMany(Refused):
    @property
    def retry_after(self) -> float:
        """Seconds to wait, 0 when the server named none."""
        seconds = self.problem.extras.get("retry_after")
        return float(seconds) if isinstance(seconds, int | float) else 0.0


class LockedOut(TooMany):
    pass


class ServerFailed(Refused):
    pass


def nobody_signed_in() -> SignInNeeded:
    """Said by the client itself, without asking the server, when it has no tokens."""
    return SignInNeeded(Problem(401, "sign_in_needed", "Sign-in needed", "Nobody is signed in here"))
