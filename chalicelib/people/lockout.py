"""Five tries to sign in with one user name, then a wait that grows.

A try is counted before the password is asked for, and forgotten when it was right: so a thousand guesses sent at once
count as a thousand, and none slips through between the question and the count.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pynamodb.exceptions import DoesNotExist, PutError

from chalicelib.errors import TooMany
from chalicelib.people import secret
from chalicelib.people.table import GuardRow

TRIES: Final = 5
WINDOW: Final = 15 * 60  # seconds in which the tries are counted
FIRST_LOCK: Final = 15 * 60  # seconds; doubles with each lock that follows
LONGEST_LOCK: Final = 4 * 3600
FORGET_AFTER: Final = 24 * 3600  # seconds after the last lock, the next one is the first again


@dataclass(frozen=True)
class Tries:
    """Tries by one user name. ``until`` (epoch seconds) ends the window, or the lock once ``count`` is at its most."""

    count: int = 0
    until: int = 0
    locks: int = 0
    forget_at: int = 0

    def another(self, now: int) -> "Tries":
        """With one more try at ``now`` (epoch seconds). Raises TooMany (``locked_out``) while it is locked."""
        if self.count >= TRIES and now < self.until:
            raise TooMany("Too many failed tries to sign in. Please wait.", self.until - now, "locked_out")
        locks = self.locks if now < self.forget_at else 0
        count, until = (self.count + 1, self.until) if now < self.until else (1, now + WINDOW)
        if count < TRIES:
            return Tries(count, until, locks, max(self.forget_at, until))
        locked_until = now + min(FIRST_LOCK * 2**locks, LONGEST_LOCK)
        return Tries(count, locked_until, locks + 1, locked_until + FORGET_AFTER)


def count_try(username: str, now: datetime) -> None:
    """Count one more try: one read, one conditional put. Raises TooMany (``locked_out``, with ``retry_after``).

    Of several tries at the same moment one goes on, the others are refused.
    """
    row = _row(_key(username))
    before = Tries(int(row.tally or 0), int(row.until or 0), int(row.locks or 0), int(row.expires or 0))
    after = before.another(int(now.timestamp()))
    unchanged = (GuardRow.tally == row.tally) & (GuardRow.until == row.until) if row.tally else GuardRow.key.does_not_exist()
    row.tally, row.until, row.locks, row.expires = after.count, after.until, after.locks, after.forget_at
    try:
        row.save(condition=unchanged)
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        raise TooMany("Somebody is signing in with this user name. Please try again", 1, "locked_out") from error


def _row(key: str) -> GuardRow:
    try:
        return GuardRow.get(key, consistent_read=True)
    except DoesNotExist:
        return GuardRow(key)


def forget_tries(username: str) -> None:
    """Forget the tries of a user name: its password was right."""
    GuardRow(_key(username)).delete()


def _key(username: str) -> str:
    return "tries#" + secret.sign("tries", username.strip().casefold())
