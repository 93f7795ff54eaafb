"""Signing in, staying in and getting out, on Cognito and DynamoDB as moto plays them."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from moto.utilities.utils import load_resource
from pynamodb.exceptions import PutError

from chalicelib.errors import Invalid, SignInNeeded, TooMany
from chalicelib.people import ended, lockout, signin, tokens
from chalicelib.people.guard import LIMITS, Limit
from chalicelib.people.table import GuardRow
from chalicelib.settings import settings
from chalicelib.spine.aws import client
from tests.support.cloud import add_user

ADDRESS, ELSEWHERE = "203.0.113.9", "198.51.100.7"
FIRST, OWN = "First-pass-1!", "Own-password-2!"

pytestmark = pytest.mark.usefixtures("cloud", "people")


@pytest.fixture
def people(cloud, monkeypatch):  # noqa: ARG001 - the pool must stand before the people in it
    """A deputy, li, with a password of his own, and an officer, wu, who never signed in."""
    add_user("li", "deputy", OWN)
    cognito, pool = client("cognito-idp"), settings.user_pool
    cognito.admin_create_user(UserPoolId=pool, Username="wu", TemporaryPassword=FIRST)
    cognito.admin_add_user_to_group(UserPoolId=pool, Username="wu", GroupName="officer")
    monkeypatch.setattr(tokens.pool_keys, "_fetch", _motos_keys)


def _motos_keys() -> bytes:
    return json.dumps(load_resource("cognitoidp/resources/jwks-public.json")).encode()


@pytest.fixture
def cognito():
    """Answers an operation of Cognito's in moto's place, and returns the list of what it is sent from then on."""
    events, hung = client("cognito-idp").meta.events, []

    def answer(operation, answer, status=200, hang=events.register_first):
        sent = []

        def play(params, **_):
            sent.append(json.loads(params["body"]))
            return (AWSResponse("", status, {}, None), answer) if answer is not None else None

        hung.append((f"before-call.cognito-identity-provider.{operation}", play))
        hang(*hung[-1])
        return sent

    yield answer
    for name, play in hung:
        events.unregister(name, play)


@pytest.fixture(autouse=True)
def revoked(cognito):
    """What RevokeToken, which moto does not know, is sent."""
    return cognito("RevokeToken", {}, hang=client("cognito-idp").meta.events.register_last)


@pytest.fixture
def now():
    """moto stamps its tokens by the machine's clock."""
    return datetime.now(UTC)


@pytest.fixture
def calls():
    """The names of the DynamoDB calls that are made."""
    made = []
    events = GuardRow._get_connection().connection.client.meta.events
    events.register("before-call.dynamodb", note := lambda model, **_: made.append(model.name))
    yield made
    events.unregister("before-call.dynamodb", note)


def refused(function, *arguments, **named) -> str:
    with pytest.raises((SignInNeeded, TooMany)) as error:
        function(*arguments, **named)
    return error.value.code


def guess(now, name="li", times=1, address=ADDRESS) -> list[str]:
    return [refused(signin.sign_in, name, f"guess-{n}", address, now) for n in range(times)]


# In


def test_a_deputy_signs_in_and_is_known(now):
    session = signin.sign_in("li", OWN, ADDRESS, now)
    assert (session.claims.username, session.claims.role, session.expires_in) == ("li", "deputy", 3600)
    assert signin.current(session.access_token, now) == session.claims


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(now):
    def answer(name):
        with pytest.raises(SignInNeeded) as error:
            signin.sign_in(name, "a guess", ADDRESS, now)
        return error.value.code, error.value.detail, error.value.extras

    assert answer("li") == answer("nobody")


def test_a_disabled_person_gets_the_answer_of_a_wrong_password(now):
    client("cognito-idp").admin_disable_user(UserPoolId=settings.user_pool, Username="li")
    assert refused(signin.sign_in, "li", OWN, ADDRESS, now) == "wrong_credentials"


