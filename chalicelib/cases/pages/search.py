"""Looking for a case: by its number, or through a month, open and closed."""

from typing import Final

from chalicelib.cases import search
from chalicelib.cases.desk_wording import STATUS, URGENCY
from chalicelib.cases.pages import routes
from chalicelib.cases.search import Found, Wanted
from chalicelib.cases.wording import shown_id
from chalicelib.directory import service as directory_service
from chalicelib.people import form
from chalicelib.web.desk import desk, page
from chalicelib.web.door import Answer, Request
from chalicelib.web.frame import moved, root

NUMBER: Final = 12  # characters of a case's number, without dashes


@desk(routes, "GET /work/search")
def find_cases(request: Request) -> Answer:
    """By number it leads to the case itself; by anything else to a list."""
    query = request.query
    words = query.get("q", "").strip()
    if _like_a_number(words) and (case := search.numbered(words, by=request.actor)):
        return moved(f"{root(request)}work/cases/{case.id}", request)
    asked = "q" in query or "month" in query
    wanted = Wanted(
        month=query.get("month", "") or search.month_of(request.now),
        words=words,
        **{name: query.get(name, "") for name in ("grid", "category", "status", "body", "deputy")},
    )
    found = search.search(wanted, by=request.actor, cursor=query.get("cursor", "")) if asked else Found((), None)
    return page(
        request,
        "work_search.html",
        wanted=wanted,
        asked=asked,
        items=[(case, case.summary) for case in found.items],
        next=found.next,
        directory=directory_service.edition(request.now),
        status_names=STATUS,
        urgency_names=URGENCY,
        shown_id=shown_id,
        now=request.now,
    )


def _like_a_number(text: str) -> bool:
    plain = form.plain(text)
    return len(plain) == NUMBER and plain.isascii() and plain.isalnum()
