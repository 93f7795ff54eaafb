"""The electronic performance file of each deputy. As methods of the class."""

from zerodistance_client.calls import Calls


class PerformanceCalls(Calls):
    """The electronic performance file of each deputy."""