@pytest.mark.parametrize(("name", "password"), [("", "x"), ("li", ""), ("", "")])
def test_nothing_given_is_wrong_and_asks_nobody(now, calls, name, password):
    assert refused(signin.sign_in, name, password, ADDRESS, now) == "wrong_credentials"
    assert calls == []


def test_the_first_password_must_be_replaced(now):
    assert refused(signin.sign_in, "wu", FIRST, ADDRESS, now) == "new_password_needed"
    session = signin.set_first_password("wu", FIRST, OWN, ADDRESS, now)
    assert session.claims.role == "officer"
    assert signin.sign_in("wu", OWN, ADDRESS, now).claims.username == "wu"
    assert refused(signin.sign_in, "wu", FIRST, ADDRESS, now) == "wrong_credentials"


def test_a_weak_new_password_is_refused_with_its_reason(now):
    with pytest.raises(Invalid) as error:
        signin.set_first_password("wu", FIRST, "weak", ADDRESS, now)
    assert error.value.field == "new_password"
    assert refused(signin.sign_in, "wu", FIRST, ADDRESS, now) == "new_password_needed"


def test_setting_a_first_password_needs_the_old_one(now):
    assert refused(signin.set_first_password, "wu", "a guess", OWN, ADDRESS, now) == "wrong_credentials"
    assert refused(signin.sign_in, "wu", OWN, ADDRESS, now) == "wrong_credentials"


def test_a_password_once_set_is_not_replaced_by_the_first_password_door(now):
    signin.set_first_password("li", OWN, "Another-pass-3!", ADDRESS, now)
    assert signin.sign_in("li", OWN, ADDRESS, now)


def test_a_session_in_a_log_line_tells_no_token(now):
    session = signin.sign_in("li", OWN, ADDRESS, now)
    assert session.access_token not in repr(session)
    assert session.refresh_token not in repr(session)


def test_a_second_factor_that_is_not_offered_is_told(now, cognito):
    cognito("AdminInitiateAuth", {"ChallengeName": "SMS_MFA", "Session": "s" * 20})
    assert refused(signin.sign_in, "li", OWN, ADDRESS, now) == "not_offered"


@pytest.mark.parametrize(
    ("cognitos", "ours"),
    [
        ("PasswordResetRequiredException", "password_reset_needed"),
        ("UserNotConfirmedException", "wrong_credentials"),
        ("InvalidParameterException", "wrong_credentials"),
        ("TooManyRequestsException", "too_many"),
    ],
)
def test_what_cognito_refuses_is_told_in_our_words(now, cognito, cognitos, ours):
    cognito("AdminInitiateAuth", {"Error": {"Code": cognitos, "Message": "?"}}, 400)
    assert refused(signin.sign_in, "li", OWN, ADDRESS, now) == ours


def test_an_error_of_cognitos_own_is_not_told_as_a_wrong_password(now, cognito):
    cognito("AdminInitiateAuth", {"Error": {"Code": "InternalErrorException", "Message": "?"}}, 400)
    with pytest.raises(ClientError, match="InternalError"):
        signin.sign_in("li", OWN, ADDRESS, now)


# Locked out


def test_after_five_wrong_passwords_the_right_one_waits_too(now):
    assert guess(now, times=6) == ["wrong_credentials"] * 5 + ["locked_out"]
    assert refused(signin.sign_in, "li", OWN, ELSEWHERE, now) == "locked_out"
    assert signin.sign_in("li", OWN, ADDRESS, now + timedelta(minutes=15)).claims.username == "li"


def test_a_right_password_forgets_the_wrong_ones(now):
    for _ in range(3):
        guess(now, times=4)
        signin.sign_in("li", OWN, ADDRESS, now)


def test_an_unknown_name_is_locked_out_like_a_known_one(now):
    assert guess(now, "nobody", times=6) == ["wrong_credentials"] * 5 + ["locked_out"]


def test_capitals_and_blanks_do_not_give_more_tries(now):
    names = ["li", "LI", "Li", " li", "li "]
    assert [refused(signin.sign_in, name, "a guess", ADDRESS, now) for name in names] == ["wrong_credentials"] * 5
    assert refused(signin.sign_in, "lI", "a guess", ADDRESS, now) == "locked_out"


