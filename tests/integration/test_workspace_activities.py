"""Activities at the desk: calling one, coming, being there by the code, minutes, and who booked."""

from datetime import timedelta

import pytest

from chalicelib.activities import bookings, codes, service
from chalicelib.activities.booking import LIFECYCLE as BOOKING_LIFE
from chalicelib.activities.desk_wording import BOOKINGS, DONE, FORMS, KINDS, STATUS
from chalicelib.activities.model import KINDS as MODEL_KINDS
from chalicelib.activities.model import LIFECYCLE
from chalicelib.settings import settings
from tests.support.activities import SUBJECT, booked, going_on, meeting, passed, reception
from tests.support.desk import AtDesk
from tests.support.visitor import counted, form_of, visitor

MISSING_AT_THE_DESK = {"take_slot", "free_slot", "take_down"}  # residents', and what needs a message of its own


def test_every_move_kind_and_state_has_its_words() -> None:
    assert set(FORMS) == {move.name for move in LIFECYCLE.moves if move.by != {"system"}} - MISSING_AT_THE_DESK
    assert set(FORMS) | {"call", "keep"} == set(DONE)
    assert set(KINDS) == set(MODEL_KINDS)
    assert set(STATUS) == {"open", "held", LIFECYCLE.start, *LIFECYCLE.closed}
    assert set(BOOKINGS) == {BOOKING_LIFE.start, *BOOKING_LIFE.closed}


def path(id: str) -> str:
    return f"/work/activities/{id}"


def test_a_deputy_calls_a_reception_day_once(at_desk: AtDesk) -> None:
    desk, day = at_desk("deputy"), (settings.now() + timedelta(days=6)).date().isoformat()
    paper = form_of(desk.get("/work/activities/new"), "receive") | {"station": "weidu-station", "day": day, "deputies": ""}
    paper |= {"begins": "09:00", "ends": "11:00", "slot_minutes": "30"}
    made = desk.post("/work/activities/new", data=paper)
    assert made.headers["location"] == desk.post("/work/activities/new", data=paper).headers["location"]
    called = service.found(made.headers["location"].partition("?")[0])
    assert (called.kind, called.deputies, called.slot_minutes) == ("reception", ("lin-jianwei",), 30)
    assert f"{called.starts_at.astimezone(settings.zone):%Y-%m-%d %H:%M}" == f"{day} 09:00"
    assert called.id in desk.get("/work/activities").text
    assert called.id in desk.get("/work/activities?past=1").text or called.starts_at.year != settings.now().year


