"""The pages of stations and bookings, and the code on the wall: on any phone, in both languages, nothing typed is lost."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest

from chalicelib.activities import bookings, codes, service
from chalicelib.activities.model import Activity
from chalicelib.people.guard import LIMITS, Limit
from chalicelib.settings import settings
from tests.support.activities import STATION, SUBJECT, booked, going_on, meeting, passed, reception
from tests.support.api import BASE_URL, AppTransport
from tests.support.calls import counted
from tests.support.casework import EMAIL, NAME, PHONE, paper
from tests.support.visitor import forms, opened, visitor
from tests.support.wanglan import LIN, QIAO
from tests.unit.test_qr import MODULE, drawn, read

pytestmark = pytest.mark.usefixtures("district")
STATION_PAGE = f"/open/stations/{STATION}"
READ, RECORD = "GetItem dossiers", "TransactWriteItems"


def day() -> Activity:
    return reception(now=settings.now())


def page_of(activity: Activity, slot: str = "0900") -> str:
    return f"{STATION_PAGE}/{activity.id}/{slot}"


def send(who: httpx.Client, page: str, **fields: str) -> httpx.Response:
    content = urlencode({"form": str(opened()), "text": SUBJECT, "tell": "none"} | fields)
    return who.post(page, content=content, headers={"Content-Type": "application/x-www-form-urlencoded"})


def receipt(answer: httpx.Response) -> str:
    """The address of the private page to which a booking leads."""
    assert answer.status_code == 303, answer.text
    return str(httpx.URL(f"{BASE_URL}{page_of_request(answer)}").join(answer.headers["location"]).path)


def page_of_request(answer: httpx.Response) -> str:
    return answer.request.url.path


# Stations


def test_stations_lead_to_their_days_and_days_to_their_free_times() -> None:
    activity = day()
    booked(activity, "0930", now=settings.now())
    who = visitor()
    assert f'href="../open/stations/{STATION}"' in who.get("/open/stations").text
    page = who.get(STATION_PAGE)
    times = re.findall(r'href="\.\./\.\./(open/stations/[^"]+)">(\d\d:\d\d)</a>', page.text)
    assert [time for _, time in times] == ["09:00", "10:00", "10:30"]
    assert who.get(f"/{times[0][0]}").status_code == 200
    assert "Deputy Lin Jianwei" in page.text
    assert "Weidu Deputies&#39; Station" in page.text


@pytest.mark.parametrize("path", [
    "/open/stations/nowhere", "/open/stations/x%20y/A1/0900", f"{STATION_PAGE}/A000000000000/0900", "/open/stations/%2e%2e",
])  # fmt: skip
def test_what_there_is_not_says_so_and_where_to_look(path: str) -> None:
    answer = visitor().get(path)
    assert answer.status_code == 404
    assert "There is no such" in answer.text


def test_a_time_is_of_its_own_station_and_day() -> None:
    activity = day()
    assert visitor().get(f"/open/stations/luqi-station/{activity.id}/0900").status_code == 404
    assert visitor().get(page_of(activity, "0915")).status_code == 404
    gathering = meeting(now=settings.now())
    assert visitor().get(page_of(gathering)).status_code == 404


def test_a_station_without_days_and_a_day_without_times_say_so() -> None:
    assert "No reception day is planned" in visitor().get(STATION_PAGE).text
    activity = day()
    for slot in ("0900", "0930", "1000", "1030"):
        booked(activity, slot, now=settings.now())
    assert "All times of this day are taken" in visitor().get(STATION_PAGE).text


def test_pages_are_in_one_language() -> None:
    activity = day()
    booking = send(visitor(), page_of(activity, "0930"), text="")
    pages = (STATION_PAGE, page_of(activity), "/open/stations", receipt(booking))
    for language, foreign in (("zh-CN", r"[A-Za-z]{4,}"), ("en", r"[\u4e00-\u9fff]{2,}")):
        for path in pages:
            text = re.sub(
                r"<(title|script|style)[^>]*>.*?</\1>|<[^>]+>|http\S+|中文|English", "", visitor(language).get(path).text
            )
            assert re.findall(foreign, text) == [], (path, language)


# Booking


def test_a_time_is_booked_and_its_page_shows_it_and_gives_it_to_a_calendar() -> None:
    activity, who = day(), visitor()
    answer = send(who, page_of(activity), name=NAME, tell="email", email=EMAIL)
    page = who.get(receipt(answer) + "?new=1")
    assert "Your time is booked" in page.text
    assert SUBJECT in page.text
    assert [word for word in (NAME, EMAIL) if word in page.text] == []
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    file = who.get(f"{receipt(answer)}/calendar.ics")
    assert file.headers["content-type"] == "text/calendar; charset=utf-8"
    assert f"DTSTART:{activity.starts_at:%Y%m%dT%H%M%SZ}\r\n" in file.text
    assert SUBJECT not in file.text


def test_a_double_tap_is_one_booking_and_shows_the_same_page() -> None:
    activity, who, form = day(), visitor(), str(opened())
    first, again, other = (send(who, page_of(activity, slot), form=form) for slot in ("0900", "0900", "1000"))
    assert receipt(first) == receipt(again) == receipt(other)
    assert list(service.found(activity.id).taken) == ["0900"]


def test_one_form_books_one_day() -> None:
    who, form = visitor(), str(opened())
    first = send(who, page_of(day()), form=form)
    later = reception(now=settings.now() + timedelta(days=7))
    assert receipt(send(who, page_of(later), form=form)) == receipt(first)
    assert service.found(later.id).taken == {}


def test_who_comes_second_keeps_what_was_typed_and_is_offered_the_other_times() -> None:
    activity, who = day(), visitor()
    booked(activity, "0900", now=settings.now())
    answer = send(who, page_of(activity), name=NAME, tell="phone", phone=PHONE)
    assert answer.status_code == 409
    assert "This time is taken" in answer.text
    again = forms(answer)[0]
    assert (again["text"], again["name"], again["tell"], again["phone"]) == (SUBJECT, NAME, "phone", PHONE)
    offered = re.findall(r'formaction="(\d+)"', answer.text)
    assert offered == ["0930", "1000", "1030"]
    moved = send(
        who, page_of(activity, offered[0]), **{name: again[name] for name in ("form", "text", "name", "tell", "phone")}
    )
    assert who.get(receipt(moved)).status_code == 200


def test_errors_keep_what_was_typed_and_say_what_would_be_right() -> None:
    activity = day()
    wrong = {"text": "长" * 501, "name": "名" * 81, "tell": "phone", "phone": "12"}
    answer = send(visitor(), page_of(activity), **wrong)
    assert (answer.status_code, service.found(activity.id).taken) == (422, {})
    again = forms(answer)[0]
    assert {name: again[name] for name in wrong} == wrong
    for said in ("at most 500 characters", "at most 80 characters", "11 digits"):
        assert answer.text.count(said) == 2, "in the summary and at the field"
    assert "<title>Error:" in answer.text


def test_switching_the_language_keeps_what_was_typed() -> None:
    answer = send(visitor(), page_of(day()), lang="zh", name=NAME)
    assert (answer.status_code, forms(answer)[0]["text"], forms(answer)[0]["name"]) == (200, SUBJECT, NAME)
    assert "预约时间" in answer.text


@pytest.mark.parametrize("wrong", [{"website": "x"}, {"form": "nonsense"}, {"form": ""}])
def test_what_looks_like_a_machine_is_asked_once_more_and_books_nothing(wrong: dict[str, str]) -> None:
    activity = day()
    answer = send(visitor(), page_of(activity), **wrong)
    assert (answer.status_code, service.found(activity.id).taken) == (422, {})
    assert "Please press “Book” once more" in answer.text or "please press “Book” once more" in answer.text


def test_one_network_can_not_book_a_whole_day_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "booking", Limit(2, 86_400, "x"))
    activity, who = day(), visitor()
    answers = [send(who, page_of(activity, slot)).status_code for slot in ("0900", "0930", "1000")]
    assert answers == [303, 303, 429]
    refused = send(who, page_of(activity, "1000"))
    assert "from your network" in refused.text
    assert forms(refused)[0]["text"] == SUBJECT
    elsewhere = httpx.Client(transport=AppTransport("198.51.100.7"), base_url=BASE_URL)
    assert send(elsewhere, page_of(activity, "1000")).status_code == 303
    assert send(who, page_of(reception(now=settings.now() + timedelta(days=9)))).status_code == 303


def test_too_many_forms_from_one_network_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "address_bare", Limit(1, 3600, "x"))
    activity, who = day(), visitor()
    assert send(who, page_of(activity)).status_code == 303
    answer = send(who, page_of(activity, "0930"))
    assert (answer.status_code, "retry-after" in answer.headers, forms(answer)[0]["text"]) == (429, True, SUBJECT)


def test_a_cancelled_day_leads_to_the_others() -> None:
    activity, other = day(), reception(now=settings.now() + timedelta(days=7))
    service.cancel(activity.id, "雪", by=LIN, now=settings.now())
    answer = visitor().get(page_of(activity))
    assert answer.status_code == 410
    assert "does not take place" in answer.text
    assert other.id in answer.text
    assert send(visitor(), page_of(activity)).status_code == 409


# The private page


def test_who_can_not_come_cancels_and_the_time_is_free_again() -> None:
    activity, who = day(), visitor()
    page = receipt(send(who, page_of(activity)))
    for _ in range(2):
        assert who.post(page, data={"move": "cancel"}).status_code == 303
    assert "You cancelled this booking" in who.get(page).text
    assert service.found(activity.id).taken == {}


def test_a_cancelled_day_is_said_with_its_reason_on_the_bookings_page() -> None:
    activity, who = day(), visitor()
    page = receipt(send(who, page_of(activity)))
    service.cancel(activity.id, "大雪<b>封路", by=LIN, now=settings.now())
    bookings.let_go(activity.id, settings.now())
    text = who.get(page).text
    assert "This reception day does not take place" in text
    assert "大雪&lt;b&gt;封路" in text
    assert "Cancel the booking" not in text


@pytest.mark.parametrize("token", ["x", "0" * 38, "%2e%2e", "長" * 38])
def test_a_link_that_is_none_says_so(token: str) -> None:
    for path in (f"/b/{token}", f"/b/{token}/calendar.ics"):
        answer = visitor().get(path)
        assert answer.status_code == 404
        assert "This link leads to no booking" in answer.text


def test_a_link_of_another_secret_opens_nothing() -> None:
    mine = paper()
    booking = booked(day(), opened=mine, now=settings.now())
    other = booking.id[1:] + paper().tracking_token[12:]
    assert visitor().get(f"/b/{mine.tracking_token}").status_code == 200
    assert visitor().get(f"/b/{other}").status_code == 404
    assert visitor().post(f"/b/{other}", data={"move": "cancel"}).status_code == 404
    assert bookings.found(booking.id).status == "booked"


# The code on the wall


def wall(activity: Activity) -> str:
    return f"/a/{activity.id}?key={service.display_key(activity.id, QIAO)}"


def test_the_wall_shows_a_code_that_leads_to_it_and_comes_anew_without_a_script() -> None:
    going = going_on(meeting(now=settings.now()))
    page = visitor().get(wall(going))
    code = codes.code(going.id, settings.now())
    assert codes.shown(code) in page.text
    assert '<meta http-equiv="refresh" content="20">' in page.text
    assert "<script" not in page.text
    picture = re.findall(r"<svg.*?</svg>", page.text, re.DOTALL)[0]
    assert read(drawn(picture, MODULE)) == f"{BASE_URL}/a/{going.id}/{code}"
    scanned = visitor().get(f"/a/{going.id}/{code}")
    assert f"deputy activities attend {going.id} {code}" in scanned.text


def test_without_its_key_nobody_sees_the_code() -> None:
    going = going_on(meeting(now=settings.now()))
    for path in (f"/a/{going.id}", f"/a/{going.id}?key=x", f"/a/A000000000000?key={service.display_key(going.id, QIAO)}"):
        answer = visitor().get(path)
        assert answer.status_code == 404
        assert codes.shown(codes.code(going.id, settings.now())) not in answer.text


def test_before_and_after_there_is_no_code() -> None:
    activity = meeting(now=settings.now())
    before = visitor().get(wall(activity)).text
    assert "half an hour before it begins" in before
    passed(activity, activity.ends_at)
    after = visitor().get(wall(activity)).text
    assert "attendance is closed" in after
    for text in (before, after):
        assert "<svg" not in text
    assert ("http-equiv" in before, "http-equiv" in after) == (True, False)


def test_a_code_that_has_passed_tells_nothing_of_the_activity() -> None:
    going = going_on(meeting(now=settings.now()))
    old = codes.code(going.id, settings.now() - timedelta(minutes=3))
    answer = visitor().get(f"/a/{going.id}/{old}")
    assert answer.status_code == 410
    assert "This code has passed" in answer.text
    assert going.title not in answer.text


# What it costs


def test_pages_stay_within_the_budgets() -> None:
    activity, who = day(), visitor()
    who.get("/open/stations")
    with counted() as calls:
        page = receipt(send(who, page_of(activity)))
    assert calls == [READ, "UpdateItem guards", RECORD]
    for path, expected in (
        ("/open/stations", []),
        (STATION_PAGE, ["Query dossiers work-by-deputy"]),
        (page_of(activity, "0930"), [READ]),
        (page, [READ]),
        (f"{page}/calendar.ics", [READ]),
        (wall(activity), [READ]),
    ):
        with counted() as calls:
            who.get(path)
        assert calls == expected, path
