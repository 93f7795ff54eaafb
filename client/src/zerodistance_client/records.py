"""What the server tells, as frozen dataclasses.

A newer server may say more than this client knows: unknown fields are ignored here and kept in ``raw``.
A field that is absent or null has its default. Moments are timezone-aware datetimes.
"""

import dataclasses
import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from zerodistance_client.errors import BadAnswer


@dataclass(frozen=True, kw_only=True)
class Record:
    """``raw`` is the JSON object that this was read from, whole."""

    raw: Mapping[str, Any] = dataclasses.field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class SignedIn(Record):
    """A new session: who signed in. ``expires_in`` seconds until the access token is renewed by itself."""

    name: str = ""
    role: str = ""
    expires_in: int = 0


@dataclass(frozen=True, kw_only=True)
class Me(Record):
    """Who is signed in. ``deputy`` or ``body`` is the directory id that binds them to their own work."""

    username: str
    name: str = ""
    role: str = ""
    deputy: str = ""
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class Clock(Record):
    """A promise: ``step`` is 'acknowledge' or 'answer', ``mode`` 'elapsed' or 'working', ``amount`` in minutes;
    ``due_at`` is None while it is paused."""

    step: str
    mode: str = ""
    amount: float = 0
    started_at: datetime | None = None
    due_at: datetime | None = None
    paused: bool = False
    met_at: datetime | None = None
    broken_at: datetime | None = None
    overdue: bool = False


@dataclass(frozen=True, kw_only=True)
class Actor(Record):
    """Who did it: resident, deputy, officer, manager, supervisor or system."""

    role: str = ""
    id: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry(Record):
    """One fact of a case's timeline; ``data`` is what it tells besides ``text``."""

    seq: int
    type: str = ""
    at: datetime | None = None
    actor: Actor = dataclasses.field(default_factory=Actor)
    text: str = ""
    data: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Said(Record):
    """What the resident wrote, and when; ``position`` is (latitude, longitude) in degrees, empty if not given."""

    text: str = ""
    at: datetime | None = None
    address: str = ""
    position: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Move(Record):
    """A move that may be made now, and the fields that it needs."""

    move: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Summary(Record):
    """A case as a work list shows it. ``due_step`` and ``due_at`` are of the promise that falls due next; ``demand`` is the
    common demand that it belongs to, '' for none."""

    id: str
    status: str = ""
    summary: str = ""
    category: str = ""
    body: str = ""
    deputy: str = ""
    grid: str = ""
    urgency: str = ""
    due_step: str = ""
    due_at: datetime | None = None
    overdue: bool = False
    paused: bool = False
    received_at: datetime | None = None
    updated_at: datetime | None = None
    demand: str = ""


@dataclass(frozen=True, kw_only=True)
class Case(Summary):
    """A case whole. ``words`` are the resident's, the first is the message. ``guesses`` are the next best categories,
    ``door`` is how it came in, ``hand_ons`` how often it went to another body, ``satisfaction`` 1 to 5 (0: not said).
    ``tracking_url`` is there only in the answer to ``take_down``."""

    words: tuple[Said, ...] = ()
    promises: tuple[Clock, ...] = ()
    timeline: tuple[Entry, ...] = ()
    moves: tuple[Move, ...] = ()
    guesses: tuple[str, ...] = ()
    door: str = ""
    hand_ons: int = 0
    merged_into: str = ""
    joined: tuple[str, ...] = ()
    verdict: str = ""
    satisfaction: int = 0
    has_contact: bool = False
    version: int = 0
    tracking_url: str = ""

    @property
    def text(self) -> str:
        """The message as it came in; '' once the words are erased."""
        return self.words[0].text if self.words else ""

    @property
    def address(self) -> str:
        return self.words[0].address if self.words else ""


@dataclass(frozen=True, kw_only=True)
class Page(Record):
    """One page of a work list. ``next`` is the cursor of the page after it, '' on the last."""

    items: tuple[Summary, ...] = ()
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class Contact(Record):
    """How to reach the resident. The look itself became a fact of the case."""

    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Offer(Record):
    """A place for a file: where to send it, with what, and the id that stands for it then."""

    id: str
    url: str
    fields: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Verification(Record):
    """A walk along a case's hash chain: how many entries, and the number of the first that was changed, if any."""

    entries: int
    sound: bool
    first_changed: int | None = None


