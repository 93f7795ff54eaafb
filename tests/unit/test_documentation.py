"""What the documentation promises is there, and what is there is documented."""

import re
from pathlib import Path

import msgspec
import pytest

from chalicelib.directory.kinds import KINDS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_field_of_the_directory_is_documented(kind: str) -> None:
    section = (DOCS / "directory.md").read_text().partition(f"\n### {kind}\n")[2].partition("\n### ")[0]
    fields = {field.name for field in msgspec.structs.fields(KINDS[kind])} - {"retired"}
    assert {name for name in fields if f"`{name}`" not in section} == set()


@pytest.mark.parametrize("paper", ["privacy.md", "security.md"])
def test_every_promise_of_privacy_and_security_names_a_test_that_is_there(paper: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`", (DOCS / paper).read_text())
    assert len(named) > 10
    for file, test in named:
        assert (ROOT / file).exists(), file
        assert not test or f"def {test}(" in (ROOT / file).read_text(), (file, test)


def test_every_line_of_the_table_of_personal_data_names_its_test() -> None:
    lines = [line for line in (DOCS / "privacy.md").read_text().splitlines() if line.startswith("| ")][1:]
    assert len(lines) > 8
    assert [line for line in lines[1:] if "`tests/" not in line] == []


def test_no_secret_is_compared_in_a_time_that_tells_of_it() -> None:
    """Equality of Python stops at the first difference: what is secret is compared by compare_digest alone."""
    secret = re.compile(
        r"(token_hash|signature|csrf|_hash\(|tracking_token)\w*\)? *[!=]= (?!\"\"|None)|[!=]= (csrf|signature|token_hash)\b"
    )
    found = [
        f"{file.relative_to(ROOT)}: {line.strip()}"
        for file in (ROOT / "chalicelib").rglob("*.py")
        for line in file.read_text().splitlines()
        if secret.search(line)
    ]
    assert found == []
