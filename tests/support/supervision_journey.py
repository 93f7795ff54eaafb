"""Supervision and appraisals on the journey through everything: each route, an appraisal by its agenda, items by breaches."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta

import httpx

from chalicelib.cases import service as cases
from chalicelib.people.permissions import PERMISSIONS
from chalicelib.settings import settings
from chalicelib.supervision import ballots, service
from tests.contract.test_api_supervision import PAGES, TRIED, World
from tests.support import suggestions
from tests.support.demands import together, written
from tests.support.house import House, MovedClock
from tests.support.supervision import folded
from tests.support.wanglan import HEATING, LIN, QIAO


def oversight(
    house: House, clock: MovedClock, people: Mapping[str, httpx.Client], anyone: httpx.Client,
    district: Callable[[], AbstractContextManager[None]],
) -> None:  # fmt: skip
    """Everything that supervision does, in the house."""
    for route in TRIED:
        with district():
            World(route).knock(people[min(PERMISSIONS[route])] if PERMISSIONS[route] else anyone)
            house.run()
    appraise(house, clock, people, anyone)
    break_promises(house, clock)
    for page in PAGES - {"GET /open/appraisals/{appraisal_id}"}:
        assert anyone.get(page.removeprefix("GET ")).status_code == 200


def appraise(house: House, clock: MovedClock, people: Mapping[str, httpx.Client], anyone: httpx.Client) -> None:
    """An appraisal from the call to the results, by the agenda; and one that is called off."""
    call, off = World("POST /v1/appraisals"), World("POST /v1/appraisals/{appraisal_id}/cancel")
    id = call.knock(people["manager"]).json()["id"]
    assert off.knock(people["manager"]).status_code == 200
    clock.forward(timedelta(hours=1, minutes=1))
    house.minute()
    ballot = folded(ballots.found(id))
    stamp = people["deputy"].post(f"/v1/appraisals/{id}/stamp", json={"envelope": ballot.envelope}).json()["stamp"]
    assert people["deputy"].get(f"/v1/appraisals/{id}/stamp").json()["stamped"] is True
    clock.forward(timedelta(hours=2, minutes=6))
    house.minute()
    ready = ballot.stamped(stamp)
    sent = {"ballot": ready.message, "stamp": ready.stamp}
    assert anyone.post(f"/v1/appraisals/{id}/ballots", json=sent).status_code == 200
    clock.forward(timedelta(hours=2))
    house.minute()
    assert anyone.get(f"/open/appraisals/{id}").status_code == 200
    assert len(anyone.get(f"/v1/appraisals/{id}/ballots").json()["receipts"]) == 1


def break_promises(house: House, clock: MovedClock) -> None:
    """Many cases of one demand go overdue to the end of their ladders; a reply does not satisfy twice; an item goes overdue."""
    together(*(written(now=settings.now()) for _ in range(6)))
    held = suggestions.evaluated(suggestions.replied(now=settings.now()), "dissatisfied", settings.now())
    house.run()
    clock.forward(timedelta(days=2))
    house.minute()
    suggestions.evaluated(suggestions.replied(held, settings.now()), "dissatisfied", settings.now())
    house.run()
    opened = {item.cause: item for item in service.listed(QIAO, "opened", limit=100).items}
    assert opened.keys() == {"breach", "breaches", "dissatisfied"}
    item = service.notice(opened["breaches"].id, "请整改", by=QIAO, now=settings.now())
    clock.forward(timedelta(days=60))
    house.minute()
    service.rectify(item.id, "修好了", by=HEATING, now=settings.now())
    assert cases.found(opened["breach"].of).deputy == LIN.deputy
    house.run()
