"""The demo's suggestions: what is loaded stands, and the documents reach those who wrote."""

from pathlib import Path

import pytest

from chalicelib.cases import service as cases
from chalicelib.settings import settings
from chalicelib.spine import dossiers
from chalicelib.suggestions import lists, service
from infra.demo import suggestions as demo
from tests.support.house import House, MovedClock
from tests.support.wanglan import NOON


@pytest.mark.usefixtures("district")
def test_the_demo_shows_one_with_a_document_and_one_that_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(settings), "clock_file", tmp_path / "offset")
    MovedClock(tmp_path / "offset").set(NOON)
    house = House()
    held = service.found(demo.load(NOON))
    house.run()
    assert house.dead == {}
    assert (held.number, held.result, len(held.documents)) == (1, "satisfied", 1)
    page = lists.in_public(NOON.year, limit=10)
    assert {title for _, title in page.items} == {demo.TITLE, demo.WAITING_TITLE}
    (demand,) = held.demands
    told = {entry.type for case in dossiers.members(demand) for entry in cases.timeline(cases.found(case))}
    assert {"documented", "told"} <= told
    assert not any(service.found(each.id).overdue(NOON) for each, _ in page.items)
