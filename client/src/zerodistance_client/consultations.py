"""Asking residents: surveys, drafts open for comment. As methods of the class."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from zerodistance_client.calls import Calls
from zerodistance_client.consultation_records import Comment, CommentPage, Consultation, ConsultationPage, Results

PAGE: Final = 25


class ConsultationCalls(Calls):
    """Residents answer by link or QR code and give no name. Each method that changes a consultation gives it as it stands then,
    and raises NotAllowed for one that somebody else made (a manager may change any)."""

    def consultation_pages(self, *, public: bool = False, page: int = PAGE) -> Iterator[ConsultationPage]:
        """What is not finished, the oldest first; with ``public`` what residents are or were asked, the newest first."""
        cursor, which = "", _said("limit", page) | _said("public", "1" if public else "")
        while True:
            got = self._get(ConsultationPage, "/v1/consultations", which | _said("cursor", cursor))
            yield got
            if not got.next or got.next == cursor:
                return
            cursor = got.next

    def consultation(self, id: str) -> Consultation:
        """A consultation whole: questions or paragraphs, what was taken up, what happened, and the moves legal now."""
        return self._get(Consultation, _one(id))

    def draft_survey(
        self, title: str, questions: Sequence[Mapping[str, Any]], *, intro: str = "", key: str = ""
    ) -> Consultation:
        """A survey. A question is {kind: single|multiple|scale|text, text, required, options, steps}; see ``Question``."""
        asked = {"form": "survey", "title": title, "intro": intro, "questions": [dict(each) for each in questions]}
        return self._post(Consultation, "/v1/consultations", asked, key)

    def draft_for_comment(self, title: str, text: str, *, intro: str = "", key: str = "") -> Consultation:
        """A draft that residents comment on by paragraph: blank lines part the paragraphs, or else lines do."""
        asked = {"form": "draft", "title": title, "intro": intro, "text": text}
        return self._post(Consultation, "/v1/consultations", asked, key)

    def edit_consultation(
        self,
        id: str,
        title: str,
        *,
        intro: str = "",
        questions: Sequence[Mapping[str, Any]] = (),
        text: str = "",
        key: str = "",
    ) -> Consultation:
        """Other words, before anybody was asked: ``questions`` of a survey, ``text`` of a draft."""
        asked = {"title": title, "intro": intro, "questions": [dict(each) for each in questions], "text": text}
        return self._consulted(id, "edit", asked, key)

    def schedule_consultation(self, id: str, opens_at: datetime, closes_at: datetime, *, key: str = "") -> Consultation:
        """It opens and closes by itself at these times, which need a time zone."""
        return self._consulted(id, "schedule", {"opens_at": opens_at.isoformat(), "closes_at": closes_at.isoformat()}, key)

    def open_consultation(self, id: str, closes_at: datetime | None = None, *, key: str = "") -> Consultation:
        """From now on one may answer; without ``closes_at`` until the time that was scheduled."""
        return self._consulted(id, "open", {"closes_at": closes_at.isoformat()} if closes_at else {}, key)

    def extend_consultation(self, id: str, closes_at: datetime, reason: str, *, key: str = "") -> Consultation:
        """More time, and why. It can't be made shorter."""
        return self._consulted(id, "extend", {"closes_at": closes_at.isoformat(), "reason": reason}, key)

    def close_consultation(self, id: str, *, key: str = "") -> Consultation:
        """No answer is taken from now on."""
        return self._consulted(id, "close", {}, key)

    def withdraw_consultation(self, id: str, reason: str, *, key: str = "") -> Consultation:
        """Take it back."""
        return self._consulted(id, "withdraw", {"reason": reason}, key)

    def take_up_comment(
        self, id: str, answer: str, question: str, text: str, *, quote: str = "", key: str = ""
    ) -> Consultation:
        """Say what was done about a comment. ``quote`` is what of it becomes public, word by word; all of it if not said."""
        asked = {"answer": answer, "question": question, "text": text, "quote": quote}
        return self._consulted(id, "take_up", asked, key)

    def publish_consultation(self, id: str, text: str, *, key: str = "") -> Consultation:
        """Results, what was done, and this conclusion become public; who asked to be told is told."""
        return self._consulted(id, "publish", {"text": text}, key)

    def consultation_results(self, id: str) -> Results:
        """How many people answered and what came of each question, as it stands now."""
        return self._get(Results, f"{_one(id)}/results")

    def comments(self, id: str, *, question: str = "", page: int = PAGE) -> Iterator[Comment]:
        """What people wrote, the newest first. Asks for the next page only when it is reached."""
        for each in self.comment_pages(id, question=question, page=page):
            yield from each.items

    def comment_pages(self, id: str, *, question: str = "", page: int = PAGE) -> Iterator[CommentPage]:
        """The same, a page at a time; with ``question`` a page may be empty and others follow."""
        cursor, which = "", _said("limit", page) | _said("question", question)
        while True:
            got = self._get(CommentPage, f"{_one(id)}/comments", which | _said("cursor", cursor))
            yield got
            if not got.next or got.next == cursor:
                return
            cursor = got.next

    def _consulted(self, id: str, move: str, given: Mapping[str, Any], key: str) -> Consultation:
        return self._post(Consultation, f"{_one(id)}/{move}", given, key)


def _said(name: str, value: str | int) -> dict[str, str | int]:
    return {name: value} if value else {}


def _one(id: str) -> str:
    return f"/v1/consultations/{quote(id.strip(), safe='')}"
