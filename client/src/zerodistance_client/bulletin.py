"""Notices with read receipts, and the learning library. As methods of the class."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from zerodistance_client.bulletin_records import ItemPage, LibraryItem, Notice, NoticePage, Progress, Readers
from zerodistance_client.calls import Calls

PAGE: Final = 25


class BulletinCalls(Calls):
    """Notices go to groups: deputies, officers, managers, supervisors, body:<id> (its officers), ward:<grid> (its deputies)."""

    def notice_pages(self, *, page: int = PAGE) -> Iterator[NoticePage]:
        """The notices that you may see, the newest first, a page at a time; a page may be empty and others follow."""
        cursor = ""
        while True:
            got = self._get(NoticePage, "/v1/bulletin", _asked(page, cursor))
            yield got
            if not got.next or got.next == cursor:
                return
            cursor = got.next

    def notice(self, id: str) -> Notice:
        """A notice whole. To look is not to acknowledge: see ``read_notice``."""
        return self._get(Notice, _notice(id))

    def publish_notice(
        self,
        title: str,
        text: str,
        groups: Sequence[str],
        *,
        public: bool = False,
        remind_days: int | None = None,
        files: Sequence[str] = (),
        key: str = "",
    ) -> Notice:
        """A notice to groups (managers), with ``files`` that ``upload`` sent. Who did not read it is reminded after
        ``remind_days`` (0: nobody), or after as many as the district has settled."""
        asked: dict[str, Any] = {"title": title, "text": text, "groups": [*groups], "public": public, "files": [*files]}
        asked |= {} if remind_days is None else {"remind_days": remind_days}
        return self._post(Notice, "/v1/bulletin", asked, key)

    def read_notice(self, id: str, *, key: str = "") -> Notice:
        """Acknowledge that you read it; a second time changes nothing."""
        return self._post(Notice, f"{_notice(id)}/read", {}, key)

    def withdraw_notice(self, id: str, reason: str, *, key: str = "") -> Notice:
        """Take a notice back (managers)."""
        return self._post(Notice, f"{_notice(id)}/withdraw", {"reason": reason}, key)

    def notice_readers(self, id: str) -> Readers:
        """Who of those addressed read it, and who did not (managers and supervisors)."""
        return self._get(Readers, f"{_notice(id)}/readers")

    def library_pages(self, *, page: int = PAGE) -> Iterator[ItemPage]:
        """What there is to learn, the newest first, with your own progress, a page at a time."""
        cursor = ""
        while True:
            got = self._get(ItemPage, "/v1/library", _asked(page, cursor))
            yield got
            if not got.next or got.next == cursor:
                return
            cursor = got.next

    def library_item(self, id: str) -> LibraryItem:
        """An item whole."""
        return self._get(LibraryItem, _item(id))

    def add_text(self, title: str, text: str, *, topic: str = "", key: str = "") -> LibraryItem:
        """A text to learn (managers)."""
        return self._post(LibraryItem, "/v1/library", {"form": "text", "title": title, "text": text, "topic": topic}, key)

    def add_link(self, title: str, url: str, *, text: str = "", topic: str = "", key: str = "") -> LibraryItem:
        """A link to something to learn, with a word about it (managers)."""
        asked = {"form": "link", "title": title, "url": url, "text": text, "topic": topic}
        return self._post(LibraryItem, "/v1/library", asked, key)

    def add_files(self, title: str, files: Sequence[str], *, text: str = "", topic: str = "", key: str = "") -> LibraryItem:
        """Files to learn from (managers), which ``upload`` sent."""
        asked = {"form": "file", "title": title, "files": [*files], "text": text, "topic": topic}
        return self._post(LibraryItem, "/v1/library", asked, key)

    def edit_library_item(
        self,
        id: str,
        title: str,
        *,
        text: str = "",
        url: str = "",
        topic: str = "",
        files: Sequence[str] = (),
        key: str = "",
    ) -> LibraryItem:
        """Other words or files (managers); all of them, for what is left out is empty then."""
        asked = {"title": title, "text": text, "url": url, "topic": topic, "files": [*files]}
        return self._post(LibraryItem, f"{_item(id)}/edit", asked, key)

    def open_library_item(self, id: str) -> LibraryItem:
        """Say that you opened it (deputies); the first time is kept."""
        return self._post(LibraryItem, f"{_item(id)}/open", {}, "")

    def complete_library_item(self, id: str, *, key: str = "") -> LibraryItem:
        """Say that you learned it (deputies): it counts in your file, once."""
        return self._post(LibraryItem, f"{_item(id)}/complete", {}, key)

    def retire_library_item(self, id: str, reason: str, *, key: str = "") -> LibraryItem:
        """Take it out of the library (managers); what was learned stays so."""
        return self._post(LibraryItem, f"{_item(id)}/retire", {"reason": reason}, key)

    def library_progress(self, deputy: str = "") -> Progress:
        """All that a deputy opened or completed: your own; managers and supervisors name a deputy."""
        return self._get(Progress, "/v1/library/progress", {"deputy": deputy} if deputy else {})


def _asked(page: int, cursor: str) -> Mapping[str, str | int]:
    return {"limit": page} | ({"cursor": cursor} if cursor else {})


def _notice(id: str) -> str:
    return f"/v1/bulletin/{quote(id.strip(), safe='')}"


def _item(id: str) -> str:
    return f"/v1/library/{quote(id.strip(), safe='')}"
