"""To whom a notice goes: groups by name, and the people that the directory finds in them now. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from chalicelib.directory.kinds import User
from chalicelib.directory.model import Directory
from chalicelib.errors import Invalid
from chalicelib.people.roles import DEPUTY, MANAGER, OFFICER, SUPERVISOR

MOST_GROUPS: Final = 20
ROLES: Final[Mapping[str, str]] = {
    "deputies": DEPUTY,
    "officers": OFFICER,
    "managers": MANAGER,
    "supervisors": SUPERVISOR,
}
BODY: Final = "body:"  # the officers of a body
WARD: Final = "ward:"  # the deputies in charge of a grid, or of one around it


def checked(groups: Sequence[str], directory: Directory) -> tuple[str, ...]:
    """The groups, each once. Raises Invalid for none, too many, and one that there is not."""
    chosen = tuple(dict.fromkeys(groups))
    if not 1 <= len(chosen) <= MOST_GROUPS:
        raise Invalid("groups", f"{len(chosen)} groups; name 1 to {MOST_GROUPS}", "wrong_number")
    if unknown := next((group for group in chosen if not _known(group, directory)), ""):
        wanted = f"{', '.join(ROLES)}, {BODY}<id> or {WARD}<grid>"
        raise Invalid("groups", f"'{unknown}' is no group; there are {wanted}", "unknown_group")
    return chosen


def _known(group: str, directory: Directory) -> bool:
    if group.startswith(BODY):
        return directory.body(group.removeprefix(BODY)) is not None
    if group.startswith(WARD):
        return directory.grid(group.removeprefix(WARD)) is not None
    return group in ROLES


def audience(groups: Iterable[str], directory: Directory) -> tuple[User, ...]:
    """Who is in one of these groups now, each once, in the directory's order."""
    tests = [_test(group, directory) for group in groups]
    return tuple(user for user in directory.users if any(test(user) for test in tests))


def _test(group: str, directory: Directory) -> Callable[[User], bool]:
    if group.startswith(BODY):
        body = group.removeprefix(BODY)
        return lambda user: user.role == OFFICER and user.body == body
    if group.startswith(WARD):
        deputies = {deputy.id for deputy in directory.deputies_of(group.removeprefix(WARD))}
        return lambda user: user.role == DEPUTY and user.deputy in deputies
    return lambda user: user.role == ROLES[group]
