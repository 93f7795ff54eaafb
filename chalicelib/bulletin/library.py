"""The verbs of the learning library. They raise NotFound, NotAllowed, IllegalMove, Invalid and Conflict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.bulletin import model, table
from chalicelib.bulletin.model import ITEMS, Content, Form, Item
from chalicelib.errors import NotAllowed
from chalicelib.people.roles import DEPUTY, Actor
from chalicelib.spine import dossiers
from chalicelib.spine.aws import Cancelled, Write


@dataclass(frozen=True)
class Progress:
    """How far a deputy is with an item."""

    opened_at: datetime | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True)
class Shelved:
    """An item, and how far the one who asks is with it."""

    item: Item
    progress: Progress


@dataclass(frozen=True)
class Page:
    """One page of the library, the newest first; ``next`` is the cursor of the page after, or None."""

    items: tuple[Shelved, ...]
    next: str | None


def found(id: str) -> Item:
    """An item, whoever asks; a retired one too: who learned it may look it up. Raises NotFound."""
    return dossiers.load(Item, id)


def shelved(id: str, by: Actor) -> Shelved:
    """An item with one's own progress. A read, and for a deputy two."""
    return as_seen(found(id), by)


def as_seen(item: Item, by: Actor) -> Shelved:
    """The same for an item that was loaded."""
    mark = table.mark(table.progress_key(by.deputy, item.id)) if by.deputy else None
    return Shelved(item, _progress(mark))


def listed(by: Actor, *, limit: int, cursor: str = "") -> Page:
    """The library with one's own progress. One query, and for a deputy one batch read."""
    rows, last = dossiers.shelf(ITEMS, limit=limit, cursor=cursor)
    items = [dossiers.from_row(Item, row) for row in rows]
    marks = table.marks(table.progress_key(by.deputy, item.id) for item in items) if by.deputy else {}
    return Page(tuple(Shelved(item, _progress(marks.get(item.id))) for item in items), last)


def progress_of(deputy: str) -> dict[str, Progress]:
    """All that a deputy opened or completed, by item. One query."""
    return {row.id: _progress(row) for row in table.progress(deputy)}


def _progress(mark: table.MarkRow | None) -> Progress:
    return Progress(mark.at, mark.completed_at) if mark else Progress()


def add(id: str, form: Form, content: Content, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Item:
    """Something to learn."""
    return dossiers.record(model.added(id, form, content, by=by, at=now), also=also)


def edit(id: str, content: Content, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Item:
    """Other words, or other files."""
    return dossiers.record(found(id).edit(content, by=by, at=now), also=also)


def retire(id: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Item:
    """Take it out of the library."""
    return dossiers.record(found(id).retire(reason, by=by, at=now), also=also)


def open_item(id: str, *, by: Actor, now: datetime) -> Item:
    """A deputy opens it; the first time is kept. It is no fact: to open is not to learn."""
    item = found(id)
    table.mark_opened(_deputy(by), id, now)
    return item


def complete(id: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Shelved:
    """A deputy completed it: a fact, once, that counts in their file."""
    return dossiers.insist(lambda: _complete(id, by, now, also))


def _complete(id: str, by: Actor, now: datetime, also: Sequence[Write]) -> Shelved:
    item, deputy = found(id), _deputy(by)
    mark = table.mark(table.progress_key(deputy, id))
    step, opened = item.complete(by=by, at=now), mark.at if mark else now
    try:
        learned = dossiers.record(step, also=[*also, table.mark_completed(deputy, id, opened, now)])
    except Cancelled as refused:
        if refused.failed != (len(also),):
            raise
        return Shelved(item, _progress(mark))  # learned before: nothing changes
    return Shelved(learned, Progress(opened, now))


def _deputy(by: Actor) -> str:
    if by.role != DEPUTY or not by.deputy:
        raise NotAllowed("The library keeps the progress of deputies; you are bound to none", "no_deputy")
    return by.deputy
