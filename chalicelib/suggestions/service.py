"""The verbs of deputies' suggestions: one function, one use case; each loads, decides and records once.

They raise NotFound (also for another deputy's draft: an id tells nothing), NotAllowed, IllegalMove (with the moves that are
legal now), Invalid and Conflict (someone else moved it first). ``also`` are writes of the same transaction.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from chalicelib.demands import service as demands
from chalicelib.demands.model import PUBLIC as PUBLIC_DEMANDS
from chalicelib.directory import service as directory_service
from chalicelib.directory.kinds import Step as PromiseStep
from chalicelib.directory.model import USUAL_LADDER, Directory, Promised
from chalicelib.errors import Invalid, NotFound
from chalicelib.files import service as files
from chalicelib.people import form
from chalicelib.people.roles import Actor, the_system
from chalicelib.settings import settings
from chalicelib.spine import dossiers, journal
from chalicelib.spine.aws import Write
from chalicelib.spine.chain import Entry
from chalicelib.spine.clock import LONGEST, Clock, Promise, start_clock
from chalicelib.spine.dossier import Duty, Step
from chalicelib.suggestions import model
from chalicelib.suggestions.evidence import Evidence, snapshot
from chalicelib.suggestions.model import REPLY, Asked, Class, Document, Grade, Suggestion
from chalicelib.suggestions.register import Register, register_id, register_of
from chalicelib.telemetry import count

# What holds where a directory says nothing: the terms of the law's usual rules.
_DAYS: Final[Mapping[PromiseStep, int]] = {"reply": 90, "reply_hard": 180, "reply_again": 30}
USUAL: Final[Mapping[PromiseStep, Promised]] = {
    step: Promised(Promise(REPLY, "elapsed", timedelta(days=days)), USUAL_LADDER) for step, days in _DAYS.items()
}
END_OF_DAY: Final = time(23, 59, 59)


def new_id() -> str:
    """The id of a suggestion."""
    return "S" + "".join(secrets.choice(form.ALPHABET) for _ in range(form.CASE_ID))


def found(suggestion_id: str) -> Suggestion:
    """A suggestion, whoever asks. Raises NotFound."""
    return dossiers.load(Suggestion, suggestion_id)


def loaded(suggestion_id: str, by: Actor) -> Suggestion:
    """A suggestion, if this actor may see it. Raises NotFound otherwise, as for an id that does not exist."""
    suggestion = found(suggestion_id)
    if not suggestion.may_see(by):
        raise NotFound(f"There is no suggestion {suggestion_id}")
    return suggestion


def timeline(suggestion: Suggestion) -> list[Entry]:
    """Everything that happened to it, in order. One query."""
    return journal.entries(suggestion.id)


# Drafting and signing


def draft(
    id: str, title: str, text: str, demand_ids: Sequence[str], *, by: Actor, now: datetime, also: Sequence[Write] = ()
) -> Suggestion:
    """Begin a suggestion from common demands, with the evidence as it stands now. One read and one transaction."""
    evidence = _evidence(demand_ids, by, now)
    category = max(evidence, key=lambda each: each.people).category
    step = model.drafted(id, _said("title", title), text.strip(), evidence, _today(now), category=category, by=by, at=now)
    return dossiers.record(step, also=also)


def edit(
    suggestion_id: str,
    *,
    title: str | None = None,
    text: str | None = None,
    demand_ids: Sequence[str] | None = None,
    renew: bool = False,
    by: Actor,
    now: datetime,
    also: Sequence[Write] = (),
) -> Suggestion:
    """Change a draft. What is None stays; a demand that is named anew brings its evidence, ``renew`` takes all of it anew."""
    held = loaded(suggestion_id, by)
    wanted = held.demands if demand_ids is None else tuple(dict.fromkeys(demand_ids))
    named = [id for id in wanted if renew or id not in held.demands]
    if not wanted:
        raise Invalid("demands", "Name at least one common demand that it comes of", "missing")
    fresh = _evidence(named, by, now) if named else ()
    new_title = held.title if title is None else _said("title", title)
    new_text = held.text if text is None else text.strip()
    return dossiers.record(held.edit(new_title, new_text, _bounded(wanted), fresh, by=by, at=now), also=also)


def _evidence(demand_ids: Sequence[str], by: Actor, now: datetime) -> tuple[Evidence, ...]:
    wanted = _bounded(tuple(dict.fromkeys(demand_ids)))
    known = {demand.id: demand for demand in demands.several(wanted, by)}
    for id in wanted:
        if id not in known:
            raise Invalid("demands", f"There is no demand {id} that concerns you", "unknown_demand")
        if known[id].status not in PUBLIC_DEMANDS:
            raise Invalid("demands", f"{id} is {known[id].status}; confirm it first", "not_confirmed")
    return tuple(snapshot(known[id], now) for id in wanted)


def _bounded(wanted: tuple[str, ...]) -> tuple[str, ...]:
    if not 1 <= len(wanted) <= model.MOST_DEMANDS:
        raise Invalid("demands", f"Name 1 to {model.MOST_DEMANDS} demands; these are {len(wanted)}", "wrong_number")
    return wanted


def _said(field: str, text: str) -> str:
    if not text.strip():
        raise Invalid(field, f"'{field}' was empty", "missing")
    return text.strip()


def invite(suggestion_id: str, deputies: Sequence[str], *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Suggestion:
    """Ask other deputies to sign."""
    directory = directory_service.edition(now)
    for deputy in deputies:
        _in_office(directory, deputy, "deputies")
    return dossiers.record(loaded(suggestion_id, by).invite(tuple(deputies), by=by, at=now), also=also)


def cosign(suggestion_id: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Suggestion:
    """Sign the text as it is."""
    return dossiers.record(loaded(suggestion_id, by).cosign(by=by, at=now), also=also)


def decline(suggestion_id: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Suggestion:
    """Do not sign."""
    return dossiers.record(loaded(suggestion_id, by).decline(by=by, at=now), also=also)


def submit(suggestion_id: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Suggestion:
    """Hand a draft in. The fact keeps the digest of the text, so that it can be shown to be the one that was handed in."""
    held = loaded(suggestion_id, by)
    step = held.move("submit", by=by, at=now, digest=held.digest)
    _said("text", held.text)
    return dossiers.record(step, also=also)


def move(name: str, suggestion_id: str, /, *, by: Actor, now: datetime, also: Sequence[Write] = (), **given: Any) -> Suggestion:
    """A move that only needs what it is given: withdraw, return, interim, close."""
    return dossiers.record(loaded(suggestion_id, by).move(name, by=by, at=now, **given), also=also)


# Screening


def accept(suggestion_id: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Suggestion:
    """Take it on, with the next number of the year. Two reads and a transaction; two accepted at once get two numbers."""
    return dossiers.insist(lambda: _accepted(suggestion_id, by, now, also))


def _accepted(suggestion_id: str, by: Actor, now: datetime, also: Sequence[Write]) -> Suggestion:
    held, today = loaded(suggestion_id, by), _today(now)
    numbered = _register(int(today[:4]), now).number(held.id, by=by, at=now)
    accepted: Step[Any] = held.accept(numbered.after.last, today, by=by, at=now)
    result: Suggestion = dossiers.record(accepted, numbered, also=also)
    return result


def _register(year: int, now: datetime) -> Register:
    try:
        return dossiers.load(Register, register_id(year))
    except NotFound:
        return register_of(year, now)


def merge(suggestion_id: str, into: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Suggestion:
    """Two suggestions are one: who stands for this one and what it stands on go over to the other."""
    steps = loaded(suggestion_id, by).merge(loaded(into, by), reason, by=by, at=now)
    return dossiers.record(*steps, also=also)


def hand_over(
    suggestion_id: str, deputy: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()
) -> Suggestion:
    """Another deputy leads it."""
    _in_office(directory_service.edition(now), deputy, "deputy")
    return dossiers.record(loaded(suggestion_id, by).hand_over(deputy, reason, by=by, at=now), also=also)


# The bodies


def assign(
    suggestion_id: str,
    body: str,
    joint: Sequence[str] = (),
    *,
    hard: bool = False,
    reason: str = "",
    by: Actor,
    now: datetime,
    also: Sequence[Write] = (),
) -> Suggestion:
    """To the body that answers, and those that do so with it. A hard one has more time; given to others it has what is left."""
    held, directory = loaded(suggestion_id, by), directory_service.edition(now)
    others = tuple(dict.fromkeys(each for each in joint if each != body))
    for each in (body, *others):
        _in_use(directory, each, "body" if each == body else "joint")
    if held.status == "assigned":
        return dossiers.record(held.reassign(body, others, reason, by=by, at=now), also=also)
    clock = _clock(directory, held, "reply_hard" if hard else "reply", now)
    return dossiers.record(held.assign(body, others, clock, hard=hard, by=by, at=now), also=also)


def _clock(directory: Directory, suggestion: Suggestion, step: PromiseStep, now: datetime) -> Clock:
    found = directory.promise_for(step, suggestion.category, "normal") or USUAL[step]
    return start_clock(replace(found.promise, step=REPLY), now, directory.calendar_for(), found.ladder)


def ask_extension(
    suggestion_id: str, until: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()
) -> Suggestion:
    """The body asks for time until the end of a day (ISO)."""
    held = loaded(suggestion_id, by)
    step = held.ask_extension(Asked(until, reason), _end_of(until, now), by=by, at=now)
    return dossiers.record(step, also=also)


def extend(suggestion_id: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Suggestion:
    """Grant the time that the body asked for."""
    held, calendar = loaded(suggestion_id, by), directory_service.edition(now).calendar_for()
    until = _end_of(held.asked.until, now) if held.asked else now
    return dossiers.record(held.extend(until, calendar, by=by, at=now), also=also)


def refuse_extension(suggestion_id: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Suggestion:
    """Do not grant it."""
    return dossiers.record(loaded(suggestion_id, by).refuse_extension(reason, by=by, at=now), also=also)


def reply(
    suggestion_id: str, kind: Class, text: str, reason: str = "", *, by: Actor, now: datetime, also: Sequence[Write] = ()
) -> Suggestion:
    """The body's reply. Meets the promise."""
    remind_at = now + timedelta(days=directory_service.edition(now).setting("remind_evaluation_days"))
    return dossiers.record(loaded(suggestion_id, by).reply(kind, text, reason, remind_at, by=by, at=now), also=also)


