"""Plain values as the XML of Open311: each field an element, each list an element of items that are called by its singular."""

from typing import Any, Final
from xml.etree import ElementTree

# What an item of a list is called; "" where the list has no element of its own around it.
ITEMS: Final = {
    "services": "service", "service_requests": "request", "errors": "error", "endpoints": "endpoint", "formats": "format",
    "attributes": "attribute", "values": "value",
}  # fmt: skip
# XML 1.0, 2.2: what no document may hold, escaped or not.
_KEPT: Final = (9, 10, 13)
_FORBIDDEN: Final = dict.fromkeys({*range(0x20), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)}.difference(_KEPT))


def document(root: str, content: Any) -> bytes:
    """A whole document, UTF-8 with its declaration."""
    element = _element(root, content)
    return bytes(ElementTree.tostring(element, encoding="utf-8", xml_declaration=True))


def _element(name: str, content: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(content, dict):
        element.extend(_element(field, value) for field, value in content.items() if value is not None)
    elif isinstance(content, list):
        element.extend(_element(ITEMS[name], item) for item in content)
    else:
        element.text = _text(content)
    return element


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).translate(_FORBIDDEN)
