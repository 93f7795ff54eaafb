"""Public figures, as a method of the class."""

from typing import Literal

from zerodistance_client.calls import Calls
from zerodistance_client.figure_records import Figures
from zerodistance_client.records import read
from zerodistance_client.wire import Call

Scope = Literal["district", "ward", "deputy", "body", "category", "grid", "hour", "section"]


class FigureCalls(Calls):
    """Public figures."""

    def figures(self, scope: Scope | str = "district", period: str = "") -> Figures:
        """The three rates and what is counted: of a year ("2026", this one if nothing is said) or a month ("2026-11").

        Needs no sign-in. Raises Invalid for a scope or period that there is not.
        """
        params = {"scope": scope} | ({"period": period} if period else {})
        return read(Figures, self._wire.json(Call("GET", "/v1/figures", params, open=True)))
