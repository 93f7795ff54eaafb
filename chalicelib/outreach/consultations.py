"""Who is told of consultations: those who made them, the managers, and at the end whoever asked to be told.

Those are residents, whose address lies in the vault until then: one message each, and then it goes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from chalicelib.consultations import service
from chalicelib.consultations.model import Consultation
from chalicelib.directory.model import Directory
from chalicelib.outreach import staff
from chalicelib.outreach.model import Notice
from chalicelib.outreach.staff import Wording
from chalicelib.people import vault
from chalicelib.spine.chain import Entry

Whom = Literal["maker", "manager"]

TOLD: Final[Mapping[str, tuple[Whom, ...]]] = {
    "consultation.opened": ("maker", "manager"),
    "consultation.closed": ("maker", "manager"),
}
ASKERS: Final = "consultation.published"  # of which residents are told, by a message each

TEXTS: Final[Mapping[str, Wording]] = {
    "consultation.opened": Wording(
        "征询已开始：{title}",
        "征询“{title}”已开始，{until}结束。\n填写页面：{url}\n二维码：{url}/qr.svg",
        "征询“{title}”已开始",
    ),
    "consultation.closed": Wording(
        "征询已结束：{title}",
        "征询“{title}”已结束。请查看结果和意见，说明采纳情况，然后公布。\n\ndeputy consultations results {id}",
        "征询“{title}”已结束，请处理意见并公布",
    ),
}
RESULTS: Final[Mapping[str, tuple[str, str]]] = {
    "zh": (
        "结果已公布：{title}",
        "您参加的征询“{title}”已公布结果和采纳情况：\n{results}\n\n您的邮箱地址只用于这一次告知，现已删除。\n{district}人大代表零距离平台",
    ),
    "en": (
        "Results are out: {title}",
        "The results of “{title}”, which you answered, are out, with what was done about them:\n{results}\n\n"
        "Your address was used for this one message and is erased now.\nZero Distance, {district}",
    ),
}


@dataclass(frozen=True)
class Told:
    """A fact of a consultation, with what the texts may name."""

    entry: Entry
    consultation: Consultation
    directory: Directory
    base_url: str

    def values(self, language: str = "zh") -> dict[str, str]:
        """What a text may name."""
        zone, closes = self.directory.calendar_for().zone, self.consultation.closes_at
        return {
            "id": self.consultation.id,
            "title": self.consultation.title,
            "until": f"{closes.astimezone(zone):%Y-%m-%d %H:%M}" if closes else "",
            "url": f"{self.base_url}/c/{self.consultation.id}",
            "results": f"{self.base_url}/open/consultations/{self.consultation.id}",
            "district": self.directory.district.name(language),
        }


def notices(told: Told) -> Iterator[Notice]:
    """All notices of this fact to staff."""
    fact = f"{told.entry.kind}.{told.entry.type}"
    if fact not in TOLD:  # of the results staff know: one of them published them
        return
    ways = {
        "maker": staff.persons(told.directory, [told.consultation.maker]),
        "manager": staff.having(told.directory, "manager"),
    }
    yield from staff.notices(TEXTS[fact], told.values(), *(ways[whom] for whom in TOLD[fact]))


def to_asker(told: Told, answer: str) -> Iterator[Notice]:
    """The one message to whoever gave this answer and asked to be told; none if their address is gone."""
    contact = vault.unseal(service.vault_id(told.consultation.id, answer))
    if contact and contact.email:
        subject, text = (each.format_map(told.values(contact.language)) for each in RESULTS[contact.language])
        yield Notice(f"asker:{answer}", "email", contact.email, subject, text)
