"""The proof of work, solved here as the page's script solves it."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.people import challenge, secret

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
CASE = "7K3M9QXA2B4C"


@pytest.fixture(autouse=True, scope="module")
def _app_secret():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secret, "_secret", lambda: b"a secret for these tests only")
        yield


def solve(given: dict) -> dict:
    """The protocol as the module's docstring states it, in plain Python and without the library."""
    p = given["parameters"]
    nonce, salt = bytes.fromhex(p["nonce"]), bytes.fromhex(p["salt"])
    for counter in range(challenge.MOST_TRIES + 1):
        password = nonce + counter.to_bytes(4, "big")
        key = hashlib.pbkdf2_hmac("sha256", password, salt, p["cost"], p["keyLength"]).hex()
        if key.startswith(p["keyPrefix"]):
            return {"challenge": given, "solution": {"counter": counter, "derivedKey": key}}
    raise AssertionError("no solution within the promised number of tries")


def sent(solution: dict) -> str:
    return base64.b64encode(json.dumps(solution).encode()).decode()


@pytest.fixture(scope="module")
def solution(_app_secret):
    return solve(challenge.issue(CASE, NOW, below=lambda n: n // 2))


def test_a_solved_challenge_is_solved_for_an_hour(solution):
    assert challenge.check(sent(solution), CASE, NOW) == "solved"
    assert challenge.check(sent(solution), CASE, NOW + timedelta(hours=1)) == "solved"


def test_a_solution_may_say_how_long_it_took(solution):
    timed = solution | {"solution": solution["solution"] | {"time": 812.5}}
    assert challenge.check(sent(timed), CASE, NOW) == "solved"


def test_nothing_sent_is_absent():
    assert challenge.check("", CASE, NOW) == "absent"


def test_after_an_hour_it_is_expired(solution):
    assert challenge.check(sent(solution), CASE, NOW + timedelta(hours=1, seconds=1)) == "expired"


def test_the_hour_follows_the_clock_given_and_not_the_machines():
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    old = sent(solve(challenge.issue(CASE, long_ago, below=lambda _: 0)))
    assert challenge.check(old, CASE, long_ago + timedelta(minutes=5)) == "solved"


def test_a_solution_for_one_form_is_wrong_for_another(solution):
    assert challenge.check(sent(solution), "AAAABBBBCCCC", NOW) == "wrong"


def test_a_challenge_without_its_solution_is_wrong(solution):
    prefix = solution["challenge"]["parameters"]["keyPrefix"]
    lazy = {"challenge": solution["challenge"], "solution": {"counter": 5, "derivedKey": prefix + "00" * 16}}
    assert challenge.check(sent(lazy), CASE, NOW) == "wrong"


@pytest.mark.parametrize(
    ("name", "value"),
    [("cost", 1), ("keyPrefix", ""), ("keyLength", 1), ("data", {"case": CASE, "until": 9e9}), ("algorithm", "SHA-256")],
)
def test_a_challenge_made_easier_is_wrong(solution, name, value):
    easier = json.loads(json.dumps(solution))
    easier["challenge"]["parameters"][name] = value
    assert challenge.check(sent(easier), CASE, NOW) == "wrong"


def test_a_challenge_without_its_key_signature_is_wrong(solution):
    stripped = json.loads(json.dumps(solution))
    del stripped["challenge"]["parameters"]["keySignature"]
    assert challenge.check(sent(stripped), CASE, NOW) == "wrong"


def test_a_challenge_of_ones_own_making_is_wrong(solution):
    unsigned = json.loads(json.dumps(solution))
    unsigned["challenge"].pop("signature")
    assert challenge.check(sent(unsigned), CASE, NOW) == "wrong"


def test_a_giant_payload_is_wrong_before_it_is_read():
    assert challenge.check(sent({"a": "[" * 100_000}), CASE, NOW) == "wrong"


@given(st.text(min_size=1, max_size=100) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(sent))
def test_whatever_is_sent_is_judged_and_never_an_error(payload):
    assert challenge.check(payload, CASE, NOW) == "wrong"


@given(
    st.dictionaries(
        st.sampled_from(["challenge", "solution"]),
        st.integers()
        | st.lists(st.text())
        | st.dictionaries(
            st.sampled_from(["parameters", "signature", "counter", "derivedKey"]),
            st.integers() | st.text() | st.lists(st.none()),
        ),
    )
)
def test_shapes_close_to_a_payload_are_judged_too(almost):
    assert challenge.check(sent(almost), CASE, NOW) == "wrong"


def test_the_work_is_bounded():
    hardest = challenge.issue(CASE, NOW, below=lambda n: n - 1)
    assert solve(hardest)["solution"]["counter"] == challenge.MOST_TRIES
