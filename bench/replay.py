"""Post real messages through the HTTP form of a running stack, wait, and count: accepted, routed, doubled, lost, dead letters.

    python -m bench.replay --messages FILE --count N --base-url URL [--user NAME --password WORD] [--endpoint-url URL]

FILE is a CSV with the columns title and text; nothing of it is kept here. Without ``--user`` the manager of the local stack
signs in (``.local/stack.json``); base URL and AWS endpoint (for dead letters) come from there too, if they are not given.

Every message goes to one deputy's form in turn, without JavaScript, as from a phone of its own (``X-Forwarded-For``: the
local emulator believes it; a real gateway does not, and the platform's limits would be met, as they should). One in ten is
sent twice, as by a double tap. A message is *lost* if its receipt was shown and the API does not know it with the words that
were sent.
"""

import argparse
import csv
import json
import re
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from ipaddress import IPv4Address
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from time import monotonic, sleep
from typing import Any, Final
from uuid import uuid4

import httpx

STACK: Final = Path(".local/stack.json")
TOKEN: Final = re.compile(r'name="form" value="([^"]+)"')
LONGEST: Final = 4_000
AT_ONCE: Final = 6  # phones at the same moment
THINKING: Final = 3.5  # seconds: the form takes nothing that was written faster
EVERY: Final = 10  # each tenth message is sent twice
PATIENCE: Final = 180.0


@dataclass
class Sent:
    """One message on its way: the form it was written into, and what became of it."""

    text: str
    address: str
    form: str
    token: str
    opened: float
    seconds: list[float] = field(default_factory=list)
    tracking: list[str] = field(default_factory=list)
    refused: str = ""

    @property
    def case_id(self) -> str:
        return self.tracking[0][:12]


def messages(file: Path, count: int) -> list[str]:
    """The first ``count`` messages, title and text as one, cut at what the form takes."""
    with file.open(newline="", encoding="utf-8") as opened:
        rows = islice(csv.DictReader(opened), count)
        return [f"{row['title']}\n{row['text']}".strip()[:LONGEST] for row in rows]


def opened(client: httpx.Client, form: str, text: str, number: int) -> Sent:
    """Open a form, as a phone of its own."""
    address = str(IPv4Address("10.0.0.1") + number)
    page = client.get(form, headers={"X-Forwarded-For": address})
    found = TOKEN.search(page.text)
    if found is None:
        raise SystemExit(f"{form} shows no form (status {page.status_code})")
    return Sent(text, address, form, unescape(found.group(1)), monotonic())


def post(client: httpx.Client, sent: Sent) -> None:
    """Send it, and note the receipt's address or why it was refused."""
    sleep(max(0.0, sent.opened + THINKING - monotonic()))
    began = monotonic()
    fields = {"form": sent.token, "text": sent.text, "tell": "none"}
    answer = client.post(sent.form, data=fields, headers={"X-Forwarded-For": sent.address})
    sent.seconds.append(monotonic() - began)
    if answer.status_code == 303:
        sent.tracking.append(answer.headers["location"].split("/m/")[1].partition("?")[0])
    else:
        sent.refused = f"status {answer.status_code}"


