"""Dead letters at the manager's desk: how many lie where, and a button that puts them back."""

from collections.abc import Mapping
from typing import Final

from chalice.app import Blueprint

from chalicelib.errors import Invalid
from chalicelib.settings import settings
from chalicelib.spine import letters
from chalicelib.spine.aws import client
from chalicelib.telemetry import logger
from chalicelib.web.desk import desk, page
from chalicelib.web.door import Answer, Request
from chalicelib.web.frame import moved
from chalicelib.web.reader import N_

routes = Blueprint(__name__)

MOST: Final = 100  # letters that one press puts back: it must answer within half a minute

QUEUES: Final[Mapping[str, str]] = {
    "routing": N_("Messages on their way to a body"),
    "deadlines": N_("Deadlines and reminders"),
    "notices": N_("Mails, text messages and programs that are told"),
    "patterns": N_("Messages that may be one common demand"),
    "followups": N_("What follows from a fact elsewhere"),
    "figures": N_("Figures"),
}
# What lies here is no message but a failed call: only the operator's command can make it once more.
CALLS: Final[Mapping[str, str]] = {
    "dispatch": N_("Facts on their way to the queues"),
    "mail-event": N_("Mails that came back"),
}


@desk(routes, "GET /work/letters")
def dead_letters(request: Request) -> Answer:
    """How many letters lie where. One call a queue."""
    counts = {name: letters.waiting(client("sqs"), _url(name) + letters.DEAD) for name in (*QUEUES, *CALLS)}
    back = request.query.get("back", "")
    done = QUEUES.get(request.query.get("queue", ""), "") if back.isascii() and back.isdigit() else ""
    return page(request, "work_letters.html", queues=QUEUES, calls=CALLS, counts=counts, done=done, back=back[:4], most=MOST)


@desk(routes, "POST /work/letters")
def put_letters_back(request: Request) -> Answer:
    """Put those of one queue back. Pressed twice it does no harm: a message is done once however often it comes."""
    queue = request.form.get("queue", "")
    if queue not in QUEUES:
        raise Invalid("queue", f"'{queue}' is none of {', '.join(QUEUES)}")
    back = letters.put_back(client("sqs"), _url(queue), MOST)
    logger.info("Dead letters were put back", queue=queue, letters=back, by=request.actor.id)
    return moved(f"letters?queue={queue}&back={back}", request)


def _url(queue: str) -> str:
    """A queue's URL; it ends in the queue's name."""
    return settings.routing_queue.removesuffix("routing") + queue
