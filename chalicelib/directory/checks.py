"""What must hold of the directory as a whole. Pure.

A rule about two records is told at the one that the file can mend: the one that refers, if it stands in the file, else
the one that is referred to.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.directory import phrases
from chalicelib.directory.fields import fields_of, nearest
from chalicelib.directory.kinds import ANY, REFERENCES, TRIAGE, Record, Reference
from chalicelib.directory.model import calendar_data
from chalicelib.directory.report import Problem, Row
from chalicelib.directory.rows import shown
from chalicelib.spine.calendars import Calendar, amount_from, calendar_from
from chalicelib.spine.clock import LONGEST

Records = Mapping[str, Mapping[str, Record]]  # kind → key → record
# No body's working day is longer, so an amount that is right in these is right in every body's calendar.
_LONG_DAYS: Final = Calendar(ZoneInfo("UTC"), {}, day=timedelta(days=1))
SMALLEST: Final = 3  # points of an outline
EAST: Final = 180  # degrees
NORTH: Final = 90
RUNGS: Final = ("remind", "breach", "head", "manager")
SIGNS: Final = (("dangers", "words"), ("categories", "urgent_words"))  # where a word may have gaps


@dataclass(frozen=True)
class Finding:
    """Something that does not hold. ``other`` is the record at the far end of a reference."""

    kind: str
    id: str
    field: str
    code: str
    detail: str
    right: str = ""
    other: tuple[str, str] | None = None


def check(records: Records, rows: Mapping[tuple[str, str], Row], unread: Collection[tuple[str, str]]) -> list[Problem]:
    """Everything that does not hold of the whole directory.

    ``rows`` are those of the file by kind and key; ``unread`` names those of it that have faults of their own already: what
    only follows from these is not told.
    """
    findings = (finding for rule in RULES for finding in rule(records))
    return [_located(finding, rows) for finding in findings if not _follows(finding, unread)]


def _follows(found: Finding, unread: Collection[tuple[str, str]]) -> bool:
    if not found.id:
        return any(kind == found.kind for kind, _ in unread)
    return (found.kind, found.id) in unread or found.other in unread


def _located(found: Finding, rows: Mapping[tuple[str, str], Row]) -> Problem:
    row = rows.get((found.kind, found.id))
    line = row.line_of(found.field) if row else 0
    if row is None and found.other and found.other in rows:
        line = rows[found.other].line_of("retired")
    return Problem(line, found.kind, found.id, found.field, found.code, found.detail, found.right)


def live(records: Records, kind: str) -> dict[str, Any]:
    """The records of a kind that are in use, by key."""
    return {key: record for key, record in _all(records, kind).items() if not record.retired}


def _all(records: Records, kind: str) -> Mapping[str, Any]:
    return records.get(kind, {})


def _references(records: Records) -> Iterator[Finding]:
    for reference in REFERENCES:
        there = live(records, reference.to)
        for key, record in live(records, reference.kind).items():
            for name in _named(record, reference):
                if name not in there:
                    yield _broken(reference, key, name, there, gone=name in _all(records, reference.to))


def _named(record: Record, reference: Reference) -> tuple[str, ...]:
    value = getattr(record, reference.field)
    return tuple(name for name in (value if isinstance(value, tuple) else (value,)) if name not in ("", ANY))


def _broken(reference: Reference, key: str, name: str, there: Mapping[str, Any], *, gone: bool) -> Finding:
    code, fault = ("retired_reference", "is retired") if gone else ("unknown_reference", "is not there")
    detail, other = f"'{name}' of {reference.to} {fault}", (reference.to, name)
    return Finding(reference.kind, key, reference.field, code, detail, nearest(name, there), other)


def _codes(records: Records) -> Iterator[Finding]:
    deputies = records.get("deputies", {})
    for key, code in _all(records, "codes").items():
        if code.deputy not in deputies:  # it may be retired: a print outlives its deputy
            detail, right = f"'{code.deputy}' of deputies is not there", nearest(code.deputy, deputies)
            yield Finding("codes", key, "deputy", "unknown_reference", detail, right, ("deputies", code.deputy))
        if code.retired:
            detail, right = "A code is not retired but revoked", "revoked_at and a reason"
            yield Finding("codes", key, "retired", "not_retired", detail, right)


def _current_codes(records: Records) -> Iterator[Finding]:
    current: defaultdict[str, list[str]] = defaultdict(list)
    for key, code in _all(records, "codes").items():
        if code.revoked_at is None:
            current[code.deputy].append(key)
    for deputy, (first, *others) in current.items():
        for key in others:
            detail = f"'{deputy}' has the code {first} already"
            yield Finding("codes", key, "deputy", "two_codes", detail, "revoked_at for the old one", ("codes", first))


def _tree(records: Records) -> Iterator[Finding]:
    there = live(records, "categories")
    for key in there:
        above = key.rpartition("/")[0]
        if above and above not in there:
            detail, right = f"'{above}' above it is not there", f"a record '{above}'"
            yield Finding("categories", key, "id", "no_parent", detail, right, ("categories", above))


def _circles(records: Records) -> Iterator[Finding]:
    grids = live(records, "grids")
    for key in grids:
        seen, above = {key}, grids[key].parent
        while above in grids and above not in seen:
            seen.add(above)
            above = grids[above].parent
        if above == key:
            yield Finding("grids", key, "parent", "circle", f"'{key}' lies within itself", "the larger grid around it")


def _outlines(records: Records) -> Iterator[Finding]:
    for key, grid in live(records, "grids").items():
        if 0 < len(grid.outline) < SMALLEST:
            detail = f"{len(grid.outline)} points enclose nothing"
            yield Finding("grids", key, "outline", "wrong_outline", detail, f"at least {SMALLEST} points, or none")
        for lon, lat in grid.ring:
            if abs(lon) > EAST or abs(lat) > NORTH:
                detail, right = f"'{lon:g} {lat:g}' is no place", "degrees east up to 180, then degrees north up to 90"
                yield Finding("grids", key, "outline", "wrong_outline", detail, right)


def _one_district(records: Records) -> Iterator[Finding]:
    there = live(records, "district")
    if not there:
        yield Finding("district", "", "", "no_district", "There is no district", "one, with its calendar")
    for key, district in list(there.items()):
        if not _is_zone(district.zone):
            yield Finding("district", key, "zone", "wrong_value", f"'{district.zone}' is no time zone", "Asia/Shanghai")
        if len(there) > 1:
            yield Finding("district", key, "id", "two_districts", f"There are {len(there)} districts", "one")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # a path, a folder, a zone that is not there
        return False
    return True


def _calendars(records: Records) -> Iterator[Finding]:
    for key in live(records, "calendars"):
        try:
            _calendar(records, key)
        except ValueError as fault:
            yield Finding("calendars", key, "", "wrong_calendar", str(fault))


def _calendar(records: Records, key: str) -> Calendar:
    """A calendar, in the zone of the district if it has none. Raises ValueError."""
    zones = [district.zone for district in live(records, "district").values() if _is_zone(district.zone)]
    return calendar_from(calendar_data(live(records, "calendars")[key], zones[0] if zones else "UTC"))


def _amounts(records: Records) -> Iterator[Finding]:
    for key, rule in live(records, "promises").items():
        try:
            amount = amount_from(rule.amount, rule.mode, _LONG_DAYS)
        except ValueError as fault:
            yield Finding("promises", key, "amount", "wrong_value", str(fault), "30m, 2h, 5d or 1d4h")
            continue
        if not timedelta() < amount <= LONGEST:
            right = f"more than nothing and at most {LONGEST.days}d"
            yield Finding("promises", key, "amount", "wrong_value", f"'{rule.amount}' can't be promised", right)


def _ladders(records: Records) -> Iterator[Finding]:
    for key, rule in live(records, "promises").items():
        if rule.ladder and not _is_ladder(rule.ladder):
            detail = f"{shown(rule.ladder)} is no ladder"
            yield Finding("promises", key, "ladder", "wrong_value", detail, fields_of("promises")["ladder"].right)


def _is_ladder(ladder: Mapping[str, float]) -> bool:
    shares = [ladder[rung] for rung in RUNGS if rung in ladder]
    return ladder.get("breach") == 1 and set(ladder) <= set(RUNGS) and shares[0] > 0 and shares == sorted(set(shares))


def _usual_promises(records: Records) -> Iterator[Finding]:
    for step in ("acknowledge", "answer"):
        if f"{step}:{ANY}:{ANY}" not in live(records, "promises"):
            detail = f"Nothing is promised for '{step}' where no other rule says"
            yield Finding(
                "promises", f"{step}:*:*", "", "no_default", detail, f"a rule with step {step}, category *, urgency *"
            )


def _signs(records: Records) -> Iterator[Finding]:
    for kind, field in SIGNS:
        for key, record in live(records, kind).items():
            for fault in filter(None, map(phrases.fault, getattr(record, field))):
                yield Finding(kind, key, field, "wrong_word", fault, phrases.RIGHT)


def _users(records: Records) -> Iterator[Finding]:
    bound = {"deputy": "deputy", "officer": "body"}
    for key, user in live(records, "users").items():
        field = bound.get(user.role)
        if field and not getattr(user, field):
            yield Finding("users", key, field, "missing", f"'{key}' is {user.role} and needs a {field}", f"the {field}'s id")


def _bodies(records: Records) -> Iterator[Finding]:
    if TRIAGE in live(records, "bodies"):
        detail = f"'{TRIAGE}' is the name of the manager's own list"
        yield Finding("bodies", TRIAGE, "id", "reserved", detail, "another id")


def _record_kinds(records: Records) -> Iterator[Finding]:
    made: dict[str, str] = {}
    for key, kind in live(records, "record_kinds").items():
        if (kind.made_by == "system") != bool(kind.fact):
            detail = f"'{key}' is made by {kind.made_by}" + (f" and names the fact {kind.fact}" if kind.fact else " of no fact")
            yield Finding("record_kinds", key, "fact", "wrong_value", detail, "a fact where made_by is system, and only there")
        elif kind.fact and (first := made.setdefault(kind.fact, key)) != key:
            detail = f"Of {kind.fact} '{first}' is made already"
            yield Finding("record_kinds", key, "fact", "twice", detail, "one kind for each fact", ("record_kinds", first))


RULES: Final[Sequence[Callable[[Records], Iterator[Finding]]]] = (
    _one_district,
    _calendars,
    _references,
    _codes,
    _current_codes,
    _tree,
    _outlines,
    _circles,
    _amounts,
    _ladders,
    _usual_promises,
    _signs,
    _users,
    _bodies,
    _record_kinds,
)
