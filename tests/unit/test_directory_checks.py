"""What must hold of a directory. All that is wrong is told at once, by line, with what would be right."""

import pytest

from chalicelib.directory.report import Problem, Report
from tests.support.district import SMALL, codes, errors, planned, records

BAD = """\
calendars:
- {id: office, name_zh: 机关, name_en: Office, hours: {mon: [18:00-08:00]}}
bodies:
- id: Heating Company
  name_zh: 热力
  mail: nobody
  telephone: 1
- {id: heat, name_zh: 热力, name_en: Heat, head: ghost, chat_webhook: 'http://x'}
- {id: heat, name_zh: 热力, name_en: Heat}
- {id: triage, name_zh: 分拣, name_en: Triage}
grids:
- {id: a, name_zh: 甲, name_en: A, parent: b, lat: 91}
- {id: shore-2, name_zh: 岸二, name_en: Shore Two, parent: shore-3}
- {id: shore-3, name_zh: 岸三, name_en: Shore Three, parent: shore-2}
- {id: shore-4, name_zh: 岸四, name_en: Shore Four, parent: shore-4, aliases: [x, yy, z]}
deputies:
- {id: ma, name_zh: 马, name_en: Ma, ward_zh: 一, ward_en: One, grids: [shore-9, shore-1], station: none-such}
categories:
- {id: roads/a/b, name_zh: 某, name_en: Some}
- {id: roads/a/b/c, name_zh: 某, name_en: Some}
responsibilities:
- {category: street, grid: shore-1, body: heat}
promises:
- {step: finish, mode: elapsed, amount: 1h}
- {step: answer, category: roads, mode: elapsed, amount: soon}
- {step: answer, category: other, mode: elapsed, amount: 0m}
- {step: answer, category: other, urgency: danger, mode: elapsed, amount: 1h, ladder: {breach: 2}}
users:
- {username: deputy.x, role: deputy, name: 某}
- {username: officer.x, role: officer, name: 某, body: heat, deputy: nobody}
- {username: boss, role: boss, name: 某}
codes:
- {code: AAAA0002, deputy: lin, issued_at: 2026-09-01T09:00:00+08:00}
- {code: AAAA0003, deputy: ghost, issued_at: 2026-09-01T09:00:00}
- {code: AAAA0004, deputy: ghost, issued_at: 2026-09-01T09:00:00+08:00, retired: true}
"""

TOLD = [
    (2, "office", "", "wrong_calendar"),
    (4, "Heating Company", "id", "wrong_value"),
    (4, "Heating Company", "name_en", "missing"),
    (6, "Heating Company", "mail", "wrong_value"),
    (7, "Heating Company", "telephone", "unknown_field"),
    (8, "heat", "chat_webhook", "wrong_value"),
    (9, "heat", "id", "twice"),
    (10, "triage", "id", "reserved"),
    (12, "a", "lat", "wrong_value"),
    (13, "shore-2", "parent", "circle"),
    (14, "shore-3", "parent", "circle"),
    (15, "shore-4", "aliases", "wrong_value"),
    (15, "shore-4", "aliases", "wrong_value"),
    (17, "ma", "grids", "unknown_reference"),
    (17, "ma", "station", "unknown_reference"),
    (19, "roads/a/b", "id", "no_parent"),
    (20, "roads/a/b/c", "id", "wrong_value"),
    (22, "street:shore-1", "category", "unknown_reference"),
    (24, "finish:*:*", "step", "wrong_value"),
    (25, "answer:roads:*", "amount", "wrong_value"),
    (26, "answer:other:*", "amount", "wrong_value"),
    (27, "answer:other:danger", "ladder", "wrong_value"),
    (29, "deputy.x", "deputy", "missing"),
    (30, "officer.x", "deputy", "unknown_reference"),
    (31, "boss", "role", "wrong_value"),
    (33, "AAAA0002", "deputy", "two_codes"),
    (34, "AAAA0003", "issued_at", "wrong_value"),
    (35, "AAAA0004", "deputy", "unknown_reference"),
    (35, "AAAA0004", "retired", "not_retired"),
]


