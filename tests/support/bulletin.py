"""Notices and items of the library in the demo district (tests/support/wanglan.py)."""

from datetime import datetime
from typing import Any

from chalicelib.bulletin import library, service
from chalicelib.bulletin.model import Content, Form, Item, Notice
from tests.support.wanglan import NOON, QIAO

MEETING = "第三次会议通知"


def notice(*groups: str, now: datetime = NOON, **known: Any) -> Notice:
    """A notice of the manager's to these groups, or to the deputies."""
    given = {"title": MEETING, "text": "请于周五上午九点到会。"} | known
    return service.publish(service.new_id(), groups=groups or ("deputies",), **given, by=QIAO, now=now)


def item(now: datetime = NOON, **known: Any) -> Item:
    """A text to learn."""
    form: Form = known.pop("form", "text")
    content = Content(**{"title": "怎样提好一件建议", "text": "先看证据，再写办法。"} | known)
    return library.add(service.new_id("L"), form, content, by=QIAO, now=now)