def test_one_person_locked_out_leaves_the_others_in(now):
    guess(now, times=6)
    assert refused(signin.sign_in, "wu", FIRST, ADDRESS, now) == "new_password_needed"


def test_guesses_sent_at_once_are_counted_before_they_are_tried(now, cognito):
    tried = cognito("AdminInitiateAuth", None)
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda n: refused(signin.sign_in, "li", f"guess-{n}", ADDRESS, now), range(40)))
    assert set(codes) == {"wrong_credentials", "locked_out"}
    assert 1 <= len(tried) <= lockout.TRIES


def test_a_try_that_meets_another_at_the_same_moment_waits_a_second(now, monkeypatch):
    rows = lockout._row

    def slow(key):
        row = rows(key)
        GuardRow(key, expires=0, tally=1, until=1).save()
        return row

    monkeypatch.setattr(lockout, "_row", slow)
    with pytest.raises(TooMany) as error:
        signin.sign_in("li", OWN, ADDRESS, now)
    assert error.value.retry_after == 1


def test_a_table_that_does_not_answer_is_no_lockout(now):
    events = GuardRow._get_connection().connection.client.meta.events
    refusal = AWSResponse("", 400, {}, None), {"Error": {"Code": "AccessDeniedException", "Message": "?"}}
    events.register("before-call.dynamodb.PutItem", play := lambda **_: refusal)
    with pytest.raises(PutError, match="AccessDenied"):
        lockout.count_try("li", now)
    events.unregister("before-call.dynamodb.PutItem", play)


def test_one_address_can_not_try_name_after_name(now, monkeypatch):
    monkeypatch.setitem(LIMITS, "sign_in_address", Limit(3, 900, "too many"))
    codes = [refused(signin.sign_in, f"name-{n}", "Spring2026!", ADDRESS, now) for n in range(4)]
    assert codes == ["wrong_credentials"] * 3 + ["too_many"]
    assert signin.sign_in("li", OWN, ELSEWHERE, now)


def test_no_user_name_is_stored_by_the_count(now):
    guess(now, "a-telling-name")
    assert not any("telling" in str(row.attribute_values) for row in GuardRow.scan())


def test_a_sign_in_costs_four_calls(now, calls):
    signin.sign_in("li", OWN, ADDRESS, now)
    assert calls == ["UpdateItem", "GetItem", "PutItem", "DeleteItem"]


# Staying in


def test_a_refresh_gives_a_new_access_token_of_the_same_sign_in(now):
    first = signin.sign_in("li", OWN, ADDRESS, now)
    second = signin.refresh(first.refresh_token, now)
    assert second.refresh_token == first.refresh_token
    assert second.access_token != first.access_token
    assert second.claims.origin_jti == first.claims.origin_jti


@pytest.mark.parametrize("token", ["", "no-such-token"])
def test_a_refresh_with_nothing_good_is_refused(now, token):
    assert refused(signin.refresh, token, now) == "refresh_invalid"


def test_an_expired_access_token_is_told_from_a_bad_one(now):
    session = signin.sign_in("li", OWN, ADDRESS, now)
    assert refused(signin.current, session.access_token, now + timedelta(hours=1, seconds=1)) == "token_expired"
    assert refused(signin.current, session.access_token + "x", now) == "token_invalid"


def test_knowing_who_it_is_costs_a_read_in_ten_seconds_and_no_more(now, calls):
    token = signin.sign_in("li", OWN, ADDRESS, now).access_token
    calls.clear()
    for tenth in range(100):
        signin.current(token, now + timedelta(seconds=tenth / 10))
    assert calls == ["GetItem"]


# Out


def test_after_signing_out_the_access_token_is_refused(now, revoked):
    session = signin.sign_in("li", OWN, ADDRESS, now)
    signin.current(session.access_token, now)
    signin.sign_out(session.access_token, now, session.refresh_token)
    assert refused(signin.current, session.access_token, now) == "signed_out"
    assert [request["Token"] for request in revoked] == [session.refresh_token]


