"""The sweep with many open cases of which 100 are due, and the enforcement of those. ``python -m bench.sweep``.

moto answers a query of an index by walking the whole table, so the time of a sweep *on moto* grows with the table and says
nothing of ours. DynamoDB reads of a sparse index only the entries that match the key condition, and bills only those
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html). So what is shown of each size is what is asked
of DynamoDB and what comes back (calls, items read, bytes, read units), which moto does tell rightly, and the CPU time of
our side with those very answers played back. The wall time on AWS is these calls times what one call is waited for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Final

from bench import many
from bench.calls import tick
from bench.cost import ASSUMED
from bench.cpu import milliseconds
from bench.district import Made, standing
from bench.life import queue_call, sent_in
from bench.shown import HERE, Part, shown, table
from bench.units import Meter, Units

SIZES: Final = (1_000, 10_000, 100_000)
DUE: Final = 100
REPETITIONS: Final = 25
CALL_MS: Final = ASSUMED["ms a DynamoDB call is waited for"]
# Enforcing 100 due tickets, by the issue: seconds of wall time on another machine.
PEERS: Final = "django-helpdesk 1.2 s, RT 2 to 34 s"


@dataclass(frozen=True)
class Swept:
    """One sweep: what was asked, what was read, and what it took us. ``late`` are the messages that it queued."""

    open: int
    queries: int
    sends: int
    items: int
    answered: int  # bytes
    units: float
    cpu: float  # milliseconds
    messages: Sequence[tuple[str, str]]

    @property
    def waited(self) -> float:
        """Milliseconds on AWS, by the assumed wait of a call."""
        return self.cpu + (self.queries + self.sends) * CALL_MS

    @property
    def asked(self) -> tuple[int, int, int, float]:
        """What must not grow with what is open."""
        return self.queries, self.sends, self.items, self.units


def swept(size: int) -> Swept:
    """Sweep a table with so many open cases."""
    many.emptied("dossiers", "journal")
    many.open_cases(size, DUE, datetime.now(UTC))
    with many.unsorted():
        made = tick().made()
    queries = [it for it in made.exchanges if it.operation == "Query"]
    units = sum((Meter().units(it) for it in queries), Units())
    return Swept(
        size,
        len(queries),
        len(made.exchanges) - len(queries),
        sum(it.answered["ScannedCount"] for it in queries),
        sum(len(it.content) for it in queries),
        units.reads,
        median(milliseconds(made, (), REPETITIONS)),
        sent_in(made),
    )


def enforced(messages: Sequence[tuple[str, str]]) -> list[Made]:
    """Every queued duty enforced, ten messages a call, as the queue hands them over. By key: no list or index is read."""
    url, bodies = messages[0][0], [body for _, body in messages]
    return [queue_call(url, *bodies[start : start + 10]).made() for start in range(0, len(bodies), 10)]


def _row(it: Swept) -> list[str]:
    return [
        f"{it.open:,}", str(it.queries), str(it.sends), str(it.items), f"{it.answered:,}", f"{it.units:g}",
        f"{it.cpu:.0f}", f"{it.waited:.0f}",
    ]  # fmt: skip


def _of_enforcing(calls: Sequence[Made]) -> str:
    exchanges = [it for made in calls for it in made.exchanges]
    reads = sum(it.operation == "GetItem" for it in exchanges)
    transactions = sum(it.operation == "TransactWriteItems" for it in exchanges)
    cpu = sum(median(milliseconds(made, (), REPETITIONS)) for made in calls)
    waits = len(exchanges) * CALL_MS
    return (
        f"Enforcing the {DUE}: {len(calls)} calls of ten, {reads} reads and {transactions} transactions by key, whatever is "
        f"open; {cpu:.0f} ms of our CPU in all, and with {CALL_MS:g} ms of waiting a call {(cpu + waits) / 1e3:.1f} s if one "
        f"worker did it alone, {(cpu + waits) / 1e3 / len(calls):.2f} s with the ten at once that the queue allows. Peers, "
        f"from the issue, on another machine: {PEERS}, growing with what is open."
    )


def figures() -> Part:
    """The sweep by the number of open cases, and the enforcement of what it found."""
    with standing():
        found = [swept(SIZES[0])]
        enforcing = enforced(found[0].messages)
        line = _of_enforcing(enforcing)
        found += [swept(size) for size in SIZES[1:]]
        many.emptied("dossiers")
    lines = [
        f"{DUE} cases due, the others open. Calls, items and bytes as counted at the client on moto; CPU of our side with "
        f"these answers played back ({HERE}, median of {REPETITIONS}); the last column adds {CALL_MS:g} ms for each call, one "
        "after the other. DynamoDB reads of the sparse index only what matches: its work is the items and units here.",
        "",
        *table(
            ["open cases", "queries", "queue calls", "items read", "bytes", "read units", "CPU ms", "ms on AWS, about"],
            [_row(it) for it in found],
        ),
        "",
        line,
    ]
    broken = [] if len({it.asked for it in found}) == 1 else ["what a sweep asks grows with what is open"]
    return Part("Sweep", lines, broken)


if __name__ == "__main__":
    shown(figures)
