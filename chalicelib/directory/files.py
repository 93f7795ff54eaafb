"""Reading and writing the directory as YAML (all of it, or parts), CSV (one kind a file) and GeoJSON (outlines). Pure.

A file is read as plain text throughout: the field decides what a value is, not YAML. So ``no``, ``12:30`` and ``007``
stay what was written, both formats mean the same, and nothing in a file can make an object.

The formats are imported when a file is at hand: every function loads this module at its cold start, and hardly any
ever reads a file.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from chalicelib.directory.fields import MARK, nearest
from chalicelib.directory.kinds import KINDS, Record
from chalicelib.directory.report import Read
from chalicelib.errors import Invalid

LONGEST: Final = 2_000_000  # characters


def decoded(content: bytes) -> str:
    """The text of an uploaded file: UTF-8, or GB 18030 as Chinese spreadsheets save it. Raises Invalid."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("file", "The file is neither UTF-8 nor GB 18030 text; save it as 'CSV UTF-8' or as UTF-8", "encoding")


def read(text: str, form: str, kind: str = "", there: Mapping[str, Mapping[str, Record]] | None = None) -> Read:
    """The rows of a file. ``form`` is yaml, csv, which needs its ``kind``, or geojson, which draws grids that are ``there``.

    Raises Invalid for another form or kind.
    """
    _check(form, kind)
    from chalicelib.directory import csvfile, geojsonfile, yamlfile

    found = Read()
    text = text.removeprefix(MARK)
    if len(text) > LONGEST:
        found.wrong(0, "file_too_large", f"The file has {len(text):,} characters; {LONGEST:,} is the most")
    elif form == "csv":
        csvfile.read(text, kind, found)
    elif form == "geojson":
        geojsonfile.read(text, (there or {}).get("grids", {}), found)
    else:
        yamlfile.read(text, kind, found)
    return found


def write(records: Mapping[str, Iterable[Record]], form: str, kind: str = "") -> str:
    """The records of each kind as a file that ``read`` reads back to the same. Raises Invalid as ``read`` does."""
    _check(form, kind)
    from chalicelib.directory import csvfile, geojsonfile, yamlfile

    if form == "csv":
        return csvfile.write(kind, records.get(kind, ()))
    if form == "geojson":
        return geojsonfile.write(records.get("grids", ()))
    return yamlfile.write({name: records.get(name, ()) for name in KINDS if kind in ("", name)})


def _check(form: str, kind: str) -> None:
    if form not in ("yaml", "csv", "geojson"):
        raise Invalid("format", f"'{form}' is no format of the directory; it is yaml, csv or geojson", "unknown_format")
    if kind and kind not in KINDS:
        raise Invalid("kind", f"There is no kind '{kind}'; right would be {nearest(kind, KINDS)}", "unknown_kind")
    if form == "csv" and not kind:
        raise Invalid("kind", f"A CSV file holds one kind: say which of {', '.join(KINDS)}", "missing")
    if form == "geojson" and kind not in ("", "grids"):
        raise Invalid("kind", f"GeoJSON draws grids, not '{kind}'", "other_kind")
