"""Deputies' suggestions: from demand to proposal to reply to government document. As methods of the class."""

from zerodistance_client.calls import Calls


class SuggestionCalls(Calls):
    """Deputies' suggestions: from demand to proposal to reply to government document."""
