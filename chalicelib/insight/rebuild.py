"""All figures made anew from the journal: what an operator runs, never a request.

The journal is read once, page by page; of each dossier only its share is kept in memory. Nothing else may count meanwhile
(``infra.journal figures`` stops ``tally`` and lets it go on afterwards: its queue keeps what happened, and counts it then).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from chalicelib.insight import table
from chalicelib.insight.model import share
from chalicelib.insight.tally import NOTHING, Counts, Held, Key, canonical, packed, summed
from chalicelib.spine import journal
from chalicelib.spine.chain import Entry
from chalicelib.spine.journal import JournalRow, entry_from

Whole = Callable[[str], list[Entry]]  # all facts of a dossier, in order


@dataclass(frozen=True)
class Found:
    """What a rebuild found: so many dossiers that add to so many rows, of which so many were not what they ought to be."""

    dossiers: int
    rows: int
    wrong: int


def rebuild(zone: ZoneInfo, *, mend: bool = True) -> Found:
    """Make all figures anew; without ``mend`` only say how many rows are not what the journal leads to."""
    shares = shares_of(every_fact(), journal.entries, zone)
    wanted = summed((dossier, held.share) for dossier, held in shares.items())
    figures, known = table.everything()
    wrong = {key: counts for key, counts in wanted.items() if figures.get(key) != counts}
    gone = [key for key in figures if key not in wanted]
    differing = {dossier: held for dossier, held in shares.items() if known.get(dossier, Held()).share != held.share}
    if mend:
        unknown = [(table.COUNTED + dossier, table.ONLY) for dossier in known if dossier not in shares]
        table.overwrite(wrong, differing, [*gone, *unknown])
    return Found(len(shares), len(wanted), _off(figures, wanted))


def _off(figures: Mapping[Key, Counts], wanted: Mapping[Key, Counts]) -> int:
    """How many rows count something else; one whose counters went back to 0 counts as none."""
    if canonical(figures) == canonical(wanted):
        return 0
    return sum((figures.get(key) or {}) != (wanted.get(key) or {}) for key in {*figures, *wanted})


def every_fact() -> Iterator[Entry]:
    """Every fact of the journal, a page at a time: a scan."""
    return (entry_from(row.content) for row in JournalRow.scan(attributes_to_get=["content"]))


def shares_of(facts: Iterable[Entry], whole: Whole, zone: ZoneInfo) -> dict[str, Held]:
    """What each dossier adds. A dossier's facts stand together and in order in a page and from one page to the next; where
    they do not, ``whole`` is asked for them, so that the answer does not rest on it."""
    found: dict[str, Held] = {}
    for dossier, some in groupby(facts, key=lambda entry: entry.dossier):
        entries = list(some)
        if dossier in found or [entry.seq for entry in entries] != list(range(1, len(entries) + 1)):
            entries = whole(dossier)
        held = Held(entries[-1].seq, packed(share(entries, zone)))
        if held.share != NOTHING:
            found[dossier] = held
    return found
