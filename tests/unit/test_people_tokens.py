"""Access tokens: what is let in, and every forgery known of that is not."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.errors import NotAllowed, SignInNeeded
from chalicelib.people import tokens

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
POOL, CLIENT = "us-east-1_Abc123", "client1"
OURS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
THEIRS = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(autouse=True)
def _our_pool(monkeypatch):
    monkeypatch.setattr(tokens, "settings", replace(tokens.settings, user_pool=POOL, user_client=CLIENT))


def published(*names: str) -> bytes:
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OURS.public_key()))
    return json.dumps({"keys": [jwk | {"kid": name, "alg": "RS256", "use": "sig"} for name in names]}).encode()


class Pool:
    """A pool's key endpoint that counts how often it was asked."""

    def __init__(self, *names: str) -> None:
        self.names, self.asked, self.down = list(names), 0, False

    def __call__(self) -> bytes:
        self.asked += 1
        if self.down:
            raise OSError("no answer")
        return published(*self.names)


@pytest.fixture
def pool():
    return Pool("one")


@pytest.fixture
def keys(pool):
    return tokens.KeySet(pool)


def claims(**changed):
    moment = int(NOW.timestamp())
    said = {
        "sub": "0a1b", "iss": f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}", "client_id": CLIENT,
        "token_use": "access", "username": "deputy-li", "cognito:groups": ["deputy"], "origin_jti": "origin-1",
        "iat": moment, "exp": moment + 3600,
    }  # fmt: skip
    return {name: value for name, value in (said | changed).items() if value is not None}


def signed(key=OURS, kid="one", **changed) -> str:
    return jwt.encode(claims(**changed), key, algorithm="RS256", headers={"kid": kid})


def by_hand(header: dict, said: dict, sign) -> str:
    """A token made without a library's scruples."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, said)]
    signature = base64.urlsafe_b64encode(sign(b".".join(parts))).rstrip(b"=")
    return b".".join([*parts, signature]).decode()


def refused(token: str, keys, now=NOW) -> str:
    with pytest.raises(SignInNeeded) as error:
        tokens.verify(token, now, keys)
    return error.value.code


def test_a_good_token_tells_who_it_is(keys):
    told = tokens.verify(signed(), NOW, keys)
    assert (told.username, told.role, told.origin_jti) == ("deputy-li", "deputy", "origin-1")
    assert told.expires_at - told.issued_at == 3600


def test_a_token_is_good_until_the_second_it_expires(keys):
    assert tokens.verify(signed(), NOW + timedelta(seconds=3599), keys)
    assert refused(signed(), keys, NOW + timedelta(seconds=3600)) == "token_expired"


def test_the_moment_is_the_argument_and_not_the_machines_clock(keys):
    then = int(datetime(2001, 1, 1, tzinfo=UTC).timestamp())
    assert tokens.verify(signed(iat=then, exp=then + 60), datetime.fromtimestamp(then, UTC), keys)


def test_alg_none_is_refused(keys):
    unsigned = by_hand({"alg": "none", "kid": "one"}, claims(), lambda _: b"")
    assert refused(unsigned, keys) == "token_invalid"


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_hs256_with_the_public_key_as_secret_is_refused(keys, encoding):
    public = OURS.public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
    confused = by_hand({"alg": "HS256", "kid": "one"}, claims(), lambda text: hmac.digest(public, text, hashlib.sha256))
    assert refused(confused, keys) == "token_invalid"


def test_a_key_brought_along_in_the_header_is_not_used(keys):
    brought = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(THEIRS.public_key()))
    token = jwt.encode(claims(), THEIRS, algorithm="RS256", headers={"kid": "one", "jwk": brought, "jku": "http://evil"})
    assert refused(token, keys) == "token_invalid"


def test_another_rsa_algorithm_than_the_pools_is_refused(keys):
    assert refused(jwt.encode(claims(), OURS, algorithm="PS256", headers={"kid": "one"}), keys) == "token_invalid"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other9"},
        {"iss": "https://evil.example/" + POOL},
        {"client_id": "client2"},
        {"token_use": "id", "aud": CLIENT},
        {"client_id": None, "aud": CLIENT, "token_use": "id"},
        {"exp": None},
        {"username": None},
        {"origin_jti": None},
        {"token_use": None},
    ],
)
def test_a_token_for_something_else_is_refused(keys, changed):
    assert refused(signed(**changed), keys) == "token_invalid"


def test_a_changed_token_is_refused(keys):
    head, _, signature = signed().split(".")
    forged = base64.urlsafe_b64encode(json.dumps(claims(**{"cognito:groups": ["manager"]})).encode()).rstrip(b"=").decode()
    assert refused(f"{head}.{forged}.{signature}", keys) == "token_invalid"


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "....", "Bearer x", "\u4e00", "e30.e30.e30", "x" * 10_000])
def test_what_is_no_token_is_refused(keys, token):
    assert refused(token, keys) == "token_invalid"


def test_with_no_client_set_nobody_gets_in(keys, monkeypatch):
    monkeypatch.setattr(tokens, "settings", replace(tokens.settings, user_client=""))
    assert refused(signed(client_id=""), keys) == "token_invalid"


def test_the_keys_are_fetched_once(pool, keys):
    for minute in range(60):
        tokens.verify(signed(), NOW + timedelta(seconds=minute), keys)
    assert pool.asked == 1


def test_a_new_key_of_the_pool_is_found(pool, keys):
    tokens.verify(signed(), NOW, keys)
    pool.names.append("two")
    later = NOW + timedelta(seconds=61)
    assert tokens.verify(signed(kid="two"), later, keys).username == "deputy-li"


def test_forged_key_ids_make_us_ask_once_a_minute_at_most(pool, keys):
    for second in range(120):
        assert refused(signed(kid=f"forged-{second}"), keys, NOW + timedelta(seconds=second)) == "token_invalid"
    assert pool.asked <= 3


def test_a_key_that_the_pool_withdrew_is_gone_within_hours(pool, keys):
    tokens.verify(signed(), NOW, keys)
    pool.names[:] = ["two"]
    later = int(NOW.timestamp()) + 7 * 3600
    assert refused(signed(exp=later + 3600), keys, datetime.fromtimestamp(later, UTC)) == "token_invalid"


def test_while_the_pool_does_not_answer_known_keys_stay_good(pool, keys):
    tokens.verify(signed(), NOW, keys)
    pool.down = True
    later = NOW + timedelta(hours=7)
    assert tokens.verify(signed(exp=int(later.timestamp()) + 60), later, keys)


def test_a_pool_that_never_answered_is_an_error_and_no_way_in(pool, keys):
    pool.down = True
    with pytest.raises(OSError, match="no answer"):
        tokens.verify(signed(), NOW, keys)


@pytest.mark.parametrize("groups", [None, [], ["guests"], ["deputy", "manager"]])
def test_a_person_has_exactly_one_role(keys, groups):
    told = tokens.verify(signed(**{"cognito:groups": groups}), NOW, keys)
    with pytest.raises(NotAllowed, match="exactly one"):
        _ = told.role


def test_a_person_may_be_in_groups_that_are_no_roles(keys):
    assert tokens.verify(signed(**{"cognito:groups": ["staff-canteen", "officer"]}), NOW, keys).role == "officer"
