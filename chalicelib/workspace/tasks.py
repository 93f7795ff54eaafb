"""What the first page of the workspace is made of: tasks, in groups. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

MOST: Final = 50  # of a list that are looked at: what is due next stands first


@dataclass(frozen=True)
class Task:
    """One thing to do: where it is done, what it is, by when. ``named`` is a text of the catalogues for what has no title."""

    path: str
    title: str
    due_at: datetime | None = None
    overdue: bool = False
    tag: str = ""
    named: str = ""


@dataclass(frozen=True)
class Group:
    """Tasks of one urgency, under a heading; ``tone`` is late, soon, new or calm."""

    name: str
    tone: str
    tasks: tuple[Task, ...]
