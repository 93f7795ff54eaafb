"""What the pages of this section say that depends on a code, in English; Chinese in the catalogue. Pure."""

from collections.abc import Mapping
from typing import Final

from chalicelib.web.reader import N_

# The booking form: what has to be put right, beside what any form of contact details says (cases.wording.FAULTS).
FAULTS: Final[Mapping[tuple[str, str], str]] = {
    ("text", "too_long"): N_("Make it shorter: at most 500 characters. You can say the rest when you come."),
    ("name", "too_long"): N_("Make the name shorter: at most 80 characters."),
}
# The booking form: why it is shown once more though nothing is wrong with it.
NOTICES: Final[Mapping[str, str]] = {
    "once_more": N_("Please press “Book” once more. Nothing is lost; this extra step only keeps machines out."),
    "old_form": N_("This page had been open for a long time. Nothing is lost: please press “Book” once more."),
    "taken": N_("This time is taken, or has passed. Choose another one below; what you wrote goes along."),
    "busy": N_("Many people are booking at this moment. Nothing is lost: please press “Book” once more."),
    "network": N_(
        "Too many messages have come from your network in the last hour. "
        "Your text is kept here: please send it again after %(when)s."
    ),
    "day": N_("Too many times of this day were booked from your network. Choose another day, or call the station."),
}
CALLED_OFF: Final = N_("This reception day does not take place, or is over. Below are the others.")

# A booking's own page: how it stands.
STATUS: Final[Mapping[str, tuple[str, str]]] = {
    "booked": (N_("Your time is booked"), N_("You are expected. Nothing needs to be brought but what you want to show.")),
    "kept": (N_("You were there"), N_("Thank you for coming.")),
    "missed": (N_("This time has passed"), N_("Nobody saw you there. You can book another time at any moment.")),
    "cancelled": (N_("You cancelled this booking"), N_("The time is free for someone else. You can book another one.")),
    "called_off": (N_("This reception day does not take place"), N_("We are sorry. Please book another time.")),
}
NO_STATION: Final = (N_("There is no such station"), N_("Choose one from the list of stations."))
NO_DAY: Final = (N_("There is no such time"), N_("Perhaps the day was moved. Look at the station’s page for others."))
NO_BOOKING: Final = (
    N_("This link leads to no booking"),
    N_("Perhaps part of it was lost in copying. Look for the whole link in your favourites or in the message we sent you."),
)
NO_CODE: Final = (N_("There is nothing to be shown here"), N_("Ask the one who called the activity for the present link."))
