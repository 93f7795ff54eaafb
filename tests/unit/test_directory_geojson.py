"""Outlines of grids from GeoJSON: what is wrong is told by line, nothing else changes, and what went in comes back."""

import json
from typing import Any

import pytest

from chalicelib.directory import files
from chalicelib.directory.kinds import Grid
from chalicelib.directory.plan import Plan, plan
from tests.support.district import planned, records

RING = [[123.5, 30.0], [123.51, 30.0], [123.505, 30.0123456], [123.5, 30.0]]


def feature(id: str = "shore-1", ring: Any = None, **given: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [ring or RING]}
    return {"type": "Feature", "id": id, "properties": {}, "geometry": geometry} | given


def collection(*features: Any) -> str:
    """A file with each feature in a line of its own, the first in line 3."""
    lines = ",\n".join(json.dumps(each) for each in features)
    return f'{{"type": "FeatureCollection",\n "features": [\n{lines}\n]}}\n'


def taken(text: str) -> Plan:
    there = records()
    return plan(there, files.read(text, "geojson", "", there))


def told(text: str) -> list[tuple[int, str]]:
    return [(error.line, error.code) for error in taken(text).report.errors]


def test_an_outline_is_taken_over_and_all_else_of_the_grid_stays() -> None:
    outcome = taken(collection(feature()))
    (changed,) = outcome.changed
    assert (changed.change.id, changed.change.fields) == ("shore-1", ("outline",))
    grid = outcome.after["grids"]["shore-1"]
    assert isinstance(grid, Grid)
    assert grid.ring == ((123.5, 30.0), (123.51, 30.0), (123.505, 30.01235))
    assert grid.aliases == ("渔家巷",)


@pytest.mark.parametrize(
    "named", [{"id": "hill"}, {"id": 7, "properties": {"grid": "hill"}}, {"id": None, "properties": {"id": "hill"}}]
)
def test_a_feature_names_its_grid_by_id_or_by_a_property(named: dict[str, Any]) -> None:
    assert [it.change.id for it in taken(collection(feature(**named))).changed] == ["hill"]


def test_what_was_exported_changes_nothing_when_it_is_taken_over_again() -> None:
    after = taken(collection(feature(), feature("hill"))).after
    text = files.write({"grids": list(after["grids"].values())}, "geojson")
    again = plan(after, files.read(text, "geojson", "", after))
    assert (again.report.errors, again.changed) == ((), ())
    assert len(json.loads(text)["features"]) == 2


def test_an_outline_goes_through_yaml_and_csv_too() -> None:
    after = taken(collection(feature())).after
    for form, kind in (("yaml", ""), ("csv", "grids")):
        text = files.write({name: list(found.values()) for name, found in after.items()}, form, kind)
        assert planned(text, after, form, kind).changed == ()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (feature("shore-2"), "unknown_grid"),
        (feature(id=3), "unknown_grid"),
        ("shore-1", "not_a_feature"),
        (feature(geometry=None), "wrong_outline"),
        (feature(geometry={"type": "Point", "coordinates": [123.5, 30]}), "wrong_outline"),
        (feature(geometry={"type": "Polygon", "coordinates": [RING, RING]}), "wrong_outline"),
        (feature(geometry={"type": "MultiPolygon", "coordinates": [[RING], [RING]]}), "wrong_outline"),
        (feature(ring=RING[:3]), "wrong_outline"),
        (feature(ring=[[30.0, 123.5], *RING[1:3], [30.0, 123.5]]), "wrong_outline"),
        (feature(ring=[["a", "b"], *RING[1:3], ["a", "b"]]), "wrong_outline"),
        (feature(ring=[[123.5, 30.0], [123.5, 30.0], [123.51, 30.0], [123.5, 30.0]]), "wrong_outline"),
    ],
)
def test_what_is_wrong_with_a_feature_is_told_by_its_line_and_nothing_is_changed(wrong: Any, code: str) -> None:
    text = collection(feature("hill"), feature("hill-1"), wrong)
    assert told(text) == [(5, code)]
    assert taken(text).changed == ()


def test_two_features_of_one_grid_are_told() -> None:
    assert told(collection(feature(), feature())) == [(4, "twice")]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ('{"type":\n "FeatureCollection",\n oops}', 3, "not_json"),
        ("[]", 1, "not_geojson"),
        (json.dumps(feature()), 1, "not_geojson"),
        ('{"type": "FeatureCollection"}', 1, "not_geojson"),
    ],
)
def test_what_is_no_geojson_is_told_with_its_line(text: str, line: int, code: str) -> None:
    assert told(text) == [(line, code)]


def test_a_multipolygon_of_one_piece_is_one_outline() -> None:
    given = feature(geometry={"type": "MultiPolygon", "coordinates": [[RING]]})
    assert [it.change.id for it in taken(collection(given)).changed] == ["shore-1"]


@pytest.mark.parametrize("outline", ["[1 1, 2 2]", "[200 1, 2 2, 3 3]", "[1 91, 2 2, 3 3]"])
def test_an_outline_that_encloses_nothing_or_lies_nowhere_is_refused(outline: str) -> None:
    text = f"grids:\n  - {{id: shore-1, name_zh: 岸, name_en: Shore, outline: {outline}}}"
    assert {(error.line, error.code) for error in planned(text, records()).report.errors} == {(2, "wrong_outline")}
