"""Common demands, measured: how well real messages are grouped, and what that costs however many there are.

    python -m bench.demands --messages FILE --out PREDICTED.csv

streams a file of messages (columns id, submitted_at, title, text) in the order of time through the platform's own reading,
index and grouping, on a store that counts, and writes id,group. Without ``--messages``: calls, CPU time and bytes for each
message at 1,000 and 10,000 indexed messages of texts made up here; ``--upto 100000`` takes some ten minutes more.
``--without-titles`` leaves the titles out: the platform's form has one field, so this is how residents' messages come.
"""

import argparse
import csv
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import process_time
from typing import Final

from bench.store import CountingStore, Used
from chalicelib.demands import grouping
from chalicelib.demands.index import Index, Place
from chalicelib.demands.similarity import read

SIZES: Final = (1_000, 10_000, 100_000)
SAMPLE: Final = 300
BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)


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


def report(desk: Desk, count: int) -> None:
    """What grouping a file took."""
    used, many = desk.store.used, [len(members) for members in desk.groups.values() if len(members) > 1]
    largest, cpu = max(many, default=0), _cpu(desk.seconds)
    print(f"{count:,} messages: {len(many):,} groups of two and more, the largest of {largest}, {len(desk.joined)} joined")
    print(f"per message: {used.read_calls / count:.2f} batch reads, {used.write_calls / count:.2f} batch writes,")
    print(f"  {used.read_units / count:.1f} read units, {used.write_units / count:.1f} write units, {cpu:.1f} ms CPU (median)")
    print(f"  {desk.store.bytes / count / 1000:.1f} kB of index; the largest item has {desk.store.largest / 1000:.1f} kB")


def _cpu(seconds: Sequence[float]) -> float:
    return 1000 * median(seconds)


# Texts made up here: who, where, what, in the district of the demo's kind. None is anybody's.
WHERE: Final = (
    "松林",
    "荷塘",
    "北岸",
    "南坡",
    "东篱",
    "西窗",
    "栖霞",
    "听雨",
    "临澜",
    "望麓",
    "梧桐",
    "银杏",
    "海棠",
    "青竹",
    "紫藤",
    "白桦",
)
WHAT: Final = (
    "暖气不热室温只有十度", "水压太低三楼以上没有水", "路灯坏了晚上看不见路", "电梯困人多次没有维修", "垃圾堆了一周没有人清运",
    "工地半夜施工吵得睡不着", "井盖松动汽车经过有响声", "公交车等了四十分钟不来", "燃气费突然多收了一倍",
    "下水道堵塞污水流到楼道",
)  # fmt: skip
SINCE: Final = ("上个月", "前天夜里", "国庆以后", "从入冬开始", "一连三天", "每个周末", "今天早上", "整个夏天")


def made_up(number: int, rng: random.Random) -> Message:
    """One message that nobody wrote: a place, a matter, a time, and words of no meaning around them."""
    noise = "".join(chr(rng.randrange(0x4E00, 0x5E00)) for _ in range(40))
    place = f"{rng.choice(WHERE)}{rng.choice('一二三四五六七八九')}{rng.randrange(1, 90)}小区{rng.randrange(1, 30)}号楼"
    text = f"{place}{rng.choice(WHAT)}，{noise[:20]}，{rng.choice(SINCE)}起就是这样，{noise[20:]}，请尽快处理"
    return Message(f"M{number:07d}", BEGIN + timedelta(minutes=5 * number), "", text)


def growth(upto: int) -> list[list[str]]:
    """Calls, CPU and bytes a message at each size, of the SAMPLE messages that come next."""
    desk, rng, rows, number = Desk(join=False), random.Random(1), [], 0
    for size in (size for size in SIZES if size <= upto):
        while number < size:
            desk.take(made_up(number, rng))
            number += 1
        before, seconds = desk.store.used, len(desk.seconds)
        grouped((made_up(number + extra, rng) for extra in range(SAMPLE)), desk)
        number += SAMPLE
        used = desk.store.used.since(before)
        rows.append(_row(size, used, desk.seconds[seconds:], desk.store))
        print(f"  {size:,} indexed", file=sys.stderr)
    return rows


def _row(size: int, used: Used, seconds: Sequence[float], store: CountingStore) -> list[str]:
    each = [used.read_calls, used.write_calls, used.read, used.read_units, used.write_units]
    figures = [f"{figure / SAMPLE:.2f}" for figure in each]
    return [f"{size:,}", *figures, f"{_cpu(seconds):.1f}", f"{store.bytes / (size + SAMPLE) / 1000:.1f}"]


HEAD: Final = (
    "indexed",
    "batch reads",
    "batch writes",
    "items read",
    "read units",
    "write units",
    "CPU ms (median)",
    "kB of index",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.demands", description=__doc__)
    parser.add_argument("--messages", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--without-titles", action="store_true", help="as on the platform, where a message has none")
    parser.add_argument("--upto", type=int, default=SIZES[1], help="the largest index for the growth figures")
    given = parser.parse_args()
    if given.messages is None:
        print(f"Per message, of the {SAMPLE} that come next:\n")
        for row in (HEAD, ["--:"] * len(HEAD), *growth(given.upto)):
            print("| " + " | ".join(row) + " |")
        return
    if not given.messages.exists():
        raise SystemExit(
            f"There is no file {given.messages}. The messages are not part of this project: give the path of yours"
        )
    desk, wanted = Desk(titles=not given.without_titles), messages(given.messages)
    grouped(wanted, desk)
    report(desk, len(wanted))
    if given.out:
        written(desk, given.out)


if __name__ == "__main__":
    main()
