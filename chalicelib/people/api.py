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


@door(routes, "POST /v1/session")
def sign_in(request: Request) -> Answer:
    """Sign in with user name and password."""
    asked = request.parse(SignInRequest)
    return _session(signin.sign_in(asked.username, asked.password, request.address, _wall()), request)


@door(routes, "POST /v1/session/password")
def set_first_password(request: Request) -> Answer:
    """Replace the first password and sign in."""
    asked = request.parse(PasswordRequest)
    session = signin.set_first_password(asked.username, asked.password, asked.new_password, request.address, _wall())
    return _session(session, request)


@door(routes, "POST /v1/session/refresh")
def refresh_session(request: Request) -> Answer:
    """A new access token for a refresh token."""
    return _session(signin.refresh(request.parse(RefreshRequest).refresh_token, _wall()), request)


@door(routes, "DELETE /v1/session")
def sign_out(request: Request) -> Answer:
    """End the sign-in: the access token is refused from now on."""
    token = request.headers["authorization"].partition(" ")[2].strip()
    signin.sign_out(token, _wall(), request.parse(SignOutRequest).refresh_token)
    return Answer(b"", 204, {"Content-Type": "application/json"})


@door(routes, "GET /v1/me")
def who_am_i(request: Request) -> Answer:
    """Who is signed in, and what they are bound to."""
    me = request.actor
    return shown({"username": me.id, "name": me.name, "role": me.role, "deputy": me.deputy, "body": me.body})


def _wall() -> datetime:
    """Passwords and tokens live by the wall clock, whatever a demo does with the platform's own."""
    return datetime.now(UTC)


def _session(session: Session, request: Request) -> Answer:
    signed_in = who.actor(session.claims.username, session.claims.groups, request.now)
    return shown(
        {
            "access_token": session.access_token,
            "refresh_token": session.refresh_token,
            "expires_in": session.expires_in,
            "role": signed_in.role,
            "name": signed_in.name,
        }
    )
