"""Surges in a file of real messages in time order, and in the same messages with their times shuffled.

    python -m bench.surge --messages FILE

FILE is a CSV with the columns author, submitted_at, title, text; nothing of it is kept here. The category is the first level of
what the demo district's words make of a message, the place the first that is named like an estate, a community or a school. On
shuffled times every alarm is a false one by construction: nothing happens anywhere at any special time.
"""

import argparse
import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

from chalicelib.cases import routing
from chalicelib.demands.surge import QUIET, SPAN, Seen, period_of, seen
from chalicelib.directory import files
from chalicelib.directory.model import Directory
from chalicelib.directory.plan import edition_of, plan

DEMO: Final = Path(__file__).parents[1] / "infra" / "demo" / "district.yaml"
# A name of two to four characters before a word for an estate, a street's community, a school.
PLACE: Final = re.compile(r"[\u4e00-\u9fff]{2,4}(?:小区|苑|花园|新城|家园|公寓|社区|广场|小学|中学|大学|学院)")
SHUFFLES: Final = 20
STRONGEST: Final = 5
WEEK: Final = 7 * 86_400


@dataclass(frozen=True)
class Message:
    """What the test needs to know of a message."""

    at: datetime
    author: str
    category: str
    place: str


@dataclass(frozen=True)
class Alarm:
    """A surge: where, when, and how unusual."""

    at: datetime
    category: str
    place: str
    found: Seen


def demo_directory() -> Directory:
    """The demo district, for its words."""
    planned = plan({}, files.read(DEMO.read_text(encoding="utf-8"), "yaml", ""))
    return Directory(edition_of(planned.after, 1, datetime.now(UTC)))


def messages(file: Path, directory: Directory) -> list[Message]:
    """The messages that name a place and a known matter, in time order."""
    with file.open(newline="", encoding="utf-8") as opened:
        rows = [_message(row, directory) for row in csv.DictReader(opened)]
    return sorted((each for each in rows if each.category and each.place), key=lambda each: each.at)


def _message(row: dict[str, str], directory: Directory) -> Message:
    text = f"{row['title']}\n{row['text']}"
    to = routing.destination(text, "", "", directory, routing.lexicon(directory))
    category = (to.category or next(iter(to.guesses), "")).partition("/")[0]
    place = PLACE.search(text)
    return Message(datetime.fromisoformat(row["submitted_at"]), row["author"], category, place.group() if place else "")


def alarms(stream: Sequence[Message]) -> Iterator[Alarm]:
    """What would have been warned of, message by message: each person counts once in three days, as in the service."""
    counts: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    counted: dict[tuple[str, str, str], datetime] = {}
    warned: dict[tuple[str, str], tuple[datetime, int]] = {}
    for each in stream:
        scope, person = (each.category, each.place), (each.category, each.place, each.author)
        if person not in counted or each.at - counted[person] >= SPAN:
            counted[person] = each.at
            counts[scope][period_of(each.at)] += 1
        found = seen(counts[scope], period_of(each.at))
        last = warned.get(scope)
        if found.surges and (last is None or each.at - last[0] >= QUIET or found.recent >= 2 * last[1]):
            warned[scope] = (each.at, found.recent)
            yield Alarm(each.at, *scope, found)


def shuffled(stream: Sequence[Message], seed: int) -> list[Message]:
    """The same messages, each at the time of another."""
    times = [each.at for each in stream]
    Random(seed).shuffle(times)
    mixed = [Message(at, each.author, each.category, each.place) for at, each in zip(times, stream, strict=True)]
    return sorted(mixed, key=lambda each: each.at)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.surge", description=__doc__)
    parser.add_argument("--messages", type=Path, required=True)
    given = parser.parse_args()
    if not given.messages.exists():
        raise SystemExit(
            f"There is no file {given.messages}. The messages are not part of this project: give the path of yours"
        )
    stream = messages(given.messages, demo_directory())
    weeks = (stream[-1].at - stream[0].at).total_seconds() / WEEK
    found = list(alarms(stream))
    false = [len(list(alarms(shuffled(stream, seed)))) for seed in range(SHUFFLES)]
    print(f"{len(stream):,} messages with a place and a matter, over {weeks:.0f} weeks")
    print(f"alarms: {len(found)}, {len(found) / weeks:.2f} a week")
    mean = sum(false) / SHUFFLES
    print(f"false alarms, of {SHUFFLES} shufflings of the times: {mean:.2f} in all, {mean / weeks:.4f} a week")
    print("the strongest:")
    for alarm in sorted(found, key=lambda alarm: alarm.found.chance)[:STRONGEST]:
        usual = f"{alarm.found.recent} people in three days, usually {alarm.found.expected:.2f}"
        print(f"  {alarm.at:%Y-%m-%d}  {alarm.place}  {alarm.category}: {usual}, chance {alarm.found.chance:.1e}")


if __name__ == "__main__":
    main()
