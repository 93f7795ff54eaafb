"""The API as a typed Python class. Every method is one request (a list: one a page) and says what it raises in ``errors``."""

from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Final, Literal, Self
from urllib.parse import quote

import httpx

from zerodistance_client.activities import ActivityCalls
from zerodistance_client.bulletin import BulletinCalls
from zerodistance_client.consultations import ConsultationCalls
from zerodistance_client.demands import DemandCalls
from zerodistance_client.errors import BadAnswer, SignInNeeded
from zerodistance_client.figures import FigureCalls
from zerodistance_client.files import FileCalls
from zerodistance_client.performance import PerformanceCalls
from zerodistance_client.records import (
    Case,
    Code,
    Contact,
    Deputies,
    Deputy,
    Import,
    Me,
    Page,
    SignedIn,
    Summary,
    Verification,
    read,
)
from zerodistance_client.retry import Retry
from zerodistance_client.suggestions import SuggestionCalls
from zerodistance_client.supervision import SupervisionCalls
from zerodistance_client.tokens import MemoryTokens, TokenStore
from zerodistance_client.wire import Call, Wire

PAGE: Final = 25
Print = Literal["qr.svg", "qr.png", "poster"]


class ZeroDistance(
    DemandCalls,
    SuggestionCalls,
    SupervisionCalls,
    PerformanceCalls,
    ActivityCalls,
    ConsultationCalls,
    BulletinCalls,
    FigureCalls,
    FileCalls,
):
    """A Zero Distance server, as one who works on it sees it.

    ``tokens`` keeps the session (in memory unless another store is given); ``language`` is asked of the server for its
    error texts ("zh", "en"). What each person may do is the server's to say: it refuses with NotAllowed or NotFound.

    A method that changes something takes ``key``, its Idempotency-Key: a request sent twice with one key takes effect once.
    Without one, each call gets a key of its own, which stays the same over that call's retries.
    """

    def __init__(
        self,
        base_url: str,
        tokens: TokenStore | None = None,
        *,
        retry: Retry | None = None,
        language: str = "",
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._wire = Wire(base_url, tokens or MemoryTokens(), retry or Retry(), language, transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections. The session stays open on the server; ``sign_out`` ends it."""
        self._wire.close()

    @property
    def base_url(self) -> str:
        return self._wire.base_url

    # the session

    def sign_in(self, username: str, password: str, new_password: str = "") -> SignedIn:
        """Open a session and keep its tokens.

        Raises WrongCredentials, LockedOut (with the seconds to wait), and SignInNeeded with the code
        ``new_password_needed`` when the password was a first, given one: then sign in with a ``new_password`` too.
        """
        given = {"username": username, "password": password}
        if new_password:
            call = Call("POST", "/v1/session/password", json=given | {"new_password": new_password}, open=True)
        else:
            call = Call("POST", "/v1/session", json=given, open=True)
        session = self._wire.json(call)
        self._wire.keep(session)
        return read(SignedIn, session)

    def sign_out(self) -> None:
        """End the session on the server and forget its tokens; they are forgotten here even if the server can't be told."""
        kept = self._wire.tokens.load()
        try:
            # Told the refresh token, the server ends this session only; without it, all of this person's.
            self._wire.send(Call("DELETE", "/v1/session", json={"refresh_token": kept.refresh if kept else ""}))
        except SignInNeeded:
            pass  # it had ended already
        finally:
            self._wire.tokens.clear()

    def me(self) -> Me:
        """Who is signed in."""
        return self._get(Me, "/v1/me")

    # work lists

    def inbox(self, *, list: str = "", body: str = "", deputy: str = "", page: int = PAGE) -> Iterator[Summary]:
        """Open cases by what falls due next: a deputy's own, an officer's body's, for a manager ``list="triage"``, a
        body's or a deputy's. Asks for the next page (of ``page`` cases) only when it is reached."""
        for each in self.pages(list=list, body=body, deputy=deputy, page=page):
            yield from each.items

    def pages(self, *, list: str = "", body: str = "", deputy: str = "", page: int = PAGE) -> Iterator[Page]:
        """The same, a page at a time."""
        cursor = ""
        while True:
            got = self.page(cursor, list=list, body=body, deputy=deputy, page=page)
            yield got
            if not got.next or got.next == cursor:
                return
            cursor = got.next

    def page(self, cursor: str = "", *, list: str = "", body: str = "", deputy: str = "", page: int = PAGE) -> Page:
        """One page of a work list: the first, or the one that ``cursor`` (an earlier page's ``next``) leads to."""
        asked: dict[str, str | int] = {"limit": page, "cursor": cursor, "list": list, "body": body, "deputy": deputy}
        return self._get(Page, "/v1/cases", {name: value for name, value in asked.items() if value})

    def case(self, id: str) -> Case:
        """A case whole: text, promises, timeline and the moves that are legal now. Raises NotFound, also if not yours."""
        return self._get(Case, _case(id))

    # moves

    def take_down(
        self,
        text: str,
        deputy: str,
        *,
        category: str = "",
        grid: str = "",
        address: str = "",
        contact: Mapping[str, str] | None = None,
        door: str = "api",
        key: str = "",
    ) -> Case:
        """Take a resident's message down for them; the answer has their ``tracking_url``.

        ``contact`` has any of name, email, phone, language ("zh", "en") and tell ("email", "phone", "none").
        """
        said = {"text": text, "deputy": deputy, "category": category, "grid": grid, "address": address, "door": door}
        given: dict[str, Any] = {name: value for name, value in said.items() if value}
        given |= {"contact": dict(contact)} if contact else {}
        answer = self._wire.send(Call("POST", "/v1/cases", json=given, key=key))
        link = answer.links.get("related", {}).get("url")
        return read(Case, self._wire.json_of(answer) | ({"tracking_url": link} if link else {}))

    def acknowledge(self, id: str, *, key: str = "") -> Case:
        """Say that the matter has been seen. Keeps the 'acknowledge' promise."""
        return self._move(id, "acknowledge", {}, key)

    def assign(self, id: str, body: str, reason: str, *, key: str = "") -> Case:
        """Hand the case to another body. The second time needs a manager."""
        return self._move(id, "assign", {"body": body, "reason": reason}, key)

    def recategorise(self, id: str, category: str, reason: str, *, urgency: str = "", key: str = "") -> Case:
        """Put the case into another category (and urgency: danger, urgent, normal); its promises follow."""
        given = {"category": category, "reason": reason} | ({"urgency": urgency} if urgency else {})
        return self._move(id, "recategorise", given, key)

    def ask(self, id: str, text: str, *, key: str = "") -> Case:
        """Ask the resident. The promises pause until they answer."""
        return self._move(id, "ask", {"text": text}, key)

    def note(self, id: str, text: str, *, public: bool = False, key: str = "") -> Case:
        """Add a note for colleagues, or with ``public`` one that the resident sees too."""
        return self._move(id, "note", {"text": text, "public": public}, key)

    def answer(self, id: str, text: str, *, key: str = "") -> Case:
        """Answer the resident. Keeps the 'answer' promise."""
        return self._move(id, "answer", {"text": text}, key)

    def decline(self, id: str, reason: str, instead: str, *, key: str = "") -> Case:
        """Decline the case, with the reason and where to go instead; the resident reads both."""
        return self._move(id, "decline", {"reason": reason, "instead": instead}, key)

    def merge(self, id: str, into: str, reason: str, *, key: str = "") -> Case:
        """Merge the case into another one about the same matter."""
        return self._move(id, "merge", {"into": into, "reason": reason}, key)

    def contact(self, id: str, reason: str, *, key: str = "") -> Contact:
        """How to reach the resident. The look becomes a fact of the case, with the reason."""
        return self._post(Contact, f"{_case(id)}/contact", {"reason": reason}, key)

    def verify(self, id: str) -> Verification:
        """Walk the case's hash chain."""
        return self._get(Verification, f"{_case(id)}/verify")

    # the directory

    def deputies(self) -> tuple[Deputy, ...]:
        """All deputies, as the public sees them. Needs no sign-in."""
        return read(Deputies, self._wire.json(Call("GET", "/v1/deputies", open=True))).items

    def code_print(self, code: str, what: Print = "qr.svg", *, size: str = "") -> tuple[bytes, str]:
        """A QR code as SVG, PNG or poster (HTML; ``size`` A5 or A4): the content and its media type. Needs no sign-in."""
        params = {"size": size} if size else {}
        call = Call("GET", f"/d/{quote(code, safe='')}/{what}", params, headers={"Accept": "*/*"}, open=True)
        answer = self._wire.send(call)
        return answer.content, str(answer.headers.get("Content-Type", "")).partition(";")[0]

    def replace_code(self, deputy: str, reason: str, *, key: str = "") -> Code:
        """Revoke a deputy's QR code and give them a new one."""
        return self._post(Code, f"/v1/deputies/{quote(deputy, safe='')}/code", {"reason": reason}, key)

    def directory(self, kind: str) -> tuple[dict[str, Any], ...]:
        """All entries of one kind (bodies, grids, categories …), as the directory holds them."""
        answer = self._wire.json(Call("GET", f"/v1/directory/{quote(kind, safe='')}"))
        items = answer.get("items") if isinstance(answer, dict) else answer
        if not isinstance(items, list):
            raise BadAnswer(f"A list of {kind} was expected")
        return tuple(items)

    def export_directory(self) -> str:
        """The whole directory as YAML."""
        return self._wire.send(Call("GET", "/v1/directory", {"format": "yaml"}, headers={"Accept": "*/*"})).text

    def import_directory(
        self, text: str, *, kind: str = "", outlines: bool = False, dry_run: bool = False, key: str = ""
    ) -> Import:
        """Import a directory: YAML, CSV of one ``kind``, or GeoJSON with ``outlines`` of grids.

        With ``dry_run`` it only says what would change.

        Raises Invalid with all ``faults`` of the file; then nothing was written.
        """
        params = {name: value for name, value in {"dry_run": "true" if dry_run else "", "kind": kind}.items() if value}
        form = "application/geo+json" if outlines else "text/csv" if kind else "application/yaml"
        headers = {"Content-Type": form}
        return read(Import, self._wire.json(Call("POST", "/v1/directory", params, content=text, headers=headers, key=key)))

    def _move(self, id: str, move: str, given: Mapping[str, Any], key: str) -> Case:
        return self._post(Case, f"{_case(id)}/{move}", given, key)


def _case(id: str) -> str:
    return f"/v1/cases/{quote(id.strip(), safe='')}"
