"""The verbs of casework: one function, one use case; each loads, decides and records once.

Staff's verbs raise NotFound (also for what is not theirs: an id tells nothing), NotAllowed, IllegalMove (with the moves that
are legal now), Invalid and Conflict (someone else moved it first). ``also`` are writes that belong to the same transaction,
such as the record that makes a repeated request harmless.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any, Final, Literal, cast, get_args

from chalicelib.cases import lessons, routing
from chalicelib.cases.model import LONGEST_TEXT, TRIAGE, Case, Destination, Terms, Urgency, Words, received, require_filled
from chalicelib.directory import service as directory_service
from chalicelib.directory.kinds import Record
from chalicelib.directory.model import Directory
from chalicelib.errors import Invalid, NotAllowed, NotFound
from chalicelib.files import service as files
from chalicelib.people import guard, vault
from chalicelib.people.roles import DEPUTY, MANAGER, OFFICER, SUPERVISOR, SYSTEM, Actor, the_system
from chalicelib.people.secret import sign
from chalicelib.people.vault import Contact
from chalicelib.spine import dossiers, journal
from chalicelib.spine.aws import Cancelled, Write, put
from chalicelib.spine.chain import Entry, Verdict, walk
from chalicelib.spine.dossier import Duty, Step
from chalicelib.telemetry import MetricUnit, count

STEPS: Final[tuple[Literal["acknowledge", "answer"], ...]] = ("acknowledge", "answer")
TOLD_ONCE: Final = 90 * 86_400  # seconds for which it is known that a writer was told of a document by another case
_UNSORTED: Final = "other"  # the category of a case that a person routed without saying what it is


@dataclass(frozen=True)
class Message:
    """What came in by any door: who it is for, what was written, where it is, and how to tell the writer."""

    id: str
    deputy: str
    text: str
    salt: str
    category: str = ""
    grid: str = ""
    address: str = ""
    position: tuple[float, float] | None = None
    door: str = "form"
    language: str = "zh"
    token_hash: str = ""
    contact: Contact | None = None
    demand: str = ""
    client: str = ""
    photos: tuple[str, ...] = ()


def terms(directory: Directory, category: str, urgency: Urgency) -> Terms:
    """What the district promises for a matter of this category and urgency."""
    promises = {step: directory.promise_for(step, category, urgency) for step in STEPS}
    return Terms(
        promises={step: (promise.promise, promise.ladder) for step, promise in promises.items() if promise},
        calendar=directory.calendar_for(""),
        silence=timedelta(days=directory.setting("close_by_silence_days")),
        erase_after=timedelta(days=directory.setting("erase_contact_days")),
    )


def _terms_of(case: Case, now: datetime) -> Terms:
    return terms(directory_service.edition(now), case.category, case.urgency)


# Residents


def submit(
    message: Message, *, by: Actor, now: datetime, also: Sequence[Write] = (), beside: "Sequence[Step[Any]]" = ()
) -> Case:
    """A message comes in: one transaction with its first fact, its promises running, its contact details in the vault.
    ``beside`` are facts of other dossiers that belong to it.

    Raises Invalid (which field, and why), Conflict if a case of this id is there already, Cancelled for ``also``.
    """
    directory = directory_service.edition(now)
    _check(message, directory)
    urgency, _ = routing.urgency_of(message.text, directory, message.category)
    step = received(
        message.id,
        Words(message.text, message.salt, now, message.address, message.position),
        by=by,
        at=now,
        terms=terms(directory, message.category, urgency),
        deputy=message.deputy,
        category=message.category,
        grid=message.grid,
        urgency=urgency,
        door=message.door,
        language=message.language,
        token_hash=message.token_hash,
        tell=message.contact.tell if message.contact else "none",
        sealed=message.contact is not None,
        demand=message.demand,
        client=message.client,
        writer=_writer(message.contact),
        sent_photos=message.photos,
    )
    kept = [put(vault.seal(message.id, message.contact))] if message.contact else []
    case: Case = dossiers.record(step, *beside, also=[*also, *kept])
    count("Received")
    return case


def _writer(contact: Contact | None) -> str:
    reached_at = (contact.phone or contact.email).strip().lower() if contact else ""
    return sign("writer", reached_at)[:16] if reached_at else ""


def _check(message: Message, directory: Directory) -> None:
    if not message.text.strip():
        raise Invalid("text", "Please write what it is about", "missing")
    if len(message.text) > LONGEST_TEXT:
        raise Invalid("text", f"The text has {len(message.text)} characters; {LONGEST_TEXT} is the most", "too_long")
    if message.category and not _in_use(directory.category(message.category)):
        raise Invalid("category", f"There is no category '{message.category}'", "unknown_category")
    if message.grid and not _in_use(directory.grid(message.grid)):
        raise Invalid("grid", f"There is no neighbourhood '{message.grid}'", "unknown_grid")
    if not _in_use(directory.deputy(message.deputy)):
        raise Invalid("deputy", f"There is no deputy '{message.deputy}' in office", "unknown_deputy")


def _in_use(record: Record | None) -> bool:
    """What is retired can still be found, so that old cases keep their names; nothing new is given to it."""
    return record is not None and not record.retired


def tracked(case_id: str, token_hash: str) -> Case:
    """The case of a tracking link. Raises NotFound if the link is not its own."""
    case = dossiers.load(Case, case_id)
    if not compare_digest(case.token_hash, token_hash):
        raise NotFound("This link leads to no matter. Check that it was copied whole")
    return case


def joined_matter(case: Case) -> tuple[Case, list[Entry]]:
    """The matter that this one was joined to: as its journal tells it, without its writer's words, and that journal.

    One query; one more for each time that it was itself joined to another.
    """
    entries = journal.entries(case.merged_into)
    other = dossiers.fold(Case, entries, {})
    return joined_matter(other) if other.merged_into else (other, entries)


def say(case: Case, move: str, text: str, salt: str, *, now: datetime) -> Case:
    """The resident replies to a question, adds something, or reopens with a reason."""
    if len(text) > LONGEST_TEXT:
        raise Invalid("text", f"The text has {len(text)} characters; {LONGEST_TEXT} is the most", "too_long")
    return dossiers.record(case.say(move, Words(text, salt, now), at=now, terms=_terms_of(case, now)))


def confirm(case: Case, satisfaction: int, *, now: datetime) -> Case:
    """The resident says that it is solved, and how satisfied they are (1 to 5, 0 = not said)."""
    return dossiers.record(case.confirm(satisfaction, at=now, terms=_terms_of(case, now)))


def withdraw(case: Case, *, by: Actor, now: datetime) -> Case:
    """The resident takes the message back."""
    return dossiers.record(case.move("withdraw", by=by, at=now, terms=_terms_of(case, now)))


def erase(case: Case, *, now: datetime) -> Case:
    """The resident has all that is theirs erased, at once and for good; an open matter is taken back with it. Done again it
    does nothing. The photos go first: if the rest fails they are gone, and asking again erases the rest."""
    if not case.holds_anything:
        return case
    for photo in case.photos:
        files.remove(photo)
    return dossiers.record(*case.erase(at=now, terms=_terms_of(case, now)), also=[vault.erase(case.id)])


# Staff


def loaded(case_id: str, by: Actor) -> Case:
    """A case, if this actor may see it. Raises NotFound otherwise, as for an id that does not exist."""
    case = dossiers.load(Case, case_id)
    if not may_see(case, by):
        raise NotFound(f"There is no case {case_id}")
    return case


def may_see(case: Case, by: Actor) -> bool:
    """A deputy sees their own cases, an officer those of their body, manager and supervisor all."""
    return {
        DEPUTY: bool(by.deputy) and case.deputy == by.deputy,
        OFFICER: bool(by.body) and case.body == by.body,
        MANAGER: True,
        SUPERVISOR: True,
        SYSTEM: True,
    }.get(by.role, False)


def timeline(case: Case) -> list[Entry]:
    """Everything that happened, in order. One query."""
    return journal.entries(case.id)


def verify(case_id: str, by: Actor) -> Verdict:
    """Walk the case's hash chain; names the first entry that was changed."""
    case = loaded(case_id, by)
    return walk(journal.entries(case_id), case.head)


