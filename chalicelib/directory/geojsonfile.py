"""Outlines of grids from a GeoJSON file (RFC 7946), and the other way round. Pure.

Each feature names a grid of the directory and draws it; all else of that grid stays as it is.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from chalicelib.directory.fields import nearest, written
from chalicelib.directory.kinds import Grid, Record
from chalicelib.directory.report import Read, Row

DECIMALS: Final = 5  # of a degree: a metre
_FEATURES: Final = re.compile(r'"features"\s*:\s*\[')
BETWEEN: Final = (" ", "\t", "\r", "\n", ",")
_RING: Final = '{"type": "Polygon", "coordinates": [[[123.5, 30.0], [123.51, 30.0], [123.5, 30.01], [123.5, 30.0]]]}'


def read(text: str, grids: Mapping[str, Record], found: Read) -> None:
    """Read a FeatureCollection. ``grids`` are those that the directory has, by id."""
    try:
        whole = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        return found.wrong(line, "not_json", f"This is not JSON: {getattr(error, 'msg', error)}", "a GeoJSON file", "grids")
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list) or whole.get("type") != "FeatureCollection":
        right = '{"type": "FeatureCollection", "features": […]}'
        return found.wrong(1, "not_geojson", "This is no FeatureCollection", right, "grids")
    for feature, line in zip(features, _lines(text, features), strict=True):
        _read_feature(feature, line, grids, found)
    return None


def _lines(text: str, features: Sequence[Any]) -> list[int]:
    """The line in which each feature begins."""
    for start in _FEATURES.finditer(text):
        places = list(_places(text, start.end(), features))
        if len(places) == len(features):
            return [text.count("\n", 0, place) + 1 for place in places]
    return [1] * len(features)  # the name is written with escapes: all are in the file, somewhere


def _places(text: str, place: int, features: Sequence[Any]) -> Iterator[int]:
    """Where each of these values begins, as long as they follow one another from ``place`` on."""
    decoder = json.JSONDecoder()
    for feature in features:
        while text[place : place + 1] in BETWEEN:
            place += 1
        begin = place
        try:
            value, place = decoder.raw_decode(text, begin)
        except ValueError:
            return
        if value != feature:
            return
        yield begin


def _read_feature(feature: Any, line: int, grids: Mapping[str, Record], found: Read) -> None:
    if not isinstance(feature, dict):
        return found.wrong(line, "not_a_feature", "A feature must be an object", '{"type": "Feature", …}', "grids")
    id = _id_of(feature)
    grid = grids.get(id)
    if not isinstance(grid, Grid):
        detail = f"There is no grid '{id}'" if id else "The feature names no grid"
        return found.wrong(line, "unknown_grid", detail, nearest(id, grids) or '"id": "weidu-1"', "grids", "id")
    ring, fault = _ring_of(feature.get("geometry"))
    if fault:
        return found.wrong(line, "wrong_outline", f"'{id}': {fault}", _RING, "grids", "outline")
    found.rows.append(Row("grids", {**_plain(grid), "outline": ring}, line))
    return None


def _id_of(feature: Mapping[str, Any]) -> str:
    """The feature's own id, else its property ``grid`` or ``id``."""
    properties = feature.get("properties")
    named = properties if isinstance(properties, dict) else {}
    return next((id for id in (feature.get("id"), named.get("grid"), named.get("id")) if isinstance(id, str)), "")


def _ring_of(geometry: Any) -> tuple[list[str], str]:
    """The points of the one outline, and what is wrong with it. A ring's last position repeats the first (section 3.1.6)."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return [], "it is drawn as no Polygon"
    rings = geometry.get("coordinates")
    if geometry["type"] == "MultiPolygon":
        if not isinstance(rings, list) or len(rings) != 1:
            return [], "only one piece can be drawn"
        rings = rings[0]
    if not isinstance(rings, list) or len(rings) != 1 or not isinstance(rings[0], list):
        return [], "it must have one ring and no holes"
    points = [_point(position) for position in rings[0]]
    if "" in points:
        return [], "a position must be two numbers, longitude and latitude in degrees"
    if len(points) < 4 or points[0] != points[-1]:
        return [], "a ring has at least four positions, and the last is the first again"
    return [point for point, before in zip(points[:-1], ["", *points], strict=False) if point != before], ""


def _point(position: Any) -> str:
    numbers = position[:2] if isinstance(position, list) else []
    if len(numbers) != 2 or not all(type(number) in (int, float) for number in numbers):
        return ""
    lon, lat = (round(float(number), DECIMALS) for number in numbers)
    return f"{lon:.{DECIMALS}f} {lat:.{DECIMALS}f}" if abs(lon) <= 180 and abs(lat) <= 90 else ""


def _plain(grid: Grid) -> dict[str, Any]:
    """A grid as a file would have it: lists, and text."""
    given = written("grids", grid)
    return {name: list(value) if isinstance(value, tuple) else str(value).lower() if value is True else value
            for name, value in given.items()}  # fmt: skip


def write(grids: Iterable[Record]) -> str:
    """The grids that have an outline, as a FeatureCollection that ``read`` reads back to the same."""
    drawn = [_feature(grid) for grid in grids if isinstance(grid, Grid) and grid.outline]
    return msgspec.json.format(msgspec.json.encode({"type": "FeatureCollection", "features": drawn}), indent=1).decode()


def _feature(grid: Grid) -> dict[str, Any]:
    ring = grid.ring
    return {
        "type": "Feature",
        "id": grid.id,
        "properties": {"name_zh": grid.name_zh, "name_en": grid.name_en},
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }
