"""Sign-ins that were ended, though their access tokens have not expired.

One item holds those whose tokens expire within one hour; a process believes what it has read for ten seconds. So a request
costs no read, a busy process one or two in ten seconds (its tokens expire in this hour or the next).
"""

from datetime import datetime
from typing import Final

from pynamodb.exceptions import DoesNotExist

from chalicelib.errors import SignInNeeded
from chalicelib.people.table import GuardRow
from chalicelib.people.tokens import Claims

BUCKET: Final = 3600  # seconds
SEEN_FOR: Final = 10  # seconds

_ended: dict[int, tuple[float, frozenset[str]]] = {}  # by bucket: when read, and the origin_jti of the ended sign-ins


def end(claims: Claims, now: datetime) -> None:
    """Write the sign-in into every hour in which one of its tokens may expire: this one, or a later one refreshed."""
    lifetime = claims.expires_at - claims.issued_at
    first, last = (int(now.timestamp() + seconds) // BUCKET for seconds in (0, lifetime))
    for bucket in range(first, last + 1):
        row = GuardRow(_bucket_key(bucket))
        row.update(actions=[GuardRow.ids.add({claims.origin_jti}), GuardRow.expires.set((bucket + 1) * BUCKET)])
        _ended[bucket] = (now.timestamp(), frozenset(row.ids or ()))


def refuse_ended(claims: Claims, now: datetime) -> None:
    """Raises SignInNeeded (``signed_out``) if the sign-in that these claims come from was ended."""
    if claims.origin_jti in _ended_in(claims.expires_at // BUCKET, now):
        raise SignInNeeded("You have signed out; please sign in again", "signed_out")


def _ended_in(bucket: int, now: datetime) -> frozenset[str]:
    read_at, ids = _ended.get(bucket, (float("-inf"), frozenset()))
    if abs(now.timestamp() - read_at) > SEEN_FOR:
        ids = _read_bucket(bucket)
        _ended[bucket] = (now.timestamp(), ids)
    return ids


def _read_bucket(bucket: int) -> frozenset[str]:
    try:
        return frozenset(GuardRow.get(_bucket_key(bucket)).ids or ())
    except DoesNotExist:
        return frozenset()


def _bucket_key(bucket: int) -> str:
    return f"signed-out#{bucket}"


def forget() -> None:
    """Forget what was read: tests put another AWS beneath."""
    _ended.clear()
