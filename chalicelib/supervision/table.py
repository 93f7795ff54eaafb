"""Rows of this section's own: which cases of a demand were overdue, and what lies in the urn of an appraisal."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.exceptions import DoesNotExist, PutError
from pynamodb.models import Model

from chalicelib.spine.aws import TableMeta, table

BREACHES: Final = "breaches"


class BreachRow(Model):
    """The cases of a demand (``period``) that broke a promise: a set, so that a case told twice is counted once."""

    class Meta(TableMeta):
        table_name = table("figures")

    scope = UnicodeAttribute(hash_key=True, default=BREACHES)
    period = UnicodeAttribute(range_key=True)
    cases = UnicodeSetAttribute(null=True)


def breached(demand: str, case: str) -> int:
    """Note that a case of a demand broke a promise; returns how many cases of it have by now. One update."""
    row = BreachRow(BREACHES, demand)
    row.update(actions=[BreachRow.cases.add({case})])
    return len(row.cases or ())


class UrnRow(Model):
    """One stamp given (``id`` a deputy, ``content`` the digest of the envelope) or one ballot cast (``id`` its receipt,
    ``content`` the ballot with its random prefix). A ballot's row holds no time, no name and no correlation."""

    class Meta(TableMeta):
        table_name = table("library")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    content = BinaryAttribute(legacy_encoding=False)
    stamp = BinaryAttribute(legacy_encoding=False)


@dataclass(frozen=True)
class Paper:
    """A ballot with its stamp, or the digest of an envelope with its stamp."""

    content: bytes
    stamp: bytes


def put_once(kind: str, id: str, paper: Paper) -> bool:
    """Lay a paper down where none lies; False if one does. One conditional put."""
    try:
        UrnRow(kind, id, content=paper.content, stamp=paper.stamp).save(UrnRow.kind.does_not_exist())
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def paper(kind: str, id: str) -> Paper | None:
    """The paper that lies there. One read."""
    try:
        row = UrnRow.get(kind, id, consistent_read=True)
    except DoesNotExist:
        return None
    return Paper(row.content, row.stamp)


def papers(kind: str) -> Iterator[tuple[str, Paper]]:
    """All of a kind, in the order of their ids, which for ballots is chance. One query a page of 1 MB."""
    for row in UrnRow.query(kind, consistent_read=True):
        yield row.id, Paper(row.content, row.stamp)
