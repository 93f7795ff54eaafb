"""The demo's activities: each at another point of its life, whenever it is loaded."""

from datetime import datetime, timedelta

import pytest

from chalicelib.activities import service
from chalicelib.activities.model import Activity
from infra.demo import activities
from infra.journal import check_all
from tests.support.visitor import visitor
from tests.support.wanglan import NOON, TANG

pytestmark = pytest.mark.usefixtures("district")


@pytest.mark.parametrize("now", [NOON, NOON + timedelta(hours=14), NOON + timedelta(days=40)])
def test_the_demo_has_days_to_book_a_waiting_list_and_minutes(now: datetime) -> None:
    token = activities.load(now)
    days = service.receptions(activities.STATION, now)
    assert [len(day.taken) for day in days] == [2, 0]
    coming = service.coming(TANG, limit=10).items
    assert [(each.kind, each.status) for each in coming] == [
        ("reception", "called"),
        ("meeting", "called"),
        ("reception", "called"),
    ]
    assert (coming[1].signed_up, coming[1].waiting) == (("gao-xiulan",), ("lin-jianwei",))
    past = [each for year in {now.year, now.year - 1} for each in service.of_year(year, TANG, limit=10).items if each.closed_at]
    (held,) = map(whole, past)
    assert (held.status, held.attended, held.guests, len(held.decisions)) == ("minuted", ("lin-jianwei",), 4, 2)
    assert check_all([held.id, *(each.id for each in coming)], mend=False) == 0
    assert visitor().get(f"/b/{token}").status_code == 200


def whole(activity: Activity) -> Activity:
    """With its words, which no list holds."""
    return service.found(activity.id)
