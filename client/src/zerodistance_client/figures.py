"""Public figures. As methods of the class."""

from zerodistance_client.calls import Calls


class FigureCalls(Calls):
    """Public figures."""
