"""What more than one section's API asks for: the same words, the same limits."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from chalicelib.errors import Invalid
from chalicelib.web.door import Request

MOST_A_PAGE: Final = 100

Text = Annotated[str, Meta(min_length=1, max_length=4_000)]
Reason = Annotated[str, Meta(min_length=1, max_length=500)]
Name = Annotated[str, Meta(min_length=1, max_length=100)]


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """A move that needs nothing."""


class AssignRequest(msgspec.Struct, forbid_unknown_fields=True):
    body: Name
    reason: Reason


class TextRequest(msgspec.Struct, forbid_unknown_fields=True):
    text: Text


def page_limit(request: Request) -> int:
    """How many items a page is to hold: ``limit``, 25 if nothing is said. Raises Invalid."""
    text = request.query.get("limit", "25")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= MOST_A_PAGE:
        raise Invalid("limit", f"'{text}' is no number from 1 to {MOST_A_PAGE}")
    return int(text)