def told(problems: list[Problem]) -> list[tuple[int, str, str, str]]:
    return sorted((problem.line, problem.id, problem.field, problem.code) for problem in problems)


def test_every_fault_of_a_file_is_told_at_once_by_line() -> None:
    assert told(errors(BAD)) == sorted(TOLD)


def test_faults_come_in_the_order_of_the_lines() -> None:
    lines = [error.line for error in errors(BAD)]
    assert lines == sorted(lines)


def test_a_file_with_faults_changes_nothing() -> None:
    outcome = planned(BAD, records())
    assert outcome.after == records()
    assert (len(outcome.changed), len(outcome.report.changes)) == (0, 0)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("bodies: [{id: heat, name_zh: 热力, name_em: Heat}]", "name_en"),
        ("bodies: [{id: heat, name_zh: 热力, name_en: Heat, mail: x}]", "name@example.org"),
        ("bodies: [{id: heat, name_zh: 热力, name_en: Heat, calendar: dayly}]", "daily"),
        ("users: [{username: boss, role: boss, name: 某}]", "one of deputy, officer, manager, supervisor"),
        ("bodies: [{id: heat, name_zh: 热力, name_en: Heat, retired: perhaps}]", "true or false"),
        ("deputies: [{id: x, name_zh: 某, name_en: X, ward_zh: 一, ward_en: W, grids: hill}]", "a list, each of it lower-case"),
        ("grids: [{id: x, name_zh: 某, name_en: X, aliases: [y]}]", "at most 200 words of 2 to 60 characters each"),
        ("calendars: [{id: x, name_zh: 某, name_en: X, hours: all}]", "a table of names and values"),
        ("deputies: [{id: x, name_zh: 某, name_en: X, ward_zh: 一, ward_en: W, terms: {a: b}}]", "a list, each of it 1 to 120"),
    ],
)
def test_a_fault_says_what_would_be_right(text: str, right: str) -> None:
    assert any(error.right.startswith(right) for error in errors(text)), errors(text)


def test_a_fault_reads_as_a_sentence() -> None:
    [error] = errors("bodies:\n- {id: heat, name_zh: 热力, name_en: Heat, calendar: daily, mail: x}")
    assert str(error) == "line 2: bodies heat, mail: 'x' can't be used here. Right would be: name@example.org"


def test_a_fault_without_a_line_or_a_field_reads_as_one_too() -> None:
    assert str(Problem(0, "district", "", "", "no_district", "There is no district")) == "district: There is no district"
    assert str(Problem(0, "", "", "", "more", "There are 3 more")) == "There are 3 more"


def test_a_long_value_is_cut_when_it_is_said_back() -> None:
    [error] = errors(f"bodies: [{{id: x, name_zh: 某, name_en: {'x' * 300}}}]")
    assert error.detail == f"'{'x' * 60}…' can't be used here"


def test_a_line_break_can_not_get_into_a_name() -> None:
    assert codes('bodies: [{id: x, name_zh: 某, name_en: "a\\nb"}]') == ["control_character"]
    assert codes('calendars: [{id: x, name_zh: 某, name_en: X, hours: {mon: ["a\\tb"]}}]') == ["control_character"]


def test_what_is_still_needed_can_not_be_retired() -> None:
    [error] = errors("bodies:\n- {id: works, name_zh: 工程, name_en: Works,\n   retired: true}")
    assert (error.line, error.kind, error.id, error.code) == (3, "responsibilities", "*:shore-1", "retired_reference")


def test_a_record_that_stands_twice_names_the_line_of_the_first() -> None:
    rule = "{category: roads, body: works}"
    [error] = errors(f"responsibilities:\n- {rule}\n- {rule}")
    assert (error.line, error.field, error.detail) == (3, "category", "'roads:*' already stands in line 2")


