"""What the functions say, followed as on AWS: from CloudWatch Logs, all functions in one stream."""

import re
from collections.abc import Iterator
from time import sleep
from typing import Any, Final

from infra.local.place import STAGE, Place
from infra.policies import USES, function_name

Line = tuple[int, str, str]  # moment in milliseconds, function, message

LATEST: Final = 100  # lines shown at the beginning
NOISE: Final = re.compile(r"^(START|END|REPORT) RequestId")


def follow(place: Place, pause: float = 1.0) -> Iterator[str]:
    """The latest lines of every function, oldest first, then each new one as it comes, for ever."""
    logs = place.client("logs")
    since, seen = 0, set[Line]()
    while True:
        found = sorted(_lines(logs, since))
        fresh = [line for line in found if line not in seen]
        yield from (f"{function:<10} {message}" for _, function, message in fresh[-LATEST if not since else 0 :])
        if found:
            since, seen = found[-1][0], set(found)
        sleep(pause)


def said(place: Place) -> list[str]:
    """All that the functions said so far, oldest first."""
    return [f"{function} {message}" for _, function, message in sorted(_lines(place.client("logs"), 0))]


def _lines(logs: Any, since: int) -> Iterator[Line]:
    there = {group["logGroupName"] for group in logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]}
    for function in USES:
        group = f"/aws/lambda/{function_name(function, STAGE)}"
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since) if group in there else []
        messages = ((int(event["timestamp"]), event["message"].rstrip()) for page in pages for event in page["events"])
        yield from ((moment, function, message) for moment, message in messages if not NOISE.match(message))
