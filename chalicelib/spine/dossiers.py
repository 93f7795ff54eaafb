"""The current state of anything that is worked on, and the one way to change it.

``record`` writes one fact and the state it leads to in one transaction: the journal entry (if its place is free) and the
dossier (if it is still at the version that was read). What a fact changed stands in the fact itself, so a dossier can be
folded again from its journal without asking today's rules what they would have decided then.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final, TypeVar
from zlib import crc32

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection
from pynamodb.models import Model

from chalicelib.errors import Conflict, Invalid, NotFound
from chalicelib.spine import journal
from chalicelib.spine.aws import Cancelled, TableMeta, Write, is_key, put, table, transact
from chalicelib.spine.chain import GENESIS, Entry
from chalicelib.spine.dossier import D, Dossier, Step, stamp
from chalicelib.telemetry import correlation

SHARDS: Final = 16
TRIES: Final = 5

T = TypeVar("T")


class WorkByDeputy(GlobalSecondaryIndex["DossierRow"]):
    class Meta:
        index_name = "work-by-deputy"
        projection = IncludeProjection(["kind", "state", "summary"])

    work_deputy = UnicodeAttribute(hash_key=True)
    work_due = UnicodeAttribute(range_key=True)


class WorkByBody(GlobalSecondaryIndex["DossierRow"]):
    class Meta:
        index_name = "work-by-body"
        projection = IncludeProjection(["kind", "state", "summary"])

    work_body = UnicodeAttribute(hash_key=True)
    work_due = UnicodeAttribute(range_key=True)


class Agenda(GlobalSecondaryIndex["DossierRow"]):
    class Meta:
        index_name = "agenda"
        projection = IncludeProjection(["kind", "next_duty"])

    agenda_shard = NumberAttribute(hash_key=True)
    next_duty_at = UnicodeAttribute(range_key=True)


class ByDemand(GlobalSecondaryIndex["DossierRow"]):
    class Meta:
        index_name = "by-demand"
        projection = IncludeProjection(["kind"])

    demand = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class ByShelf(GlobalSecondaryIndex["DossierRow"]):
    class Meta:
        index_name = "by-shelf"
        projection = IncludeProjection(["kind", "state", "summary"])

    shelf = UnicodeAttribute(hash_key=True)
    shelf_at = UnicodeAttribute(range_key=True)


class DossierRow(Model):
    """A dossier as it is stored: ``state`` is JSON, ``apart`` the words; the rest only feeds the sparse indexes."""

    class Meta(TableMeta):
        table_name = table("dossiers")

    id = UnicodeAttribute(hash_key=True)
    kind = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    state = UnicodeAttribute(null=True)
    apart = UnicodeAttribute(null=True)
    summary = UnicodeAttribute(null=True)
    demand = UnicodeAttribute(null=True)
    work_deputy = UnicodeAttribute(null=True)
    work_body = UnicodeAttribute(null=True)
    work_due = UnicodeAttribute(null=True)
    agenda_shard = NumberAttribute(null=True)
    next_duty = UnicodeAttribute(null=True)
    next_duty_at = UnicodeAttribute(null=True)
    shelf = UnicodeAttribute(null=True)
    shelf_at = UnicodeAttribute(null=True)
    by_deputy = WorkByDeputy()
    by_body = WorkByBody()
    agenda = Agenda()
    by_demand = ByDemand()
    by_shelf = ByShelf()


def shard_of(dossier: str) -> int:
    """The agenda's shard of a dossier, 0 to 15."""
    return crc32(dossier.encode()) % SHARDS


def row_of(dossier: Dossier) -> DossierRow:
    """The row that holds a dossier, with its places in the sparse indexes."""
    content = msgspec.to_builtins(dossier)
    apart = {name: content.pop(name) for name in dossier.APART}
    duty = dossier.next_duty
    deputy, body = dossier.worklists
    shelf, shelf_at = dossier.shelf
    return DossierRow(
        dossier.id,
        kind=dossier.KIND,
        version=dossier.version,
        state=msgspec.json.encode(content).decode(),
        apart=msgspec.json.encode(apart).decode(),
        summary=dossier.summary or None,
        demand=dossier.demand or None,
        work_deputy=deputy or None,
        work_body=body or None,
        work_due=dossier.place if deputy or body else None,
        agenda_shard=shard_of(dossier.id) if duty else None,
        next_duty=duty.what if duty else None,
        next_duty_at=stamp(duty.at) if duty else None,
        shelf=shelf or None,
        shelf_at=shelf_at if shelf else None,
    )


def from_row(kind: type[D], row: DossierRow) -> D:
    """The dossier in a row. Read from an index, where the words are not projected, it comes without them."""
    content = msgspec.json.decode(row.state or "{}") | msgspec.json.decode(row.apart or "{}")
    return _made(content, kind)


def _made(content: Mapping[str, Any], kind: type[D]) -> D:
    """A dossier from plain values. msgspec leaves a dataclass's defaults unset; ``replace`` sets every field."""
    return replace(msgspec.convert(content, kind))


def load(kind: type[D], id: str) -> D:
    """A dossier as it stands now; one consistent read. Raises NotFound, also for an id of another kind."""
    if not is_key(id):
        raise NotFound(f"There is no {kind.KIND} {id[:100]}")
    try:
        row = DossierRow.get(id, consistent_read=True)
    except DossierRow.DoesNotExist:
        raise NotFound(f"There is no {kind.KIND} {id}") from None
    if row.kind != kind.KIND:
        raise NotFound(f"There is no {kind.KIND} {id}")
    return from_row(kind, row)


