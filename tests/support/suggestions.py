"""Suggestions of the demo district (tests/support/wanglan.py), brought as far as a test needs them by the verbs themselves."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.demands.model import Demand
from chalicelib.people.roles import Actor
from chalicelib.suggestions import service
from chalicelib.suggestions.model import Document, Suggestion
from tests.support.demands import confirmed, written
from tests.support.wanglan import GAO, HEATING, LIN, NOON, QIAO

TITLE, TEXT = "关于推行供暖网格化服务的建议", "建议热力公司在每个小区设网格员，热线两小时内回应。"
DOCUMENT = Document("望澜区供暖服务办法", "望政办〔2026〕12号", "2026-11-20", "https://www.example.org/12")
DAY: Final = timedelta(days=1)


def demand() -> Demand:
    """A confirmed demand of Lin's ward, of two cases."""
    return confirmed(written(), written())


def draft(*demands: Demand, by: Actor = LIN, now: datetime = NOON, **said: str) -> Suggestion:
    """Lin's draft, of these demands or of a fresh one."""
    ids = [each.id for each in demands or (demand(),)]
    return service.draft(service.new_id(), said.get("title", TITLE), said.get("text", TEXT), ids, by=by, now=now)


def invited(suggestion: Suggestion) -> Suggestion:
    return service.invite(suggestion.id, ["gao-xiulan"], by=LIN, now=NOON)


def submitted(suggestion: Suggestion | None = None) -> Suggestion:
    return service.submit((suggestion or draft()).id, by=LIN, now=NOON)


def accepted(suggestion: Suggestion | None = None) -> Suggestion:
    return service.accept(submitted(suggestion).id, by=QIAO, now=NOON)


def assigned(suggestion: Suggestion | None = None, *, hard: bool = False, now: datetime = NOON) -> Suggestion:
    held = accepted(suggestion)
    return service.assign(held.id, "heating-company", ["housing-bureau"], hard=hard, by=QIAO, now=now)


def asked(suggestion: Suggestion | None = None, until: str = "2027-03-31") -> Suggestion:
    held = suggestion or assigned()
    return service.ask_extension(held.id, until, "管网改造要等停暖", by=HEATING, now=NOON)


def replied(suggestion: Suggestion | None = None, now: datetime = NOON) -> Suggestion:
    held = suggestion or assigned()
    return service.reply(held.id, "planned", "列入明年计划", by=HEATING, now=now)


def evaluated(suggestion: Suggestion | None = None, result: Any = "satisfied", now: datetime = NOON) -> Suggestion:
    return service.evaluate((suggestion or replied(now=now)).id, "satisfied", result, by=LIN, now=now)


def closed() -> Suggestion:
    return service.move("close", evaluated().id, by=QIAO, now=NOON)


def documented(suggestion: Suggestion | None = None, document: Document = DOCUMENT) -> Suggestion:
    return service.document((suggestion or accepted()).id, document, by=QIAO, now=NOON)


def cosigned(suggestion: Suggestion | None = None) -> Suggestion:
    return service.cosign(invited(suggestion or draft()).id, by=GAO, now=NOON)


# How far a suggestion must be for each move.
BEFORE: Final[Mapping[str, Callable[[], Suggestion]]] = {
    "edit": draft,
    "invite": draft,
    "cosign": lambda: invited(draft()),
    "decline": lambda: invited(draft()),
    "submit": draft,
    "withdraw": draft,
    "accept": submitted,
    "return": submitted,
    "merge": submitted,
    "assign": accepted,
    "interim": assigned,
    "ask_extension": assigned,
    "extend": asked,
    "refuse_extension": asked,
    "reply": assigned,
    "evaluate": replied,
    "document": assigned,
    "hand_over": submitted,
    "close": evaluated,
}