@dataclass(frozen=True, kw_only=True)
class Station(Record):
    """Where a deputy receives residents."""

    name_zh: str = ""
    name_en: str = ""
    hours_zh: str = ""


@dataclass(frozen=True, kw_only=True)
class Deputy(Record):
    """A deputy in the public list. ``form_url`` is where their QR code leads, '' while they have none."""

    id: str
    name_zh: str = ""
    name_en: str = ""
    ward_zh: str = ""
    ward_en: str = ""
    grids: tuple[str, ...] = ()
    station: Station | None = None
    form_url: str = ""

    @property
    def code(self) -> str:
        """The QR code itself, the last part of its address."""
        return self.form_url.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True, kw_only=True)
class Deputies(Record):
    items: tuple[Deputy, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Code(Record):
    """A new QR code; the old print now leads to a page that says so."""

    code: str = ""
    form_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Fault(Record):
    """One thing in an imported file that is wrong (or, as a warning, odd). ``line`` counts from 1, 0 is none."""

    line: int = 0
    kind: str = ""
    id: str = ""
    field: str = ""
    code: str = ""
    detail: str = ""
    right: str = ""

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        subject = " ".join(filter(None, (self.kind, self.id, self.field)))
        right = f" (right would be: {self.right})" if self.right else ""
        return f"{place}{subject + ': ' if subject else ''}{self.detail}{right}"


@dataclass(frozen=True, kw_only=True)
class Change(Record):
    """What an import does to one record: ``did`` is added, changed, removed or restored."""

    kind: str
    id: str
    did: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Import(Record):
    """What an import changed; with ``written`` false, what it would change. ``version`` is the directory's after it."""

    changes: tuple[Change, ...] = ()
    warnings: tuple[Fault, ...] = ()
    version: int = 0
    written: bool = False


R = TypeVar("R", bound=Record)


def read(kind: type[R], given: object) -> R:
    """A JSON object as a record. Raises BadAnswer when it is no object, lacks what a record can't be without, or has a
    value of another type."""
    if not isinstance(given, Mapping):
        raise BadAnswer(f"A {kind.__name__} was expected, not {given!r:.80}")
    hints = _hints(kind)
    values = {name: _value(f"{kind.__name__}.{name}", hints[name], given[name]) for name in hints if _is_said(name, given)}
    if lacking := [name for name in _required(kind) if name not in values]:
        raise BadAnswer(f"A {kind.__name__} came without {', '.join(lacking)}")
    return kind(**values, raw=dict(given))


def _is_said(name: str, given: Mapping[str, Any]) -> bool:
    return name != "raw" and given.get(name) is not None


def _hints(kind: type[Record]) -> dict[str, Any]:
    return get_type_hints(kind)


def _required(kind: type[Record]) -> tuple[str, ...]:
    none = dataclasses.MISSING
    return tuple(f.name for f in dataclasses.fields(kind) if f.default is none and f.default_factory is none)


def _value(where: str, hint: Any, given: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        return _value(where, next(arg for arg in get_args(hint) if arg is not type(None)), given)
    if get_origin(hint) is tuple and isinstance(given, list):
        return tuple(_value(where, get_args(hint)[0], item) for item in given)
    if isinstance(hint, type) and issubclass(hint, Record):
        return read(hint, given)
    if get_origin(hint) is Mapping:
        hint = Mapping
    return _plain(where, hint, given)


def _plain(where: str, hint: Any, given: Any) -> Any:
    if hint is Any:
        return given
    try:
        if hint is datetime:
            return datetime.fromisoformat(given)
        if hint is float:
            return float(given)
    except (TypeError, ValueError):
        pass  # told below, with the place
    if isinstance(hint, type) and isinstance(given, hint):
        return given
    raise BadAnswer(f"{where} can't be read from {given!r:.80}")
