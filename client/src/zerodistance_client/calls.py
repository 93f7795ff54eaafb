"""What every part of the class stands on: a call whose answer is a record."""

from collections.abc import Mapping
from typing import Any, TypeVar

from zerodistance_client.records import Record, read
from zerodistance_client.wire import Call, Wire

R = TypeVar("R", bound=Record)


class Calls:
    """Calls of one server."""

    _wire: Wire

    def _get(self, kind: type[R], path: str, params: Mapping[str, str | int] | None = None) -> R:
        return read(kind, self._wire.json(Call("GET", path, params or {})))

    def _post(self, kind: type[R], path: str, given: Mapping[str, Any], key: str) -> R:
        return read(kind, self._wire.json(Call("POST", path, json=dict(given), key=key)))
