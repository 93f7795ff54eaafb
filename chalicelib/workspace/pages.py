"""The way into the workspace, and its first page, which says what must be done now."""

import json
import re
import secrets
from datetime import UTC, datetime
from typing import Final

from chalice.app import Blueprint

from chalicelib.errors import Invalid, NotAllowed, Refused, SignInNeeded, TooMany
from chalicelib.people import signin
from chalicelib.people.signin import Session
from chalicelib.web import frame, session, who
from chalicelib.web.desk import MORE, POSTED, desk, page, refused, sign_in_page
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import moved, root
from chalicelib.web.reader import N_
from chalicelib.workspace import today

routes = Blueprint(__name__)

OURS: Final = re.compile(r"(work|a)(/[A-Za-z0-9_-]+)*")  # where a sign-in may lead to: never off the site

FAULTS: Final = {
    "wrong_credentials": N_("User name or password is wrong. Check both; capital letters count."),
    "new_password_needed": N_("This is your first sign-in. Choose a password of your own."),
    "locked_out": N_("Too many wrong passwords. Please wait a quarter of an hour, then try again."),
    "too_many": N_("Too many people are signing in. Please wait a moment."),
    "password_reset_needed": N_("Your password was reset. Ask the manager for a new one."),
    "new_password": N_("This password is too simple. Take at least 12 characters, with letters and digits."),
    "no_role": N_("Your account has no role here yet. Ask the manager."),
}
BROKEN: Final = N_("The sign-in did not work. Please try once more.")


@door(routes, "GET /work/sign-in")
def sign_in_form(request: Request) -> Answer:
    """The sign-in."""
    return sign_in_page(request, next=_next(request.query.get("next", "")))


@door(routes, "POST /work/sign-in", content_types=POSTED, refuse=refused)
def sign_in_by_form(request: Request) -> Answer:
    """Sign in, and go on to where one was going."""
    _refuse_strangers(request)
    given = request.form
    try:
        opened = _opened(request)
        who.actor(opened.claims.username, opened.claims.groups, request.now)
    except (SignInNeeded, TooMany, NotAllowed, Invalid) as refusal:
        return _again(request, refusal)
    next, kept = _next(given.get("next", "")), _kept(given.get("kept", ""))
    answer = _send_again(request, opened, next, kept) if kept else moved(root(request) + next, request)
    answer.add_cookies(session.cookies(opened))
    return answer


def _opened(request: Request) -> Session:
    given, wall = request.form, datetime.now(UTC)
    username, password = given.get("username", "").strip(), given.get("password", "")
    if new := given.get("new_password", ""):
        return signin.set_first_password(username, password, new, request.address, wall)
    return signin.sign_in(username, password, request.address, wall)


def _again(request: Request, refusal: Refused) -> Answer:
    code = "new_password" if isinstance(refusal, Invalid) else refusal.code
    return sign_in_page(
        request,
        refusal.status,
        next=_next(request.form.get("next", "")),
        kept=request.form.get("kept", ""),
        fault=FAULTS.get(code, BROKEN),
        username=request.form.get("username", ""),
        new_password=code in ("new_password_needed", "new_password"),
    )


def _send_again(request: Request, opened: Session, next: str, kept: dict[str, str]) -> Answer:
    """What was typed before the sign-in ended, to be looked at and sent."""
    context: dict[str, object] = {
        "next": next,
        "kept": kept,
        "csrf": session.csrf_of(opened.claims),
        "once": secrets.token_urlsafe(16),
    }
    return frame.page(request, "send_again.html", 200, private=True, **context)


def _next(text: str) -> str:
    return text if OURS.fullmatch(text) and text != "work/sign-in" else "work"


def _kept(text: str) -> dict[str, str]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _refuse_strangers(request: Request) -> None:
    """A form on another site must not sign anyone in. Fetch Metadata, W3C; what a browser does not send can't be judged."""
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise NotAllowed("Sign in on our own page", "csrf")


@desk(routes, "POST /work/sign-out")
def sign_out_by_form(request: Request) -> Answer:
    """End the sign-in."""
    if signed := request.signed:
        signin.sign_out(signed.access, datetime.now(UTC), signed.refresh)
    answer = moved(root(request) + "work/sign-in", request)
    answer.add_cookies(session.no_cookies())
    return answer


@desk(routes, "GET /work")
def what_to_do_now(request: Request) -> Answer:
    """What must be done now: due next, overdue, new."""
    return page(request, "work_today.html", groups=today.groups(request.actor, request.now))


@desk(routes, "GET /work/more")
def more_rooms(request: Request) -> Answer:
    """The rooms for which the menu has no place."""
    return page(request, "work_more.html", more=[room for room in MORE if request.actor.role in room.roles])
