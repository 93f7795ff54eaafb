"""Performance records and yearly files, as methods of the class."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal
from urllib.parse import quote

from zerodistance_client.archive import Claim
from zerodistance_client.calls import Calls
from zerodistance_client.performance_records import (
    ImportedRecords,
    PerformanceRecord,
    RecordKind,
    RecordKinds,
    RecordLine,
    RecordPage,
    Standings,
    Verdicts,
    YearFile,
)
from zerodistance_client.wire import Call

PAGE: Final = 100
MOST_CLAIMS: Final = 200  # of one request
Form = Literal["json", "pdf", "xlsx", "csv"]


class PerformanceCalls(Calls):
    """What deputies did, how it is reviewed, and what a year comes to. A record of another deputy raises NotFound."""

    def record_kinds(self) -> tuple[RecordKind, ...]:
        """The kinds of records, with their points."""
        return self._get(RecordKinds, "/v1/records/kinds").items

    def performance_records(self, year: str = "", *, deputy: str = "", page: int = PAGE) -> Iterator[RecordLine]:
        """A deputy's records of a year (this one), the newest first; a manager or supervisor names the deputy."""
        for each in self.record_pages(year=year, deputy=deputy, page=page):
            yield from each.items

    def records_waiting(self, *, page: int = PAGE) -> Iterator[RecordLine]:
        """What waits: for a manager what is to be reviewed, for a deputy drafts and what came back."""
        for each in self.record_pages(list="waiting", page=page):
            yield from each.items

    def record_pages(self, *, year: str = "", deputy: str = "", list: str = "", page: int = PAGE) -> Iterator[RecordPage]:
        """The same, a page at a time."""
        asked: dict[str, str | int] = {"limit": page, "year": year, "deputy": deputy, "list": list}
        asked, cursor = {name: value for name, value in asked.items() if value}, ""
        while True:
            got = self._get(RecordPage, "/v1/records", asked | ({"cursor": cursor} if cursor else {}))
            yield got
            if not got.next or got.next == cursor:
                return
            cursor = got.next

    def performance_record(self, id: str) -> PerformanceRecord:
        """A record in full, with the moves that are legal now."""
        return self._get(PerformanceRecord, _record(id))

    def write_record(
        self,
        kind: str,
        day: str,
        title: str,
        *,
        place: str = "",
        text: str = "",
        show: bool = False,
        files: Sequence[str] = (),
        submit: bool = False,
        key: str = "",
    ) -> PerformanceRecord:
        """Write down what you did on a day (ISO): a draft, or with ``submit`` for review at once. ``files`` as ``upload`` names
        them; ``show`` its words to the public. A kind that the platform makes itself raises Invalid (made_by_system)."""
        given = _written(kind, day, title, place, text, show, files) | {"submit": submit}
        return self._post(PerformanceRecord, "/v1/records", given, key)

    def revise_record(
        self,
        id: str,
        kind: str,
        day: str,
        title: str,
        *,
        place: str = "",
        text: str = "",
        show: bool = False,
        files: Sequence[str] = (),
        key: str = "",
    ) -> PerformanceRecord:
        """Write a draft, or what was returned, anew: all of it."""
        return self._of(id, "revise", _written(kind, day, title, place, text, show, files), key)

    def submit_record(self, id: str, *, key: str = "") -> PerformanceRecord:
        """Send it to review."""
        return self._of(id, "submit", {}, key)

    def discard_record(self, id: str, *, key: str = "") -> PerformanceRecord:
        """Throw a draft away, or what was returned."""
        return self._of(id, "discard", {}, key)

    def publish_record(self, id: str, *, key: str = "") -> PerformanceRecord:
        """Show its words on your public page."""
        return self._of(id, "show", {}, key)

    def hide_record(self, id: str, *, key: str = "") -> PerformanceRecord:
        """Take its words off your public page."""
        return self._of(id, "hide", {}, key)

    def appeal_record(self, id: str, reason: str, *, key: str = "") -> PerformanceRecord:
        """Say why it should not have been returned; someone else decides."""
        return self._of(id, "appeal", {"reason": reason}, key)

    def approve_record(self, id: str, *, key: str = "") -> PerformanceRecord:
        """It counts from now on (managers)."""
        return self._of(id, "approve", {}, key)

    def return_record(self, id: str, reason: str, *, key: str = "") -> PerformanceRecord:
        """Back to the deputy (managers)."""
        return self._of(id, "return", {"reason": reason}, key)

    def uphold_return(self, id: str, reason: str, *, key: str = "") -> PerformanceRecord:
        """The return stands (managers and supervisors, but not who returned it)."""
        return self._of(id, "uphold", {"reason": reason}, key)

    def overturn_return(self, id: str, reason: str, *, key: str = "") -> PerformanceRecord:
        """The appeal is right: the record counts (managers and supervisors, but not who returned it)."""
        return self._of(id, "overturn", {"reason": reason}, key)

    def import_records(self, rows: Sequence[Mapping[str, Any]], *, key: str = "") -> ImportedRecords:
        """Bring in older records (managers), at most 300 a call: ``row``, ``deputy``, ``kind``, ``day``, ``title``, and perhaps
        ``place``, ``text``, ``number``. Rows that are there are left as they are. Raises Invalid with all ``errors`` by row."""
        return self._post(ImportedRecords, "/v1/records/import", {"rows": [dict(row) for row in rows]}, key)

    # yearly files

    def year_file(self, deputy: str, year: str = "") -> YearFile:
        """A deputy's yearly file in numbers, beside the median of the congress."""
        return self._get(YearFile, f"/v1/performance/{quote(deputy, safe='')}", {"year": year} if year else {})

    def standings(self, year: str = "") -> Standings:
        """Every deputy's year (managers and supervisors)."""
        return self._get(Standings, "/v1/performance", {"year": year} if year else {})

    def export_year_file(self, deputy: str, year: str = "", form: Form = "json") -> bytes:
        """The whole yearly file: json (to be kept: it can be verified), pdf, xlsx or csv."""
        asked = {"format": form} | ({"year": year} if year else {})
        path = f"/v1/performance/{quote(deputy, safe='')}/export"
        return self._wire.send(Call("GET", path, asked, headers={"Accept": "*/*"})).content

    def compare_claims(self, claims: Sequence[Claim]) -> tuple[str, ...]:
        """What became of what an exported file claims (``archive.claims``): same, changed or gone. A call for each 200."""
        found: list[str] = []
        for start in range(0, len(claims), MOST_CLAIMS):
            items = [claim.as_json() for claim in claims[start : start + MOST_CLAIMS]]
            found += self._post(Verdicts, "/v1/performance/verify", {"items": items}, "").items
        return tuple(found)

    def is_signed(self, seal: str, signature: str) -> bool:
        """Whether an exported file's seal was signed by this server."""
        asked = {"items": [], "seal": seal, "signature": signature}
        return bool(self._post(Verdicts, "/v1/performance/verify", asked, "").signed)

    def _of(self, id: str, move: str, given: Mapping[str, Any], key: str) -> PerformanceRecord:
        return self._post(PerformanceRecord, f"{_record(id)}/{move}", given, key)


def _record(id: str) -> str:
    return f"/v1/records/{quote(id.strip(), safe='')}"


def _written(kind: str, day: str, title: str, place: str, text: str, show: bool, files: Sequence[str]) -> dict[str, Any]:
    return {
        "kind": kind, "day": day, "title": title, "place": place, "text": text, "show": show, "files": [*files],
    }  # fmt: skip
