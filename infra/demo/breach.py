"""Let a two-hour heating promise break: a resident writes, nobody answers, the clock is moved, the ladder is climbed."""

from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Final

from chalicelib.cases import service
from chalicelib.cases.model import Case
from chalicelib.outreach.model import shown_code
from chalicelib.settings import settings
from chalicelib.spine.chain import Entry
from infra.demo.matters import COLD, send
from infra.local.place import Place
from infra.local.time_machine import invoke, move_clock

PATIENCE: Final = 30.0
WORDS: Final = {
    "received": "a resident's message came in",
    "routed": "routed to the heating company",
    "told": "the resident was told",
    "reminded": "reminder to the deputy and the company",
    "breached": "BREACH: the promise is broken; it is on record and the resident is told so",
    "escalated": "escalated",
}
STEPS: Final = {"acknowledge": " (to be read)", "answer": " (to be answered)"}
LADDER: Final = {"head": " to the head of the company", "manager": " to the manager of the platform"}
MINUTE: Final = timedelta(minutes=1)
# The rungs of the ladder of a two-hour promise stand at 1.5, 2, 2.5 and 3 hours; acknowledge's own come before.
MOVES: Final = (91 * MINUTE, 30 * MINUTE, 30 * MINUTE, 30 * MINUTE)


def run(place: Place) -> None:
    """The whole story, told as it happens."""
    case, token = send(COLD, settings.now())
    print(f"A cold flat: case {shown_code(case.id)}, {settings.base_url}/m/{token}")
    case = _when_routed(case)
    due = case.clocks["answer"].due_at
    print(f"  promised: an answer by {_local(due)} (two hours, also at night)\n")
    seen = 0
    for step in MOVES:
        move_clock(place, step.total_seconds())
        print(f"  … the clock is moved to {_local(settings.now())}, and nobody has answered")
        invoke(place, "sweep")
        seen = _tell(case, seen)
    print(f"\nThe resident's page says it plainly now: {settings.base_url}/m/{token}")
    print(f"The deputy sees it on top of the list: deputy inbox; deputy show {shown_code(case.id)}")


def _when_routed(case: Case) -> Case:
    deadline = monotonic() + PATIENCE
    while (found := service.found(case.id)).status == "received":
        if monotonic() > deadline:
            raise TimeoutError(f"{case.id} was not routed within {PATIENCE:.0f} s; look at: make logs")
        sleep(0.3)
    return found


def _tell(case: Case, seen: int) -> int:
    """Print what has happened since, once the duties that were due have taken effect."""
    deadline = monotonic() + PATIENCE
    while _owes(case) and monotonic() < deadline:
        sleep(0.3)
    entries = service.timeline(case)
    for entry in entries[seen:]:
        print(f"      {_said(entry)}")
    return len(entries)


def _owes(case: Case) -> bool:
    duty = service.found(case.id).next_duty
    return duty is not None and duty.at <= settings.now()


def _said(entry: Entry) -> str:
    step = {"acknowledge": "to be read", "answer": "to be answered"}.get(str(entry.data.get("step")), "")
    to = {"head": " to the head of the company", "manager": " to the manager of the platform"}.get(
        str(entry.data.get("to")), ""
    )
    return f"{_local(entry.at)}  {WORDS.get(entry.type, entry.type)}{to}{f' ({step})' if step else ''}"


def _local(moment: datetime | None) -> str:
    return f"{moment.astimezone(settings.zone):%d %b %H:%M}" if moment else "-"
