"""What the workspace says of notices and of the library: states, groups, and each move with what it asks for. Pure."""

from collections.abc import Mapping
from typing import Final

from chalicelib.bulletin.model import LONGEST_TEXT, LONGEST_TITLE
from chalicelib.web.moves import REASON, Field, Form
from chalicelib.web.reader import N_

STATUS: Final[Mapping[str, str]] = {"published": N_("Published"), "withdrawn": N_("Taken back")}
GROUPS: Final[Mapping[str, str]] = {
    "deputies": N_("All deputies"),
    "officers": N_("All officers"),
    "managers": N_("All managers"),
    "supervisors": N_("All supervisors"),
}
_TITLE: Final = Field("title", "line", N_("Title"), most=LONGEST_TITLE)

PUBLISH: Final = Form(
    N_("Publish"),
    N_("Everyone in the groups is told at once; who has not read it is reminded, and you see who has."),
    (
        _TITLE,
        Field("text", "text", N_("Text"), most=LONGEST_TEXT),
        Field("groups", "many", N_("To whom"), optional=True, choices=tuple(GROUPS.items())),
        Field("bodies", "bodies", N_("The officers of these bodies"), optional=True),
        Field("remind_days", "number", N_("Remind after how many days (0: never)"), optional=True),
        Field("public", "check", N_("Everyone may read it, on the public pages")),
    ),
    "main",
)
ADD: Final = Form(
    N_("Add to the library"),
    N_("Deputies find it in the library. Give a text, or the address of a page."),
    (
        _TITLE,
        Field("topic", "line", N_("Topic"), optional=True, most=60),
        Field("text", "text", N_("Text"), optional=True, most=LONGEST_TEXT),
        Field("url", "link", N_("Address (https://…)"), optional=True),
    ),
    "main",
)
NOTICE_FORMS: Final[Mapping[str, Form]] = {
    "read": Form(N_("I have read it"), N_("Whoever wrote it sees that you have, and you are not reminded."), tone="main"),
    "withdraw": Form(N_("Take it back"), N_("It disappears for everyone it went to."), (REASON,), "grave"),
}
ITEM_FORMS: Final[Mapping[str, Form]] = {
    "complete": Form(N_("I have learned it"), N_("It counts in your file, once."), tone="main"),
    "retire": Form(N_("Take it out"), N_("It leaves the library. What was learned stays counted."), (REASON,), "grave"),
}
DONE: Final[Mapping[str, str]] = {
    "publish": N_("Published. Everyone in its groups is being told."),
    "read": N_("Noted that you have read it."),
    "withdraw": N_("Taken back."),
    "add": N_("Added to the library."),
    "complete": N_("Noted: you have learned it."),
    "retire": N_("Taken out of the library."),
}
SAID: Final[Mapping[str, str]] = {
    "wrong_number": N_("Choose at least one group, at most 20."),
    "wrong_days": N_("Give 1 to 60 days, or 0 for no reminder."),
    "wrong_url": N_("Write a whole address, beginning with https://."),
}
