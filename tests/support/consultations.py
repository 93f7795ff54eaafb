"""Consultations of the demo district (tests/support/wanglan.py), and people who answer them."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx

from chalicelib.consultations import once, service
from chalicelib.consultations.model import Consultation
from chalicelib.consultations.questions import Given, Question
from chalicelib.consultations.service import Paper
from chalicelib.people import form
from chalicelib.people.roles import Actor
from chalicelib.people.vault import Contact
from tests.support.wanglan import LIN, NOON

WEEK = timedelta(days=7)
SURVEY = (
    Question("", "single", "社区食堂最该先办什么？", True, ("早餐", "午餐", "送餐上门")),
    Question("", "multiple", "您愿意什么时候来？", False, ("工作日", "周末")),
    Question("", "scale", "现在的食堂您满意吗？", False, ("很不满意", "很满意"), 5),
    Question("", "text", "还有什么想说的？"),
)
DRAFT = "第一条 霁月花园每户一个固定车位。\n\n第二条 访客车辆停放不超过两小时。\n\n第三条 本办法自公布之日起施行。"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def drafted(kind: str = "survey", by: Actor = LIN, now: datetime = NOON, **known: Any) -> Consultation:
    """A survey of four questions, or a draft of three paragraphs."""
    asked, text = (SURVEY, "") if kind == "survey" else ((), DRAFT)
    given = {"title": "社区食堂怎么办", "intro": "请您说说。", "asked": asked, "text": text} | known
    return service.draft(service.new_id(), kind, **given, by=by, now=now)  # type: ignore[arg-type]


def opened(kind: str = "survey", by: Actor = LIN, now: datetime = NOON, closes: timedelta = WEEK) -> Consultation:
    """The same, and one can answer for a week."""
    return service.open_now(drafted(kind, by, now).id, now + closes, by=by, now=now)


def answers(chosen: dict[str, tuple[int, ...]] | None = None, **texts: str) -> Given:
    """What one person says: breakfast, if nothing else is said."""
    return Given({"q1": (1,)} if chosen is None else chosen, texts)


def answered(
    consultation: Consultation, given: Given | None = None, *, email: str = "", browser: str = "", now: datetime = NOON
) -> str:
    """One person answered; the answer's id."""
    paper = form.new_form(now)
    contact = Contact(email=email, tell="email") if email else None
    mark = browser or once.new_browser(consultation.id).mark
    service.answer(consultation, Paper(paper.case_id, mark, given or answers(), contact), now)
    return paper.case_id


def closed(kind: str = "survey", *, emails: tuple[str, ...] = ()) -> Consultation:
    """A consultation that is closed; those with an e-mail asked to be told."""
    consultation = opened(kind)
    said = answers({}, p1="太少了，一户两车怎么办？") if kind == "draft" else answers(q4="多放些素菜")
    for email in (*emails, ""):
        answered(consultation, said, email=email)
    return service.close(consultation.id, by=LIN, now=NOON + WEEK)


def send(who: httpx.Client, consultation: Consultation, opened_at: datetime, **fields: str) -> httpx.Response:
    """Send the form as a browser does that has opened it (or opens it now, for its cookie)."""
    who.get(f"/c/{consultation.id}")
    token = fields.pop("form", "") or str(form.new_form(opened_at))
    return who.post(f"/c/{consultation.id}", content=urlencode({"form": token, **fields}), headers=FORM)
