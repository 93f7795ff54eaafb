"""Telling people what happened: each fact once to each who is to know, and what came of it is on record.

Before a notice goes out it is claimed; a claim is never taken twice. So nobody is told twice, and a notice whose sending
was cut off in the middle is recorded as not told instead of being repeated on suspicion.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final

import msgspec

from chalicelib.activities import bookings
from chalicelib.activities import service as activities_service
from chalicelib.bulletin import service as bulletin_service
from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.consultations import service as consultations_service
from chalicelib.demands import service as demands_service
from chalicelib.directory import service as directory_service
from chalicelib.directory.model import Directory
from chalicelib.errors import NotFound
from chalicelib.outreach import (
    activities,
    bulletin,
    consultations,
    demands,
    model,
    performance,
    suggestions,
    supervision,
    webhooks,
)
from chalicelib.outreach.channels import WAYS, Undeliverable, code_of
from chalicelib.outreach.model import TOLD, Notice, Telling
from chalicelib.people import guard, vault
from chalicelib.performance import service as performance_service
from chalicelib.settings import settings
from chalicelib.spine import journal
from chalicelib.spine.aws import Cancelled
from chalicelib.spine.chain import Entry
from chalicelib.spine.queue import Message
from chalicelib.suggestions import service as suggestions_service
from chalicelib.supervision import ballots
from chalicelib.supervision import service as supervision_service
from chalicelib.telemetry import count, follow, logger

_TOLD: Final = (demands.TOLD, consultations.TOLD, suggestions.TOLD, activities.FACTS, supervision.TOLD, performance.TOLD)
TOLD_TO_PEOPLE: Final = frozenset(f"case.{fact}" for fact in TOLD).union(*_TOLD)
TOLD_BY_US: Final = TOLD_TO_PEOPLE | webhooks.OFFERED
ONLY_TO_PROGRAMS: Final = webhooks.OFFERED - TOLD_TO_PEOPLE


def tell(message: Message, now: datetime) -> None:
    """Tell everyone who is to know of one fact. Raises when a way failed for now: SQS brings the message again."""
    entry = journal.entry(message["dossier"], int(message["seq"]))
    if entry is None:
        raise NotFound(f"There is no fact {message['seq']} of {message['dossier']}")
    if answer := str(message.get("answer", "")):
        return _tell_asker(entry, answer, now)
    directory = directory_service.edition(now)
    if "webhook" in message:
        return webhooks.deliver(message, entry, directory, now)
    webhooks.ask(message, directory)
    return _tell_people(message, entry, directory, now)


def _tell_people(message: Message, entry: Entry, directory: Directory, now: datetime) -> None:
    if f"{entry.kind}.{entry.type}" in ONLY_TO_PROGRAMS:
        return
    notices = _notices(message, entry, directory)
    failed = [notice.who for notice in notices if not _told(notice, entry, now)]
    if failed:
        raise OSError(f"not told for now: {', '.join(failed)}")


def _notices(message: Message, entry: Entry, directory: Directory) -> Iterator[Notice]:
    """All notices of a fact; of a notice to groups those to the ``users`` that the message names."""
    if entry.kind == "notice":
        return bulletin.notices(entry, bulletin_service.found(entry.dossier), message.get("users", ()), directory)
    return _NOTICES[entry.kind](entry, directory)


def _tell_asker(entry: Entry, answer: str, now: datetime) -> None:
    """Tell one who asked to hear of a consultation's results; whatever came of it, their address goes."""
    told = _consultation(entry, directory_service.edition(now))
    if not all(_told(notice, entry, now) for notice in consultations.to_asker(told, answer)):
        raise OSError(f"not told for now: asker:{answer}")
    consultations_service.forget_asker(entry.dossier, answer)


def _of_case(entry: Entry, directory: Directory) -> Iterator[Notice]:
    telling = Telling(entry, cases.found(entry.dossier), directory, settings.base_url)
    for whom in model.wanted(telling):
        if whom == "resident":
            yield from _to_residents(telling)
        else:
            yield from model.to_staff(telling, whom)


def _of_demand(entry: Entry, directory: Directory) -> Iterator[Notice]:
    return demands.notices(demands.Told(entry, demands_service.found(entry.dossier), directory, settings.base_url))


def _of_surge(entry: Entry, directory: Directory) -> Iterator[Notice]:
    return demands.notices(demands.Told(entry, demands_service.surge_found(entry.dossier), directory, settings.base_url))


def _consultation(entry: Entry, directory: Directory) -> consultations.Told:
    return consultations.Told(entry, consultations_service.found(entry.dossier), directory, settings.base_url)


def _of_consultation(entry: Entry, directory: Directory) -> Iterator[Notice]:
    return consultations.notices(_consultation(entry, directory))


def _of_suggestion(entry: Entry, directory: Directory) -> Iterator[Notice]:
    return suggestions.notices(entry, suggestions_service.found(entry.dossier), directory)


def _of_activity(entry: Entry, directory: Directory) -> Iterator[Notice]:
    return activities.notices(activities.Told(entry, activities_service.found(entry.dossier), directory))


def _of_booking(entry: Entry, directory: Directory) -> Iterator[Notice]:
    booking = bookings.found(entry.dossier)
    contact = vault.unseal(booking.id) if booking.tell != "none" else None
    told = activities.ToldResident(entry, booking, directory, settings.base_url)
    return activities.to_resident(told, contact) if contact else iter(())


