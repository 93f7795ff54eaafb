"""The benchmark of common demands streams what it is told to."""

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import demands
from bench.demands import Desk, Message

AT = datetime(2026, 11, 24, 4, tzinfo=UTC)
ALIKE = "松林里小区三号楼暖气片不热，室温只有十二度，供热公司一直没有人来修"
OTHERS = ("路灯坏了一个多月，晚上看不见路，希望尽快更换", "广场舞的音响太大，孩子写不了作业，请管一管")


def test_titles_count_unless_they_are_left_out() -> None:
    for titles, groups in ((True, 1), (False, 2)):
        desk = Desk(titles=titles)
        demands.grouped((Message(str(n), AT, ALIKE, text) for n, text in enumerate(OTHERS)), desk)
        assert len(desk.groups) == groups


@pytest.mark.parametrize(("options", "groups"), [([], 1), (["--without-titles"], 2)])
def test_a_file_is_grouped_with_its_titles_or_without(
    options: list[str], groups: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, out = tmp_path / "given.csv", tmp_path / "out.csv"
    with given.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("id", "submitted_at", "title", "text"))
        rows.writerows((n, AT.isoformat(), ALIKE, text) for n, text in enumerate(OTHERS))
    monkeypatch.setattr(sys, "argv", ["bench", "--messages", str(given), "--out", str(out), *options])
    demands.main()
    with out.open(newline="", encoding="utf-8") as file:
        assert len({row["group"] for row in csv.DictReader(file)}) == groups


def test_a_message_without_a_title_costs_no_more_however_many_there_are() -> None:
    desk = Desk(titles=False, join=False)
    dice = demands.random.Random(1)
    for number in range(60):
        desk.take(demands.made_up(number, dice))
    before = desk.store.used
    desk.take(demands.made_up(60, dice))
    used = desk.store.used.since(before)
    assert (used.read_calls, used.write_calls) == (1, 1)
    assert used.written <= 25
