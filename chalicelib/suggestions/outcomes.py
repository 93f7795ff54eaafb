"""A document came of a suggestion: its demands say so, and from them each case whose resident's message led to it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from chalicelib.cases import service as cases
from chalicelib.demands import service as demands
from chalicelib.spine import dossiers, journal
from chalicelib.spine.chain import Entry
from chalicelib.spine.queue import Message
from chalicelib.suggestions import service

SAID: Final = ("title", "number", "date", "url")  # of the document, in every fact that tells of it


def tell_demands(suggestion_id: str, seq: int, now: datetime) -> None:
    """Put the document of the suggestion's fact ``seq`` on record with each of its demands. A demand that was merged meanwhile
    hands it on to the other."""
    entry = journal.entry(suggestion_id, seq)
    if entry is None:
        return
    for demand_id in service.found(suggestion_id).demands:
        demands.document(demand_id, _told(entry, suggestion_id), now=now)


def _told(entry: Entry, suggestion_id: str) -> dict[str, Any]:
    return {name: entry.data.get(name, "") for name in SAID} | {"suggestion": suggestion_id, "of": entry.seq}


def orders(demand_id: str, seq: int) -> Iterator[Message]:
    """An order for each case of the demand: the demand's fact ``seq`` is to be told there."""
    for case_id in dossiers.members(demand_id):
        yield {"dossier": case_id, "demand": demand_id, "seq": seq}


def tell_case(case_id: str, demand_id: str, seq: int, now: datetime) -> tuple[str, ...]:
    """Put the document on record with one case, once. Returns the cases that were joined to it."""
    entry = journal.entry(demand_id, seq)
    if entry is None:
        return ()
    return cases.document(case_id, {**entry.data, "demand": demand_id}, now=now).joined
