"""Rows as CSV, JSON and GeoJSON (RFC 7946). Pure."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final

import msgspec

from chalicelib.directory.fields import MARK
from chalicelib.opendata.model import COLUMNS, Row

# What makes a spreadsheet take a cell for a formula. https://owasp.org/www-community/attacks/CSV_Injection
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


class Cases(msgspec.Struct, frozen=True):
    """The cases of a month, or a part of them; ``next`` is the address of the next part, null at the end."""

    month: str
    items: list[Row]
    next: str | None


def as_csv(rows: Iterable[Row], month: str, following: str | None) -> bytes:  # noqa: ARG001 - one shape for all formats
    """A table with a first line of names; the mark at its beginning tells a spreadsheet that it is UTF-8."""
    out = io.StringIO(newline="")
    out.write(MARK)
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    lines.writerows([cell(value) for value in asdict(row).values()] for row in rows)
    return out.getvalue().encode()


def cell(value: object) -> str:
    """A value as it stands in a cell; a text that looks like a formula is made a text."""
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def as_json(rows: Sequence[Row], month: str, following: str | None) -> bytes:
    """The same as JSON."""
    return msgspec.json.encode(Cases(month, list(rows), following))


def as_geojson(rows: Iterable[Row], month: str, following: str | None) -> bytes:
    """The same as points in the middle of their areas; a row whose area is not told has no geometry."""
    features = [_feature(asdict(row)) for row in rows]
    return msgspec.json.encode({"type": "FeatureCollection", "month": month, "features": features, "next": following})


def _feature(properties: dict[str, Any]) -> dict[str, Any]:
    lat, lon = properties.pop("lat"), properties.pop("lon")
    point = {"type": "Point", "coordinates": [lon, lat]} if lat is not None and lon is not None else None
    return {"type": "Feature", "geometry": point, "properties": properties}
