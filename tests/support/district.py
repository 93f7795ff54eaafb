"""A small district for tests: enough of every kind that each rule has something to decide."""

from datetime import UTC, datetime

from chalicelib.directory import files
from chalicelib.directory.checks import Records
from chalicelib.directory.model import Directory
from chalicelib.directory.plan import Plan, edition_of, plan
from chalicelib.directory.report import Problem

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)

SMALL = """
calendars:
  - {id: office, name_zh: 机关, name_en: Office, hours: {mon: [08:30-12:00, 14:30-18:00], tue: [08:30-12:00, 14:30-18:00]}}
  - {id: daily, name_zh: 每日, name_en: Daily, hours: {mon: [08:00-20:00], sun: [08:00-20:00]}, holidays: none}
district: {id: somewhere, name_zh: 某区, name_en: Somewhere, calendar: office}
bodies:
  - {id: heat, name_zh: 热力, name_en: Heat, head: head.heat, calendar: daily}
  - {id: hill-heat, name_zh: 山上供热, name_en: Hill Heat}
  - {id: works, name_zh: 工程, name_en: Works}
grids:
  - {id: hill, name_zh: 山上, name_en: Hill}
  - {id: hill-1, name_zh: 山一, name_en: Hill One, parent: hill, aliases: [松林苑, 松林苑二期, Elm Court]}
  - {id: shore-1, name_zh: 岸一, name_en: Shore One, aliases: [渔家巷], lat: 30.0, lon: 123.5}
deputies:
  - {id: lin, name_zh: 林, name_en: Lin, ward_zh: 一选区, ward_en: Ward 1, grids: [hill-1, shore-1]}
  - {id: gao, name_zh: 高, name_en: Gao, ward_zh: 一选区, ward_en: Ward 1, grids: [hill]}
categories:
  - {id: heating, name_zh: 供暖, name_en: Heating, body: heat}
  - {id: heating/supply, name_zh: 质量, name_en: Warmth}
  - {id: heating/supply/cold-flat, name_zh: 不热, name_en: Cold flat, words: [暖气不热]}
  - {id: roads, name_zh: 道路, name_en: Roads}
  - {id: other, name_zh: 其他, name_en: Other, order: 9}
responsibilities:
  - {category: heating, grid: hill, body: hill-heat}
  - {category: '*', grid: shore-1, body: works}
promises:
  - {step: acknowledge, mode: working, amount: 1d}
  - {step: answer, mode: working, amount: 5d}
  - {step: answer, urgency: danger, mode: elapsed, amount: 1h}
  - {step: answer, category: heating, mode: elapsed, amount: 1d}
  - {step: answer, category: heating, urgency: urgent, mode: elapsed, amount: 8h}
  - step: answer
    category: heating/supply/cold-flat
    urgency: normal
    mode: elapsed
    amount: 2h
    ladder: {remind: 0.5, breach: 1}
users:
  - {username: head.heat, role: officer, name: 某人, body: heat}
codes:
  - {code: AAAA0001, deputy: lin, issued_at: 2026-09-01T09:00:00+08:00}
"""


def planned(text: str, before: Records | None = None, form: str = "yaml", kind: str = "") -> Plan:
    """What a file would do to a directory."""
    return plan(before or {}, files.read(text, form, kind))


def records(text: str = SMALL) -> Records:
    """The records of a file that is right."""
    outcome = planned(text)
    assert not outcome.report.errors, "\n".join(map(str, outcome.report.errors))
    return outcome.after


def directory(text: str = SMALL) -> Directory:
    """A directory, as functions read it, from a file that is right."""
    return Directory(edition_of(records(text), 1, NOON))


def after(text: str) -> Directory:
    """The small district after a change by this file."""
    return Directory(edition_of(changed(text).after, 2, NOON))


def changed(text: str) -> Plan:
    """What this file would change in the small district; it must be right."""
    outcome = planned(text, records())
    assert not outcome.report.errors, "\n".join(map(str, outcome.report.errors))
    return outcome


def errors(text: str, form: str = "yaml", kind: str = "") -> list[Problem]:
    """What is wrong with this file, as a change of the small district."""
    return list(planned(text, records(), form, kind).report.errors)


def codes(text: str, form: str = "yaml", kind: str = "") -> list[str]:
    """The codes of what is wrong with this file."""
    return [error.code for error in errors(text, form, kind)]
