"""Who is signed in: the pool says who they are and which groups they are in, the directory what they are bound to."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.directory import service as directory
from chalicelib.directory.kinds import User
from chalicelib.errors import NotAllowed, NotFound
from chalicelib.people.roles import STAFF, Actor


def actor(username: str, groups: Iterable[str], now: datetime) -> Actor:
    """The actor behind a sign-in. Raises NotAllowed where pool and directory do not agree, so that neither alone lets in.

    Only a manager may be unknown to the directory: the operator makes the first one before there is any directory. Who was
    retired there is known, and out.
    """
    held, user = frozenset(groups), _user(username, now)
    if user and not user.retired and user.role in held:
        return Actor(user.role, username, user.name, user.deputy, user.body)
    if user is None and "manager" in held:
        return Actor("manager", username, username)
    roles = ", ".join(role for role in STAFF if role in held) or "none"
    raise NotAllowed(
        f"User '{username}' is not in the directory with the role of their group ({roles}); ask the manager", "no_role"
    )


def _user(username: str, now: datetime) -> User | None:
    try:
        users = directory.edition(now).edition.users
    except NotFound:
        return None
    return next((user for user in users if user.username == username), None)
