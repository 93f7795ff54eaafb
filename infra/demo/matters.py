"""A few residents' matters, each at another point of its life. Texts are invented."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.cases import service
from chalicelib.cases.model import Case
from chalicelib.people import form
from chalicelib.people.roles import A_RESIDENT, Actor
from chalicelib.people.vault import Contact

LIN: Final = Actor("deputy", "deputy.lin", "林见微", deputy="lin-jianwei")
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Matter:
    """What someone wrote, and how to tell them."""

    text: str
    grid: str = ""
    address: str = ""
    email: str = ""
    language: str = "zh"


COLD: Final = Matter(
    "家里暖气从昨天晚上开始就不热，室温只有13度。老人八十多岁，夜里冻得睡不着。打供热公司电话一直没人接。",
    address="3号楼2单元501",
    email="resident.a@wanglan.example.org",
)
ANSWERED: Final = Matter(
    "小区门口的路灯坏了三盏，晚上黑得看不见台阶，前天有位老人摔了一跤。", email="resident.b@wanglan.example.org"
)
ASKED: Final = Matter("楼上卫生间漏水，天花板都湿了，找物业推了两个星期。", email="resident.c@wanglan.example.org")
UNCLEAR: Final = Matter("想反映一下那件事，上次说过的，麻烦尽快处理，谢谢。")
ENGLISH: Final = Matter(
    "The bus stop sign at the east gate has been lying on the ground since the storm.",
    email="resident.d@wanglan.example.org",
    language="en",
)


def send(matter: Matter, now: datetime, deputy: str = "lin-jianwei") -> tuple[Case, str]:
    """Submit a matter as its writer would; returns the case and the token of its page."""
    paper = form.new_form(now)
    contact = Contact(email=matter.email, tell="email", tracking_token=paper.tracking_token)
    message = service.Message(
        id=paper.case_id,
        deputy=deputy,
        text=matter.text,
        salt=secrets.token_hex(16),
        grid=matter.grid,
        address=matter.address,
        language=matter.language,
        token_hash=form.token_hash(paper.tracking_token),
        contact=replace(contact, language="en" if matter.language == "en" else "zh") if matter.email else None,
    )
    return service.submit(message, by=A_RESIDENT, now=now), paper.tracking_token


def load(now: datetime) -> str:
    """Put the matters in; returns the token of the page of one that was answered and waits for the resident's word."""
    token = _answered(now)
    _asked(now)
    for matter in (UNCLEAR, ENGLISH, COLD):
        send(matter, now)
    return token


def _answered(now: datetime) -> str:
    case, token = send(ANSWERED, now - 26 * HOUR)
    service.route(case.id, now - 26 * HOUR)
    service.move("acknowledge", case.id, by=LIN, now=now - 25 * HOUR)
    service.move("note", case.id, by=LIN, now=now - 20 * HOUR, text="已请城管局派人到现场看过，需要更换三盏灯头。", public=True)
    text = "三盏路灯已经全部换好，台阶处加装了一盏感应灯。今晚请您看看够不够亮。"
    service.move("answer", case.id, by=LIN, now=now - 2 * HOUR, text=text)
    return token


def _asked(now: datetime) -> None:
    case, _ = send(ASKED, now - 5 * HOUR)
    service.route(case.id, now - 5 * HOUR)
    service.move(
        "ask", case.id, by=LIN, now=now - 4 * HOUR, text="请问是几号楼几单元？什么时间家里有人，我们和住建局一起上门看。"
    )
