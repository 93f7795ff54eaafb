"""A reception day on the deployed stack: called, booked without an account, cancelled and told; a meeting and who was there."""

import time
from datetime import datetime, timedelta

import httpx
import pytest

from tests.support.deployed import SignIn, until
from tests.support.local_stack import Stack
from tests.support.visitor import forms

pytestmark = pytest.mark.e2e

STATION = "/open/stations/weidu-station"
DAY = timedelta(days=1)


@pytest.fixture
def mail() -> str:
    """An address of this test alone."""
    return f"booked-{int(time.time() * 1000)}@wanglan.example.org"


def now(phone: httpx.Client) -> datetime:
    """The platform's moment, which other tests may have moved."""
    return datetime.fromisoformat(phone.get("/healthz").json()["at"])


def booked(phone: httpx.Client, page: str, mail: str) -> str:
    """A time booked with a double tap; the address of its page."""
    filled = forms(phone.get(page))[0] | {"text": "想谈谈老人助餐", "tell": "email", "email": mail}
    filled.pop("action")
    time.sleep(3.1)  # the form takes nothing that was written faster than any person writes
    first, again = (phone.post(page, data=filled) for _ in range(2))
    assert first.status_code == 303, first.text
    assert first.headers["location"] == again.headers["location"]
    return "/b/" + first.headers["location"].split("/b/")[1].partition("?")[0]


def subjects(stack: Stack, mail: str) -> list[str]:
    return [str(each["subject"]) for each in stack.sent()["mails"] if mail in str(each["to"])]


def test_a_time_is_booked_and_a_cancelled_day_is_told(stack: Stack, phone: httpx.Client, sign_in: SignIn, mail: str) -> None:
    deputy, first = sign_in("deputy"), now(phone).replace(hour=2, minute=0, second=0, microsecond=0) + 20 * DAY
    day = deputy.call_reception("weidu-station", first, first + timedelta(hours=1), 20)
    assert f"/{day.id}/1020" in phone.get(STATION).text
    page = booked(phone, f"{STATION}/{day.id}/1020", mail)
    assert "/calendar.ics" in phone.get(page).text
    assert phone.get(f"{page}/calendar.ics").text.startswith("BEGIN:VCALENDAR\r\n")
    (booking,) = deputy.bookings(day.id)
    assert (booking.slot, booking.subject) == ("1020", "想谈谈老人助餐")
    assert deputy.booking_contact(day.id, booking.id, "准备").email == mail
    until(lambda: subjects(stack, mail), lambda told: len(told) == 1)
    deputy.cancel_activity(day.id, "大雪封路")
    until(lambda: phone.get(page).text, lambda text: "大雪封路" in text)
    assert len(until(lambda: subjects(stack, mail), lambda told: len(told) == 2)) == 2
    assert f"/{day.id}/" not in phone.get(STATION).text


def test_attendance_is_counted_by_the_code_on_the_wall(stack: Stack, phone: httpx.Client, sign_in: SignIn) -> None:
    deputy, at = sign_in("deputy"), now(phone)
    called = deputy.call_activity("meeting", "座谈", "二楼", at + timedelta(minutes=5), at + timedelta(minutes=40))
    deputy.sign_up(called.id)
    stack.invoke("sweep")
    until(lambda: deputy.activity(called.id), lambda activity: activity.status == "open")
    wall = phone.get(deputy.display(called.id).removeprefix(stack.base_url))
    code = wall.text.partition('class="code number">')[2].partition("<")[0]
    assert deputy.attend(called.id, code).attended == ("lin-jianwei",)