def _of_supervision(entry: Entry, directory: Directory) -> Iterator[Notice]:
    return supervision.of_item(entry, supervision_service.found(entry.dossier), directory)


def _of_appraisal(entry: Entry, directory: Directory) -> Iterator[Notice]:
    return supervision.of_appraisal(entry, ballots.found(entry.dossier), directory)


def _of_record(entry: Entry, directory: Directory) -> Iterator[Notice]:
    return performance.notices(entry, performance_service.found(entry.dossier), directory)


_NOTICES: Final[Mapping[str, Callable[[Entry, Directory], Iterator[Notice]]]] = {
    "case": _of_case,
    "demand": _of_demand,
    "surge": _of_surge,
    "consultation": _of_consultation,
    "suggestion": _of_suggestion,
    "activity": _of_activity,
    "booking": _of_booking,
    "supervision": _of_supervision,
    "appraisal": _of_appraisal,
    "record": _of_record,
}


def _to_residents(telling: Telling) -> Iterator[Notice]:
    """To the one who wrote; an answer also to those whose cases were joined to this one, and to theirs."""
    yield from _to_writer(telling, telling.case)
    if telling.entry.type in ("answered", "declined"):
        for joined in _joined_to(telling.case):
            yield from _to_writer(telling, joined)


def _joined_to(case: Case) -> Iterator[Case]:
    for joined in map(cases.found, case.joined):
        yield joined
        yield from _joined_to(joined)


def _to_writer(telling: Telling, case: Case) -> Iterator[Notice]:
    contact = vault.unseal(case.id) if case.tell != "none" else None
    if contact:
        yield from model.to_resident(telling, contact, case.id)


def _told(notice: Notice, entry: Entry, now: datetime) -> bool:
    """Whether this notice is settled: sent now, sent before, or recorded as undeliverable."""
    claim = f"told#{entry.dossier}#{entry.seq}#{notice.who}"
    state = guard.claim(claim, now)
    if state == "settled":
        return True
    outcome = "interrupted" if state == "taken" else _sent(notice, entry)
    if outcome == "later":
        guard.release(claim)
        return False
    _settle(claim, notice, entry, outcome, now)
    return True


def _sent(notice: Notice, entry: Entry) -> str:
    """Send it; "" when it went, a code when it never will, "later" when it may."""
    try:
        WAYS[notice.channel](notice, _tags(notice, entry))
    except Undeliverable as reason:
        return str(reason)
    except Exception as error:  # noqa: BLE001 - a way out may fail in any manner; the claim must be given back, whatever it was
        # Its code alone: what AWS or a robot says in words may name the address.
        logger.error("A notice could not be sent for now", dossier=entry.dossier, seq=entry.seq, because=code_of(error))
        return "later"
    return ""


def _tags(notice: Notice, entry: Entry) -> dict[str, str]:
    """What comes back with a bounce: whose notice it was, of which fact. SES takes letters, digits, dashes and underscores.
    https://docs.aws.amazon.com/ses/latest/APIReference/API_MessageTag.html"""
    who = "resident" if notice.case else re.sub(r"[^A-Za-z0-9-]", "_", notice.who)
    return {"dossier": notice.case or entry.dossier, "seq": str(entry.seq), "who": who}


def _settle(claim: str, notice: Notice, entry: Entry, outcome: str, now: datetime) -> None:
    """Put on record what came of it: for a resident in the case's journal, for staff beside the claim."""
    count("NotTold" if outcome else "Told")
    if not notice.case:
        guard.settle(claim, outcome or "sent", now)
        return
    data = {"of": entry.seq, "fact": entry.type, "channel": notice.channel}
    data |= {"because": outcome} if outcome else {}
    data |= {"in": entry.dossier} if entry.dossier != notice.case else {}
    fact, settled = ("not_told" if outcome else "told"), guard.settled(claim, outcome or "sent", now)
    cases.observe(notice.case, fact, data, now=now, also=[settled])


class _Mail(msgspec.Struct, rename="camel"):
    message_id: str = ""
    tags: dict[str, list[str]] = {}


class _MailEvent(msgspec.Struct, rename="camel"):
    """https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html"""

    event_type: str = ""
    notification_type: str = ""
    mail: _Mail = msgspec.field(default_factory=_Mail)


def mail_event(text: str, now: datetime) -> None:
    """A bounce or a complaint that SES tells of: a fact of the case whose notice it was, once however often it is told."""
    event = msgspec.json.decode(text, type=_MailEvent)
    follow(event.mail.message_id)
    kind, tags = (event.event_type or event.notification_type).lower(), event.mail.tags
    if kind not in ("bounce", "complaint") or not {"dossier", "seq"} <= tags.keys():
        return
    data = {"of": int(tags["seq"][0]), "kind": kind, "who": tags.get("who", [""])[0]}
    once = guard.once(f"bounced#{event.mail.message_id}#{kind}", now)
    with suppress(Cancelled):
        with suppress(NotFound):  # a notice of a demand went to staff: there is no resident who was not reached
            cases.observe(tags["dossier"][0], "bounced", data, now=now, also=[once])
        count("Bounced")
