"""Notices, one of them public, and a small learning library. Texts are invented."""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.bulletin import library, service
from chalicelib.bulletin.model import Content
from chalicelib.people.roles import Actor
from infra.demo.matters import LIN

QIAO: Final = Actor("manager", "manager.qiao", "乔理事")
DAY: Final = timedelta(days=1)
EVIDENCE: Final = (
    "一件好建议有三样东西：有多少人、在哪里、从什么时候起。共同诉求的页面上都有，起草时会原样附上。\n\n"
    "再写清楚：请谁办，办成什么样算办好，什么时候能看到。"
)
GROUPS: Final = ("deputies",)


def load(now: datetime) -> None:
    """Put them in; one deputy has read the first notice and learned an item."""
    meeting = "请于下周三上午九点到区人大常委会会议室，议题：供热季保障。会前请看共同诉求“暖气不热”的进展。"
    first = service.publish(service.new_id(), "主任接待日会议通知", meeting, GROUPS, by=QIAO, now=now - 2 * DAY)
    service.read(first.id, by=LIN, now=now - DAY)
    open_day = "每月第一个星期六上午，各代表联络站对居民开放。带上问题来，不用预约。"
    service.publish(service.new_id(), "代表联络站开放日", open_day, GROUPS, public=True, by=QIAO, now=now - DAY)
    item = Content(title="怎样提好一件建议", topic="建议", text=EVIDENCE)
    text = library.add(service.new_id("L"), "text", item, by=QIAO, now=now - 3 * DAY)
    law = Content(title="全国人民代表大会和地方各级人民代表大会代表法", topic="法律", url="https://flk.npc.gov.cn/")
    library.add(service.new_id("L"), "link", law, by=QIAO, now=now - 3 * DAY)
    library.complete(text.id, by=LIN, now=now - DAY)
