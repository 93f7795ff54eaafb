"""What is printed for a deputy: the QR code as a picture, and the poster."""

from typing import Final

from chalice.app import Blueprint

from chalicelib.directory import qr, service
from chalicelib.directory.kinds import Station
from chalicelib.directory.model import CodeState
from chalicelib.directory.poster import Poster, poster
from chalicelib.errors import Invalid, NotFound, Refused
from chalicelib.settings import settings
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.reader import N_
from chalicelib.web.refusal import refused_page

routes = Blueprint(__name__)

KEPT: Final = {"Cache-Control": "public, max-age=3600"}  # a code's picture changes with the site's address only
NO_CODE: Final = (N_("This code is not in use"), N_("Take the code from a deputy’s current poster."))
GROUP: Final = 4  # characters of a code between two dashes


def _no_code(refused: Refused, request: Request | None) -> Answer:
    return refused_page(refused, request, NO_CODE if refused.status == 404 else None)


@door(routes, "GET /d/{code}/qr.svg", refuse=_no_code)
def qr_svg(request: Request) -> Answer:
    """The code as SVG, for print at any size."""
    return Answer(qr.svg(form_address(_live(request))), 200, {"Content-Type": "image/svg+xml", **KEPT})


@door(routes, "GET /d/{code}/qr.png", refuse=_no_code)
def qr_png(request: Request) -> Answer:
    """The code as PNG; ``scale`` pixels a module, 10 if not said."""
    scale = request.query.get("scale", "10")
    if not scale.isascii() or not scale.isdigit():
        raise Invalid("scale", f"scale is '{scale}'; it must be a number from 1 to {qr.LARGEST_SCALE}")
    return Answer(qr.png(form_address(_live(request)), int(scale[:4])), 200, {"Content-Type": "image/png", **KEPT})


@door(routes, "GET /d/{code}/poster", refuse=_no_code)
def print_poster(request: Request) -> Answer:
    """The poster, ``size`` A5 (if not said) or A4."""
    sheet = poster(sheet_for(_live(request), request), request.query.get("size", "A5").upper())
    return Answer(sheet.encode(), 200, {"Content-Type": "text/html; charset=utf-8"})


def _live(request: Request) -> CodeState:
    found = service.edition(request.now).deputy_by_code(request.params["code"])
    if found.state != "live":
        raise NotFound("There is no such code in use")
    return found


def form_address(code: CodeState) -> str:
    """Where a code leads: the deputy's form."""
    return f"{settings.base_url}/d/{code.code}"


def sheet_for(code: CodeState, request: Request) -> Poster:
    """What the poster of a code in use says."""
    deputy, printed = code.deputies[0], code.printed
    station = service.edition(request.now).station(deputy.station)
    return Poster(
        name_zh=deputy.name_zh,
        name_en=deputy.name_en,
        ward_zh=deputy.ward_zh,
        ward_en=deputy.ward_en,
        url=form_address(code),
        code="-".join((code.code[:GROUP], code.code[GROUP:])),
        issued=(printed.issued_at if printed else request.now).astimezone(settings.zone).date(),
        station_zh=_reception(station, "zh"),
        station_en=_reception(station, "en"),
    )


def _reception(station: Station | None, language: str) -> str:
    """When and where the deputy receives residents; empty if there is no station or it has no hours."""
    if station is None:
        return ""
    hours, address = (station.hours_zh, station.address_zh) if language == "zh" else (station.hours_en, station.address_en)
    parts = [part for part in (hours, address or station.name(language)) if part]
    label = "接待：" if language == "zh" else "In person: "
    return label + ("，" if language == "zh" else ", ").join(parts) if hours else ""
