"""Asking residents: surveys, drafts open for comment. As methods of the class."""

from zerodistance_client.calls import Calls


class ConsultationCalls(Calls):
    """Asking residents: surveys, drafts open for comment."""
