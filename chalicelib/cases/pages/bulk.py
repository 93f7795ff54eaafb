"""One move made to many cases at once: each its own fact, each allowed or refused by itself, and what came of each is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from chalicelib.cases import service
from chalicelib.cases.desk_wording import BULK_FIELDS, FORMS
from chalicelib.cases.model import Case
from chalicelib.cases.pages import routes
from chalicelib.cases.wording import shown_id
from chalicelib.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound, Refused
from chalicelib.people import form, guard
from chalicelib.people.guard import Remembered
from chalicelib.people.roles import DEPUTY, MANAGER, OFFICER, Role
from chalicelib.spine.aws import Cancelled
from chalicelib.web.desk import desk, page
from chalicelib.web.door import Answer, Request
from chalicelib.web.moves import Form, asked
from chalicelib.web.reader import N_

MOST: Final = 50

# What may be done to many at once, and by whom.
BULK: Final[Mapping[str, frozenset[Role]]] = {
    "acknowledge": frozenset({DEPUTY, OFFICER}),
    "assign": frozenset({DEPUTY, OFFICER, MANAGER}),
    "recategorise": frozenset({DEPUTY, MANAGER}),
    "note": frozenset({DEPUTY, OFFICER}),
}


def offered(role: Role) -> dict[str, Form]:
    """The moves that someone of this role may make to many at once."""
    return {move: FORMS[move] for move, roles in BULK.items() if role in roles}


@dataclass(frozen=True)
class Outcome:
    """What came of one case: done, or why not."""

    number: str
    done: bool
    why: str = ""


@desk(routes, "POST /work/bulk")
def move_many(request: Request) -> Answer:
    """One move to each of the cases that were ticked. Raises Invalid where nothing was ticked, or too many."""
    sent = {name: text.strip() for name, text in request.form.items()}
    move, ids = sent.get("move", ""), list(dict.fromkeys(form.plain(id) for id in sent.get("cases", "").split(",") if id))
    if move not in offered(request.actor.role):
        raise Invalid("move", f"'{move}' can't be done to many at once")
    if not 1 <= len(ids) <= MOST:
        raise Invalid("cases", f"Tick from 1 to {MOST} messages; {len(ids)} were ticked", "none_ticked")
    given = asked(Form(FORMS[move].button, "", BULK_FIELDS[move]), sent)
    outcomes = [_outcome(request, move, id, given) for id in ids]
    return page(request, "work_bulk.html", outcomes=outcomes, form=FORMS[move])


def _outcome(request: Request, move: str, id: str, given: Mapping[str, Any]) -> Outcome:
    try:
        _once(request, id, partial(_ACTS[move], id, given))
    except (NotFound, NotAllowed, IllegalMove, Invalid, Conflict) as refused:
        return Outcome(shown_id(id), False, WHY.get(type(refused), N_("It could not be done.")))
    return Outcome(shown_id(id), True)


def _once(request: Request, id: str, act: Callable[..., Case]) -> None:
    """A page that is sent twice does nothing twice: the key of the form holds for each of its cases."""
    key = f"{request.key}#{id}"[:128]
    done = guard.remember(request.actor.id, key, Remembered(id, 0, request.digest), request.now)
    try:
        act(by=request.actor, now=request.now, also=[done])
    except (Refused, Cancelled):
        if guard.recall(request.actor.id, key, request.digest, request.now) is None:
            raise


_ACTS: Final[Mapping[str, Callable[..., Case]]] = {
    "acknowledge": lambda case, _, **who: service.move("acknowledge", case, **who),
    "note": lambda case, given, **who: service.move("note", case, **who, text=given["text"], public=False),
    "assign": lambda case, given, **who: service.assign(case, given["body"], given["reason"], **who),
    "recategorise": lambda case, given, **who: service.recategorise(case, given["category"], given["reason"], **who),
}

WHY: Final[Mapping[type[Refused], str]] = {
    NotFound: N_("It is not yours (any more)."),
    NotAllowed: N_("This needs the manager."),
    IllegalMove: N_("In its state this can’t be done."),
    Invalid: N_("Something is missing or wrong."),
    Conflict: N_("Someone else was faster."),
}
