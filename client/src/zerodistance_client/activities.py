"""Stations and reception days, inspections, meetings: call, sign-up, attendance. As methods of the class."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal
from urllib.parse import quote

from zerodistance_client.activity_records import Activity, ActivityPage, ActivitySummary, Booking, Bookings, Display
from zerodistance_client.calls import Calls
from zerodistance_client.records import Case, Contact, read
from zerodistance_client.wire import Call

PAGE: Final = 25
Kind = Literal["reception", "inspection", "meeting", "training"]


class ActivityCalls(Calls):
    """Each method that changes an activity gives it as it stands then, and raises NotFound also for one that does not
    concern you. Moments must have a time zone."""

    def activities(self, *, year: int = 0, page: int = PAGE) -> Iterator[ActivitySummary]:
        """What is to come and waits for its minutes, in order; or all of a ``year``, the latest first."""
        for each in self.activity_pages(year=year, page=page):
            yield from each.items

    def activity_pages(self, *, year: int = 0, page: int = PAGE) -> Iterator[ActivityPage]:
        """The same, a page at a time; a page may be empty and others follow."""
        cursor = ""
        while True:
            got = self.activity_page(cursor, year=year, page=page)
            yield got
            if not got.next or got.next == cursor:
                return
            cursor = got.next

    def activity_page(self, cursor: str = "", *, year: int = 0, page: int = PAGE) -> ActivityPage:
        """One page of the list: the first, or the one that ``cursor`` (an earlier page's ``next``) leads to."""
        asked: dict[str, str | int] = (
            {"limit": page} | ({"cursor": cursor} if cursor else {}) | ({"year": year} if year else {})
        )
        return self._get(ActivityPage, "/v1/activities", asked)

    def activity(self, id: str) -> Activity:
        """An activity whole: who comes, who was there, what came of it, timeline, and the moves that are legal now."""
        return self._get(Activity, _activity(id))

    def call_activity(
        self, kind: Kind, title: str, where: str, starts_at: datetime, ends_at: datetime, *, key: str = "", **more: Any
    ) -> Activity:
        """Call an inspection, a meeting or a training. ``more`` is invited (deputies' ids; none: all), capacity (0: no limit)
        and sign_up_until (a moment; none: until it begins)."""
        given = {"kind": kind, "title": title, "where": where, **_times(starts_at, ends_at), **_said(more)}
        return self._post(Activity, "/v1/activities", given, key)

    def call_reception(
        self, station: str, starts_at: datetime, ends_at: datetime, slot_minutes: int, *, key: str = "", **more: Any
    ) -> Activity:
        """Call a reception day at a station, in talks of so many minutes. ``more`` is deputies (ids; none: you), title."""
        given = {"kind": "reception", "station": station, "slot_minutes": slot_minutes, **_times(starts_at, ends_at)}
        return self._post(Activity, "/v1/activities", given | _said(more), key)

    def sign_up(self, id: str, *, key: str = "") -> Activity:
        """Say that you will come. Where all places are taken you wait: ``you`` says which."""
        return self._activity_done(id, "sign_up", {}, key)

    def sign_off(self, id: str, *, key: str = "") -> Activity:
        """Say that you will not come; who waited longest moves up."""
        return self._activity_done(id, "sign_off", {}, key)

    def attend(self, id: str, code: str, *, key: str = "") -> Activity:
        """Be counted as there, by the code on the wall. Raises Invalid (wrong_code) when it has changed: take the new one."""
        return self._activity_done(id, "attend", {"code": code}, key)

    def count_guests(self, id: str, number: int, *, key: str = "") -> Activity:
        """How many were there beside deputies."""
        return self._activity_done(id, "guests", {"number": number}, key)

    def keep_minutes(
        self, id: str, text: str, decisions: Sequence[str] = (), files: Sequence[str] = (), *, key: str = ""
    ) -> Activity:
        """What was said and decided; ``files`` are ids that ``upload`` gave. Sent again, it replaces what was there."""
        return self._activity_done(id, "minutes", {"text": text, "decisions": [*decisions], "files": [*files]}, key)

    def cancel_activity(self, id: str, reason: str, *, key: str = "") -> Activity:
        """It does not take place; everyone who signed up or booked is told."""
        return self._activity_done(id, "cancel", {"reason": reason}, key)

    def display(self, id: str) -> str:
        """The address of the page that shows the code for attendance, for a screen in the room."""
        return self._get(Display, f"{_activity(id)}/display").url

    def activity_calendar(self, id: str) -> str:
        """The activity as an iCalendar file."""
        return self._wire.send(Call("GET", f"{_activity(id)}/calendar.ics")).text

    # a reception day's bookings

    def bookings(self, id: str) -> tuple[Booking, ...]:
        """The times that residents booked, and what they want to talk about."""
        return self._get(Bookings, f"{_activity(id)}/bookings").items

    def booking_kept(self, id: str, booking: str, *, key: str = "") -> Booking:
        """Say that the resident came."""
        return self._post(Booking, f"{_activity(id)}/kept", {"booking": booking}, key)

    def booking_contact(self, id: str, booking: str, reason: str, *, key: str = "") -> Contact:
        """How to reach the resident who booked; the look is recorded."""
        return self._post(Contact, f"{_activity(id)}/contact", {"booking": booking, "reason": reason}, key)

    def take_down_there(
        self, id: str, text: str, *, contact: Mapping[str, str] | None = None, key: str = "", **more: str
    ) -> Case:
        """What a resident said there becomes a case. ``more`` is booking, deputy, category, grid, address; ``contact`` as for
        ``take_down``. The answer has the resident's ``tracking_url``."""
        given = {"text": text, **_said(more)} | ({"contact": dict(contact)} if contact else {})
        answer = self._wire.send(Call("POST", f"{_activity(id)}/cases", json=given, key=key))
        link = answer.links.get("related", {}).get("url")
        return read(Case, self._wire.json_of(answer) | ({"tracking_url": link} if link else {}))

    def _activity_done(self, id: str, deed: str, given: Mapping[str, Any], key: str) -> Activity:
        return self._post(Activity, f"{_activity(id)}/{deed}", given, key)


def _activity(id: str) -> str:
    return f"/v1/activities/{quote(id, safe='')}"


def _times(starts_at: datetime, ends_at: datetime) -> dict[str, str]:
    return {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}


def _said(more: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, moments as text."""
    said = {name: value for name, value in more.items() if value}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said.items()}
