"""What people type, as it is kept. Pure."""

import re
from typing import Final

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def paragraphs(text: str) -> str:
    """A text with one kind of line end, and nothing that no keyboard has."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
