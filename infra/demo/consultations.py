"""A survey that runs, and a draft whose comments were taken up and published. Texts are invented."""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.consultations import once, service
from chalicelib.consultations.model import Consultation
from chalicelib.consultations.questions import Given, Question
from chalicelib.consultations.service import Paper
from chalicelib.people import form
from infra.demo.matters import LIN

DAY: Final = timedelta(days=1)
SURVEY: Final = (
    Question("", "single", "社区食堂最该先办什么？", True, ("早餐", "午餐", "送餐上门", "不需要食堂")),
    Question("", "multiple", "您和家人会在什么时候来吃？", False, ("工作日早上", "工作日中午", "周末")),
    Question("", "scale", "现在的助餐点您满意吗？", False, ("很不满意", "很满意"), 5),
    Question("", "text", "还有什么想说的？"),
)
SAID: Final = (
    Given({"q1": (1,), "q2": (1, 2), "q3": (3,)}, {"q4": "早上六点半就开门最好，孩子上学早。"}),
    Given({"q1": (3,), "q2": (2,), "q3": (2,)}, {"q4": "老人下不了楼，能不能送到家？"}),
    Given({"q1": (3,), "q3": (2,)}),
    Given({"q1": (1,), "q2": (1,), "q3": (4,)}),
    Given({"q1": (2,), "q2": (2, 3)}),
    Given({"q1": (4,)}),
)
DRAFT: Final = (
    "第一条 小区内每户登记一个固定车位，登记信息只用于停车管理。\n\n"
    "第二条 访客车辆停放不超过两小时，需要更久的由住户在门岗登记。\n\n"
    "第三条 消防通道、单元门前不得停车，违反的由物业先联系车主，十分钟内不移车的可以拖离。\n\n"
    "第四条 本办法试行六个月，期满前由业主大会决定是否继续。"
)
COMMENTS: Final = (
    Given({}, {"p2": "访客两小时太短，老人的护工一来就是半天。"}),
    Given({}, {"p3": "十分钟不够，人可能在洗澡。", "all": "早就该管管了。"}),
    Given({}, {"p1": "一户两车的怎么办？"}),
)


def load(now: datetime) -> str:
    """Put both in; returns the id of the survey that runs."""
    _published(now)
    survey = service.draft(
        service.new_id(), "survey", "社区食堂怎么办", "填写约一分钟，不用留姓名。", SURVEY, "", by=LIN, now=now
    )
    running = service.open_now(survey.id, now + 14 * DAY, by=LIN, now=now)
    for given in SAID:
        _answer(running, given, now)
    return running.id


def _published(now: datetime) -> None:
    since, until = now - 20 * DAY, now - 6 * DAY
    title, intro = "霁月花园停车管理办法（征求意见稿）", "请逐段看看，哪一段有意见就写在哪一段。"
    made = service.draft(service.new_id(), "draft", title, intro, (), DRAFT, by=LIN, now=since)
    running = service.open_now(made.id, until + DAY, by=LIN, now=since)
    answers = [_answer(running, given, since + DAY) for given in COMMENTS]
    service.close(made.id, by=LIN, now=until)
    done = "第二条改为四小时，护工、家政可以由住户长期登记。"
    service.take_up(made.id, answers[0], "p2", done, by=LIN, now=until + DAY)
    service.take_up(
        made.id, answers[1], "p3", "第三条改为二十分钟，并要求物业打两次电话。", "十分钟不够", by=LIN, now=until + DAY
    )
    service.publish(made.id, "修改后的办法已交业主大会表决，三处意见采纳了两处。", by=LIN, now=until + 2 * DAY)


def _answer(consultation: Consultation, given: Given, now: datetime) -> str:
    paper = form.new_form(now)
    service.answer(consultation, Paper(paper.case_id, once.new_browser(consultation.id).mark, given), now)
    return paper.case_id
