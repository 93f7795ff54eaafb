"""The kinds of record that the directory holds, as data: fields, what each may be, and what refers to what.

A field's ``description`` is what an operator is told when a value is wrong. Records are msgspec structs and not
dataclasses, because the edition must leave out what is empty and be decoded in a blink at every cold start.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Final, Literal

from msgspec import Meta, Struct

ANY: Final = "*"
Urgency = Literal["danger", "urgent", "normal"]
Step = Literal["acknowledge", "answer", "reply", "reply_hard", "reply_again", "rectify"]
Language = Literal["zh", "en"]

_SEGMENT: Final = "[a-z0-9]+(-[a-z0-9]+)*"
_A_CATEGORY: Final = "one to three parts of lower-case letters, digits and dashes: heating/supply/cold-flat"
_AN_ID: Final = "lower-case letters, digits and single dashes, at most 60: heating-company"

Id = Annotated[str, Meta(pattern=f"^{_SEGMENT}$", max_length=60, description=_AN_ID)]
CategoryId = Annotated[str, Meta(pattern=f"^{_SEGMENT}(/{_SEGMENT}){{0,2}}$", max_length=120, description=_A_CATEGORY)]
CategoryScope = Annotated[
    str, Meta(pattern=rf"^(\*|{_SEGMENT}(/{_SEGMENT}){{0,2}})$", description=f"* for all, or {_A_CATEGORY}")
]
GridScope = Annotated[str, Meta(pattern=rf"^(\*|{_SEGMENT})$", max_length=60, description="* for all, or a grid's id")]
Username = Annotated[
    str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{1,62}$", description="2 to 63 of a-z, 0-9, dot, dash, underscore: deputy.lin")
]
Name = Annotated[str, Meta(min_length=1, max_length=120, description="1 to 120 characters")]
Line = Annotated[str, Meta(max_length=400, description="at most 400 characters")]
Word = Annotated[str, Meta(min_length=2, max_length=60, description="2 to 60 characters")]
Words = Annotated[tuple[Word, ...], Meta(max_length=200, description="at most 200 words of 2 to 60 characters each")]
Signs = Annotated[
    tuple[Word, ...],
    Meta(max_length=200, description="at most 200 words of 2 to 60 characters each; … in one stands for a few others: 暖气…停"),
]
Mail = Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=200, description="name@example.org")]
Phone = Annotated[str, Meta(pattern=r"^[0-9+ ()/-]{3,30}$", description="digits, spaces and + ( ) / - only, 3 to 30")]
Webhook = Annotated[str, Meta(pattern=r"^https://\S+$", max_length=400, description="an address that begins https://")]
# An address on this machine is taken by a local stage only (chalicelib/outreach/webhooks.py).
HookAddress = Annotated[
    str,
    Meta(pattern=r"^(https://[^\s/?#@]+|http://127\.0\.0\.1:\d+)([/?]\S*)?$", max_length=400, description="https://host/path"),
]
KeyHash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="the SHA-256 of the key, 64 hexadecimal digits")]
# What a webhook may ask to be told of: facts that stand in public or say only how a matter goes.
Event = Literal[
    "case.received", "case.routed", "case.handed_on", "case.recategorised", "case.acknowledged", "case.asked", "case.replied",
    "case.answered", "case.declined", "case.merged", "case.reopened", "case.confirmed", "case.closed_by_silence",
    "case.withdrawn", "case.breached", "case.escalated",
    "demand.proposed", "demand.confirmed", "demand.taken_up", "demand.assigned", "demand.promised", "demand.answered",
    "demand.resolved", "demand.merged", "demand.reopened", "surge.surged",
    "suggestion.submitted", "suggestion.accepted", "suggestion.assigned", "suggestion.replied", "suggestion.evaluated",
    "suggestion.documented", "consultation.opened", "consultation.closed", "consultation.published",
]  # fmt: skip
Events = Annotated[tuple[Event, ...], Meta(min_length=1, description="facts as docs/webhooks.md lists them: case.answered")]
Moment = Annotated[datetime, Meta(tz=True, description="date, time and offset: 2026-03-01T09:00:00+08:00")]
Days = Annotated[int, Meta(ge=1, le=3650, description="a whole number of days, 1 to 3650")]
Points = Annotated[int, Meta(ge=0, le=1_000, description="a whole number, 0 to 1000")]
# What a record of the performance file can be made of by the platform itself.
Counted = Literal[
    "", "case.answered_in_time", "demand.solved", "suggestion.adopted", "suggestion.cosigned", "activity.attended",
    "learning.completed",
]  # fmt: skip
Several = Annotated[int, Meta(ge=1, le=10_000, description="a whole number, 1 to 10000")]
Order = Annotated[int, Meta(ge=0, le=9_999, description="a whole number, 0 to 9999")]
Latitude = Annotated[float, Meta(ge=-90, le=90, description="degrees north (WGS 84), -90 to 90")]
Longitude = Annotated[float, Meta(ge=-180, le=180, description="degrees east (WGS 84), -180 to 180")]
Point = Annotated[
    str, Meta(pattern=r"^-?\d{1,3}(\.\d{1,7})? -?\d{1,2}(\.\d{1,7})?$", description="degrees east and north: 123.504 30.006")
]
Outline = Annotated[
    tuple[Point, ...],
    Meta(max_length=200, description="at most 200 points, each degrees east and north: 123.504 30.006"),
]
# Base 32 after Douglas Crockford: no I, L, O, U, so a code read aloud or off a worn print can't be misread.
Code = Annotated[str, Meta(pattern="^[0-9A-HJKMNP-TV-Z]{8}$", description="8 of 0-9 and A-Z without I, L, O and U: DEM0CX01")]
Rungs = Annotated[
    dict[str, float],
    Meta(description="remind, breach (1), head, manager as rising shares: {remind: 0.75, breach: 1, head: 1.25}"),
]


class Record(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One row of the directory. Never deleted: ``retired`` takes it out of use, and old cases still find its name."""

    KEY: ClassVar[tuple[str, ...]] = ("id",)

    retired: bool = False

    @property
    def key(self) -> str:
        """The row's id. Rules have none of their own: theirs is what they are about, so no two can be about the same."""
        return ":".join(str(getattr(self, field)) for field in self.KEY)


