"""The public list of common demands that are open, and what is being done about each. One query a page."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from chalice.app import Blueprint

from chalicelib.demands import service
from chalicelib.demands.model import Demand
from chalicelib.demands.pages import STATUS
from chalicelib.directory import service as directory_service
from chalicelib.directory.kinds import Category, Named
from chalicelib.directory.model import Directory, scopes
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import page, to_be_kept
from chalicelib.web.refusal import refused_page

routes = Blueprint(__name__)

A_PAGE: Final = 50
FILTERS: Final = ("grid", "category", "body", "deputy")


@door(routes, "GET /open/demands", refuse=refused_page)
def open_demands(request: Request) -> Answer:
    """The open demands, that of most people first; those of a grid, category, body or deputy, if one is named."""
    directory = directory_service.edition(request.now)
    wanted = {name: request.query[name] for name in FILTERS if request.query.get(name)}
    found = service.in_public(limit=A_PAGE, cursor=request.query.get("cursor", ""))
    answer = page(
        request,
        "demands_list.html",
        district=directory.district,
        lines=[_line(demand, directory) for demand, _ in found.items if _fits(demand, wanted, directory)],
        only=[named for name, id in wanted.items() if (named := _named(name, id, directory))],
        keep=f"&{urlencode(wanted)}" if wanted else "",
        next=found.next,
    )
    return to_be_kept(answer, request)


def _fits(demand: Demand, wanted: Mapping[str, str], directory: Directory) -> bool:
    """What lies within a grid or below a category belongs to it."""
    mine = {
        "grid": {above for grid in demand.grids for above in directory.around(grid)},
        "category": {above for category in demand.categories for above in scopes(category)},
        "body": {demand.body},
        "deputy": {demand.deputy, *demand.deputies},
    }
    return all(id in mine[name] for name, id in wanted.items())


def _named(name: str, id: str, directory: Directory) -> Named | Category | None:
    finders = {"grid": directory.grid, "category": directory.category, "body": directory.body, "deputy": directory.deputy}
    found: Named | Category | None = finders[name](id)
    return found


def _line(demand: Demand, directory: Directory) -> dict[str, Any]:
    return {
        "id": demand.id,
        "name": demand.name,
        "people": demand.people,
        "standing": STATUS[demand.status][0],
        "answered": demand.status == "answered",
        "until": demand.promised_until,
        "body": directory.body(demand.body),
        "deputy": directory.deputy(demand.deputy),
        "grids": [grid for grid in map(directory.grid, demand.grids) if grid],
    }
