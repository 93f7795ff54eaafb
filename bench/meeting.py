"""Activities, each operation once: a reception day from the call to a case, a meeting from the call to its attendance."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from bench.district import Made, asked, opened, posted, told
from bench.life import paper
from chalicelib.activities import codes, service
from chalicelib.settings import settings
from tests.support.activities import going_on, passed

STATION: Final = "weidu-station"
PLACE: Final = {"kind": "meeting", "title": "听取供暖情况汇报", "where": "三楼会议室"}


def operations(deputy: str) -> Iterator[tuple[str, Made]]:
    """What deputies and residents do with activities, by name. ``deputy`` is the token of Lin."""
    yield from _reception(deputy)
    yield from _meeting(deputy)


def _hours() -> dict[str, str]:
    first = (datetime.now(UTC) + timedelta(days=6)).replace(hour=1, minute=0, second=0, microsecond=0)
    return {"starts_at": first.isoformat(), "ends_at": (first + timedelta(hours=2)).isoformat()}


def _id(made: Made) -> str:
    return str(msgspec.json.decode(made.page)["id"])


def _reception(deputy: str) -> Iterator[tuple[str, Made]]:
    called = told("/v1/activities", "", deputy, kind="reception", station=STATION, slot_minutes=20, **_hours()).made()
    yield "calling an activity", called
    day, token = f"/v1/activities/{_id(called)}", paper()
    station = opened(f"/open/stations/{STATION}", "").made()
    yield "a station's page", station
    form = "/" + re.findall(r'(open/stations/[^"]+/0900)"', station.page)[0]
    yield "booking form", opened(form, "").made()
    fields = {"form": str(token), "text": "想谈谈供暖", "tell": "email", "email": "w.xiuying@example.org", "website": ""}
    yield "booking a time", posted(form, "", **fields).made()
    yield "a booking's page", opened(f"/b/{token.tracking_token}", "").made()
    going_on(service.found(_id(called)))
    yield "bookings of a day", asked(f"{day}/bookings", "", deputy).made()
    said = {"text": "楼道灯坏了", "booking": f"B{token.case_id}"}
    yield "taking down a case at a reception day", told(f"{day}/cases", "", deputy, **said).made()
    other = paper()
    yield "cancelling a booking", _cancelled(form.replace("0900", "1000"), other.tracking_token, str(other))


def _cancelled(form: str, token: str, paper: str) -> Made:
    posted(form, "", form=paper, text="", tell="none", website="").made()
    return posted(f"/b/{token}", "", move="cancel").made()


def _meeting(deputy: str) -> Iterator[tuple[str, Made]]:
    id = _id(told("/v1/activities", "", deputy, **PLACE, **_hours()).made())
    path = f"/v1/activities/{id}"
    yield "list of activities", asked("/v1/activities", "", deputy).made()
    yield "activities of a year", asked(f"/v1/activities?year={datetime.now(UTC).year}", "", deputy).made()
    yield "an activity's page", asked(path, "", deputy).made()
    yield "signing up", told(f"{path}/sign_up", "", deputy).made()
    activity = going_on(service.found(id))
    yield "the code on the wall", _wall(path, deputy)
    yield "attending by code", told(f"{path}/attend", "", deputy, code=codes.code(id, settings.now())).made()
    passed(activity, activity.ends_at)
    yield "minutes of an activity", told(f"{path}/minutes", "", deputy, text="纪要", decisions=["下周复查"]).made()


def _wall(path: str, deputy: str) -> Made:
    shown = msgspec.json.decode(asked(f"{path}/display", "", deputy).made().page)["url"]
    return opened(str(shown).removeprefix(settings.base_url), "").made()
