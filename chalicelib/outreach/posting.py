"""Posting to an address that somebody else wrote down: into the world only, and to where the name led when it was checked.

A name that leads into our own network could read or change what is there (server-side request forgery). So the name is
resolved once, every address of it must be a public one, and the connection goes to that very address: a name that leads
elsewhere a moment later does not help. Redirects are not followed.
"""

import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from chalicelib.outreach.channels import Undeliverable

SECONDS: Final = 3  # for each step of a connection
ENOUGH: Final = 1_000  # bytes of an answer that are read: nobody looks at them
LOOPBACK: Final = "127.0.0.1"
# IPv6 that carries an IPv4 address within it, which may be a private one. RFC 6052, RFC 3056, RFC 4380
_CARRIERS: Final = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))

Resolve = Callable[..., Sequence[tuple[Any, ...]]]


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    local: bool,
    resolve: Resolve = socket.getaddrinfo,
    context: ssl.SSLContext | None = None,
) -> int:
    """Post a body; the status of the answer. ``local`` also allows http to 127.0.0.1, for a stage on one's own machine.

    Raises Undeliverable (``not_https``, ``private_address``), OSError when there is no answer now.
    """
    parts = urlsplit(url)
    connection = _connection(parts, local=local, resolve=resolve, context=context)
    try:
        connection.request("POST", _target(parts), body, dict(headers))
        answer = connection.getresponse()
        answer.read(ENOUGH)
    except HTTPException as error:
        raise OSError(f"no answer of HTTP: {type(error).__name__}") from error
    finally:
        connection.close()
    return answer.status


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the world outside."""
    parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address):
        if any(parsed in carrier for carrier in _CARRIERS):
            return False
        parsed = parsed.ipv4_mapped or parsed
    return parsed.is_global and not parsed.is_multicast


def _connection(
    parts: SplitResult, *, local: bool, resolve: Resolve, context: ssl.SSLContext | None
) -> "HTTPConnection | HTTPSConnection":
    host = parts.hostname or ""
    if local and parts.scheme == "http" and host == LOOPBACK:
        return HTTPConnection(LOOPBACK, parts.port, timeout=SECONDS)
    if parts.scheme != "https":
        raise Undeliverable("not_https")
    return _Pinned(host, parts.port or 443, _address(host, parts.port or 443, resolve), context)


def _address(host: str, port: int, resolve: Resolve) -> str:
    found = [str(info[4][0]) for info in resolve(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(map(is_public, found)):
        raise Undeliverable("private_address")
    return found[0]


class _Pinned(HTTPSConnection):
    """A connection to one address, with the certificate of the name."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext | None) -> None:
        self._ssl = context or ssl.create_default_context()
        super().__init__(host, port, timeout=SECONDS, context=self._ssl)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._ssl.wrap_socket(plain, server_hostname=self.host)


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
