"""Programs that are told of facts: signed, tried again with growing pauses, on record when given up (docs/webhooks.md).

What is told is that something happened, to what, and when: no word of anybody and no name. Each program has a message of its
own in the queue of notices, so that a slow one holds up nobody; a try that failed puts a later one into the queue. They are
told at least once: one that hears a thing twice knows it by its ``id``.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final, get_args

import msgspec

from chalicelib.directory.kinds import Event, OutgoingHook
from chalicelib.directory.model import Directory
from chalicelib.errors import NotFound
from chalicelib.outreach.channels import Undeliverable, code_of
from chalicelib.outreach.posting import post
from chalicelib.people import guard, secret
from chalicelib.people.roles import the_system
from chalicelib.settings import settings
from chalicelib.spine import dossiers, queue
from chalicelib.spine.chain import Entry
from chalicelib.spine.dossier import Dossier, Step
from chalicelib.spine.queue import Message
from chalicelib.telemetry import count, logger

OFFERED: Final = frozenset(get_args(Event))
SIGNATURE: Final = "Zerodistance-Signature"
PAUSES: Final = (60, 120, 240, 480)  # seconds before the next tries; then the longest that SQS can hold a message back
LONGEST_PAUSE: Final = 900
MOST_TRIES: Final = 24  # over some five hours
GONE: Final = 410
REST: Final = timedelta(seconds=30)  # so long a program that did not answer is not asked by the same process

_resting: dict[str, tuple[datetime, str]] = {}  # until when, and why


def forget() -> None:
    """Ask every program again."""
    _resting.clear()


@dataclass(frozen=True, kw_only=True)
class Deliveries(Dossier):
    """What one program was not told: a journal of its own, so that the case's holds only what happened to the case."""

    KIND: ClassVar[str] = "webhook"


class Told(msgspec.Struct, frozen=True):
    """What a program is told. ``id`` is the same however often it is told; ``of`` is the number of the case or demand."""

    id: str
    kind: str
    type: str
    of: str
    at: datetime


def log_id(hook: str) -> str:
    """The dossier in whose journal stands what a program was not told."""
    return f"webhook#{hook}"


def wanting(fact: str, directory: Directory) -> Iterator[OutgoingHook]:
    """The programs that want to be told of a fact ("case.answered")."""
    return (hook for hook in directory.webhooks if fact in hook.events)


def ask(message: Message, directory: Directory) -> int:
    """Put a message for each program that wants this fact into the queue of notices; how many."""
    fact = f"{message['kind']}.{message['type']}"
    asked = [message | {"webhook": hook.id} for hook in wanting(fact, directory)]
    return queue.send_all(settings.notices_queue, asked)


def body_of(entry: Entry) -> bytes:
    """What is posted of a fact."""
    told = Told(f"{entry.dossier}.{entry.seq}", entry.kind, entry.type, entry.dossier, entry.at.astimezone(UTC))
    return msgspec.json.encode(told)


def secret_of(hook: str, generation: int) -> str:
    """The secret that a program's messages are signed with: derived from the app's, so it is stored nowhere."""
    return f"whsec_{secret.key_for(f'webhook:{hook}:{generation}').hex()}"


def signature(hook: OutgoingHook, body: bytes, now: datetime) -> str:
    """The header ``Zerodistance-Signature``: the moment (epoch seconds), and HMAC-SHA256 over ``moment.body`` with the secret;
    from the second generation on also with the one before, so that a program can change over in its own time."""
    moment = int(now.timestamp())
    generations = range(hook.generation, max(hook.generation - 2, 0), -1)
    signed = (_hmac(secret_of(hook.id, generation), f"{moment}.".encode() + body) for generation in generations)
    return ",".join([f"t={moment}", *(f"v1={each}" for each in signed)])


def _hmac(key: str, text: bytes) -> str:
    return hmac.new(key.encode(), text, hashlib.sha256).hexdigest()


def deliver(message: Message, entry: Entry, directory: Directory, now: datetime) -> None:
    """Tell one program of one fact, or see to it that it is tried later, or put on record that it was given up."""
    hook = next((each for each in directory.webhooks if each.id == message["webhook"]), None)
    claim = f"told#{entry.dossier}#{entry.seq}#webhook:{message['webhook']}{message.get('replay', '')}"
    if hook is None or guard.outcome(claim):
        return
    failed, final = _try(hook, entry, now)
    if not failed:
        guard.settle(claim, "sent", now)
        count("WebhooksTold")
    elif final or int(message.get("tries", 1)) >= MOST_TRIES:
        _give_up(hook, entry, failed, claim, now)
    else:
        _later(message, failed)


def _try(hook: OutgoingHook, entry: Entry, now: datetime) -> tuple[str, bool]:
    """Why it could not be told ("" if it was), and whether that is for good."""
    until, why = _resting.get(hook.id, (now, ""))
    if now < until:
        return why, False
    body = body_of(entry)
    # By the wall clock: whoever is told compares it with theirs, whatever a demo does with the platform's.
    headers = {"Content-Type": "application/json", SIGNATURE: signature(hook, body, datetime.now(UTC))}
    try:
        status = post(hook.url, body, headers, local=settings.stage == "local")
    except Undeliverable as reason:
        return str(reason), True
    except OSError as error:
        _resting[hook.id] = now + REST, code_of(error)
        return code_of(error), False
    return ("" if 200 <= status < 300 else f"http_{status}"), status == GONE


def _later(message: Message, failed: str) -> None:
    tries = int(message.get("tries", 1))
    pause = PAUSES[tries - 1] if tries <= len(PAUSES) else LONGEST_PAUSE
    logger.info("A program was not told and will be", webhook=message["webhook"], because=failed, tries=tries)
    queue.send_all(settings.notices_queue, [message | {"tries": tries + 1}], delay=pause)


def _give_up(hook: OutgoingHook, entry: Entry, failed: str, claim: str, now: datetime) -> None:
    data = {"of": entry.dossier, "seq": entry.seq, "fact": f"{entry.kind}.{entry.type}", "because": failed}
    also = [guard.settled(claim, failed, now)]
    dossiers.insist(lambda: dossiers.record(_given_up(hook.id, data, now), also=also))
    logger.error("A program was given up", webhook=hook.id, because=failed, dossier=entry.dossier, seq=entry.seq)
    count("WebhooksGivenUp")


def _given_up(hook: str, data: dict[str, object], now: datetime) -> Step[Deliveries]:
    try:
        before: Deliveries | None = dossiers.load(Deliveries, log_id(hook))
    except NotFound:
        before = None
    after = replace(before) if before else Deliveries(id=log_id(hook), created_at=now, updated_at=now)
    return Step(before, after, "gave_up", the_system("notify"), now, data)
