"""The verbs of performance records. Raise NotFound (also for another deputy's), NotAllowed, IllegalMove, Invalid, Conflict."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from chalicelib.directory import service as directory_service
from chalicelib.directory.kinds import RecordKind
from chalicelib.directory.model import Directory
from chalicelib.errors import Invalid, NotAllowed, NotFound
from chalicelib.files import service as files_service
from chalicelib.people.form import ALPHABET, CASE_ID
from chalicelib.people.roles import DEPUTY, MANAGER, SUPERVISOR, Actor
from chalicelib.performance import model, table
from chalicelib.performance.credit import local_day
from chalicelib.performance.model import Account, Record
from chalicelib.spine import dossiers, journal
from chalicelib.spine.aws import Write
from chalicelib.spine.chain import Entry, Verdict, walk

REVIEWERS: Final = (MANAGER, SUPERVISOR)


@dataclass(frozen=True)
class Written:
    """What a deputy writes of one thing that they did."""

    kind: str
    day: str
    title: str
    place: str = ""
    text: str = ""
    shown: bool = False
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """One page of records, each with its line; ``next`` is the cursor of the page after, or None."""

    items: tuple[tuple[Record, str], ...]
    next: str | None


def new_id() -> str:
    """The id of a record that a deputy writes."""
    return "R" + "".join(secrets.choice(ALPHABET) for _ in range(CASE_ID))


def kinds_of(directory: Directory) -> dict[str, RecordKind]:
    """The kinds in use by id, in their order."""
    return {kind.id: kind for kind in directory.record_kinds}


# Looking


def found(record_id: str) -> Record:
    """A record, whoever asks. Raises NotFound."""
    return dossiers.load(Record, record_id)


def loaded(record_id: str, by: Actor) -> Record:
    """A record, if it is this deputy's own; manager and supervisor see all. Raises NotFound: an id tells nothing."""
    record = found(record_id)
    if by.role == DEPUTY and (not by.deputy or by.deputy != record.deputy):
        raise NotFound(f"There is no record {record_id}")
    return record


def timeline(record: Record) -> list[Entry]:
    """Everything that happened to the record, in order. One query."""
    return journal.entries(record.id)


def verify(record_id: str, by: Actor) -> Verdict:
    """Walk the record's hash chain; names the first entry that was changed."""
    record = loaded(record_id, by)
    return walk(timeline(record), record.head)


def of_year(deputy: str, year: str, *, by: Actor, limit: int, cursor: str = "") -> Page:
    """A deputy's records of a year, the newest first. One query."""
    rows, last = dossiers.shelf(model.shelf_of(whose(by, deputy), year), limit=limit, cursor=cursor)
    return _page(rows, last)


def waiting(*, by: Actor, limit: int, cursor: str = "") -> Page:
    """What waits: for manager and supervisor what was submitted or appealed, for a deputy drafts and what came back."""
    if by.role in REVIEWERS:
        return _page(*dossiers.worklist(body=model.ALL_REVIEWS, limit=limit, cursor=cursor))
    return _page(*dossiers.worklist(deputy=model.own_list(_own(by)), limit=limit, cursor=cursor))


def _page(rows: Sequence[dossiers.DossierRow], last: str | None) -> Page:
    return Page(tuple((dossiers.from_row(Record, row), row.summary or "") for row in rows), last)


def whose(by: Actor, deputy: str) -> str:
    """Whose records are meant. Raises NotAllowed for another deputy's, Invalid where nobody is named."""
    if by.role == DEPUTY:
        if deputy and deputy != by.deputy:
            raise NotAllowed(f"These are the records of {deputy}; what is public of them is at /open/performance/{deputy}")
        return _own(by)
    if not deputy:
        raise Invalid("deputy", "Say whose records: deputy=<id>", "missing")
    return deputy


def _own(by: Actor) -> str:
    if not by.deputy:
        raise NotAllowed("Your user is bound to no deputy; ask the manager of the platform", "not_bound")
    return by.deputy


# A deputy


def draft(id: str, written: Written, *, submit: bool, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Record:
    """Write a record down, as a draft or, with ``submit``, for review at once."""
    record = _record(id, written, _own(by), now)
    return dossiers.record(model.drafted(record, submit=submit, by=by, at=now), also=also)


def revise(record_id: str, written: Written, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Record:
    """Write a draft anew, or what was returned."""
    record = loaded(record_id, by)
    return dossiers.record(record.revise(_record(record.id, written, record.deputy, now), by=by, at=now), also=also)


def _record(id: str, written: Written, deputy: str, now: datetime) -> Record:
    directory = directory_service.edition(now)
    kind = model.checked_kind(written.kind, kinds_of(directory))
    day = model.checked_day(written.day, local_day(now, directory.calendar_for().zone))
    account = model.checked_account(_account(written))
    files = files_service.attach(written.files, id, now)
    return Record(
        id=id,
        status=model.LIFECYCLE.start,
        deputy=deputy,
        category=kind.id,
        day=day.isoformat(),
        account=account,
        digest=account.digest,
        shown=written.shown and kind.public != "never",
        files=files,
        proofs=tuple(file.sha256 for file in files),
        created_at=now,
        updated_at=now,
    )


def _account(written: Written) -> Account:
    return Account(written.title.strip(), written.place.strip(), written.text.strip(), secrets.token_hex(16))


def move(name: str, record_id: str, /, *, by: Actor, now: datetime, also: Sequence[Write] = (), **given: Any) -> Record:
    """A move that only needs what it is given: submit, discard, appeal, show, hide, return, uphold."""
    record = loaded(record_id, by)
    if name == "show" and _public(record, now) == "never":
        raise Invalid(
            "shown", f"Records of '{record.category}' are never public, to protect those whom they concern", "never_public"
        )
    return dossiers.record(record.move(name, by=by, at=now, **given), also=also)


def _public(record: Record, now: datetime) -> str:
    kind = directory_service.edition(now).record_kind(record.category)
    return kind.public if kind else "never"


# Manager and supervisor


def accept(
    move: Literal["approve", "overturn"],
    record_id: str,
    *,
    by: Actor,
    now: datetime,
    also: Sequence[Write] = (),
    **given: Any,
) -> Record:
    """Approve a record, or overturn its return: it counts from now on. One fact, and one more in the deputy's yearly file."""
    record = loaded(record_id, by)
    kind = directory_service.edition(now).record_kind(record.category)
    if kind is None:
        raise Invalid("kind", f"The kind '{record.category}' is not in the directory any more", "unknown_kind")
    step = record.accept(move, kind, by=by, at=now, **given)
    counted = table.one_more(record.year, record.deputy, record.category, step.after.points)
    return dossiers.record(step, also=[*also, counted])
