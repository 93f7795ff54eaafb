"""Which suggestions there are: by whose turn it is, or a year's, whatever became of them. One query a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, get_args

from chalicelib.errors import Invalid, NotAllowed
from chalicelib.people.roles import DEPUTY, OFFICER, Actor
from chalicelib.spine import dossiers
from chalicelib.suggestions.model import (
    ALL_SUGGESTIONS,
    LIFECYCLE,
    OPEN,
    PUBLIC,
    Class,
    Suggestion,
    own_list,
    shelf_of,
)

STATES: Final = frozenset({*OPEN, *LIFECYCLE.closed})


@dataclass(frozen=True)
class Filter:
    """What of a list is wanted. ``body`` answers or does so with others, ``deputy`` leads or signed; "" is any."""

    status: str = ""
    body: str = ""
    kind: str = ""
    deputy: str = ""

    def __post_init__(self) -> None:
        _one_of("status", self.status, sorted(STATES))
        _one_of("class", self.kind, get_args(Class))

    def fits(self, suggestion: Suggestion) -> bool:
        """Whether this is one of them."""
        return (
            self.status in ("", suggestion.status)
            and self.kind in ("", suggestion.reply_class)
            and (not self.body or self.body in suggestion.bodies)
            and (not self.deputy or self.deputy in suggestion.deputies)
        )


@dataclass(frozen=True)
class Page:
    """One page, each with its title (the words themselves stay in the table); ``next`` is the cursor of the page after, or
    None. A page may hold fewer than were asked for and still have a next."""

    items: tuple[tuple[Suggestion, str], ...]
    next: str | None


def desk(by: Actor, wanted: Filter, *, limit: int, cursor: str = "") -> Page:
    """Whose turn it is: a deputy's own, an officer's body's; for manager and supervisor a deputy's, a body's, or what waits
    for a decision. What falls due first stands first."""
    deputy, body = _whose(by, wanted)
    rows, last = dossiers.worklist(deputy=deputy, body=body, limit=limit, cursor=cursor)
    return _page(rows, last, wanted, by)


def of_year(year: int, by: Actor, wanted: Filter, *, limit: int, cursor: str = "") -> Page:
    """A year's suggestions that this actor may see, the newest first."""
    rows, last = dossiers.shelf(shelf_of(year), limit=limit, cursor=cursor)
    return _page(rows, last, wanted, by)


def in_public(year: int, *, limit: int, cursor: str = "") -> Page:
    """A year's suggestions that have been accepted, the newest first."""
    rows, last = dossiers.shelf(shelf_of(year), limit=limit, cursor=cursor)
    found = [(dossiers.from_row(Suggestion, row), row.summary or "") for row in rows]
    return Page(tuple((each, title) for each, title in found if each.status in PUBLIC), last)


def _page(rows: Sequence[dossiers.DossierRow], last: str | None, wanted: Filter, by: Actor) -> Page:
    found = [(dossiers.from_row(Suggestion, row), row.summary or "") for row in rows]
    return Page(tuple((each, title) for each, title in found if each.may_see(by) and wanted.fits(each)), last)


def _whose(by: Actor, wanted: Filter) -> tuple[str, str]:
    if by.role == DEPUTY and by.deputy:
        return own_list(by.deputy), ""
    if by.role == OFFICER and by.body:
        return "", own_list(by.body)
    if by.role in (DEPUTY, OFFICER):
        raise NotAllowed("Your user is bound to no deputy and to no body; ask the manager of the platform", "not_bound")
    return own_list(wanted.deputy), own_list(wanted.body) or ALL_SUGGESTIONS


def _one_of(field: str, value: str, known: Sequence[str]) -> None:
    if value and value not in known:
        raise Invalid(field, f"'{value}' is not one of {', '.join(known)}", "unknown_value")
