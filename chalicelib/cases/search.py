"""Finding cases again, open and closed: a month at a time, by words, number, grid, category and state.

A month is the district's, from its midnight to its midnight. Each request looks at no more than so many cases of it, however
many there are, and says where to go on. Words are looked for in what the resident wrote; that is read only of what everything
else lets through.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from chalicelib.cases import arrivals
from chalicelib.cases.model import Case
from chalicelib.cases.service import may_see
from chalicelib.errors import Invalid, NotFound
from chalicelib.people import form
from chalicelib.people.roles import Actor
from chalicelib.settings import settings
from chalicelib.spine import dossiers

MOST_PAGES: Final = 5  # queries of one request, each with one read of a hundred at most


@dataclass(frozen=True)
class Wanted:
    """What is looked for; what is empty is not asked for. ``month`` is 2026-11."""

    month: str
    words: str = ""
    grid: str = ""
    category: str = ""
    status: str = ""
    body: str = ""
    deputy: str = ""

    def fits(self, case: Case) -> bool:
        """Everything but the words. A category is found with all that is below it."""
        asked = ((self.grid, case.grid), (self.status, case.status), (self.body, case.body), (self.deputy, case.deputy))
        below = not self.category or case.category == self.category or case.category.startswith(f"{self.category}/")
        return below and all(not wish or wish == found for wish, found in asked)

    def says(self, case: Case) -> bool:
        """Whether every word stands in what the resident wrote."""
        text = " ".join(words.text for words in case.words).casefold()
        return all(word in text for word in self.words.casefold().split())


@dataclass(frozen=True)
class Found:
    """What was found so far, the newest first; ``next`` is where to go on in this month, or None at its end."""

    items: tuple[Case, ...]
    next: str | None


def search(wanted: Wanted, *, by: Actor, cursor: str = "") -> Found:
    """Look through a month. Five queries and five batch reads at most. Raises Invalid (``month``, ``cursor``)."""
    first, after = _span(wanted.month)
    found: list[Case] = []
    following: str | None = None
    for page in islice(arrivals.look(first, after - timedelta(microseconds=1), cursor), MOST_PAGES):
        found += _fitting([case for case in page.cases if first <= case.created_at < after], wanted, by)
        following = page.next
        if len(found) >= arrivals.PAGE:
            break
    return Found(tuple(found), following)


def numbered(text: str, *, by: Actor) -> Case | None:
    """The case of this number, if this actor may see it. One read."""
    try:
        case = dossiers.load(Case, form.plain(text))
    except NotFound:
        return None
    return case if may_see(case, by) else None


def month_of(moment: datetime) -> str:
    """The month in the district in which a moment lies: 2026-11."""
    return f"{moment.astimezone(settings.zone):%Y-%m}"


def _span(month: str) -> tuple[datetime, datetime]:
    """The first moment of a month in the district, and the first after it."""
    try:
        first = datetime.strptime(month, "%Y-%m").replace(tzinfo=settings.zone)
        return first, (first + timedelta(days=32)).replace(day=1)
    except (ValueError, OverflowError):
        raise Invalid("month", f"'{month}' is no month; write it as 2026-11", "bad_month") from None


def _fitting(cases: Sequence[Case], wanted: Wanted, by: Actor) -> Iterator[Case]:
    """An index holds no words: they are read for what is left, in one batch."""
    left = [case for case in cases if wanted.fits(case) and may_see(case, by)]
    whole = {case.id: case for case in dossiers.load_many(Case, [case.id for case in left])} if left else {}
    yield from (whole[case.id] for case in left if case.id in whole and wanted.says(whole[case.id]))
