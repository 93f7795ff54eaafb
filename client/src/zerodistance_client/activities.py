"""Stations and reception days, inspections, meetings: call, sign-up, attendance. As methods of the class."""

from zerodistance_client.calls import Calls


class ActivityCalls(Calls):
    """Stations and reception days, inspections, meetings: call, sign-up, attendance."""
