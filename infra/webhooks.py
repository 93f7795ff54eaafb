"""Webhooks, for the operator (docs/webhooks.md).

``python -m infra.webhooks secret ID --stage prod`` shows the secret of a program; ``replay --since MOMENT --stage prod`` tells
programs again of what happened since then, ``--given-up`` only of what they were never told.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from infra import stack, within

if TYPE_CHECKING:
    from chalicelib.directory.kinds import OutgoingHook
    from chalicelib.directory.model import Directory
    from chalicelib.spine.queue import Message


def show_secret(hook: str, say: stack.Say = print) -> int:
    """Say the secret that a program's messages are signed with now; 1 if there is no such program."""
    from chalicelib.directory import service as directory
    from chalicelib.outreach import webhooks

    known = {each.id: each for each in directory.edition(datetime.now(UTC)).webhooks}
    if hook not in known:
        say(f"There is no webhook '{hook}' in use; there are: {', '.join(known) or 'none'}")
        return 1
    say(webhooks.secret_of(hook, known[hook].generation))
    return 0


def replay(since: datetime, hook: str = "", *, given_up: bool = False, now: datetime, say: stack.Say = print) -> int:
    """Put into the queue what programs are to be told again, of all or of one of them; how many messages."""
    from chalicelib.directory import service as directory
    from chalicelib.outreach import webhooks
    from chalicelib.settings import settings
    from chalicelib.spine import queue

    known = directory.edition(now)
    wanted = [each for each in known.webhooks if hook in ("", each.id)]
    told = _given_up(wanted, since) if given_up else _since(known, wanted, since)
    again = (message | {"replay": f"#again:{now.isoformat()}"} for message in told)
    number = queue.send_all(settings.notices_queue, again)
    say(f"{number} messages to {', '.join(each.id for each in wanted) or 'nobody'}; signed by {webhooks.SIGNATURE}")
    return number


def _since(known: "Directory", wanted: "Sequence[OutgoingHook]", since: datetime) -> "Iterator[Message]":
    """What happened since then and is wanted: a look through the whole journal, which only an operator does."""
    from chalicelib.outreach import webhooks
    from chalicelib.spine.journal import JournalRow

    ids = {each.id for each in wanted}
    for row in JournalRow.scan(JournalRow.at >= since.astimezone(UTC).isoformat()):
        for each in webhooks.wanting(f"{row.kind}.{row.type}", known):
            if each.id in ids:
                yield _message(row.dossier, int(row.seq), str(row.kind), row.type, each.id)


def _given_up(wanted: "Sequence[OutgoingHook]", since: datetime) -> "Iterator[Message]":
    from chalicelib.outreach import webhooks
    from chalicelib.spine import journal

    for hook in wanted:
        for entry in journal.entries(webhooks.log_id(hook.id)):
            kind, _, fact = str(entry.data["fact"]).partition(".")
            if entry.at >= since:
                yield _message(str(entry.data["of"]), int(entry.data["seq"]), kind, fact, hook.id)


def _message(dossier: str, seq: int, kind: str, fact: str, hook: str) -> "Message":
    return {"dossier": dossier, "seq": seq, "kind": kind, "type": fact, "webhook": hook, "correlation": "replay"}


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its offset: 2026-11-24T08:00:00+08:00")
    return moment


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.webhooks", description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["secret", "replay"])
    parser.add_argument("webhook", nargs="?", default="", help="only this one; 'secret' needs it")
    parser.add_argument("--since", type=_moment, help="2026-11-24T08:00:00+08:00; 'replay' needs it")
    parser.add_argument("--given-up", action="store_true", help="only what was given up")
    parser.add_argument("--stage", default="local")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if (given.what == "secret" and not given.webhook) or (given.what == "replay" and given.since is None):
        parser.error("'secret' needs a webhook's id, 'replay' needs --since")
    if not given.here:
        return within.stage("infra.webhooks", given.stage, list(arguments if arguments is not None else sys.argv[1:]))
    if given.what == "secret":
        return show_secret(given.webhook)
    replay(given.since, given.webhook, given_up=given.given_up, now=datetime.now(UTC))
    return 0


if __name__ == "__main__":
    sys.exit(main())