class Named(Record, frozen=True, omit_defaults=True, kw_only=True):
    """A record that people read the name of, in either language."""

    id: Id
    name_zh: Name
    name_en: Name

    def name(self, language: str) -> str:
        """Its name in ``zh`` or ``en``; English for any other language."""
        return self.name_zh if language == "zh" else self.name_en


class District(Named, frozen=True, omit_defaults=True, kw_only=True):
    """The one district: its zone, hotline, and the calendar of every body that has none of its own."""

    zone: Name = "Asia/Shanghai"
    languages: tuple[Language, ...] = ("zh", "en")
    calendar: Id
    hotline: Phone = ""
    emergency_zh: Line = ""
    emergency_en: Line = ""


class DistrictSettings(Record, frozen=True, omit_defaults=True, kw_only=True):
    """What the district has settled: how long silence is waited for, when contact details go, when a deputy is reminded to
    evaluate a reply, when whoever did not read a notice is. One row."""

    id: Literal["settings"] = "settings"
    close_by_silence_days: Days = 7
    erase_contact_days: Days = 90
    remind_evaluation_days: Days = 14
    erase_booking_days: Days = 1
    publish_ranking: bool = False
    remind_unread_days: Days = 3
    breaches_to_supervision: Several = 5  # of a demand's cases: so many open an item of supervision


class Calendar(Named, frozen=True, omit_defaults=True, kw_only=True):
    """Working time, as ``spine.calendars.calendar_from`` reads it; without a zone it keeps the district's."""

    zone: str = ""
    hours: dict[str, tuple[str, ...]]
    makeup: tuple[str, ...] | None = None
    day: str = ""
    overrides: dict[str, str] = {}
    holidays: str = ""


class Body(Named, frozen=True, omit_defaults=True, kw_only=True):
    """Who is responsible: a department, a company, a community. ``head`` is a user name."""

    head: Username = ""
    mail: Mail = ""
    phone: Phone = ""
    chat_webhook: Webhook = ""
    calendar: Id = ""


