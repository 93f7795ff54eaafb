"""What the workspace says of a suggestion: states, facts, and each move with what it asks for. Pure."""

from collections.abc import Mapping
from typing import Final

from chalicelib.web.moves import REASON, Field, Form
from chalicelib.web.reader import N_

CLASSES: Final[Mapping[str, str]] = {
    "solved": N_("Solved"),
    "in_progress": N_("Being solved"),
    "planned": N_("Planned"),
    "for_reference": N_("Kept for reference"),
    "cannot": N_("Can’t be done"),
}
GRADES: Final[Mapping[str, str]] = {
    "satisfied": N_("satisfied"),
    "basically": N_("basically satisfied"),
    "dissatisfied": N_("dissatisfied"),
}
STATUS: Final[Mapping[str, str]] = {
    "draft": N_("Draft"),
    "submitted": N_("Handed in: waits for screening"),
    "accepted": N_("Accepted: waits for a body"),
    "assigned": N_("A body owes a reply"),
    "replied": N_("Replied: waits for the deputy’s evaluation"),
    "evaluated": N_("Evaluated"),
    "closed": N_("Closed"),
    "merged": N_("Joined to another suggestion"),
    "withdrawn": N_("Withdrawn"),
}

_TITLE: Final = Field("title", "line", N_("What it is called"), most=100)
_TEXT: Final = Field("text", "text", N_("What you suggest, and why"), optional=True, most=8_000)
_BODY: Final = Field("body", "body", N_("The body that answers"))
_JOINT: Final = Field("joint", "bodies", N_("Bodies that answer with it"), optional=True)
_GRADES: Final = tuple(GRADES.items())

DRAFT: Final = Form(
    N_("Draft it"),
    N_("The figures of the demand are taken as they stand now. You can change a draft until you hand it in."),
    (Field("demands", "line", N_("Numbers of the common demands")), _TITLE, _TEXT),
    "main",
)

FORMS: Final[Mapping[str, Form]] = {
    "edit": Form(
        N_("Change the draft"),
        N_("Who has signed already is asked again, for a signature is for a text."),
        (
            _TITLE,
            _TEXT,
            Field("demands", "line", N_("Numbers of the common demands")),
            Field("renew", "check", N_("Take the figures of all demands anew")),
        ),
    ),
    "invite": Form(
        N_("Ask others to sign"),
        N_("They see the draft and are told."),
        (Field("deputies", "deputies", N_("Which deputies")),),
    ),
    "submit": Form(N_("Hand it in"), N_("The manager looks at it. The text can’t be changed any more."), tone="main"),
    "cosign": Form(N_("Sign it"), N_("You stand for the text as it is now."), tone="main"),
    "decline": Form(N_("Don’t sign"), N_("The deputy who leads sees that you do not sign.")),
    "accept": Form(N_("Accept it"), N_("It gets the next number of the year, and everyone can read it."), tone="main"),
    "assign": Form(
        N_("Give it to a body"),
        N_("The time for the reply begins. The bodies and the deputies are told."),
        (_BODY, _JOINT, Field("hard", "check", N_("It is a hard matter: more time"))),
        "main",
    ),
    "extend": Form(N_("Grant the time that was asked for"), N_("The reply falls due later. Everyone can see it."), tone="main"),
    "refuse_extension": Form(N_("Don’t grant it"), N_("The reply stays due as it is. The body is told why."), (REASON,)),
    "reply": Form(
        N_("Reply"),
        N_("Everyone can read it. The deputy says next whether it satisfies."),
        (
            Field("class", "choice", N_("What becomes of it"), choices=tuple(CLASSES.items())),
            Field("text", "text", N_("Reply")),
            Field("reason", "line", N_("Reason, where it can’t be done"), optional=True),
        ),
        "main",
    ),
    "interim": Form(
        N_("Say how it stands"),
        N_("Everyone can read it. The reply is still owed."),
        (Field("text", "text", N_("How it stands")),),
    ),
    "ask_extension": Form(
        N_("Ask for more time"),
        N_("The manager decides. Until then the reply is due as it is."),
        (Field("until", "date", N_("Until the end of this day")), REASON),
    ),
    "evaluate": Form(
        N_("Evaluate the reply"),
        N_("Everyone can see it. Whoever is not satisfied with the result sends it back, once."),
        (
            Field("attitude", "choice", N_("How the body went about it"), choices=_GRADES),
            Field("result", "choice", N_("What came of it"), choices=_GRADES),
            Field("text", "text", N_("In words"), optional=True, most=2_000),
        ),
        "main",
    ),
    "document": Form(
        N_("Put a document on record"),
        N_("Every resident whose message led to it is told."),
        (
            Field("title", "line", N_("Title of the document"), most=200),
            Field("number", "line", N_("Its number"), most=100),
            Field("date", "date", N_("Its date")),
            Field("url", "link", N_("Where it can be read"), optional=True),
        ),
    ),
    "reassign": Form(N_("Give it to other bodies"), N_("The time goes on as it runs."), (_BODY, _JOINT, REASON)),
    "return": Form(N_("Give it back"), N_("It is a draft again, and the deputy reads why."), (REASON,)),
    "merge": Form(
        N_("Join to another suggestion"),
        N_("Its deputies and demands go over to the other one."),
        (Field("into", "line", N_("Number of the other suggestion")), REASON),
    ),
    "hand_over": Form(
        N_("Another deputy leads it"),
        N_("It moves to the other deputy’s list."),
        (Field("deputy", "deputy", N_("Which deputy")), REASON),
    ),
    "close": Form(N_("Close it"), N_("It is dealt with. Documents may still come of it.")),
    "withdraw": Form(N_("Take it back"), N_("It ends here. What it says stays on record."), (REASON,), "grave"),
}

