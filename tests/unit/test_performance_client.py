"""Older records read from a file, and an exported file that proves itself: the client's part, without a server."""

import csv
import io
import json
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from zerodistance_client.archive import NoArchive, read
from zerodistance_client.performance_records import RecordKind, RowFault
from zerodistance_client.record_sheet import MOST_BYTES, MOST_ROWS, NoSheet, Sheet, chunks, key_of, plain_day, sheet

DEPUTIES = [
    {"id": "lin", "name_zh": "林见微", "name_en": "Lin Jianwei"},
    {"id": "gao", "name_zh": "高秀岚", "name_en": "Gao Xiulan"},
    {"id": "gao-2", "name_zh": "高秀岚", "name_en": "Gao Xiulan the younger"},
]
KINDS = [
    RecordKind(id="visit", name_zh="走访选民", name_en="Visit", made_by="deputy"),
    RecordKind(id="answered", name_zh="按时答复", name_en="Answered", made_by="system"),
]
TODAY = date(2026, 11, 24)
HEAD = ("deputy", "kind", "day", "title")


def written(path: Path, *rows: tuple[Any, ...], head: tuple[str, ...] = HEAD, encoding: str = "utf-8-sig") -> Path:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([head, *rows])
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def of(path: Path) -> Sheet:
    return sheet(path, DEPUTIES, KINDS, TODAY)


def told(found: Sheet) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.field, fault.code) for fault in found.faults]


def test_deputies_and_kinds_may_be_named_as_people_name_them_and_days_be_written_so(tmp_path: Path) -> None:
    rows = [("林见微", "走访选民", "2024年3月5日", "第一次"), ("lin", "Visit", "2024/3/6", "第二次"), ("", "", "", "")]
    head = ("代表", "类别", "日期", "内容")
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        found = of(written(tmp_path / "old.csv", *rows, head=head, encoding=encoding))
        assert found.faults == ()
        assert [(row["row"], row["deputy"], row["kind"], row["day"]) for row in found.rows] == [
            (2, "lin", "visit", "2024-03-05"), (3, "lin", "visit", "2024-03-06"),
        ]  # fmt: skip


def test_all_that_is_wrong_is_told_by_row_at_once(tmp_path: Path) -> None:
    rows = [
        ("nobody", "tea", "5.3.24", ""),
        ("lin", "answered", "2027-01-01", "长" * 61),
        ("高秀岚", "visit", "2024-03-05", "两位同名"),
        ("lin", "visit", "2024-03-05", "一样"),
        ("林见微", "走访选民", "2024/3/5", "一样"),
    ]
    assert told(of(written(tmp_path / "old.csv", *rows))) == [
        (2, "title", "missing"), (2, "deputy", "unknown_deputy"), (2, "kind", "unknown_kind"), (2, "day", "bad_date"),
        (3, "kind", "made_by_system"), (3, "day", "impossible_date"), (3, "title", "too_long"),
        (4, "deputy", "unknown_deputy"), (6, "number", "twice"),
    ]  # fmt: skip


def test_the_same_twice_is_right_where_each_has_its_number(tmp_path: Path) -> None:
    rows = [("lin", "visit", "2024-03-05", "接待", str(number)) for number in (1, 2)]
    assert told(of(written(tmp_path / "old.csv", *rows, head=(*HEAD, "编号")))) == []


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (("deputy", "kind", "day"), [(1, "title", "missing_column")]),
        ((*HEAD, "colour"), [(1, "colour", "unknown_column")]),
        ((*HEAD, "标题"), [(1, "title", "twice")]),
    ],
)
def test_a_head_that_is_wrong_says_so(head: tuple[str, ...], expected: Any, tmp_path: Path) -> None:
    assert told(of(written(tmp_path / "old.csv", head=head))) == expected


def test_a_file_without_rows_and_one_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    assert told(of(tmp_path / "empty.csv")) == [(0, "", "empty")]
    for name, content in (("old.csv", b"\xff\xff\xff"), ("old.xlsx", b"no zip")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(NoSheet):
            of(tmp_path / name)


def test_a_workbook_is_read_as_a_csv_is_with_days_as_dates(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    day = datetime(2024, 3, 5, 9)  # noqa: DTZ001 - a workbook's dates know no zone
    for row in (HEAD, ("林见微", "visit", day, "第一次"), ("lin", "visit", "2024.3.6", "第二次")):
        book.active.append(row)
    book.save(tmp_path / "old.xlsx")
    found = of(tmp_path / "old.xlsx")
    assert (found.faults, [row["day"] for row in found.rows]) == ((), ["2024-03-05", "2024-03-06"])


@pytest.mark.parametrize(
    "text", ["2024-3-5", "2024/03/05", "2024.3.5", "2024年3月5日", "2024-03-05 09:30:00", " 2024 - 3 - 5 "]
)
def test_a_day_has_one_spelling(text: str) -> None:
    assert plain_day(text) == "2024-03-05"


def test_portions_are_whole_in_order_and_no_larger_than_a_request_takes() -> None:
    rows = [{"row": n, "title": f"第{n}次", "text": "长" * 4_000} for n in range(1, 400)]
    found = list(chunks(rows))
    assert [row for chunk in found for row in chunk] == rows
    assert max(len(json.dumps(chunk, ensure_ascii=False).encode()) for chunk in found) <= MOST_BYTES
    small = list(chunks([{"row": n} for n in range(1, 1_000)]))
    assert [len(chunk) for chunk in small] == [MOST_ROWS, MOST_ROWS, MOST_ROWS, 99]
    assert list(chunks([])) == []


def test_a_portions_key_is_of_its_content() -> None:
    assert key_of([{"row": 1, "title": "a"}]) == key_of([{"title": "a", "row": 1}])
    assert key_of([{"row": 1, "title": "a"}]) != key_of([{"row": 1, "title": "b"}])


def test_twenty_one_thousand_rows_are_checked_in_seconds(tmp_path: Path) -> None:
    rows = [("lin", "visit", f"20{n % 20 + 5:02d}-03-05", f"第{n}次走访") for n in range(21_000)]
    begun = time.process_time()
    found = of(written(tmp_path / "old.csv", *rows))
    assert (len(found.rows), found.faults) == (21_000, ())
    assert time.process_time() - begun < 20  # a hang, not a benchmark: bench.records measures


def test_a_fault_says_where_it_is() -> None:
    assert str(RowFault(7, "day", "bad_date", "no date")) == "row 7, day: no date"
    assert str(RowFault(0, "", "empty", "no rows")) == "no rows"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "another"}', '{"format": "zerodistance-performance-file/1"}'])
def test_what_is_no_archive_is_refused(text: str) -> None:
    with pytest.raises(NoArchive):
        read(text)
