"""The sheet that hangs on the wall: a deputy's QR code with name and ward in both languages, A5 or A4. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from chalicelib.directory import qr
from chalicelib.errors import Invalid

SIZES = ("A5", "A4")
TEMPLATES = Path(__file__).parents[1] / "web" / "templates"
# A poster has no script to shrink a name until it fits, so its width (columns: a Han character takes two) picks one of
# three sizes. tests/browser/test_poster.py holds the longest of each against a real page.
NAME_FITS = ((10, "short"), (20, "medium"))


@dataclass(frozen=True, kw_only=True)
class Poster:
    """What a poster says. ``code`` is the code's id for the small print; the station lines may be empty."""

    name_zh: str
    name_en: str
    ward_zh: str
    ward_en: str
    url: str
    code: str
    issued: date
    station_zh: str = ""
    station_en: str = ""


def poster(sheet: Poster, size: str = "A5") -> str:
    """The poster as an HTML page of exactly one printed sheet, for ``/d/{code}/poster``.

    Its links are relative to that address (``qr.svg``, ``../../static/poster.css``), so that they hold behind a stage
    prefix too; it needs no script and no inline style.

    Raises Invalid if the size is neither A5 nor A4.
    """
    _require_size(size)
    return _template("poster.html").render(size=size, sizes=SIZES, **_drawn(sheet))


def posters(sheets: Iterable[Poster], size: str, static: str) -> str:
    """Many posters as one HTML page, a printed sheet each. ``static`` is the way from that page to the folder of stylesheets.

    Raises Invalid if the size is neither A5 nor A4.
    """
    _require_size(size)
    return _template("posters.html").render(size=size, static=static, drawn=[_drawn(sheet) for sheet in sheets])


def _require_size(size: str) -> None:
    if size not in SIZES:
        raise Invalid("size", f"size is '{size}'; it must be {' or '.join(SIZES)}")


def _drawn(sheet: Poster) -> dict[str, Any]:
    """What the template of a sheet needs of it."""
    return {
        "sheet": sheet,
        "name_fit": name_fit(sheet.name_zh),
        "code_svg": Markup(qr.inline(sheet.url, f"QR: {sheet.url}")),  # drawn by segno from an address of ours  # nosec B704
        "address": readable(sheet.url),
    }


def readable(url: str) -> Markup:
    """The address as one types it: its last part strong, and free to break after each ``/`` and ``.``.

    ``https://`` is left out, every browser adds it; ``http://`` (only a local stack has it) stays.
    """
    head, slash, last = url.removeprefix("https://").rpartition("/")
    breakable = re.sub(r"([/.])", r"\1<wbr>", str(escape(head + slash)))
    return Markup(breakable) + Markup("<strong>{}</strong>").format(last)  # escaped above, and by format  # nosec B704


def name_fit(name: str) -> str:
    """How large a name can stand: ``short``, ``medium`` or ``long``."""
    columns = sum(1 if c.isascii() else 2 for c in name)
    return next((fit for widest, fit in NAME_FITS if columns <= widest), "long")


@cache
def _template(name: str) -> Template:
    pages = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return pages.get_template(name)
