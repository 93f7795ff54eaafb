"""Errors for the one who meets them: what was wrong, and what to do next. And the exit codes.

0 done · 1 refused by the server · 2 wrong use · 3 not signed in · 4 no connection, or no usable answer
"""

import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from zerodistance_client import errors
from zerodistance_client.command.around import Around
from zerodistance_client.errors import ZeroDistanceError

REFUSED: Final = 1
NOT_SIGNED_IN: Final = 3
NO_CONNECTION: Final = 4


def exit_code(error: ZeroDistanceError) -> int:
    """The command's exit code after this error."""
    if isinstance(error, errors.SignInNeeded):
        return NOT_SIGNED_IN
    if isinstance(error, errors.NoConnection | errors.BadAnswer | errors.ServerFailed):
        return NO_CONNECTION
    return REFUSED


def complain(error: ZeroDistanceError, here: Around) -> int:
    """Print an error to standard error, as JSON where JSON was asked for. Returns the exit code."""
    if here.as_json:
        print(json.dumps(_document(error), ensure_ascii=True), file=sys.stderr)
        return exit_code(error)
    from rich.console import Console

    from zerodistance_client.command.display import plain

    screen = Console(stderr=True, highlight=False)
    screen.print(here.words("error", detail=plain(str(error))), style="red", markup=False, soft_wrap=True)
    for line in (*next_steps(error, here), *getattr(error, "__notes__", ())):
        screen.print(plain(line), markup=False, soft_wrap=True)
    return exit_code(error)


def next_steps(error: ZeroDistanceError, here: Around) -> Iterator[str]:
    """What the person can do about it, a line each."""
    words = here.words
    match error:
        case errors.NoConnection():
            yield words("maybe_received" if error.maybe_received else "check_address")
        case errors.SignInNeeded():
            yield words("do_login")
        case errors.WrongCredentials():
            yield words("check_password")
        case errors.IllegalMove():
            yield _moves(error, here)
        case errors.Invalid():
            yield from _faults(error, here)
        case errors.NotFound():
            yield words("check_id")
        case errors.Conflict():
            yield words("look_again")
        case errors.TooMany() if error.retry_after:
            yield words("wait", time=words.time(timedelta(seconds=error.retry_after)))
        case errors.ServerFailed():
            yield words("server_trouble")


def _moves(error: errors.IllegalMove, here: Around) -> str:
    from zerodistance_client.command.display import COMMANDS

    moves = ", ".join(COMMANDS.get(move, move) for move in error.legal_moves)
    return here.words("possible_moves", moves=moves) if moves else here.words("nothing_possible")


def _faults(error: errors.Invalid, here: Around) -> Iterator[str]:
    """The field that was wrong; for an imported file, every fault with its line."""
    if error.field:
        yield here.words("field", field=error.field)
    yield from map(str, error.faults)


def _document(error: ZeroDistanceError) -> dict[str, Any]:
    """A problem document, also for what the server never said."""
    if isinstance(error, errors.Refused):
        document = error.problem.as_json()
    else:
        code = "no_connection" if isinstance(error, errors.NoConnection) else "bad_answer"
        document = {"code": code, "detail": str(error)}
    notes = list(getattr(error, "__notes__", ()))
    return document | ({"notes": notes} if notes else {})
