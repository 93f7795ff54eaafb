"""A file of older records, CSV or XLSX, read and checked row by row before anything is sent.

The first row names the columns, in English or Chinese. A deputy and a kind may be named by id or by name, a day be written as
people write it. All that is wrong is told at once.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from zerodistance_client.performance_records import RecordKind, RowFault

COLUMNS: Final[Mapping[str, str]] = {
    "deputy": "deputy", "代表": "deputy", "kind": "kind", "类别": "kind", "类型": "kind", "day": "day", "date": "day",
    "日期": "day", "时间": "day", "title": "title", "标题": "title", "内容": "title", "place": "place", "地点": "place",
    "text": "text", "说明": "text", "详情": "text", "number": "number", "编号": "number",
}  # fmt: skip
NEEDED: Final = ("deputy", "kind", "day", "title")
LONGEST: Final = {"title": 60, "place": 40, "text": 4_000, "number": 60}
FIRST_DAY: Final = date(1954, 9, 15)
MOST_ROWS: Final = 300  # of one request
MOST_BYTES: Final = 800_000
_DAY: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")

Row = dict[str, Any]
Person = Mapping[str, Any]  # id, name_zh, name_en


class NoSheet(ValueError):
    """This file can't be read as a table; the message says why."""


@dataclass(frozen=True)
class Sheet:
    """A file's rows as the server takes them, and everything that is wrong with it."""

    rows: tuple[Row, ...]
    faults: tuple[RowFault, ...]


def sheet(path: Path, deputies: Sequence[Person], kinds: Sequence[RecordKind], today: date) -> Sheet:
    """A file read and checked; ``deputies`` as the directory has them. Raises NoSheet, OSError."""
    cells = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    numbered = ((number, row) for number, row in enumerate(cells, start=1) if any(str(cell or "").strip() for cell in row))
    first = next(numbered, None)
    if first is None:
        return Sheet((), (RowFault(0, "", "empty", "The file has no rows"),))
    names, wrong = _header(first[1])
    if wrong:
        return Sheet((), tuple(wrong))
    return _checked([_row(number, names, row) for number, row in numbered], _known(deputies, kinds), today)


