"""What the workspace says of a common demand: states, facts, and each move with what it asks for. Pure."""

from collections.abc import Mapping
from typing import Final

from chalicelib.web.moves import REASON, Field, Form
from chalicelib.web.reader import N_

STATUS: Final[Mapping[str, str]] = {
    "proposed": N_("Found by the platform; please look"),
    "confirmed": N_("Confirmed"),
    "taken_up": N_("A deputy leads"),
    "answered": N_("Answered"),
    "resolved": N_("Solved"),
    "reopened": N_("Not solved, residents say"),
    "dismissed": N_("Dismissed"),
    "merged": N_("Joined to another demand"),
}

_NAME: Final = Field("name", "line", N_("What it is called"))
_CASES: Final = Field("cases", "text", N_("Numbers of the messages, one a line"))

FORMS: Final[Mapping[str, Form]] = {
    "confirm": Form(N_("Yes, one matter"), N_("It gets a name and a public page, without anybody’s name."), (_NAME,), "main"),
    "take_up": Form(N_("Lead it"), N_("You speak for everyone in it. Bodies and deputies concerned are told."), tone="main"),
    "answer": Form(
        N_("One answer for all"),
        N_("Every open message in it is answered, and each resident is told once."),
        (Field("text", "text", N_("Answer to the residents")),),
        "main",
    ),
    "promise": Form(
        N_("Promise a date"),
        N_("Everyone in it is told, and the public page shows it."),
        (Field("until", "date", N_("Done by")), Field("text", "text", N_("What will be done"))),
    ),
    "resolve": Form(
        N_("It is done"),
        N_("Every open message in it is answered. Who disagrees opens theirs again, and it shows here."),
        (Field("text", "text", N_("What was done")),),
    ),
    "support": Form(N_("Join in"), N_("You work on it together with the deputy who leads.")),
    "assign": Form(
        N_("Give it to a body"),
        N_("Every open message in it goes there."),
        (Field("body", "body", N_("To which body")), REASON),
    ),
    "rename": Form(N_("Call it otherwise"), N_("The public page shows the new name."), (_NAME,)),
    "merge": Form(
        N_("Join to another demand"),
        N_("Its messages follow, and what comes later does too."),
        (Field("into", "line", N_("Number of the other demand")), REASON),
    ),
    "split": Form(
        N_("Some are another matter"),
        N_("They become a demand of their own, and the two stay apart."),
        (_CASES, Field("name", "line", N_("What the new one is called"))),
    ),
    "take_out": Form(
        N_("One does not belong here"),
        N_("It is taken out, and the platform does not put it back."),
        (Field("case", "line", N_("Number of the message")), REASON),
    ),
    "dismiss": Form(N_("No, not one matter"), N_("The same proposal does not come back."), (REASON,), "grave"),
}

FACTS: Final[Mapping[str, str]] = {
    "proposed": N_("The platform found it"),
    "put_together": N_("%(who)s put it together"),
    "grew": N_("More messages joined: %(people)s people now"),
    "confirmed": N_("%(who)s confirmed it: %(name)s"),
    "renamed": N_("%(who)s called it: %(name)s"),
    "dismissed": N_("%(who)s dismissed it"),
    "taken_up": N_("%(who)s leads it"),
    "supported": N_("%(who)s joined in"),
    "assigned": N_("%(who)s gave it to %(body)s"),
    "promised": N_("%(who)s promised it by %(until)s"),
    "answered": N_("%(who)s answered everyone"),
    "resolved": N_("%(who)s says it is done"),
    "reopened": N_("A resident says: not solved"),
    "merged": N_("%(who)s joined it to another demand"),
    "split": N_("%(who)s took some out as another matter"),
    "taken_out": N_("%(who)s took a message out"),
    "not_reached": N_("One message could not be reached by this: please see to it"),
    "documented": N_("It led to a document"),
}

DONE: Final[Mapping[str, str]] = {
    "confirm": N_("Confirmed. It has a public page now."),
    "take_up": N_("You lead it now."),
    "answer": N_("Everyone in it is being told."),
    "promise": N_("Everyone in it is being told."),
    "resolve": N_("Everyone in it is being told."),
    "support": N_("You are in."),
    "assign": N_("Its messages are on their way there."),
    "rename": N_("Renamed."),
    "merge": N_("Joined."),
    "split": N_("Split. This is the new one."),
    "take_out": N_("Taken out."),
    "dismiss": N_("Dismissed. The same proposal does not come back."),
}
