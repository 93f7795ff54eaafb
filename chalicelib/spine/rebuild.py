"""Every chain walked, and every dossier folded again from its journal: what an operator runs, never a request.

It reads whole tables, a page at a time. It may run while the service does: a dossier that someone moves meanwhile is left
as they made it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec
from pynamodb.exceptions import PutError

from chalicelib.spine import dossiers, journal
from chalicelib.spine.chain import Entry, Verdict, walk
from chalicelib.spine.dossier import Dossier
from chalicelib.spine.dossiers import DossierRow
from chalicelib.spine.journal import JournalRow

Kinds = Mapping[str, type[Dossier]]


@dataclass(frozen=True)
class Found:
    """What was found of one dossier: its chain's verdict, and whether its state is what its journal leads to."""

    dossier: str
    verdict: Verdict
    same: bool
    mended: bool = False


def every_dossier() -> Iterator[str]:
    """The id of every dossier that the journal or the table of dossiers knows."""
    begun = {row.dossier for row in JournalRow.scan(JournalRow.seq == 1, attributes_to_get=["dossier"])}
    yield from sorted(begun | {row.id for row in DossierRow.scan(attributes_to_get=["id"])})


def checked(dossier: str, kinds: Kinds, *, mend: bool) -> Found:
    """Walk a dossier's chain and fold it; with ``mend`` a state that differs is written anew, if the chain is sound."""
    entries, row = journal.entries(dossier), _row(dossier)
    verdict = walk(entries, _head(row))
    if not verdict.sound or not entries:
        return Found(dossier, verdict if entries else Verdict(0, 1), same=False)
    kind = kinds[entries[-1].kind]
    folded = dossiers.fold(kind, entries, _apart(row))
    wanted = dossiers.row_of(folded)
    same = row is not None and dossiers.from_row(kind, row) == folded and _places(wanted) == _places(row)
    return Found(dossier, verdict, same, mended=mend and not same and _write(wanted, row, entries))


def _row(dossier: str) -> DossierRow | None:
    try:
        return DossierRow.get(dossier, consistent_read=True)
    except DossierRow.DoesNotExist:
        return None


def _head(row: DossierRow | None) -> str | None:
    return msgspec.json.decode(row.state or "{}").get("head") if row else None


def _apart(row: DossierRow | None) -> dict[str, object]:
    return msgspec.json.decode(row.apart or "{}") if row else {}


def _places(row: DossierRow) -> dict[str, object]:
    """What puts a row on lists and the agenda. The state is compared as a dossier: a field that came later has its default."""
    values = {name: value for name, value in row.attribute_values.items() if value is not None}
    return {name: value for name, value in values.items() if name not in ("state", "apart")}


def _write(wanted: DossierRow, row: DossierRow | None, entries: list[Entry]) -> bool:
    unmoved = (DossierRow.version == len(entries)) if row else DossierRow.id.does_not_exist()
    try:
        wanted.save(unmoved)
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False  # someone moved it meanwhile, and so wrote it anew
    return True
