"""Signing in and out as JSON."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib.people import signin
from chalicelib.people.signin import Session
from chalicelib.web import who
from chalicelib.web.door import Answer, Request, door, shown

routes = Blueprint(__name__)

Short = Annotated[str, Meta(min_length=1, max_length=256)]


class SignInRequest(msgspec.Struct, forbid_unknown_fields=True):
    username: Short
    password: Short


class PasswordRequest(SignInRequest, forbid_unknown_fields=True):
    new_password: Short


class RefreshRequest(msgspec.Struct, forbid_unknown_fields=True):
    refresh_token: Annotated[str, Meta(min_length=1, max_length=4096)]


class SignOutRequest(msgspec.Struct, forbid_unknown_fields=True):
    refresh_token: Annotated[str, Meta(max_length=4096)] = ""


class SessionGiven(msgspec.Struct, frozen=True):
    """A sign-in: ``expires_in`` seconds of the access token."""

    access_token: str
    refresh_token: str
    expires_in: int
    role: str
    name: str


class Me(msgspec.Struct, frozen=True):
    username: str
    name: str
    role: str
    deputy: str
    body: str


SessionAnswer = Annotated[Answer, SessionGiven]


@door(routes, "POST /v1/session")
def sign_in(request: Request, asked: SignInRequest) -> SessionAnswer:
    """Sign in with user name and password."""
    return _session(signin.sign_in(asked.username, asked.password, request.address, _wall()), request)


@door(routes, "POST /v1/session/password")
def set_first_password(request: Request, asked: PasswordRequest) -> SessionAnswer:
    """Replace the first password and sign in."""
    session = signin.set_first_password(asked.username, asked.password, asked.new_password, request.address, _wall())
    return _session(session, request)


@door(routes, "POST /v1/session/refresh")
def refresh_session(request: Request, asked: RefreshRequest) -> SessionAnswer:
    """A new access token for a refresh token."""
    return _session(signin.refresh(asked.refresh_token, _wall()), request)


@door(routes, "DELETE /v1/session")
def sign_out(request: Request, asked: SignOutRequest) -> Answer:
    """End the sign-in: the access token is refused from now on."""
    token = request.headers["authorization"].partition(" ")[2].strip()
    signin.sign_out(token, _wall(), asked.refresh_token)
    return Answer(b"", 204, {"Content-Type": "application/json"})


@door(routes, "GET /v1/me")
def who_am_i(request: Request) -> Annotated[Answer, Me]:
    """Who is signed in, and what they are bound to."""
    me = request.actor
    return shown(Me(me.id, me.name, me.role, me.deputy, me.body))


def _wall() -> datetime:
    """Passwords and tokens live by the wall clock, whatever a demo does with the platform's own."""
    return datetime.now(UTC)


def _session(session: Session, request: Request) -> Answer:
    signed_in = who.actor(session.claims.username, session.claims.groups, request.now)
    return shown(SessionGiven(session.access_token, session.refresh_token, session.expires_in, signed_in.role, signed_in.name))
