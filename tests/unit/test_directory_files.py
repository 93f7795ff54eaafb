"""Files of the directory: what is wrong is told by line, and what was written comes back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.directory import files
from chalicelib.directory.fields import MARK
from chalicelib.directory.kinds import KINDS, Grid
from chalicelib.directory.rows import records_of
from chalicelib.errors import Invalid
from tests.support.district import codes, errors, planned, records

BODIES = "id,name_zh,name_en,mail,retired\r\n"


def written(form: str, kind: str = "") -> str:
    return files.write({name: list(found.values()) for name, found in records().items()}, form, kind)


# What comes out goes in again


def test_a_directory_written_as_yaml_is_read_back_to_the_same() -> None:
    assert planned(written("yaml")).after == records()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if records().get(kind)])
def test_each_kind_written_as_csv_changes_nothing_when_it_is_read_back(kind: str) -> None:
    outcome = planned(written("csv", kind), records(), "csv", kind)
    assert (outcome.report.errors, outcome.changed) == ((), ())


def test_what_looks_like_something_else_stays_what_it_is() -> None:
    odd = "bodies: [{id: '007', name_zh: 'no', name_en: '12:30'}, {id: 'null', name_zh: '~', name_en: '[x; y'}]"
    before = planned(odd, records()).after
    again = files.write({"bodies": list(before["bodies"].values())}, "yaml")
    assert planned(again, records()).after == before
    as_csv = files.write({"bodies": list(before["bodies"].values())}, "csv", "bodies")
    assert planned(as_csv, before, "csv", "bodies").changed == ()


def test_without_quotes_too_a_value_is_what_was_written() -> None:
    body = planned("bodies:\n- id: 007\n  name_zh: no\n  name_en: 12:30\n", records()).after["bodies"]["007"]
    assert (body.name_zh, body.name_en) == ("no", "12:30")  # type: ignore[attr-defined]


@pytest.mark.parametrize("words", [["a;b", "c d"], ["[first", "second"], ['with "quotes"', "comma, too"]])
def test_the_items_of_a_list_may_hold_what_separates_them_elsewhere(words: list[str]) -> None:
    text = f"categories: [{{id: roads, name_zh: 路, name_en: Roads, words: {words!r}}}]"
    before = planned(text, records()).after
    as_csv = files.write({"categories": list(before["categories"].values())}, "csv", "categories")
    assert planned(as_csv, before, "csv", "categories").changed == ()


ANY_TEXT = some.text(some.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=2, max_size=20)


@given(names=some.lists(ANY_TEXT.filter(lambda text: text == text.strip()), min_size=1, max_size=4))
def test_whatever_people_write_comes_back_the_same_by_either_format(names: list[str]) -> None:
    grid = Grid(id="g", name_zh=names[0], name_en=names[-1], aliases=tuple(names), community_zh=names[0])
    for form in ("yaml", "csv"):
        read = files.read(files.write({"grids": [grid]}, form, "grids"), form, "grids")
        placed, problems = records_of(read.rows)
        assert (read.problems, problems, [it.record for it in placed]) == ([], [], [grid])


def test_what_is_retired_stays_so_in_a_file() -> None:
    before = planned("categories: [{id: roads, name_zh: 路, name_en: Roads, order: 3, retired: true}]", records()).after
    as_csv = files.write({"categories": list(before["categories"].values())}, "csv", "categories")
    assert "roads,路,Roads,,,,3,true" in as_csv
    assert planned(as_csv, before, "csv", "categories").changed == ()


def test_a_single_kind_may_be_written_as_one_record() -> None:
    assert "district:\n  id: somewhere\n" in written("yaml")


def test_a_csv_file_opens_in_a_spreadsheet() -> None:
    assert written("csv", "bodies").startswith(MARK + "id,name_zh,name_en,")


# YAML


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("bodies:\n- id: [\n", 3, "not_yaml"),
        ("bodies: \x07", 0, "not_yaml"),
        ("", 1, "not_a_directory"),
        ("just words", 1, "not_a_directory"),
        ("- id: x", 1, "not_a_directory"),
        ("\nbodys: []", 2, "unknown_kind"),
        ("? [a, b]\n: c", 1, "unknown_kind"),
        ("bodies: []\nbodies: []", 2, "twice"),
        ("bodies: heat", 1, "not_a_list"),
        ("bodies:\n- heat", 2, "not_a_record"),
        ("bodies:\n- {id: x, id: y, name_zh: 某, name_en: X}", 2, "twice"),
        ("bodies:\n- {id: x, name_zh: 某, name_en: X, [a]: b}", 2, "bad_name"),
        ("--- {}\n--- {}", 2, "not_yaml"),
    ],
)
def test_a_file_that_is_not_a_directory_says_where_and_why(text: str, line: int, code: str) -> None:
    first = errors(text)[0]
    assert (first.line, first.code) == (line, code)


def test_a_near_miss_of_a_kind_is_named() -> None:
    assert errors("bodys: []")[0].right == "bodies"


def test_a_file_of_one_kind_may_be_a_bare_list() -> None:
    assert codes("- {id: x, name_zh: 某, name_en: X}", kind="bodies") == []
    assert codes("bodies: [{id: x, name_zh: 某, name_en: X}]", kind="bodies") == []
    assert codes("grids: []", kind="bodies") == ["other_kind"]


def test_aliases_are_refused_so_no_file_unfolds_to_more_than_it_is() -> None:
    bomb = "bodies:\n- {id: x, name_zh: 某, name_en: &a [y, y]}\n- &b {id: z, name_zh: *a, name_en: [*a, *a]}\n- *b\n"
    assert codes(bomb).count("alias") == 4
    key = "bodies:\n- {id: &a [x, x], ? [*a, *a] : 1}"
    assert "bad_name" in codes(key)


def test_nesting_has_an_end() -> None:
    assert "too_deep" in codes("bodies: [{id: " + "[" * 20 + "]" * 20 + "}]")
    assert codes("bodies: " + "[" * 5000) == ["not_yaml"]


def test_no_file_makes_an_object() -> None:
    first = errors("bodies: [{id: x, name_zh: 某, name_en: !!python/object/apply:os.getcwd []}]")[0]
    assert (first.field, first.code) == ("name_en", "wrong_value")


def test_a_file_has_a_largest_size() -> None:
    assert codes("#" * (files.LONGEST + 1)) == ["file_too_large"]


# CSV


def test_a_csv_line_is_a_record() -> None:
    outcome = planned(BODIES + "works,工程局,Works,,\r\nnew,新,New,new@example.org,\r\n", records(), "csv", "bodies")
    assert [(it.change.id, it.change.did, it.change.fields) for it in outcome.changed] == [
        ("works", "changed", ("name_zh",)),
        ("new", "added", ("id", "name_zh", "name_en", "mail")),
    ]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("id,name_zh,nom_en\r\n", 1, "unknown_field"),
        ("id,id,name_zh,name_en\r\n", 1, "twice"),
        ("id,name_zh\r\n", 1, "missing_column"),
        ("", 1, "missing_column"),
        (BODIES + 'x,"某\r\n', 2, "not_csv"),
        (BODIES + "\r\nx,某,X,,,,,\r\n", 3, "too_many_cells"),
        (BODIES + 'x,"a\r\nb",X,,\r\ny,,Y,,\r\n', 2, "control_character"),
        (BODIES + "x,某,X,not-a-mail,\r\n", 2, "wrong_value"),
        (BODIES + "x,某,X,,perhaps\r\n", 2, "wrong_value"),
        (BODIES + "x,某,\r\n", 2, "missing"),
    ],
)
def test_a_wrong_line_of_csv_is_named(text: str, line: int, code: str) -> None:
    first = errors(text, "csv", "bodies")[0]
    assert (first.line, first.code) == (line, code)


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    text = 'id,name_zh,name_en,words\r\nroads,路,"Ro\r\nads",\r\nroads/x,某,X,a\r\n'
    assert [(error.line, error.code) for error in errors(text, "csv", "categories")] == [
        (2, "control_character"),
        (4, "wrong_value"),
    ]


def test_a_table_in_a_cell_is_json() -> None:
    header = "step,category,mode,amount,ladder\r\n"
    good = header + 'answer,roads,elapsed,1h,"{""remind"":0.5,""breach"":1}"\r\n'
    assert codes(good, "csv", "promises") == []
    assert codes(header + "answer,roads,elapsed,1h,{remind\r\n", "csv", "promises") == ["wrong_value"]
    assert codes(header + "answer,roads,elapsed,1h,soon\r\n", "csv", "promises") == ["wrong_value"]


def test_an_empty_line_is_no_record() -> None:
    assert codes(BODIES + ",,,,\r\n\r\n", "csv", "bodies") == []


# Encoding and form


def test_a_file_saved_by_a_chinese_spreadsheet_is_read() -> None:
    text = "id,name_zh,name_en\r\nx,热力,Heat\r\n"
    assert files.decoded(text.encode("gb18030")) == files.decoded(text.encode("utf-8-sig")) == text


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Invalid, match="neither UTF-8 nor GB 18030"):
        files.decoded(b"\xff\xff\xff")


@pytest.mark.parametrize(
    ("form", "kind", "code"),
    [("xml", "", "unknown_format"), ("csv", "", "missing"), ("csv", "bodys", "unknown_kind"), ("yaml", "x", "unknown_kind")],
)
def test_another_form_or_kind_is_refused(form: str, kind: str, code: str) -> None:
    for call in (lambda: files.read("", form, kind), lambda: files.write({}, form, kind)):
        with pytest.raises(Invalid) as refused:
            call()
        assert refused.value.code == code