class Grid(Named, frozen=True, omit_defaults=True, kw_only=True):
    """A piece of the district. ``aliases`` are the place names that people write; ``parent`` is a grid around it; ``outline``
    is what the map draws, its first point not repeated."""

    community_zh: Line = ""
    community_en: Line = ""
    parent: Id = ""
    aliases: Words = ()
    chat_webhook: Webhook = ""
    lat: Latitude | None = None
    lon: Longitude | None = None
    outline: Outline = ()

    @property
    def ring(self) -> tuple[tuple[float, float], ...]:
        """The outline as GeoJSON has positions: degrees east, degrees north."""
        pairs = (point.split(" ") for point in self.outline)
        return tuple((float(lon), float(lat)) for lon, lat in pairs)


class Station(Named, frozen=True, omit_defaults=True, kw_only=True):
    """A place where deputies receive residents."""

    grid: Id = ""
    address_zh: Line = ""
    address_en: Line = ""
    hours_zh: Line = ""
    hours_en: Line = ""
    phone: Phone = ""


class Deputy(Named, frozen=True, omit_defaults=True, kw_only=True):
    """An elected deputy. ``grids`` are in their charge; ``successor`` takes the residents over when they retire."""

    ward_zh: Name
    ward_en: Name
    grids: tuple[Id, ...] = ()
    station: Id = ""
    photo: Webhook = ""
    terms: tuple[Name, ...] = ()
    successor: Id = ""

    def ward(self, language: str) -> str:
        """The ward's name in ``zh`` or ``en``."""
        return self.ward_zh if language == "zh" else self.ward_en


class Category(Record, frozen=True, omit_defaults=True, kw_only=True):
    """A node of the tree, three levels deep. ``words`` are the lexicon; ``body`` answers for it where no rule says other;
    siblings stand by ``order``, then by id."""

    id: CategoryId
    name_zh: Name
    name_en: Name
    words: Words = ()
    urgent_words: Signs = ()
    body: Id = ""
    order: Order = 0

    def name(self, language: str) -> str:
        """Its name in ``zh`` or ``en``."""
        return self.name_zh if language == "zh" else self.name_en


class Responsibility(Record, frozen=True, omit_defaults=True, kw_only=True):
    """A rule: for this category and all below it, in this grid and all within it, that body answers."""

    KEY: ClassVar[tuple[str, ...]] = ("category", "grid")

    category: CategoryScope
    grid: GridScope = ANY
    body: Id


class PromiseRule(Record, frozen=True, omit_defaults=True, kw_only=True):
    """A rule: this step is done within ``amount`` (``30m``, ``2h``, ``5d``). ``ladder`` are the shares of it at which
    someone is reminded or told; empty means the usual ladder."""

    KEY: ClassVar[tuple[str, ...]] = ("step", "category", "urgency")

    step: Step
    category: CategoryScope = ANY
    urgency: Literal["danger", "urgent", "normal", "*"] = "*"
    mode: Literal["elapsed", "working"]
    amount: Name
    ladder: Rungs = {}


class Danger(Record, frozen=True, omit_defaults=True, kw_only=True):
    """A rule of urgency: a message with one of these words is a danger to life, or urgent; ``why`` is said to staff. ``…``
    in a word stands for at most 8 characters of Chinese, 30 of other scripts, in one sentence: ``暖气…停``, ``smoke…from``."""

    id: Id
    words: Signs
    urgency: Literal["danger", "urgent"]
    why_zh: Line
    why_en: Line


class ReplyTemplate(Record, frozen=True, omit_defaults=True, kw_only=True):
    """A reply to begin with, for a category and all below it. What stands in 【填：…】 must be filled in before it is sent."""

    id: Id
    name_zh: Name
    name_en: Name
    move: Literal["answer", "ask", "decline"] = "answer"
    category: CategoryScope = ANY
    text: Annotated[str, Meta(min_length=1, max_length=2000, description="1 to 2000 characters, blanks as 【填：日期】")]

    def name(self, language: str) -> str:
        """Its name in ``zh`` or ``en``."""
        return self.name_zh if language == "zh" else self.name_en


