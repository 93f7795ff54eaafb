"""The edition in a process: read once a minute, decoded only when it has changed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from chalicelib.directory.edition import unpacked
from chalicelib.directory.model import Directory
from chalicelib.directory.table import Stored
from chalicelib.errors import NotFound

KEPT: Final = timedelta(seconds=60)


class EditionCache:
    """``read`` fetches the edition as stored, or None. Whoever changes the directory may ``hold`` theirs at once."""

    def __init__(self, read: Callable[[], Stored | None], keep: timedelta = KEPT) -> None:
        self._read, self._keep = read, keep
        self._held: Directory | None = None
        self._since: datetime | None = None

    def get(self, now: datetime) -> Directory:
        """The directory, at most a minute old. One read, or none. Raises NotFound before the first import."""
        if self._held is None or self._since is None or not timedelta() <= now - self._since < self._keep:
            self._held, self._since = self._fresh(), now
        return self._held

    def hold(self, directory: Directory, now: datetime) -> None:
        """Take this one: it was just written."""
        self._held, self._since = directory, now

    def forget(self) -> None:
        """Read again at the next call."""
        self._held = self._since = None

    def _fresh(self) -> Directory:
        stored = self._read()
        if stored is None:
            raise NotFound("The directory is empty: import one that names the district", "no_directory")
        if self._held and self._held.edition.version == stored.version:
            return self._held
        return Directory(unpacked(stored.content))