@pytest.mark.parametrize(
    ("given", "field"),
    [({"day": "2020-01-01"}, "begins"), ({"ends": "08:00"}, "ends"), ({"begins": "noon"}, "begins"), ({"where": ""}, "where")],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(given: dict[str, str], field: str, at_desk: AtDesk) -> None:
    desk, day = at_desk("manager"), (settings.now() + timedelta(days=6)).date().isoformat()
    paper = form_of(desk.get("/work/activities/new"), "call") | {"kind": "meeting", "title": "听取汇报", "where": "三楼"}
    answer = desk.post(
        "/work/activities/new", data=paper | {"day": day, "begins": "09:00", "ends": "11:00", "invited": ""} | given
    )
    assert answer.status_code == 422
    assert f'id="call-{field}-fault"' in answer.text
    assert "听取汇报" in answer.text


def test_an_invitation_is_a_task_until_it_was_answered(at_desk: AtDesk) -> None:
    desk, called = at_desk("deputy"), meeting(now=settings.now())
    assert path(called.id)[1:] in desk.get("/work").text
    assert desk.post(path(called.id), data=form_of(desk.get(path(called.id)), "sign_up")).status_code == 303
    assert service.found(called.id).signed_up == ("lin-jianwei",)
    assert path(called.id)[1:] not in desk.get("/work").text
    assert desk.post(path(called.id), data=form_of(desk.get(path(called.id)), "sign_off")).status_code == 303
    assert service.found(called.id).signed_up == ()


def test_who_scans_the_code_is_there_with_one_tap(at_desk: AtDesk) -> None:
    desk, going = at_desk("deputy"), going_on(meeting(now=settings.now()))
    code = codes.code(going.id, settings.now())
    scanned = f"{path(going.id)}/here/{code}"
    assert scanned in visitor().get(f"/a/{going.id}/{code}").text
    assert visitor().get(scanned).headers["location"].endswith(f"next={scanned[1:]}")
    paper = form_of(desk.get(scanned), "attend")
    assert paper["code"] == code
    assert desk.post(path(going.id), data=paper).headers["location"] == f"{going.id}?done=attend"
    assert service.found(going.id).attended == ("lin-jianwei",)
    assert "You were there" in desk.get(path(going.id)).text


def test_a_code_that_has_passed_counts_nobody(at_desk: AtDesk) -> None:
    desk, going = at_desk("deputy"), going_on(meeting(now=settings.now()))
    old = codes.code(going.id, settings.now() - timedelta(minutes=5))
    answer = desk.post(path(going.id), data=form_of(desk.get(path(going.id)), "attend") | {"code": old})
    assert answer.status_code == 422
    assert 'id="attend-code-fault"' in answer.text
    assert service.found(going.id).attended == ()


def test_the_manager_counts_guests_writes_the_minutes_and_may_write_them_again(at_desk: AtDesk) -> None:
    desk, called = at_desk("manager"), meeting(now=settings.now())
    passed(going_on(called), called.ends_at)
    assert path(called.id)[1:] in desk.get("/work").text
    desk.post(path(called.id), data=form_of(desk.get(path(called.id)), "count_guests") | {"number": "12"})
    for text in ("第一稿", "第二稿"):
        paper = form_of(desk.get(path(called.id)), "minute") | {"text": text, "decisions": "一、督办\n\n二、回访"}
        assert desk.post(path(called.id), data=paper).status_code == 303
    done = service.found(called.id)
    assert (done.guests, done.minutes, done.decisions, done.status) == (12, "第二稿", ("一、督办", "二、回访"), "minuted")
    assert "第二稿" in at_desk("deputy").get(path(called.id)).text


def test_it_is_cancelled_by_who_called_it(at_desk: AtDesk) -> None:
    called = meeting(now=settings.now())
    assert 'value="cancel"' not in at_desk("deputy").get(path(called.id)).text
    desk = at_desk("manager")
    assert desk.post(path(called.id), data=form_of(desk.get(path(called.id)), "cancel") | {"reason": "雨"}).status_code == 303
    assert service.found(called.id).status == "cancelled"


def test_bookings_are_for_those_who_receive_and_they_say_who_came(at_desk: AtDesk) -> None:
    desk, day = at_desk("deputy"), reception(now=settings.now())
    talk = booked(day, now=settings.now())
    assert SUBJECT in desk.get(path(day.id)).text
    assert SUBJECT not in at_desk("supervisor").get(path(day.id)).text
    going_on(day)
    assert desk.post(path(day.id), data=form_of(desk.get(path(day.id)), "keep")).headers["location"] == f"{day.id}?done=keep"
    assert bookings.found(talk.id).status == "kept"


def test_a_list_is_one_query_a_view_one_read_and_a_move_a_read_and_a_transaction(at_desk: AtDesk) -> None:
    desk, called = at_desk("deputy"), meeting(now=settings.now())
    desk.get("/work")  # who it is, and the directory, are known from here on
    with counted() as listed:
        desk.get("/work/activities")
    with counted() as seen:
        paper = form_of(desk.get(path(called.id)), "sign_up")
    with counted() as done:
        desk.post(path(called.id), data=paper)
    assert (listed, seen, done) == (["Query"], ["GetItem"], ["GetItem", "TransactWriteItems"])
