"""Signed in with a browser: the tokens lie in cookies that no script reads, and an access token that has expired is renewed.

Every form of a signed-in page carries a token (``csrf``) that is bound to the sign-in, so that another site can't post in its
name; the cookies' SameSite keeps most of that away already. OWASP, Cross-Site Request Forgery Prevention: signed tokens.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from chalicelib.errors import SignInNeeded
from chalicelib.people import secret, signin
from chalicelib.people.roles import Role
from chalicelib.people.signin import Session
from chalicelib.people.tokens import Claims
from chalicelib.settings import settings
from chalicelib.web.door import Request, Signed, known

ACCESS: Final = "access"
REFRESH: Final = "refresh"
KEPT: Final = 30 * 86_400  # seconds; the pool decides how long a refresh token is good for


def cookies(session: Session) -> tuple[str, ...]:
    """The cookies of a sign-in."""
    return (_cookie(ACCESS, session.access_token, KEPT), _cookie(REFRESH, session.refresh_token, KEPT))


def no_cookies() -> tuple[str, ...]:
    """The same cookies, gone."""
    return (_cookie(ACCESS, "", 0), _cookie(REFRESH, "", 0))


def _cookie(name: str, value: str, seconds: int) -> str:
    secure = "; Secure" if settings.base_url.startswith("https:") else ""
    return f"{name}={value}; Path=/; Max-Age={seconds}; SameSite=Lax; HttpOnly{secure}"


def csrf_of(claims: Claims) -> str:
    """What a form of this sign-in carries; it stays the same when tokens are renewed."""
    return secret.sign("csrf", claims.origin_jti)


def by_cookie(request: Request, roles: frozenset[Role]) -> Request:
    """Known by the cookies of a sign-in. Raises SignInNeeded, NotAllowed."""
    session, renewed = _session(request)
    claims = session.claims
    signed = Signed(csrf_of(claims), session.access_token, session.refresh_token, renewed)
    return replace(request, actor=known(claims, roles, request.now), signed=signed)


def _session(request: Request) -> tuple[Session, tuple[str, ...]]:
    """Tokens live by the wall clock, whatever a demo does with the platform's own."""
    access, refresh, wall = request.cookies.get(ACCESS, ""), request.cookies.get(REFRESH, ""), datetime.now(UTC)
    if not access and not refresh:
        raise SignInNeeded("Sign in first")
    try:
        return Session(access, refresh, 0, signin.current(access, wall)), ()
    except SignInNeeded as ended:
        if not refresh or ended.code == "signed_out":
            raise
    session = signin.refresh(refresh, wall)
    return session, cookies(session)
