"""Calls to AWS for each operation, counted at the client, beside the budget of design §5. ``python -m bench.calls``.

Counted in botocore's ``before-send``: what would leave the machine, repeated tries included. ``counted`` is also what a test
asserts.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench import asking, meeting
from bench.district import Call, Made, asked, forget, opened, posted, signed_in, standing, told
from bench.life import ANSWER, FORM, calls_after, facts_in, paper, stream_event, submission
from bench.shown import Part, shown, table
from chalicelib.settings import settings
from tests.support import suggestions, supervision

READS: Final = frozenset({"GetItem", "Query", "BatchGetItem", "TransactGetItems"})
WRITES: Final = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"})
TRANSACTIONS: Final = frozenset({"TransactWriteItems"})
SHARDS: Final = 16


@dataclass(frozen=True)
class Budget:
    """At most so many DynamoDB calls of each kind."""

    reads: int = 0
    writes: int = 0
    transactions: int = 0

    def __str__(self) -> str:
        parts = [(self.reads, "read"), (self.writes, "write"), (self.transactions, "transaction")]
        return ", ".join(f"{n} {name}{'s' if n > 1 else ''}" for n, name in parts if n) or "none"


# Design §5, plus what it sets no budget for (None). Warm: the directory (kept a minute) and the secret are at hand.
MOVE: Final = "a move: "
OVERSIGHT: Final = "supervision: "
RECORDS: Final = "performance records: "
APPRAISAL: Final = "appraisal: "
SUGGESTION: Final = "suggestion: "
BUDGETS: Final[Mapping[str, Budget | None]] = {
    "form, the first in a minute": Budget(reads=1),
    "form": Budget(),
    "submission": Budget(reads=1, writes=1, transactions=1),
    "routing one message": Budget(reads=2, transactions=1),
    "grouping one message": Budget(reads=2, writes=1, transactions=1),
    "tracking page": Budget(reads=2),
    "work list page": Budget(reads=1),
    "case page": Budget(reads=2),
    MOVE + "acknowledge": Budget(reads=1, transactions=1),
    MOVE + "note": Budget(reads=1, transactions=1),
    MOVE + "ask": Budget(reads=1, transactions=1),
    "resident's reply": None,
    MOVE + "answer": Budget(reads=1, transactions=1),
    "resident's verdict": None,
    "look at contact details": None,
    "dispatch of one fact": None,
    "notice to the resident": None,
    "notices to deputy and body": None,
    "sweep, nothing due": Budget(reads=SHARDS),
    SUGGESTION + "the year's list": Budget(reads=1),
    SUGGESTION + "in full": Budget(reads=2),
    SUGGESTION + "in public": Budget(reads=2),
    SUGGESTION + "drafting from a demand": Budget(reads=1, transactions=1),
    SUGGESTION + "accepting, with its number": Budget(reads=2, transactions=1),
    SUGGESTION + "interim reply": Budget(reads=1, transactions=1),
    SUGGESTION + "reply": Budget(reads=1, transactions=1),
    SUGGESTION + "evaluation": Budget(reads=1, transactions=1),
    SUGGESTION + "document": Budget(reads=1, transactions=1),
    OVERSIGHT + "list": Budget(reads=1),
    OVERSIGHT + "in full": Budget(reads=2),
    OVERSIGHT + "what is overdue (public)": Budget(reads=1),
    OVERSIGHT + "opening by hand": Budget(transactions=1),
    OVERSIGHT + "notice": Budget(reads=1, transactions=1),
    OVERSIGHT + "rectification": Budget(reads=1, transactions=1),
    APPRAISAL + "stamping an envelope": Budget(reads=2, writes=1),
    APPRAISAL + "casting a ballot": Budget(reads=1, writes=1),
    APPRAISAL + "results (public)": Budget(reads=1),
    RECORDS + "writing": Budget(transactions=1),
    RECORDS + "in full": Budget(reads=2),
    RECORDS + "what waits for review": Budget(reads=1),
    RECORDS + "approving": Budget(reads=1, transactions=1),
    RECORDS + "a year's list": Budget(reads=1),
    RECORDS + "a year in numbers": Budget(reads=1),
    RECORDS + "the public page": Budget(reads=2),
    RECORDS + "importing 33": Budget(reads=1, transactions=1),
    "list of deputies (public)": None,
    "public figures": Budget(reads=1),
    "calling an activity": Budget(transactions=1),
    "list of activities": Budget(reads=1),
    "activities of a year": Budget(reads=1),
    "an activity's page": Budget(reads=2),
    "signing up": Budget(reads=1, transactions=1),
    "attending by code": Budget(reads=1, transactions=1),
    "the code on the wall": Budget(reads=1),
    "minutes of an activity": Budget(reads=1, transactions=1),
    "a station's page": Budget(reads=1),
    "booking form": Budget(reads=1),
    "booking a time": Budget(reads=1, writes=1, transactions=1),
    "a booking's page": Budget(reads=1),
    "cancelling a booking": Budget(reads=2, transactions=1),
    "bookings of a day": Budget(reads=2),
    "taking down a case at a reception day": Budget(reads=2, transactions=1),
    "drafting a survey": Budget(transactions=1),
    "opening a survey": Budget(reads=1, transactions=1),
    "a survey's form": Budget(reads=1),
    "answering a survey": Budget(reads=1, writes=1, transactions=1),
    "results among staff": Budget(reads=2),
    "a page of comments": Budget(reads=2),
    "taking up a comment": Budget(reads=2, transactions=1),
    "closing a survey": Budget(reads=1, transactions=1),
    "publishing results": Budget(reads=1, transactions=1),
    "results in public": Budget(reads=2),
    "consultations in public": Budget(reads=1),
    "publishing a notice": Budget(transactions=1),
    "list of notices": Budget(reads=2),
    "a notice": Budget(reads=2),
    "acknowledging a notice": Budget(reads=1, transactions=1),
    "who read a notice": Budget(reads=2),
    "the library, with progress": Budget(reads=2),
    "completing an item": Budget(reads=2, transactions=1),
}


@dataclass(frozen=True)
class Counted:
    """What one operation asked of AWS, and what it may."""

    operation: str
    made: Budget
    elsewhere: Mapping[str, int]  # calls to other services, by service
    budget: Budget | None

    @property
    def over(self) -> bool:
        """Whether the budget is exceeded."""
        allowed, made = self.budget, self.made
        return allowed is not None and not (
            made.reads <= allowed.reads and made.writes <= allowed.writes and made.transactions <= allowed.transactions
        )


def counted() -> list[Counted]:
    """Every operation of ``BUDGETS``, made once on moto and counted."""
    with standing():
        return [_count(name, made) for name, made in _operations() if name in BUDGETS]


def _count(name: str, made: Made) -> Counted:
    calls = [it.operation for it in made.exchanges if it.service == "dynamodb"]
    reads, writes, transactions = (sum(call in kind for call in calls) for kind in (READS, WRITES, TRANSACTIONS))
    others = Counter(it.service for it in made.exchanges if it.service != "dynamodb")
    return Counted(name, Budget(reads, writes, transactions), others, BUDGETS[name])


def _operations() -> Iterator[tuple[str, Made]]:
    deputy, manager, token = signed_in("deputy.lin", "deputy"), signed_in("manager.qiao", "manager"), paper()
    case, page = f"/v1/cases/{token.case_id}", f"/m/{token.tracking_token}"
    yield from _reached(submission(token))
    asked("/v1/me", "", deputy).made()  # who has signed out is known for ten seconds
    yield "tracking page", opened(page, "").made()
    yield "work list page", asked("/v1/cases", "", deputy).made()
    yield "case page", asked(case, "", deputy).made()
    yield MOVE + "acknowledge", told(f"{case}/acknowledge", "", deputy).made()
    yield MOVE + "note", told(f"{case}/note", "", deputy, text="已联系。", public=True).made()
    yield MOVE + "ask", told(f"{case}/ask", "", deputy, text="几号楼？").made()
    yield "resident's reply", posted(page, "", move="reply", text="六号楼").made()
    yield "look at contact details", told(f"{case}/contact", "", deputy, reason="上门前先打电话").made()
    yield MOVE + "answer", told(f"{case}/answer", "", deputy, text=ANSWER).made()
    yield "resident's verdict", posted(page, "", move="confirm", satisfaction="4").made()
    yield "sweep, nothing due", tick().made()
    yield from _suggested(deputy, manager)
    yield from _overseen(deputy)
    yield from _appraised(deputy)
    yield "list of deputies (public)", opened("/v1/deputies", "").made()
    yield "public figures", opened("/v1/figures", "").made()
    yield from meeting.operations(deputy)
    yield from asking.operations(deputy, manager)
    yield from _performed(deputy, manager)


def _performed(deputy: str, manager: str) -> Iterator[tuple[str, Made]]:
    """A record from writing to the public page."""
    deed = {"kind": "visit", "day": "2026-01-05", "title": "走访居民", "place": "霁月花园", "submit": True}
    written = told("/v1/records", "", deputy, **deed).made()
    yield RECORDS + "writing", written
    id = written.link('"id":"(R[^"]+)"')
    yield RECORDS + "in full", asked(f"/v1/records/{id}", "", deputy).made()
    yield RECORDS + "what waits for review", asked("/v1/records?list=waiting", "", manager).made()
    yield RECORDS + "approving", told(f"/v1/records/{id}/approve", "", manager).made()
    yield RECORDS + "a year's list", asked("/v1/records?year=2026", "", deputy).made()
    yield RECORDS + "a year in numbers", asked("/v1/performance/lin-jianwei?year=2026", "", deputy).made()
    yield RECORDS + "the public page", opened("/open/performance/lin-jianwei?year=2026", "").made()
    rows = [{"row": n, "deputy": "lin-jianwei", "kind": "visit", "day": "2024-01-05", "title": str(n)} for n in range(1, 34)]
    yield RECORDS + "importing 33", told("/v1/records/import", "", manager, rows=rows).made()


def _suggested(deputy: str, manager: str) -> Iterator[tuple[str, Made]]:
    """From a common demand to a document."""
    officer = signed_in("officer.heating", "officer")
    pattern, waiting, held = suggestions.demand(), suggestions.submitted(), suggestions.assigned(now=settings.now())
    for token in (manager, officer, deputy):
        asked("/v1/me", "", token).made()
    drafted = told("/v1/suggestions", "", deputy, title=suggestions.TITLE, text=suggestions.TEXT, demands=[pattern.id])
    yield SUGGESTION + "drafting from a demand", drafted.made()
    yield SUGGESTION + "accepting, with its number", told(f"/v1/suggestions/{waiting.id}/accept", "", manager).made()
    one = f"/v1/suggestions/{held.id}"
    yield SUGGESTION + "interim reply", told(f"{one}/interim", "", officer, text="正在勘察。").made()
    yield SUGGESTION + "reply", told(f"{one}/reply", "", officer, text="已办好。", **{"class": "solved"}).made()
    yield SUGGESTION + "evaluation", told(f"{one}/evaluate", "", deputy, attitude="satisfied", result="satisfied").made()
    document = {"title": "办法", "number": "12号", "date": "2026-01-01"}
    yield SUGGESTION + "document", told(f"{one}/document", "", deputy, **document).made()
    yield SUGGESTION + "the year's list", asked(f"/v1/suggestions?year={held.year}", "", deputy).made()
    yield SUGGESTION + "in full", asked(one, "", deputy).made()
    yield SUGGESTION + "in public", opened(f"/open/suggestions/{held.id}", "").made()


def _overseen(deputy: str) -> Iterator[tuple[str, Made]]:
    """An item of supervision, until deputies are to look at it."""
    supervisor, officer = signed_in("supervisor.tang", "supervisor"), signed_in("head.heating", "officer")
    for token in (supervisor, officer, deputy):
        asked("/v1/me", "", token).made()
    opening = {"title": "换热站停运", "body": "heating-company", "text": "停了两次"}
    yield OVERSIGHT + "opening by hand", told("/v1/supervision", "", deputy, **opening).made()
    one = f"/v1/supervision/{supervision.came(now=settings.now()).id}"
    yield OVERSIGHT + "notice", told(f"{one}/notice", "", supervisor, text="请整改").made()
    yield OVERSIGHT + "rectification", told(f"{one}/rectify", "", officer, text="换了阀门").made()
    yield OVERSIGHT + "list", asked("/v1/supervision?list=verify", "", deputy).made()
    yield OVERSIGHT + "in full", asked(one, "", deputy).made()
    yield OVERSIGHT + "what is overdue (public)", opened("/open/supervision", "").made()


def _appraised(deputy: str) -> Iterator[tuple[str, Made]]:
    """An appraisal from an envelope to the results."""
    appraisal = supervision.opened(settings.now())
    ballot, place = supervision.folded(appraisal), f"/v1/appraisals/{appraisal.id}"
    asked("/v1/me", "", deputy).made()
    yield APPRAISAL + "stamping an envelope", told(f"{place}/stamp", "", deputy, envelope=ballot.envelope).made()
    other = supervision.stamped(appraisal, supervision.ZHOU)
    supervision.sealed(appraisal)
    yield APPRAISAL + "casting a ballot", told(f"{place}/ballots", "", "", ballot=other.message, stamp=other.stamp).made()
    yield APPRAISAL + "results (public)", opened(f"/open/appraisals/{appraisal.id}", "").made()


def _reached(message: Call) -> Iterator[tuple[str, Made]]:
    """From the form until everyone has been told."""
    forget()
    first = opened(FORM, "").made()
    yield "form, the first in a minute", first
    yield "form", opened(FORM, "").made()
    sent = message.made()
    yield "submission", sent
    dispatched = _dispatched(sent)
    yield "dispatch of one fact", dispatched
    calls = {call.function: call for call in calls_after(dispatched)}
    routed = calls["route"].made()
    yield "routing one message", routed
    yield "notice to the resident", calls["notify"].made()
    calls = {call.function: call for call in calls_after(_dispatched(routed))}
    yield "notices to deputy and body", calls["notify"].made()
    if "group" in calls:
        calls["group"].made()  # a process reads the weights of words once; comparing twice changes nothing
        yield "grouping one message", calls["group"].made()


def _dispatched(made: Made) -> Made:
    return Call("dispatch", "", stream_event(facts_in(made)[0])).made()


def tick() -> Call:
    """The schedule's event: a minute has passed."""
    names = ("version", "id", "account", "time", "region", "source", "detail-type")
    return Call("sweep", "sweep", {"resources": [], "detail": {}} | dict.fromkeys(names, ""))


def _row(it: Counted) -> Sequence[str]:
    others = ", ".join(f"{n} {service}" for service, n in it.elsewhere.items())
    budget = "" if it.budget is None else f"{it.budget}{' **OVER**' if it.over else ''}"
    return it.operation, str(it.made), budget, others


def figures() -> Part:
    """Calls by operation, with what is over budget."""
    found = counted()
    lines = [
        "Calls as they leave botocore, on moto, through the real handlers. Warm unless said: beside these a process reads the "
        "directory once a minute, who has signed out once in ten seconds, and the secret once. A move is a read and a "
        "transaction (design §5) and, because it is answered with the whole case, a query for the timeline.",
        "",
        *table(["operation", "DynamoDB calls", "budget", "other AWS calls"], [_row(it) for it in found]),
    ]
    broken = [f"{it.operation}: {it.made}, and {it.budget} allowed" for it in found if it.over]
    return Part("Calls per operation", lines, broken)


if __name__ == "__main__":
    shown(figures)
