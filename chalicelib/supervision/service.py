"""The verbs of supervision. Each loads, decides and records once.

They raise NotFound (also for what does not concern a body: an id tells nothing), NotAllowed, IllegalMove, Invalid and Conflict.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.demands import service as demands
from chalicelib.directory import service as directory_service
from chalicelib.errors import Conflict, Invalid, NotAllowed, NotFound
from chalicelib.files.service import attach
from chalicelib.people.roles import OFFICER, Actor, the_system
from chalicelib.spine import dossiers, journal
from chalicelib.spine.aws import Write
from chalicelib.spine.chain import Entry
from chalicelib.spine.dossier import Dossier, Duty, Step
from chalicelib.spine.ids import ALPHABET, LENGTH
from chalicelib.suggestions import service as suggestions
from chalicelib.supervision import model, table
from chalicelib.supervision.model import ALL, LIFECYCLE, WAITING, Cause, Evidence, Item, Rectification, Visit
from chalicelib.telemetry import count

LISTS: Final = ("all", *dict.fromkeys(WAITING.values()))
MOST_PUBLIC: Final = 100
SECOND: Final = 2  # the round at which a suggestion that does not satisfy goes to supervision
BY: Final = the_system("follow")


@dataclass(frozen=True)
class Page:
    """One page of items; ``next`` is the cursor of the page after, or None."""

    items: tuple[Item, ...]
    next: str | None


@dataclass(frozen=True)
class Look:
    """What a deputy says of a look on the spot; ``position`` is latitude and longitude, ``files`` are ids of pictures sent."""

    passes: bool
    text: str
    position: tuple[float, float]
    files: tuple[str, ...]


def new_id() -> str:
    """The id of an item that people open."""
    return "V" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def found(item_id: str) -> Item:
    """An item, whoever asks. Raises NotFound."""
    return dossiers.load(Item, item_id)


def loaded(item_id: str, by: Actor) -> Item:
    """An item, if it concerns this actor. Raises NotFound otherwise."""
    item = found(item_id)
    if not item.concerns(by):
        raise NotFound(f"There is no supervision {item_id}")
    return item


def timeline(item: Item) -> list[Entry]:
    """Everything that happened to the item, in order. One query."""
    return journal.entries(item.id)


def listed(by: Actor, name: str = "", *, limit: int, cursor: str = "") -> Page:
    """One page of a list: a body's own, or for the others what waits (opened, due, verify, passed) or all, newest first.
    One query. Raises Invalid for a list there is not, NotAllowed for an officer of no body."""
    if by.role == OFFICER:
        if not by.body:
            raise NotAllowed("Your user is bound to no body; ask the manager of the platform", "not_bound")
        return _page(dossiers.worklist(body=model.body_list(by.body), limit=limit, cursor=cursor))
    name = name or "due"
    if name not in LISTS:
        raise Invalid("list", f"There is no list '{name}'; there are {', '.join(LISTS)}", "unknown_list")
    if name == "all":
        return _page(dossiers.shelf(ALL, limit=limit, cursor=cursor))
    return _page(dossiers.worklist(deputy=model.waiting(name), limit=limit, cursor=cursor))


def _page(rows: tuple[list[dossiers.DossierRow], str | None]) -> Page:
    return Page(tuple(dossiers.from_row(Item, row) for row in rows[0]), rows[1])


def overdue(now: datetime, cursor: str = "") -> Page:
    """What is overdue, the longest first: the list of what is due, up to now. One query; computed, never stored."""
    rows, last = dossiers.worklist(deputy=model.waiting("due"), limit=MOST_PUBLIC, cursor=cursor)
    items = [dossiers.from_row(Item, row) for row in rows]
    late = tuple(item for item in items if item.overdue(now))
    return Page(late, last if len(late) == len(items) else None)


# People


def open_by_hand(
    id: str, title: str, body: str, text: str, *, by: Actor, now: datetime, category: str = "", of: str = "",
    also: Sequence[Write] = (),
) -> Item:  # fmt: skip
    """Open an item by hand: what is it about, who is to set it right."""
    _require_body(body, now)
    if category and not _in_use(directory_service.edition(now).category(category)):
        raise Invalid("category", f"There is no category '{category}'", "unknown_category")
    title = model.require_title(title)
    return dossiers.record(
        model.opened(id, "by_hand", by=by, at=now, title=title, text=text, body=body, category=category, of=of), also=also
    )


def notice(item_id: str, text: str, *, by: Actor, now: datetime, body: str = "", also: Sequence[Write] = ()) -> Item:
    """Give the body notice; ``body`` is needed only where the item opened by itself and nobody was responsible."""
    item = loaded(item_id, by)
    body = item.body or body
    LIFECYCLE.check("notice", item.status, by.role, {"text": text, "body": body})
    _require_body(body, now)
    return dossiers.record(item.notice(text, body, by=by, at=now, terms=terms(item, now, body)), also=also)


def rectify(
    item_id: str, text: str, files: Sequence[str] = (), *, by: Actor, now: datetime, also: Sequence[Write] = ()
) -> Item:
    """The body shows what it did, with files (ids of offers); keeps the rectification's promise."""
    item = loaded(item_id, by)
    LIFECYCLE.check("rectify", item.status, by.role, {"text": text})
    shown = Evidence(text, by.id, now, attach(files, item.id, now))
    return dossiers.record(item.rectify(shown, by=by, at=now), also=also)


