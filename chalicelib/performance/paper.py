"""A document as PDF: A4, in a Chinese typeface that every reader of PDF brings along, so that none need be in the file.

STSong-Light is one of the typefaces of Adobe's Asian font packs (collection Adobe-GB1); a reader that lacks it puts another in
its place. Letters are written in UTF-16 by the predefined CMap UniGB-UTF16-H (ISO 32000-1, 9.7.5.2); what is Latin stands in
Helvetica, one of the fourteen typefaces that need not be in a file either (9.6.2.2).
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from unicodedata import east_asian_width

import pydyf

from chalicelib.performance.telling import Document, Table

WIDE, HIGH = 595, 842  # points: A4
MARGIN: Final = 48
TITLE, HEADING, TEXT = 16, 12, 9  # sizes in points
LEADING: Final = 1.5
GAP: Final = 6  # between columns
CHINESE, LATIN = "F1", "F2"
RULE: Final = 2  # points below the line that it rules off
_RUNS: Final = re.compile(r"[ -~]+|[^ -~]+")


@dataclass
class _Page:
    """A page that is being written, from the top down."""

    stream: Any = field(default_factory=lambda: pydyf.Stream(compress=True))
    y: float = HIGH - MARGIN

    def write(self, text: str, x: float, y: float, size: int) -> None:
        self.stream.begin_text()
        self.stream.set_text_matrix(1, 0, 0, 1, x, y)
        for run in _RUNS.findall(text):
            if run.isascii():
                self.stream.set_font_size(LATIN, size)
                self.stream.show_text_string(run)
            else:
                self.stream.set_font_size(CHINESE, size)
                self.stream.stream.append(f"<{run.encode('utf-16-be').hex()}> Tj".encode())
        self.stream.end_text()

    def rule(self, y: float) -> None:
        self.stream.set_line_width(0.4)
        self.stream.move_to(MARGIN, y)
        self.stream.line_to(WIDE - MARGIN, y)
        self.stream.stream.append(b"S")


def pdf(document: Document) -> bytes:
    """The pages."""
    pages = _Pages(document)
    pages.line([(document.title, 1.0)], TITLE)
    pages.line([(document.subtitle, 1.0)], TEXT)
    for table in document.tables:
        pages.table(table)
    return _bound(pages.done(), document.title)


class _Pages:
    def __init__(self, document: Document) -> None:
        self._foot = document.foot
        self._pages = [_Page()]

    def line(self, cells: Sequence[tuple[str, float]], size: int = TEXT, *, rule: bool = False) -> None:
        """A row of cells, each with its share of the width; long ones go on below."""
        across = WIDE - 2 * MARGIN
        wrapped = [(list(wrap(text, share * across - GAP, size)), share * across) for text, share in cells]
        high = max(len(lines) for lines, _ in wrapped) * size * LEADING
        page = self._page_with(high)
        x = float(MARGIN)
        for lines, wide in wrapped:
            for number, text in enumerate(lines, start=1):
                page.write(text, x, page.y - number * size * LEADING + size * (LEADING - 1), size)
            x += wide
        page.y -= high
        if rule:
            page.rule(page.y - RULE)
            page.y -= 2 * RULE

    def table(self, table: Table) -> None:
        """A heading, the columns' names and the rows."""
        self._page_with(HEADING * LEADING + 3 * TEXT * LEADING + TEXT).y -= TEXT
        self.line([(table.heading, 1.0)], HEADING)
        shares = [share for _, share in table.columns]
        self.line(table.columns, rule=True)
        for row in table.rows:
            self.line(list(zip(map(_shown, row), shares, strict=True)))

    def _page_with(self, high: float) -> _Page:
        if self._pages[-1].y - high < MARGIN:
            self._pages.append(_Page())
        return self._pages[-1]

    def done(self) -> list[_Page]:
        for number, page in enumerate(self._pages, start=1):
            page.write(f"{self._foot}  ·  {number}/{len(self._pages)}", MARGIN, MARGIN / 2, TEXT - 1)
        return self._pages


def _shown(cell: object) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def wrap(text: str, wide: float, size: int) -> Iterator[str]:
    """The lines of a text in a column so many points wide. Chinese breaks anywhere, so everything may."""
    line, used = "", 0.0
    for letter in " ".join(text.split()):
        step = size * width_of(letter)
        if line and used + step > wide:
            yield line
            line, used = "", 0.0
        line, used = line + letter, used + step
    yield line


def width_of(letter: str) -> float:
    """A letter's width as a share of its size: a whole square, or of a Latin one more than most of Helvetica's have."""
    return 1.0 if east_asian_width(letter) in "FWA" else 0.6


def _bound(pages: Sequence[_Page], title: str) -> bytes:
    book = pydyf.PDF()
    book.info["Title"] = pydyf.String(title)
    fonts = pydyf.Dictionary({CHINESE: _font(book), LATIN: _helvetica(book)})
    for page in pages:
        book.add_object(page.stream)
        book.add_page(
            pydyf.Dictionary(
                {
                    "Type": "/Page",
                    "Parent": book.pages.reference,
                    "MediaBox": pydyf.Array([0, 0, WIDE, HIGH]),
                    "Contents": page.stream.reference,
                    "Resources": pydyf.Dictionary({"Font": fonts}),
                }
            )
        )
    out = io.BytesIO()
    book.write(out, version=b"1.7")
    return out.getvalue()


def _helvetica(book: Any) -> bytes:
    font = pydyf.Dictionary({"Type": "/Font", "Subtype": "/Type1", "BaseFont": "/Helvetica", "Encoding": "/WinAnsiEncoding"})
    book.add_object(font)
    return bytes(font.reference)


def _font(book: Any) -> bytes:
    """The reference of the Chinese typeface: its name, its collection, how its letters are numbered; each is a square wide."""
    descriptor = pydyf.Dictionary(
        {
            "Type": "/FontDescriptor", "FontName": "/STSong-Light", "Flags": 6, "FontBBox": pydyf.Array([-25, -254, 1000, 880]),
            "ItalicAngle": 0, "Ascent": 880, "Descent": -120, "CapHeight": 880, "StemV": 93,
        }
    )  # fmt: skip
    book.add_object(descriptor)
    system = pydyf.Dictionary({"Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("GB1"), "Supplement": 4})
    letters = pydyf.Dictionary(
        {
            "Type": "/Font", "Subtype": "/CIDFontType0", "BaseFont": "/STSong-Light", "CIDSystemInfo": system,
            "FontDescriptor": descriptor.reference, "DW": 1000,
        }
    )  # fmt: skip
    book.add_object(letters)
    font = pydyf.Dictionary(
        {
            "Type": "/Font", "Subtype": "/Type0", "BaseFont": "/STSong-Light-UniGB-UTF16-H", "Encoding": "/UniGB-UTF16-H",
            "DescendantFonts": pydyf.Array([letters.reference]),
        }
    )  # fmt: skip
    book.add_object(font)
    return bytes(font.reference)
