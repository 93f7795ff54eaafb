"""All that is held about a matter, as a file for the one who wrote it: words, contact details, what happened, photos.

Personal Information Protection Law of the People's Republic of China, article 45: whoever a datum is about may have a copy of
it. What colleagues noted for each other is named as a fact without its words; whoever looked at the contact details is named.
A file costs three reads and, where there are contact details, one call to KMS.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Final

import msgspec

from chalicelib.cases import service
from chalicelib.cases.model import Case
from chalicelib.cases.pages import routes
from chalicelib.cases.pages.matter import no_matter, tracked
from chalicelib.cases.shapes import Promised, Said, promised, said
from chalicelib.cases.tracking import is_public
from chalicelib.people import form, vault
from chalicelib.settings import settings
from chalicelib.spine.chain import Entry
from chalicelib.web.door import Answer, Request, door, shown
from chalicelib.web.frame import PRIVATE

TOLD: Final = ("text", "reason", "instead")  # what a public fact says in people's words


class Held(msgspec.Struct, frozen=True):
    """How the writer can be reached, as it lies in the vault."""

    name: str
    email: str
    phone: str
    language: str
    tell: str


class Fact(msgspec.Struct, frozen=True, omit_defaults=True):
    """What happened, when and by whom (a role); ``text``, ``reason`` and ``instead`` where it was said to the writer."""

    seq: int
    type: str
    at: datetime
    by: str
    text: str = ""
    reason: str = ""
    instead: str = ""


class Everything(msgspec.Struct, frozen=True, kw_only=True):
    """All that is held about a matter; ``photos`` are addresses. ``contact`` is null where there is none (any more)."""

    id: str
    status: str
    received_at: datetime
    category: str
    grid: str
    deputy: str
    body: str
    door: str
    language: str
    verdict: str
    satisfaction: int
    words: list[Said]
    contact: Held | None
    photos: list[str]
    promises: list[Promised]
    facts: list[Fact]


@door(routes, "GET /m/{token}/export", refuse=no_matter)
def save_matter(request: Request) -> Annotated[Answer, Everything]:
    """All that is held about the matter, as a JSON file."""
    case = tracked(request)
    address = f"{settings.base_url}/m/{form.plain(request.params['token'])}"
    saved = {"Content-Disposition": f'attachment; filename="{case.id}.json"'}
    return shown(_everything(case, service.timeline(case), address, request.now), headers=saved | PRIVATE)


def _everything(case: Case, entries: list[Entry], address: str, now: datetime) -> Everything:
    return Everything(
        id=case.id,
        status=case.status,
        received_at=case.created_at,
        category=case.category,
        grid=case.grid,
        deputy=case.deputy,
        body=case.body,
        door=case.door,
        language=case.language,
        verdict=case.verdict,
        satisfaction=case.satisfaction,
        words=[said(words) for words in case.words],
        contact=_contact(case),
        photos=[f"{address}/photos/{number}" for number in range(len(case.photos))],
        promises=[promised(clock, now) for clock in case.clocks.values()],
        facts=list(_facts(entries)),
    )


def _contact(case: Case) -> Held | None:
    found = vault.unseal(case.id) if case.sealed else None
    return Held(found.name, found.email, found.phone, found.language, found.tell) if found else None


def _facts(entries: list[Entry]) -> Iterator[Fact]:
    for entry in entries:
        told = {name: str(entry.data.get(name, "")) for name in TOLD} if is_public(entry) else {}
        yield Fact(entry.seq, entry.type, entry.at, entry.role, **told)
