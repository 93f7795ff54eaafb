"""Stamps set unread: the voter's side and the server's side of RFC 9474, against its appendix A.1 and against each other."""

import json
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.supervision.stamp import PREFIX, NoStamp, PublicKey, bare, new_key, public_of, stamp
from zerodistance_client.blind import BadStamp, Envelope, folded, prepared, unfolded

# RSABSSA-SHA384-PSS-Randomized: https://www.rfc-editor.org/rfc/rfc9474#appendix-A.1
VECTOR = json.loads((Path(__file__).parent / "rfc9474_a1.json").read_text())
BYTES = {name: bytes.fromhex(value) for name, value in VECTOR.items()}
NUMBER = {name: int(value, 16) for name, value in VECTOR.items()}


@cache
def a_key() -> tuple[bytes, PublicKey]:
    return new_key()


def rfc_key() -> rsa.RSAPrivateNumbers:
    p, q, d = NUMBER["p"], NUMBER["q"], NUMBER["d"]
    return rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(NUMBER["e"], NUMBER["n"])
    )


def rfc_envelope() -> Envelope:
    factor = pow(NUMBER["inv"], -1, NUMBER["n"])
    return folded(BYTES["prepared_msg"], VECTOR["n"], BYTES["salt"], factor)


def test_the_voters_side_makes_the_rfcs_envelope() -> None:
    assert prepared(BYTES["msg"], BYTES["msg_prefix"]) == BYTES["prepared_msg"]
    assert rfc_envelope().blinded == BYTES["blinded_msg"]


def test_the_servers_side_sets_the_rfcs_stamp() -> None:
    assert bare(rfc_key(), BYTES["blinded_msg"]) == BYTES["blind_sig"]


def test_the_stamp_comes_off_as_the_rfcs_signature_and_holds() -> None:
    signature = unfolded(rfc_envelope(), BYTES["blind_sig"], VECTOR["n"])
    assert signature == BYTES["sig"]
    assert public_of(NUMBER["n"]).holds(BYTES["prepared_msg"], signature)


@settings(max_examples=20, deadline=None)
@given(ballot=st.binary(max_size=2_000))
def test_what_was_stamped_unread_holds_for_that_ballot_and_for_no_other(ballot: bytes) -> None:
    secret, public = a_key()
    envelope = folded(prepared(ballot), public.modulus)
    signature = unfolded(envelope, stamp(secret, envelope.blinded), public.modulus)
    assert public.holds(envelope.message, signature)
    assert not public.holds(prepared(ballot), signature)
    assert not public.holds(envelope.message + b" ", signature)


def test_the_same_ballot_never_comes_in_the_same_envelope() -> None:
    _, public = a_key()
    envelopes = [folded(prepared(b"all satisfied"), public.modulus) for _ in range(20)]
    assert len({envelope.blinded for envelope in envelopes} | {envelope.message for envelope in envelopes}) == 40
    assert all(len(envelope.message) == PREFIX + 13 for envelope in envelopes)


def test_every_envelope_could_have_held_every_ballot() -> None:
    """For any envelope that the server saw and any stamped ballot that it sees later there is a factor that leads from the one
    to the other: so they say nothing of each other, whatever is computed."""
    secret, public = a_key()
    n = int(public.modulus, 16)
    envelopes = [folded(prepared(text), public.modulus) for text in (b"satisfied", b"dissatisfied")]
    stamped = [(e, unfolded(e, stamp(secret, e.blinded), public.modulus)) for e in envelopes]
    for seen in envelopes:
        for _, signature in stamped:
            encoded = pow(int.from_bytes(signature, "big"), 65_537, n)
            blind = int.from_bytes(stamp(secret, seen.blinded), "big") * pow(int.from_bytes(signature, "big"), -1, n) % n
            assert encoded * pow(blind, 65_537, n) % n == int.from_bytes(seen.blinded, "big")


def test_a_stamp_of_another_key_or_a_changed_one_is_none() -> None:
    secret, public = a_key()
    envelope = folded(prepared(b"x"), public.modulus)
    good = stamp(secret, envelope.blinded)
    for bad in (good[:-1] + bytes([good[-1] ^ 1]), good[1:], bytes(public.length), stamp(new_key()[0], envelope.blinded[:0] +
                (5).to_bytes(public.length, "big"))):  # fmt: skip
        with pytest.raises(BadStamp):
            unfolded(envelope, bad, public.modulus)


@pytest.mark.parametrize("wrong", ["short", "long", "zero", "modulus"])
def test_what_can_be_no_envelope_is_not_stamped(wrong: str) -> None:
    secret, public = a_key()
    n = int(public.modulus, 16)
    sent = {
        "short": bytes(public.length - 1),
        "long": bytes(public.length + 1),
        "zero": bytes(public.length),
        "modulus": n.to_bytes(public.length, "big"),
    }
    with pytest.raises(NoStamp):
        stamp(secret, sent[wrong])


def test_a_key_too_small_for_the_encoding_is_refused() -> None:
    with pytest.raises(ValueError, match="too small"):
        folded(prepared(b"x"), "c5")
