"""Translations compiled: every ``.po`` of the pages becomes the ``.mo`` that gettext reads.

``python -m infra.catalogues`` compiles them in place; the build compiles its own copy.
"""

import sys
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PATTERN: Final = "chalicelib/web/locale/*/LC_MESSAGES/*.po"


def compile_catalogues(root: Path) -> list[Path]:
    """Compile every catalogue under a project's root. Returns the files written. Fuzzy translations are left out."""
    return [_compile(source) for source in sorted(root.glob(PATTERN))]


def _compile(source: Path) -> Path:
    locale = source.parent.parent.name
    target = source.with_suffix(".mo")
    with source.open("rb") as text, target.open("wb") as compiled:
        write_mo(compiled, read_po(text, locale=locale, abort_invalid=True))
    return target


if __name__ == "__main__":
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent
    for path in compile_catalogues(root):
        print(path.relative_to(root))
