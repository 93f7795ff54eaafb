"""Public notices, as pages. The list is one query, a notice one read."""

from typing import Final

from chalice.app import Blueprint

from chalicelib.bulletin import service
from chalicelib.bulletin.shapes import attached
from chalicelib.directory import service as directory_service
from chalicelib.errors import Refused
from chalicelib.people import form
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import page
from chalicelib.web.reader import N_
from chalicelib.web.refusal import refused_page

routes = Blueprint(__name__)

A_PAGE: Final = 25
NO_NOTICE: Final = (N_("There is no such notice"), N_("Perhaps it was taken back. Check that the address was copied whole."))


def _none(refused: Refused, request: Request | None) -> Answer:
    return refused_page(refused, request, NO_NOTICE if refused.status == 404 else None)


@door(routes, "GET /open/bulletin", refuse=refused_page)
def list_public_notices(request: Request) -> Answer:
    """The notices to everyone, the newest first."""
    notices, last = service.listed_in_public(limit=A_PAGE, cursor=request.query.get("cursor", ""))
    district = directory_service.edition(request.now).district
    return page(request, "bulletin_list.html", district=district, notices=notices, next=last)


@door(routes, "GET /open/bulletin/{notice_id}", refuse=_none)
def show_public_notice(request: Request) -> Answer:
    """One notice to everyone."""
    notice = service.in_public(form.plain(request.params["notice_id"]))
    district, files = directory_service.edition(request.now).district, attached(notice.files)
    return page(request, "bulletin_notice.html", district=district, notice=notice, files=files)
