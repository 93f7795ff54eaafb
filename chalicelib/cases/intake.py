"""What a resident typed into the form, and what is wrong with it. Pure.

Nothing is cut: what is too long is said, and stays in its field. Only what a keyboard adds by itself is put right:
full-width digits, line ends, blanks around.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Final, Literal, cast

from chalicelib.cases.model import LONGEST_TEXT
from chalicelib.directory.model import Directory
from chalicelib.people.form import FormToken
from chalicelib.people.text import paragraphs as paragraphs  # given on: the private page cleans words in the same way
from chalicelib.people.vault import Contact

LONGEST_ADDRESS: Final = 200
LONGEST_NAME: Final = 80
LONGEST_EMAIL: Final = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
WAYS_TO_TELL: Final = ("none", "phone", "email")  # in the order of the form

Tell = Literal["none", "phone", "email"]

# Anything that a mail server could take; whether it exists only a message can tell.
_EMAIL: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")
_MOBILE: Final = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
_ABROAD: Final = re.compile(r"\+(?!86)[1-9]\d{6,14}")  # ITU-T E.164: fifteen digits at most
_LANDLINE: Final = re.compile(r"(?:(?:0|\+86)[1-9]\d{1,2})?[2-9]\d{6,7}")


@dataclass(frozen=True)
class Typed:
    """The form's fields as they go back into it, if it has to be shown again."""

    text: str = ""
    grid: str = ""
    address: str = ""
    lat: str = ""
    lon: str = ""
    category: str = ""
    tell: str = "none"
    email: str = ""
    phone: str = ""
    name: str = ""

    @property
    def position(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, if the phone gave them and they are some place on earth."""
        try:
            lat, lon = float(self.lat), float(self.lon)
        except ValueError:
            return None
        return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None  # not so for nan and inf either


def typed(fields: Mapping[str, str]) -> Typed:
    """What was typed, from the fields of a posted form; unknown fields are left aside."""
    found = {name: _line(fields.get(name, "")) for name in asdict(Typed())}
    found["text"] = paragraphs(fields.get("text", ""))
    found["phone"] = unicodedata.normalize("NFKC", found["phone"])
    found["email"] = unicodedata.normalize("NFKC", found["email"])
    if found["tell"] not in WAYS_TO_TELL:
        found["tell"] = "none"
    return Typed(**found)


def _line(text: str) -> str:
    return " ".join(paragraphs(text).split())


def faults(found: Typed, directory: Directory) -> dict[str, str]:
    """What has to be put right: a code for each field, in the order of the form. Empty if the message can go."""
    return {field: code for field, code in _faults(found, directory) if code}


def _faults(found: Typed, directory: Directory) -> Iterator[tuple[str, str]]:
    yield "text", text_fault(found.text)
    yield "grid", "unknown" if found.grid and not directory.grid(found.grid) else ""
    yield "address", "too_long" if len(found.address) > LONGEST_ADDRESS else ""
    yield "category", "unknown" if found.category and not directory.category(found.category) else ""
    yield "phone", _phone_fault(found.phone) if found.tell == "phone" else ""
    yield "email", email_fault(found.email) if found.tell == "email" else ""
    yield "name", "too_long" if found.tell != "none" and len(found.name) > LONGEST_NAME else ""


def text_fault(text: str) -> str:
    """What is wrong with a resident's words: ``missing``, ``too_long`` or nothing."""
    return "missing" if not text else "too_long" if len(text) > LONGEST_TEXT else ""


def email_fault(email: str) -> str:
    """What is wrong with an e-mail address: ``missing``, ``wrong`` or nothing."""
    if not email:
        return "missing"
    return "" if len(email) <= LONGEST_EMAIL and _EMAIL.fullmatch(email) else "wrong"


def _phone_fault(phone: str) -> str:
    digits = plain_phone(phone)
    if not digits:
        return "missing"
    if _MOBILE.fullmatch(digits) or _ABROAD.fullmatch(digits):
        return ""
    return "landline" if _LANDLINE.fullmatch(digits) else "wrong"


def plain_phone(phone: str) -> str:
    """A number without what people write between its digits; ``00`` before a country's code is ``+``."""
    return re.sub(r"^00", "+", re.sub(r"[\s()./·—–-]", "", phone))


def contact(found: Typed, token: FormToken, language: str) -> Contact | None:
    """How to reach the writer, for the vault; None if they want to look for themselves: then nothing is kept of them."""
    if found.tell == "none":
        return None
    return Contact(
        name=found.name,
        email=found.email if found.tell == "email" else "",
        phone=plain_phone(found.phone) if found.tell == "phone" else "",
        language="zh" if language == "zh" else "en",
        tell=cast(Tell, found.tell),
        tracking_token=token.tracking_token,
    )


def grid_of(found: Typed, directory: Directory) -> str:
    """The neighbourhood chosen, or else the one that the phone's position is in."""
    if found.grid or found.position is None:
        return found.grid
    near = directory.grid_near(*found.position)
    return near.id if near else ""
