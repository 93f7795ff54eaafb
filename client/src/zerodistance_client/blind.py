"""How a ballot is folded into an envelope and the stamp comes off on it: the voter's part of RSA blind signatures.

RSABSSA-SHA384-PSS-Randomized of RFC 9474 (sections 4.1, 4.2, 4.4), with the encoding of RFC 8017 (section 9.1). The server
stamps the envelope without being able to see what is in it, and can't tell afterwards which envelope a ballot was in.
"""

import hashlib
import secrets
from dataclasses import dataclass
from math import gcd
from typing import Final

EXPONENT: Final = 65_537
HASH: Final = 48  # bytes of SHA-384, and of the salt
PREFIX: Final = 32  # random bytes before the message


class BadStamp(ValueError):
    """The server's stamp is none for this envelope."""


@dataclass(frozen=True)
class Envelope:
    """A ballot in its envelope: ``message`` (prefix and ballot), ``blinded`` is what the server sees, ``unfold`` takes the
    stamp off it. All but ``blinded`` is the voter's secret until the ballot is cast."""

    message: bytes
    blinded: bytes
    unfold: int


def prepared(ballot: bytes, prefix: bytes = b"") -> bytes:
    """The ballot behind a random prefix, so that no two are alike. Section 4.1."""
    return (prefix or secrets.token_bytes(PREFIX)) + ballot


def folded(message: bytes, modulus: str, salt: bytes = b"", factor: int = 0) -> Envelope:
    """An envelope for a prepared message under the key of this modulus (hex). ``salt`` and ``factor`` are random unless given.

    Section 4.2. Raises ValueError for a modulus that can't be a key's.
    """
    n, length = int(modulus, 16), len(modulus) // 2
    encoded = int.from_bytes(_encoded(message, n.bit_length() - 1, salt or secrets.token_bytes(HASH)), "big")
    if gcd(encoded, n) != 1:
        raise ValueError("this key is broken: one of its factors was met by chance")
    factor = factor or secrets.randbelow(n - 1) + 1
    blinded = encoded * pow(factor, EXPONENT, n) % n
    return Envelope(message, blinded.to_bytes(length, "big"), pow(factor, -1, n))


def unfolded(envelope: Envelope, stamp: bytes, modulus: str) -> bytes:
    """The stamp as it stands on the ballot itself. Section 4.4. Raises BadStamp if it is none."""
    n, length = int(modulus, 16), len(modulus) // 2
    signature = int.from_bytes(stamp, "big") * envelope.unfold % n
    if len(stamp) != length or not _verifies(envelope.message, signature, n):
        raise BadStamp("the server's stamp is none: the ballot would not count")
    return signature.to_bytes(length, "big")


def _verifies(message: bytes, signature: int, n: int) -> bool:
    """EMSA-PSS-VERIFY, RFC 8017 section 9.1.2: with the salt that the signature holds, the same encoding comes out."""
    bits = n.bit_length() - 1
    length = (bits + 7) // 8
    opened = pow(signature, EXPONENT, n)
    if opened.bit_length() > bits:
        return False
    encoded = opened.to_bytes(length, "big")
    masked, digest = encoded[: -HASH - 1], encoded[-HASH - 1 : -1]
    block = _unmasked(masked, digest, bits)
    return encoded == _encoded(message, bits, block[-HASH:])


def _encoded(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE with SHA-384, RFC 8017 section 9.1.1."""
    length = (bits + 7) // 8
    if length < 2 * HASH + 2:
        raise ValueError(f"a key of {bits + 1} bits is too small")
    digest = _sha384(bytes(8) + _sha384(message) + salt)
    block = b"\x01".rjust(length - 2 * HASH - 1, b"\x00") + salt
    return _unmasked(block, digest, bits) + digest + b"\xbc"


def _unmasked(block: bytes, digest: bytes, bits: int) -> bytes:
    """The block under the digest's mask, or from under it, with the bits that are too many set to nought."""
    mask = _mask(digest, len(block))
    mixed = bytes(a ^ b for a, b in zip(block, mask, strict=True))
    return bytes([mixed[0] & 0xFF >> 8 * (len(block) + HASH + 1) - bits]) + mixed[1:]


def _mask(seed: bytes, length: int) -> bytes:
    """MGF1 with SHA-384, RFC 8017 appendix B.2.1."""
    parts = (_sha384(seed + number.to_bytes(4, "big")) for number in range(-(-length // HASH)))
    return b"".join(parts)[:length]


def _sha384(content: bytes) -> bytes:
    return hashlib.sha384(content).digest()
