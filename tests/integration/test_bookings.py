"""A resident books a talk without an account: once, at a time that nobody else has; is reminded, told, and forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends

from chalicelib.activities import bookings, service, workers
from chalicelib.activities.booking import Booking
from chalicelib.activities.model import Activity
from chalicelib.errors import IllegalMove, Invalid, NotFound
from chalicelib.outreach import activities as outreach_activities
from chalicelib.outreach import workers as outreach
from chalicelib.people import vault
from chalicelib.spine import journal
from chalicelib.spine.aws import REGION
from infra.journal import check_all
from tests.support.activities import SUBJECT, booked, going_on, meeting, passed, reception, wish
from tests.support.calls import counted
from tests.support.casework import EMAIL, NAME, PHONE, paper
from tests.support.wanglan import GAO, LIN, NOON, QIAO

pytestmark = pytest.mark.usefixtures("district")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
READ, RECORD = "GetItem dossiers", "TransactWriteItems"


def facts(of: Activity | Booking) -> list[str]:
    return [entry.type for entry in journal.entries(of.id)]


def tell(of: Activity | Booking, fact: str) -> None:
    """Deliver the notice of the last fact of this type, twice."""
    entry = [entry for entry in journal.entries(of.id) if entry.type == fact][-1]
    for _ in range(2):
        outreach.tell({"dossier": of.id, "seq": entry.seq, "kind": entry.kind, "type": fact}, NOON)


def mails() -> list[Any]:
    return list(ses_backends[ACCOUNT][REGION].sent_messages)


def reached() -> list[str]:
    return sorted(address for mail in mails() for address in mail.destinations["ToAddresses"])


# One time, one booking


def test_a_time_is_booked_and_free_for_nobody_else() -> None:
    day = reception()
    booking = booked(day, "0930")
    assert (booking.status, booking.starts_at, booking.deputies) == ("booked", day.starts_at + HOUR / 2, ("lin-jianwei",))
    assert service.found(day.id).taken == {"0930": booking.id}
    with pytest.raises(Invalid) as refused:
        booked(day, "0930")
    assert refused.value.code == "slot_taken"
    assert vault.unseal(booking.id) is not None


def test_the_same_form_sent_twice_is_one_booking_and_stays_it_when_another_time_is_tried() -> None:
    day, opened = reception(), paper()
    first = booked(day, "0900", opened=opened)
    assert booked(day, "0900", opened=opened) == booked(day, "1000", opened=opened) == first
    assert service.found(day.id).taken == {"0900": first.id}
    assert facts(first) == ["booked"]


def test_who_saw_the_day_before_someone_else_booked_finds_that_time_taken_and_gets_any_other() -> None:
    day = reception()
    booked(day, "0900")
    with pytest.raises(Invalid) as refused:
        bookings.book(wish(day, "0900"), now=NOON, seen=day)
    assert refused.value.code == "slot_taken"
    second = bookings.book(wish(day, "0930"), now=NOON, seen=day)
    assert set(service.found(day.id).taken) == {"0900", "0930"}
    assert second.slot == "0930"


@pytest.mark.parametrize("slot", ["0915", "", "9", "2500", "0900 "])
def test_a_time_that_the_day_does_not_have_is_not_there(slot: str) -> None:
    with pytest.raises(NotFound):
        booked(reception(), slot)


def test_nothing_is_booked_at_a_meeting_or_on_a_day_that_is_cancelled_or_has_begun() -> None:
    with pytest.raises(NotFound):
        booked(meeting())
    day = reception()
    with pytest.raises(Invalid):
        booked(day, "0900", now=day.starts_at)
    assert booked(day, "0930", now=day.starts_at).status == "booked"
    service.cancel(day.id, "雪", by=LIN, now=NOON)
    with pytest.raises(Invalid):
        booked(day, "1000")


def test_who_cancels_frees_the_time_and_is_forgotten_at_once() -> None:
    day = reception()
    booking = booked(day)
    bookings.cancel(booking, now=NOON)
    assert service.found(day.id).taken == {}
    gone = passed(booking, NOON)
    assert (gone.status, gone.subject, gone.sealed) == ("cancelled", "", False)
    assert vault.unseal(booking.id) is None
    assert booked(day).id != booking.id
    for known in (booking, gone):
        with pytest.raises(IllegalMove):
            bookings.cancel(known, now=NOON)


# What the agenda does


def test_a_talk_that_nobody_came_to_is_missed_and_what_was_known_goes_the_day_after() -> None:
    day = reception()
    booking = booked(day)
    missed = passed(booking, booking.ends_at + 13 * HOUR)
    assert (missed.status, missed.subject) == ("missed", SUBJECT)
    gone = passed(booking, booking.ends_at + DAY)
    assert (gone.status, gone.subject, gone.next_duty) == ("missed", "", None)
    assert facts(booking) == ["booked", "reminded", "missed", "contact_erased"]
    assert vault.unseal(booking.id) is None
    assert passed(booking, booking.ends_at + 9 * DAY) == gone


def test_who_came_is_not_missed() -> None:
    day = reception()
    booking = booked(day)
    with pytest.raises(Invalid) as refused:
        bookings.keep(day.id, booking.id, by=LIN, now=NOON)
    assert refused.value.code == "too_early"
    going_on(day)
    bookings.keep(day.id, booking.id, by=LIN, now=day.starts_at)
    assert passed(booking, booking.ends_at + 9 * DAY).status == "kept"


def test_a_cancelled_day_lets_each_booking_go_once_and_frees_no_time() -> None:
    day = reception()
    first, second = booked(day, "0900"), booked(day, "0930")
    bookings.cancel(second, now=NOON)
    service.cancel(day.id, "大雪", by=LIN, now=NOON)
    message = {"kind": "activity", "type": "cancelled", "dossier": day.id}
    for _ in range(2):
        workers.work(message, NOON)
    assert (bookings.found(first.id).because, bookings.found(second.id).because) == ("大雪", "")
    assert facts(first) == ["booked", "cancelled"]
    assert passed(first, first.ends_at + DAY).sealed is False


def test_the_journals_are_sound_and_hold_no_word_of_a_resident() -> None:
    day = reception()
    booking = booked(day)
    passed(booking, booking.ends_at + DAY)
    assert check_all([day.id, booking.id], mend=False) == 0
    told = str([entry for of in (day, booking) for entry in journal.entries(of.id)])
    assert [word for word in (SUBJECT, "302室", NAME, EMAIL, PHONE) if word in told] == []


# Who is told


def test_every_fact_that_is_told_has_words_in_the_languages_of_those_who_read_it() -> None:
    residents = {fact for fact, _ in outreach_activities.TO_RESIDENTS}
    assert set(outreach_activities.TO_RESIDENTS) == {(fact, language) for fact in residents for language in ("zh", "en")}
    assert residents | outreach_activities.TOLD.keys() <= outreach.TOLD_BY_US


@pytest.mark.parametrize(("language", "word"), [("zh", "已预约"), ("en", "Booked")])
def test_who_booked_is_told_by_mail_in_their_language_with_the_link(language: str, word: str) -> None:
    opened = paper()
    tell(booked(reception(), opened=opened, language=language), "booked")
    (mail,) = mails()
    assert (reached(), word in mail.subject) == ([EMAIL], True)
    assert f"/b/{opened.tracking_token}" in mail.body
    assert SUBJECT not in mail.body


def test_the_day_before_they_are_reminded_by_the_way_they_chose() -> None:
    booking = booked(reception(), tell="phone")
    passed(booking, booking.starts_at - DAY)
    tell(booking, "reminded")
    ((number, text),) = sns_backends[ACCOUNT][REGION].sms_messages.values()
    assert number == f"+86{PHONE}"
    assert "11月30日09:00" in text
    assert mails() == []


def test_who_wants_no_word_gets_none() -> None:
    booking = booked(reception(), tell="none")
    tell(booking, "booked")
    assert (mails(), booking.sealed) == ([], False)


def test_a_reminder_that_is_delivered_after_the_talk_began_is_none() -> None:
    booking = booked(reception())
    passed(booking, booking.starts_at)
    tell(booking, "reminded")
    assert mails() == []


def test_a_cancelled_day_is_told_to_those_who_booked_with_the_reason_and_to_those_who_receive() -> None:
    day = reception()
    booking = booked(day)
    service.cancel(day.id, "大雪封路", by=QIAO, now=NOON)
    workers.work({"kind": "activity", "type": "cancelled", "dossier": day.id}, NOON)
    tell(booking, "cancelled")
    tell(day, "cancelled")
    assert reached() == ["lin@wanglan.example.org", EMAIL]
    assert all("大雪封路" in mail.body for mail in mails())
    assert [word for word in (SUBJECT, NAME, PHONE) if word in str([mail.body for mail in mails()])] == []


def test_who_cancels_is_not_told_that_they_did() -> None:
    booking = booked(reception())
    bookings.cancel(booking, now=NOON)
    tell(booking, "cancelled")
    assert mails() == []


def test_those_invited_hear_of_a_call_those_who_come_are_reminded_and_who_moves_up_hears_so() -> None:
    activity = meeting(invited=("lin-jianwei", "gao-xiulan"), capacity=1)
    tell(activity, "called")
    assert reached() == ["gao@wanglan.example.org", "lin@wanglan.example.org"]
    service.sign_up(activity.id, by=LIN, now=NOON)
    service.sign_up(activity.id, by=GAO, now=NOON)
    service.sign_off(activity.id, by=LIN, now=NOON)
    tell(activity, "signed_off")
    passed(activity, activity.starts_at - DAY)
    tell(activity, "reminded")
    assert [reached().count(f"{name}@wanglan.example.org") for name in ("gao", "lin")] == [3, 1]


def test_of_a_sign_off_after_which_nobody_moves_up_nobody_hears() -> None:
    activity = meeting()
    service.sign_up(activity.id, by=LIN, now=NOON)
    service.sign_off(activity.id, by=LIN, now=NOON)
    tell(activity, "signed_off")
    assert mails() == []


# What it costs


def test_a_booking_costs_a_read_and_a_transaction_and_a_look_at_it_a_read() -> None:
    day = reception()
    with counted() as calls:
        booking = booked(day)
    assert calls == [READ, RECORD]
    with counted() as calls:
        bookings.tracked(booking.id, booking.token_hash)
    assert calls == [READ]
    with counted() as calls:
        bookings.cancel(booking, now=NOON)
    assert calls == [READ, RECORD]
