"""Notices to those who work here: who they are, and one wording for all of them. Never a resident's words."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from chalicelib.directory.kinds import User
from chalicelib.directory.model import Directory
from chalicelib.outreach.model import Channel, Notice

Mailbox = tuple[str, Channel, str]  # who, by which way, where to


@dataclass(frozen=True)
class Wording:
    """What is said: a subject, the text of a mail, and the short form for a chat. Each may name values in braces."""

    subject: str
    text: str
    short: str


def notices(wording: Wording, values: Mapping[str, str], *mailboxes: Iterable[Mailbox]) -> Iterator[Notice]:
    """One notice for each mailbox, none twice to the same."""
    subject, text, short = (each.format_map(values) for each in (wording.subject, wording.text, wording.short))
    for who, channel, to in dict.fromkeys(chain(*mailboxes)):
        yield Notice(who, "chat", to, "", short) if channel == "chat" else Notice(who, channel, to, subject, text)


def body(directory: Directory, id: str) -> Iterator[Mailbox]:
    """A body's mail address, and its chat group."""
    found = directory.body(id)
    if found and found.mail:
        yield f"body:{id}", "email", found.mail
    if found and found.chat_webhook:
        yield f"chat:body:{id}", "chat", found.chat_webhook


def head(directory: Directory, body_id: str) -> Iterator[Mailbox]:
    """Who answers for a body."""
    found = directory.body(body_id)
    return _users(directory, lambda user: found is not None and user.username == found.head)


def deputies(directory: Directory, ids: Iterable[str]) -> Iterator[Mailbox]:
    """These deputies."""
    wanted = frozenset(ids)
    return _users(directory, lambda user: user.role == "deputy" and user.deputy in wanted)


def having(directory: Directory, *roles: str) -> Iterator[Mailbox]:
    """Everyone with one of these roles."""
    return _users(directory, lambda user: user.role in roles)


def persons(directory: Directory, usernames: Iterable[str]) -> Iterator[Mailbox]:
    """These users."""
    wanted = frozenset(usernames)
    return _users(directory, lambda user: user.username in wanted)


def _users(directory: Directory, wanted: Callable[[User], bool]) -> Iterator[Mailbox]:
    for user in directory.users:
        if user.mail and wanted(user):
            yield f"user:{user.username}", "email", user.mail
