"""Access tokens of the pool, verified in the function against the pool's published keys.

Rules: AWS, "Verifying JSON web tokens" of Amazon Cognito; RFC 8725 (JWT best current practices) 3.1 and 3.8-3.12.
PyJWT is imported where it is used: its 50 ms of a cold start are for requests of staff only, not for forms and workers.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session

from chalicelib.errors import NotAllowed, SignInNeeded
from chalicelib.people.roles import STAFF, Role
from chalicelib.settings import settings

if TYPE_CHECKING:
    import jwt

REFETCH_AFTER: Final = 60  # seconds between two looks for a key that is not known: forged key ids can't make us flood
FRESH_FOR: Final = 6 * 3600  # seconds; a key that the pool withdraws is gone by then
LONGEST_TOKEN: Final = 8_192
_NEEDED: Final = ["exp", "iat", "iss", "client_id", "token_use", "username", "origin_jti"]


@dataclass(frozen=True)
class Claims:
    """What a verified access token says. ``origin_jti`` names the sign-in that it and its successors come from."""

    username: str
    groups: tuple[str, ...]
    origin_jti: str
    expires_at: int  # epoch seconds
    issued_at: int

    @property
    def role(self) -> Role:
        """The one role of this person. Raises NotAllowed if the groups name none, or more than one."""
        roles = [role for role in STAFF if role in self.groups]
        if len(roles) != 1:
            raise NotAllowed(f"{self.username} must be in exactly one group of {', '.join(STAFF)}", "no_role")
        return roles[0]


def issuer() -> str:
    """Who signs: the pool's address, also where the emulator stands in for it."""
    return f"https://cognito-idp.{settings.user_pool.split('_')[0]}.amazonaws.com/{settings.user_pool}"


def fetch_keys() -> bytes:
    """The pool's published keys, a JSON Web Key Set. Raises OSError if they can't be had."""
    base = f"{os.environ['AWS_ENDPOINT_URL']}/{settings.user_pool}" if "AWS_ENDPOINT_URL" in os.environ else issuer()
    url = f"{base}/.well-known/jwks.json"
    try:
        answer = URLLib3Session(timeout=3).send(AWSRequest("GET", url).prepare())
    except BotoCoreError as error:
        raise OSError(f"{url} does not answer: {error}") from error
    if answer.status_code != 200:
        raise OSError(f"{url} answered {answer.status_code}")
    return bytes(answer.content)


class KeySet:
    """Published keys by key id, fetched when needed. ``fetch`` returns a JSON Web Key Set."""

    def __init__(self, fetch: Callable[[], bytes]) -> None:
        self._fetch = fetch
        self._keys: dict[str, jwt.PyJWK] = {}
        self._asked_at = float("-inf")

    def key(self, kid: str, now: datetime) -> "jwt.PyJWK | None":
        """The key of this id, or None. Asks the pool at most once a minute."""
        age = abs(now.timestamp() - self._asked_at)
        if age > FRESH_FOR or (kid not in self._keys and age > REFETCH_AFTER):
            self._refresh(now)
        return self._keys.get(kid)

    def _refresh(self, now: datetime) -> None:
        """While the pool does not answer, the keys that are known stay good."""
        import jwt

        try:
            published = json.loads(self._fetch())["keys"]
        except OSError:
            if not self._keys:
                raise
        else:
            self._keys = {key["kid"]: jwt.PyJWK(key, "RS256") for key in published if key.get("kty") == "RSA"}
        self._asked_at = now.timestamp()


pool_keys = KeySet(fetch_keys)


def verify(token: str, now: datetime, keys: KeySet = pool_keys) -> Claims:
    """What an access token says, if it is our pool's, our client's, and still good at ``now`` (the wall clock, not a
    demo clock: the pool stamps its tokens by the wall clock).

    Raises SignInNeeded: ``token_expired`` (refresh it) or ``token_invalid`` (anything else; it doesn't say what).
    """
    claims = _decoded(token, now, keys)
    if claims["client_id"] != settings.user_client or claims["token_use"] != "access":
        raise _invalid()
    if now.timestamp() >= claims["exp"]:
        raise SignInNeeded("The access token has expired; refresh it or sign in again", "token_expired")
    groups = tuple(claims.get("cognito:groups", ()))
    return Claims(claims["username"], groups, claims["origin_jti"], claims["exp"], claims["iat"])


def _decoded(token: str, now: datetime, keys: KeySet) -> dict[str, Any]:
    """The claims under a good signature. Times are held against ``now`` by the caller, not the machine's clock here."""
    import jwt

    if not settings.user_client or len(token) > LONGEST_TOKEN:
        raise _invalid()
    options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False, "require": _NEEDED}
    try:
        key = keys.key(str(jwt.get_unverified_header(token).get("kid")), now)
        if key is None:
            raise _invalid()
        return jwt.decode(token, key, algorithms=["RS256"], issuer=issuer(), options=options)  # type: ignore[arg-type]
    except jwt.InvalidTokenError as error:
        raise _invalid() from error


def _invalid() -> SignInNeeded:
    return SignInNeeded("The access token is not valid; sign in again", "token_invalid")
