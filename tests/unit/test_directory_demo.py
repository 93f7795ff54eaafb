"""The demo district is whole, and shows each rule at work."""

from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.directory.model import Directory
from chalicelib.directory.plan import edition_of
from tests.support.district import NOON, planned

DEMO = (Path(__file__).parents[2] / "infra" / "demo" / "district.yaml").read_text("utf-8")


@pytest.fixture(scope="module")
def demo() -> Directory:
    return Directory(edition_of(planned(DEMO).after, 1, NOON))


def test_it_has_no_fault_and_only_the_catch_all_has_no_body() -> None:
    report = planned(DEMO).report
    assert list(map(str, report.errors)) == []
    assert [(warning.id, warning.code) for warning in report.warnings] == [("other", "nobody_responsible")]


def test_a_cold_flat_is_answered_within_two_hours(demo: Directory) -> None:
    amounts = {step: demo.promise_for(step, "heating/supply/cold-flat", "normal") for step in ("acknowledge", "answer")}
    found = {step: promised.promise.amount for step, promised in amounts.items() if promised}
    assert found == {"acknowledge": timedelta(minutes=30), "answer": timedelta(hours=2)}


def test_danger_is_acknowledged_within_a_quarter_of_an_hour_whatever_it_is_about(demo: Directory) -> None:
    for category in demo.categories:
        found = demo.promise_for("acknowledge", category.id, "danger")
        assert found is not None
        assert (found.promise.mode, found.promise.amount) == ("elapsed", timedelta(minutes=15)), category.id


def test_a_ward_with_a_heating_works_of_its_own_goes_there(demo: Directory) -> None:
    bodies = {grid.id: demo.body_for("heating/supply/cold-flat", grid.id) for grid in demo.grids}
    assert {id for id, body in bodies.items() if body and body.id == "luyu-heating"} == {
        id for id in bodies if id.startswith("luyu")
    }


def test_every_grid_of_a_ward_has_its_deputy(demo: Directory) -> None:
    assert all(demo.deputies_of(grid.id) for grid in demo.grids if grid.parent)


@pytest.mark.parametrize(("code", "deputy"), [("DEM00090", "gao-xiulan"), ("DEM00099", "lin-jianwei")])
def test_an_old_print_leads_to_who_is_in_charge_now(demo: Directory, code: str, deputy: str) -> None:
    found = demo.deputy_by_code(code)
    assert (found.state, [it.id for it in found.deputies]) == ("revoked", [deputy])


def test_it_has_someone_for_every_role(demo: Directory) -> None:
    assert {user.role for user in demo.users} == {"deputy", "officer", "manager", "supervisor"}
