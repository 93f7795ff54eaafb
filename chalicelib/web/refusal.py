"""A refusal as a page for people: what happened, what they can do, and all that they had typed, ready to be sent again."""

from typing import Final

from chalicelib.errors import Invalid, Refused, TooMany
from chalicelib.web.door import Answer, Request
from chalicelib.web.frame import page
from chalicelib.web.reader import N_

Said = tuple[str, str]  # headline, explanation

NOTHING_HERE: Final = (N_("This page does not exist"), N_("Check that the address was copied whole."))
OUR_FAULT: Final = (
    N_("Something went wrong on our side"),
    N_("Please wait a moment and try once more. If you wrote something, it is kept below."),
)
NOT_READ: Final = (N_("We could not read that"), N_("Go back one page and try once more."))


def refused_page(refused: Refused, request: Request | None, said: Said | None = None, *, private: bool = False) -> Answer:
    """The page for a refusal. ``said`` replaces the usual headline and explanation of its status."""
    headline, explanation = said or _usual(refused)
    kept = _kept(request)
    answer = page(
        request, "refused.html", refused.status, private=private, headline=headline, explanation=explanation, kept=kept
    )
    if isinstance(refused, TooMany):
        answer.headers["Retry-After"] = str(refused.retry_after)
    return answer


def _usual(refused: Refused) -> Said:
    if refused.status >= 500:
        return OUR_FAULT
    return NOTHING_HERE if refused.status == 404 else NOT_READ


def _kept(request: Request | None) -> dict[str, str]:
    """The fields of the form that was posted, to be sent again as they are."""
    if request is None or request.method != "POST":
        return {}
    try:
        return {name: text for name, text in request.form.items() if name != "lang"}
    except Invalid:
        return {}
