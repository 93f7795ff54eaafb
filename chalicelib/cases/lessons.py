"""What the platform learns routing from, and what it has learnt: lessons and the model, in the table ``library``.

A lesson says that a case's category was set, corrected or let stand by a person; it holds no word of the text, which the
job reads from the case itself, so what was erased is not learnt from. The model lies in parts of one item each; a pointer
names the version in service, and is written last: the switch. The version before is kept.
"""

from datetime import datetime, timedelta
from typing import Final

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model as Table

from chalicelib.cases.learner import MOST, Example, Model, Together, pack, parts, replacement, unpack
from chalicelib.cases.learning.guess import Guesser
from chalicelib.cases.model import Case
from chalicelib.cases.routing import lexicon
from chalicelib.directory.model import Directory
from chalicelib.spine import dossiers
from chalicelib.spine.aws import TableMeta, table
from chalicelib.spine.dossier import stamp
from chalicelib.telemetry import count, logger

LESSON: Final = "lesson"
ROUTER: Final = "router"
CURRENT: Final = "current"
KEPT: Final = timedelta(minutes=10)


class ByDate(GlobalSecondaryIndex["LibraryRow"]):
    class Meta:
        index_name = "by-date"
        projection = AllProjection()

    kind = UnicodeAttribute(hash_key=True)
    date = UnicodeAttribute(range_key=True)


class LibraryRow(Table):
    """A lesson (``id`` a case, ``value`` its category), a part of a model (``content``), or the pointer to one (``value``)."""

    class Meta(TableMeta):
        table_name = table("library")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    date = UnicodeAttribute()
    value = UnicodeAttribute(null=True)
    content = BinaryAttribute(legacy_encoding=False, null=True)
    by_date = ByDate()


def note(case: Case) -> None:
    """A person set, corrected or let stand this case's category: the last word on a case counts. One write."""
    if case.category and case.words:
        LibraryRow(LESSON, case.id, date=stamp(case.created_at), value=case.category).save()


def examples(most: int = MOST) -> list[Example]:
    """The newest lessons with the texts of their cases. One query a page of 1 MB, one read a hundred cases."""
    rows = list(LibraryRow.by_date.query(LESSON, scan_index_forward=False, limit=most))
    category = {row.id: row.value or "" for row in rows}
    cases = dossiers.load_many(Case, list(category))
    return [
        Example(case.words[0].text, category[case.id], case.created_at) for case in cases if case.words and case.words[0].text
    ]


def learn(directory: Directory, now: datetime) -> str:
    """Fit a model to the lessons, and put it into service if it is better on the newest tenth. Returns the version in
    service, "" while the words of the directory guess alone."""
    known = examples()
    version, in_service = _stored()
    fitted = replacement(known, lexicon(directory), in_service)
    logger.info("Learned routing", lessons=len(known), replaced=fitted is not None, version=version)
    if fitted is None:
        return version
    count("RouterReplaced")
    return _put_into_service(pack(fitted), now)


def _put_into_service(content: bytes, now: datetime) -> str:
    version = stamp(now)
    for number, part in enumerate(parts(content)):
        LibraryRow(ROUTER, f"{version}#{number:03d}", date=version, content=part).save()
    LibraryRow(ROUTER, CURRENT, date=version, value=version).save()
    return version


def _stored() -> tuple[str, Model | None]:
    """The model in service and its version. One read, and one query more when there is one."""
    try:
        version = LibraryRow.get(ROUTER, CURRENT).value or ""
    except LibraryRow.DoesNotExist:
        return "", None
    rows = LibraryRow.query(ROUTER, LibraryRow.id.startswith(f"{version}#"))
    try:
        return version, unpack(b"".join(row.content or b"" for row in rows))
    except ValueError:
        logger.exception("The stored model can't be read; the words of the directory guess alone", version=version)
        return version, None


class Held:
    """The model in a process: read again every ten minutes."""

    def __init__(self) -> None:
        self._model: Model | None = None
        self._since: datetime | None = None

    def model(self, now: datetime) -> Model | None:
        """The model in service, at most ten minutes old."""
        if self._since is None or not timedelta() <= now - self._since < KEPT:
            self._model, self._since = _stored()[1], now
        return self._model

    def forget(self) -> None:
        """Read again at the next call."""
        self._model = self._since = None


_held = Held()
forget = _held.forget


def guesser(directory: Directory, now: datetime) -> Guesser:
    """Who guesses categories now: the directory's words, with the model beside them once there is one."""
    words, model = lexicon(directory), _held.model(now)
    return Together(words, model) if model else words
