"""Consultations, notices and the library, each operation once, as residents, deputies and managers do it."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec

from bench.district import Made, asked, opened, posted, told
from bench.life import paper
from chalicelib.consultations import once
from chalicelib.consultations.model import Consultation
from chalicelib.settings import settings
from tests.support import consultations
from tests.support.bulletin import item, notice

QUESTION = {"kind": "single", "text": "先办什么？", "options": ["早餐", "送餐"]}


def operations(deputy: str, manager: str) -> Iterator[tuple[str, Made]]:
    """What is done with consultations and the bulletin, by name. ``deputy`` and ``manager`` are tokens, ``deputy`` Lin's."""
    asked("/v1/me", "", deputy).made()  # who has signed out is known for ten seconds
    yield from _consultation(deputy)
    for token in (manager, deputy):
        asked("/v1/me", "", token).made()
    yield from _bulletin(deputy, manager)


def _id(made: Made) -> str:
    return str(msgspec.json.decode(made.page)["id"])


def _consultation(deputy: str) -> Iterator[tuple[str, Made]]:
    drafted = told("/v1/consultations", "", deputy, form="survey", title="食堂", questions=[QUESTION]).made()
    yield "drafting a survey", drafted
    until = (settings.now() + timedelta(days=7)).isoformat()
    yield "opening a survey", told(f"/v1/consultations/{_id(drafted)}/open", "", deputy, closes_at=until).made()
    asking = consultations.opened(now=settings.now())
    one = f"/v1/consultations/{asking.id}"
    yield "a survey's form", opened(f"/c/{asking.id}", "").made()
    yield "answering a survey", _answered(asking)
    for _ in range(20):
        consultations.answered(asking, consultations.answers(q4="多放些素菜"), now=settings.now())
    yield "results among staff", asked(f"{one}/results", "", deputy).made()
    comments = asked(f"{one}/comments", "", deputy).made()
    yield "a page of comments", comments
    comment = msgspec.json.decode(comments.page)["items"][0]["answer"]
    yield "taking up a comment", told(f"{one}/take_up", "", deputy, answer=comment, question="q4", text="办了").made()
    yield "closing a survey", told(f"{one}/close", "", deputy).made()
    yield "publishing results", told(f"{one}/publish", "", deputy, text="先办早餐").made()
    yield "results in public", opened(f"/open/consultations/{asking.id}", "").made()
    yield "consultations in public", opened("/open/consultations", "").made()


def _answered(asking: Consultation) -> Made:
    token, browser = paper(), once.new_browser(asking.id)
    call = posted(f"/c/{asking.id}", "", form=str(token), q1="1", q4="多放些素菜", website="")
    call.event["headers"]["cookie"] = f"{browser.name}={browser}"
    return call.made()


def _bulletin(deputy: str, manager: str) -> Iterator[tuple[str, Made]]:
    now = settings.now()
    said = {"title": "会议通知", "text": "请到会。", "groups": ["deputies"]}
    yield "publishing a notice", told("/v1/bulletin", "", manager, **said).made()
    sent, learned = notice(now=now), item(now=now)
    yield "list of notices", asked("/v1/bulletin", "", deputy).made()
    yield "a notice", asked(f"/v1/bulletin/{sent.id}", "", deputy).made()
    yield "acknowledging a notice", told(f"/v1/bulletin/{sent.id}/read", "", deputy).made()
    yield "who read a notice", asked(f"/v1/bulletin/{sent.id}/readers", "", manager).made()
    yield "the library, with progress", asked("/v1/library", "", deputy).made()
    yield "completing an item", told(f"/v1/library/{learned.id}/complete", "", deputy).made()
