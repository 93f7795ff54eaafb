"""The next timed duty of every dossier: the sweep finds what is due and queues it, ``enforce`` takes it into effect once.

The sweep asks one sparse index a shard, so its cost follows what is due and not what is open. After an outage what is late
waits at the head. The index lags a moment and messages come twice: so whoever enforces reads the dossier itself, and does
nothing unless that duty is still its next and really due. The version check of ``record`` settles races.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.errors import NotFound
from chalicelib.settings import settings
from chalicelib.spine import queue
from chalicelib.spine.dossier import Dossier, Duty, stamp
from chalicelib.spine.dossiers import SHARDS, DossierRow, from_row
from chalicelib.telemetry import correlation, count, follow

MOST_A_SHARD: Final = 1_000  # one sweep queues 16,000 duties at most; the rest waits a minute at the head of its shard

LATE: Final = timedelta(minutes=5)  # a duty that is still due then is not being enforced: an alarm watches their number

Enforcer = Callable[[Any, Duty, datetime], object]


def due_in(shard: int, until: datetime) -> Iterator[queue.Message]:
    """What is due in a shard, oldest first, as messages for the deadlines queue. One query."""
    rows = DossierRow.agenda.query(shard, DossierRow.next_duty_at <= stamp(until), limit=MOST_A_SHARD)
    for row in rows:
        duty = {"dossier": row.id, "kind": row.kind, "duty": row.next_duty, "due": row.next_duty_at}
        yield duty | {"correlation": correlation()}


def sweep(now: datetime) -> int:
    """Queue every duty that is due. Cost: one query a shard, plus one queue call for every ten duties due.

    What follows from it carries this minute's sweep as its correlation id.
    """
    follow(f"sweep-{now:%Y-%m-%dT%H:%M}")
    queued = [_queued(shard, now) for shard in range(SHARDS)]
    count("OverdueDuties", sum(late for _, late in queued))
    return sum(due for due, _ in queued)


def _queued(shard: int, now: datetime) -> tuple[int, int]:
    """How many duties of a shard were queued, and how many of them should have been enforced minutes ago."""
    due = list(due_in(shard, now))
    late = stamp(now - LATE)
    return queue.send_all(settings.deadlines_queue, due), sum(str(message["due"]) < late for message in due)


def enforce(message: queue.Message, now: datetime, kinds: Mapping[str, tuple[type[Dossier], Enforcer]]) -> None:
    """Take the due duties of the message's dossier into effect, in their order, each as one fact.

    ``kinds`` says for each kind of dossier its type and the function that takes one duty into effect.
    """
    kind, take_effect = kinds[message["kind"]]
    while (duty := _next(kind, message["dossier"])) and duty[1].at <= now:
        take_effect(*duty, now)


def _next(kind: type[Dossier], id: str) -> tuple[Dossier, Duty] | None:
    try:
        row = DossierRow.get(id, consistent_read=True)
    except DossierRow.DoesNotExist:
        raise NotFound(f"The agenda names {id}, which is not there") from None
    dossier = from_row(kind, row)
    return (dossier, dossier.next_duty) if dossier.next_duty else None
