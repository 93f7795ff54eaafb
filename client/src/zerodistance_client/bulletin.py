"""Notices with read receipts, and the learning library. As methods of the class."""

from zerodistance_client.calls import Calls


class BulletinCalls(Calls):
    """Notices with read receipts, and the learning library."""
