"""A map drawn on the server as small SVG: areas, each a link, shaded by a count. Pure.

Colours come from the stylesheet by class, so it follows the reader's dark mode, and nothing needs ``style``. Each area carries
the number of its line in the table that stands with the map, and is reached with the keyboard as any link is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, radians
from typing import Final

from markupsafe import Markup

from chalicelib.web.charts import shade

WIDTH: Final = 360  # units; the stylesheet scales it to the page
EDGE: Final = 4

Point = tuple[float, float]  # degrees east, degrees north (WGS 84), as in GeoJSON


@dataclass(frozen=True)
class Area:
    """One area: its name, its outline without the last point repeated, where it leads, how much is in it, in words too."""

    name: str
    outline: Sequence[Point]
    link: str
    value: int = 0
    says: str = ""


def area_map(id: str, title: str, says: str, areas: Sequence[Area]) -> Markup:
    """The areas that have an outline, north up. ``id`` must be unique on its page. Empty for none."""
    drawn = [(number, area) for number, area in enumerate(areas, start=1) if len(area.outline) > 2]
    if not drawn:
        return Markup("")
    sheet = _sheet([point for _, area in drawn for point in area.outline])
    most = max(area.value for _, area in drawn)
    return Markup(
        '<svg class="map" viewBox="0 0 {width} {height}" role="group" aria-labelledby="{id}-title {id}-says">'
        '<title id="{id}-title">{title}</title><desc id="{id}-says">{says}</desc>{areas}</svg>'
    ).format(
        width=WIDTH, height=sheet.height, id=id, title=title, says=says,
        areas=Markup("").join(_area(number, area, sheet, shade(area.value, most)) for number, area in drawn),
    )  # fmt: skip


@dataclass(frozen=True)
class _Sheet:
    """From degrees to units: flat, which is exact enough within a district."""

    west: float
    north: float
    across: float  # units a degree of longitude
    down: float  # units a degree of latitude
    height: int

    def place(self, point: Point) -> tuple[float, float]:
        return (
            round(EDGE + (point[0] - self.west) * self.across, 1),
            round(EDGE + (self.north - point[1]) * self.down, 1),
        )


def _sheet(points: Sequence[Point]) -> _Sheet:
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    south, north = min(lat for _, lat in points), max(lat for _, lat in points)
    narrow = cos(radians((south + north) / 2)) or 1e-6
    room = WIDTH - 2 * EDGE
    # A district that is taller than wide gets no longer than two widths.
    down = min(room / ((east - west) * narrow or 1e-6), 2 * room / (north - south or 1e-6))
    return _Sheet(west, north, down * narrow, down, ceil((north - south) * down) + 2 * EDGE)


def _area(number: int, area: Area, sheet: _Sheet, dark: int) -> Markup:
    places = [sheet.place(point) for point in area.outline]
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in places) + "Z"
    x, y = (round(sum(place[axis] for place in places) / len(places), 1) for axis in (0, 1))
    name = f"{area.name}: {area.says}" if area.says else area.name
    return Markup(
        '<a href="{link}" aria-label="{name}"><title>{name}</title><path class="s{dark}" d="{path}"/>'
        '<text x="{x:g}" y="{y:g}" font-size="12" text-anchor="middle" aria-hidden="true">{number}</text></a>'
    ).format(link=area.link, name=name, dark=dark, path=path, x=x, y=y + 4, number=number)
