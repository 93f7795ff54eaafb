"""Where tokens are kept, and that nobody else can read them."""

import stat
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, KeyringLocked

from zerodistance_client import FileTokens, Tokens, kept_tokens
from zerodistance_client.tokens import FirstThatWorks, KeyringTokens, write_privately

URL = "https://zerodistance.example.org"
TOKENS = Tokens("access", "refresh")


class Remembering(KeyringBackend):
    """A keyring in memory; locked, it refuses."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def _open(self) -> dict[tuple[str, str], str]:
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept

    def get_password(self, service: str, username: str) -> str | None:
        return self._open().get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self._open()[service, username]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deputy" / "tokens.json"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_token_file_can_be_read_by_its_owner_only(file: Path) -> None:
    FileTokens(file, URL).save(TOKENS)
    assert FileTokens(file, URL).load() == TOKENS
    assert mode(file) == 0o600
    assert mode(file.parent) == 0o700


def test_a_file_that_was_open_to_others_is_closed_when_it_is_written(file: Path) -> None:
    write_privately(file, "{}")
    file.chmod(0o644)
    FileTokens(file, URL).save(TOKENS)
    assert mode(file) == 0o600


def test_each_server_has_its_own_tokens(file: Path) -> None:
    FileTokens(file, URL).save(TOKENS)
    FileTokens(file, "http://127.0.0.1:8000").save(Tokens("local"))
    FileTokens(file, URL).clear()
    assert FileTokens(file, URL).load() is None
    assert FileTokens(file, "http://127.0.0.1:8000").load() == Tokens("local")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"https://zerodistance.example.org": 7}'])
def test_a_broken_token_file_holds_no_session_and_is_written_anew(file: Path, content: str) -> None:
    write_privately(file, content)
    assert FileTokens(file, URL).load() is None
    FileTokens(file, URL).save(TOKENS)
    assert FileTokens(file, URL).load() == TOKENS


def test_nothing_else_is_left_beside_the_file(file: Path) -> None:
    FileTokens(file, URL).save(TOKENS)
    FileTokens(file, URL).clear()
    assert list(file.parent.iterdir()) == [file]


def test_tokens_do_not_show_in_logs() -> None:
    assert "access" not in f"{TOKENS!r} {TOKENS}"


def test_the_keyring_is_used_where_there_is_a_real_one(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = Remembering()
    monkeypatch.setattr(keyring, "get_keyring", lambda: ring)
    store = kept_tokens(URL, file)
    store.save(TOKENS)
    assert store.load() == TOKENS
    assert len(ring.kept) == 1
    assert not file.exists()
    store.clear()
    assert ring.kept == {}
    assert store.load() is None


def test_the_file_is_used_where_there_is_no_keyring(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backends.fail import Keyring

    monkeypatch.setattr(keyring, "get_keyring", Keyring)
    kept_tokens(URL, file).save(TOKENS)
    assert FileTokens(file, URL).load() == TOKENS


def test_a_locked_keyring_leads_to_the_file_and_an_unlocked_one_takes_over(file: Path) -> None:
    ring, in_file = Remembering(), FileTokens(file, URL)
    store = FirstThatWorks(KeyringTokens(ring, URL), in_file, KeyringError)
    ring.locked = True
    store.save(TOKENS)
    assert store.load() == in_file.load() == TOKENS
    ring.locked = False
    store.save(Tokens("new"))
    assert store.load() == Tokens("new")
    assert in_file.load() is None


def test_signing_out_with_a_locked_keyring_clears_the_file(file: Path) -> None:
    ring, in_file = Remembering(), FileTokens(file, URL)
    in_file.save(TOKENS)
    ring.locked = True
    FirstThatWorks(KeyringTokens(ring, URL), in_file, KeyringError).clear()
    assert in_file.load() is None