def test_what_only_follows_from_another_fault_is_not_told() -> None:
    text = (
        "calendars: [{id: new, name_zh: 新, name_en: New}]\ndistrict: {id: somewhere, name_zh: 某, name_en: S, calendar: new}"
    )
    assert [(error.id, error.field, error.code) for error in errors(text)] == [("new", "hours", "missing")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("district: {id: elsewhere, name_zh: 某, name_en: E, calendar: office}", "two_districts"),
        ("district: {id: somewhere, name_zh: 某, name_en: S, calendar: office, retired: true}", "no_district"),
        ("district: {id: somewhere, name_zh: 某, name_en: S, calendar: office, zone: Mars/Olympus}", "wrong_value"),
        ("district: {id: somewhere, name_zh: 某, name_en: S, calendar: office, zone: /etc}", "wrong_value"),
        ("promises: [{step: answer, mode: working, amount: 5d, retired: true}]", "no_default"),
        ("promises: [{step: answer, mode: working, amount: 9999d}]", "wrong_value"),
        ("promises: [{step: answer, mode: elapsed, amount: 1h, ladder: {remind: 1.5, breach: 1}}]", "wrong_value"),
        ("promises: [{step: answer, mode: elapsed, amount: 1h, ladder: {remind: 0, breach: 1}}]", "wrong_value"),
        ("promises: [{step: answer, mode: elapsed, amount: 1h, ladder: {remind: 0.5}}]", "wrong_value"),
        ("promises: [{step: answer, mode: elapsed, amount: 1h, ladder: {breach: 1, mayor: 2}}]", "wrong_value"),
        ("categories: [{id: heating/supply, name_zh: 质量, name_en: Warmth, retired: true}]", "no_parent"),
    ],
)
def test_a_directory_is_whole_or_refused(text: str, code: str) -> None:
    assert code in codes(text)


def test_an_empty_directory_needs_a_district_and_its_promises() -> None:
    report = planned("bodies: []").report
    assert [error.code for error in report.errors] == ["no_district", "no_default", "no_default"]


def test_a_file_with_a_faulty_district_is_not_told_that_there_is_none() -> None:
    found = planned(SMALL.replace("district: {id: somewhere", "district: {id: Some Where")).report.errors
    assert [(error.field, error.code) for error in found] == [("id", "wrong_value")]


def test_of_very_many_faults_the_first_thousand_are_told() -> None:
    many = "bodies:\n" + "".join(f"- {{id: X{n}}}\n" for n in range(600))  # three faults each
    told = errors(many)
    assert len(told) == 1001
    assert str(told[-1]) == "There are 800 more"


def test_a_report_counts_what_it_did() -> None:
    report = planned("bodies: [{id: new, name_zh: 新, name_en: New}]", records()).report
    assert (report.count("added"), report.count("removed"), Report().count("added")) == (1, 0, 0)


# Advice: allowed, and probably not meant


def advice(text: str) -> set[tuple[str, str]]:
    return {(warning.id, warning.code) for warning in planned(text, records()).report.warnings}


def test_a_category_that_nobody_answers_for_is_pointed_out() -> None:
    assert ("roads", "nobody_responsible") in advice("settings: {}")
    assert ("roads", "nobody_responsible") not in advice("responsibilities: [{category: roads, body: works}]")


def test_a_deputy_without_a_code_is_pointed_out() -> None:
    assert ("gao", "no_code") in advice("settings: {}")
    assert ("lin", "no_code") not in advice("settings: {}")


def test_a_rule_that_hides_the_one_for_danger_is_pointed_out() -> None:
    assert ("answer:heating:*", "danger_waits") in advice("settings: {}")
    danger = "promises: [{step: answer, category: heating, urgency: danger, mode: elapsed, amount: 1h}]"
    assert ("answer:heating:*", "danger_waits") not in advice(danger)
