"""Public figures as JSON: for everyone, without a sign-in, the same for all."""

import hashlib
from typing import Annotated, Final

import msgspec
from chalice.app import Blueprint

from chalicelib.directory import service as directory_service
from chalicelib.insight import service
from chalicelib.insight.shapes import FiguresShown, shown_figures
from chalicelib.web.door import Answer, Request, door

routes = Blueprint(__name__)

A_MINUTE: Final = {"Cache-Control": "public, max-age=60"}


@door(routes, "GET /v1/figures")
def show_figures(request: Request) -> Annotated[Answer, FiguresShown]:
    """The three rates and what is counted, by scope and period. Answers 304 to who has it already."""
    found = service.figures(*asked(request), directory_service.edition(request.now))
    body = msgspec.json.encode(shown_figures(found))
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"Content-Type": "application/json", "ETag": tag, **A_MINUTE}
    return Answer(b"", 304, headers) if request.holds(tag) else Answer(body, 200, headers)


def asked(request: Request) -> tuple[str, str]:
    """Scope and period of the query: the district, this year, if nothing is said."""
    return request.query.get("scope") or "district", request.query.get("period") or service.this_year(request.now)
