"""What the documentation promises is there, and what is there is documented."""

from pathlib import Path

import msgspec
import pytest

from chalicelib.directory.kinds import KINDS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_field_of_the_directory_is_documented(kind: str) -> None:
    section = (DOCS / "directory.md").read_text().partition(f"\n### {kind}\n")[2].partition("\n### ")[0]
    fields = {field.name for field in msgspec.structs.fields(KINDS[kind])} - {"retired"}
    assert {name for name in fields if f"`{name}`" not in section} == set()
