"""Deputies' suggestions, as methods of the class: from demand to proposal to reply to government document."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from zerodistance_client.calls import Calls
from zerodistance_client.suggestion_records import Suggestion, SuggestionPage, SuggestionSummary

PAGE: Final = 25


class SuggestionCalls(Calls):
    """Each method that does something gives the suggestion as it stands then, without its timeline. NotFound also where it is
    another deputy's draft, NotAllowed where the move is somebody else's."""

    def suggestions(
        self, *, year: int = 0, status: str = "", body: str = "", kind: str = "", deputy: str = "", page: int = PAGE
    ) -> Iterator[SuggestionSummary]:
        """The suggestions whose turn is yours; with ``year`` all of that year that you may see, the newest first. Of them only
        those of a status, of a body, with a reply of this class (``kind``), led or signed by a deputy."""
        for each in self.suggestion_pages(year=year, status=status, body=body, kind=kind, deputy=deputy, page=page):
            yield from each.items

    def suggestion_pages(
        self, *, year: int = 0, status: str = "", body: str = "", kind: str = "", deputy: str = "", page: int = PAGE
    ) -> Iterator[SuggestionPage]:
        """The same, a page at a time; a page may be empty and others follow."""
        asked: dict[str, str | int] = {"year": year, "status": status, "body": body, "class": kind, "deputy": deputy}
        wanted, cursor = {name: value for name, value in asked.items() if value} | {"limit": page}, ""
        while True:
            got = self._get(SuggestionPage, "/v1/suggestions", wanted | ({"cursor": cursor} if cursor else {}))
            yield got
            if not got.next or got.next == cursor:
                return
            cursor = got.next

    def suggestion(self, id: str) -> Suggestion:
        """A suggestion whole: text, evidence, promise, documents, timeline, and the moves that are yours now."""
        return self._get(Suggestion, _suggestion(id))

    def draft_suggestion(self, title: str, text: str, demands: Sequence[str], *, key: str = "") -> Suggestion:
        """Begin a suggestion from common demands; their evidence is taken as it stands now."""
        return self._post(Suggestion, "/v1/suggestions", {"title": title, "text": text, "demands": [*demands]}, key)

    def edit_suggestion(
        self,
        id: str,
        *,
        title: str | None = None,
        text: str | None = None,
        demands: Sequence[str] | None = None,
        renew: bool = False,
        key: str = "",
    ) -> Suggestion:
        """Change a draft; what is None stays, ``renew`` takes all evidence anew. New words are to be signed anew."""
        said = {"title": title, "text": text, "demands": None if demands is None else [*demands], "renew": renew or None}
        return self._suggested(id, "edit", {name: value for name, value in said.items() if value is not None}, key)

    def invite(self, id: str, deputies: Sequence[str], *, key: str = "") -> Suggestion:
        """Ask other deputies to sign."""
        return self._suggested(id, "invite", {"deputies": [*deputies]}, key)

    def cosign(self, id: str, *, key: str = "") -> Suggestion:
        """Sign it as it is."""
        return self._suggested(id, "cosign", {}, key)

    def decline_suggestion(self, id: str, *, key: str = "") -> Suggestion:
        """Do not sign."""
        return self._suggested(id, "decline", {}, key)

    def submit_suggestion(self, id: str, *, key: str = "") -> Suggestion:
        """Hand it in."""
        return self._suggested(id, "submit", {}, key)

    def withdraw_suggestion(self, id: str, reason: str, *, key: str = "") -> Suggestion:
        """Take it back before it is accepted."""
        return self._suggested(id, "withdraw", {"reason": reason}, key)

    def accept_suggestion(self, id: str, *, key: str = "") -> Suggestion:
        """Take it on (managers): it gets its number, and is public."""
        return self._suggested(id, "accept", {}, key)

    def return_suggestion(self, id: str, reason: str, *, key: str = "") -> Suggestion:
        """Give it back to the deputy (managers): it is a draft again."""
        return self._suggested(id, "return", {"reason": reason}, key)

    def merge_suggestion(self, id: str, into: str, reason: str, *, key: str = "") -> Suggestion:
        """Merge it into another one (managers), which takes over its deputies and demands."""
        return self._suggested(id, "merge", {"into": into, "reason": reason}, key)

    def assign_suggestion(
        self, id: str, body: str, *, joint: Sequence[str] = (), hard: bool = False, reason: str = "", key: str = ""
    ) -> Suggestion:
        """To the body that answers, and those that do so with it (managers). ``reason`` where it was assigned before."""
        given = {"body": body, "joint": [*joint], "hard": hard} | ({"reason": reason} if reason else {})
        return self._suggested(id, "assign", given, key)

    def interim_reply(self, id: str, text: str, *, key: str = "") -> Suggestion:
        """Say how it stands; the reply is still owed."""
        return self._suggested(id, "interim", {"text": text}, key)

    def ask_extension(self, id: str, until: str, reason: str, *, key: str = "") -> Suggestion:
        """Ask the manager for time until the end of a day (ISO)."""
        return self._suggested(id, "ask_extension", {"until": until, "reason": reason}, key)

    def extend(self, id: str, *, key: str = "") -> Suggestion:
        """Grant the time that the body asked for (managers)."""
        return self._suggested(id, "extend", {}, key)

    def refuse_extension(self, id: str, reason: str, *, key: str = "") -> Suggestion:
        """Do not grant it (managers)."""
        return self._suggested(id, "refuse_extension", {"reason": reason}, key)

    def reply_suggestion(self, id: str, kind: str, text: str, *, reason: str = "", key: str = "") -> Suggestion:
        """The body's reply. ``kind`` is solved, in_progress, planned, for_reference, or cannot, which needs a reason."""
        given = {"class": kind, "text": text} | ({"reason": reason} if reason else {})
        return self._suggested(id, "reply", given, key)

    def evaluate(self, id: str, attitude: str, result: str, *, text: str = "", key: str = "") -> Suggestion:
        """What you think of the body's attitude and of the result: satisfied, basically or dissatisfied."""
        given = {"attitude": attitude, "result": result} | ({"text": text} if text else {})
        return self._suggested(id, "evaluate", given, key)

    def document(
        self, id: str, title: str, number: str, date: str, *, url: str = "", file: str = "", key: str = ""
    ) -> Suggestion:
        """A document that came of it (``date`` ISO; ``file`` the id of one that was sent). Every resident whose message led to
        it is told."""
        said = {"title": title, "number": number, "date": date, "url": url, "file": file}
        given = {name: value for name, value in said.items() if value}
        return self._suggested(id, "document", given, key)

    def hand_over(self, id: str, deputy: str, reason: str, *, key: str = "") -> Suggestion:
        """Another deputy leads it (managers)."""
        return self._suggested(id, "hand_over", {"deputy": deputy, "reason": reason}, key)

    def close_suggestion(self, id: str, *, key: str = "") -> Suggestion:
        """It is dealt with (managers); documents may still come of it."""
        return self._suggested(id, "close", {}, key)

    def _suggested(self, id: str, move: str, given: Mapping[str, Any], key: str) -> Suggestion:
        return self._post(Suggestion, f"{_suggestion(id)}/{move}", given, key)


def _suggestion(id: str) -> str:
    return f"/v1/suggestions/{quote(id.strip(), safe='')}"
