"""What the functions say, followed as on AWS: from CloudWatch Logs, all functions in one stream."""

import re
from collections.abc import Iterator
from time import sleep
from typing import Any, Final

from infra.local.place import STAGE, Place
from infra.policies import USES, function_name

LATEST: Final = 100  # lines shown at the beginning
NOISE: Final = re.compile(r"^(START|END|REPORT) RequestId")


def follow(place: Place, pause: float = 1.0) -> Iterator[str]:
    """The latest lines of every function, oldest first, then each new one as it comes, for ever."""
    logs = place.client("logs")
    since, seen = 0, frozenset[str]()
    while True:
        found = sorted(_events(logs, since), key=lambda event: int(event["timestamp"]))
        fresh = [event for event in found if event["eventId"] not in seen]
        yield from (_line(event) for event in fresh[-LATEST if not since else 0 :])
        if found:
            since, seen = int(found[-1]["timestamp"]), frozenset(event["eventId"] for event in found)
        sleep(pause)


def _events(logs: Any, since: int) -> Iterator[dict[str, Any]]:
    there = {group["logGroupName"] for group in logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]}
    for function in USES:
        group = f"/aws/lambda/{function_name(function, STAGE)}"
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since) if group in there else []
        events = (event for page in pages for event in page["events"])
        yield from ({**event, "function": function} for event in events if not NOISE.match(event["message"]))


def _line(event: dict[str, Any]) -> str:
    return f"{event['function']:<10} {event['message'].rstrip()}"
