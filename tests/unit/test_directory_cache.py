"""The edition is read once a minute, and decoded only when it has changed."""

from datetime import timedelta

import pytest

from chalicelib.directory.cache import EditionCache
from chalicelib.directory.edition import packed
from chalicelib.directory.model import Directory
from chalicelib.directory.plan import edition_of
from chalicelib.directory.table import Stored
from chalicelib.errors import NotFound
from tests.support.district import NOON, records

SECOND = timedelta(seconds=1)


class Shelf:
    """A table with one edition, that counts how often it is asked."""

    def __init__(self, version: int = 1) -> None:
        self.reads, self.version = 0, version

    def read(self) -> Stored | None:
        self.reads += 1
        return Stored(self.version, packed(edition_of(records(), self.version, NOON))) if self.version else None


def test_within_a_minute_it_is_read_once() -> None:
    shelf = Shelf()
    cache = EditionCache(shelf.read)
    held = [cache.get(NOON + number * SECOND) for number in range(60)]
    assert shelf.reads == 1
    assert all(directory is held[0] for directory in held)


def test_after_a_minute_it_is_read_again_but_not_decoded_again() -> None:
    shelf = Shelf()
    cache = EditionCache(shelf.read)
    first = cache.get(NOON)
    assert cache.get(NOON + 60 * SECOND) is first
    assert shelf.reads == 2


def test_a_new_edition_is_seen_after_a_minute() -> None:
    shelf = Shelf()
    cache = EditionCache(shelf.read)
    cache.get(NOON)
    shelf.version = 2
    assert cache.get(NOON + 59 * SECOND).edition.version == 1
    assert cache.get(NOON + 60 * SECOND).edition.version == 2


def test_a_clock_that_is_put_back_does_not_keep_an_old_edition() -> None:
    shelf = Shelf()
    cache = EditionCache(shelf.read)
    cache.get(NOON)
    cache.get(NOON - SECOND)
    assert shelf.reads == 2


def test_who_changes_the_directory_sees_it_at_once() -> None:
    shelf = Shelf()
    cache = EditionCache(shelf.read)
    mine = Directory(edition_of(records(), 5, NOON))
    cache.hold(mine, NOON)
    assert cache.get(NOON + SECOND) is mine
    cache.forget()
    assert cache.get(NOON + SECOND).edition.version == 1


def test_an_empty_directory_says_so() -> None:
    with pytest.raises(NotFound, match="import one") as refused:
        EditionCache(Shelf(version=0).read).get(NOON)
    assert refused.value.code == "no_directory"
