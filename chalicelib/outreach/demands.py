"""Who is told of what happens to common demands, and of surges: staff only. Residents hear of it by their own case."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.demands.model import Demand
from chalicelib.demands.surge import Surge
from chalicelib.directory.model import Directory
from chalicelib.outreach.model import Notice, Whom
from chalicelib.spine.chain import Entry

TOLD: Final[Mapping[str, tuple[Whom, ...]]] = {
    "demand.proposed": ("deputy",),
    "demand.grew": ("body",),  # only where it says so: ten more people since the last time
    "demand.taken_up": ("deputy", "body"),
    "demand.reopened": ("deputy", "body"),
    "surge.surged": ("deputy", "body", "grid", "manager"),
}

# fact → subject, text, short form for a chat
TEXTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "demand.proposed": (
        "可能的共同诉求：{name}",
        "平台发现 {cases} 件留言可能是同一件事（{people} 人，{where}）。请确认、改名或否定。",
        "可能的共同诉求：{name}（{people}人）",
    ),
    "demand.grew": (
        "又有多人反映：{name}",
        "共同诉求“{name}”已有 {people} 人反映（{where}），请加快办理。",
        "“{name}”已有{people}人反映，请加快办理",
    ),
    "demand.taken_up": (
        "代表已牵头：{name}",
        "共同诉求“{name}”（{people} 人）已由代表牵头办理。",
        "“{name}”已由代表牵头办理",
    ),
    "demand.reopened": (
        "居民反映未解决：{name}",
        "共同诉求“{name}”有居民反映没有解决，已重新打开。",
        "“{name}”有居民反映未解决",
    ),
    "surge.surged": (
        "集中反映预警：{category}（{where}）",
        "{where}三天之内有 {people} 人反映“{category}”，平时三天约 {usual} 人。请尽快了解情况。",
        "预警：{where}三天内{people}人反映“{category}”",
    ),
}


@dataclass(frozen=True)
class Told:
    """A fact of a demand or a surge, with what the texts may name."""

    entry: Entry
    subject: Demand | Surge
    directory: Directory
    base_url: str

    @property
    def fact(self) -> str:
        """The fact with its kind: ``demand.grew``."""
        return f"{self.entry.kind}.{self.entry.type}"

    @property
    def grids(self) -> tuple[str, ...]:
        """The grids concerned."""
        return tuple(self.subject.grids) if isinstance(self.subject, Demand) else (self.subject.grid,)

    @property
    def deputies(self) -> tuple[str, ...]:
        """The deputies concerned."""
        if isinstance(self.subject, Demand):
            return tuple(self.subject.deputies)
        return tuple(deputy.id for grid in self.grids for deputy in self.directory.deputies_of(grid))

    def values(self) -> dict[str, str]:
        """What a text may name."""
        category = self.directory.category(self.subject.category)
        grids = [grid.name_zh for grid in map(self.directory.grid, self.grids) if grid]
        named = category.name_zh if category else "待分类"
        return {
            "name": self.subject.name if isinstance(self.subject, Demand) and self.subject.name else named,
            "people": str(self.entry.data.get("people", self.subject.people)),
            "cases": str(getattr(self.subject, "cases", "")),
            "category": named,
            "where": "、".join(grids) or "多处",
            "usual": f"{self.entry.data.get('usual', 0):.1f}",
        }


def notices(told: Told) -> Iterator[Notice]:
    """All notices of this fact. A demand that grew tells the body only at every tenth person."""
    if told.fact == "demand.grew" and not told.entry.data.get("remind"):
        return
    subject, text, short = (each.format_map(told.values()) for each in TEXTS[told.fact])
    link = f"\n\ndeputy demands show {told.subject.id}" if isinstance(told.subject, Demand) else ""
    for whom in TOLD[told.fact]:
        for who, to in _mailboxes(told, whom):
            yield Notice(who, "email", to, subject, text + link)
        for who, webhook in _chats(told, whom):
            yield Notice(who, "chat", webhook, "", short)


def _mailboxes(told: Told, whom: Whom) -> Iterator[tuple[str, str]]:
    body = told.directory.body(told.subject.body)
    if whom == "body" and body and body.mail:
        yield f"body:{body.id}", body.mail
    for user in told.directory.users:
        wanted = (whom == "deputy" and user.deputy in told.deputies) or (whom == "manager" and user.role == "manager")
        if wanted and user.mail:
            yield f"user:{user.username}", user.mail


def _chats(told: Told, whom: Whom) -> Iterator[tuple[str, str]]:
    body = told.directory.body(told.subject.body)
    if whom == "body" and body and body.chat_webhook:
        yield f"chat:body:{body.id}", body.chat_webhook
    for grid in map(told.directory.grid, told.grids):
        if whom == "grid" and grid and grid.chat_webhook:
            yield f"chat:grid:{grid.id}", grid.chat_webhook