class User(Record, frozen=True, omit_defaults=True, kw_only=True):
    """Someone who signs in. A deputy names the deputy they are, an officer the body they work for."""

    KEY: ClassVar[tuple[str, ...]] = ("username",)

    username: Username
    role: Literal["deputy", "officer", "manager", "supervisor"]
    name: Name
    deputy: Id = ""
    body: Id = ""
    mail: Mail = ""


class RecordKind(Named, frozen=True, omit_defaults=True, kw_only=True):
    """A kind of performance record. ``points`` for each, for at most ``most_a_year`` of them (0: as many as there are).

    ``made_by`` deputy: they upload it; system: it is made of ``fact`` and nobody can type it in. ``public``: always (that it
    was done, when), if the deputy shows it, or never.
    """

    points: Points
    most_a_year: Order = 0
    made_by: Literal["deputy", "system"] = "deputy"
    fact: Counted = ""
    public: Literal["always", "deputy", "never"] = "deputy"
    order: Order = 0


class PrintedCode(Record, frozen=True, omit_defaults=True, kw_only=True):
    """What a QR code says. A revoked one is kept for ever: its prints still hang somewhere."""

    KEY: ClassVar[tuple[str, ...]] = ("code",)

    code: Code
    deputy: Id
    issued_at: Moment
    revoked_at: Moment | None = None
    reason: Line = ""


class Client(Record, frozen=True, omit_defaults=True, kw_only=True):
    """A program that sends messages by Open311. Of its key only the SHA-256 is kept (``python -m infra.keys new``)."""

    id: Id
    name: Name
    key_hash: KeyHash


class OutgoingHook(Record, frozen=True, omit_defaults=True, kw_only=True):
    """A program that is told of facts. Its secret is derived and stands nowhere (``python -m infra.webhooks secret ID``); a
    higher ``generation`` gives a new one, with which the one before goes on signing too."""

    id: Id
    url: HookAddress
    events: Events
    generation: Annotated[int, Meta(ge=1, le=999, description="a whole number, 1 to 999")] = 1


TRIAGE: Final = "triage"  # the manager's own list; no body may be called so

# In the order in which one can be written after the other with nothing missing.
KINDS: Final[dict[str, type[Record]]] = {
    "calendars": Calendar,
    "district": District,
    "settings": DistrictSettings,
    "bodies": Body,
    "grids": Grid,
    "stations": Station,
    "deputies": Deputy,
    "categories": Category,
    "responsibilities": Responsibility,
    "promises": PromiseRule,
    "dangers": Danger,
    "templates": ReplyTemplate,
    "record_kinds": RecordKind,
    "users": User,
    "codes": PrintedCode,
    "clients": Client,
    "webhooks": OutgoingHook,
}
SINGLE: Final = frozenset({"district", "settings"})


@dataclass(frozen=True)
class Reference:
    """A field that names records of another kind, which must be in use. Blank and ``*`` name nothing."""

    kind: str
    field: str
    to: str


REFERENCES: Final = (
    Reference("district", "calendar", "calendars"),
    Reference("bodies", "calendar", "calendars"),
    Reference("bodies", "head", "users"),
    Reference("grids", "parent", "grids"),
    Reference("stations", "grid", "grids"),
    Reference("deputies", "grids", "grids"),
    Reference("deputies", "station", "stations"),
    Reference("deputies", "successor", "deputies"),
    Reference("categories", "body", "bodies"),
    Reference("responsibilities", "category", "categories"),
    Reference("responsibilities", "grid", "grids"),
    Reference("responsibilities", "body", "bodies"),
    Reference("promises", "category", "categories"),
    Reference("templates", "category", "categories"),
    Reference("users", "deputy", "deputies"),
    Reference("users", "body", "bodies"),
)

# Known to the journal by the field's name only: a chain that can't be changed is no place for people's addresses.
UNRECORDED: Final = frozenset({"mail", "phone", "chat_webhook", "photo", "name", "key_hash", "url"})
