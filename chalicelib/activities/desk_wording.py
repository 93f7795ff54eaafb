"""What the workspace says of activities: kinds, states, and each move with what it asks for. Pure."""

from collections.abc import Mapping
from typing import Final

from chalicelib.activities.calling import LONGEST_PLACE, LONGEST_TITLE
from chalicelib.web.moves import REASON, Field, Form
from chalicelib.web.reader import N_

KINDS: Final[Mapping[str, str]] = {
    "reception": N_("Reception day"),
    "inspection": N_("Inspection"),
    "meeting": N_("Meeting"),
    "training": N_("Training"),
}
STATUS: Final[Mapping[str, str]] = {
    "called": N_("Called"),
    "open": N_("Going on: the doors are open"),
    "held": N_("Held; the minutes are missing"),
    "minuted": N_("Held, with minutes"),
    "cancelled": N_("Cancelled"),
}
BOOKINGS: Final[Mapping[str, str]] = {
    "booked": N_("Booked"),
    "kept": N_("Came"),
    "missed": N_("Did not come"),
    "cancelled": N_("Cancelled"),
}

TITLE: Final = Field("title", "line", N_("What it is, in a line"), most=LONGEST_TITLE)
TIMES: Final = (
    Field("day", "date", N_("Day")),
    Field("begins", "time", N_("From")),
    Field("ends", "time", N_("Until")),
)


def call_forms(stations: tuple[tuple[str, str], ...]) -> Mapping[str, Form]:
    """What can be called: a reception day at one of these stations (id and name), or something else."""
    return {"receive": _receive(stations), "call": _CALL}


def _receive(stations: tuple[tuple[str, str], ...]) -> Form:
    return Form(
        N_("Call a reception day"),
        N_("Residents can book its times on the station’s page at once."),
        (
            Field("station", "choice", N_("Station"), choices=stations),
            *TIMES,
            Field("slot_minutes", "number", N_("Minutes of one talk")),
            Field("deputies", "deputies", N_("Who receives (nobody chosen: you)"), optional=True),
        ),
    )


_CALL: Final = Form(
    N_("Call a meeting, an inspection or a training"),
    N_("Those invited are told, and say whether they will come."),
    (
        Field("kind", "choice", N_("Kind"), choices=tuple((id, name) for id, name in KINDS.items() if id != "reception")),
        TITLE,
        Field("where", "line", N_("Where"), most=LONGEST_PLACE),
        *TIMES,
        Field("capacity", "number", N_("Places (empty: no limit)"), optional=True),
        Field("invited", "deputies", N_("Who is invited (nobody chosen: all deputies)"), optional=True),
    ),
)

FORMS: Final[Mapping[str, Form]] = {
    "attend": Form(
        N_("I am here"),
        N_("You are counted as present by the code on the wall; it changes every minute."),
        (Field("code", "line", N_("Code on the wall"), most=40),),
        "main",
    ),
    "sign_up": Form(N_("I will come"), N_("Where all places are taken, you wait for one."), tone="main"),
    "sign_off": Form(N_("I will not come"), N_("Who waited longest moves up and is told.")),
    "minute": Form(
        N_("Write the minutes"),
        N_("What was said and decided. Sent again, it replaces what was there."),
        (
            Field("text", "text", N_("Minutes"), most=20_000),
            Field("decisions", "text", N_("Decisions, one a line"), optional=True, most=20_000),
        ),
        "main",
    ),
    "count_guests": Form(
        N_("Count the guests"),
        N_("How many were there beside deputies. Nobody is named."),
        (Field("number", "number", N_("Guests")),),
    ),
    "cancel": Form(N_("It does not take place"), N_("Everyone who signed up or booked is told, and why."), (REASON,), "grave"),
}
DONE: Final[Mapping[str, str]] = {
    "call": N_("Called. Those concerned are being told."),
    "attend": N_("You are counted as present."),
    "sign_up": N_("You are on the list."),
    "sign_off": N_("You are off the list."),
    "minute": N_("The minutes are kept."),
    "count_guests": N_("Counted."),
    "cancel": N_("Cancelled. Everyone who signed up or booked is being told."),
    "keep": N_("Noted that the resident came."),
}
SAID: Final[Mapping[str, str]] = {
    "wrong_code": N_("This is not the code that is shown now. It changes every minute: scan it again."),
    "wrong_time": N_("It must lie ahead, and end after it begins."),
    "bad_time": N_("Give a time of day, like 09:30."),
    "wrong_number": N_("This number can’t be. A talk takes 5 to 240 minutes, and at least one must fit in."),
    "signed_up_already": N_("You are on the list already."),
    "not_signed_up": N_("You are not on the list."),
    "unknown_deputy": N_("There is no such deputy in office."),
    "unknown_station": N_("There is no such station in use."),
}
