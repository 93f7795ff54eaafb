"""Supervision in the demo: an item that is overdue, one that waits for deputies to look, and an appraisal that was called."""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.people.roles import Actor
from chalicelib.supervision import ballots, service

QIAO: Final = Actor("manager", "manager.qiao", "乔理事")
TANG: Final = Actor("supervisor", "supervisor.tang", "唐监督")
HOUSING: Final = Actor("officer", "officer.housing", "房安居", body="housing-bureau")
DAY: Final = timedelta(days=1)


def load(now: datetime) -> str:
    """Put them in; returns the id of the appraisal."""
    _overdue(now - 40 * DAY)
    _to_be_looked_at(now - 3 * DAY)
    dates = now + timedelta(minutes=5), now + 3 * DAY, now + 6 * DAY
    return ballots.call(ballots.new_id(), f"{now.year} 年度承办单位评议", (), dates, by=QIAO, now=now).id


def _overdue(at: datetime) -> None:
    text = "老船厂宿舍三号换热站入冬以来停运四次，多户室温不足十六度。"
    item = service.open_by_hand(
        service.new_id(), "老船厂宿舍换热站多次停运", "heating-company", text, category="heating", by=TANG, now=at
    )
    service.notice(item.id, "请检修换热站，更换老化循环泵，并在小区公示检修结果。", by=TANG, now=at + DAY)


def _to_be_looked_at(at: datetime) -> None:
    text = "盐仓安置房外墙保温层脱落，居民多次反映未处理。"
    item = service.open_by_hand(service.new_id(), "盐仓安置房外墙保温脱落", "housing-bureau", text, by=QIAO, now=at)
    service.notice(item.id, "请设置围挡，修复外墙保温层。", by=QIAO, now=at)
    service.rectify(item.id, "已设围挡，脱落部位已修复，请现场核查。", by=HOUSING, now=at + 2 * DAY)
