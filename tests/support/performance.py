"""Performance records of the demo district (tests/support/wanglan.py): written by Lin, reviewed by Qiao."""

from datetime import datetime
from typing import Any

from chalicelib.directory import service as directory_service
from chalicelib.people.roles import Actor
from chalicelib.performance import credit, filing, following, service
from chalicelib.performance.importing import ImportRow
from chalicelib.performance.model import Record
from chalicelib.performance.service import Written
from chalicelib.performance.yearfile import YearFile
from chalicelib.spine import journal
from tests.support.wanglan import LIN, NOON, QIAO

YEAR = "2026"
TITLE, PLACE = "走访霁月花园听取供暖意见", "霁月花园"


def written(**known: Any) -> Written:
    """What Lin writes of a visit."""
    return Written(**{"kind": "visit", "day": "2026-11-20", "title": TITLE, "place": PLACE, "text": "走访十二户。", **known})


def drafted(by: Actor = LIN, now: datetime = NOON, **known: Any) -> Record:
    """A draft."""
    return service.draft(service.new_id(), written(**known), submit=False, by=by, now=now)


def submitted(by: Actor = LIN, now: datetime = NOON, **known: Any) -> Record:
    """A record that waits for review."""
    return service.draft(service.new_id(), written(**known), submit=True, by=by, now=now)


def approved(by: Actor = LIN, now: datetime = NOON, **known: Any) -> Record:
    """A record that counts."""
    return service.accept("approve", submitted(by, now, **known).id, by=QIAO, now=now)


def returned(reviewer: Actor = QIAO, **known: Any) -> Record:
    """A record of Lin's that came back."""
    return service.move("return", submitted(**known).id, by=reviewer, now=NOON, reason="请补充地点")


def appealed(reviewer: Actor = QIAO) -> Record:
    """A record whose return Lin does not accept."""
    return service.move("appeal", returned(reviewer).id, by=LIN, now=NOON, reason="地点已写明")


def rows(count: int, first: int = 1, **known: Any) -> list[ImportRow]:
    """So many older records."""
    base: dict[str, Any] = {"deputy": "lin-jianwei", "kind": "visit", "day": "2024-03-05", "place": PLACE}
    return [ImportRow(**{"row": n, "title": f"第{n}次走访", **base, **known}) for n in range(first, first + count)]


def year_of(deputy: str = "lin-jianwei", year: str = YEAR, now: datetime = NOON) -> YearFile:
    """A deputy's yearly file."""
    directory_service.edition(now)
    return filing.file_of(deputy, year, now)


def followed(dossier: str, now: datetime = NOON) -> None:
    """Everything of a dossier is told to the section, each fact once."""
    for entry in journal.entries(dossier):
        if f"{entry.kind}.{entry.type}" in credit.WATCHED:
            following.follow(dossier, entry.seq, now)
