"""Oversight of what was promised and not kept. As methods of the class."""

from zerodistance_client.calls import Calls


class SupervisionCalls(Calls):
    """Oversight of what was promised and not kept."""
