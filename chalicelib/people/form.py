"""The form's token: it makes a form sent twice one case, and becomes the key of the resident's private page.

The page carries ``case id . secret . issued . signature``. The case id is the dossier's id, so the second of two sendings
meets the dossier's condition. Case id and secret together are the tracking token (190 random bits); of it only a hash is
stored. The secret is random and not derived from the app's secret: whoever learns that one still can't open a page.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from chalicelib.errors import Invalid, NotFound
from chalicelib.people.secret import matches, sign
from chalicelib.spine.ids import ALPHABET as ALPHABET  # given on: others make ids of it too
from chalicelib.spine.ids import LENGTH

CASE_ID: Final = LENGTH  # characters, 60 bits
SECRET: Final = 26  # characters, 130 bits
VALID: Final = timedelta(days=7)
TRAP_FIELD: Final = "website"  # the honeypot: out of sight, empty when a person sends the form
FASTEST: Final = timedelta(seconds=3)  # nobody writes a message in less

Suspicion = Literal["", "trap_filled", "too_fast"]
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


@dataclass(frozen=True)
class FormToken:
    """What identifies one opened form. ``str(token)`` is the hidden field's text."""

    case_id: str
    secret: str
    issued_at: datetime
    signature: str

    @property
    def tracking_token(self) -> str:
        """The 38 characters that open the private page ``/m/{token}``. Shown once, stored as ``token_hash``."""
        return self.case_id + self.secret

    def __str__(self) -> str:
        return ".".join((self.case_id, self.secret, str(int(self.issued_at.timestamp())), self.signature))


def new_form(now: datetime, pick: Callable[[str], str] = secrets.choice) -> FormToken:
    """A token for a form that is opened now. ``pick`` picks one character."""
    case_id, secret = _random(CASE_ID, pick), _random(SECRET, pick)
    issued = str(int(now.timestamp()))
    return FormToken(case_id, secret, _moment(issued), sign("form", case_id, secret, issued))


def read_form(text: str, now: datetime) -> FormToken:
    """The token a form came with. Raises Invalid: ``form_invalid`` (not ours) or ``form_expired`` (over 7 days old).

    After either the page comes again with a new token and all that was typed.
    """
    parts = text.split(".")
    if len(parts) != 4 or not matches(parts[3], "form", *parts[:3]):
        raise Invalid("form", "This form was not made here. Please send it once more", "form_invalid")
    token = FormToken(parts[0], parts[1], _moment(parts[2]), parts[3])
    if now - token.issued_at > VALID:
        raise Invalid("form", "This form was opened more than 7 days ago. Please send it once more", "form_expired")
    return token


def suspicion(fields: Mapping[str, str], opened_at: datetime, now: datetime) -> Suspicion:
    """Why a submission looks like a machine's, or "". Show the form again, typed text kept, trap empty, to be sent once
    more: a browser's autofill or a fast person loses one press of a button, and nobody is refused."""
    if fields.get(TRAP_FIELD):
        return "trap_filled"
    return "too_fast" if now - opened_at < FASTEST else ""


def token_hash(tracking_token: str) -> str:
    """What is stored of a tracking token: SHA-256, 64 hex digits. No salt needed: nobody guesses 190 random bits."""
    return hashlib.sha256(plain(tracking_token).encode()).hexdigest()


def opens(tracking_token: str, stored: str) -> bool:
    """Whether this token opens the page whose token's hash is stored; compared in constant time."""
    return hmac.compare_digest(token_hash(tracking_token), stored)


def case_of(tracking_token: str) -> str:
    """The case id in a tracking token as someone typed it. Raises NotFound if it can't be a token."""
    token = plain(tracking_token)
    if len(token) != CASE_ID + SECRET or not set(token) <= set(ALPHABET):
        raise NotFound("There is no such page")
    return token[:CASE_ID]


def plain(code: str) -> str:
    """A code as someone typed it in its one spelling: capitals, no dashes or spaces, O read as 0, I and L as 1."""
    return code.upper().translate(_MISREAD)


def _random(length: int, pick: Callable[[str], str]) -> str:
    return "".join(pick(ALPHABET) for _ in range(length))


def _moment(epoch: str) -> datetime:
    return datetime.fromtimestamp(int(epoch), UTC)
