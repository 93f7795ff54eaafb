"""Every refusal, drawn in one place. Each says what was wrong, with which value, and what would be right.

Refused
├── NotFound        404  not_found
├── NotAllowed      403  not_allowed
├── SignInNeeded    401  sign_in_needed, token_expired, wrong_credentials …
├── Invalid         422  invalid (with the field)
├── IllegalMove     409  illegal_move (with the moves that are legal now)
├── Conflict        409  conflict
└── TooMany         429  too_many (with the seconds to wait)
"""

from collections.abc import Iterable


class Refused(Exception):
    """A request that can't be granted. ``extras`` go into the problem document beside ``code`` and ``detail``."""

    status = 400
    code = "refused"

    def __init__(self, detail: str, code: str = "", **extras: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.extras = extras


class NotFound(Refused):
    status = 404
    code = "not_found"


class NotAllowed(Refused):
    status = 403
    code = "not_allowed"


class SignInNeeded(Refused):
    status = 401
    code = "sign_in_needed"


class Invalid(Refused):
    status = 422
    code = "invalid"

    def __init__(self, field: str, detail: str, code: str = "") -> None:
        super().__init__(detail, code, field=field)
        self.field = field


class IllegalMove(Refused):
    status = 409
    code = "illegal_move"

    def __init__(self, move: str, state: str, legal: Iterable[str]) -> None:
        self.legal = sorted(legal)
        moves = ", ".join(self.legal) or "nothing"
        super().__init__(f"'{move}' can't be done while it is '{state}'; possible now: {moves}", legal_moves=self.legal)


class Conflict(Refused):
    status = 409
    code = "conflict"


class TooMany(Refused):
    status = 429
    code = "too_many"

    def __init__(self, detail: str, retry_after: int, code: str = "") -> None:
        super().__init__(detail, code, retry_after=retry_after)
        self.retry_after = retry_after
