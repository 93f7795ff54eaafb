"""The workspace's door and frame: pages for those who work here, signed in by cookie, each form once and ours.

A refusal is a page as well: whoever must sign in first is brought back afterwards, and nothing that was typed is lost.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from hmac import compare_digest
from typing import Final

from chalice.app import Blueprint

from chalicelib.directory import service as directory_service
from chalicelib.directory.model import Directory
from chalicelib.errors import Invalid, NotAllowed, NotFound, Refused, SignInNeeded
from chalicelib.people.permissions import PERMISSIONS
from chalicelib.people.roles import DEPUTY, OFFICER, STAFF, Role
from chalicelib.spine.chain import Entry
from chalicelib.web import frame
from chalicelib.web.door import Again, Answer, Request, View, door
from chalicelib.web.frame import moved, root
from chalicelib.web.reader import N_, Reader
from chalicelib.web.session import by_cookie

POSTED: Final = ("application/x-www-form-urlencoded",)
SIGN_IN: Final = "work/sign-in"


@dataclass(frozen=True)
class Room:
    """One place of the workspace as the menu names it; who may go there is the permission of its address."""

    path: str
    name: str

    @property
    def roles(self) -> frozenset[Role]:
        return PERMISSIONS[f"GET /{self.path}"]


# The menu, in the order in which work is done. Each role sees the rooms that are open to it.
ROOMS: Final[tuple[Room, ...]] = (
    Room("work", N_("Today")),
    Room("work/cases", N_("Messages")),
    Room("work/demands", N_("Common demands")),
    Room("work/suggestions", N_("Suggestions")),
    Room("work/supervision", N_("Supervision")),
    Room("work/performance", N_("Performance")),
    Room("work/search", N_("Search")),
    Room("work/more", N_("More")),
    Room("work/directory", N_("Administration")),
)

# What stands behind "More": a page of links, so that the menu stays short.
MORE: Final[tuple[Room, ...]] = (
    Room("work/activities", N_("Activities")),
    Room("work/consultations", N_("Consultations")),
    Room("work/bulletin", N_("Notices")),
    Room("work/library", N_("Library")),
)

# What a refusal says to someone at work, by its code. The words of the refusal itself stand below it.
SAID: Final[dict[str, tuple[str, str]]] = {
    "not_found": (N_("This is not here"), N_("It may be another ward’s or body’s, or the address was not copied whole.")),
    "not_allowed": (N_("This is not for you to do"), N_("Someone with another role can do it.")),
    "needs_manager": (N_("This needs the manager"), N_("It was handed on once already. The manager can hand it on again.")),
    "csrf": (N_("Please send it once more"), N_("You have signed in anew meanwhile. What you wrote is kept below.")),
    "illegal_move": (N_("This can’t be done any more"), N_("Someone else moved it meanwhile. What you wrote is kept below.")),
    "conflict": (N_("Someone else was faster"), N_("Look at how it stands now. What you wrote is kept below.")),
    "invalid": (N_("Something is missing or wrong"), N_("Put it right and send it once more. What you wrote is kept below.")),
    "too_many": (N_("Too fast"), N_("Please wait a moment, then send it once more.")),
    "fault": (N_("Something went wrong on our side"), N_("Nothing was changed. Please wait a moment and try once more.")),
}


def desk(routes: Blueprint, route: str, *, again: Again | None = None) -> Callable[[View], View]:
    """Hang a page of the workspace at ``route`` ("GET /work/cases"), for the roles that the table of permissions names."""
    hang = door(routes, route, content_types=POSTED, again=again, refuse=refused, let_in=by_cookie)
    return lambda view: hang(_ours(view))


def _ours(view: View) -> View:
    """A form that was not made for this sign-in is refused, with all that was typed ready to be sent again."""

    @wraps(view)
    def guarded(request: Request) -> Answer:
        given = request.form.get("csrf", "") if request.method == "POST" else ""
        csrf = request.signed.csrf if request.signed else ""
        if request.method == "POST" and not (csrf and compare_digest(given.encode(), csrf.encode())):
            raise NotAllowed("This form belongs to another sign-in. Send it once more", "csrf")
        return view(request)

    return guarded


def page(request: Request, template: str, status: int = 200, **context: object) -> Answer:
    """A page of the workspace. Its template extends ``work.html`` and may use ``me``, ``rooms``, ``csrf``, ``once()``."""
    return frame.page(
        request,
        template,
        status,
        private=True,
        me=request.actor,
        rooms=[room for room in ROOMS if request.actor.role in room.roles],
        here=request.path.strip("/"),
        csrf=request.signed.csrf if request.signed else "",
        once=partial(secrets.token_urlsafe, 16),
        district=_district(request),
        **context,
    )


def _district(request: Request) -> object:
    try:
        return directory_service.edition(request.now).district
    except NotFound:  # before there is any directory, the first manager must get in to make one
        return None


def refused(refused: Refused, request: Request | None) -> Answer:
    """The page of a refusal: what happened, what to do next, and all that was typed, ready to be sent again."""
    if isinstance(refused, SignInNeeded) and request:
        return _sign_in_first(request)
    headline, explanation = SAID.get(refused.code) or SAID.get(type(refused).code) or SAID["fault"]
    if request is None or request.actor.role not in STAFF:
        return frame.page(
            request, "refused.html", refused.status, private=True, headline=headline, explanation=explanation, kept={}
        )
    kept = _typed(request)
    return page(
        request,
        "work_refused.html",
        refused.status,
        headline=headline,
        explanation=explanation,
        detail=refused.detail,
        kept=kept,
    )


UNKEPT: Final = frozenset({"csrf", "once", "lang"})


def _sign_in_first(request: Request) -> Answer:
    """To the sign-in, and back afterwards. What a form held goes along."""
    if request.method != "POST":
        return moved(f"{root(request)}{SIGN_IN}?next={address(request)}", request)
    return sign_in_page(request, next=address(request), kept=json.dumps(_typed(request)))


def _typed(request: Request) -> dict[str, str]:
    """What was typed into the form that was posted; nothing of one that can't be read."""
    try:
        sent = request.form if request.method == "POST" else {}
    except Invalid:
        return {}
    return {name: text for name, text in sent.items() if name not in UNKEPT}


def sign_in_page(request: Request, status: int = 200, *, next: str = "work", kept: str = "", **context: object) -> Answer:
    """The sign-in. ``next`` is where it leads to, ``kept`` what waits to be sent once more (JSON)."""
    given = {"fault": "", "username": "", "new_password": False} | context
    return frame.page(request, "sign_in.html", status, private=True, next=next, kept=kept, district=_district(request), **given)


def who_did(entry: Entry, directory: Directory, reader: Reader) -> str:
    """Who is behind a fact, as colleagues name them: the deputy, the body of an officer, the manager, or the platform."""
    user = directory.user(entry.actor)
    deputy = directory.deputy(user.deputy) if user else None
    body = directory.body(user.body) if user else None
    if entry.role == DEPUTY and deputy:
        return reader.say(N_("Deputy %(name)s"), name=deputy.name(reader.language))
    if entry.role == OFFICER and body:
        return body.name(reader.language)
    return reader.say(_BY_ROLE.get(entry.role, N_("The platform")))


_BY_ROLE: Final = {
    "manager": N_("The manager of the platform"),
    "supervisor": N_("The supervisor"),
    "resident": N_("A resident"),
    "deputy": N_("A deputy"),
    "officer": N_("An officer"),
}


def address(request: Request) -> str:
    """Where a request went, below the site's root and without its query."""
    return request.path.format_map(request.params).strip("/")
