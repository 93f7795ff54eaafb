"""A corpus of hostile words in every text that is stored, and then every page and file: nowhere does it come out alive."""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Final

import msgspec
import pytest

from chalicelib.directory import csvfile, service
from chalicelib.directory.kinds import Body
from chalicelib.directory.report import Read
from chalicelib.directory.table import EditionRow
from chalicelib.spine.dossiers import DossierRow
from chalicelib.spine.journal import JournalRow
from tests.support import gallery
from tests.support.gallery import ROLES, Demo, Seen

MARK: Final = "zzattack"  # no element or attribute of ours is called so
CORPUS: Final = (
    f"=cmd|'/C calc'!A0<{MARK} onload=1>",
    f'"><{MARK} src=x onerror=1>',
    f"'><{MARK}>",
    f"</textarea></script><{MARK}>",
    f'" {MARK}=1 x="',
    f"' {MARK}=1 x='",
    f"{{{{7*7}}}}<{MARK}>",
    f"javascript:{MARK}()",
    f"%3C{MARK}%3E&lt;{MARK}&gt;",
    f"]]><{MARK}>",
)
CHINESE: Final = re.compile("[\u4e00-\u9fff]")  # what people wrote; names that a program gave are Latin
STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def planted(content: Any, numbers: Iterator[int]) -> Any:
    """The same with the corpus in every text that people wrote."""
    if isinstance(content, dict):
        return {name: planted(value, numbers) for name, value in content.items()}
    if isinstance(content, list):
        return [planted(each, numbers) for each in content]
    if isinstance(content, str) and CHINESE.search(content):
        return CORPUS[next(numbers) % len(CORPUS)] + content
    return content


def everywhere() -> int:
    """Plant the corpus in every dossier, fact and record of the directory; how many texts there were."""
    from itertools import count

    numbers = count()
    for row in DossierRow.scan():
        for name in ("state", "apart"):
            setattr(row, name, json.dumps(planted(json.loads(getattr(row, name) or "{}"), numbers), ensure_ascii=False))
        row.summary = planted(row.summary, numbers)
        row.save()
    for entry in JournalRow.scan():
        entry.content = json.dumps(planted(json.loads(entry.content), numbers), ensure_ascii=False)
        entry.save()
    for edition in EditionRow.query("edition"):
        edition.content = gzip.compress(json.dumps(planted(json.loads(gzip.decompress(edition.content)), numbers)).encode())
        edition.save()
    service.forget()
    return next(numbers)


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with gallery.furnished() as found:
        assert everywhere() > 500
        for role in ROLES:
            gallery.walk(found, role)
        yield found


class Alive(HTMLParser):
    """Finds what of the corpus became an element, an attribute, a script or an address that runs."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        runs = [f"{name}={value}" for name, value in attrs if name in ("href", "src", "action") and _runs(value or "")]
        if MARK in tag or any(MARK in name or name.startswith("on") for name in names) or runs:
            self.found.append(f"<{tag} {names} {runs}>")


def _runs(address: str) -> bool:
    return address.strip().lower().startswith(("javascript:", "data:text", "vbscript:"))


def alive(seen: Seen) -> list[str]:
    found = Alive()
    found.feed(seen.answer.text)
    return [f"{seen.path}: {each}" for each in found.found]


def of_kind(demo: Demo, kind: str) -> list[Seen]:
    return [seen for seen in demo.pages if seen.answer.headers.get("content-type", "").startswith(kind)]


def test_no_page_falls_over_for_hostile_words(demo: Demo) -> None:
    assert [(seen.role, seen.path) for seen in demo.pages if seen.answer.status_code >= 500] == []


def test_the_words_are_shown_on_very_many_pages_and_come_alive_on_none(demo: Demo) -> None:
    pages = of_kind(demo, "text/html")
    assert sum(MARK in seen.answer.text for seen in pages) > 60
    assert [each for seen in pages for each in alive(seen)] == []


def test_no_word_is_taken_for_a_template(demo: Demo) -> None:
    assert [seen.path for seen in of_kind(demo, "text/html") if f"49&lt;{MARK}" in seen.answer.text] == []


def test_no_header_holds_a_word_of_people(demo: Demo) -> None:
    told = [seen.path for seen in demo.pages for value in seen.answer.headers.values() if MARK in value]
    assert told == []


def test_json_is_json_and_is_never_taken_for_a_page(demo: Demo) -> None:
    for seen in (*of_kind(demo, "application/json"), *of_kind(demo, "application/geo+json")):
        msgspec.json.decode(seen.answer.content)
        assert seen.answer.headers["x-content-type-options"] == "nosniff"


def test_no_cell_of_any_csv_is_a_formula(demo: Demo) -> None:
    files = of_kind(demo, "text/csv")
    assert len(files) >= 2, [seen.path for seen in files]
    for seen in files:
        for line in csv.reader(io.StringIO(seen.answer.content.decode("utf-8-sig"), newline="")):
            cells = [cell for cell in line if cell.startswith(STARTS) and not re.fullmatch(r"[0-9 ()/.+-]+", cell)]
            assert cells == [], seen.path


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "@x", "-cmd|x", "+cmd", "'=x", "''@x", "'quoted'", "普通"])
def test_a_name_that_looks_like_a_formula_comes_back_from_the_directorys_csv_as_it_was(name: str) -> None:
    text = csvfile.write("bodies", [Body(id="one", name_zh=name, name_en="One", phone="+86 29 8880 1234")])
    found = Read()
    csvfile.read(text.removeprefix("\ufeff"), "bodies", found)
    assert found.rows[0].values["name_zh"] == name
    assert found.rows[0].values["phone"] == "+86 29 8880 1234"
    cells = [cell for line in csv.reader(io.StringIO(text)) for cell in line]
    assert [cell for cell in cells if cell.startswith(STARTS)] == ["+86 29 8880 1234"]
