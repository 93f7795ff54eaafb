"""Performance records of the demo district: a year that fills, one for review, one that is appealed. Texts are invented."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.people.roles import Actor
from chalicelib.performance import importing, service
from chalicelib.performance.importing import ImportRow
from chalicelib.performance.service import Written
from chalicelib.settings import settings
from infra.demo.matters import LIN

GAO: Final = Actor("deputy", "deputy.gao", "高秀岚", deputy="gao-xiulan")
QIAO: Final = Actor("manager", "manager.qiao", "乔理事")
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Deed:
    """What a deputy did so many days ago."""

    by: Actor
    ago: int
    kind: str
    title: str
    place: str
    text: str = ""
    shown: bool = True


APPROVED: Final = (
    Deed(LIN, 30, "visit", "入户听取供暖意见", "苇渡社区", "走访十二户，收集意见九条，七条当场转供热公司。"),
    Deed(LIN, 24, "inspection", "视察换热站检修", "苇渡换热站"),
    Deed(LIN, 16, "reception", "接待选民八人次", "苇渡代表联络站", "涉及供暖、路灯、停车，均已登记。"),
    Deed(LIN, 9, "research", "老旧小区管网调研", "苇渡片区", "形成调研报告一份。"),
    Deed(LIN, 7, "family-help", "看望结对困难家庭", "苇渡社区", shown=False),
    Deed(GAO, 20, "visit", "走访沿街商户", "苇渡南街", "听取夜间停车和垃圾清运意见。"),
    Deed(GAO, 5, "charity", "参加义务清雪", "苇渡南街"),
)
WAITING: Final = Deed(LIN, 2, "visit", "回访供暖投诉住户", "苇渡社区", "五户均已恢复供暖。")
RETURNED: Final = Deed(GAO, 3, "research", "夜间停车调研", "苇渡南街")
OLDER: Final = (
    ("lin-jianwei", "visit", "03-18", "走访独居老人", "苇渡社区"),
    ("lin-jianwei", "report", "12-20", "向选区选民述职", "苇渡社区活动室"),
    ("gao-xiulan", "inspection", "06-05", "视察校园食品安全", "苇渡小学"),
    ("feng-baoguo", "reception", "04-11", "接待选民五人次", "苇渡代表联络站"),
)


def load(now: datetime) -> str:
    """Put them in; returns the deputy whose public page shows most."""
    importing.bring_in(list(_older(now)), by=QIAO, now=now)
    for deed in APPROVED:
        record = _submitted(deed, now)
        service.accept("approve", record, by=QIAO, now=now - (deed.ago - 1) * DAY)
    _submitted(WAITING, now)
    returned = _submitted(RETURNED, now)
    service.move("return", returned, by=QIAO, now=now - 2 * DAY, reason="请附调研情况说明")
    service.move("appeal", returned, by=GAO, now=now - DAY, reason="说明已在九月的报告中提交，请核对")
    return LIN.deputy


def _submitted(deed: Deed, now: datetime) -> str:
    at = now - deed.ago * DAY
    day = at.astimezone(settings.zone).date().isoformat()
    written = Written(deed.kind, day, deed.title, deed.place, deed.text, deed.shown)
    return service.draft(service.new_id(), written, submit=True, by=deed.by, now=at).id


def _older(now: datetime) -> Iterator[ImportRow]:
    year = now.astimezone(settings.zone).year - 1
    for row, (deputy, kind, day, title, place) in enumerate(OLDER, start=2):
        yield ImportRow(row, deputy, kind, f"{year}-{day}", title, place)
