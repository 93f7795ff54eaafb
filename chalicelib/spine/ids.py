"""How ids are spelled: digits and letters that nobody misreads. Pure."""

import hashlib
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
LENGTH: Final = 12  # characters after the letter of its kind: 60 bits


def digest_of(content: bytes, length: int = LENGTH) -> str:
    """The SHA-256 of something as so many characters, five bits each."""
    number = int.from_bytes(hashlib.sha256(content).digest(), "big")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(length))