def move(name: str, case_id: str, *, by: Actor, now: datetime, also: Sequence[Write] = (), **given: Any) -> Case:
    """A move that only needs what it is given: acknowledge, ask, note, answer, decline."""
    require_filled(str(given.get("text") or given.get("reason") or ""))
    case = loaded(case_id, by)
    moved = dossiers.record(case.move(name, by=by, at=now, terms=_terms_of(case, now), **given), also=also)
    _measure(case, moved)
    return moved


def _measure(before: Case, after: Case) -> None:
    """How long it took until someone took it up, once a case."""
    was, now = before.clocks.get("acknowledge"), after.clocks.get("acknowledge")
    if was and now and now.met_at and not was.met_at:
        count("SecondsToAcknowledge", (now.met_at - now.started_at).total_seconds(), MetricUnit.Seconds)


def assign(case_id: str, body: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Case:
    """Hand a case on to another body. A case that nobody was found for is routed by it."""
    case, directory = loaded(case_id, by), directory_service.edition(now)
    if not _in_use(directory.body(body)):
        raise Invalid("body", f"There is no body '{body}'", "unknown_body")
    if case.status == "received":
        to = Destination(body, case.category or _UNSORTED, case.urgency, because=(reason,))
        step = case.route(to, by=by, at=now, terms=_terms_of(case, now))
    else:
        step = case.hand_on(body, by=by, at=now, terms=_terms_of(case, now), reason=reason)
    return dossiers.record(step, also=also)


def recategorise(
    case_id: str, category: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = (), urgency: str = ""
) -> Case:
    """Correct what a case is about; its promises follow (the rule stands in the model)."""
    case, directory = loaded(case_id, by), directory_service.edition(now)
    if not _in_use(directory.category(category)):
        raise Invalid("category", f"There is no category '{category}'", "unknown_category")
    if urgency not in ("", *get_args(Urgency)):
        raise Invalid("urgency", f"'{urgency}' is not one of {', '.join(get_args(Urgency))}")
    to = Destination(case.body, category, cast(Urgency, urgency) or case.urgency)
    step = case.recategorise(to, by=by, at=now, terms=terms(directory, category, to.urgency), reason=reason)
    return dossiers.record(step, also=also)


def merge(case_id: str, into: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Case:
    """Join a case to another of the same matter: its writer is told what the other's is. One fact on each."""
    case, target = loaded(case_id, by), loaded(into, by)
    if case.id == target.id:
        raise Invalid("into", "A case can't be joined to itself", "same_case")
    if not target.is_open:
        raise Invalid("into", f"{into} is {target.status}; join to a case that is open", "target_closed")
    merged = case.move("merge", by=by, at=now, terms=_terms_of(case, now), into=into, reason=reason)
    joined = replace(target, joined=(*target.joined, case.id))
    return dossiers.record(
        replace(merged, after=replace(merged.after, merged_into=into)),
        Step(target, joined, "joined", by, now, {"case": case.id}),
        also=also,
    )


def contact(case_id: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Contact:
    """Look at how to reach the one who wrote: for the deputy in charge and the officer who writes to the resident.

    Each look is a fact, recorded before anything is shown. Raises NotFound when there is none, or none any more.
    """
    case = loaded(case_id, by)
    if by.role not in (DEPUTY, OFFICER):
        raise NotAllowed("Contact details are shown to the deputy in charge and to the body's officer, to nobody else")
    if not reason.strip():
        raise Invalid("reason", "Say why you need to reach the resident; it is recorded", "missing")
    dossiers.record(Step(case, case, "contact_viewed", by, now, {"reason": reason}), also=also)
    return seen_contact(case_id)


def seen_contact(case_id: str) -> Contact:
    """The contact details behind a look that is recorded already. Raises NotFound."""
    details = vault.unseal(case_id)
    if details is None:
        raise NotFound("The resident left no contact details, or they have been erased", "no_contact")
    return details


@dataclass(frozen=True)
class Page:
    """One page of a work list, sorted by what falls due next, each with its summary (the words themselves stay in the
    table); ``next`` is the cursor of the page after, or None."""

    items: tuple[tuple[Case, str], ...]
    next: str | None


def worklist(by: Actor, *, deputy: str = "", body: str = "", limit: int = 25, cursor: str = "") -> Page:
    """A work list: one's own, or, for manager and supervisor, any deputy's or body's. One query."""
    deputy, body = _whose(by, deputy, body)
    rows, last = dossiers.worklist(deputy=deputy, body=body, limit=limit, cursor=cursor)
    return Page(tuple((dossiers.from_row(Case, row), row.summary or "") for row in rows), last)


def _whose(by: Actor, deputy: str, body: str) -> tuple[str, str]:
    if by.role == DEPUTY and by.deputy:
        return by.deputy, ""
    if by.role == OFFICER and by.body:
        return "", by.body
    if by.role in (MANAGER, SUPERVISOR):
        return (_of_cases("deputy", deputy), "") if deputy else ("", _of_cases("body", body or TRIAGE))
    raise NotAllowed("Your user is bound to no deputy and to no body; ask the manager of the platform", "not_bound")


def _of_cases(field: str, name: str) -> str:
    """Raises Invalid for a list on which no cases stand: the platform's own are named with a # (all demands)."""
    if name.startswith("#"):
        raise Invalid(field, f"'{name}' is no {field}'s id; give one as the directory has it, or none", "not_of_cases")
    return name


# Common demands


def group(case: Case, demand: str, *, by: Actor, now: datetime, also: Sequence[Write] = (), **why: Any) -> Case:
    """Put a case into a demand, or out of it ("")."""
    return dossiers.record(case.group(demand, by=by, at=now, **why), also=also)


def spread(case: Case, seq: int, *, by: Actor, now: datetime, move: str, **given: Any) -> Case | None:
    """Do to a case what was done to its demand with its fact number ``seq``; None if that was done, or can't be any more."""
    if not case.is_open:
        return None
    step = _spread_step(case, move, by, now, given)
    once = guard.once(f"order#{case.demand}#{seq}#{case.id}", now)  # by itself: orders may overtake one another
    with suppress(Cancelled):
        return dossiers.record(replace(step, data={**step.data, "demand": case.demand}), also=[once])
    return None


def _spread_step(case: Case, move: str, by: Actor, now: datetime, given: Mapping[str, Any]) -> "Step[Case]":
    if move == "assign":
        return _spread_assign(case, given["body"], given["reason"], by, now)
    if move == "note" and case.status == "waiting":  # the question to the resident stands, and their promises with it
        return Step(case, case, "noted", by, now, given)
    return case.move(move, by=by, at=now, terms=_terms_of(case, now), **given)


def _spread_assign(case: Case, body: str, reason: str, by: Actor, now: datetime) -> "Step[Case]":
    held = _terms_of(case, now)
    if case.status == "received":
        to = Destination(body, case.category or _UNSORTED, case.urgency, because=(reason,))
        return case.route(to, by=the_system("demand"), at=now, terms=held)
    if case.body == body:
        return Step(case, case, "noted", by, now, {"text": reason, "public": False})
    if case.status == "waiting":  # the resident's reply then reaches the new body
        after = replace(case, body=body, hand_ons=case.hand_ons + 1)
        return Step(case, after, "handed_on", by, now, {"body": body, "reason": reason, "was": case.body})
    return replace(case.hand_on(body, by=replace(by, role=MANAGER), at=now, terms=held, reason=reason), by=by)


def route_with(case: Case, body: str, category: str, *, now: datetime) -> Case:
    """Route a case that nobody was found for to the body of its demand; ``category`` is for one that has none of its own."""
    to = Destination(body, case.category or category or _UNSORTED, case.urgency, because=(case.demand,))
    held = terms(directory_service.edition(now), to.category, to.urgency)
    return dossiers.record(case.route(to, by=the_system("demand"), at=now, terms=held))


# The platform by itself


def found(case_id: str) -> Case:
    """A case, whoever asks: for the platform's own functions."""
    return dossiers.load(Case, case_id)


def observe(case_id: str, fact: str, data: Mapping[str, Any], *, now: datetime, also: Sequence[Write] = ()) -> Case:
    """Put on record what was seen of a case and changes nothing of it: told, not_told, bounced.

    It does not care who moved the case meanwhile.
    """
    return dossiers.insist(lambda: _observed(case_id, fact, data, now, also))


def _observed(case_id: str, fact: str, data: Mapping[str, Any], now: datetime, also: Sequence[Write]) -> Case:
    case = found(case_id)
    return dossiers.record(Step(case, case, fact, the_system("notify"), now, data), also=also)


def document(case_id: str, data: Mapping[str, Any], *, now: datetime) -> Case:
    """A document came of what the case was about: ``data`` names the suggestion, its fact (``of``) and the document. Put on
    record once for each document; who wrote several of its cases is told by one of them (``tell``)."""
    return dossiers.insist(lambda: _documented(case_id, data, now))


def _documented(case_id: str, data: Mapping[str, Any], now: datetime) -> Case:
    case, which = found(case_id), f"{data['suggestion']}#{data['of']}"
    if which in case.documents:
        return case
    by, after = the_system("suggestions"), replace(case, documents=(*case.documents, which))
    told = [guard.once(f"documented#{which}#{case.writer or case.id}", now, kept=TOLD_ONCE)] if case.tell != "none" else []
    with suppress(Cancelled):
        return dossiers.record(Step(case, after, "documented", by, now, {**data, "tell": bool(told)}), also=told)
    return dossiers.record(Step(case, after, "documented", by, now, {**data, "tell": False}))


def route(case_id: str, now: datetime) -> None:
    """Route a received case; does nothing if that was done, so it may be told twice."""
    case, directory = dossiers.load(Case, case_id), directory_service.edition(now)
    if case.status != "received" or case.body or case.guesses or "route" not in case.timers:
        return
    to = routing.destination(case.words[0].text, case.category, case.grid, directory, lessons.guesser(directory, now))
    decide = case.route if to.body else case.triage
    dossiers.record(decide(to, by=the_system("route"), at=now, terms=terms(directory, to.category, to.urgency)))
    count("Routed" if to.body else "Triaged")


def enforce(case: Case, duty: Duty, now: datetime) -> None:
    """Take one due duty into effect, as one fact: a rung of a promise's ladder, or a timer of the case."""
    step, _, rung = duty.what.partition(":")
    if rung:
        return _climb(case, step, rung, now)
    return _TIMERS[duty.what](case, now)


def _climb(case: Case, step: str, rung: str, now: datetime) -> None:
    clock, after = case.clocks[step], case.enforced(step, rung, now)
    fact = {"remind": "reminded", "breach": "breached"}.get(rung, "escalated")
    data = {"step": step, "to": rung, "due_at": clock.due_at}
    dossiers.record(Step(case, after, fact, the_system("enforce"), now, data))
    if rung == "breach":
        count("Breaches")


def _close_by_silence(case: Case, now: datetime) -> None:
    step = case.move("close_by_silence", by=the_system("enforce"), at=now, terms=_terms_of(case, now))
    dossiers.record(replace(step, after=replace(step.after, verdict="silence")))


def _erase_contact(case: Case, now: datetime) -> None:
    for photo in case.photos:
        files.remove(photo)
    after = case.without_contact()
    step = Step(case, after, "contact_erased", the_system("enforce"), now)
    dossiers.record(step, also=[vault.erase(case.id)])


_TIMERS: Mapping[str, Callable[[Case, datetime], None]] = {
    "route": lambda case, now: route(case.id, now),
    "close_by_silence": _close_by_silence,
    "erase": _erase_contact,
}
