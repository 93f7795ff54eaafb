"""A mark of a browser for one consultation: random, signed, of no use elsewhere. What it proves and what it does not is said
in docs/decisions and on the page itself."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from chalicelib.people.secret import matches, sign
from chalicelib.settings import settings

KEPT: Final = timedelta(days=366)


@dataclass(frozen=True)
class Browser:
    """A browser that was here before, and whether it has answered."""

    consultation: str
    mark: str
    answered: bool = False

    @property
    def name(self) -> str:
        """The cookie's name: one for each consultation, so that no two of them can be told to be of one person."""
        return cookie_name(self.consultation)

    def __str__(self) -> str:
        state = "1" if self.answered else "0"
        return ".".join((self.mark, state, sign("asked", self.consultation, self.mark, state)))

    def done(self) -> "Browser":
        """The same, when it has answered."""
        return replace(self, answered=True)

    def header(self) -> str:
        """The Set-Cookie header."""
        secure = "; Secure" if settings.base_url.startswith("https:") else ""
        return f"{self.name}={self}; Path=/; Max-Age={int(KEPT.total_seconds())}; SameSite=Lax; HttpOnly{secure}"


def cookie_name(consultation: str) -> str:
    """The name of a consultation's cookie."""
    return f"c-{consultation}"


def new_browser(consultation: str) -> Browser:
    """A mark for a browser that comes for the first time."""
    return Browser(consultation, secrets.token_urlsafe(18))


def known(consultation: str, cookie: str) -> Browser | None:
    """The browser of a cookie; None for a cookie that is not there or not ours."""
    mark, state, signature = (*cookie.split("."), "", "", "")[:3]
    good = cookie.count(".") == 2 and matches(signature, "asked", consultation, mark, state)
    return Browser(consultation, mark, state == "1") if good else None
