"""Stamps that are set without reading what they are set on: RSA blind signatures, RSABSSA-SHA384-PSS-Randomized of RFC 9474.

The one who votes folds the ballot into an envelope (blinds it; that is the client's part), this side stamps the envelope, and
the stamp comes off on the ballot inside (unblinding, the client's part again). Whoever sees ballot and stamp later can tell
that the stamp is good, and no more: every envelope could have held every ballot, whatever anybody kept or computes.

Own code and not a library's: PyPI has none that is kept, and ``cryptography`` has no bare RSA operation. It stays what the
RFC's section 4.3 says, in a few lines, checked against the RFC's appendix A.1. The verification is ``cryptography``'s own.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key

BITS: Final = 3072  # NIST SP 800-57: 128 bits of security
EXPONENT: Final = 65_537
SALT: Final = 48  # bytes, RFC 9474 section 5
PREFIX: Final = 32  # random bytes before the message: "Randomized", section 4.1


class NoStamp(ValueError):
    """What was sent can't be an envelope: it is not a number below the modulus, written in the modulus's length."""


@dataclass(frozen=True)
class PublicKey:
    """What checks a stamp: the modulus as hex. The exponent is 65537 always."""

    modulus: str

    @property
    def length(self) -> int:
        """Of a stamp, and of an envelope, in bytes."""
        return len(self.modulus) // 2

    @property
    def fingerprint(self) -> str:
        """A short form to compare by eye: the beginning of the modulus's SHA-256, 32 hex digits."""
        return hashlib.sha256(bytes.fromhex(self.modulus)).hexdigest()[:32]

    def holds(self, message: bytes, stamp: bytes) -> bool:
        """Whether this stamp was set, unread, on this message (with its random prefix)."""
        key = rsa.RSAPublicNumbers(EXPONENT, int(self.modulus, 16)).public_key()
        try:
            key.verify(stamp, message, padding.PSS(padding.MGF1(SHA384()), SALT), SHA384())
        except InvalidSignature:
            return False
        return True


def new_key() -> tuple[bytes, PublicKey]:
    """A fresh key: the secret part as DER, for the vault, and the public one. Takes some tenths of a second."""
    key = rsa.generate_private_key(EXPONENT, BITS)
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), public_of(key.public_key().public_numbers().n)


def public_of(modulus: int) -> PublicKey:
    """The public key of a modulus."""
    return PublicKey(modulus.to_bytes((modulus.bit_length() + 7) // 8, "big").hex())


def stamp(secret: bytes, envelope: bytes) -> bytes:
    """The stamp on an envelope, unread. The same envelope has the same stamp always. Raises NoStamp.

    https://www.rfc-editor.org/rfc/rfc9474#section-4.3
    """
    key = load_der_private_key(secret, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return bare(key.private_numbers(), envelope)


def bare(key: rsa.RSAPrivateNumbers, envelope: bytes) -> bytes:
    """The bare RSA signature of an envelope. Raises NoStamp."""
    n, length = key.public_numbers.n, (key.public_numbers.n.bit_length() + 7) // 8
    number = int.from_bytes(envelope, "big")
    if len(envelope) != length or not 0 < number < n:
        raise NoStamp(f"an envelope is {length} bytes and a number below the key's modulus")
    # Python's powers take a time that depends on the numbers. A random factor, taken off afterwards, keeps the one who chose
    # the envelope from learning anything of the key by it. RFC 9474, section 7.1.
    mask = secrets.randbelow(n - 2) + 2
    masked = number * pow(mask, EXPONENT, n) % n
    signed = pow(masked, key.d, n) * pow(mask, -1, n) % n
    if pow(signed, EXPONENT, n) != number:
        raise ArithmeticError("the stamp does not verify: the machine has miscalculated, and nothing of it may leave it")
    return signed.to_bytes(length, "big")
