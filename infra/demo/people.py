"""The demo's users in the pool: everyone in the directory of 望澜区, with one password made for this stack."""

import secrets
import string
from contextlib import suppress
from typing import Any

import boto3

from chalicelib.directory.model import Directory
from chalicelib.settings import settings

SHOWN = {"deputy": "deputy.lin", "officer": "officer.heating", "manager": "manager.qiao", "supervisor": "supervisor.tang"}


def password() -> str:
    """A password that the pool takes: capitals, small letters, digits and a sign; easy to read off a terminal."""
    letters = "".join(secrets.choice(string.ascii_lowercase) for _ in range(8))
    return f"Demo-{letters}-{secrets.randbelow(90) + 10}"


def make(directory: Directory, word: str) -> dict[str, dict[str, str]]:
    """Make every user of the directory; returns the four whom a visitor will want: role → name, password."""
    pool: Any = boto3.client("cognito-idp")
    for user in directory.users:
        _make(pool, user.username, user.role, user.name, word)
    return {role: {"name": name, "password": word} for role, name in SHOWN.items()}


def _make(pool: Any, username: str, role: str, name: str, word: str) -> None:
    known = {"UserPoolId": settings.user_pool, "Username": username}
    with suppress(pool.exceptions.UsernameExistsException):  # made by an earlier load that was broken off
        pool.admin_create_user(**known, UserAttributes=[{"Name": "name", "Value": name}], MessageAction="SUPPRESS")
    pool.admin_set_user_password(**known, Password=word, Permanent=True)
    pool.admin_add_user_to_group(**known, GroupName=role)
