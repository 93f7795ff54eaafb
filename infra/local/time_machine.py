"""Moving the clock of a local stack and calling its functions at once: tests and demos need not wait."""

import json
from typing import Any

from infra.local.place import STAGE, LocalStackFailed, Place
from infra.policies import function_name

# What EventBridge sends each minute.
MINUTE = {
    "version": "0",
    "id": "00000000-0000-0000-0000-000000000000",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "000000000000",
    "time": "2026-01-01T00:00:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail": {},
}


def move_clock(place: Place, seconds: float) -> float:
    """Move the functions' clock forward (or back); returns the whole offset in seconds."""
    known = float(place.clock.read_text() or 0) if place.clock.exists() else 0.0
    fresh = place.clock.with_suffix(".new")
    fresh.write_text(str(known + seconds))
    # Replaced in one step: a function may be reading it.
    fresh.replace(place.clock)
    return known + seconds


def invoke(place: Place, function: str, event: dict[str, Any] | None = None) -> Any:
    """Call a function now, ``sweep`` as the minute does; returns its answer. Raises LocalStackFailed if it failed."""
    payload = json.dumps(MINUTE if event is None else event)
    answer = place.client("lambda").invoke(FunctionName=function_name(function, STAGE), Payload=payload)
    body = json.loads(answer["Payload"].read() or "null")
    if answer.get("FunctionError"):
        raise LocalStackFailed(f"{function} failed: {json.dumps(body)[:1000]}")
    return body