def worklist(*, deputy: str = "", body: str = "", limit: int, cursor: str = "") -> tuple[list[DossierRow], str | None]:
    """One page of a deputy's or a body's work list, what falls due next first. One query.

    ``cursor`` is the second part of an earlier answer. Raises Invalid if it is not.
    """
    index, owner, hash_key = (
        (DossierRow.by_deputy, deputy, "work_deputy") if deputy else (DossierRow.by_body, body, "work_body")
    )
    found = index.query(owner, limit=limit, page_size=limit, last_evaluated_key=_place(cursor, hash_key, owner, "work_due"))
    rows = list(found)
    return rows, _cursor(found.last_evaluated_key, "work_due")


def shelf(
    name: str, *, limit: int, cursor: str = "", newest_first: bool = True, between: tuple[str, str] | None = None
) -> tuple[list[DossierRow], str | None]:
    """One page of what stands on a shelf, open or closed, by its place there. One query.

    ``cursor`` is the second part of an earlier answer; ``between`` are the first and the last place that is wanted.
    Raises Invalid if the cursor is none.
    """
    place = _place(cursor, "shelf", name, "shelf_at")
    within = ByShelf.shelf_at.between(*between) if between else None
    found = DossierRow.by_shelf.query(
        name, within, limit=limit, page_size=limit, last_evaluated_key=place, scan_index_forward=not newest_first
    )
    rows = list(found)
    return rows, _cursor(found.last_evaluated_key, "shelf_at")


def _cursor(key: Mapping[str, Any] | None, sort_key: str) -> str | None:
    """A place in a list as a word for a URL. It holds no owner: whoever sends it gets their own list from there."""
    return urlsafe_b64encode(f"{key[sort_key]['S']} {key['id']['S']}".encode()).decode() if key else None


def _place(cursor: str, hash_key: str, owner: str, sort_key: str) -> dict[str, Any] | None:
    if not cursor:
        return None
    try:
        due, id = filter(None, urlsafe_b64decode(cursor).decode().split(" "))
    except ValueError:
        raise Invalid(
            "cursor", "This cursor is none of ours; take it from the 'next' of the page before", "bad_cursor"
        ) from None
    return {"id": {"S": id}, sort_key: {"S": due}, hash_key: {"S": owner}}


def members(demand: str) -> Iterator[str]:
    """The ids of the dossiers that belong to a demand, in the order of their ids. One query a page of 1 MB."""
    for row in DossierRow.by_demand.query(demand):
        yield row.id


def load_many(kind: type[D], ids: Sequence[str]) -> list[D]:
    """Several dossiers as they stand now, in no order; one read a hundred. What is not there or of another kind is left out."""
    rows = DossierRow.batch_get(ids, consistent_read=True)
    return [from_row(kind, row) for row in rows if row.kind == kind.KIND]


def _builtins(dossier: Dossier) -> dict[str, Any]:
    left_out = dossier.APART | {"version", "head"}
    return {name: value for name, value in msgspec.to_builtins(dossier).items() if name not in left_out}


def _changes(step: Step[D]) -> dict[str, Any]:
    before = _builtins(step.before) if step.before else {}
    return {name: value for name, value in _builtins(step.after).items() if before.get(name, ...) != value}


def _entry(step: Step[D]) -> Entry:
    before = step.before
    return Entry(
        dossier=step.after.id,
        seq=(before.version if before else 0) + 1,
        type=step.fact,
        at=step.at,
        role=step.by.role,
        actor=step.by.id,
        data=dict(step.data),
        changes=_changes(step),
        kind=step.after.KIND,
        correlation=correlation(),
        prev=before.head if before else GENESIS,
    ).sealed()


def _state(was: Dossier | None, after: Dossier) -> Write:
    unchanged = DossierRow.version == was.version if was else DossierRow.id.does_not_exist()
    return put(row_of(after), unchanged)


def record(*steps: Step[D], also: Sequence[Write] = ()) -> D:
    """Write these facts and states, and what else belongs to them, in one transaction. Returns the first one's new state.

    Steps of one dossier follow one another: each is a fact, and the state is that of the last.

    Raises Conflict when someone else moved a dossier first (nothing is written), Cancelled when a condition in ``also``
    did not hold; its ``failed`` positions count from the first of ``also``.
    """
    facts: list[Write] = []
    states: dict[str, tuple[D | None, D]] = {}  # what each dossier was, and what it is
    for step in steps:
        was, before = states.get(step.after.id, (step.before, step.before))
        step = replace(step, before=before, after=replace(step.after, updated_at=step.at))
        entry = _entry(step)
        facts.append(journal.append(entry))
        states[entry.dossier] = (was, replace(step.after, version=entry.seq, head=entry.hash))
    writes = [*facts, *(_state(was, after) for was, after in states.values())]
    try:
        transact([*writes, *also])
    except Cancelled as refused:
        raise _refusal(refused, len(writes)) from refused
    return states[steps[0].after.id][1]


def insist(deed: Callable[[], T]) -> T:
    """Do what loads, decides and records, once more where someone else was faster: for the platform's own deeds, which hold
    whoever moved the dossier meanwhile. Raises Conflict after five tries."""
    for _ in range(TRIES - 1):
        with suppress(Conflict):
            return deed()
    return deed()


def _refusal(refused: Cancelled, own: int) -> Exception:
    if refused.contended or any(place < own for place in refused.failed):
        return Conflict("Someone else changed this at the same moment. Look at it again, then repeat your step")
    return Cancelled(tuple(place - own for place in refused.failed), contended=False)


def fold(kind: type[D], entries: Sequence[Entry], apart: Mapping[str, Any]) -> D:
    """The state that a journal leads to. ``apart`` are the words, which only the dossier holds."""
    state: dict[str, Any] = {}
    for entry in entries:
        state |= entry.changes
    last = entries[-1]
    return _made(state | dict(apart) | {"version": last.seq, "head": last.hash}, kind)
