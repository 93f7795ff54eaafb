"""The edition is one item: it must hold a whole large district, and say so clearly when it no longer does."""

import random
from typing import Any

import pytest

from chalicelib.directory import kinds
from chalicelib.directory.edition import LARGEST, Edition, TooLarge, packed, unpacked
from chalicelib.directory.model import Directory
from chalicelib.directory.plan import edition_of
from tests.support.district import NOON, SMALL, records

CHANCE = random.Random(2)


def hanzi(length: int) -> str:
    """A word of random characters, as incompressible as words can be (the 3,000 first of the block)."""
    return "".join(chr(0x4E00 + CHANCE.randrange(3000)) for _ in range(length))


def latin(length: int) -> str:
    return "".join(CHANCE.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(length))


def named(id: str) -> dict[str, Any]:
    return {"id": id, "name_zh": hanzi(5), "name_en": latin(12)}


def large_district() -> Edition:
    """300 deputies, 600 grids, 500 categories with ten words each, and what belongs to them."""
    grids = [f"grid-{n}" for n in range(600)]
    deputies = [f"deputy-{n}" for n in range(300)]
    categories = [f"area-{n % 10}/part-{n % 50}/matter-{n}" for n in range(500)]
    return Edition(
        version=1,
        published_at=NOON,
        grids=tuple(
            kinds.Grid(**named(id), community_zh=hanzi(4), community_en=latin(10), aliases=tuple(hanzi(4) for _ in range(4)))
            for id in grids
        ),
        deputies=tuple(
            kinds.Deputy(**named(id), ward_zh=hanzi(4), ward_en=latin(8), grids=(grids[2 * n], grids[2 * n + 1]))
            for n, id in enumerate(deputies)
        ),
        categories=tuple(
            kinds.Category(**named(id), words=(*(hanzi(3) for _ in range(7)), *(latin(9) for _ in range(3))))
            for id in categories
        ),
        codes=tuple(kinds.PrintedCode(code=f"{n:08d}", deputy=id, issued_at=NOON) for n, id in enumerate(deputies)),
        users=tuple(
            kinds.User(username=f"user.{n}", role="deputy", name=hanzi(3), deputy=id, mail=f"{latin(8)}@example.org")
            for n, id in enumerate(deputies)
        ),
    )


def test_a_district_of_300_deputies_600_grids_and_500_categories_fits() -> None:
    assert len(packed(large_district())) < LARGEST / 2


def test_an_edition_is_the_same_after_the_way_through_the_table() -> None:
    edition = edition_of(records(SMALL), 7, NOON)
    assert unpacked(packed(edition)) == edition
    assert Directory(unpacked(packed(edition))).district.id == "somewhere"


def test_the_same_directory_is_the_same_bytes() -> None:
    edition = edition_of(records(SMALL), 7, NOON)
    assert packed(edition) == packed(unpacked(packed(edition)))


def test_a_directory_that_does_not_fit_is_refused_in_plain_words() -> None:
    grids = tuple(kinds.Grid(**named(f"g-{n}"), aliases=tuple(hanzi(30) for _ in range(200))) for n in range(30))
    with pytest.raises(TooLarge, match=r"350,000 is the most\. Shorten"):
        packed(Edition(version=1, published_at=NOON, grids=grids))
