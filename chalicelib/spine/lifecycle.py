"""States and moves as data. Pure: a lifecycle knows who may do what from where, and nothing of tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chalicelib.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.people.roles import Role


def _states(given: str | Iterable[str]) -> frozenset[str]:
    return frozenset({given} if isinstance(given, str) else given)


@dataclass(frozen=True)
class Move:
    """One row of a lifecycle.

    ``source`` the states it starts from, ``target`` the state it ends in ("" = the state stays), ``by`` who may,
    ``needs`` what must be given and not blank, ``fact`` the name under which the journal keeps it (past tense),
    ``meets``/``stops``/``starts`` the promises that it keeps, that are no longer owed, or that begin anew,
    ``pauses``/``resumes`` whether the others stand still or run on.
    """

    name: str
    source: str | Iterable[str]
    target: str
    by: Iterable[Role]
    fact: str
    needs: Iterable[str] = ()
    meets: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    pauses: bool = False
    resumes: bool = False

    def lands(self, state: str) -> str:
        """The state after the move."""
        return self.target or state


@dataclass(frozen=True)
class Lifecycle:
    """The states and moves of one kind of dossier. ``closed`` are the states in which no duty of casework is left."""

    start: str
    moves: Iterable[Move]
    closed: frozenset[str]
    _by_name: dict[str, Move] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {move.name: move for move in self.moves})

    def legal(self, state: str, role: Role) -> list[Move]:
        """The moves that ``role`` may make in ``state``, in the order of the table."""
        return [move for move in self._by_name.values() if state in _states(move.source) and role in move.by]

    def check(self, name: str, state: str, role: Role, given: Mapping[str, object]) -> Move:
        """The move, if it may be made.

        Raises NotAllowed (never this role's), IllegalMove (not now; names the legal ones), Invalid (something is missing).
        """
        move = self._by_name[name]
        if role not in move.by:
            raise NotAllowed(f"'{name}' is done by {', '.join(sorted(move.by))}; you are {role}")
        if state not in _states(move.source):
            raise IllegalMove(name, state, (legal.name for legal in self.legal(state, role)))
        for what in sorted(move.needs):
            if not str(given.get(what) or "").strip():
                raise Invalid(what, f"'{name}' needs '{what}', and it was empty", code="missing")
        return move
