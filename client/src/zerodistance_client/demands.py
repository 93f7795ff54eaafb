"""Common demands, as methods of the class: many cases, one matter."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from zerodistance_client.calls import Calls
from zerodistance_client.demand_records import Demand, DemandPage, DemandSummary

PAGE: Final = 25


class DemandCalls(Calls):
    """What is done to a demand is done to each of its open cases; their residents are told once. Each method gives the demand
    as it stands then, and raises NotFound also for a demand that is of no concern to your ward or body."""

    def demands(self, *, page: int = PAGE) -> Iterator[DemandSummary]:
        """The open demands that concern you, those of most people first. Asks for the next page only when it is reached."""
        for each in self.demand_pages(page=page):
            yield from each.items

    def demand_pages(self, *, page: int = PAGE) -> Iterator[DemandPage]:
        """The same, a page at a time; a page may be empty and others follow."""
        cursor = ""
        while True:
            got = self.demand_page(cursor, page=page)
            yield got
            if not got.next or got.next == cursor:
                return
            cursor = got.next

    def demand_page(self, cursor: str = "", *, page: int = PAGE) -> DemandPage:
        """One page of the list: the first, or the one that ``cursor`` (an earlier page's ``next``) leads to."""
        asked: dict[str, str | int] = {"limit": page} | ({"cursor": cursor} if cursor else {})
        return self._get(DemandPage, "/v1/demands", asked)

    def demand(self, id: str) -> Demand:
        """A demand whole: people, places, curve, typical sentences, cases, timeline, and the moves that are legal now."""
        return self._get(Demand, _demand(id))

    def put_together(self, name: str, cases: Sequence[str], *, key: str = "") -> Demand:
        """Put cases together by hand: 2 to 30 that you may see and that are in no demand yet."""
        return self._post(Demand, "/v1/demands", {"name": name, "cases": [*cases]}, key)

    def confirm(self, id: str, name: str, *, key: str = "") -> Demand:
        """Say that what the platform proposed is one matter, and what it is called."""
        return self._done(id, "confirm", {"name": name}, key)

    def rename(self, id: str, name: str, *, key: str = "") -> Demand:
        """Call it otherwise."""
        return self._done(id, "rename", {"name": name}, key)

    def dismiss(self, id: str, reason: str, *, key: str = "") -> Demand:
        """Say that it is no common matter. The same proposal does not return."""
        return self._done(id, "dismiss", {"reason": reason}, key)

    def take_up(self, id: str, *, key: str = "") -> Demand:
        """Lead it."""
        return self._done(id, "take_up", {}, key)

    def support(self, id: str, *, key: str = "") -> Demand:
        """Join those who work on it."""
        return self._done(id, "support", {}, key)

    def assign_demand(self, id: str, body: str, reason: str, *, key: str = "") -> Demand:
        """Hand it to a body, with every open case."""
        return self._done(id, "assign", {"body": body, "reason": reason}, key)

    def promise(self, id: str, text: str, until: str, *, key: str = "") -> Demand:
        """Promise that it will be done by a day (ISO, ``until``), and say what; everyone in it is told."""
        return self._done(id, "promise", {"text": text, "until": until}, key)

    def answer_demand(self, id: str, text: str, *, key: str = "") -> Demand:
        """One answer for all: every open case is answered."""
        return self._done(id, "answer", {"text": text}, key)

    def resolve(self, id: str, text: str, *, key: str = "") -> Demand:
        """Say that it is done. Who disagrees reopens their case, and the demand says so."""
        return self._done(id, "resolve", {"text": text}, key)

    def merge_demand(self, id: str, into: str, reason: str, *, key: str = "") -> Demand:
        """Merge it into another demand; its cases follow, and what comes to it later does too."""
        return self._done(id, "merge", {"into": into, "reason": reason}, key)

    def split(self, id: str, name: str, cases: Sequence[str], *, key: str = "") -> Demand:
        """Make some of its cases (2 to 30, not all) a demand of their own, which is the answer."""
        return self._done(id, "split", {"name": name, "cases": [*cases]}, key)

    def take_out(self, id: str, case: str, reason: str, *, key: str = "") -> Demand:
        """Take out a case that does not belong there. The platform does not put it back."""
        return self._done(id, "take_out", {"case": case, "reason": reason}, key)

    def _done(self, id: str, move: str, given: Mapping[str, Any], key: str) -> Demand:
        return self._post(Demand, f"{_demand(id)}/{move}", given, key)


def _demand(id: str) -> str:
    return f"/v1/demands/{quote(id.strip(), safe='')}"
