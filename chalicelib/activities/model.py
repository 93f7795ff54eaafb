"""An activity of the deputies: a reception day, an inspection, a meeting, a training. Nouns and rules; pure.

It is *called*, and those invited sign up, or residents book the times of a reception day; it is *open* from half an hour before
it begins, and whoever is there is counted; then it is *held*, and with its minutes *minuted*. Attendance is a fact that the
platform makes from a code on the wall, and no one can type it in afterwards.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Literal, get_args
from zoneinfo import ZoneInfo

from chalicelib.activities.slots import Slot, slots
from chalicelib.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.files.model import File
from chalicelib.people.roles import DEPUTY, MANAGER, RESIDENT, SUPERVISOR, SYSTEM, Actor, the_system
from chalicelib.spine.dossier import Dossier, Step, stamp
from chalicelib.spine.lifecycle import Lifecycle, Move

Kind = Literal["reception", "inspection", "meeting", "training"]
KINDS: Final = get_args(Kind)
COMING: Final = "#activities"  # the work list of what is to come and of what waits for its minutes; no body's id can be so
DOORS: Final = timedelta(minutes=30)  # before it begins, attendance is counted already
REMIND_BEFORE: Final = timedelta(hours=24)
MOST_GUESTS: Final = 100_000
MOST_DECISIONS: Final = 50

BEFORE: Final = ("called", "open")
RUN: Final = (DEPUTY, MANAGER)

LIFECYCLE: Final = Lifecycle(
    start="called",
    closed=frozenset({"minuted", "cancelled"}),
    moves=[
        Move("sign_up", "called", "", {DEPUTY}, "signed_up"),
        Move("sign_off", "called", "", {DEPUTY}, "signed_off"),
        Move("take_slot", BEFORE, "", {RESIDENT}, "slot_taken", needs={"slot", "booking"}),
        Move("free_slot", BEFORE, "", {RESIDENT}, "slot_freed", needs={"slot", "booking"}),
        Move("remind", "called", "", {SYSTEM}, "reminded"),
        Move("close_sign_up", BEFORE, "", {SYSTEM}, "sign_up_closed"),
        Move("open", "called", "open", {SYSTEM}, "opened"),
        Move("attend", "open", "", {DEPUTY}, "attended"),
        Move("count_guests", ("open", "held", "minuted"), "", RUN, "guests_counted"),
        Move("take_down", ("open", "held"), "", RUN, "case_taken_down", needs={"case"}),
        Move("hold", "open", "held", {SYSTEM}, "held"),
        Move("minute", ("held", "minuted"), "minuted", RUN, "minuted", needs={"text"}),
        Move("cancel", BEFORE, "cancelled", RUN, "cancelled", needs={"reason"}),
    ],
)  # fmt: skip
# What only who called it, or a manager, may do; and what the deputies who receive may do too.
OF_THE_CALLER: Final = frozenset({"count_guests", "minute", "cancel"})
OF_THE_HOSTS: Final = frozenset({"take_down"})


@dataclass(frozen=True, kw_only=True)
class Activity(Dossier):
    """One activity. ``caller`` is the user who called it; ``invited`` are deputies, none named means all of them.

    At a reception day ``deputies`` receive residents at ``station``, in talks of ``slot_minutes``; ``taken`` says which booking
    has which slot. Elsewhere ``capacity`` (0: no limit) bounds ``signed_up``, and ``waiting`` move up in their order.
    """

    KIND: ClassVar[str] = "activity"
    APART: ClassVar[frozenset[str]] = frozenset({"minutes", "decisions", "files"})

    kind: Kind
    title: str
    where: str = ""
    station: str = ""
    starts_at: datetime
    ends_at: datetime
    sign_up_until: datetime
    sign_up_closed: bool = False
    caller: str = ""
    deputies: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()
    capacity: int = 0
    slot_minutes: int = 0
    taken: dict[str, str] = field(default_factory=dict)
    signed_up: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    attended: tuple[str, ...] = ()
    guests: int = 0
    cases: tuple[str, ...] = ()
    minutes: str = ""
    decisions: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    cancelled_because: str = ""

    @property
    def summary(self) -> str:
        return self.title

    @property
    def place(self) -> str:
        """Lists are sorted by when it begins."""
        return stamp(self.starts_at)

    @property
    def worklists(self) -> tuple[str, str]:
        """On its station's list while residents may come; on the list of all until its minutes are there."""
        at_station = f"activity#{self.station}" if self.station and self.status in BEFORE else ""
        return ("", "") if self.closed_at else (at_station, COMING)

    @property
    def shelf(self) -> tuple[str, str]:
        """All of a year (UTC), whatever became of them."""
        return f"activity#{self.starts_at.year}", f"{stamp(self.starts_at)}#{self.id}"

    def times(self, zone: ZoneInfo) -> tuple[Slot, ...]:
        """The talks that residents can book, taken ones too; none if it is no reception day."""
        return slots(self.starts_at, self.ends_at, self.slot_minutes, zone)

    def free(self, now: datetime, zone: ZoneInfo) -> tuple[Slot, ...]:
        """The talks that can still be booked."""
        if self.status not in BEFORE or self.sign_up_closed or now >= self.sign_up_until:
            return ()
        return tuple(slot for slot in self.times(zone) if slot.key not in self.taken and slot.starts_at > now)

    # Whom it concerns

    def invites(self, deputy: str) -> bool:
        """Whether a deputy is invited, or receives residents there."""
        return bool(deputy) and (deputy in self.deputies or not self.invited or deputy in self.invited)

    def concerns(self, by: Actor) -> bool:
        """Whether someone may see it: who called it, whom it invites, manager and supervisor."""
        return by.role in (MANAGER, SUPERVISOR) or (by.role == DEPUTY and (self.runs(by) or self.invites(by.deputy)))

    def runs(self, by: Actor) -> bool:
        """Whether someone has the say in it: who called it, and every manager."""
        return by.role == MANAGER or (by.role == DEPUTY and by.id == self.caller)

    def hosts(self, by: Actor) -> bool:
        """Whether someone has the say, or receives residents there."""
        return self.runs(by) or (by.role == DEPUTY and bool(by.deputy) and by.deputy in self.deputies)

    def legal_moves(self, by: Actor) -> list[Move]:
        """The moves that this actor may make now."""
        return [move for move in LIFECYCLE.legal(self.status, by.role) if self._allows(move.name, by)]

    def _allows(self, move: str, by: Actor) -> bool:
        if move in OF_THE_CALLER:
            return self.runs(by)
        if move in OF_THE_HOSTS:
            return self.hosts(by)
        if move == "sign_up":
            return self._takes_names and self.invites(by.deputy) and by.deputy not in (*self.signed_up, *self.waiting)
        return move != "sign_off" or by.deputy in (*self.signed_up, *self.waiting)

    @property
    def _takes_names(self) -> bool:
        return not self.sign_up_closed and not self.slot_minutes

    # Moves

    def move(self, name: str, /, *, by: Actor, at: datetime, given: dict[str, Any], **after: Any) -> "Step[Activity]":
        """One move of the lifecycle as a step to be recorded: ``given`` is what it needs and what the journal keeps of it,
        ``after`` what it changes. Raises NotAllowed, IllegalMove, Invalid."""
        move = LIFECYCLE.check(name, self.status, by.role, given)
        if (name in OF_THE_CALLER and not self.runs(by)) or (name in OF_THE_HOSTS and not self.hosts(by)):
            raise NotAllowed(f"'{name}' is done by who called this activity, or by the manager", "not_the_caller")
        status = move.lands(self.status)
        closing = status in LIFECYCLE.closed
        changed = replace(self, status=status, closed_at=(self.closed_at or at) if closing else None, **after)
        return Step(self, replace(changed, timers={} if closing else changed.timers), move.fact, by, at, given)

    def sign_up(self, *, by: Actor, at: datetime) -> "Step[Activity]":
        """A deputy will come; where all places are taken, they wait. Raises Invalid if they are on the list already."""
        self._require_invited(by)
        if by.deputy in (*self.signed_up, *self.waiting):
            raise Invalid("deputy", "You are on the list already", "signed_up_already")
        if not self._takes_names or at >= self.sign_up_until:
            raise IllegalMove(
                "sign_up", "closed to sign-up", (move.name for move in self.legal_moves(by) if move.name != "sign_up")
            )
        full = bool(self.capacity) and len(self.signed_up) >= self.capacity
        given = {"deputy": by.deputy, "waiting": full}
        listed = {"waiting": (*self.waiting, by.deputy)} if full else {"signed_up": (*self.signed_up, by.deputy)}
        return self.move("sign_up", by=by, at=at, given=given, **listed)

    def sign_off(self, *, by: Actor, at: datetime) -> "Step[Activity]":
        """A deputy will not come after all; who waited longest moves up. Raises Invalid if they were not on the list."""
        if by.deputy not in (*self.signed_up, *self.waiting):
            raise Invalid("deputy", "You are not on the list", "not_signed_up")
        signed_up, waiting = _without(self.signed_up, by.deputy), _without(self.waiting, by.deputy)
        up = waiting[:1] if self.capacity and len(signed_up) < self.capacity else ()
        given = {"deputy": by.deputy, "up": "".join(up)}
        return self.move("sign_off", by=by, at=at, given=given, signed_up=(*signed_up, *up), waiting=waiting[len(up) :])

    def attend(self, *, by: Actor, at: datetime) -> "Step[Activity] | None":
        """A deputy is there; None if they were counted before."""
        self._require_invited(by)
        if by.deputy in self.attended:
            return None
        given = {"deputy": by.deputy, "activity_kind": self.kind}
        return self.move("attend", by=by, at=at, given=given, attended=(*self.attended, by.deputy))

    def _require_invited(self, by: Actor) -> None:
        if by.role != DEPUTY or not self.invites(by.deputy):
            raise NotAllowed("You are not among those who are invited", "not_invited")

    def take(self, slot: str, booking: str, *, by: Actor, at: datetime) -> "Step[Activity]":
        """A time is taken. Whether it is free the service has asked."""
        return self.move(
            "take_slot", by=by, at=at, given={"slot": slot, "booking": booking}, taken=self.taken | {slot: booking}
        )

    def free_up(self, slot: str, booking: str, *, by: Actor, at: datetime) -> "Step[Activity]":
        """A time is free again."""
        left = {key: holder for key, holder in self.taken.items() if holder != booking}
        return self.move("free_slot", by=by, at=at, given={"slot": slot, "booking": booking}, taken=left)

    def count_guests(self, number: int, *, by: Actor, at: datetime) -> "Step[Activity]":
        """How many were there beside deputies: by number, nobody is named."""
        if not 0 <= number <= MOST_GUESTS:
            raise Invalid("number", f"{number} guests can't be; give 0 to {MOST_GUESTS:,}", "wrong_number")
        return self.move("count_guests", by=by, at=at, given={"number": number}, guests=number)

    def take_down(self, case: str, booking: str, *, by: Actor, at: datetime) -> "Step[Activity]":
        """What a resident said there became a case."""
        return self.move("take_down", by=by, at=at, given={"case": case, "booking": booking}, cases=(*self.cases, case))

    def minute(
        self, text: str, decisions: tuple[str, ...], files: tuple[File, ...], *, by: Actor, at: datetime
    ) -> "Step[Activity]":
        """What was said and decided. Words and files are kept apart, where people may be named; the
        journal holds their digest."""
        step = self.move("minute", by=by, at=at, given={"text": text}, minutes=text, decisions=decisions, files=files)
        digest = hashlib.sha256("\n".join((text, *decisions)).encode()).hexdigest()
        return replace(step, data={"digest": digest, "decisions": len(decisions), "files": [file.id for file in files]})

    def cancel(self, reason: str, *, by: Actor, at: datetime) -> "Step[Activity]":
        """It does not take place. Whoever signed up or booked is told."""
        return self.move("cancel", by=by, at=at, given={"reason": reason}, cancelled_because=reason)

    # The agenda

    def enforced(self, timer: str, at: datetime) -> "Step[Activity]":
        """One due timer as a step: remind, close_sign_up, open, hold."""
        timers = {name: moment for name, moment in self.timers.items() if name != timer}
        counts = {
            "signed_up": len(self.signed_up),
            "bookings": len(self.taken),
            "attended": len(self.attended),
            "guests": self.guests,
        }
        given = counts if timer in ("remind", "hold") else {}
        closed = {"sign_up_closed": True} if timer == "close_sign_up" else {}
        return self.move(timer, by=the_system("enforce"), at=at, given=given, timers=timers, **closed)


def called(id: str, *, by: Actor, at: datetime, **known: Any) -> "Step[Activity]":
    """The first fact of an activity. At a reception day those who receive are signed up by it."""
    activity = Activity(
        id=id,
        status=LIFECYCLE.start,
        caller=by.id,
        signed_up=known.get("deputies", ()),
        created_at=at,
        updated_at=at,
        **known,
    )
    data = {"activity_kind": activity.kind, "deputies": list(activity.deputies), "invited": list(activity.invited)}
    return Step(None, replace(activity, timers=_timers(activity, at)), "called", by, at, data)


def _timers(activity: Activity, at: datetime) -> dict[str, datetime]:
    timers = {
        "close_sign_up": activity.sign_up_until,
        "open": max(activity.starts_at - DOORS, at),
        "hold": activity.ends_at,
    }
    day_before = activity.starts_at - REMIND_BEFORE
    return timers | ({"remind": day_before} if day_before > at else {})


def _without(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(each for each in names if each != name)
