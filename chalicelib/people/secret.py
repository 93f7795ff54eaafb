"""The app's secret, and what is signed with it: forms, challenges, the keys of guards."""

import base64
import hashlib
import hmac
from functools import cache

from chalicelib.settings import settings
from chalicelib.spine.aws import client


@cache
def _secret() -> bytes:
    """The secret's value, fetched once a process: it is made with the stack and stays (a new one ends every open form)."""
    value: str = client("secretsmanager").get_secret_value(SecretId=settings.app_secret)["SecretString"]
    return value.encode()


def key_for(purpose: str) -> bytes:
    """A key of 32 bytes for one purpose only; what is signed with it proves nothing elsewhere."""
    return _digest("key", purpose)


def sign(purpose: str, *parts: str) -> str:
    """HMAC-SHA256 over purpose and parts: 43 URL-safe characters.

    Every part is preceded by its length, so that ("ab", "c") and ("a", "bc") differ.
    """
    return base64.urlsafe_b64encode(_digest("sign", purpose, *parts)).rstrip(b"=").decode()


def matches(signature: str, purpose: str, *parts: str) -> bool:
    """Whether this is the signature of purpose and parts; compared in constant time."""
    return hmac.compare_digest(_bytes(signature), sign(purpose, *parts).encode())


def _digest(*parts: str) -> bytes:
    encoded = [_bytes(part) for part in parts]
    framed = b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
    return hmac.digest(_secret(), framed, hashlib.sha256)


def _bytes(text: str) -> bytes:
    """UTF-8, also of the half characters that JSON can carry: they must not be an error here."""
    return text.encode("utf-8", "surrogatepass")
