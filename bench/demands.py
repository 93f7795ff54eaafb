"""Common demands, measured: how well real messages are grouped, and what that costs however many there are.

    python -m bench.demands --messages FILE --out PREDICTED.csv

streams a file of messages (columns id, submitted_at, title, text) in the order of time through the platform's own reading,
index and grouping, on a store that counts, and writes id,group. Without ``--messages``: calls, CPU time and bytes for each message at
1,000, 10,000 and 100,000 indexed messages, of texts made up here (``--upto`` for fewer).
"""

import argparse
import csv
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import process_time
from typing import Final

from bench.shown import HERE, Part, table
from bench.store import CountingStore, Used
from chalicelib.demands import grouping
from chalicelib.demands.index import Index, Place
from chalicelib.demands.similarity import read

SIZES: Final = (1_000, 10_000, 100_000)
SAMPLE: Final = 300
BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLES: Final = 8


@dataclass(frozen=True)
class Message:
    """What a resident wrote."""

    id: str
    at: datetime
    title: str
    text: str


@dataclass
class Desk:
    """The platform's grouping, as its worker does it: read, look up, decide, record. Joins are taken as accepted."""

    store: CountingStore = field(default_factory=CountingStore)
    titles: bool = True
    join: bool = True
    groups: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    group_of: dict[str, str] = field(default_factory=dict)
    joined: list[tuple[str, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.index = Index(self.store)

    def take(self, message: Message) -> grouping.Proposal:
        """Group one message. Its CPU time goes into ``seconds``; what joins cost is not among it."""
        begun = process_time()
        weights = self.index.weights(message.at)
        reading = read(message.title if self.titles else "", message.text, weights)
        found = self.index.candidates(message.id, reading, message.at)
        proposal = grouping.decide(reading, found, weights, message.at, case=message.id)
        group = proposal.group or message.id
        self.index.record(Place(message.id, group, message.at), reading, message.at)
        self.seconds.append(process_time() - begun)
        self.groups[group].append(message.id)
        self.group_of[message.id] = group
        return proposal

    def join_up(self, proposal: grouping.Proposal, now: datetime) -> None:
        """Make one of the groups that are one; the smaller's cases move."""
        for other in proposal.joins if self.join else ():
            kept, left = sorted((self.group_of[proposal.nearest], other), key=lambda name: -len(self.groups[name]))
            moved = self.groups.pop(left)
            self.index.move(moved, kept, now)
            self.groups[kept] += moved
            self.group_of.update(dict.fromkeys(moved, kept))
            self.joined.append((kept, left))


def messages(path: Path) -> list[Message]:
    """A file's messages in the order of time."""
    with path.open(newline="", encoding="utf-8") as file:
        found = [
            Message(row["id"], datetime.fromisoformat(row["submitted_at"]), row["title"], row["text"])
            for row in csv.DictReader(file)
        ]
    return sorted(found, key=lambda message: message.at)


def grouped(of: Iterable[Message], desk: Desk) -> None:
    """Stream messages through a desk."""
    for message in of:
        proposal = desk.take(message)
        desk.join_up(proposal, message.at)


def written(desk: Desk, path: Path) -> None:
    """The groups as a file with id,group."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("id", "group"))
        rows.writerows(desk.group_of.items())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=Path)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    desk = Desk()
    grouped(messages(given.messages), desk)
    written(desk, given.out)
    print(desk.store.used, len(desk.store), desk.store.bytes, desk.store.largest, sum(desk.seconds) / len(desk.seconds), len(desk.joined))
