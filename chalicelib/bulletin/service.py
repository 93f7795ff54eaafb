"""The verbs of the bulletin. They raise NotFound, NotAllowed, IllegalMove, Invalid and Conflict."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.bulletin import groups as to_groups
from chalicelib.bulletin import model, table
from chalicelib.bulletin.model import NOTICES, PUBLIC, Notice
from chalicelib.directory import service as directory_service
from chalicelib.directory.kinds import User
from chalicelib.errors import NotAllowed, NotFound
from chalicelib.files.model import File
from chalicelib.people.form import ALPHABET
from chalicelib.people.roles import MANAGER, SUPERVISOR, Actor, the_system
from chalicelib.spine import dossiers
from chalicelib.spine.aws import Cancelled, Write
from chalicelib.spine.dossier import Duty

SEES_ALL: Final = frozenset({MANAGER, SUPERVISOR})


@dataclass(frozen=True)
class Seen:
    """A notice as one user has it: whether it was addressed to them, and when they read it."""

    notice: Notice
    mine: bool
    read_at: datetime | None


@dataclass(frozen=True)
class Page:
    """One page of notices, the newest first; ``next`` is the cursor of the page after, or None."""

    items: tuple[Seen, ...]
    next: str | None


@dataclass(frozen=True)
class Readers:
    """Who of those addressed read a notice, and when, and who did not."""

    read: tuple[tuple[User, datetime], ...]
    unread: tuple[User, ...]


def new_id(letter: str = "N") -> str:
    """The id of a notice (N), or of an item of the library (L)."""
    return letter + "".join(secrets.choice(ALPHABET) for _ in range(12))


def found(id: str) -> Notice:
    """A notice, whoever asks. Raises NotFound."""
    return dossiers.load(Notice, id)


def loaded(id: str, by: Actor, now: datetime) -> Notice:
    """A notice, if it was addressed to this actor or they see all. Raises NotFound otherwise."""
    notice = found(id)
    if not _visible(notice, by, now):
        raise NotFound(f"There is no notice {id}")
    return notice


def seen(id: str, by: Actor, now: datetime) -> Seen:
    """A notice as this actor has it. Two reads."""
    return seen_as(loaded(id, by, now), by, now)


def seen_as(notice: Notice, by: Actor, now: datetime) -> Seen:
    """The same for a notice that was loaded. One read."""
    mark = table.mark(table.read_key(notice.id, by.id))
    return Seen(notice, _addressed(notice, by, now), mark.at if mark else None)


def unread(notice: Notice, by: Actor, now: datetime) -> Seen:
    """A notice that was published just now: nobody can have read it."""
    return Seen(notice, _addressed(notice, by, now), None)


def listed(by: Actor, now: datetime, *, limit: int, cursor: str = "") -> Page:
    """The notices that this actor may see, the newest first, with what they read. One query and one batch read; a page may
    hold fewer than ``limit`` and still have a next."""
    rows, last = dossiers.shelf(NOTICES, limit=limit, cursor=cursor)
    notices = [notice for row in rows if _visible(notice := dossiers.from_row(Notice, row), by, now)]
    marks = table.marks(table.read_key(notice.id, by.id) for notice in notices)
    items = (Seen(each, _addressed(each, by, now), marks[each.id].at if each.id in marks else None) for each in notices)
    return Page(tuple(items), last)


def listed_in_public(*, limit: int, cursor: str = "") -> tuple[tuple[Notice, ...], str | None]:
    """The public notices, the newest first. One query."""
    rows, last = dossiers.worklist(body=PUBLIC, limit=limit, cursor=cursor)
    return tuple(dossiers.from_row(Notice, row) for row in rows), last


def in_public(id: str) -> Notice:
    """A public notice. Raises NotFound for any other."""
    notice = found(id)
    if not notice.public or notice.status != "published":
        raise NotFound(f"There is no public notice {id}")
    return notice


def readers(notice: Notice, now: datetime) -> Readers:
    """Who read it and who did not, of those who belong to its groups now. One query."""
    audience = to_groups.audience(notice.groups, directory_service.edition(now))
    read = table.readers(notice.id)
    return Readers(
        tuple((user, read[user.username]) for user in audience if user.username in read),
        tuple(user for user in audience if user.username not in read),
    )


def audience(notice: Notice, now: datetime) -> Sequence[str]:
    """The user names of those whom it goes to."""
    return [user.username for user in to_groups.audience(notice.groups, directory_service.edition(now))]


def _addressed(notice: Notice, by: Actor, now: datetime) -> bool:
    return by.id in audience(notice, now)


def _visible(notice: Notice, by: Actor, now: datetime) -> bool:
    if by.role in SEES_ALL:
        return True
    return notice.status == "published" and (notice.public or _addressed(notice, by, now))


# Verbs


def publish(
    id: str, title: str, text: str, groups: Sequence[str],
    *, public: bool = False, remind_days: int | None = None, files: tuple[File, ...] = (),
    by: Actor, now: datetime, also: Sequence[Write] = (),
) -> Notice:  # fmt: skip
    """A notice to groups. Without ``remind_days`` the district's setting says when who did not read it is reminded."""
    directory = directory_service.edition(now)
    days = directory.setting("remind_unread_days") if remind_days is None else remind_days
    chosen = to_groups.checked(groups, directory)
    step = model.published(id, title, text, chosen, public=public, remind_days=days, files=files, by=by, at=now)
    return dossiers.record(step, also=also)


def read(id: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Seen:
    """This user read it: a fact, once. Raises NotAllowed for who is not addressed: there is nothing to acknowledge."""
    return dossiers.insist(lambda: _read(id, by, now, also))


def _read(id: str, by: Actor, now: datetime, also: Sequence[Write]) -> Seen:
    notice = loaded(id, by, now)
    if not _addressed(notice, by, now):
        raise NotAllowed("This notice was not addressed to you, so there is nothing to acknowledge", "not_addressed")
    step = notice.read(by=by, at=now)
    try:
        return Seen(dossiers.record(step, also=[*also, table.mark_read(id, by.id, now)]), True, now)
    except Cancelled as refused:
        if refused.failed != (len(also),):
            raise
        return seen_as(notice, by, now)  # read before: nothing changes


def withdraw(id: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Notice:
    """Take it back."""
    return dossiers.record(found(id).withdraw(reason, by=by, at=now), also=also)


# The platform's own deeds


def enforce(notice: Notice, duty: Duty, now: datetime) -> None:
    """Take one due duty of the agenda into effect."""
    _TIMERS[duty.what](notice, now)


def _remind(notice: Notice, now: datetime) -> None:
    unread = readers(notice, now).unread
    dossiers.record(notice.remind(len(unread), by=the_system("enforce"), at=now))


_TIMERS: Final[Mapping[str, Callable[[Notice, datetime], None]]] = {"remind": _remind}


def to_be_told(id: str, fact: str, now: datetime) -> Sequence[str]:
    """Whom a fact of a notice is told: all who are addressed, or, as a reminder, those who did not read it yet."""
    notice = found(id)
    if notice.status != "published":
        return []
    if fact == "reminded":
        return [user.username for user in readers(notice, now).unread]
    return audience(notice, now)