# What came of it


def evaluate(
    suggestion_id: str,
    attitude: Grade,
    result: Grade,
    text: str = "",
    *,
    by: Actor,
    now: datetime,
    also: Sequence[Write] = (),
) -> Suggestion:
    """The deputy's word on how the body went about it, and on what came of it."""
    return dossiers.record(loaded(suggestion_id, by).evaluate(attitude, result, text, by=by, at=now), also=also)


def document(
    suggestion_id: str, document: Document, file: str = "", *, by: Actor, now: datetime, also: Sequence[Write] = ()
) -> Suggestion:
    """Put a document that came of it on record. Whoever's message led to it is told: that follows from this fact.

    ``file`` is the id of one that was sent for it; it is looked at and kept when all else is right. Four more calls to S3.
    """
    day = _day(document.date, "date")
    if day.isoformat() > _today(now):
        raise Invalid("date", f"{document.date} has not come yet; give the day of the document", "future_date")
    held = loaded(suggestion_id, by)
    step = held.document(document, by=by, at=now)
    if file:
        (kept,) = files.attach([file], held.id, now)
        step = held.document(replace(document, file=kept), by=by, at=now)
    return dossiers.record(step, also=also)


# The platform by itself


def send_back(suggestion_id: str, now: datetime) -> None:
    """What did not satisfy goes back to the body, once; nothing if that was done, so it may be told twice."""
    held = found(suggestion_id)
    if held.status != "evaluated" or "send_back" not in held.timers:
        return
    clock = _clock(directory_service.edition(now), held, "reply_again", now)
    dossiers.record(held.send_back(clock, by=the_system("suggestions"), at=now))
    count("SentBack")


