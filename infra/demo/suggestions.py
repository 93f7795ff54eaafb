"""Two suggestions of the demo district: one that a document came of, one that waits for its reply. Texts are invented."""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.cases import service as cases
from chalicelib.demands import service as demands
from chalicelib.demands.model import Demand
from chalicelib.people.roles import Actor
from chalicelib.settings import settings
from chalicelib.suggestions import service
from chalicelib.suggestions.model import Document
from infra.demo.matters import LIN, Matter, send

GAO: Final = Actor("deputy", "deputy.gao", "高秀岚", deputy="gao-xiulan")
HEATING: Final = Actor("officer", "officer.heating", "孙热力", body="heating-company")
QIAO: Final = Actor("manager", "manager.qiao", "乔理事")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

COLD_FLATS: Final = tuple(
    Matter(text, grid=grid, email=f"resident.{letter}@wanglan.example.org")
    for letter, grid, text in (
        ("k", "weidu-1", "停暖检修后家里暖气一直不热，热力公司电话打了三天没人接。"),
        ("l", "weidu-1", "暖气片是凉的，报修热线总是占线，不知道该找谁。"),
        ("m", "weidu-2", "我们楼暖气不热，邻居都在问，热力公司没有人到小区来看。"),
    )
)
TITLE: Final = "关于推行供暖网格化服务的建议"
TEXT: Final = """居民反映，供暖问题往往不是修不好，而是找不到人：热线打不通，报修没有回音。

建议热力公司按网格派驻服务人员，进入各小区居民群；供暖热线两小时内回应；每周公布各小区报修和办结情况。"""
WAITING_TITLE: Final = "关于提前公布检修停暖时间的建议"
WAITING_TEXT: Final = "建议热力公司至少提前三天，在小区公告栏和居民群公布检修停暖的时间和范围。"


def load(now: datetime) -> str:
    """Put both in; returns the id of the one that a document came of."""
    pattern = _demand(now - 80 * DAY)
    id = _with_a_document(pattern, now)
    _waiting(pattern, now - 20 * DAY)
    return id


def _demand(began: datetime) -> Demand:
    """Last winter's matters, answered one by one, and put together as one."""
    written = [_answered(matter, began + number * DAY) for number, matter in enumerate(COLD_FLATS)]
    return demands.create(demands.new_id(), "供暖报修没有回应", written, by=QIAO, now=began + 5 * DAY)


def _answered(matter: Matter, at: datetime) -> str:
    case, _ = send(matter, at)
    cases.route(case.id, at)
    cases.move("answer", case.id, by=HEATING, now=at + HOUR, text="已派人上门排气，室温恢复到二十度。")
    cases.confirm(cases.found(case.id), 4, now=at + 20 * HOUR)
    return case.id


def _submitted(pattern: Demand, title: str, text: str, at: datetime) -> str:
    made = service.draft(service.new_id(), title, text, [pattern.id], by=LIN, now=at)
    service.invite(made.id, [GAO.deputy], by=LIN, now=at + HOUR)
    service.cosign(made.id, by=GAO, now=at + 3 * HOUR)
    return service.submit(made.id, by=LIN, now=at + 4 * HOUR).id


def _assigned(id: str, at: datetime) -> None:
    service.accept(id, by=QIAO, now=at)
    service.assign(id, "heating-company", ["housing-bureau"], by=QIAO, now=at + HOUR)


def _waiting(pattern: Demand, at: datetime) -> None:
    _assigned(_submitted(pattern, WAITING_TITLE, WAITING_TEXT, at), at + DAY)


def _with_a_document(pattern: Demand, now: datetime) -> str:
    id = _submitted(pattern, TITLE, TEXT, now - 70 * DAY)
    _assigned(id, now - 69 * DAY)
    service.move("interim", id, by=HEATING, now=now - 50 * DAY, text="正在三个小区试点，每个网格两名服务人员。")
    text = "已在全区推行供暖网格化服务，供暖热线两小时内回应，每周公布办结情况。"
    service.reply(id, "solved", text, by=HEATING, now=now - 30 * DAY)
    service.evaluate(id, "satisfied", "satisfied", "热线打得通了。", by=LIN, now=now - 25 * DAY)
    signed = (now - 3 * DAY).astimezone(settings.zone).date()
    document = Document("望澜区供暖服务管理办法", f"望政办〔{signed.year}〕12号", signed.isoformat())
    service.document(id, document, by=QIAO, now=now - DAY)
    return id
