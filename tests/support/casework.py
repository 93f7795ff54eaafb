"""Cases of the demo district (tests/support/wanglan.py), written and routed as residents and workers do it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chalicelib.cases import service
from chalicelib.cases.model import Case
from chalicelib.people import form
from chalicelib.people.form import FormToken
from chalicelib.people.roles import A_RESIDENT
from chalicelib.people.vault import Contact
from chalicelib.spine import journal
from chalicelib.spine.chain import Entry
from tests.support.wanglan import NOON

COLD = "家里暖气不热，只有12度，热力热线一直打不通"  # goes to the heating company, with an answer promised in two hours
NAME, EMAIL, PHONE = "王秀英", "w.xiuying@example.org", "13800138000"


def paper(now: datetime = NOON) -> FormToken:
    """A form that was opened."""
    return form.new_form(now)


def message(opened: FormToken, text: str = COLD, tell: str = "email", language: str = "zh", **known: Any) -> service.Message:
    """What the form would hand on; ``known`` is category, grid, address, deputy, door."""
    contact = Contact(NAME, EMAIL, PHONE, language, tell, opened.tracking_token)  # type: ignore[arg-type]
    return service.Message(
        id=opened.case_id,
        text=text,
        salt="s",
        language=language,
        token_hash=form.token_hash(opened.tracking_token),
        contact=contact if tell != "none" else None,
        **{"deputy": "lin-jianwei", **known},
    )


def sent(opened: FormToken | None = None, now: datetime = NOON, **known: Any) -> Case:
    """A message that came in."""
    return service.submit(message(opened or paper(now), **known), by=A_RESIDENT, now=now)


def routed(opened: FormToken | None = None, now: datetime = NOON, **known: Any) -> Case:
    """A message that came in and was routed."""
    case = sent(opened, now, **known)
    service.route(case.id, now)
    return service.found(case.id)


def facts(case_id: str) -> list[str]:
    """The types of everything that happened to a case."""
    return [entry.type for entry in journal.entries(case_id)]


def facts_of(case_id: str, *types: str) -> Iterator[Entry]:
    """The entries of these types, in their order."""
    return (entry for entry in journal.entries(case_id) if entry.type in types)
