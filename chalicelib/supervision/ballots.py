"""The verbs of an appraisal: call it, have an envelope stamped, cast a ballot, count.

Stamping knows who, and not what; casting knows what, and not who. Neither writes anything that leads to the other.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.directory import service as directory_service
from chalicelib.errors import Conflict, IllegalMove, Invalid, NotAllowed
from chalicelib.people import vault
from chalicelib.people.roles import Actor, the_system
from chalicelib.spine import dossiers, journal
from chalicelib.spine.aws import Write, put
from chalicelib.spine.chain import Entry
from chalicelib.spine.dossier import Duty
from chalicelib.spine.ids import ALPHABET, LENGTH
from chalicelib.supervision import appraisal as model
from chalicelib.supervision import stamp as stamps
from chalicelib.supervision import table
from chalicelib.supervision.appraisal import ALL, LIFECYCLE, Appraisal
from chalicelib.supervision.table import Paper

BY: Final = the_system("enforce")


@dataclass(frozen=True)
class Page:
    """One page of appraisals, newest first; ``next`` is the cursor of the page after, or None."""

    items: tuple[Appraisal, ...]
    next: str | None


def new_id() -> str:
    """The id of an appraisal."""
    return "Q" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def found(appraisal_id: str) -> Appraisal:
    """An appraisal, whoever asks. Raises NotFound."""
    return dossiers.load(Appraisal, appraisal_id)


def timeline(appraisal: Appraisal) -> list[Entry]:
    """Everything that happened to it but the stamping and the casting. One query."""
    return journal.entries(appraisal.id)


def listed(*, limit: int, cursor: str = "") -> Page:
    """One page of all appraisals. One query."""
    rows, last = dossiers.shelf(ALL, limit=limit, cursor=cursor)
    return Page(tuple(dossiers.from_row(Appraisal, row) for row in rows), last)


def call(
    id: str, title: str, bodies: Sequence[str], dates: tuple[datetime, datetime, datetime], *, by: Actor, now: datetime,
    also: Sequence[Write] = (),
) -> Appraisal:  # fmt: skip
    """Call an appraisal of these bodies (of all, if none is named). ``dates``: stamping begins, the urn opens, the urn closes.

    Its key is made here and lies in the vault until the urn opens. Raises Invalid.
    """
    known = [body.id for body in directory_service.edition(now).bodies]
    wanted, title = model.require_bodies(bodies or known, known), " ".join(title.split())
    if not 1 <= len(title) <= model.LONGEST_TITLE:
        raise Invalid("title", f"The title has {len(title)} characters; 1 to {model.LONGEST_TITLE} are right", "wrong_length")
    model.require_dates(*dates, now)
    secret, public = stamps.new_key()
    step = model.called(id, title, wanted, dates, public.modulus, by=by, at=now)
    return dossiers.record(step, also=[put(vault.seal_key(id, secret)), *also])


def cancel(appraisal_id: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Appraisal:
    """Call it off, with a reason. Nothing is counted."""
    step = found(appraisal_id).move("cancel", by=by, at=now, reason=reason)
    return dossiers.record(step, also=[vault.erase(appraisal_id), *also])


def stamp(appraisal_id: str, envelope: bytes, *, by: Actor, now: datetime) -> bytes:
    """Stamp a deputy's envelope, unread. The same envelope again gets the same stamp again, another one none: one vote each.

    Two reads, a key and a put. Raises IllegalMove (not now), NotAllowed (not of the electorate), Conflict
    (``already_stamped``), Invalid (no envelope).
    """
    appraisal = found(appraisal_id)
    LIFECYCLE.check("stamp", appraisal.status, by.role, {})
    if not appraisal.stamps(now):
        raise IllegalMove("stamp", "over", ())
    if by.deputy not in appraisal.electorate:
        raise NotAllowed("Only deputies who were in office when the appraisal opened take part", "no_vote")
    secret = vault.unseal_key(appraisal_id)
    if secret is None:
        raise Conflict("The stamping has just ended")
    try:
        given = Paper(hashlib.sha256(envelope).digest(), stamps.stamp(secret, envelope))
    except stamps.NoStamp as error:
        raise Invalid("envelope", f"This can't be stamped: {error}", "no_envelope") from None
    return _once(appraisal_id, by.deputy, given)


def _once(appraisal_id: str, deputy: str, given: Paper) -> bytes:
    """The stamp, if this deputy has none or has this one."""
    if (
        not table.put_once(stamped_kind(appraisal_id), deputy, given)
        and table.paper(stamped_kind(appraisal_id), deputy) != given
    ):
        raise Conflict("You had another envelope stamped before: each deputy has one vote", "already_stamped")
    return given.stamp


def has_stamp(appraisal: Appraisal, deputy: str) -> bool:
    """Whether this deputy had an envelope stamped. One read while stamping goes on."""
    if appraisal.status == "opened":
        return table.paper(stamped_kind(appraisal.id), deputy) is not None
    return deputy in appraisal.stamped


def cast(appraisal_id: str, message: bytes, signature: bytes, *, now: datetime) -> str:
    """Take a stamped ballot, from whomever; its receipt. Cast twice it counts once. One read, and one put without time or name.

    Raises IllegalMove (the urn is not open), Invalid (no stamp, or no whole ballot).
    """
    appraisal = found(appraisal_id)
    if not appraisal.urn_open(now):
        raise IllegalMove("cast", appraisal.status, ())
    if not appraisal.key.holds(message, signature):
        raise Invalid("stamp", "The stamp does not belong to this ballot", "no_stamp")
    model.read_ballot(message, appraisal)
    receipt = model.receipt_of(message)
    table.put_once(ballot_kind(appraisal_id), receipt, Paper(message, signature))
    return receipt


def receipts(appraisal_id: str) -> list[str]:
    """The numbers of all ballots that were counted, sorted, once the results are published: each can look for their own."""
    appraisal = found(appraisal_id)
    if appraisal.status != "published":
        raise IllegalMove("receipts", appraisal.status, ())
    return [receipt for receipt, _ in table.papers(ballot_kind(appraisal_id))]


def stamped_kind(appraisal_id: str) -> str:
    """Under which the stamps of an appraisal lie."""
    return f"stamp#{appraisal_id}"


def ballot_kind(appraisal_id: str) -> str:
    """Under which the ballots of an appraisal lie."""
    return f"ballot#{appraisal_id}"


# By the agenda


def enforce(appraisal: Appraisal, duty: Duty, now: datetime) -> None:
    """Take the end of a phase into effect, as one fact (the last: two)."""
    _PHASES[duty.what](appraisal, now)


def _open(appraisal: Appraisal, now: datetime) -> None:
    deputies = [deputy.id for deputy in directory_service.edition(now).deputies]
    dossiers.record(appraisal.open(deputies, by=BY, at=now))


def _seal(appraisal: Appraisal, now: datetime) -> None:
    stamped = [deputy for deputy, _ in table.papers(stamped_kind(appraisal.id))]
    dossiers.record(appraisal.seal(stamped, by=BY, at=now), also=[vault.erase(appraisal.id)])


def _close(appraisal: Appraisal, now: datetime) -> None:
    papers = ((paper.content, paper.stamp) for _, paper in table.papers(ballot_kind(appraisal.id)))
    dossiers.record(*appraisal.close(model.counted(appraisal, papers), by=BY, at=now))


_PHASES: Final[Mapping[str, Callable[[Appraisal, datetime], None]]] = {"open": _open, "seal": _seal, "close": _close}
