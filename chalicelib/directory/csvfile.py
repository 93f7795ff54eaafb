"""The directory as CSV: one kind a file, a first line with the fields' names. Pure.

A cell that a spreadsheet would take for a formula has an apostrophe before it, which reading takes away again.
The items of a list are separated by semicolons. A cell that begins with ``[`` or ``{`` is JSON: for tables within a field.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from chalicelib.directory.fields import MARK, Field, fields_of, nearest, written
from chalicelib.directory.kinds import Record
from chalicelib.directory.report import Read, Row

SEPARATOR: Final = ";"
# https://owasp.org/www-community/attacks/CSV_Injection; a telephone number begins with + and calls nothing.
_FORMULA: Final = re.compile(r"'*[=@+\t\r-](?![0-9 ()/.+-]*$)")


def read(text: str, kind: str, found: Read) -> None:
    """Read the records of one kind."""
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(lines, [])]
        if _header_is_right(header, kind, found):
            _read_lines(lines, header, kind, found)
    except csv.Error as error:
        found.wrong(lines.line_num, "not_csv", f"This is not CSV: {error}", "a quotation mark within a cell is doubled", kind)


def _header_is_right(header: Sequence[str], kind: str, found: Read) -> bool:
    known, before = fields_of(kind), len(found.problems)
    for name in header:
        if name not in known:
            found.wrong(1, "unknown_field", f"There is no column '{name}'", nearest(name, known), kind, name)
        elif header.count(name) > 1:
            found.wrong(1, "twice", f"The column '{name}' stands twice", "one of them", kind, name)
    for name in (field.name for field in known.values() if field.required and field.name not in header):
        found.wrong(1, "missing_column", f"The column '{name}' is missing", "a first line with the fields' names", kind, name)
    return len(found.problems) == before


def _read_lines(lines: Any, header: Sequence[str], kind: str, found: Read) -> None:
    known, line = fields_of(kind), lines.line_num + 1
    for cells in lines:
        if len(cells) > len(header):
            detail = f"The line has {len(cells)} cells for {len(header)} columns"
            found.wrong(line, "too_many_cells", detail, "quotation marks around a cell with a comma", kind)
        elif any(cell.strip() for cell in cells):
            values = {name: _cell(_bare(cell.strip()), known[name]) for name, cell in zip(header, cells, strict=False)}
            found.rows.append(Row(kind, values, line))
        line = lines.line_num + 1


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _cell(text: str, field: Field) -> Any:
    if text == "":
        return None
    if field.shape == "text":
        return text
    if text[0] in "[{":
        return _from_json(text)
    return [item.strip() for item in text.split(SEPARATOR) if item.strip()] if field.shape == "list" else text


def _from_json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text  # the field will say what would be right


def write(kind: str, records: Iterable[Record]) -> str:
    """The records of one kind as a file."""
    out = io.StringIO(MARK, newline="")
    out.seek(0, io.SEEK_END)
    lines = csv.writer(out)
    lines.writerow(fields_of(kind))
    for record in records:
        given = written(kind, record)
        lines.writerow([_harmless(_cell_written(given.get(name))) for name in fields_of(kind)])
    return out.getvalue()


def _cell_written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return _list_written(value)
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else str(value)


def _list_written(items: Sequence[Any]) -> str:
    simple = items and items[0][:1] not in ("[", "{") and not any(SEPARATOR in item for item in items)
    return SEPARATOR.join(items) if simple else msgspec.json.encode(items).decode()
