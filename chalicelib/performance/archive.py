"""The yearly file as JSON that can be checked in years to come: every record with its words and its part of the journal.

``claims`` is the other half: what an old file says of the journal, compared with the journal as it is now.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final, Literal

import msgspec

from chalicelib.directory import service as directory_service
from chalicelib.directory.model import Directory
from chalicelib.people.secret import matches, sign
from chalicelib.performance import filing
from chalicelib.performance.model import Record
from chalicelib.performance.yearfile import YearFile
from chalicelib.settings import settings
from chalicelib.spine import dossiers, journal
from chalicelib.spine.chain import Entry, walk

FORMAT: Final = "zerodistance-performance-file/1"
LONGEST_CHAIN: Final = 100  # facts before a record counts; drafts are seldom revised twice

Found = Literal["same", "changed", "gone"]


@dataclass(frozen=True)
class Claim:
    """What a file says: that fact number ``seq`` of this record had this hash."""

    id: str
    seq: int
    hash: str


def archived(file: YearFile, now: datetime) -> dict[str, Any]:
    """The file as plain values, sealed. A query a megabyte of records, and for each hundred of them a read of their words and
    one or more of their facts."""
    records = [record for record, _ in filing.records_of(file.deputy.id, file.year)]
    whole = {record.id: record for record in dossiers.load_many(Record, [record.id for record in records])}
    chains = _chains(whole.values())
    content = _head(file, directory_service.edition(now), now)
    content["records"] = [_record(whole[record.id], chains[record.id]) for record in records if record.id in whole]
    sealed = seal(content)
    return content | {"seal": sealed, "signature": signature(sealed)}


def seal(content: dict[str, Any]) -> str:
    """SHA-256 (hex) over all of it, as compact JSON with sorted keys."""
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()


def signature(sealed: str) -> str:
    """This platform's own mark under a seal: with it a file says who made it, and nobody else can make one."""
    return sign("archive", sealed)


def _head(file: YearFile, directory: Directory, now: datetime) -> dict[str, Any]:
    standing, median = file.standing, file.median
    kinds = filing.every_kind(directory).values()
    return {
        "format": FORMAT,
        "server": settings.base_url,
        "district": directory.district.name_zh,
        "made_at": now.isoformat(timespec="seconds"),
        "deputy": {name: getattr(file.deputy, name) for name in ("id", "name_zh", "name_en", "ward_zh", "ward_en")},
        "year": file.year,
        "kinds": [
            {"id": kind.id, "name_zh": kind.name_zh, "name_en": kind.name_en, "most_a_year": kind.most_a_year} for kind in kinds
        ],
        "totals": [asdict(total) for total in standing.totals],
        "counts": dict(standing.counts),
        "rates": _told(standing.rates),
        "satisfaction": _number(standing.satisfaction),
        "median": {
            "deputies": median.deputies,
            "records": _number(median.records),
            "points": _number(median.points),
            "rates": _told(median.rates),
            "satisfaction": _number(median.satisfaction),
        },
    }


def _told(rates: Any) -> dict[str, str | None]:
    return {name: _number(rate) for name, rate in rates.items()}


def _number(value: float | None) -> str | None:
    """As text: programs write numbers with a point in more than one way, and the seal must be the same in all of them."""
    return None if value is None else f"{value:g}"


def _record(record: Record, entries: Sequence[Entry]) -> dict[str, Any]:
    return {
        "id": record.id,
        "kind": record.category,
        "day": record.day,
        "deputy": record.deputy,
        "points": record.points,
        "of": record.of,
        "door": record.door,
        "account": asdict(record.account),
        "files": [{name: getattr(file, name) for name in ("id", "name", "type", "size", "sha256")} for file in record.files],
        "entries": [msgspec.to_builtins(entry) for entry in entries],
    }


def _chains(records: Iterable[Record]) -> dict[str, list[Entry]]:
    return _read([(record.id, record.counted) for record in records])


def _read(ends: Sequence[tuple[str, int]]) -> dict[str, list[Entry]]:
    """Of each record its facts from the first to this one, in order. One read a hundred facts."""
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in journal.several((id, seq) for id, last in dict(ends).items() for seq in range(1, last + 1)):
        found[entry.dossier].append(entry)
    for entries in found.values():
        entries.sort(key=lambda entry: entry.seq)
    return found


def is_ours(sealed: str, signed: str) -> bool:
    """Whether this platform put its mark under this seal."""
    return matches(signed, "archive", sealed)


def compared(claims: Sequence[Claim]) -> list[Found]:
    """What became of what a file claims, claim by claim: each chain is walked from its first fact to the claimed one."""
    chains = _read(sorted((claim.id, claim.seq) for claim in claims))  # of several about one record the longest comes last
    return [_compared(claim, list(islice(chains.get(claim.id, []), claim.seq))) for claim in claims]


def _compared(claim: Claim, entries: Sequence[Entry]) -> Found:
    if len(entries) < claim.seq:
        return "gone"
    return "same" if walk(entries, claim.hash).sound else "changed"
