"""What the workspace says of a case: states, facts, and each move with what it asks for and what follows from it. Pure."""

from collections.abc import Mapping
from typing import Final

from chalicelib.cases.wording import HAPPENED
from chalicelib.web.moves import REASON, Field, Form
from chalicelib.web.reader import N_

# In the order in which they are offered. A move that is not legal now is not shown.
FORMS: Final[Mapping[str, Form]] = {
    "acknowledge": Form(
        N_("Take it up"), N_("The resident sees that someone has read it. The promise of a first reply is kept."), tone="main"
    ),
    "answer": Form(
        N_("Answer"),
        N_("The resident is told at once, and has the last word: solved or not."),
        (Field("text", "text", N_("Answer to the resident")),),
        tone="main",
    ),
    "ask": Form(
        N_("Ask the resident"),
        N_("The clock stands still until they have replied."),
        (Field("text", "text", N_("Question to the resident")),),
    ),
    "note": Form(
        N_("Note progress"),
        N_("It becomes part of the history; the resident sees it only if you say so."),
        (Field("text", "text", N_("What was done")), Field("public", "check", N_("Tell the resident"))),
    ),
    "assign": Form(
        N_("Hand on"),
        N_("The other body sees it at once. The promise to the resident runs on unchanged."),
        (Field("body", "body", N_("To which body")), REASON),
    ),
    "recategorise": Form(
        N_("Correct the topic"),
        N_("The promise of the right topic applies, counted from the day the message came."),
        (Field("category", "category", N_("Topic")), REASON),
    ),
    "merge": Form(
        N_("Join to another message"),
        N_("Both writers get the same answer."),
        (Field("into", "line", N_("Number of the other message")), REASON),
    ),
    "decline": Form(
        N_("Can’t be done here"),
        N_("The matter is closed. The resident is told why, and where to turn instead."),
        (Field("reason", "text", N_("Why not")), Field("instead", "text", N_("Where to turn instead"))),
        tone="grave",
    ),
}

# What a move asks for when it is made to many at once.
BULK_FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {
    "acknowledge": (),
    "note": (Field("text", "text", N_("What was done")),),
    "assign": FORMS["assign"].fields,
    "recategorise": FORMS["recategorise"].fields,
}

STATUS: Final[Mapping[str, str]] = {
    "received": N_("Nobody is responsible yet"),
    "routed": N_("Not yet taken up"),
    "acknowledged": N_("Taken up"),
    "in_progress": N_("Being worked on"),
    "waiting": N_("Waiting for the resident"),
    "answered": N_("Answered; the resident has the last word"),
    "resolved": N_("Solved"),
    "reopened": N_("Not solved, the resident says"),
    "declined": N_("Declined"),
    "withdrawn": N_("Withdrawn by the resident"),
    "merged": N_("Joined to another message"),
}

URGENCY: Final[Mapping[str, str]] = {"danger": N_("Danger"), "urgent": N_("Urgent"), "normal": ""}

# Every fact that people at work may see; what the resident sees in the second person is said in the third here.
FACTS: Final[Mapping[str, str]] = {
    **HAPPENED,
    "received": N_("The resident wrote"),
    "joined": N_("Another message about the same problem was joined"),
    "replied": N_("The resident replied"),
    "added": N_("The resident added"),
    "confirmed": N_("The resident says: solved"),
    "reopened": N_("The resident says: not solved"),
    "withdrawn": N_("The resident withdrew the message"),
    "closed_by_silence": N_("Closed, as the resident was not heard of again"),
    "photos_sent": N_("The resident sent photos: %(photos)s"),
    "contact_erased": N_("The contact details were erased"),
    "erased": N_("The resident had words, photos and contact details erased"),
    "contact_viewed": N_("%(who)s looked at the contact details"),
    "grouped": N_("Put together with others: one matter of many"),
    "ungrouped": N_("Taken out of the matter of many"),
    "reminded": N_("A reminder went out"),
    "told": N_("The resident was told"),
    "not_told": N_("The resident could not be told"),
    "bounced": N_("A message to the resident came back"),
}

DONE: Final[Mapping[str, str]] = {
    "acknowledge": N_("Taken up. The resident can see it."),
    "answer": N_("Answered. The resident is being told."),
    "ask": N_("Asked. The clock stands still until the resident replies."),
    "note": N_("Noted."),
    "assign": N_("Handed on."),
    "recategorise": N_("The topic is corrected."),
    "merge": N_("Joined."),
    "decline": N_("Declined. The resident is being told."),
}
