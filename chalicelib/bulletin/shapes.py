"""What the API shows of notices and of the library. The contract: OpenAPI is generated from it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.bulletin.library import Progress, Shelved
from chalicelib.bulletin.service import Readers, Seen
from chalicelib.cases.shapes import Possible
from chalicelib.files import service as files_service
from chalicelib.files.model import File
from chalicelib.people.roles import Actor
from chalicelib.settings import settings


class Attached(msgspec.Struct, frozen=True):
    """A file. ``url`` is good for five minutes: ask for the notice or item again."""

    id: str
    name: str
    type: str
    size: int
    url: str


class NoticeSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list. ``mine``: it was addressed to you; ``read_at``: when you acknowledged it."""

    id: str
    status: str
    title: str
    groups: list[str]
    public: bool
    published_at: datetime
    mine: bool
    read_at: datetime | None
    reads: int


class NoticeWhole(NoticeSummary, frozen=True, kw_only=True):
    """A notice in full. ``remind_at``: when those who did not read it are reminded, null if they were or won't be."""

    text: str
    files: list[Attached]
    remind_at: datetime | None
    reason: str | None
    public_url: str | None
    moves: list[Possible]
    version: int


class NoticesListed(msgspec.Struct, frozen=True):
    items: list[NoticeSummary]
    next: str | None


class Reader(msgspec.Struct, frozen=True):
    username: str
    name: str
    at: datetime | None


class ReadersShown(msgspec.Struct, frozen=True):
    """Who of those addressed read it, and who did not."""

    read: list[Reader]
    unread: list[Reader]


class ItemSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the library. ``opened_at`` and ``completed_at`` are your own; ``learned`` counts the deputies."""

    id: str
    status: str
    form: str
    topic: str
    title: str
    added_at: datetime
    learned: int
    opened_at: datetime | None
    completed_at: datetime | None


class ItemWhole(ItemSummary, frozen=True, kw_only=True):
    """An item in full."""

    text: str
    url: str | None
    files: list[Attached]
    reason: str | None
    moves: list[Possible]
    version: int


class ItemsListed(msgspec.Struct, frozen=True):
    items: list[ItemSummary]
    next: str | None


class ProgressLine(msgspec.Struct, frozen=True):
    item: str
    opened_at: datetime | None
    completed_at: datetime | None


class ProgressShown(msgspec.Struct, frozen=True):
    """All that a deputy opened or completed."""

    deputy: str
    items: list[ProgressLine]


def attached(files: Iterable[File]) -> list[Attached]:
    """Files with a link to each."""
    return [Attached(file.id, file.name, file.type, file.size, files_service.link(file)) for file in files]


def _notice(seen: Seen) -> dict[str, Any]:
    notice = seen.notice
    return {
        "id": notice.id,
        "status": notice.status,
        "title": notice.title,
        "groups": list(notice.groups),
        "public": notice.public,
        "published_at": notice.created_at,
        "mine": seen.mine,
        "read_at": seen.read_at,
        "reads": notice.reads,
    }


def notice_line(seen: Seen) -> NoticeSummary:
    """A notice as a line of a list."""
    return NoticeSummary(**_notice(seen))


def notice_whole(seen: Seen, by: Actor) -> NoticeWhole:
    """A notice in full, with the moves that this actor may make."""
    notice = seen.notice
    may = [move for move in notice.legal_moves(by) if move.name != "read" or (seen.mine and not seen.read_at)]
    return NoticeWhole(
        **_notice(seen),
        text=notice.text,
        files=attached(notice.files),
        remind_at=notice.timers.get("remind"),
        reason=notice.reason or None,
        public_url=f"{settings.base_url}/open/bulletin/{notice.id}" if notice.worklists[1] else None,
        moves=[Possible(move.name, sorted(move.needs)) for move in may],
        version=notice.version,
    )


def readers_shown(readers: Readers) -> ReadersShown:
    """Readers and those who are not yet."""
    read = [Reader(user.username, user.name, at) for user, at in readers.read]
    return ReadersShown(read, [Reader(user.username, user.name, None) for user in readers.unread])


def _item(shelved: Shelved) -> dict[str, Any]:
    item, progress = shelved.item, shelved.progress
    return {
        "id": item.id,
        "status": item.status,
        "form": item.form,
        "topic": item.topic,
        "title": item.title,
        "added_at": item.created_at,
        "learned": item.learned,
        "opened_at": progress.opened_at,
        "completed_at": progress.completed_at,
    }


def item_line(shelved: Shelved) -> ItemSummary:
    """An item as a line of the library."""
    return ItemSummary(**_item(shelved))


def item_whole(shelved: Shelved, by: Actor) -> ItemWhole:
    """An item in full, with the moves that this actor may make."""
    item = shelved.item
    may = [move for move in item.legal_moves(by) if move.name != "complete" or not shelved.progress.completed_at]
    return ItemWhole(
        **_item(shelved),
        text=item.text,
        url=item.url or None,
        files=attached(item.files),
        reason=item.reason or None,
        moves=[Possible(move.name, sorted(move.needs)) for move in may],
        version=item.version,
    )


def progress_shown(deputy: str, progress: dict[str, Progress]) -> ProgressShown:
    """A deputy's progress, item by item."""
    return ProgressShown(
        deputy, [ProgressLine(item, each.opened_at, each.completed_at) for item, each in sorted(progress.items())]
    )
