"""What the bench of danger rules says of messages made up here."""

from pathlib import Path

import pytest

from bench import dangers
from bench.dangers import DEMO, by_rule, by_word, flags, messages, rules_of, shares

MESSAGES = "id,title,text\n1,楼道着火,三楼着火了\n2,路灯,路灯不亮\n3,小区停水,停水两天\n4,一楼,停水，有人触电\n"


def test_it_counts_what_is_flagged_and_what_is_missed(tmp_path: Path) -> None:
    file = tmp_path / "messages.csv"
    file.write_text(MESSAGES)
    rules = rules_of(DEMO)
    found = flags(rules, messages([file, file]))
    assert found.by("1234") == ["1", "3", "4"]
    assert found.in_danger("1234") == ["1", "4"]
    assert (found.rule("cut-off", "1234"), found.alone("cut-off", "1234")) == (["3", "4"], ["3"])
    said = shares(found, ["1", "2"])
    assert said[0] == "3 of 4 messages are flagged: 75.0%"
    assert said[2:] == ["1 of 2 known ones are flagged (recall): 50.0%", "1 of 2 as a danger: 50.0%", "Missed: 2"]
    assert "| fire | danger | 1 | 1 | 1 | 1 |" in by_rule(rules, found, ["1"])
    assert by_word(found, ["1"])[2] == "| cut-off | 停水 | 2 | 1 | 0 |"


def test_ids_that_are_in_no_file_are_named(tmp_path: Path) -> None:
    (ids := tmp_path / "ids").write_text("1\nX\n")
    with pytest.raises(SystemExit, match=r"in no file: X"):
        dangers.known_of(ids, {"1": "着火"})


def test_a_file_without_a_column_is_refused(tmp_path: Path) -> None:
    (file := tmp_path / "messages.csv").write_text("id,text\n1,着火\n")
    with pytest.raises(SystemExit, match="has no column title"):
        messages([file])


def test_rules_that_are_wrong_are_refused_with_what_is_wrong(tmp_path: Path) -> None:
    (file := tmp_path / "district.yaml").write_text("dangers: [{id: x, words: ['…停'], urgency: danger, why_zh: x, why_en: x}]")
    with pytest.raises(SystemExit, match="nothing on one side"):
        rules_of(file)
