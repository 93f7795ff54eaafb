"""Activities on DynamoDB: sign-up, attendance, what the agenda does, what each costs."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.activities import codes, service
from chalicelib.activities.calling import FARTHEST
from chalicelib.errors import Invalid, NotAllowed, NotFound
from chalicelib.files.model import PDF
from chalicelib.people.roles import Actor
from chalicelib.spine import dossiers, journal
from infra.journal import check_all
from tests.support.activities import DAY, MEETING, NINE, STATION, going_on, meeting, passed, reception
from tests.support.calls import counted
from tests.support.files import CONTENTS, sent, stored
from tests.support.wanglan import GAO, HEATING, LIN, NOON, QIAO, TANG

pytestmark = pytest.mark.usefixtures("district")
HOUR = timedelta(hours=1)
READ, RECORD = "GetItem dossiers", "TransactWriteItems"


def facts(id: str) -> list[str]:
    return [entry.type for entry in journal.entries(id)]


# Calling


WRONG: list[tuple[Any, dict[str, Any], str, str]] = [
    (DAY, {"station": "nowhere"}, "station", "unknown_station"),
    (DAY, {"slot_minutes": 4}, "slot_minutes", "wrong_number"),
    (DAY, {"slot_minutes": 121}, "slot_minutes", "wrong_number"),
    (DAY, {"deputies": ("nobody",)}, "deputies", "unknown_deputy"),
    (DAY, {"ends_at": NINE + timedelta(days=1)}, "ends_at", "wrong_time"),
    (DAY, {"capacity": 3}, "capacity", "not_for_receptions"),
    (DAY, {"ends_at": NINE}, "ends_at", "wrong_time"),
    (MEETING, {"title": " "}, "title", "missing"),
    (MEETING, {"title": "长" * 121}, "title", "too_long"),
    (MEETING, {"title": "两\n行"}, "title", "too_long"),
    (MEETING, {"where": ""}, "where", "missing"),
    (MEETING, {"starts_at": NOON}, "starts_at", "wrong_time"),
    (MEETING, {"starts_at": NOON + FARTHEST + HOUR, "ends_at": NOON + FARTHEST + 2 * HOUR}, "starts_at", "wrong_time"),
    (MEETING, {"sign_up_until": NOON}, "sign_up_until", "wrong_time"),
    (MEETING, {"sign_up_until": NINE + 3 * HOUR}, "sign_up_until", "wrong_time"),
    (MEETING, {"slot_minutes": 30}, "slot_minutes", "only_for_receptions"),
    (MEETING, {"capacity": -1}, "capacity", "wrong_number"),
    (MEETING, {"invited": ("lin-jianwei", "nobody")}, "invited", "unknown_deputy"),
]


@pytest.mark.parametrize(("asked", "wrong", "field", "code"), WRONG)
def test_what_can_not_be_called_is_refused_with_the_field_and_why(asked: Any, wrong: Any, field: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        service.call("A1", replace(asked, **wrong), by=LIN, now=NOON)
    assert (refused.value.field, refused.value.code) == (field, code)
    with pytest.raises(NotFound):
        service.found("A1")


def test_a_deputy_who_calls_a_reception_day_receives_there_and_a_manager_names_who_does() -> None:
    assert reception(LIN).deputies == ("lin-jianwei",)
    assert reception(QIAO, deputies=("gao-xiulan", "lin-jianwei", "gao-xiulan")).deputies == ("gao-xiulan", "lin-jianwei")
    with pytest.raises(Invalid) as refused:
        reception(QIAO)
    assert refused.value.field == "deputies"


def test_it_is_for_those_who_are_invited_and_an_id_tells_nobody_else() -> None:
    held_close = meeting(invited=("gao-xiulan",))
    for by in (GAO, QIAO, TANG):
        assert service.loaded(held_close.id, by) == held_close
    for by in (LIN, HEATING, Actor("deputy", "deputy.nobody")):
        with pytest.raises(NotFound):
            service.loaded(held_close.id, by)


# Lists


def test_what_comes_first_stands_first_and_a_year_shows_all_of_it() -> None:
    third, first, second = (meeting(now=NOON + timedelta(days=days)) for days in (9, 0, 4))
    gone = meeting(now=NOON + timedelta(days=1))
    service.cancel(gone.id, "雪", by=QIAO, now=NOON)
    assert [each.id for each in service.coming(LIN, limit=10).items] == [first.id, second.id, third.id]
    of_year = service.of_year(2026, TANG, limit=10)
    assert [each.id for each in of_year.items] == [third.id, second.id, gone.id, first.id]
    assert service.of_year(2025, TANG, limit=10).items == ()


def test_a_list_goes_on_from_its_cursor() -> None:
    made = [meeting(now=NOON + timedelta(days=days)).id for days in range(3)]
    page = service.coming(LIN, limit=2)
    assert page.next is not None
    rest = service.coming(LIN, limit=2, cursor=page.next)
    assert [each.id for each in (*page.items, *rest.items)] == made


def test_lists_of_cases_know_nothing_of_activities() -> None:
    reception()
    assert dossiers.worklist(deputy="lin-jianwei", limit=10)[0] == []


def test_a_station_shows_its_own_days_until_they_are_over() -> None:
    other, later = reception(station="luqi-station"), reception(now=NOON + timedelta(days=7))
    first = reception()
    assert [each.id for each in service.receptions(STATION, NOON)] == [first.id, later.id]
    assert [each.id for each in service.receptions(STATION, first.ends_at)] == [later.id]
    assert [each.id for each in service.receptions("luqi-station", NOON)] == [other.id]


# Attendance


def test_a_code_counts_in_its_minute_and_the_next_and_never_again() -> None:
    going = going_on(meeting())
    code = codes.code(going.id, going.starts_at)
    for late, good in ((0, True), (59, True), (60, True), (119, True), (120, False), (3600, False), (-1, False)):
        assert codes.holds(code, going.id, going.starts_at + timedelta(seconds=late)) is good
    assert not codes.holds(code, "A000000000000", going.starts_at)
    assert codes.holds(codes.shown(code).lower(), going.id, going.starts_at)


def test_who_is_there_is_counted_once_however_often_they_scan() -> None:
    going = going_on(meeting())
    code = codes.code(going.id, going.starts_at)
    for _ in range(3):
        there = service.attend(going.id, code, by=LIN, now=going.starts_at)
    assert there.attended == ("lin-jianwei",)
    assert facts(going.id).count("attended") == 1
    entry = next(entry for entry in journal.entries(going.id) if entry.type == "attended")
    assert (entry.data["deputy"], entry.data["activity_kind"]) == ("lin-jianwei", "meeting")


@pytest.mark.parametrize("code", ["", "00000000", "signed?", "\ud800", "长" * 40])
def test_a_code_that_is_not_shown_counts_nobody(code: str) -> None:
    going = going_on(meeting())
    with pytest.raises(Invalid) as refused:
        service.attend(going.id, code, by=LIN, now=going.starts_at)
    assert refused.value.code == "wrong_code"
    assert service.found(going.id) == going


def test_the_key_of_the_screen_is_of_one_activity_and_ends_with_it() -> None:
    first, second = meeting(), meeting()
    key = service.display_key(first.id, QIAO)
    codes.require_display(key, first.id, first.ends_at)
    for id, now in ((second.id, NOON), (first.id, first.ends_at + 3 * HOUR)):
        with pytest.raises(NotFound):
            codes.require_display(key, id, now)
    for forged in ("", "x", f"9{key}", key + "A", "٣.x"):
        with pytest.raises(NotFound):
            codes.require_display(forged, first.id, NOON)


# The agenda


def test_an_activity_lives_by_itself_from_the_reminder_to_the_end() -> None:
    activity = meeting()
    service.sign_up(activity.id, by=LIN, now=NOON)
    held = passed(activity, activity.ends_at)
    assert (held.status, held.next_duty) == ("held", None)
    assert facts(activity.id) == ["called", "signed_up", "reminded", "opened", "sign_up_closed", "held"]
    assert journal.entries(activity.id)[-1].data == {"signed_up": 1, "bookings": 0, "attended": 0, "guests": 0}
    assert passed(activity, activity.ends_at) == held, "told twice, done once"


def test_what_is_called_for_within_the_hour_is_open_at_once_and_reminds_nobody() -> None:
    soon = replace(MEETING, starts_at=NOON + timedelta(minutes=20), ends_at=NOON + HOUR)
    activity = service.call("A000000000001", soon, by=QIAO, now=NOON)
    assert passed(activity, NOON).status == "open"
    assert "remind" not in activity.timers


def test_minutes_are_kept_and_the_journal_is_sound_and_leads_to_the_same_state() -> None:
    activity = meeting()
    passed(activity, activity.ends_at)
    service.minute(activity.id, "纪要", ["下周复查", "  "], [], by=QIAO, now=activity.ends_at)
    done = service.found(activity.id)
    assert (done.status, done.minutes, done.decisions) == ("minuted", "纪要", ("下周复查",))
    assert check_all([activity.id, reception().id], mend=False) == 0


def test_files_belong_to_the_minutes_and_their_names_are_in_no_journal() -> None:
    activity = meeting()
    passed(activity, activity.ends_at)
    id = sent(CONTENTS[PDF], PDF, "document", "王阿姨反映.pdf")
    (file,) = service.minute(activity.id, "纪要", [], [id], by=QIAO, now=NOON).files
    assert (file.id, file.name, file.type) == (id, "王阿姨反映.pdf", PDF)
    assert stored(file.key) == CONTENTS[PDF]
    entries = journal.entries(activity.id)
    assert (entries[-1].data["files"], "王阿姨" in str(entries)) == ([id], False)


def test_minutes_with_a_file_that_never_came_are_not_kept_and_who_may_not_keeps_no_file() -> None:
    activity = meeting()
    held = passed(activity, activity.ends_at)
    id = sent(CONTENTS[PDF], PDF, "document")
    for by, ids, error in ((QIAO, ["F00000000000"], Invalid), (LIN, [id], NotAllowed)):
        with pytest.raises(error):
            service.minute(activity.id, "纪要", [], ids, by=by, now=NOON)
    assert service.found(activity.id) == held
    with pytest.raises(ClientError):
        stored(f"kept/{activity.id}/{id}")


# What it costs


def test_moves_cost_a_read_and_a_transaction_and_lists_a_query() -> None:
    activity, day = meeting(), reception()
    for deed in (
        lambda: service.sign_up(activity.id, by=LIN, now=NOON),
        lambda: service.sign_off(activity.id, by=LIN, now=NOON),
        lambda: service.cancel(activity.id, "雪", by=QIAO, now=NOON),
    ):
        with counted() as calls:
            deed()
        assert calls == [READ, RECORD]
    for look, index in (
        (lambda: service.coming(LIN, limit=10), "work-by-body"),
        (lambda: service.of_year(2026, LIN, limit=10), "by-shelf"),
        (lambda: service.receptions(day.station, NOON), "work-by-deputy"),
    ):
        with counted() as calls:
            look()
        assert calls == [f"Query dossiers {index}"]
