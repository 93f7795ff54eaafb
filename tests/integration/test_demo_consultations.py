"""The demo's consultations and notices: there is something to answer, something to read, and something that came of it."""

import pytest

from chalicelib.bulletin import library, service
from chalicelib.consultations import service as consultations
from infra.demo import bulletin
from infra.demo import consultations as demo
from infra.journal import check_all
from tests.support.visitor import visitor
from tests.support.wanglan import LIN, NOON

pytestmark = pytest.mark.usefixtures("district")


def test_the_demo_asks_residents_and_shows_what_came_of_an_earlier_draft() -> None:
    running = consultations.found(demo.load(NOON))
    assert (running.status, consultations.results(running).people) == ("open", len(demo.SAID))
    public = consultations.listed_in_public(limit=5).items
    assert [each.status for each in public] == ["open", "published"]
    text = visitor().get(f"/open/consultations/{public[1].id}").text
    assert "十分钟不够" in text
    assert "人可能在洗澡" not in text
    assert check_all([each.id for each in public], mend=False) == 0


def test_the_demo_has_notices_and_a_library_with_progress() -> None:
    bulletin.load(NOON)
    notices = service.listed(LIN, NOON, limit=5).items
    assert [seen.read_at is not None for seen in notices] == [False, True]
    assert len(service.listed_in_public(limit=5)[0]) == 1
    assert [shelved.progress.completed_at is not None for shelved in library.listed(LIN, limit=5).items].count(True) == 1
    assert check_all([seen.notice.id for seen in notices], mend=False) == 0
