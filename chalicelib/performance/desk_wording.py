"""What the workspace says of a performance record: states, facts, and each move with what it asks for. Pure."""

from collections.abc import Mapping
from typing import Final

from chalicelib.performance.model import LONGEST_PLACE, LONGEST_TEXT, LONGEST_TITLE
from chalicelib.web.moves import REASON, Field, Form
from chalicelib.web.reader import N_

STATUS: Final[Mapping[str, str]] = {
    "draft": N_("Draft"),
    "submitted": N_("Waits for review"),
    "returned": N_("Came back"),
    "appealed": N_("Appeal: waits for a decision"),
    "approved": N_("Counts"),
    "made": N_("Counts; made by the platform"),
    "upheld": N_("Does not count"),
    "discarded": N_("Thrown away"),
}

KIND: Final = Field("kind", "choice", N_("Kind"))  # its choices are the directory's
_WRITTEN: Final = (
    KIND,
    Field("day", "date", N_("On which day")),
    Field("title", "line", N_("What was done, in a line"), most=LONGEST_TITLE),
    Field("place", "line", N_("Where"), optional=True, most=LONGEST_PLACE),
    Field("text", "text", N_("More of it"), optional=True, most=LONGEST_TEXT),
    Field("show", "check", N_("Show it on my public page, once it counts")),
)

DRAFT: Final = Form(
    N_("Write it down"),
    N_("Nobody reviews a draft until you send it in. Write nothing that names a resident."),
    (*_WRITTEN, Field("submit", "check", N_("Send it to review at once"))),
    "main",
)

FORMS: Final[Mapping[str, Form]] = {
    "approve": Form(N_("Approve it"), N_("It counts from now on, with the points of its kind."), tone="main"),
    "return": Form(N_("Give it back"), N_("The deputy reads why, and may write it anew or appeal."), (REASON,)),
    "overturn": Form(N_("The appeal is right"), N_("The record counts from now on."), (REASON,), "main"),
    "uphold": Form(N_("The return stands"), N_("The record does not count. This is the last word."), (REASON,)),
    "submit": Form(N_("Send it to review"), N_("The manager looks at it."), tone="main"),
    "revise": Form(N_("Write it anew"), N_("Send it to review afterwards."), _WRITTEN),
    "appeal": Form(N_("Appeal"), N_("Someone else than who gave it back decides."), (REASON,)),
    "show": Form(N_("Show it on my public page"), N_("Once it counts, everyone can read its line and place.")),
    "hide": Form(N_("Take it off my public page"), N_("Its words are not shown there any more.")),
    "discard": Form(N_("Throw it away"), N_("It leaves your file."), tone="grave"),
}

FACTS: Final[Mapping[str, str]] = {
    "drafted": N_("%(who)s wrote it down"),
    "revised": N_("%(who)s wrote it anew"),
    "submitted": N_("%(who)s sent it to review"),
    "discarded": N_("%(who)s threw it away"),
    "approved": N_("%(who)s approved it: %(points)s points"),
    "returned": N_("%(who)s gave it back"),
    "appealed": N_("%(who)s appeals"),
    "upheld": N_("%(who)s: the return stands"),
    "overturned": N_("%(who)s: the appeal is right, %(points)s points"),
    "made": N_("The platform made it: %(points)s points"),
    "shown": N_("%(who)s shows it in public"),
    "hidden": N_("%(who)s does not show it in public"),
}
TONES: Final[Mapping[str, str]] = {"approved": "answer", "overturned": "answer", "returned": "late", "upheld": "late"}

DONE: Final[Mapping[str, str]] = {
    "draft": N_("Written down."),
    "approve": N_("Approved."),
    "return": N_("Given back."),
    "overturn": N_("Decided."),
    "uphold": N_("Decided."),
    "submit": N_("Sent to review."),
    "revise": N_("Changed."),
    "appeal": N_("Someone else decides now."),
    "show": N_("It shows on your public page once it counts."),
    "hide": N_("It does not show on your public page."),
    "discard": N_("Thrown away."),
}

SAID: Final[Mapping[str, str]] = {
    "impossible_date": N_("This day has not come yet, or is too long ago."),
    "unknown_kind": N_("There is no such kind (any more)."),
    "made_by_system": N_("The platform makes such records by itself."),
}
FORMATS: Final[Mapping[str, str]] = {
    "pdf": N_("PDF, to print"),
    "xlsx": N_("Excel"),
    "csv": N_("CSV"),
    "json": N_("JSON, to keep: it can be verified"),
}
