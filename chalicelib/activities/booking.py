"""A resident's talk at a reception day, booked without an account. Nouns and rules; pure.

What they want to talk about, and how to reach them, are kept until the day after: then both are erased, and what is left says
only that a time was booked and whether someone came. What they said there lives on as a case of its own.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from chalicelib.activities.model import Activity
from chalicelib.activities.slots import Slot
from chalicelib.people.roles import A_RESIDENT, DEPUTY, MANAGER, RESIDENT, SYSTEM, Actor, the_system
from chalicelib.spine.dossier import Dossier, Step
from chalicelib.spine.lifecycle import Lifecycle, Move

LONGEST_SUBJECT: Final = 500
REMIND_BEFORE: Final = timedelta(hours=24)
MISSED_AFTER: Final = timedelta(hours=12)  # after the talk's end: until then a deputy can say that the resident came

LIFECYCLE: Final = Lifecycle(
    start="booked",
    closed=frozenset({"kept", "missed", "cancelled"}),
    moves=[
        Move("remind", "booked", "", {SYSTEM}, "reminded"),
        Move("cancel", "booked", "cancelled", {RESIDENT, SYSTEM}, "cancelled"),
        Move("keep", ("booked", "missed"), "kept", {DEPUTY, MANAGER}, "kept"),
        Move("miss", "booked", "missed", {SYSTEM}, "missed"),
    ],
)


@dataclass(frozen=True, kw_only=True)
class Booking(Dossier):
    """One talk. ``subject`` is the resident's own word; ``sealed`` says that contact details lie in the vault."""

    KIND: ClassVar[str] = "booking"
    APART: ClassVar[frozenset[str]] = frozenset({"subject"})

    activity: str
    station: str
    slot: str
    starts_at: datetime
    ends_at: datetime
    deputies: tuple[str, ...] = ()
    subject: str = ""
    language: str = "zh"
    token_hash: str = ""
    tell: str = "none"
    sealed: bool = False
    cases: tuple[str, ...] = ()
    because: str = ""  # why a cancelled activity was cancelled

    def move(self, name: str, /, *, by: Actor, at: datetime, given: dict[str, Any], **after: Any) -> "Step[Booking]":
        """One move of the lifecycle as a step to be recorded. Raises NotAllowed, IllegalMove, Invalid."""
        move = LIFECYCLE.check(name, self.status, by.role, given)
        changed = replace(self, status=move.lands(self.status), **after)
        closing = changed.status in LIFECYCLE.closed
        timers = {timer: at for timer, at in changed.timers.items() if timer == "erase" or not closing}
        return Step(self, replace(changed, timers=timers, closed_at=at if closing else None), move.fact, by, at, given)

    def cancel(self, *, by: Actor, at: datetime, because: str = "") -> "Step[Booking]":
        """By the resident: then nobody needs to reach them any more. Or with its activity (``because``): they are told."""
        erase = at if by.role == RESIDENT else self.timers.get("erase", at)
        given = {"because": because} if because else {}
        return self.move("cancel", by=by, at=at, given=given, because=because, timers={"erase": erase})

    def keep(self, case: str = "", *, by: Actor, at: datetime) -> "Step[Booking]":
        """The resident came; what they said may have become a case."""
        cases = (*self.cases, case) if case else self.cases
        if self.status == "kept":  # one talk may become several cases
            return Step(self, replace(self, cases=cases), "case_taken_down", by, at, {"case": case})
        return self.move("keep", by=by, at=at, given={"case": case} if case else {}, cases=cases)

    def enforced(self, timer: str, at: datetime) -> "Step[Booking]":
        """One due timer as a step: remind, miss, or erase."""
        left = {name: moment for name, moment in self.timers.items() if name != timer}
        by = the_system("enforce")
        if timer == "erase":
            after = replace(self, timers=left, subject="", tell="none", sealed=False)
            return Step(self, after, "contact_erased", by, at)
        return self.move(timer, by=by, at=at, given={}, timers=left)


def booked(id: str, activity: Activity, slot: Slot, *, at: datetime, erase_after: timedelta, **known: Any) -> "Step[Booking]":
    """The first fact of a booking. Its journal holds the time and the place, and no word of who comes."""
    booking = Booking(
        id=id,
        status=LIFECYCLE.start,
        activity=activity.id,
        station=activity.station,
        slot=slot.key,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        deputies=activity.deputies,
        created_at=at,
        updated_at=at,
        **known,
    )
    timers = {"miss": slot.ends_at + MISSED_AFTER, "erase": slot.ends_at + erase_after}
    if booking.tell != "none" and slot.starts_at - REMIND_BEFORE > at:
        timers["remind"] = slot.starts_at - REMIND_BEFORE
    data = {"activity": activity.id, "station": activity.station, "slot": slot.key}
    return Step(None, replace(booking, timers=timers), "booked", A_RESIDENT, at, data)
