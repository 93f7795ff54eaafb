"""Activities, the client against the app itself: what one sends, the other takes, and what it answers, the client reads."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from chalicelib.activities import codes, service
from chalicelib.activities.model import LIFECYCLE
from chalicelib.people.roles import DEPUTY, MANAGER
from chalicelib.settings import settings
from tests.support.activities import STATION, SUBJECT, booked, going_on, meeting, passed, reception
from tests.support.api import BASE_URL, AppTransport
from tests.support.casework import EMAIL, NAME, PHONE
from tests.support.wanglan import LIN
from zerodistance_client import IllegalMove, Invalid, MemoryTokens, NotAllowed, NotFound, Retry, Tokens, ZeroDistance
from zerodistance_client.command.app import app as command
from zerodistance_client.command.around import Around
from zerodistance_client.command.display import COMMANDS, shown_id
from zerodistance_client.command.words import ACTIVITY_TERMS, TERMS

TokenOf = Callable[[str], str]
As = Callable[[str], ZeroDistance]
Run = Callable[..., Result]
OF_STAFF = {move.name for move in LIFECYCLE.moves if {DEPUTY, MANAGER} & set(move.by)}


@pytest.fixture
def as_(app_transport: AppTransport, token_of: TokenOf) -> As:
    """A client of a role's person."""
    return lambda role: ZeroDistance(
        BASE_URL, MemoryTokens(Tokens(token_of(role))), retry=Retry(attempts=1), transport=app_transport
    )


@pytest.fixture
def run(app_transport: AppTransport, token_of: TokenOf, tmp_path: Path) -> Run:
    """A command of Lin's, or of whoever is named."""

    def typed(*words: str, role: str = "deputy", lang: str = "en") -> Result:
        here = Around(
            url=BASE_URL,
            lang=lang,
            environment={"DEPUTY_HOME": str(tmp_path), "COLUMNS": "200"},
            folder=tmp_path,
            transport=app_transport,
            tokens=MemoryTokens(Tokens(token_of(role))),
            retry=Retry(attempts=1),
            zone=settings.zone,
            interactive=lambda: False,
        )
        return CliRunner().invoke(command, ["activities", *words], obj=here)

    return typed


def said(result: Result) -> str:
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.output


def day_of(days: int = 6) -> str:
    return (settings.now() + timedelta(days=days)).astimezone(settings.zone).date().isoformat()


# The class


def test_a_meeting_from_the_call_to_its_minutes(as_: As) -> None:
    lin, first = as_("deputy"), settings.now() + timedelta(days=5)
    called = lin.call_activity(
        "meeting", "座谈", "三楼", first, first + timedelta(hours=2), capacity=1, invited=["lin-jianwei", "gao-xiulan"]
    )
    assert (called.status, called.invited, called.capacity) == ("called", ("lin-jianwei", "gao-xiulan"), 1)
    assert as_("other_deputy").sign_up(called.id).you == "signed_up"
    assert lin.sign_up(called.id).you == "waiting"
    as_("other_deputy").sign_off(called.id)
    assert lin.activity(called.id).coming == ("lin-jianwei",)
    going_on(service.found(called.id))
    assert lin.attend(called.id, codes.code(called.id, settings.now())).attended == ("lin-jianwei",)
    assert lin.count_guests(called.id, 7).guests == 7
    passed(service.found(called.id), first + timedelta(hours=2))
    done = lin.keep_minutes(called.id, "纪要", ["下周复查"])
    assert (done.status, done.minutes, done.decisions) == ("minuted", "纪要", ("下周复查",))
    assert [entry.type for entry in lin.activity(called.id).timeline][-2:] == ["held", "minuted"]
    assert [each.id for each in lin.activities(year=first.year)] == [called.id]
    assert list(lin.activities()) == []


def test_a_reception_day_and_what_residents_book_and_say_there(as_: As) -> None:
    lin, first = as_("deputy"), (settings.now() + timedelta(days=5)).replace(hour=1, minute=0, second=0, microsecond=0)
    day = lin.call_reception(STATION, first, first + timedelta(hours=1), 20)
    assert (day.slots, day.deputies, day.public_url) == (3, ("lin-jianwei",), f"{BASE_URL}/open/stations/{STATION}")
    booking = booked(service.found(day.id), "0920", now=settings.now())
    (shown,) = lin.bookings(day.id)
    assert (shown.id, shown.slot, shown.subject, shown.has_contact) == (booking.id, "0920", SUBJECT, True)
    reached = lin.booking_contact(day.id, booking.id, "改时间")
    assert (reached.name, reached.email) == (NAME, EMAIL)
    going_on(service.found(day.id))
    case = lin.take_down_there(day.id, "楼道灯坏了", booking=booking.id, contact={"tell": "phone", "phone": PHONE})
    assert (case.deputy, case.tracking_url.startswith(f"{BASE_URL}/m/")) == ("lin-jianwei", True)
    assert lin.activity(day.id).cases == (case.id,)
    assert lin.booking_kept(day.id, booking.id).status == "kept"


