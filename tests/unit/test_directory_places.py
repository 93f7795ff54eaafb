"""Place names in what people write."""

import pytest

from chalicelib.directory.places import Gazetteer

NAMES = Gazetteer([("松林苑", "a"), ("松林苑二期", "b"), ("Elm", "c"), ("Elm Court", "d"), ("同名里", "a"), ("同名里", "b")])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("松林苑的暖气不热", ("a",)),
        ("松林苑二期和松林苑", ("b", "a")),
        ("松林苑二期", ("b",)),  # of names that overlap the longest counts
        ("ELM court 5", ("d",)),
        ("an elm, a helmet", ("c",)),
        ("helmet, elms", ()),  # no Latin word is cut
        ("住elm里", ("c",)),
        ("Ｅｌｍ", ("c",)),  # full-width letters
        ("同名里", ("a", "b")),
        ("", ()),
    ],
)
def test_names_are_found_as_people_write_them(text: str, found: tuple[str, ...]) -> None:
    assert NAMES.find(text) == found
