"""The guard against abuse and against doing a thing twice. Every limit stands in the table below.

No address is stored: a counter's key is an HMAC of the address's network and the window, so rows of two windows can't
be told to be of one person. Many people share an address behind a mobile carrier, hence the generous limits.
"""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final, Literal
from zlib import crc32

from pynamodb.exceptions import DoesNotExist, PutError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.errors import Conflict, TooMany
from chalicelib.people import secret
from chalicelib.people.table import GuardRow
from chalicelib.spine.aws import Write, put

HOUR: Final = 3600
DAY: Final = 24 * HOUR

LimitName = Literal[
    "address_solved",
    "address_bare",
    "code_solved",
    "code_bare",
    "sign_in_address",
    "answer_address",
    "booking",
    "photo_address",
]


@dataclass(frozen=True)
class Limit:
    """At most ``most`` in a fixed window of ``window`` seconds; ``detail`` is told to who meets it."""

    most: int
    window: int
    detail: str

    def number(self, now: datetime) -> int:
        """Which window ``now`` is in."""
        return int(now.timestamp()) // self.window

    def ends(self, now: datetime) -> int:
        """When this window ends, epoch seconds."""
        return (self.number(now) + 1) * self.window

    def refusal(self, now: datetime) -> TooMany:
        """What to raise when the limit is reached; ``retry_after`` in seconds."""
        return TooMany(self.detail, max(1, self.ends(now) - int(now.timestamp())))


_NETWORK: Final = "Too many messages from this network in the last hour. Please try again later."
_CODE: Final = "This deputy is receiving unusually many messages at the moment. Please try again later."

