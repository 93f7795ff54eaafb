"""What the workspace says of an item of supervision: states, facts, and each move with what it asks for. Pure."""

from collections.abc import Mapping
from typing import Final

from chalicelib.supervision.model import LONGEST_TITLE
from chalicelib.web.moves import REASON, Field, Form
from chalicelib.web.reader import N_

CAUSES: Final[Mapping[str, str]] = {
    "by_hand": N_("Opened by hand"),
    "breach": N_("A promised date was missed and not made good"),
    "dissatisfied": N_("A reply to deputies did not satisfy twice"),
    "breaches": N_("Many residents’ messages on one matter went overdue"),
}
STATUS: Final[Mapping[str, str]] = {
    "opened": N_("Waits for a notice"),
    "noticed": N_("The body has to set it right"),
    "failed": N_("Not set right: the body has to do it again"),
    "rectified": N_("Waits for deputies who look on the spot"),
    "passed": N_("Two deputies passed it"),
    "closed": N_("Closed"),
}
LISTS: Final[Mapping[str, str]] = {
    "due": N_("What bodies have to set right"),
    "opened": N_("What waits for a notice"),
    "verify": N_("What waits for a look on the spot"),
    "passed": N_("What has passed"),
    "all": N_("All"),
}

_BODY: Final = Field("body", "body", N_("Which body has to set it right"))

OPEN: Final = Form(
    N_("Open it"),
    N_("What it is called becomes public once it is overdue: no names, no addresses."),
    (
        Field("title", "line", N_("What it is called"), most=LONGEST_TITLE),
        _BODY,
        Field("text", "text", N_("What is not right")),
        Field("category", "category", N_("Topic"), optional=True),
        Field("of", "line", N_("Number of the message, demand or suggestion that it is about"), optional=True, most=100),
    ),
    "main",
)

FORMS: Final[Mapping[str, Form]] = {
    "notice": Form(
        N_("Give notice"),
        N_("The body is told, and the time for setting it right begins."),
        (_BODY, Field("text", "text", N_("What has to be set right"))),
        "main",
    ),
    "rectify": Form(
        N_("Say what was done"),
        N_("The time stops. Two deputies look on the spot."),
        (Field("text", "text", N_("What was done")),),
        "main",
    ),
    "verify": Form(
        N_("Say what you saw"),
        N_("It takes two deputies to pass it. One who does not pass it sends it back to the body."),
        (
            Field("passes", "choice", N_("Is it set right?"), choices=(("yes", N_("Yes")), ("no", N_("No")))),
            Field("position", "line", N_("Where you stood: latitude and longitude, like 30.006, 123.504"), most=60),
            Field("text", "text", N_("What you saw")),
        ),
        "main",
    ),
    "close": Form(N_("Close it"), N_("It is set right and seen to be so."), tone="main"),
    "drop": Form(
        N_("It is no matter for supervision"), N_("It ends here, and the reason stays on record."), (REASON,), "grave"
    ),
}
WITH_PICTURES: Final = ("rectify", "verify")

FACTS: Final[Mapping[str, str]] = {
    "opened": N_("%(who)s opened it"),
    "noticed": N_("%(who)s gave %(body)s notice, to be set right until %(until)s"),
    "rectified": N_("%(who)s says what was done"),
    "verified": N_("%(who)s looked on the spot: %(passes)s"),
    "passed": N_("Two deputies have passed it"),
    "failed": N_("It is not set right. It begins again, until %(until)s"),
    "breached": N_("Overdue: nothing was shown in time"),
    "closed": N_("%(who)s closed it"),
}
TONES: Final[Mapping[str, str]] = {"passed": "answer", "failed": "late", "breached": "late"}
PASSES: Final[Mapping[bool, str]] = {True: N_("set right"), False: N_("not set right")}

DONE: Final[Mapping[str, str]] = {
    "open": N_("Opened. Give notice next."),
    "notice": N_("The body is being told."),
    "rectify": N_("On record. Deputies look next."),
    "verify": N_("On record."),
    "close": N_("Closed."),
    "drop": N_("Closed."),
}

SAID: Final[Mapping[str, str]] = {
    "no_position": N_("Write latitude and longitude in degrees, like 30.006, 123.504."),
    "no_pictures": N_("Send a picture of the spot first."),
    "file_missing": N_("The picture did not arrive. Send it again."),
    "file_type": N_("This is no picture that can be taken. Send another one."),
    "file_broken": N_("The picture can’t be read. Send another one."),
    "too_many_files": N_("These are too many pictures."),
    "no_promise": N_("The directory says no time for setting right. The manager can add it."),
}
