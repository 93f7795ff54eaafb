"""The way in for everyone: find your deputy, and all that stands in public. No read but the directory's."""

from typing import Final
from urllib.parse import urlencode

from chalice.app import Blueprint
from markupsafe import Markup

from chalicelib.directory import service as directory_service
from chalicelib.directory.kinds import Deputy
from chalicelib.directory.model import Directory
from chalicelib.errors import NotFound, Refused
from chalicelib.opensite.places import LONGEST, Place, choices, places_of
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import page, reader_of, to_be_kept
from chalicelib.web.maps import Area, area_map
from chalicelib.web.reader import N_, Reader
from chalicelib.web.refusal import refused_page

routes = Blueprint(__name__)

MAP: Final = (
    N_("The map of the district"),
    N_("Each area leads to the deputies in charge; its number stands in the list below."),
)
NO_DEPUTY: Final = (N_("There is no such deputy"), N_("Look at the list of all deputies."))


def _none(refused: Refused, request: Request | None) -> Answer:
    return refused_page(refused, request, NO_DEPUTY if refused.status == 404 else None)


@door(routes, "GET /open", refuse=refused_page)
def front(request: Request) -> Answer:
    """Find your deputy, by a choice (``grid``) or by words of an address (``place``); and where everything else stands."""
    directory = directory_service.edition(request.now)
    grid, words = request.query.get("grid", ""), request.query.get("place", "").strip()[:LONGEST]
    answer = page(
        request,
        "open_front.html",
        district=directory.district,
        groups=choices(directory, reader_of(request).language),
        places=places_of(grid, words, directory),
        grid=grid,
        words=words,
        codes=_codes(directory),
        drawn=_drawn(directory),
        map=_map(_drawn(directory), reader_of(request)),
        keep="".join(f"&{urlencode({name: value})}" for name, value in (("grid", grid), ("place", words)) if value),
    )
    return to_be_kept(answer, request)


def _drawn(directory: Directory) -> list[Place]:
    return [Place(grid, directory.deputies_of(grid.id)) for grid in directory.grids if grid.outline]


def _map(drawn: list[Place], reader: Reader) -> Markup:
    """Each grid of the map leads to those in charge of it."""
    areas = [Area(place.grid.name(reader.language), place.grid.ring, f"?grid={place.grid.id}#found") for place in drawn]
    return area_map("where", reader.say(MAP[0]), reader.say(MAP[1]), areas)


@door(routes, "GET /open/deputies", refuse=refused_page)
def deputies(request: Request) -> Answer:
    """All deputies in office, ward by ward."""
    directory = directory_service.edition(request.now)
    wards: dict[str, list[Deputy]] = {}
    for deputy in directory.deputies:
        wards.setdefault(deputy.ward(reader_of(request).language), []).append(deputy)
    answer = page(
        request,
        "open_deputies.html",
        district=directory.district,
        wards=wards,
        grids={deputy.id: _grids(deputy, directory) for deputy in directory.deputies},
    )
    return to_be_kept(answer, request)


@door(routes, "GET /open/deputies/{deputy_id}", refuse=_none)
def one_deputy(request: Request) -> Answer:
    """A deputy: the ward, where and when they receive residents, how to write to them, what they did."""
    directory = directory_service.edition(request.now)
    deputy = directory.deputy(request.params["deputy_id"])
    if deputy is None:
        raise NotFound("There is no such deputy")
    code = directory.live_code(deputy.id) if not deputy.retired else None
    answer = page(
        request,
        "open_deputy.html",
        district=directory.district,
        deputy=deputy,
        code=code.code if code else "",
        grids=_grids(deputy, directory),
        station=directory.station(deputy.station),
        heirs=directory.in_charge_after(deputy) if deputy.retired else (),
    )
    return to_be_kept(answer, request)


def _grids(deputy: Deputy, directory: Directory) -> list[object]:
    return [grid for grid in map(directory.grid, deputy.grids) if grid and not grid.retired]


def _codes(directory: Directory) -> dict[str, str]:
    found = {deputy.id: directory.live_code(deputy.id) for deputy in directory.deputies}
    return {id: code.code for id, code in found.items() if code}