# "solved": with a proof of work; "bare": without, e.g. no JavaScript.
LIMITS: Final[dict[LimitName, Limit]] = {
    "address_solved": Limit(120, HOUR, _NETWORK),
    "address_bare": Limit(20, HOUR, _NETWORK),
    "code_solved": Limit(4000, HOUR, _CODE),
    "code_bare": Limit(400, HOUR, _CODE),
    # People fill in a survey side by side, at one network of a hall or a school.
    "answer_address": Limit(60, HOUR, "Too many answers from this network in the last hour. Please try again later."),
    "booking": Limit(5, DAY, "Too many times of this day were booked from this network. Please book another day, or call."),
    "photo_address": Limit(120, HOUR, "Too many photos from this network in the last hour. Please try again later."),
    "sign_in_address": Limit(100, HOUR // 4, "Too many sign-ins from this network. Please try again later."),
}
SHARDS: Final = 8  # rows of a code's counter: one row would make transactions of a busy hour collide
REMEMBERED: Final = DAY  # how long an Idempotency-Key holds
KEPT: Final = 14 * DAY  # a claim outlives every retry and a dead letter that is put back


def count_submission(address: str, now: datetime, *, solved: bool) -> int:
    """Count one submission from this address: one UpdateItem. The count so far in this hour. Raises TooMany."""
    return _count("address_solved" if solved else "address_bare", address, now)


def count_answer(address: str, now: datetime) -> int:
    """Count one answer to a consultation from this address: one UpdateItem. The count so far in this hour. Raises TooMany."""
    return _count("answer_address", address, now)


def count_sign_in(address: str, now: datetime) -> int:
    """Count one try to sign in from this address: one UpdateItem. Raises TooMany."""
    return _count("sign_in_address", address, now)


def count_booking(activity: str, address: str, now: datetime) -> Write:
    """Count one time of this reception day that was booked from this address, as an update in the booking's transaction.

    Its condition fails when the limit is reached: then raise ``booking_refusal``. So nobody books a whole day away.
    """
    limit = LIMITS["booking"]
    row = GuardRow("booking#" + secret.sign("booking", activity, network(address), str(limit.number(now))))
    actions: list[Action] = [GuardRow.tally.add(1), GuardRow.expires.set(limit.ends(now))]
    condition = GuardRow.tally.does_not_exist() | (GuardRow.tally < limit.most)
    return lambda transaction: transaction.update(row, actions=actions, condition=condition)


def booking_refusal(now: datetime) -> TooMany:
    """What to raise when ``count_booking``'s condition did not hold."""
    return LIMITS["booking"].refusal(now)


def count_photo(address: str, now: datetime) -> int:
    """Count one place for a photo asked for from this address: one UpdateItem. Raises TooMany."""
    return _count("photo_address", address, now)


def count_code(code: str, case_id: str, now: datetime, *, solved: bool) -> Write:
    """Count one submission to this QR code, as an update in the submission's transaction.

    Its condition fails when the code's share of the limit is used up: then raise ``code_refusal``. The case id picks
    one of eight rows, each with an eighth of the limit, so a busy code may be refused a little before the whole limit.
    """
    limit, name = _code_limit(solved)
    shard = crc32(case_id.encode()) % SHARDS
    row = GuardRow(f"code#{name}#{code}#{shard}#{limit.number(now)}")
    actions: list[Action] = [GuardRow.tally.add(1), GuardRow.expires.set(limit.ends(now))]
    condition = GuardRow.tally.does_not_exist() | (GuardRow.tally < limit.most // SHARDS)

    def write(transaction: TransactWrite) -> None:
        transaction.update(row, actions=actions, condition=condition)

    return write


def code_refusal(now: datetime, *, solved: bool) -> TooMany:
    """What to raise when ``count_code``'s condition did not hold."""
    return _code_limit(solved)[0].refusal(now)


@dataclass(frozen=True)
class Remembered:
    """What a request with this Idempotency-Key led to: entry ``seq`` of ``dossier``; ``digest`` is of the request."""

    dossier: str
    seq: int
    digest: str


def remember(user: str, key: str, done: Remembered, now: datetime) -> Write:
    """Remember a request for 24 hours, as a put in its transaction; its condition fails if the key was used before."""
    expires = int(now.timestamp()) + REMEMBERED
    row = GuardRow(_idem(user, key), expires=expires, dossier=done.dossier, seq=done.seq, digest=done.digest)
    return _once(row, now)


def recall(user: str, key: str, digest: str, now: datetime) -> Remembered | None:
    """What this request led to, if it was made before: one consistent read.

    Raises Conflict (``idempotency_key_reused``) if the key came with another request, i.e. with another digest.
    """
    try:
        row = GuardRow.get(_idem(user, key), consistent_read=True)
    except DoesNotExist:
        return None
    if row.expires <= now.timestamp():
        return None
    if row.digest != digest:
        raise Conflict("this Idempotency-Key was used with another request; use a new key", "idempotency_key_reused")
    return Remembered(row.dossier or "", int(row.seq or 0), digest)


Claim = Literal["ours", "taken", "settled"]


def claim(key: str, now: datetime) -> Claim:
    """Claim something that must be done once. "ours": do it, then settle; "taken": someone began and never settled;
    "settled": it is done. One conditional put, and a read where that fails."""
    row = GuardRow(key, expires=int(now.timestamp()) + KEPT)
    try:
        row.save(_free(now))
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return "settled" if GuardRow.get(key, consistent_read=True).digest else "taken"
    return "ours"


def once(key: str, now: datetime, kept: int = KEPT) -> Write:
    """Something that is counted once in ``kept`` seconds, as a put in its transaction; its condition fails the second time."""
    return _once(GuardRow(key, expires=int(now.timestamp()) + kept), now)


def settled(key: str, outcome: str, now: datetime) -> Write:
    """What came of a claim, as a put in a transaction."""
    return put(GuardRow(key, expires=int(now.timestamp()) + KEPT, digest=outcome))


def settle(key: str, outcome: str, now: datetime) -> None:
    """What came of a claim, written alone."""
    GuardRow(key, expires=int(now.timestamp()) + KEPT, digest=outcome).save()


def outcome(key: str) -> str:
    """What came of a claim, "" if it is not settled. One consistent read."""
    try:
        return GuardRow.get(key, consistent_read=True).digest or ""
    except DoesNotExist:
        return ""


def release(key: str) -> None:
    """Give a claim back: it was not done and will be tried again."""
    GuardRow(key).delete()


def network(address: str) -> str:
    """Whom an address counts for: an IPv4 address itself, the /64 of an IPv6 address, "unknown" for anything else."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed.packed, 64), strict=False))
    return str(parsed)


def _count(name: LimitName, address: str, now: datetime) -> int:
    limit = LIMITS[name]
    row = GuardRow("address#" + secret.sign("address", name, network(address), str(limit.number(now))))
    row.update(actions=[GuardRow.tally.add(1), GuardRow.expires.set(limit.ends(now))])
    count = int(row.tally or 0)
    if count > limit.most:
        raise limit.refusal(now)
    return count


def _code_limit(solved: bool) -> tuple[Limit, LimitName]:
    name: LimitName = "code_solved" if solved else "code_bare"
    return LIMITS[name], name


def _once(row: GuardRow, now: datetime) -> Write:
    return put(row, _free(now))


def _free(now: datetime) -> Condition:
    """Nothing is there yet; a row past its time counts as gone, though the TTL has not removed it yet."""
    free: Condition = GuardRow.key.does_not_exist() | (GuardRow.expires <= int(now.timestamp()))
    return free


def _idem(user: str, key: str) -> str:
    """The length keeps user "a#b" with key "c" apart from user "a" with key "b#c"."""
    return f"idem#{len(user)}#{user}#{key}"