def verify(item_id: str, look: Look, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Item:
    """A deputy looked on the spot. The second who passes it passes the item; one who does not sends it back."""
    item = loaded(item_id, by)
    if not by.deputy:
        raise NotAllowed("Your user is bound to no deputy; ask the manager of the platform", "not_bound")
    LIFECYCLE.check("verify", item.status, by.role, {"text": look.text})
    item.require_fresh(by.deputy)
    model.require_position(look.position)
    visit = Visit(by.deputy, look.passes, look.text, look.position, now, attach(look.files, item.id, now))
    return dossiers.record(*item.verify(visit, by=by, at=now, terms=terms(item, now)), also=also)


def close(item_id: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Item:
    """It is done."""
    return dossiers.record(loaded(item_id, by).move("close", by=by, at=now), also=also)


def drop(item_id: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Item:
    """It was no matter for supervision after all; why not is on record."""
    return dossiers.record(loaded(item_id, by).move("drop", by=by, at=now, reason=reason), also=also)


def terms(item: Item, now: datetime, body: str = "") -> Rectification | None:
    """What the district promises for setting this right; None if its directory has no rule for it."""
    directory, body = directory_service.edition(now), body or item.body
    promised = directory.promise_for("rectify", item.category, "normal", body)
    return Rectification(promised.promise, promised.ladder, directory.calendar_for(body)) if promised else None


def _require_body(body: str, now: datetime) -> None:
    if not _in_use(directory_service.edition(now).body(body)):
        raise Invalid("body", f"There is no body '{body}'", "unknown_body")


def _in_use(record: Any) -> bool:
    return record is not None and not record.retired


# The platform by itself


def follow_breach(kind: str, dossier_id: str, seq: int, now: datetime) -> None:
    """A rung of a promise's ladder was enforced: at the last an item opens; a case's breach also counts for its demand."""
    entry, dossier = journal.entry(dossier_id, seq), _FOUND[kind](dossier_id)
    if entry is None:
        raise NotFound(f"There is no fact {seq} of {dossier_id}")
    step, rung = str(entry.data["step"]), str(entry.data["to"])
    if rung == _last_rung(dossier, step):
        _opened(model.item_of("breach", dossier.id, step), "breach", dossier, now, of=dossier.id, step=step)
    if entry.type == "breached" and isinstance(dossier, Case):
        count_breach(dossier, now)


_FOUND: Final[Mapping[str, Callable[[str], Dossier]]] = {"case": cases.found, "suggestion": suggestions.found}


def _last_rung(dossier: Dossier, step: str) -> str:
    """The rung at which a promise's ladder ends."""
    ladder = dossier.clocks[step].ladder if step in dossier.clocks else {}
    return max(ladder, key=lambda rung: ladder[rung], default="")


def follow_grouping(case_id: str, now: datetime) -> None:
    """A case came into a demand: if it broke a promise before, that counts for the demand too."""
    case = cases.found(case_id)
    if any(clock.broken_at for clock in case.clocks.values()):
        count_breach(case, now)


def count_breach(case: Case, now: datetime) -> None:
    """Count a case that broke a promise for its demand, once; every so many (the directory says how many) open an item."""
    if not case.demand:
        return
    breaches = table.breached(case.demand, case.id)
    times = breaches // directory_service.edition(now).setting("breaches_to_supervision")
    if times:
        _opened(model.item_of("breaches", case.demand, str(times)), "breaches", _demand_of(case), now, of=case.demand)


def _demand_of(case: Case) -> Dossier:
    """The case's demand; a pattern of which nobody has made a demand yet is as its case is."""
    try:
        return demands.found(case.demand)
    except NotFound:
        return case


def follow_evaluation(suggestion_id: str, seq: int, now: datetime) -> None:
    """A deputy said what they think of a reply: dissatisfied for the second time opens an item."""
    entry, suggestion = journal.entry(suggestion_id, seq), suggestions.found(suggestion_id)
    if entry is None:
        raise NotFound(f"There is no fact {seq} of {suggestion_id}")
    if entry.data["result"] == "dissatisfied" and int(entry.data["round"]) >= SECOND:
        _opened(model.item_of("dissatisfied", suggestion_id), "dissatisfied", suggestion, now, of=suggestion_id)


def _opened(id: str, cause: Cause, like: Dossier, now: datetime, **known: str) -> None:
    """Open an item by itself, once. Raises NotFound if it could not be opened now: the message comes again."""
    shared = {"body": like.body, "category": like.category, "grid": like.grid, "deputy": like.deputy}
    with suppress(Conflict):
        dossiers.record(model.opened(id, cause, by=BY, at=now, **shared, **known))
        count("SupervisionOpened")
    found(id)


def enforce(item: Item, duty: Duty, now: datetime) -> None:
    """Take one due rung of the rectification's ladder into effect, as one fact."""
    step, _, rung = duty.what.partition(":")
    clock, after = item.clocks[step], item.enforced(step, rung, now)
    fact = {"remind": "reminded", "breach": "breached"}.get(rung, "escalated")
    dossiers.record(Step(item, after, fact, the_system("enforce"), now, {"step": step, "to": rung, "due_at": clock.due_at}))