def test_refusals_are_their_own_errors(as_: As) -> None:
    activity = meeting(now=settings.now(), invited=("lin-jianwei",))
    with pytest.raises(NotFound):
        as_("other_deputy").activity(activity.id)
    with pytest.raises(NotAllowed):
        as_("deputy").cancel_activity(activity.id, "雪")
    with pytest.raises(NotAllowed):
        as_("officer").activities().__next__()
    with pytest.raises(IllegalMove):
        as_("manager").keep_minutes(activity.id, "纪要")
    going_on(activity)
    with pytest.raises(Invalid) as refused:
        as_("deputy").attend(activity.id, "00000000")
    assert (refused.value.code, refused.value.field) == ("wrong_code", "code")


def test_calendar_and_display(as_: As) -> None:
    activity = meeting(LIN, now=settings.now())
    assert as_("deputy").activity_calendar(activity.id).startswith("BEGIN:VCALENDAR\r\n")
    page = httpx.Client(transport=AppTransport()).get(as_("deputy").display(activity.id))
    assert page.status_code == 200


# The command


def test_every_move_that_is_shown_is_a_command(run: Run) -> None:
    commands = said(run("--help"))
    for move in OF_STAFF:
        assert COMMANDS.get(move, move) in commands


def test_every_state_kind_and_fact_has_its_chinese_word() -> None:
    facts = {move.fact for move in LIFECYCLE.moves} | {move.target for move in LIFECYCLE.moves if move.target} | {"called"}
    assert {fact for fact in facts if fact not in ACTIVITY_TERMS and fact not in TERMS} == set()


def test_a_day_at_the_terminal(run: Run) -> None:
    called = json.loads(
        said(run("reception", STATION, "--date", day_of(), "--from", "09:00", "--to", "10:00", "--minutes", "20", "--json"))
    )
    id = called["id"]
    assert called["slots"] == 3
    assert f"{day_of()} 09:00–10:00" in said(run("list"))
    booking = booked(service.found(id), "0940", now=settings.now())
    assert "09:40" in (listed := said(run("bookings", id)))
    assert SUBJECT in listed
    assert "contact details left" in listed
    assert PHONE in said(run("contact", id, shown_id(booking.id), "--reason", "改时间"))
    going_on(service.found(id))
    code = codes.code(id, settings.now())
    assert "You: attended." in said(run("attend", shown_id(id), codes.shown(code).lower()))
    assert "was taken down" in said(run("take", id, "楼道灯坏了", "--booking", booking.id, "--phone", PHONE))
    assert "kept" in said(run("bookings", id))
    said(run("guests", id, "3"))
    passed(service.found(id), service.found(id).ends_at)
    said(run("minutes", id, "纪要", "--decision", "下周复查"))
    shown = said(run("show", id, lang="zh"))
    for word in ("已形成纪要", "下周复查", "来宾", "出席", "现场登记事项"):
        assert word in shown


def test_a_call_a_queue_and_a_cancellation_at_the_terminal(run: Run, tmp_path: Path) -> None:
    asked = (
        "call",
        "inspection",
        "视察换热站",
        "--date",
        day_of(),
        "--from",
        "14:30",
        "--to",
        "16:00",
        "--where",
        "三号换热站",
    )
    id = json.loads(said(run(*asked, "--capacity", "1", "--invite", "lin-jianwei", "--invite", "gao-xiulan", "--json")))["id"]
    assert "You: signed_up." in said(run("sign-up", id))
    assert "您：候补。" in said(run("sign-up", id, role="other_deputy", lang="zh"))
    assert "1/1 will come, 1 wait" in " ".join(said(run("list")).split())
    said(run("sign-off", id))
    assert "gao-xiulan" in said(run("show", id))
    assert "/a/" in said(run("display", id))
    said(run("calendar", id, "--output", str(tmp_path / "x.ics")))
    assert (tmp_path / "x.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert "is cancelled" in said(run("cancel", id, "--reason", "大雪"))
    assert "大雪" in said(run("show", id))
    assert said(run("list")).strip() == "Nothing is planned."
    assert "cancelled" in said(run("list", "--year", day_of()[:4]))


@pytest.mark.parametrize("wrong", [("--date", "tomorrow"), ("--from", "nine"), ("--to", "25:00")])
def test_a_time_that_is_none_is_said_before_anything_is_sent(wrong: tuple[str, str], run: Run) -> None:
    asked = {"--date": day_of(), "--from": "09:00", "--to": "10:00"} | dict([wrong])
    result = run("reception", STATION, *(word for pair in asked.items() for word in pair))
    assert result.exit_code == 2
    assert wrong[1] in result.output


def test_no_bookings_is_said(run: Run) -> None:
    assert said(run("bookings", reception(now=settings.now()).id)).strip() == "No time is booked."