def enforce(suggestion: Suggestion, duty: Duty, now: datetime) -> None:
    """Take one due duty into effect: a rung of the reply's ladder, going back, a word to the deputy who has not evaluated."""
    _, _, rung = duty.what.partition(":")
    if rung:
        return _climb(suggestion, rung, now)
    if duty.what == "send_back":
        return send_back(suggestion.id, now)
    after = replace(suggestion, timers={})
    dossiers.record(Step(suggestion, after, "reminded", the_system("enforce"), now, {"step": "evaluate", "to": "remind"}))
    return None


def _climb(suggestion: Suggestion, rung: str, now: datetime) -> None:
    fact = {"remind": "reminded", "breach": "breached"}.get(rung, "escalated")
    data = {"step": REPLY, "to": rung, "due_at": suggestion.clocks[REPLY].due_at}
    dossiers.record(Step(suggestion, suggestion.enforced(rung, now), fact, the_system("enforce"), now, data))
    if rung == "breach":
        count("SuggestionBreaches")


# Days and directory


def _today(now: datetime) -> str:
    return now.astimezone(settings.zone).date().isoformat()


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(field, f"'{text}' is no date; write it as 2026-12-01", "bad_date") from None


def _end_of(text: str, now: datetime) -> datetime:
    """The end of a day in the district."""
    until = datetime.combine(_day(text, "until"), END_OF_DAY, settings.zone)
    if until - now > LONGEST:
        raise Invalid("until", f"{text} is more than {LONGEST.days} days away", "too_far")
    return until


def _in_office(directory: Directory, deputy: str, field: str) -> None:
    known = directory.deputy(deputy)
    if known is None or known.retired:
        raise Invalid(field, f"There is no deputy '{deputy}' in office", "unknown_deputy")


def _in_use(directory: Directory, body: str, field: str) -> None:
    known = directory.body(body)
    if known is None or known.retired:
        raise Invalid(field, f"There is no body '{body}'", "unknown_body")
