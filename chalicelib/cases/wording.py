"""What the pages say: every sentence that depends on a code stands in a table here, in English; Chinese in the catalogue.

``%(name)s`` is filled in where the sentence is shown. Pure.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.web.reader import N_

# The form: what has to be put right, by field and code. Says what would be right.
FAULTS: Final[Mapping[tuple[str, str], str]] = {
    ("text", "missing"): N_("Write what it is about. A few words are enough."),
    ("text", "too_long"): N_(
        "Your text is too long. Shorten it to 4,000 characters; you can add more later on your private page."
    ),
    ("text", "too_many_words"): N_("This page can hold no more words of yours. Please write a new message to your deputy."),
    ("grid", "unknown"): N_("This neighbourhood is no longer on the list. Choose another, or “Not sure”."),
    ("address", "too_long"): N_("Make the place shorter: at most 200 characters."),
    ("category", "unknown"): N_("This topic is no longer on the list. Choose another, or “Not sure”."),
    ("phone", "missing"): N_("Write your mobile number, or choose another way to be told."),
    ("phone", "wrong"): N_("This number doesn’t look right. A mobile number has 11 digits, for example 138 0013 8000."),
    ("phone", "landline"): N_(
        "A landline can’t receive text messages. Write a mobile number, or choose another way to be told."
    ),
    ("email", "missing"): N_("Write your e-mail address, or choose another way to be told."),
    ("email", "wrong"): N_("This address doesn’t look right. It should be like name@example.com."),
    ("name", "too_long"): N_("Make the name shorter: at most 80 characters."),
}

# The form: why it is shown once more though nothing is wrong with it.
NOTICES: Final[Mapping[str, str]] = {
    "once_more": N_("Please press “Send” once more. Nothing is lost; this extra step only keeps machines out."),
    "old_form": N_("This page had been open for a long time. Nothing is lost: please press “Send” once more."),
    "another": N_("Your first message has been received. What is written below is different. Send it as a new message?"),
    "busy": N_("Many people are writing at this moment. Nothing is lost: please press “Send” once more."),
    "network": N_(
        "Too many messages have come from your network in the last hour. "
        "Your text is kept here: please send it again after %(when)s."
    ),
    "code": N_(
        "Too many messages have come to this deputy in the last hour. "
        "Your text is kept here: please send it again after %(when)s."
    ),
}

# The tracking page: where the matter stands.
STATUS: Final[Mapping[str, tuple[str, str]]] = {
    "received": (N_("Received"), N_("Your message is here. It is being passed to those responsible.")),
    "triage": (N_("Received"), N_("A person is finding out who is responsible. The clock is already running.")),
    "routed": (N_("Passed on"), N_("It is now with %(body)s. Their first reply comes next.")),
    "acknowledged": (N_("Taken up"), N_("Your message has been read and taken up.")),
    "in_progress": (N_("Being worked on"), N_("%(body)s is working on it.")),
    "waiting": (N_("We have a question for you"), N_("Please reply below. The clock is paused until you do.")),
    "answered": (N_("You have an answer"), N_("Is it really solved? You have the last word.")),
    "solved": (N_("Solved"), N_("You told us that it is solved. Thank you.")),
    "silence": (
        N_("Closed"),
        N_("We did not hear from you again, so it was closed. If it is not solved, open it again below."),
    ),
    "reopened": (N_("Opened again"), N_("You told us that it is not solved. It is being worked on again.")),
    "declined": (N_("This can’t be done here"), N_("Below is the reason, and where you can turn instead.")),
    "withdrawn": (N_("Withdrawn"), N_("You have withdrawn this message. Nobody is working on it any more.")),
    "merged": (
        N_("Joined with others"),
        N_("Others wrote about the same problem. Everyone gets one answer, and you will see it here."),
    ),
}

STAGES: Final = (N_("Received"), N_("Passed on"), N_("Being worked on"), N_("Answered"), N_("Solved"))
STAGE_OF: Final[Mapping[str, int]] = {
    "received": 0, "routed": 1, "acknowledged": 2, "in_progress": 2, "waiting": 2, "reopened": 2, "answered": 3, "resolved": 4,
}  # fmt: skip

STEPS: Final[Mapping[str, str]] = {"acknowledge": N_("First reply"), "answer": N_("Answer")}

# The timeline: facts that the resident sees. A fact that is not named here is not shown.
HAPPENED: Final[Mapping[str, str]] = {
    "received": N_("You wrote"),
    "routed": N_("Passed to %(body)s"),
    "triaged": N_("A person is finding out who is responsible"),
    "acknowledged": N_("%(who)s has taken it up"),
    "handed_on": N_("Handed on to %(body)s"),
    "recategorised": N_("Topic corrected: %(category)s"),
    "asked": N_("%(who)s has a question"),
    "noted": N_("%(who)s reports"),
    "answered": N_("%(who)s answered"),
    "declined": N_("%(who)s: this can’t be done here"),
    "merged": N_("Joined with another message about the same problem"),
    "joined": N_("Another resident’s message about the same problem was joined to yours"),
    "replied": N_("You replied"),
    "added": N_("You added"),
    "confirmed": N_("You confirmed: solved"),
    "reopened": N_("You reported: not solved"),
    "withdrawn": N_("You withdrew the message"),
    "closed_by_silence": N_("Closed, as we did not hear from you again"),
    "breached": N_("Overdue: it was due %(due)s"),
    "escalated_head": N_("The head of %(body)s was told of the delay"),
    "escalated_manager": N_("The manager of the platform was told of the delay"),
    "documented": N_("A document came of what you and others wrote: %(document)s"),
    "contact_erased": N_("Your contact details were erased"),
    "erased": N_("You had your words, photos and contact details erased"),
    "photos_sent": N_("You sent photos: %(photos)s"),
    "photos_kept": N_("Photos that could not be read and were left out: %(refused)s"),
}

SATISFACTION: Final = {
    5: N_("very satisfied"),
    4: N_("satisfied"),
    3: N_("so-so"),
    2: N_("dissatisfied"),
    1: N_("very dissatisfied"),
}

# The tracking page: what the resident has just done.
DONE: Final[Mapping[str, str]] = {
    "reply": N_("Your reply has been sent. The clock is running again."),
    "add": N_("Your addition has been sent."),
    "confirm": N_("Thank you. It is closed as solved."),
    "reopen": N_("It has been opened again. The time for an answer starts afresh."),
    "withdraw": N_("Your message has been withdrawn."),
    "erase": N_("Your words, photos and contact details have been erased."),
    "photos": N_("Your photo has arrived. It is being looked at and shows here in a minute or two."),
}
PHOTOS_FULL: Final = N_("A message can hold four photos. These would be too many.")
CHANGED: Final = N_("Something changed while this page was open. Below is how it stands now; what you wrote is kept.")
WORDS_GONE: Final = N_("(These words have been erased.)")
NOT_A_MATTER: Final = (
    N_("This link leads to no message"),
    N_(
        "Perhaps part of it was lost in copying. "
        "Look for the whole link in the message we sent you, in your favourites or in a screenshot."
    ),
)


def shown_id(id: str) -> str:
    """A case's number as people read it aloud: ``7K3M-9QXA-2B4C``."""
    return "-".join(id[place : place + 4] for place in range(0, len(id), 4))
