"""Where a session's tokens are kept: in memory, in the system's keyring, or in a file that only its owner can read."""

import json
import os
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Protocol

SERVICE: Final = "zerodistance-deputy"


@dataclass(frozen=True)
class Tokens:
    """What a signed-in client shows (``access``) and what it renews it with (``refresh``)."""

    access: str
    refresh: str = ""

    def __repr__(self) -> str:
        return "Tokens(…)"  # a secret does not belong into a log or a traceback


class TokenStore(Protocol):
    """Keeps the tokens of one server."""

    def load(self) -> Tokens | None: ...

    def save(self, tokens: Tokens) -> None: ...

    def clear(self) -> None: ...


class MemoryTokens:
    """Tokens for as long as the program runs."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        self._tokens = tokens

    def load(self) -> Tokens | None:
        return self._tokens

    def save(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def clear(self) -> None:
        self._tokens = None


class FileTokens:
    """Tokens in a JSON file of mode 600, by base URL. Written beside and put in place, so that it is never half there."""

    def __init__(self, path: Path, base_url: str) -> None:
        self._path = path
        self._base_url = base_url

    def load(self) -> Tokens | None:
        return _decoded(self._all().get(self._base_url))

    def save(self, tokens: Tokens) -> None:
        self._write(self._all() | {self._base_url: asdict(tokens)})

    def clear(self) -> None:
        kept = self._all()
        if kept.pop(self._base_url, None) is not None:
            self._write(kept)

    def _all(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._path.read_bytes())
        except (FileNotFoundError, ValueError):  # a file that can't be read holds no session
            return {}
        return kept if isinstance(kept, dict) else {}

    def _write(self, kept: dict[str, Any]) -> None:
        write_privately(self._path, json.dumps(kept))


class KeyringTokens:
    """Tokens in the system's keyring (Keychain, Secret Service, KWallet), one entry for each base URL."""

    def __init__(self, keyring: Any, base_url: str) -> None:
        self._keyring = keyring
        self._base_url = base_url

    def load(self) -> Tokens | None:
        kept = self._keyring.get_password(SERVICE, self._base_url)
        return _decoded(json.loads(kept)) if kept else None

    def save(self, tokens: Tokens) -> None:
        self._keyring.set_password(SERVICE, self._base_url, json.dumps(asdict(tokens)))

    def clear(self) -> None:
        if self._keyring.get_password(SERVICE, self._base_url):
            self._keyring.delete_password(SERVICE, self._base_url)


class FirstThatWorks:
    """The keyring, and the file where the keyring refuses (locked, no session bus)."""

    def __init__(self, first: TokenStore, second: TokenStore, failing: type[Exception]) -> None:
        self._first, self._second, self._failing = first, second, failing

    def load(self) -> Tokens | None:
        try:
            return self._first.load() or self._second.load()
        except self._failing:
            return self._second.load()

    def save(self, tokens: Tokens) -> None:
        try:
            self._first.save(tokens)
        except self._failing:
            self._second.save(tokens)
        else:
            self._second.clear()

    def clear(self) -> None:
        self._second.clear()
        with suppress(self._failing):  # what the keyring does not give out, this client can't use either
            self._first.clear()


def kept_tokens(base_url: str, file: Path) -> TokenStore:
    """The best store that this machine has for one server's tokens."""
    in_file = FileTokens(file, base_url)
    if sys.platform == "win32":  # its credential store takes 2,560 bytes an entry: shorter than the tokens
        return in_file
    import keyring
    from keyring.errors import KeyringError

    backend = keyring.get_keyring()
    if backend.priority < 1:  # keyring's own mark of a backend that is none, or that keeps plain text
        return in_file
    return FirstThatWorks(KeyringTokens(backend, base_url), in_file, KeyringError)


def write_privately(path: Path, text: str) -> None:
    """Write a file that only its owner can read (mode 600, its new folders 700), whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent)  # mkstemp makes it with mode 600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(beside).replace(path)


def _decoded(kept: Any) -> Tokens | None:
    if not isinstance(kept, dict) or not isinstance(kept.get("access"), str):
        return None
    return Tokens(kept["access"], str(kept.get("refresh") or ""))
