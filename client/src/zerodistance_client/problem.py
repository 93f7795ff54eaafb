"""From an answer that says no to the exception for it.

RFC 9457 says that a reader must ignore members of the wrong type (§3.1) and unknown extensions (§3.2): so a problem
document can be poor, or missing (a gateway's own error page), and there is still a clear error.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from zerodistance_client import errors
from zerodistance_client.errors import Problem, Refused

BY_CODE: Final[Mapping[str, type[Refused]]] = {
    "wrong_credentials": errors.WrongCredentials,
    "illegal_move": errors.IllegalMove,
    "locked_out": errors.LockedOut,
}
BY_STATUS: Final[Mapping[int, type[Refused]]] = {
    401: errors.SignInNeeded,
    403: errors.NotAllowed,
    404: errors.NotFound,
    409: errors.Conflict,
    422: errors.Invalid,
    429: errors.TooMany,
}
_STANDARD: Final = ("type", "title", "detail", "code", "instance")


def refusal(status: int, body: bytes, retry_after: float | None = None) -> Refused:
    """The exception for an answer of 4xx or 5xx. ``retry_after``: seconds from the answer's header, if it had one."""
    problem = read_problem(status, body, retry_after)
    kind = BY_CODE.get(problem.code) or BY_STATUS.get(status) or (errors.ServerFailed if status >= 500 else Refused)
    return kind(problem)


def read_problem(status: int, body: bytes, retry_after: float | None = None) -> Problem:
    """The problem in a body; made up from the status where there is none."""
    document = _document(body)
    texts = {name: value for name in _STANDARD if isinstance(value := document.get(name), str)}
    extras = {name: value for name, value in document.items() if name not in (*_STANDARD, "status")}
    if retry_after is not None:
        extras.setdefault("retry_after", retry_after)
    made_up = {"title": _phrase(status), "detail": _plain(document)}
    return Problem(status=status, **(made_up | texts), extras=extras)


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError:  # an HTML page of a proxy, or nothing at all
        return {}
    return document if isinstance(document, dict) else {}


def _plain(document: Mapping[str, Any]) -> str:
    """API Gateway's own errors are {"message": …}, Chalice's {"Message": …}; a refused import lists its ``errors``."""
    if errors_told := document.get("errors"):
        return f"{len(errors_told)} errors; nothing was written" if isinstance(errors_told, list) else ""
    return str(document.get("message") or document.get("Message") or "")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # a status that HTTP does not name
        return f"Status {status}"
