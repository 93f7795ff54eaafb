"""The deputies' client of Zero Distance.

from zerodistance_client import ZeroDistance

with ZeroDistance("https://zerodistance.example.org") as server:
    server.sign_in("deputy-li", password)
    for case in server.inbox():
        print(case.id, case.due_at, case.summary)
"""

from typing import TYPE_CHECKING, Any

from zerodistance_client.activity_records import Activity, ActivityFile, ActivityPage, ActivitySummary, Booking
from zerodistance_client.ballots import BadBallot, Ballot
from zerodistance_client.bulletin_records import LibraryItem, Notice, Progress, Readers
from zerodistance_client.consultation_records import Comment, Consultation, Results
from zerodistance_client.demand_records import Demand, DemandPage, DemandSummary
from zerodistance_client.errors import (
    BadAnswer,
    Conflict,
    IllegalMove,
    Invalid,
    LockedOut,
    NoConnection,
    NotAllowed,
    NotFound,
    Problem,
    Refused,
    ServerFailed,
    SignInNeeded,
    TooMany,
    WrongCredentials,
    ZeroDistanceError,
)
from zerodistance_client.figure_records import Count, FigureLine, Figures
from zerodistance_client.performance_records import (
    DeputyYear,
    PerformanceRecord,
    RecordKind,
    RecordLine,
    RecordPage,
    Standings,
    YearFile,
)
from zerodistance_client.records import (
    Actor,
    Case,
    Change,
    Clock,
    Code,
    Contact,
    Deputy,
    Entry,
    Fault,
    Import,
    Me,
    Move,
    Page,
    Said,
    SignedIn,
    Station,
    Summary,
    Verification,
)
from zerodistance_client.retry import Retry
from zerodistance_client.suggestion_records import (
    Evidence,
    ExtensionAsked,
    Outcome,
    Suggestion,
    SuggestionPage,
    SuggestionSummary,
)
from zerodistance_client.supervision_records import (
    Appraisal,
    Supervision,
    SupervisionPage,
    SupervisionSummary,
)
from zerodistance_client.tokens import FileTokens, MemoryTokens, Tokens, TokenStore, kept_tokens
from zerodistance_client.version import __version__

if TYPE_CHECKING:
    from zerodistance_client.client import ZeroDistance

__all__ = [
    "Activity",
    "ActivityFile",
    "ActivityPage",
    "ActivitySummary",
    "Actor",
    "Appraisal",
    "BadAnswer",
    "BadBallot",
    "Ballot",
    "Booking",
    "Case",
    "Change",
    "Clock",
    "Code",
    "Comment",
    "Conflict",
    "Consultation",
    "Contact",
    "Count",
    "Demand",
    "DemandPage",
    "DemandSummary",
    "Deputy",
    "DeputyYear",
    "Entry",
    "Evidence",
    "ExtensionAsked",
    "Fault",
    "FigureLine",
    "Figures",
    "FileTokens",
    "IllegalMove",
    "Import",
    "Invalid",
    "LibraryItem",
    "LockedOut",
    "Me",
    "MemoryTokens",
    "Move",
    "NoConnection",
    "NotAllowed",
    "NotFound",
    "Notice",
    "Outcome",
    "Page",
    "PerformanceRecord",
    "Problem",
    "Progress",
    "Readers",
    "RecordKind",
    "RecordLine",
    "RecordPage",
    "Refused",
    "Results",
    "Retry",
    "Said",
    "ServerFailed",
    "SignInNeeded",
    "SignedIn",
    "Standings",
    "Station",
    "Suggestion",
    "SuggestionPage",
    "SuggestionSummary",
    "Summary",
    "Supervision",
    "SupervisionPage",
    "SupervisionSummary",
    "TokenStore",
    "Tokens",
    "TooMany",
    "Verification",
    "WrongCredentials",
    "YearFile",
    "ZeroDistance",
    "ZeroDistanceError",
    "__version__",
    "kept_tokens",
]


def __getattr__(name: str) -> Any:
    """The class comes when it is asked for: it brings httpx, which `deputy --help` can do without."""
    if name != "ZeroDistance":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from zerodistance_client.client import ZeroDistance

    return ZeroDistance
