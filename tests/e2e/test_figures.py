"""Public figures on the deployed stack: counted by the stream, made anew by the operator's command."""

import subprocess
import sys
import time

import httpx
import pytest

from infra import mappings
from infra.build import ROOT
from infra.stack import outputs
from infra.stage import data_stack
from tests.support.local_stack import Stack

PATIENCE = 240.0  # a busy machine counts slowly
WAITING = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


def counted(stack: Stack) -> dict[str, int]:
    answer = httpx.get(f"{stack.base_url}/v1/figures", timeout=60)
    assert answer.status_code == 200, answer.text
    found: dict[str, int] = answer.json()["total"]["counts"]
    return found


def settled(stack: Stack) -> dict[str, int]:
    """The figures when nothing waits to be counted any more, seen three times in a row."""
    queue, deadline, quiet = stack.client("sqs"), time.monotonic() + PATIENCE, 0
    urls = [url for url in queue.list_queues()["QueueUrls"] if not url.endswith("-dead")]
    while quiet < 3 and time.monotonic() < deadline:
        time.sleep(2)
        asked = [queue.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"] for url in urls]
        waiting = sum(int(each[name]) for each in asked for name in WAITING)
        quiet = 0 if waiting else quiet + 1
    return counted(stack)


def test_the_demos_cases_are_counted_and_made_anew_to_the_same(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    last = settled(stack)
    assert last.get("received", 0) > 0
    for name, value in stack.place.aws_environment().items():
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-m", "infra.journal", "figures", "--stage", "local"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "0 were wrong" in done.stdout) == (0, True), done.stdout + done.stderr
    assert counted(stack) == last
    data = outputs(stack.client("cloudformation"), data_stack("local"))
    (mapping,) = stack.client("lambda").list_event_source_mappings(EventSourceArn=data[mappings.SOURCES["tally"]])[
        "EventSourceMappings"
    ]
    assert mapping["State"] == "Enabled"


def test_the_page_of_figures_opens(stack: Stack) -> None:
    page = httpx.get(f"{stack.base_url}/open/figures", timeout=60)
    assert (page.status_code, "三项比率" in page.text) == (200, True)