FACTS: Final[Mapping[str, str]] = {
    "drafted": N_("%(who)s drafted it"),
    "edited": N_("%(who)s changed it"),
    "invited": N_("%(who)s asked others to sign: %(deputies)s"),
    "cosigned": N_("%(who)s signed it"),
    "declined": N_("%(who)s does not sign it"),
    "submitted": N_("%(who)s handed it in"),
    "withdrawn": N_("%(who)s took it back"),
    "accepted": N_("%(who)s accepted it as number %(number)s"),
    "returned": N_("%(who)s gave it back"),
    "merged": N_("%(who)s joined it to another suggestion"),
    "absorbed": N_("Another suggestion on the same matter was joined to it"),
    "assigned": N_("%(who)s gave it to %(body)s"),
    "interim_replied": N_("%(who)s reports how it stands"),
    "extension_asked": N_("%(who)s asks for time until %(until)s"),
    "extended": N_("%(who)s gave time until %(until)s"),
    "extension_refused": N_("%(who)s gave no more time"),
    "replied": N_("%(who)s replied: %(class)s"),
    "evaluated": N_("%(who)s evaluated it. Attitude: %(attitude)s; result: %(result)s"),
    "sent_back": N_("It goes back to the body"),
    "breached": N_("The reply is overdue"),
    "documented": N_("%(who)s put a document on record: %(title)s (%(number)s)"),
    "handed_over": N_("%(who)s gave it to deputy %(deputies)s"),
    "closed": N_("%(who)s closed it"),
}
TONES: Final[Mapping[str, str]] = {"replied": "answer", "documented": "answer", "breached": "late"}

DONE: Final[Mapping[str, str]] = {
    "draft": N_("Drafted. Ask others to sign, then hand it in."),
    "edit": N_("Changed."),
    "invite": N_("They are being told."),
    "cosign": N_("Signed."),
    "decline": N_("You do not sign it."),
    "submit": N_("Handed in."),
    "accept": N_("Accepted. Give it to a body next."),
    "assign": N_("The body is being told."),
    "reassign": N_("The body is being told."),
    "extend": N_("Granted."),
    "refuse_extension": N_("Not granted. The body is being told."),
    "reply": N_("Replied. The deputy is being told."),
    "interim": N_("Everyone can read it now."),
    "ask_extension": N_("The manager is being told."),
    "evaluate": N_("Evaluated."),
    "document": N_("On record. Every resident whose message led to it is being told."),
    "return": N_("Given back."),
    "merge": N_("Joined."),
    "hand_over": N_("Handed over."),
    "close": N_("Closed."),
    "withdraw": N_("Taken back."),
}

# What a refusal says at its field, beside what is said everywhere.
SAID: Final[Mapping[str, str]] = {
    "unknown_demand": N_("There is no such common demand that concerns you."),
    "not_confirmed": N_("This common demand is not confirmed yet."),
    "wrong_number": N_("Name one to ten common demands."),
    "asked_already": N_("They have all signed or were asked already."),
    "unknown_deputy": N_("There is no such deputy in office."),
    "same_deputy": N_("This deputy leads it already."),
    "same_suggestion": N_("This is the same suggestion."),
    "named_already": N_("This document stands here already."),
    "future_date": N_("This day has not come yet."),
    "not_later": N_("It is due then or later already. Choose a later day."),
    "overdue": N_("It is overdue: no more time can be given. Reply instead."),
    "too_far": N_("This is too far away."),
}
