"""The directory as functions read it: one edition, whole, in memory, with every lookup at hand. Pure.

Records that are retired stay to be found by their id, so that old cases keep their names; lists leave them out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import cos, hypot, radians
from typing import Final, Literal, TypeVar, cast

import msgspec

from chalicelib.directory import kinds
from chalicelib.directory.edition import Edition
from chalicelib.directory.kinds import ANY, KINDS, PrintedCode, Record, Step, Urgency
from chalicelib.directory.places import Gazetteer
from chalicelib.spine.calendars import Calendar, amount_from, calendar_from
from chalicelib.spine.clock import Promise

USUAL_LADDER: Final[Mapping[str, float]] = {"remind": 0.75, "breach": 1.0, "head": 1.25, "manager": 1.5}
NEAR: Final = 2.0  # km: a position farther from every grid belongs to none
KM_PER_DEGREE: Final = 111.32  # of latitude
_NAMES: Final = {kind: name for name, kind in KINDS.items()}

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class CodeState:
    """What a scanned code leads to. ``live``: to ``deputies[0]``. ``revoked``: to a page that offers ``deputies``, who are
    in charge now. ``unknown``: no such code was ever printed."""

    state: Literal["live", "revoked", "unknown"]
    code: str
    deputies: tuple[kinds.Deputy, ...] = ()
    printed: PrintedCode | None = None

    @property
    def deputy(self) -> kinds.Deputy | None:
        """The deputy whom a message through this code reaches; None if it reaches nobody."""
        return self.deputies[0] if self.state == "live" else None


@dataclass(frozen=True)
class Promised:
    """What is promised for a step, and at which shares of it someone is reminded or told."""

    promise: Promise
    ladder: Mapping[str, float]


def normal_code(text: str) -> str:
    """A code as it is stored, from how people type it: any case, with dashes or blanks, O for 0, I and L for 1."""
    return "".join(text.upper().split()).replace("-", "").translate(str.maketrans("OIL", "011"))


def scopes(category: str) -> Iterator[str]:
    """A category, those above it, and ``*``: from the narrowest to the widest."""
    while category and category != ANY:
        yield category
        category = category.rpartition("/")[0]
    yield ANY


def _live(records: Iterable[R]) -> tuple[R, ...]:
    return tuple(record for record in records if not record.retired)


class Directory:
    """One edition with its lookups. An index is built when it is first asked for, once."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self._indexes: dict[type[Record], dict[str, Record]] = {}
        self._working_time: dict[str, Calendar] = {}

    # What there is

    @cached_property
    def district(self) -> kinds.District:
        """The district. A directory that was checked has exactly one."""
        return self.edition.district[0]

    @cached_property
    def deputies(self) -> tuple[kinds.Deputy, ...]:
        """The deputies in office."""
        return _live(self.edition.deputies)

    @cached_property
    def bodies(self) -> tuple[kinds.Body, ...]:
        """The bodies that can be responsible."""
        return _live(self.edition.bodies)

    @cached_property
    def grids(self) -> tuple[kinds.Grid, ...]:
        """The grids in use."""
        return _live(self.edition.grids)

    @cached_property
    def stations(self) -> tuple[kinds.Station, ...]:
        """The stations in use."""
        return _live(self.edition.stations)

    @cached_property
    def categories(self) -> tuple[kinds.Category, ...]:
        """Every category in use, of all three levels."""
        return _live(self.edition.categories)

    @cached_property
    def danger_rules(self) -> tuple[kinds.Danger, ...]:
        """The rules of urgency."""
        return _live(self.edition.dangers)

    def templates_for(self, move: str, category: str) -> tuple[kinds.ReplyTemplate, ...]:
        """The replies to begin with for a move on a case of this category, those of its own topic first."""
        found = [each for each in _live(self.edition.templates) if each.move == move]
        order = [*scopes(category), kinds.ANY] if category else [kinds.ANY]
        return tuple(sorted((each for each in found if each.category in order), key=lambda each: order.index(each.category)))

    @cached_property
    def users(self) -> tuple[kinds.User, ...]:
        """Those who may sign in."""
        return _live(self.edition.users)

    @cached_property
    def record_kinds(self) -> tuple[kinds.RecordKind, ...]:
        """The kinds of performance records in use, in the order in which people read them."""
        return tuple(sorted(_live(self.edition.record_kinds), key=lambda kind: (kind.order, kind.id)))

    @cached_property
    def webhooks(self) -> tuple[kinds.OutgoingHook, ...]:
        """The programs that are told of facts."""
        return _live(self.edition.webhooks)

    def setting(self, name: str) -> int:
        """What the district has settled, e.g. ``close_by_silence_days``. Raises AttributeError for a name there is not."""
        settled = next(iter(self.edition.settings), kinds.DistrictSettings())
        return int(getattr(settled, name))

    # Finding one

    def record_kind(self, id: str) -> kinds.RecordKind | None:
        """A kind of performance record, also one that is no longer in use."""
        return self._all(kinds.RecordKind).get(id)

    def deputy(self, id: str) -> kinds.Deputy | None:
        """A deputy, also one who has left office."""
        return self._all(kinds.Deputy).get(id)

    def body(self, id: str) -> kinds.Body | None:
        """A body, also one that is retired."""
        return self._all(kinds.Body).get(id)

    def grid(self, id: str) -> kinds.Grid | None:
        """A grid, also one that is retired."""
        return self._all(kinds.Grid).get(id)

    def station(self, id: str) -> kinds.Station | None:
        """A station, also one that is retired."""
        return self._all(kinds.Station).get(id)

    def category(self, id: str) -> kinds.Category | None:
        """A category of any level, also one that is retired."""
        return self._all(kinds.Category).get(id)

    def user(self, username: str) -> kinds.User | None:
        """A user, if they may still sign in."""
        found = self._all(kinds.User).get(username)
        return None if found is None or found.retired else found

    def client_by_key(self, hashed: str) -> kinds.Client | None:
        """The program whose key has this SHA-256 (hex), if it is in use. Nobody finds a key by its hash: an index will do."""
        return self._clients.get(hashed)

    # Codes

    def deputy_by_code(self, code: str) -> CodeState:
        """What a code leads to now; ``code`` as it was scanned or typed."""
        printed = self._all(PrintedCode).get(normal_code(code))
        if printed is None:
            return CodeState("unknown", normal_code(code))
        deputy = self._all(kinds.Deputy)[printed.deputy]
        if printed.revoked_at or deputy.retired:
            return CodeState("revoked", printed.code, self.in_charge_after(deputy), printed)
        return CodeState("live", printed.code, (deputy,), printed)

    def live_code(self, deputy: str) -> PrintedCode | None:
        """The code that is printed for a deputy now."""
        return self._live_codes.get(deputy)

    def in_charge_after(self, deputy: kinds.Deputy) -> tuple[kinds.Deputy, ...]:
        """Who is in charge of a deputy's residents now: the deputy, else the successor, else those of the same grids."""
        for heir in self._line_of(deputy):
            if not heir.retired:
                return (heir,)
        return tuple(dict.fromkeys(other for grid in deputy.grids for other in self.deputies_of(grid)))

    def _line_of(self, deputy: kinds.Deputy) -> Iterator[kinds.Deputy]:
        seen: set[str] = set()
        found: kinds.Deputy | None = deputy
        while found and found.id not in seen:
            yield found
            seen.add(found.id)
            found = self.deputy(found.successor)

    # Places

    def around(self, grid: str) -> Iterator[str]:
        """A grid's id and those of the grids around it, from the smallest to the largest."""
        seen: set[str] = set()
        while grid and grid not in seen:
            yield grid
            seen.add(grid)
            found = self.grid(grid)
            grid = found.parent if found else ""

    def deputies_of(self, grid: str) -> tuple[kinds.Deputy, ...]:
        """The deputies in charge of a grid, or of a grid around it; the nearest first."""
        found = (deputy for around in self.around(grid) for deputy in self._deputies_by_grid.get(around, ()))
        return tuple({deputy.id: deputy for deputy in found}.values())

    def grids_in(self, text: str) -> tuple[kinds.Grid, ...]:
        """The grids whose name or alias stands in a text; the longest name first, as it says most."""
        return tuple(self._all(kinds.Grid)[id] for id in self._gazetteer.find(text))

    def grid_near(self, lat: float, lon: float) -> kinds.Grid | None:
        """The grid whose middle is nearest to a position (degrees, WGS 84), within 2 km."""
        near = min(((_km(grid, lat, lon), grid.id) for grid in self.grids), default=(NEAR + 1, ""))
        return self.grid(near[1]) if near[0] <= NEAR else None

    # Rules: the most specific wins

    def body_for(self, category: str, grid: str = "") -> kinds.Body | None:
        """The body that answers for a category in a grid; None if nobody does.

        The depth of the category decides first, then the grid: exact, then those around it, then ``*``. A category's own
        ``body`` stands where no rule for all grids names that very category.
        """
        rules = ((scope, place) for scope in scopes(category) for place in (*self.around(grid), ANY))
        return self.body(next((self._responsible[rule] for rule in rules if rule in self._responsible), ""))

    def rule_for(self, step: Step, category: str, urgency: Urgency) -> kinds.PromiseRule | None:
        """The rule of a promise: the depth of the category decides first, then the urgency, exact before ``*``."""
        rules = ((step, scope, level) for scope in scopes(category) for level in (urgency, ANY))
        return next((self._promises[rule] for rule in rules if rule in self._promises), None)

    def promise_for(self, step: Step, category: str, urgency: Urgency, body: str = "") -> Promised | None:
        """What is promised for a step; None if no rule says. A day of it is one of ``body``'s calendar or the district's."""
        rule = self.rule_for(step, category, urgency)
        if rule is None:
            return None
        amount = amount_from(rule.amount, rule.mode, self.calendar_for(body))
        return Promised(Promise(step, rule.mode, amount), rule.ladder or USUAL_LADDER)

    def calendar_for(self, body: str = "") -> Calendar:
        """The working time of a body, or the district's for one that has none or is not known."""
        found = self.body(body)
        name = (found.calendar if found else "") or self.district.calendar
        if name not in self._working_time:
            record = self._all(kinds.Calendar)[name]
            self._working_time[name] = calendar_from(calendar_data(record, self.district.zone))
        return self._working_time[name]

    # The tree of categories

    def children(self, category: str = "") -> tuple[kinds.Category, ...]:
        """The categories in use right below one, or the top level, in their order."""
        return tuple(self._children.get(category, ()))

    def leaves(self) -> tuple[kinds.Category, ...]:
        """The categories in use that have none below them."""
        return tuple(category for category in self.categories if not self.children(category.id))

    # Indexes

    def _all(self, kind: type[R]) -> dict[str, R]:
        if kind not in self._indexes:
            self._indexes[kind] = {record.key: record for record in getattr(self.edition, _NAMES[kind])}
        return cast(dict[str, R], self._indexes[kind])

    @cached_property
    def _clients(self) -> dict[str, kinds.Client]:
        return {client.key_hash: client for client in _live(self.edition.clients)}

    @cached_property
    def _live_codes(self) -> dict[str, PrintedCode]:
        return {code.deputy: code for code in self.edition.codes if not code.revoked_at}

    @cached_property
    def _deputies_by_grid(self) -> Mapping[str, list[kinds.Deputy]]:
        found: defaultdict[str, list[kinds.Deputy]] = defaultdict(list)
        for deputy in self.deputies:
            for grid in deputy.grids:
                found[grid].append(deputy)
        return found

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return Gazetteer((name, g.id) for g in self.grids for name in (g.name_zh, g.name_en, *g.aliases))

    @cached_property
    def _responsible(self) -> dict[tuple[str, str], str]:
        own = {(category.id, ANY): category.body for category in self.categories if category.body}
        return own | {(rule.category, rule.grid): rule.body for rule in _live(self.edition.responsibilities)}

    @cached_property
    def _promises(self) -> dict[tuple[str, str, str], kinds.PromiseRule]:
        return {(rule.step, rule.category, rule.urgency): rule for rule in _live(self.edition.promises)}

    @cached_property
    def _children(self) -> Mapping[str, list[kinds.Category]]:
        found: defaultdict[str, list[kinds.Category]] = defaultdict(list)
        for category in sorted(self.categories, key=lambda category: (category.order, category.id)):
            found[category.id.rpartition("/")[0]].append(category)
        return found


def calendar_data(calendar: kinds.Calendar, zone: str) -> dict[str, object]:
    """A calendar's record as ``calendar_from`` reads it, in the district's zone if it names none."""
    given = msgspec.to_builtins(calendar)
    fields = {name: given[name] for name in ("hours", "makeup", "day", "overrides", "holidays") if name in given}
    return {"zone": calendar.zone or zone} | fields


def _km(grid: kinds.Grid, lat: float, lon: float) -> float:
    """Distance on a flat map, exact enough within a district; infinite for a grid without a place."""
    if grid.lat is None or grid.lon is None:
        return float("inf")
    return hypot(grid.lat - lat, (grid.lon - lon) * cos(radians(lat))) * KM_PER_DEGREE
