"""Every sentence of the pages is in every catalogue, complete."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from chalicelib.web.reader import HTML_LANG, LANGUAGES, LOCALES

ROOT = LOCALES.parents[1]
KEYWORDS = {"N_": None, "say": None, "plural": (1, 2), "_": None, "gettext": None, "ngettext": (1, 2)}
CATALOGUES = sorted(LOCALES.glob("*/LC_MESSAGES/messages.po"))
HOLES = re.compile(r"%\(\w+\)[sd]")


def used() -> set[str]:
    """Every text that code and templates say, found as the documented command finds it."""
    with (LOCALES / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    found = extract_from_dir(str(ROOT), methods, options, KEYWORDS)
    return {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}


def read(path: Path) -> Catalog:
    return read_po(BytesIO(path.read_bytes()))


def texts(catalogue: Catalog) -> dict[str, Message]:
    return {message.id if isinstance(message.id, str) else message.id[0]: message for message in catalogue if message.id}


def translations(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def test_every_language_but_english_has_a_catalogue_and_a_name() -> None:
    assert {path.parents[1].name for path in CATALOGUES} == set(LANGUAGES) - {"en"}
    assert set(HTML_LANG) == set(LANGUAGES)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parents[1].name)
class TestCatalogue:
    def test_no_text_is_missing_and_none_is_left_over(self, path: Path) -> None:
        assert set(texts(read(path))) == used()

    def test_no_translation_is_empty_or_fuzzy(self, path: Path) -> None:
        bad = [text for text, message in texts(read(path)).items() if message.fuzzy or not all(translations(message))]
        assert bad == []

    def test_a_translation_holds_the_same_values(self, path: Path) -> None:
        for text, message in texts(read(path)).items():
            for translation in translations(message):
                assert sorted(HOLES.findall(translation)) == sorted(HOLES.findall(text)), text

    def test_no_text_has_a_bare_percent_sign(self, path: Path) -> None:
        for text, message in texts(read(path)).items():
            assert "%" not in HOLES.sub("", text + "".join(translations(message))), text
