"""What Open311 says in words: how a matter stands, told to anyone, and what the attributes ask."""

from collections.abc import Mapping
from typing import Final

from chalicelib.web.reader import N_

NOTES: Final[Mapping[str, str]] = {
    "received": N_("Received; those responsible are being found."),
    "routed": N_("With those responsible, not yet taken up."),
    "acknowledged": N_("Taken up."),
    "in_progress": N_("Being worked on."),
    "waiting": N_("Waits for a reply of the one who wrote."),
    "answered": N_("Answered. Whether it is solved is for the one who wrote to say."),
    "reopened": N_("Not solved, says the one who wrote. It is being worked on again."),
    "resolved": N_("Solved, says the one who wrote."),
    "silence": N_("Closed: after the answer nothing more was heard of the one who wrote."),
    "declined": N_("This can’t be done here; the one who wrote was told where to turn instead."),
    "withdrawn": N_("Taken back by the one who wrote."),
    "merged": N_("Dealt with together with another message about the same matter."),
}
OVERDUE: Final = N_("The promised time has passed. That is on record, and was reported.")
PROMISED: Final = N_("An answer is promised by %(due)s. Follow it, add to it, and say whether it is solved: %(link)s")
TAKEN_BEFORE: Final = N_("This message was received before; it counts once.")
WHERE: Final = N_("The neighbourhood. Needed only where no position and no address tells it.")
CHOICE: Final = N_("Choose one, or none.")
WHOM: Final = N_("The deputy whom it is for. If none is named: the one in charge of the neighbourhood.")
SERVICE: Final = N_("%(path)s: an answer is promised within %(amount)s.")
# The form's fields as Open311 calls them.
FIELDS: Final[Mapping[str, str]] = {
    "text": "description", "grid": "attribute[GRID]", "category": "service_code", "address": "address_string",
    "name": "last_name",
}  # fmt: skip
