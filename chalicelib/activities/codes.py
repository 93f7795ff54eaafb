"""The code on the wall that counts attendance, and the link that shows it.

The code is an HMAC of the activity and the minute: it is stored nowhere and changes by itself. Accepted are its own minute and
the one before, for a phone that is slow. So a picture of it is worth nothing after two minutes at most; that nobody sends it to
someone at home within these two, no code on a wall can assure.
"""

from base64 import urlsafe_b64decode
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final

from chalicelib.errors import NotFound
from chalicelib.people.form import ALPHABET, plain
from chalicelib.people.secret import matches, sign

LENGTH: Final = 8  # characters of five bits: whoever may guess is a signed-in deputy, and has two right ones in 2^40
MINUTE: Final = 60
SHOWN_AFTER: Final = timedelta(hours=2)  # after the end the link to the code shows nothing any more


def code(activity: str, now: datetime) -> str:
    """The code of this minute: eight characters of Crockford's base 32."""
    return _code(activity, int(now.timestamp()) // MINUTE)


def holds(given: str, activity: str, now: datetime) -> bool:
    """Whether a code, as scanned or typed, is that of this minute or of the one before."""
    minute, asked = int(now.timestamp()) // MINUTE, plain(given).encode("utf-8", "surrogatepass")
    return any(compare_digest(asked, _code(activity, each).encode()) for each in (minute, minute - 1))


def shown(code: str) -> str:
    """A code as people read it aloud: ``7K3M-9QXA``."""
    return f"{code[:4]}-{code[4:]}"


def _code(activity: str, minute: int) -> str:
    number = int.from_bytes(urlsafe_b64decode(sign("attend", activity, str(minute)) + "=")[:5])
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def display_key(activity: str, ends_at: datetime) -> str:
    """The key of the page that shows the code: for the one who called the activity, to be put on a screen."""
    until = str(int((ends_at + SHOWN_AFTER).timestamp()))
    return f"{until}.{sign('display', activity, until)}"


def require_display(key: str, activity: str, now: datetime) -> None:
    """Raises NotFound for a key that is none, or whose time is over."""
    until, _, signature = key.partition(".")
    if not matches(signature, "display", activity, until) or now.timestamp() > int(until):
        raise NotFound("This link shows no code, or none any more")
