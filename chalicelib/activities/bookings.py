"""The verbs of bookings: a resident books a talk without an account, and can cancel it; a deputy says that they came.

One booking for one time: the time is taken on the activity in the same transaction that makes the booking, and who comes second
finds the activity changed. The form carries the booking's id, so that a double tap is one booking.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from hmac import compare_digest
from typing import Any

from chalicelib.activities import service
from chalicelib.activities.booking import LONGEST_SUBJECT, Booking, booked
from chalicelib.activities.model import Activity
from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.directory import service as directory_service
from chalicelib.errors import Invalid, NotAllowed, NotFound
from chalicelib.people import vault
from chalicelib.people.roles import A_RESIDENT, Actor, the_system
from chalicelib.people.vault import Contact
from chalicelib.spine import dossiers
from chalicelib.spine.aws import Write, put
from chalicelib.spine.dossier import Duty, Step


@dataclass(frozen=True)
class Wish:
    """What a resident sent: the time they want, what it is about, and how to reach them, if they say."""

    id: str
    activity: str
    slot: str
    subject: str = ""
    language: str = "zh"
    token_hash: str = ""
    contact: Contact | None = None


def book(wish: Wish, *, now: datetime, also: Sequence[Write] = (), seen: Activity | None = None) -> Booking:
    """Book a time: one read and one transaction; where the caller has just ``seen`` the activity, the transaction alone. The
    same wish again gives the booking that it led to.

    Raises NotFound (no such day or time), Invalid (``slot_taken``: by someone else, or it has begun), Cancelled for ``also``.
    """
    if len(wish.subject) > LONGEST_SUBJECT:
        raise Invalid("subject", f"The text has {len(wish.subject)} characters; {LONGEST_SUBJECT} is the most", "too_long")
    sealed = [put(vault.seal(wish.id, wish.contact))] if wish.contact else []
    fresh = [seen] if seen else []  # good for one try: if someone was faster, it is read again
    return dossiers.insist(lambda: _booked(fresh.pop() if fresh else service.found(wish.activity), wish, now, [*also, *sealed]))


def _booked(activity: Activity, wish: Wish, now: datetime, also: Sequence[Write]) -> Booking:
    zone = service.zone(now)
    if wish.id in activity.taken.values():
        return found(wish.id)
    if wish.slot not in {slot.key for slot in activity.times(zone)}:
        raise NotFound(f"There is no time {wish.slot} on this day")
    slot = next((slot for slot in activity.free(now, zone) if slot.key == wish.slot), None)
    if slot is None:
        raise Invalid("slot", "This time was taken meanwhile, or has passed; choose another", "slot_taken")
    tell = wish.contact.tell if wish.contact else "none"
    erase_after = timedelta(days=directory_service.edition(now).setting("erase_booking_days"))
    known = {"subject": wish.subject, "language": wish.language, "token_hash": wish.token_hash, "tell": tell}
    step = booked(wish.id, activity, slot, at=now, erase_after=erase_after, sealed=wish.contact is not None, **known)
    return _recorded(step, [activity.take(slot.key, wish.id, by=A_RESIDENT, at=now)], also)


def _recorded(first: "Step[Booking]", others: "Sequence[Step[Any]]", also: Sequence[Write] = ()) -> Booking:
    booking: Booking = dossiers.record(first, *others, also=also)
    return booking


def found(booking_id: str) -> Booking:
    """A booking, whoever asks. Raises NotFound."""
    return dossiers.load(Booking, booking_id)


def tracked(booking_id: str, token_hash: str) -> Booking:
    """The booking of a private link. Raises NotFound if the link is not its own."""
    booking = found(booking_id)
    if not compare_digest(booking.token_hash, token_hash):
        raise NotFound("This link leads to no booking. Check that it was copied whole")
    return booking


def cancel(booking: Booking, *, now: datetime) -> Booking:
    """The resident will not come: the time is free for someone else. One read and one transaction.

    Raises IllegalMove for one that is over.
    """
    fresh = [booking]  # good for one try, as above
    return dossiers.insist(lambda: _cancelled(fresh.pop() if fresh else found(booking.id), now))


def _cancelled(booking: Booking, now: datetime) -> Booking:
    step, activity = booking.cancel(by=A_RESIDENT, at=now), service.found(booking.activity)
    if activity.taken.get(booking.slot) != booking.id or not activity.legal_moves(A_RESIDENT):
        return _recorded(step, [])
    return _recorded(step, [activity.free_up(booking.slot, booking.id, by=A_RESIDENT, at=now)])


# Deputies


def of(activity: Activity) -> list[Booking]:
    """The bookings that hold the times of a day, in their order. One read a hundred."""
    held = dossiers.load_many(Booking, list(activity.taken.values())) if activity.taken else []
    return sorted(held, key=lambda booking: booking.starts_at)


def hosted(activity_id: str, by: Actor) -> Activity:
    """An activity, for who receives there or has the say in it. Raises NotFound, NotAllowed."""
    activity = service.loaded(activity_id, by)
    if not activity.hosts(by):
        raise NotAllowed("Bookings are for the deputies who receive on that day, and for who called it", "not_the_host")
    return activity


def _held(activity: Activity, booking_id: str) -> Booking:
    if booking_id not in activity.taken.values():
        raise Invalid("booking", f"'{booking_id}' is no booking of this activity", "unknown_booking")
    return found(booking_id)


def keep(activity_id: str, booking_id: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Booking:
    """The resident came. Raises Invalid (``too_early``) before the doors are open."""
    booking = _held(_begun(hosted(activity_id, by)), booking_id)
    return dossiers.record(booking.keep(by=by, at=now), also=also)


def _begun(activity: Activity) -> Activity:
    if activity.status not in ("open", "held", "minuted"):
        raise Invalid("activity", f"It is {activity.status}: nobody can have come yet", "too_early")
    return activity


def contact(activity_id: str, booking_id: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Contact:
    """Look at how to reach the one who booked: for the deputies who receive. Each look is a fact, recorded first."""
    booking = _held(hosted(activity_id, by), booking_id)
    if not by.deputy or by.deputy not in booking.deputies:
        raise NotAllowed("Contact details are shown to the deputies who receive on that day, to nobody else", "not_the_host")
    if not reason.strip():
        raise Invalid("reason", "Say why you need to reach the resident; it is recorded", "missing")
    dossiers.record(Step(booking, booking, "contact_viewed", by, now, {"reason": reason}), also=also)
    return seen_contact(booking.id)


def seen_contact(booking_id: str) -> Contact:
    """The contact details behind a look that is recorded already. Raises NotFound."""
    details = vault.unseal(booking_id)
    if details is None:
        raise NotFound("The resident left no contact details, or they have been erased", "no_contact")
    return details


def take_down(
    activity_id: str, message: cases.Message, booking_id: str = "", *, by: Actor, now: datetime, also: Sequence[Write] = ()
) -> Case:
    """What a resident says at a reception day becomes a case, with the promises of any other, and is tied to the day (and to
    the booking: then they came). One transaction. A message to no deputy is to the one who takes it down, or else to the
    first who receives there; one to a deputy who does not receive on that day is refused."""
    return dossiers.insist(lambda: _taken_down(activity_id, message, booking_id, by, now, also))


def _taken_down(
    activity_id: str, message: cases.Message, booking_id: str, by: Actor, now: datetime, also: Sequence[Write]
) -> Case:
    activity = hosted(activity_id, by)
    message = replace(message, deputy=message.deputy or _host(activity, by))
    if activity.deputies and message.deputy not in activity.deputies:
        receive = ", ".join(activity.deputies)
        raise Invalid("deputy", f"'{message.deputy}' does not receive on that day; these do: {receive}", "not_the_host")
    tied = [activity.take_down(message.id, booking_id, by=by, at=now)]
    kept = [_held(activity, booking_id).keep(message.id, by=by, at=now)] if booking_id else []
    return cases.submit(message, by=by, now=now, also=also, beside=[*tied, *kept])


def _host(activity: Activity, by: Actor) -> str:
    return by.deputy if by.deputy in activity.deputies or not activity.deputies else activity.deputies[0]


# The platform by itself


def let_go(activity_id: str, now: datetime) -> None:
    """An activity was cancelled: so is each of its bookings, once."""
    activity = service.found(activity_id)
    for booking_id in activity.taken.values() if activity.status == "cancelled" else ():
        dossiers.insist(partial(_let_go, booking_id, activity.cancelled_because, now))


def _let_go(booking_id: str, because: str, now: datetime) -> None:
    booking = found(booking_id)
    if booking.status == "booked":
        dossiers.record(booking.cancel(by=the_system("follow"), at=now, because=because))


def enforce(booking: Booking, duty: Duty, now: datetime) -> None:
    """Take one due timer into effect, as one fact; with the last of them the contact details go."""
    gone = [vault.erase(booking.id)] if duty.what == "erase" else []
    dossiers.record(booking.enforced(duty.what, now), also=gone)