def test_another_process_knows_it_within_ten_seconds(now):
    session = signin.sign_in("li", OWN, ADDRESS, now)
    signin.current(session.access_token, now)
    elsewhere = dict(ended._ended)
    signin.sign_out(session.access_token, now, session.refresh_token)
    ended._ended.clear()
    ended._ended.update(elsewhere)
    assert signin.current(session.access_token, now + timedelta(seconds=10))
    assert refused(signin.current, session.access_token, now + timedelta(seconds=11)) == "signed_out"


def test_access_tokens_refreshed_from_the_same_sign_in_are_refused_too(now):
    first = signin.sign_in("li", OWN, ADDRESS, now)
    second = signin.refresh(first.refresh_token, now)
    signin.sign_out(first.access_token, now, first.refresh_token)
    assert refused(signin.current, second.access_token, now) == "signed_out"
    assert refused(signin.refresh, first.refresh_token, now) == "signed_out"


def test_a_token_refreshed_late_in_the_hour_is_refused_too(now):
    claims = signin.sign_in("li", OWN, ADDRESS, now).claims
    later = replace(claims, expires_at=claims.expires_at + 3500)
    earlier = replace(claims, expires_at=claims.expires_at - 3500)
    ended.end(claims, datetime.fromtimestamp(claims.expires_at - 50, UTC))
    ended.forget()
    for sibling in (claims, later):
        with pytest.raises(SignInNeeded):
            ended.refuse_ended(sibling, now)
    assert earlier.expires_at < claims.expires_at - 50  # it was expired before the sign-out, nothing to end


def test_the_same_person_signed_in_elsewhere_stays_in(now):
    phone, desk = (signin.sign_in("li", OWN, address, now) for address in (ADDRESS, ELSEWHERE))
    signin.sign_out(phone.access_token, now, phone.refresh_token)
    assert signin.current(desk.access_token, now)


def test_without_the_refresh_token_no_sign_in_of_the_person_can_be_refreshed(now):
    phone, desk = (signin.sign_in("li", OWN, address, now) for address in (ADDRESS, ELSEWHERE))
    signin.sign_out(phone.access_token, now)
    assert refused(signin.current, phone.access_token, now) == "signed_out"
    assert refused(signin.refresh, phone.refresh_token, now) == "refresh_invalid"
    assert refused(signin.refresh, desk.refresh_token, now) == "refresh_invalid"


def test_signing_out_twice_does_no_harm(now):
    session = signin.sign_in("li", OWN, ADDRESS, now)
    signin.sign_out(session.access_token, now)
    signin.sign_out(session.access_token, now)
    assert refused(signin.current, session.access_token, now) == "signed_out"


@pytest.mark.parametrize("token", ["", "a refresh token"])
def test_a_sign_out_that_cognito_can_not_take_now_is_told_and_can_be_repeated(now, cognito, token):
    session = signin.sign_in("li", OWN, ADDRESS, now)
    for operation in ("RevokeToken", "GlobalSignOut"):
        cognito(operation, {"Error": {"Code": "TooManyRequestsException"}}, 400)
    assert refused(signin.sign_out, session.access_token, now, token) == "too_many"
    assert signin.current(session.access_token, now)


def test_signing_out_with_a_forged_token_ends_nothing(now):
    session = signin.sign_in("li", OWN, ADDRESS, now)
    assert refused(signin.sign_out, session.access_token + "x", now) == "token_invalid"
    assert signin.refresh(session.refresh_token, now)


def test_ended_sign_ins_are_removed_by_the_tables_ttl(now):
    session = signin.sign_in("li", OWN, ADDRESS, now)
    signin.sign_out(session.access_token, now, session.refresh_token)
    rows = [row for row in GuardRow.scan() if row.key.startswith("signed-out#")]
    assert all(session.claims.expires_at - 3600 < row.expires <= session.claims.expires_at + 3600 for row in rows)
    assert max(row.expires for row in rows) > session.claims.expires_at
