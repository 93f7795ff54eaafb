"""What the workspace says of consultations: forms, states, and each move with what it asks for. Pure."""

from collections.abc import Mapping
from typing import Final

from chalicelib.consultations.model import LONGEST_INTRO, LONGEST_QUOTE, LONGEST_TITLE, LONGEST_WORD
from chalicelib.consultations.questions import LONGEST_DRAFT
from chalicelib.web.moves import REASON, Field, Form
from chalicelib.web.reader import N_

KINDS: Final[Mapping[str, str]] = {"survey": N_("Survey"), "draft": N_("Draft open for comment")}
STATUS: Final[Mapping[str, str]] = {
    "drafted": N_("Draft"),
    "scheduled": N_("Opens by itself"),
    "open": N_("Open"),
    "closed": N_("Closed; the results are not published yet"),
    "published": N_("Published"),
    "withdrawn": N_("Taken back"),
}

_TITLE: Final = Field("title", "line", N_("Title"), most=LONGEST_TITLE)
_INTRO: Final = Field("intro", "text", N_("Introduction"), optional=True, most=LONGEST_INTRO)
_CLOSES: Final = Field("closes_at", "date", N_("Last day on which one can answer"))

NEW: Final[Mapping[str, Form]] = {
    "survey": Form(
        N_("Draft a survey"),
        N_("Nobody is asked before you open it."),
        (
            _TITLE,
            _INTRO,
            Field(
                "questions",
                "text",
                N_("Questions: an empty line between two; below each, what can be chosen, one a line (nothing: free text)"),
                most=LONGEST_DRAFT,
            ),
        ),
    ),
    "draft": Form(
        N_("Put a text up for comment"),
        N_("It is cut into its paragraphs, and each can be commented on. Nobody is asked before you open it."),
        (_TITLE, _INTRO, Field("text", "text", N_("Text"), most=LONGEST_DRAFT)),
    ),
}
FORMS: Final[Mapping[str, Form]] = {
    "open": Form(N_("Open it now"), N_("From now on one may answer, and it is on the public pages."), (_CLOSES,), "main"),
    "schedule": Form(
        N_("Let it open by itself"),
        N_("It opens and closes by itself on these days."),
        (Field("opens_at", "date", N_("First day")), _CLOSES),
    ),
    "publish": Form(
        N_("Publish the results"),
        N_("The counts, what was taken up and your conclusion become public; who asked to be told is told."),
        (Field("text", "text", N_("What comes of it")),),
        "main",
    ),
    "take_up": Form(
        N_("Take a comment up"),
        N_("Say what was done about it. What you quote of it becomes public, word by word; all of it if you quote nothing."),
        (
            Field("answer", "line", N_("Number of the answer"), most=40),
            Field("question", "line", N_("Question"), most=10),
            Field("quote", "text", N_("What is quoted of it"), optional=True, most=LONGEST_QUOTE),
            Field("text", "text", N_("What was done about it"), most=LONGEST_WORD),
        ),
    ),
    "extend": Form(N_("Give more time"), N_("It stays open until then."), (_CLOSES, REASON)),
    "close": Form(N_("Close it"), N_("No answer is taken from now on.")),
    "withdraw": Form(N_("Take it back"), N_("It disappears, and nobody is written to."), (REASON,), "grave"),
}
DONE: Final[Mapping[str, str]] = {
    "new": N_("Drafted. Look at it, then open it."),
    "open": N_("It is open."),
    "schedule": N_("It opens and closes by itself."),
    "publish": N_("Published. Who asked to be told is being told."),
    "take_up": N_("Taken up. It becomes public with the results."),
    "extend": N_("It stays open longer."),
    "close": N_("It is closed."),
    "withdraw": N_("Taken back."),
}
SAID: Final[Mapping[str, str]] = {
    "wrong_time": N_("This day is too early or too far away."),
    "no_comment": N_("This answer says nothing to this question."),
    "not_said": N_("This does not stand in the comment. Quote it word by word."),
    "too_many": N_("These are too many. Say more in the conclusion, or ask less."),
    "wrong_length": N_("A text is empty or too long."),
    "wrong_options": N_("Give two to twenty different answers to choose from, one a line, or none."),
}