def sent_all(client: httpx.Client, forms: Sequence[str], texts: Sequence[str]) -> list[Sent]:
    """Open and send all, some twice."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        open_one = lambda pair: opened(client, forms[pair[0] % len(forms)], pair[1], pair[0])  # noqa: E731 - one line, used once
        sents = list(pool.map(open_one, enumerate(texts)))
        twice = [each for number, each in enumerate(sents) if number % EVERY == 0]
        list(pool.map(lambda each: post(client, each), [*sents, *twice]))
    return sents


@dataclass(frozen=True)
class Manager:
    """The API as the manager sees it."""

    client: httpx.Client

    def case(self, id: str) -> dict[str, Any] | None:
        """A case, or None if the platform does not know it."""
        answer = self.client.get(f"/v1/cases/{id}")
        found: dict[str, Any] | None = answer.json() if answer.status_code == 200 else None
        return found


def signed_in(client: httpx.Client, user: str, password: str) -> Manager:
    """Sign in as the manager."""
    answer = client.post("/v1/session", json={"username": user, "password": password}, headers={"Idempotency-Key": uuid4().hex})
    answer.raise_for_status()
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return Manager(client)


def settled(manager: Manager, sents: Sequence[Sent]) -> dict[str, dict[str, Any] | None]:
    """Every accepted case once routing has dealt with it, or as it stands when patience ends."""
    found: dict[str, dict[str, Any] | None] = {}
    waiting, deadline = [each.case_id for each in sents], monotonic() + PATIENCE
    while waiting and monotonic() < deadline:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found |= dict(zip(waiting, pool.map(manager.case, waiting), strict=True))
        waiting = [id for id in waiting if not _dealt_with(found[id])]
        sleep(1.0 if waiting else 0.0)
    return found


def _dealt_with(case: dict[str, Any] | None) -> bool:
    return case is not None and any(entry["type"] in ("routed", "triaged") for entry in case["timeline"])


def dead_letters(endpoint: str) -> int | None:
    """How many messages lie in the stage's dead-letter queues; None if AWS can't be asked."""
    if not endpoint:
        return None
    import boto3

    sqs: Any = boto3.client(
        "sqs", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    urls = [url for url in sqs.list_queues().get("QueueUrls", []) if url.endswith("-dead")]
    name = "ApproximateNumberOfMessages"
    return sum(int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name]) for url in urls)


def report(sents: Sequence[Sent], found: dict[str, dict[str, Any] | None], dead: int | None) -> dict[str, Any]:
    """The figures."""
    accepted = [each for each in sents if each.tracking]
    known = {id: case for id, case in found.items() if case}
    routed = [case for case in known.values() if any(entry["type"] == "routed" for entry in case["timeline"])]
    triaged = [case for case in known.values() if _dealt_with(case) and case not in routed]
    same = [each for each in accepted if each.case_id in known and _said(known[each.case_id]) == _plain(each.text)]
    return {
        "posted": len(sents),
        "accepted": len(accepted),
        "refused": dict(_counted(each.refused for each in sents if each.refused)),
        "sent twice": sum(len(each.tracking) > 1 for each in accepted),
        "doubled": sum(len(set(each.tracking)) > 1 for each in accepted) + sum(_received(case) != 1 for case in known.values()),
        "routed": len(routed),
        "to the manager's list": len(triaged),
        "lost": len(accepted) - len(same),
        "dead letters": dead,
        "seconds to accept": _spread([second for each in sents for second in each.seconds]),
        "seconds to route": _spread([_routing(case) for case in [*routed, *triaged]]),
    }


def _plain(text: str) -> str:
    return "".join(text.split())


def _said(case: dict[str, Any]) -> str:
    return _plain(case["words"][0]["text"])


def _received(case: dict[str, Any]) -> int:
    return sum(entry["type"] == "received" for entry in case["timeline"])


def _routing(case: dict[str, Any]) -> float:
    at = {entry["type"]: datetime.fromisoformat(entry["at"]) for entry in reversed(case["timeline"])}
    return (at.get("routed") or at["triaged"]).timestamp() - at["received"].timestamp()


def _counted(words: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in words:
        found[word] = found.get(word, 0) + 1
    return found


def _spread(values: Sequence[float]) -> dict[str, float]:
    if len(values) < 2:
        return {"median": round(values[0], 3)} if values else {}
    return {"median": round(median(values), 3), "95 %": round(quantiles(values, n=20)[-1], 3), "most": round(max(values), 3)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.replay", description=__doc__)
    parser.add_argument("--messages", type=Path, required=True)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--base-url", default="")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--endpoint-url", default="")
    given = parser.parse_args()
    if not given.messages.exists():
        raise SystemExit(
            f"There is no file {given.messages}. The messages are not part of this project: give the path of yours"
        )
    stack = json.loads(STACK.read_text()) if STACK.exists() else {}
    manager = stack.get("users", {}).get("manager", {})
    base_url = given.base_url or stack.get("base_url") or sys.exit("Which stack? Give --base-url, or bring one up: make run")
    with httpx.Client(base_url=base_url, timeout=60) as client:
        forms = [each["form_url"] for each in client.get("/v1/deputies").json()["items"] if each["form_url"]]
        sents = sent_all(client, forms, messages(given.messages, given.count))
        signed = signed_in(client, given.user or manager.get("name", ""), given.password or manager.get("password", ""))
        found = settled(signed, [each for each in sents if each.tracking])
    figures = report(sents, found, dead_letters(given.endpoint_url or stack.get("endpoint_url", "")))
    for name, figure in figures.items():
        print(f"{name:>24}: {figure}")
    sys.exit(int(figures["lost"] > 0 or figures["doubled"] > 0))


if __name__ == "__main__":
    main()
