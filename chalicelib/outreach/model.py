"""Who is told of which fact, by which way, in which words. Data and pure rules; nothing is sent here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from chalicelib.cases.model import Case
from chalicelib.directory.model import Directory
from chalicelib.outreach.texts import TEXTS
from chalicelib.people.vault import Contact
from chalicelib.spine.chain import Entry

Channel = Literal["email", "phone", "chat"]
Whom = Literal["resident", "deputy", "body", "head", "manager", "grid"]

STEPS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {"acknowledge": "首次回应", "answer": "答复"},
    "en": {"acknowledge": "first word", "answer": "answer"},
}

# Which fact is told to whom. A case in danger of life is told to the grid's and the body's chat as well.
TOLD: Final[Mapping[str, tuple[Whom, ...]]] = {
    "received": ("resident",),
    "routed": ("deputy", "body"),
    "triaged": ("manager",),
    "handed_on": ("body",),
    "asked": ("resident",),
    "noted": ("resident",),
    "answered": ("resident",),
    "declined": ("resident",),
    "merged": ("resident",),
    "replied": ("deputy", "body"),
    "added": ("deputy", "body"),
    "reopened": ("deputy", "body"),
    "withdrawn": ("deputy", "body"),
    "reminded": ("deputy", "body"),
    "breached": ("resident", "deputy", "body"),
    "escalated": ("head", "manager"),
    "documented": ("resident",),  # by one of their cases, where they wrote several
}


@dataclass(frozen=True)
class Notice:
    """One message to one person or group: ``to`` is an address, a number or a webhook; never logged. ``case`` is the
    resident's own, empty for staff."""

    who: str
    channel: Channel
    to: str
    subject: str
    text: str
    case: str = ""


@dataclass(frozen=True)
class Telling:
    """Everything that a notice is made from: the fact, the case, the directory, and what the links begin with."""

    entry: Entry
    case: Case
    directory: Directory
    base_url: str

    def values(self, language: str, link: str) -> dict[str, str]:
        """What a text may name, in this language."""
        zone = self.directory.calendar_for().zone
        body, deputy = self.directory.body(self.case.body), self.directory.deputy(self.case.deputy)
        category = self.directory.category(self.case.category)
        return {
            "code": shown_code(self.case.id),
            "link": link,
            "body": body.name(language) if body else "",
            "deputy": deputy.name(language) if deputy else "",
            "category": category.name(language) if category else ("待分类" if language == "zh" else "not sorted yet"),
            "due": _moment(self._due, zone, language),
            "step": STEPS[language][self.step],
            "text": str(self.entry.data.get("text", "")),
            "reason": str(self.entry.data.get("reason", "")),
            "instead": str(self.entry.data.get("instead", "")),
            "document": f"{self.entry.data.get('title', '')} ({self.entry.data.get('number', '')})",
            "district": self.directory.district.name(language),
        }

    @property
    def step(self) -> str:
        """The promise that this is about: the one that the fact names, else the answer."""
        return str(self.entry.data.get("step", "answer"))

    @property
    def _due(self) -> datetime | None:
        """When that promise falls due, as the fact says; else as the case has it now."""
        said, promise = self.entry.data.get("due_at"), self.case.clocks.get(self.step)
        return datetime.fromisoformat(said) if said else promise.due_at if promise else None


def wanted(telling: Telling) -> tuple[Whom, ...]:
    """Who is to be told of this fact."""
    whom = TOLD.get(telling.entry.type, ())
    if telling.entry.type == "escalated":
        return ("head",) if telling.entry.data.get("to") == "head" else ("manager",)
    if telling.entry.type == "documented" and not telling.entry.data.get("tell"):
        return ()
    if telling.entry.type == "noted" and not telling.entry.data.get("public"):
        return ()
    if telling.entry.type == "breached" and telling.entry.data.get("step") != "answer":
        return tuple(who for who in whom if who != "resident")  # what we owe the resident is the answer
    return (*whom, "grid") if telling.case.urgency == "danger" and telling.entry.type == "routed" else whom


def to_resident(telling: Telling, contact: Contact, case_id: str) -> Iterator[Notice]:
    """The notice to the one who wrote, by the way they chose, in their language, with the number of their own case and the
    link to its page: they may have written in another case, which was joined to the one that the fact is of."""
    if contact.tell == "none":
        return
    values = telling.values(contact.language, f"{telling.base_url}/m/{contact.tracking_token}") | {"code": shown_code(case_id)}
    by_mail = contact.tell == "email"
    subject, text, short = TEXTS["resident", telling.entry.type, contact.language]
    to = contact.email if by_mail else contact.phone
    if to:
        body = text.format_map(values) if by_mail else short.format_map(values)
        yield Notice(f"resident:{case_id}", contact.tell, to, subject.format_map(values), body, case_id)


def to_staff(telling: Telling, whom: Whom) -> Iterator[Notice]:
    """The notices to those who work on it: by mail, and to the chat group of a body or a grid. Never a resident's words."""
    values = telling.values("zh", f"deputy show {shown_code(telling.case.id)}")
    subject, text, short = TEXTS["staff", telling.entry.type, "zh"]
    for who, to in _mailboxes(telling, whom):
        yield Notice(who, "email", to, subject.format_map(values), text.format_map(values))
    for who, webhook in _chats(telling, whom):
        yield Notice(who, "chat", webhook, "", short.format_map(values))


def _mailboxes(telling: Telling, whom: Whom) -> Iterator[tuple[str, str]]:
    directory, case = telling.directory, telling.case
    body = directory.body(case.body)
    if whom == "body" and body and body.mail:
        yield f"body:{body.id}", body.mail
    for user in directory.users:
        bound = {
            "deputy": user.role == "deputy" and user.deputy == case.deputy,
            "head": body is not None and user.username == body.head,
            "manager": user.role == "manager",
        }.get(whom, False)
        if bound and user.mail:
            yield f"user:{user.username}", user.mail


def _chats(telling: Telling, whom: Whom) -> Iterator[tuple[str, str]]:
    body, grid = telling.directory.body(telling.case.body), telling.directory.grid(telling.case.grid)
    if whom == "body" and body and body.chat_webhook:
        yield f"chat:body:{body.id}", body.chat_webhook
    if whom == "grid" and grid and grid.chat_webhook:
        yield f"chat:grid:{grid.id}", grid.chat_webhook


def shown_code(case_id: str) -> str:
    """A case's number as people read it aloud: 7K3M-9QXA-2B4C."""
    return "-".join(case_id[place : place + 4] for place in range(0, len(case_id), 4))


def _moment(moment: datetime | None, zone: ZoneInfo, language: str) -> str:
    if moment is None:
        return "待定" if language == "zh" else "not set yet"
    local = moment.astimezone(zone)
    if language == "zh":
        return f"{local.month}月{local.day}日 {local:%H:%M}"
    return f"{local.day} {local:%B, %H:%M}"