def chunks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows in portions that one request takes: by number, and by bytes."""
    chunk: list[Row] = []
    size = 0
    for row in rows:
        more = len(json.dumps(row, ensure_ascii=False).encode()) + 1
        if chunk and (len(chunk) == MOST_ROWS or size + more > MOST_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(row)
        size += more
    if chunk:
        yield chunk


def key_of(rows: Sequence[Row]) -> str:
    """The Idempotency-Key of a portion: of its content."""
    return "import-" + hashlib.sha256(json.dumps(rows, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:40]


# Reading


def _csv(path: Path) -> Iterator[Sequence[Any]]:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):  # Excel in Chinese writes the second
        try:
            return csv.reader(io.StringIO(content.decode(encoding), newline=""))
        except UnicodeDecodeError:
            continue
    raise NoSheet(f"{path} is no text in UTF-8 or GB 18030")


def _xlsx(path: Path) -> Iterator[Sequence[Any]]:
    try:
        import openpyxl
    except ImportError:
        raise NoSheet(
            "Reading XLSX needs one more package: pip install 'zerodistance-client[xlsx]'; or save it as CSV"
        ) from None
    from zipfile import BadZipFile

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError) as error:
        raise NoSheet(f"{path} is no XLSX workbook: {error}") from None
    rows: list[Sequence[Any]] = list(book.worksheets[0].iter_rows(values_only=True))
    book.close()
    return iter(rows)


def _header(cells: Sequence[Any]) -> tuple[list[str], list[RowFault]]:
    names = [str(cell or "").strip() for cell in cells]
    known = [COLUMNS.get(name.lower(), "") for name in names]
    faults = [
        RowFault(
            1, name, "unknown_column", f"There is no column '{name}'; there are {', '.join(dict.fromkeys(COLUMNS.values()))}"
        )
        for name, column in zip(names, known, strict=True)
        if name and not column
    ]
    faults += [RowFault(1, name, "missing_column", f"The column '{name}' is missing") for name in NEEDED if name not in known]
    twice = {column for column in known if column and known.count(column) > 1}
    faults += [RowFault(1, name, "twice", f"The column '{name}' stands twice") for name in sorted(twice)]
    return known, faults


def _row(number: int, names: Sequence[str], cells: Sequence[Any]) -> Row:
    said = {name: _cell(cell) for name, cell in zip(names, cells, strict=False) if name}
    return {"row": number} | {name: text for name, text in said.items() if text}


def _cell(cell: Any) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


# Checking


@dataclass(frozen=True)
class _Known:
    deputies: Mapping[str, str]
    kinds: Mapping[str, RecordKind]


def _known(deputies: Sequence[Person], kinds: Sequence[RecordKind]) -> _Known:
    """By id, and by a name that only one has."""
    names = [name for deputy in deputies for name in {deputy["name_zh"], deputy["name_en"]}]
    by_name = {deputy[name]: deputy["id"] for deputy in deputies for name in ("name_zh", "name_en")}
    by_name = {name: id for name, id in by_name.items() if names.count(name) == 1}
    by_kind = {name: kind for kind in kinds for name in (kind.name_zh, kind.name_en)}
    return _Known(by_name | {deputy["id"]: deputy["id"] for deputy in deputies}, by_kind | {kind.id: kind for kind in kinds})


def _checked(rows: Iterable[Row], known: _Known, today: date) -> Sheet:
    faults: list[RowFault] = []
    first: dict[str, int] = {}
    good: list[Row] = []
    for row in rows:
        fresh = row | {"day": plain_day(row.get("day", ""))}
        faults += _faults(fresh, known, today)
        fresh["deputy"] = known.deputies.get(fresh.get("deputy", ""), fresh.get("deputy", ""))
        kind = known.kinds.get(fresh.get("kind", ""))
        fresh["kind"] = kind.id if kind else fresh.get("kind", "")
        content = json.dumps({name: fresh[name] for name in sorted(fresh) if name != "row"}, ensure_ascii=False)
        if content in first:
            detail = f"The same as row {first[content]}; if both happened, give each a number in the column 'number'"
            faults.append(RowFault(row["row"], "number", "twice", detail))
        first.setdefault(content, row["row"])
        good.append(fresh)
    return Sheet(tuple(good), tuple(faults))


def _faults(row: Row, known: _Known, today: date) -> Iterator[RowFault]:
    number = row["row"]
    for name in NEEDED:
        if not row.get(name):
            yield RowFault(number, name, "missing", f"'{name}' is empty")
    if (deputy := row.get("deputy")) and deputy not in known.deputies:
        yield RowFault(number, "deputy", "unknown_deputy", f"There is no deputy '{deputy}', or more than one of that name")
    yield from _of_kind(number, row.get("kind", ""), known)
    yield from _of_day(number, row.get("day", ""), today)
    for name, most in LONGEST.items():
        if len(row.get(name, "")) > most:
            yield RowFault(number, name, "too_long", f"'{name}' has {len(row[name])} characters; {most} is the most")


def _of_kind(number: int, name: str, known: _Known) -> Iterator[RowFault]:
    kind = known.kinds.get(name)
    if name and not kind:
        yield RowFault(number, "kind", "unknown_kind", f"There is no kind '{name}'")
    elif kind and kind.made_by == "system":
        yield RowFault(number, "kind", "made_by_system", f"'{name}' is made by the platform itself; nobody can bring it in")


def _of_day(number: int, text: str, today: date) -> Iterator[RowFault]:
    if not text:
        return
    try:
        day = date.fromisoformat(text)
    except ValueError:
        yield RowFault(number, "day", "bad_date", f"'{text}' is no date; write it as 2024-03-05")
        return
    if not FIRST_DAY <= day <= today:
        yield RowFault(number, "day", "impossible_date", f"{text} can't be; it was done between {FIRST_DAY} and {today}")


def plain_day(text: str) -> str:
    """A day as people write it (2024/3/5, 2024年3月5日, 2024.03.05) as 2024-03-05; anything else as it is."""
    found = _DAY.fullmatch(text.strip())
    return "{}-{:0>2}-{:0>2}".format(*found.groups()) if found else text.strip()
