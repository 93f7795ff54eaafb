"""A proof of work instead of a riddle: ALTCHA, made and checked here, no third party asked.

Protocol (ALTCHA version 2, PBKDF2/SHA-256, https://altcha.org/docs/v2/proof-of-work): the page gets, as JSON,

    {"parameters": {"algorithm": "PBKDF2/SHA-256", "cost": 2000, "keyLength": 32, "keyPrefix": "<32 hex digits>",
                    "nonce": "<32 hex>", "salt": "<32 hex>", "keySignature": "<64 hex>", "data": {…}},
     "signature": "<64 hex>"}

For counter = 0, 1, 2 … the solver derives a key until its hex form begins with keyPrefix (at most 500 tries):

    const password = new Uint8Array(20);                      // nonce, then the counter as big-endian uint32
    password.set(bytes(p.nonce)); new DataView(password.buffer).setUint32(16, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const bits = await crypto.subtle.deriveBits(
        {name: "PBKDF2", hash: "SHA-256", salt: bytes(p.salt), iterations: p.cost}, key, 8 * p.keyLength);

and puts btoa(JSON.stringify({challenge, solution: {counter, derivedKey: hex(bits)}})) into the form's field "altcha";
``challenge`` is the object as it came. crypto.subtle exists on https and on localhost only: elsewhere leave the field empty.

PBKDF2 and not the plain SHA-256 of ALTCHA's first version: a phone's browser spends most of its time calling WebCrypto
there, while an attacker's machine runs native code a thousand times as fast; here both run native code. 600,000 rounds on
average: 0.2 s in a desktop's Chromium, 0.5 s in one slowed down six times, one to two on a cheap phone, which works while
the person is still writing. Checking costs two HMACs.

The challenge is bound to the form's case id, which can be used once: so a solution can't be used for a second case.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import altcha

from chalicelib.people.secret import key_for

Verdict = Literal["solved", "absent", "wrong", "expired"]

ALGORITHM: Final = "PBKDF2/SHA-256"
COST: Final = 2_000  # rounds a try; the server does one try to issue: 0.4 ms
FEWEST_TRIES: Final = 100
MOST_TRIES: Final = 500  # bounded, so that nobody waits for ever by bad luck
VALID: Final = timedelta(hours=1)
LONGEST_PAYLOAD: Final = 2_000  # characters; an honest one has about 800


def issue(case_id: str, now: datetime, below: Callable[[int], int] = secrets.randbelow) -> dict[str, Any]:
    """A challenge for one form, to be put on its page as JSON. ``below(n)`` gives a random number from 0 to n - 1."""
    made = altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=FEWEST_TRIES + below(MOST_TRIES - FEWEST_TRIES + 1),
        data={"case": case_id, "until": int((now + VALID).timestamp())},
        hmac_secret=key_for("challenge"),
        hmac_key_secret=key_for("challenge solution"),
    )
    return made.to_dict()


def check(payload: str, case_id: str, now: datetime) -> Verdict:
    """What the form's field "altcha" proves: solved, or absent, wrong (forged, another form's), expired (over an hour old).

    The time limit stands in ``data`` and not in ALTCHA's expiresAt, which its library holds against the machine's clock.
    """
    if not payload:
        return "absent"
    if len(payload) > LONGEST_PAYLOAD or not _genuine(payload):
        return "wrong"
    return _judged(altcha.Payload.from_base64(payload).challenge.parameters.data or {}, case_id, now)


def _genuine(payload: str) -> bool:
    result = altcha.verify_solution(payload, key_for("challenge"), hmac_key_secret=key_for("challenge solution"))
    return bool(result.verified)


def _judged(data: dict[str, Any], case_id: str, now: datetime) -> Verdict:
    if data["case"] != case_id:
        return "wrong"
    return "solved" if now.timestamp() <= data["until"] else "expired"
