"""All public figures made anew from a journal: time, memory, and whether they are the live ones. ``python -m bench.figures``.

The journal is made up (tests/support/figures.py: cases with every kind of end, suggestions) and kept in a file as the table's
rows hold it: measured is what a rebuild does with its facts, not what reading a table costs. The live figures come from the
same facts told one by one as queues may bring them: in any order, a fifth of them twice, while their journals still grow. Both
go through the platform's own code; only the table is one in memory.
"""

import argparse
import resource
import sys
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Final

import msgspec

from bench.shown import Part, table
from chalicelib.insight import service
from chalicelib.insight.rebuild import shares_of
from chalicelib.insight.tally import Held, Key, canonical, summed
from chalicelib.settings import settings
from chalicelib.spine.chain import Entry
from chalicelib.spine.journal import entry_from
from tests.support.figures import InMemory, delivered, journals

FACTS: Final = 200_000
PAGE: Final = 700  # facts that a page of 1 MB holds
SEED: Final = 4

Figures = dict[Key, dict[str, int]]


def written(facts: int, file: Path) -> int:
    """A journal in a file, a fact a line; returns how many there are."""
    made = 0
    with file.open("wb") as out:
        for entries in journals(facts, Random(SEED)):
            out.writelines(msgspec.json.encode(entry.sealed()) + b"\n" for entry in entries)
            made += len(entries)
    return made


def read(file: Path) -> Iterator[Entry]:
    """Its facts, one at a time."""
    with file.open() as lines:
        yield from map(entry_from, lines)


def anew(file: Path) -> tuple[dict[str, Held], Figures]:
    """What a rebuild makes of it."""
    shares = shares_of(read(file), lambda _: [], settings.zone)
    return shares, summed((dossier, held.share) for dossier, held in shares.items())


def live(file: Path) -> InMemory:
    """What counting each fact as it is told leads to."""
    every: dict[str, list[Entry]] = {}
    for entry in read(file):
        every.setdefault(entry.dossier, []).append(entry)
    store, dice, listed = InMemory(), Random(SEED), list(every.values())
    seen = [0] * len(listed)
    for place, seq in delivered(listed, dice):
        entries = listed[place]
        seen[place] = max(seen[place], dice.randint(seq, len(entries)))
        service.count(entries[0].dossier, store, lambda _, upto=seen[place], of=entries: of[:upto])  # type: ignore[misc]
    return store


def _memory(file: Path) -> float:
    """The most that a rebuild holds of Python's own memory, MB; measured apart, as it slows everything down."""
    tracemalloc.start()
    anew(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def _largest() -> float:
    """The most that the process held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def figures(facts: int, file: Path) -> Part:
    """A journal of so many facts: what a rebuild takes, and whether it leads to the live figures."""
    made = written(facts, file)
    before, begun, cpu = _largest(), perf_counter(), process_time()
    shares, rows = anew(file)
    took, cpu, grown = perf_counter() - begun, process_time() - cpu, _largest() - before
    peak, told = _memory(file), live(file)
    same = canonical(rows) == canonical(told.rows) and {d: h.share for d, h in shares.items()} == _shares(told)
    lines = table(
        ["a journal of", "dossiers", "rows of figures", "seconds", "of CPU", "facts a second", "traced MB", "process grew, MB"],
        [[
            f"{made:,}", f"{len(shares):,}", f"{len(rows):,}", f"{took:.1f}", f"{cpu:.1f}", f"{made / took:,.0f}",
            f"{peak:.0f}", f"{grown:.0f}",
        ]],
    )  # fmt: skip
    said = f"{len(canonical(rows)):,} bytes of figures, made anew and live: {'the same' if same else 'NOT the same'}."
    pages = f"Read from the table they are {made // PAGE + 1:,} calls (a scan's page holds 1 MB, some {PAGE} facts)."
    return Part("Figures made anew", [*lines, "", said, pages], [] if same else ["the figures differ from the live ones"])


def _shares(store: InMemory) -> dict[str, str]:
    return {dossier: held.share for dossier, held in store.shares.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.figures", description=__doc__.partition("\n")[0])
    parser.add_argument("--facts", type=int, default=FACTS)
    with tempfile.TemporaryDirectory() as folder:
        part = figures(parser.parse_args().facts, Path(folder) / "journal")
    print(part.text)
    sys.exit(int(bool(part.broken)))


if __name__ == "__main__":
    main()
