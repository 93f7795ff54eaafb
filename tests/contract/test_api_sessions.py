"""Signing in, staying in and signing out, at the door."""

import time
from collections.abc import Callable

import httpx
import pytest

from app import app
from chalicelib.people import ended
from chalicelib.settings import settings
from chalicelib.spine.aws import client
from tests.contract.conftest import Person
from tests.contract.test_api_permissions import code_of
from tests.support.api import BASE_URL, AppTransport, signed_again

Users = dict[str, Person]
WRONG = "not-the-password"


def sign_in(who: httpx.Client, user: Person, password: str = "") -> httpx.Response:
    return who.post("/v1/session", json={"username": user.username, "password": password or user.password})


def me(who: httpx.Client, token: str) -> httpx.Response:
    return who.get("/v1/me", headers={"Authorization": f"Bearer {token}"})


def test_who_signs_in_is_told_who_they_are(anyone: httpx.Client, users: Users) -> None:
    session = sign_in(anyone, users["deputy"]).json()
    assert (session["role"], session["name"], session["expires_in"]) == ("deputy", "林见微", 3600)
    assert me(anyone, session["access_token"]).json() == {
        "username": "deputy.lin", "name": "林见微", "role": "deputy", "deputy": "lin-jianwei", "body": "",
    }  # fmt: skip


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_word_bearer_may_be_written_as_one_likes(scheme: str, anyone: httpx.Client, token_of: Callable[[str], str]) -> None:
    assert anyone.get("/v1/me", headers={"authorization": f"{scheme}  {token_of('officer')} "}).status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "token", "Bearer a b c"])
def test_what_is_no_bearers_token_is_no_sign_in(header: str, anyone: httpx.Client) -> None:
    assert anyone.get("/v1/me", headers={"Authorization": header}).status_code == 401


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(anyone: httpx.Client, users: Users) -> None:
    known, unknown = (sign_in(anyone, user, WRONG) for user in (users["deputy"], Person("nobody", WRONG, "")))
    assert (known.status_code, code_of(known)) == (401, "wrong_credentials")
    assert known.json() == unknown.json()


def test_after_five_failed_tries_the_right_password_waits_too(anyone: httpx.Client, users: Users) -> None:
    for _ in range(5):
        assert code_of(sign_in(anyone, users["deputy"], WRONG)) == "wrong_credentials"
    locked = sign_in(anyone, users["deputy"])
    assert (locked.status_code, code_of(locked)) == (429, "locked_out")
    assert 0 < locked.json()["retry_after"] <= 15 * 60
    assert locked.headers["retry-after"] == str(locked.json()["retry_after"])
    assert sign_in(anyone, users["officer"]).status_code == 200


def test_the_lock_is_one_also_from_elsewhere(users: Users, app_transport: AppTransport, anyone: httpx.Client) -> None:
    for _ in range(5):
        sign_in(anyone, users["deputy"], WRONG)
    app_transport.address = "198.51.100.7"
    assert code_of(sign_in(anyone, users["deputy"])) == "locked_out"


def test_a_refresh_gives_a_new_token_of_the_same_sign_in(anyone: httpx.Client, users: Users) -> None:
    first = sign_in(anyone, users["deputy"]).json()
    again = anyone.post("/v1/session/refresh", json={"refresh_token": first["refresh_token"]})
    assert again.status_code == 200
    assert again.json()["role"] == "deputy"
    assert me(anyone, again.json()["access_token"]).status_code == 200


def test_a_refresh_with_what_is_none_is_refused(anyone: httpx.Client) -> None:
    answer = anyone.post("/v1/session/refresh", json={"refresh_token": "none"})
    assert (answer.status_code, code_of(answer)) == (401, "refresh_invalid")


@pytest.mark.parametrize("with_refresh_token", [True, False])
def test_after_signing_out_the_token_is_refused(
    with_refresh_token: bool, anyone: httpx.Client, users: Users, revoked: list[str]
) -> None:
    session = sign_in(anyone, users["deputy"]).json()
    held = {"refresh_token": session["refresh_token"]} if with_refresh_token else {}
    headers = {"Authorization": f"Bearer {session['access_token']}"}
    out = anyone.request("DELETE", "/v1/session", json=held, headers=headers)
    assert (out.status_code, out.content) == (204, b"")
    assert revoked == list(held.values())
    for _ in range(2):
        answer = me(anyone, session["access_token"])
        assert (answer.status_code, code_of(answer)) == (401, "signed_out")
        ended.forget()  # another process, which reads what was written


def test_signing_out_without_a_body_is_enough(anyone: httpx.Client, users: Users) -> None:
    session = sign_in(anyone, users["deputy"]).json()
    assert anyone.delete("/v1/session", headers={"Authorization": f"Bearer {session['access_token']}"}).status_code == 204
    assert code_of(me(anyone, session["access_token"])) == "signed_out"


def test_signing_out_ends_one_sign_in_and_not_the_persons_others(
    anyone: httpx.Client, users: Users, revoked: list[str]
) -> None:
    phone, desk = (sign_in(anyone, users["deputy"]).json() for _ in range(2))
    headers = {"Authorization": f"Bearer {phone['access_token']}"}
    anyone.request("DELETE", "/v1/session", json={"refresh_token": phone["refresh_token"]}, headers=headers)
    assert len(revoked) == 1
    assert me(anyone, desk["access_token"]).status_code == 200


def test_the_first_password_is_replaced_before_anything_else(anyone: httpx.Client, app_transport: AppTransport) -> None:
    cognito, pool = client("cognito-idp"), settings.user_pool
    cognito.admin_create_user(UserPoolId=pool, Username="deputy.ma", TemporaryPassword="First-pass-1!")
    cognito.admin_add_user_to_group(UserPoolId=pool, Username="deputy.ma", GroupName="deputy")
    user = Person("deputy.ma", "First-pass-1!", "deputy")
    assert code_of(sign_in(anyone, user)) == "new_password_needed"
    asked = {"username": user.username, "password": user.password, "new_password": "Own-password-2!"}
    assert anyone.post("/v1/session/password", json=asked).json()["role"] == "deputy"
    assert sign_in(anyone, user, "Own-password-2!").status_code == 200
    assert app_transport.seen


def test_tokens_live_by_the_wall_clock_whatever_the_platforms_own_says(
    anyone: httpx.Client, users: Users, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = tmp_path_factory.mktemp("clock") / "offset"
    clock.write_text(str(86_400 * 30))
    token = sign_in(anyone, users["deputy"]).json()["access_token"]
    with monkeypatch.context() as patched:
        patched.setitem(vars(settings), "clock_file", clock)
        assert me(anyone, token).status_code == 200
        assert code_of(me(anyone, signed_again(token, exp=int(time.time()) - 1))) == "token_expired"


def test_the_password_of_a_refused_sign_in_is_in_no_answer(anyone: httpx.Client, users: Users) -> None:
    assert WRONG not in sign_in(anyone, users["deputy"], WRONG).text


def test_nothing_is_remembered_between_two_requests_of_different_people(
    anyone: httpx.Client, token_of: Callable[[str], str]
) -> None:
    for role in ("deputy", "manager", "officer", "deputy"):
        assert me(anyone, token_of(role)).json()["role"] == role
    assert me(anyone, "").status_code == 401
    assert app.current_request.headers["host"] == BASE_URL.partition("//")[2]
