"""Who may sign in: ``python -m infra.people add manager.wu --role manager --stage prod``, ``password NAME``, ``remove NAME``.

An account of the pool says who someone is and in which role. To which deputy or body they belong stands in the directory,
under the same user name; a manager needs no entry there, so the first one can import it.
"""

import argparse
import secrets
import string
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.people.roles import STAFF
from infra import account, stack
from infra.stage import data_stack

KINDS: Final = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
LONG: Final = 16  # characters of a first password: three kinds, as infra/data.yaml asks, and twelve at least
REFUSALS: Final = {
    "UsernameExistsException": "There is a user of this name already. A new first password: python -m infra.people password",
    "UserNotFoundException": "There is no user of this name",
}


class NotDone(Exception):
    """The pool refused; the message says why."""


@dataclass(frozen=True)
class Pool:
    """The stage's user pool."""

    client: Any
    id: str

    def add(self, name: str, role: str, password: str) -> None:
        """A user with a first password, which the first sign-in replaces. Raises NotDone."""
        self._call(self.client.admin_create_user, name, TemporaryPassword=password, MessageAction="SUPPRESS")
        self._call(self.client.admin_add_user_to_group, name, GroupName=role)

    def password(self, name: str, password: str) -> None:
        """Another first password, for whoever has forgotten theirs; all their sign-ins end. Raises NotDone."""
        self._call(self.client.admin_set_user_password, name, Password=password, Permanent=False)
        self._call(self.client.admin_user_global_sign_out, name)

    def remove(self, name: str) -> None:
        """No sign-in any more. The user stays, disabled, so that nobody else gets their name. Raises NotDone."""
        self._call(self.client.admin_disable_user, name)
        self._call(self.client.admin_user_global_sign_out, name)

    def _call(self, call: Callable[..., Any], name: str, **given: Any) -> None:
        try:
            call(UserPoolId=self.id, Username=name, **given)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise NotDone(REFUSALS.get(code, str(error))) from error


def first_password(pick: Callable[[str], str] = secrets.choice) -> str:
    """A first password: one character of each kind at the least. ``pick`` picks one of a string."""
    return "".join(pick(KINDS[place]) if place < len(KINDS) else pick("".join(KINDS)) for place in range(LONG))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.people", description="Who may sign in.")
    parser.add_argument("what", choices=("add", "password", "remove"))
    parser.add_argument("name")
    parser.add_argument("--role", choices=STAFF)
    parser.add_argument("--stage", required=True)
    given = parser.parse_args()
    if given.what == "add" and not given.role:
        parser.error(f"add needs --role: {', '.join(STAFF)}")
    return given


def _carry_out(pool: Pool, given: argparse.Namespace) -> str:
    if given.what == "remove":
        pool.remove(given.name)
        return f"{given.name} can't sign in any more (a sign-in of now ends within a quarter of an hour)"
    password = first_password()
    if given.what == "add":
        pool.add(given.name, given.role, password)
    else:
        pool.password(given.name, password)
    return (
        f"First password of {given.name}: {password}\nIt is shown once, holds three days, and is replaced at the first sign-in"
    )


def main() -> None:
    """The command line."""
    given = _arguments()
    try:
        session = account.session()
        account.number(session)
        outputs = stack.outputs(session.client("cloudformation"), data_stack(given.stage))
        print(_carry_out(Pool(session.client("cognito-idp"), outputs["UserPoolId"]), given))
    except (account.NoAccount, stack.StackFailed, NotDone) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
