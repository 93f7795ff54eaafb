"""A notice, and an item of the learning library. Nouns and rules; pure.

That somebody read a notice, or learned an item, is a fact of it, once for each of them; who has not is told by the rows that
the same transactions write (table.py), so that neither dossier grows with its readers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Literal

from chalicelib.errors import Invalid, NotAllowed
from chalicelib.files.model import File
from chalicelib.people.roles import DEPUTY, MANAGER, STAFF, SYSTEM, Actor
from chalicelib.spine.dossier import Dossier, Step, stamp
from chalicelib.spine.lifecycle import Lifecycle, Move

Form = Literal["text", "file", "link"]

NOTICES: Final = "notice#all"
PUBLIC: Final = "notice#public"  # a work list: no body's id can be so
ITEMS: Final = "learning#all"
LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 10_000
MOST_REMIND_DAYS: Final = 60
FAR: Final = 10**10  # seconds: later than any date that stands here

NOTICE_LIFE: Final = Lifecycle(
    start="published",
    closed=frozenset({"withdrawn"}),
    moves=[
        Move("read", "published", "", STAFF, "read"),
        Move("remind", "published", "", {SYSTEM}, "reminded"),
        Move("withdraw", "published", "withdrawn", {MANAGER}, "withdrawn", needs={"reason"}),
    ],
)
ITEM_LIFE: Final = Lifecycle(
    start="added",
    closed=frozenset({"retired"}),
    moves=[
        Move("edit", "added", "", {MANAGER}, "edited", needs={"title"}),
        Move("complete", "added", "", {DEPUTY}, "learned"),
        Move("retire", "added", "retired", {MANAGER}, "retired", needs={"reason"}),
    ],
)


@dataclass(frozen=True, kw_only=True)
class Notice(Dossier):
    """A notice to groups (see groups.py). ``reads`` counts its readers; ``remind_days`` 0 reminds nobody."""

    KIND: ClassVar[str] = "notice"

    title: str = ""
    text: str = ""
    groups: tuple[str, ...] = ()
    public: bool = False
    remind_days: int = 0
    reads: int = 0
    files: tuple[File, ...] = ()
    reason: str = ""  # why it was withdrawn

    @property
    def summary(self) -> str:
        return self.title

    @property
    def place(self) -> str:
        """On the public list the newest stands first."""
        return f"{FAR - int(self.created_at.timestamp()):010d}"

    @property
    def worklists(self) -> tuple[str, str]:
        return ("", PUBLIC if self.public and self.status == "published" else "")

    @property
    def shelf(self) -> tuple[str, str]:
        return (NOTICES, stamp(self.created_at))

    def legal_moves(self, by: Actor) -> list[Move]:
        """The moves this actor may make now."""
        return NOTICE_LIFE.legal(self.status, by.role)

    def move(self, name: str, /, *, by: Actor, at: datetime, **given: Any) -> "Step[Notice]":
        """One move as a step to be recorded. Raises NotAllowed, IllegalMove, Invalid."""
        move = NOTICE_LIFE.check(name, self.status, by.role, given)
        status = move.lands(self.status)
        closing = status in NOTICE_LIFE.closed
        after = replace(self, status=status, closed_at=at if closing else None, timers={} if closing else self.timers)
        return Step(self, after, move.fact, by, at, given)

    def read(self, *, by: Actor, at: datetime) -> "Step[Notice]":
        """This user read it."""
        step = self.move("read", by=by, at=at, user=by.id)
        return replace(step, after=replace(step.after, reads=self.reads + 1))

    def remind(self, unread: int, *, by: Actor, at: datetime) -> "Step[Notice]":
        """Those who did not read it are told again, once."""
        step = self.move("remind", by=by, at=at, unread=unread)
        return replace(step, after=replace(step.after, timers={}))

    def withdraw(self, reason: str, *, by: Actor, at: datetime) -> "Step[Notice]":
        """It is taken back."""
        step = self.move("withdraw", by=by, at=at, reason=reason)
        return replace(step, after=replace(step.after, reason=reason.strip()))


def published(
    id: str, title: str, text: str, groups: tuple[str, ...],
    *, public: bool, remind_days: int, files: tuple[File, ...] = (), by: Actor, at: datetime,
) -> "Step[Notice]":  # fmt: skip
    """The first fact of a notice. Raises NotAllowed, Invalid."""
    _for_managers(by)
    if not 0 <= remind_days <= MOST_REMIND_DAYS:
        raise Invalid("remind_days", f"{remind_days} days; give 1 to {MOST_REMIND_DAYS}, or 0 for no reminder", "wrong_days")
    made = Notice(
        id=id,
        status=NOTICE_LIFE.start,
        title=_fitting("title", title, LONGEST_TITLE),
        text=_fitting("text", text, LONGEST_TEXT),
        groups=groups,
        public=public,
        remind_days=remind_days,
        files=files,
        timers={"remind": at + timedelta(days=remind_days)} if remind_days else {},
        created_at=at,
        updated_at=at,
    )
    return Step(None, made, "published", by, at, {"groups": groups})


@dataclass(frozen=True, kw_only=True)
class Content:
    """What an item says; which of it, its form decides."""

    title: str
    topic: str = ""
    text: str = ""
    url: str = ""
    files: tuple[File, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Item(Dossier):
    """Something to learn: a text, files, or a link (``url``). ``learned`` counts the deputies who completed it."""

    KIND: ClassVar[str] = "learning"

    form: Form = "text"
    topic: str = ""
    title: str = ""
    text: str = ""
    url: str = ""
    files: tuple[File, ...] = ()
    learned: int = 0
    reason: str = ""  # why it was retired

    @property
    def summary(self) -> str:
        return self.title

    @property
    def worklists(self) -> tuple[str, str]:
        return ("", "")

    @property
    def shelf(self) -> tuple[str, str]:
        return ("", "") if self.status == "retired" else (ITEMS, stamp(self.created_at))

    def legal_moves(self, by: Actor) -> list[Move]:
        """The moves this actor may make now."""
        return ITEM_LIFE.legal(self.status, by.role)

    def move(self, name: str, /, *, by: Actor, at: datetime, **given: Any) -> "Step[Item]":
        """One move as a step to be recorded. Raises NotAllowed, IllegalMove, Invalid."""
        move = ITEM_LIFE.check(name, self.status, by.role, given)
        status = move.lands(self.status)
        after = replace(self, status=status, closed_at=at if status in ITEM_LIFE.closed else None)
        return Step(self, after, move.fact, by, at, given)

    def edit(self, content: Content, *, by: Actor, at: datetime) -> "Step[Item]":
        """Other words. Whoever has learned it has."""
        step = self.move("edit", by=by, at=at, title=content.title)
        after = replace(step.after, **_fields(self.form, content))
        return replace(step, after=after, data={})

    def complete(self, *, by: Actor, at: datetime) -> "Step[Item]":
        """This deputy completed it."""
        if by.role == DEPUTY and not by.deputy:
            raise NotAllowed("You are bound to no deputy in the directory; ask the manager", "no_deputy")
        step = self.move("complete", by=by, at=at, deputy=by.deputy)
        return replace(step, after=replace(step.after, learned=self.learned + 1))

    def retire(self, reason: str, *, by: Actor, at: datetime) -> "Step[Item]":
        """It is out of date; what was learned stays so."""
        step = self.move("retire", by=by, at=at, reason=reason)
        return replace(step, after=replace(step.after, reason=reason.strip()))


def added(id: str, form: Form, content: Content, *, by: Actor, at: datetime) -> "Step[Item]":
    """The first fact of an item of the library. Raises NotAllowed, Invalid."""
    _for_managers(by)
    made = Item(id=id, status=ITEM_LIFE.start, form=form, created_at=at, updated_at=at, **_fields(form, content))
    return Step(None, made, "added", by, at, {"form": form})


# Which field an item of each form needs, and which it does not have.
_NEEDS: Final[Mapping[Form, str]] = {"text": "text", "file": "files", "link": "url"}
_HAS_NOT: Final[Mapping[Form, tuple[str, ...]]] = {"text": ("url", "files"), "file": ("url",), "link": ("files",)}


def _fields(form: Form, content: Content) -> dict[str, Any]:
    given: dict[str, Any] = {name: getattr(content, name) for name in ("topic", "text", "url", "files")}
    if not given[_NEEDS[form]] or not str(given[_NEEDS[form]]).strip():
        raise Invalid(_NEEDS[form], f"An item of the form '{form}' needs '{_NEEDS[form]}'", "missing")
    if wrong := next((name for name in _HAS_NOT[form] if given[name]), ""):
        raise Invalid(wrong, f"An item of the form '{form}' has no '{wrong}'", "wrong_form")
    if content.url and not content.url.startswith("https://"):
        raise Invalid("url", f"'{content.url[:60]}' does not begin with https://", "wrong_url")
    if len(content.text) > LONGEST_TEXT:
        raise Invalid("text", f"The text has {len(content.text)} characters; {LONGEST_TEXT} is the most", "too_long")
    return given | {"title": _fitting("title", content.title, LONGEST_TITLE)}


def _fitting(field: str, text: str, longest: int) -> str:
    if not text.strip():
        raise Invalid(field, f"'{field}' is empty", "missing")
    if len(text) > longest:
        raise Invalid(field, f"'{field}' has {len(text)} characters; {longest} is the most", "too_long")
    return text.strip()


def _for_managers(by: Actor) -> None:
    if by.role != MANAGER:
        raise NotAllowed(f"This is done by a manager; you are {by.role}")


def portions(usernames: Sequence[str], most: int = 25) -> list[list[str]]:
    """Users in portions that one message may tell."""
    return [list(usernames[start : start + most]) for start in range(0, len(usernames), most)]
