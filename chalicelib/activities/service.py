"""The verbs of activities: call, sign up, attend, hold, put down in minutes. Bookings have a module of their own.

Staff's verbs raise NotFound (also for what does not concern them), NotAllowed, IllegalMove, Invalid and Conflict.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.activities import calling, codes
from chalicelib.activities.calling import Called
from chalicelib.activities.model import COMING, Activity, called
from chalicelib.directory import service as directory_service
from chalicelib.errors import Invalid, NotAllowed, NotFound
from chalicelib.files import service as files
from chalicelib.people.form import ALPHABET, CASE_ID
from chalicelib.people.roles import Actor
from chalicelib.spine import dossiers, journal
from chalicelib.spine.aws import Write
from chalicelib.spine.chain import Entry
from chalicelib.spine.dossier import Duty, Step

MOST_DAYS: Final = 60  # reception days of one station that its page shows
LONGEST_DECISION: Final = 500


@dataclass(frozen=True)
class Page:
    """One page of activities; ``next`` is the cursor of the page after, or None."""

    items: tuple[Activity, ...]
    next: str | None


def new_id(letter: str, pick: Callable[[str], str] = secrets.choice) -> str:
    """An id: the kind's letter and twelve random characters."""
    return letter + "".join(pick(ALPHABET) for _ in range(CASE_ID))


def zone(now: datetime) -> ZoneInfo:
    """The district's zone: times of day are meant in it."""
    return directory_service.edition(now).calendar_for().zone


# Looking


def found(activity_id: str) -> Activity:
    """An activity, whoever asks. Raises NotFound."""
    return dossiers.load(Activity, activity_id)


def loaded(activity_id: str, by: Actor) -> Activity:
    """An activity, if it concerns this actor. Raises NotFound otherwise: an id tells nothing."""
    activity = found(activity_id)
    if not activity.concerns(by):
        raise NotFound(f"There is no activity {activity_id}")
    return activity


def coming(by: Actor, *, limit: int, cursor: str = "") -> Page:
    """What is to come and concerns this actor, what waits for its minutes first. One query; a page may hold fewer than
    ``limit`` and still have a next."""
    rows, last = dossiers.worklist(body=COMING, limit=limit, cursor=cursor)
    return _page(rows, last, by)


def of_year(year: int, by: Actor, *, limit: int, cursor: str = "") -> Page:
    """All of a year that concern this actor, the latest first, whatever became of them. One query."""
    rows, last = dossiers.shelf(f"activity#{year}", limit=limit, cursor=cursor)
    return _page(rows, last, by)


def _page(rows: Sequence[dossiers.DossierRow], last: str | None, by: Actor) -> Page:
    activities = (dossiers.from_row(Activity, row) for row in rows)
    return Page(tuple(each for each in activities if each.concerns(by)), last)


def receptions(station: str, now: datetime) -> tuple[Activity, ...]:
    """The reception days of a station that are to come or going on, in their order. One query."""
    rows, _ = dossiers.worklist(deputy=f"activity#{station}", limit=MOST_DAYS)
    return tuple(each for each in (dossiers.from_row(Activity, row) for row in rows) if each.ends_at > now)


def timeline(activity: Activity) -> list[Entry]:
    """Everything that happened to it, in order. One query."""
    return journal.entries(activity.id)


def display_key(activity_id: str, by: Actor) -> str:
    """The key of the page that shows the code for attendance: for who runs it. Raises NotAllowed."""
    activity = loaded(activity_id, by)
    if not activity.runs(by):
        raise NotAllowed("The code is shown by who called this activity, or by the manager", "not_the_caller")
    return codes.display_key(activity.id, activity.ends_at)


# Doing


def call(id: str, asked: Called, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Activity:
    """Call an activity. Raises Invalid: which field, and what would be right."""
    directory, asked = directory_service.edition(now), calling.completed(asked, by)
    calling.check(asked, directory, zone(now), now)
    known = asdict(asked) | {"sign_up_until": asked.last_sign_up}
    station = directory.station(asked.station)
    known["where"] = asked.where or (station.address_zh or station.name_zh if station else "")
    return dossiers.record(called(id, by=by, at=now, **known), also=also)


def sign_up(activity_id: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Activity:
    """A deputy will come, or waits for a place."""
    return _moved(activity_id, lambda activity: activity.sign_up(by=by, at=now), by, also)


def sign_off(activity_id: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Activity:
    """A deputy will not come; who waited longest moves up."""
    return _moved(activity_id, lambda activity: activity.sign_off(by=by, at=now), by, also)


def attend(activity_id: str, code: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Activity:
    """A deputy is there: the code on the wall says so. Counted once, however often it is scanned.

    Raises Invalid (``wrong_code``) for a code that is not of this minute or of the one before.
    """
    return dossiers.insist(lambda: _attended(activity_id, code, by, now, also))


def _attended(activity_id: str, code: str, by: Actor, now: datetime, also: Sequence[Write]) -> Activity:
    activity = loaded(activity_id, by)
    step = activity.attend(by=by, at=now)
    if step is None:
        return activity
    if not codes.holds(code, activity.id, now):
        raise Invalid(
            "code", f"'{code}' is not the code that is shown now; it changes every minute: scan it again", "wrong_code"
        )
    return dossiers.record(step, also=also)


def count_guests(activity_id: str, number: int, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Activity:
    """How many were there beside deputies."""
    return _moved(activity_id, lambda activity: activity.count_guests(number, by=by, at=now), by, also)


def minute(
    activity_id: str,
    text: str,
    decisions: Sequence[str],
    file_ids: Sequence[str],
    *,
    by: Actor,
    now: datetime,
    also: Sequence[Write] = (),
) -> Activity:
    """What was said and decided, with the files that belong to it; what is sent later replaces it.

    Raises Invalid also for a file that did not arrive or is not taken (files.service.attach).
    """
    agreed = tuple(decision.strip() for decision in decisions if decision.strip())

    def step(activity: Activity) -> "Step[Activity]":
        activity.minute(text, agreed, (), by=by, at=now)  # whether it may be done at all, before a file is looked at
        return activity.minute(text, agreed, files.attach(file_ids, activity.id, now), by=by, at=now)

    return _moved(activity_id, step, by, also)


def cancel(activity_id: str, reason: str, *, by: Actor, now: datetime, also: Sequence[Write] = ()) -> Activity:
    """It does not take place. Whoever signed up is told; each booking is cancelled, and its resident told, by what follows."""
    return _moved(activity_id, lambda activity: activity.cancel(reason, by=by, at=now), by, also)


def _moved(activity_id: str, step: "Callable[[Activity], Step[Activity]]", by: Actor, also: Sequence[Write]) -> Activity:
    """A move of someone whom it concerns, whoever else signs up at that moment."""
    return dossiers.insist(lambda: dossiers.record(step(loaded(activity_id, by)), also=also))


# The agenda


def enforce(activity: Activity, duty: Duty, now: datetime) -> None:
    """Take one due timer into effect, as one fact."""
    dossiers.record(activity.enforced(duty.what, now))
