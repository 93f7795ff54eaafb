"""Oversight of what was promised and not kept, and the appraisal of bodies, as methods of the class."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from zerodistance_client.ballots import Ballot, Grades
from zerodistance_client.calls import Calls
from zerodistance_client.errors import BadAnswer
from zerodistance_client.records import read
from zerodistance_client.supervision_records import (
    Appraisal,
    AppraisalPage,
    Receipt,
    Receipts,
    Stamp,
    StampKnown,
    Supervision,
    SupervisionPage,
    SupervisionSummary,
)
from zerodistance_client.wire import Call

PAGE: Final = 25


class SupervisionCalls(Calls):
    """Oversight of what was promised and not kept. Files are named by ids, which ``upload`` gives."""

    def supervision_items(self, *, list: str = "", page: int = PAGE) -> Iterator[SupervisionSummary]:
        """Items: a body's own; for the others ``list`` is opened, due, verify, passed (what waits for whom), or all."""
        for each in self.supervision_pages(list=list, page=page):
            yield from each.items

    def supervision_pages(self, *, list: str = "", page: int = PAGE) -> Iterator[SupervisionPage]:
        """The same, a page at a time."""
        cursor = ""
        while True:
            got = self.supervision_page(cursor, list=list, page=page)
            yield got
            if not got.next or got.next == cursor:
                return
            cursor = got.next

    def supervision_page(self, cursor: str = "", *, list: str = "", page: int = PAGE) -> SupervisionPage:
        """One page of a list: the first, or the one that ``cursor`` (an earlier page's ``next``) leads to."""
        asked: dict[str, str | int] = {"limit": page, "cursor": cursor, "list": list}
        return self._get(SupervisionPage, "/v1/supervision", {name: value for name, value in asked.items() if value})

    def supervision(self, id: str) -> Supervision:
        """An item whole, with the moves that you may make."""
        return self._get(Supervision, _item(id))

    def open_supervision(
        self, title: str, body: str, text: str, *, category: str = "", of: str = "", key: str = ""
    ) -> Supervision:
        """Open an item by hand. The title is public once it is overdue: no names in it."""
        given = {"title": title, "body": body, "text": text, "category": category, "of": of}
        return self._post(Supervision, "/v1/supervision", given, key)

    def give_notice(self, id: str, text: str, *, body: str = "", key: str = "") -> Supervision:
        """Give the body notice; from now its date runs."""
        return self._item_moved(id, "notice", {"text": text, "body": body}, key)

    def rectify(self, id: str, text: str, files: Sequence[str] = (), *, key: str = "") -> Supervision:
        """Show what your body did. Keeps the date."""
        return self._item_moved(id, "rectify", {"text": text, "files": [*files]}, key)

    def verify_on_site(
        self, id: str, passes: bool, text: str, lat: float, lon: float, files: Sequence[str], *, key: str = ""
    ) -> Supervision:
        """Say what you saw on the spot, where you stood (degrees), with pictures. Two deputies pass it, or it begins again."""
        given = {"passes": passes, "text": text, "lat": lat, "lon": lon, "files": [*files]}
        return self._item_moved(id, "verify", given, key)

    def close_supervision(self, id: str, *, key: str = "") -> Supervision:
        """Close what has passed."""
        return self._item_moved(id, "close", {}, key)

    def drop_supervision(self, id: str, reason: str, *, key: str = "") -> Supervision:
        """Say why it was no matter for supervision."""
        return self._item_moved(id, "drop", {"reason": reason}, key)

    def _item_moved(self, id: str, move: str, given: Mapping[str, Any], key: str) -> Supervision:
        return self._post(Supervision, f"{_item(id)}/{move}", given, key)

    # appraisals

    def appraisals(self, *, page: int = PAGE) -> Iterator[Appraisal]:
        """Every appraisal, newest first. Asks for the next page only when it is reached."""
        cursor = ""
        while True:
            asked: dict[str, str | int] = {"limit": page} | ({"cursor": cursor} if cursor else {})
            got = read(AppraisalPage, self._wire.json(Call("GET", "/v1/appraisals", asked, open=True)))
            yield from got.items
            if not got.next or got.next == cursor:
                return
            cursor = got.next

    def appraisal(self, id: str) -> Appraisal:
        """An appraisal, as everyone sees it: no sign-in is sent along."""
        return read(Appraisal, self._wire.json(Call("GET", _appraisal(id), open=True)))

    def call_appraisal(
        self,
        title: str,
        opens_at: datetime,
        seals_at: datetime,
        closes_at: datetime,
        bodies: Sequence[str] = (),
        *,
        key: str = "",
    ) -> Appraisal:
        """Call an appraisal of these bodies, or of all; its phases follow by themselves."""
        dates = {"opens_at": opens_at, "seals_at": seals_at, "closes_at": closes_at}
        given = {"title": title, "bodies": [*bodies], **{name: date.isoformat() for name, date in dates.items()}}
        return self._post(Appraisal, "/v1/appraisals", given, key)

    def cancel_appraisal(self, id: str, reason: str, *, key: str = "") -> Appraisal:
        """Call it off; nothing is counted."""
        return self._post(Appraisal, f"{_appraisal(id)}/cancel", {"reason": reason}, key)

    def stamp_known(self, id: str) -> StampKnown:
        """Whether you had an envelope stamped, and once stamping is over, who had."""
        return self._get(StampKnown, f"{_appraisal(id)}/stamp")

    def fold(self, id: str, grades: Grades) -> Ballot:
        """Fill in and fold a ballot. Keep it (``kept()``) before it is stamped: no second envelope is. Raises BadBallot."""
        return Ballot.of(self.appraisal(id), grades)

    def stamp(self, ballot: Ballot) -> Ballot:
        """Have a folded ballot stamped, unread; the same again gets the same stamp. Raises Conflict (another was stamped)."""
        got = self._post(Stamp, f"{_appraisal(ballot.appraisal)}/stamp", {"envelope": ballot.envelope}, "")
        return ballot.stamped(got.stamp)

    def cast(self, ballot: Ballot) -> Ballot:
        """Cast a stamped ballot; nothing that names you is sent along. The answer has its receipt. Cast twice it counts once.

        Raises BadAnswer where the key is not the one under which it was folded: then somebody tells voters apart by their keys.
        """
        if self.appraisal(ballot.appraisal).modulus != ballot.modulus:
            raise BadAnswer(
                "The appraisal's key is another one than when this ballot was folded: do not cast it, and tell others"
            )
        given = {"ballot": ballot.message, "stamp": ballot.stamp}
        path = f"{_appraisal(ballot.appraisal)}/ballots"
        got = read(Receipt, self._wire.json(Call("POST", path, json=given, open=True)))
        return ballot.done(got.receipt)

    def receipts(self, id: str) -> tuple[str, ...]:
        """The numbers of all ballots that were counted. No sign-in is sent along."""
        return read(Receipts, self._wire.json(Call("GET", f"{_appraisal(id)}/ballots", open=True))).receipts


def _item(id: str) -> str:
    return f"/v1/supervision/{quote(id.strip(), safe='')}"


def _appraisal(id: str) -> str:
    return f"/v1/appraisals/{quote(id.strip(), safe='')}"
