"""Signing in and out. Passwords and tokens are Amazon Cognito's; the count of tries and the ended sign-ins are ours.

Everywhere here ``now`` is the wall clock, ``datetime.now(UTC)``, and never a local stack's movable clock: Cognito stamps
its tokens by the wall clock.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.errors import Invalid, Refused, SignInNeeded, TooMany
from chalicelib.people import ended, guard, lockout, tokens
from chalicelib.people.tokens import Claims
from chalicelib.settings import settings
from chalicelib.spine.aws import client


@dataclass(frozen=True)
class Session:
    """What a sign-in or a refresh gives. ``expires_in`` in seconds; a refresh keeps its refresh token.

    No token shows in its repr, so that no log line can hold one by accident.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    claims: Claims


def sign_in(username: str, password: str, address: str, now: datetime) -> Session:
    """Sign in with user name and password.

    Raises SignInNeeded: ``wrong_credentials`` (also for an unknown or disabled user, so that names can't be found out),
    ``new_password_needed`` (then ``set_first_password``), ``password_reset_needed``; TooMany: ``locked_out`` (this user
    name) or ``too_many`` (this address), with ``retry_after`` seconds.
    """
    answer = _authenticated(username, password, address, now)
    if answer.get("ChallengeName") == "NEW_PASSWORD_REQUIRED":
        raise SignInNeeded("The first sign-in needs a password of your own: set it, then go on", "new_password_needed")
    return _session(answer, now)


def set_first_password(username: str, password: str, new_password: str, address: str, now: datetime) -> Session:
    """Sign in with the first, given password and replace it. Raises as ``sign_in`` does, and Invalid (``new_password``)
    if the new one is too weak. Where no new password is asked for it only signs in."""
    answer = _authenticated(username, password, address, now)
    if answer.get("ChallengeName") == "NEW_PASSWORD_REQUIRED":
        answer = _answer_challenge(answer, username, new_password)
    return _session(answer, now)


def refresh(refresh_token: str, now: datetime) -> Session:
    """A new access token. Raises SignInNeeded (``refresh_invalid``) if the sign-in was ended or is too old."""
    try:
        answer = client("cognito-idp").initiate_auth(
            AuthFlow="REFRESH_TOKEN_AUTH",
            ClientId=settings.user_client,
            AuthParameters={"REFRESH_TOKEN": refresh_token or "-"},
        )
    except ClientError as error:
        raise _refusal(error, _ended_already()) from error
    session = _session(answer, now, refresh_token)
    ended.refuse_ended(session.claims, now)
    return session


def current(token: str, now: datetime) -> Claims:
    """Who sends this access token. No call in most requests (see ``ended``).

    Raises SignInNeeded: ``token_expired``, ``token_invalid``, ``signed_out``.
    """
    claims = tokens.verify(token, now)
    ended.refuse_ended(claims, now)
    return claims


def sign_out(token: str, now: datetime, refresh_token: str = "") -> None:
    """End a sign-in: its tokens are refused from now on (elsewhere within ten seconds), and can't be refreshed.

    Without the refresh token, all sign-ins of this person lose their refresh tokens: Cognito can end no single one then.
    """
    claims = tokens.verify(token, now)
    if refresh_token:
        _revoke(refresh_token)
    else:
        _revoke_all(token)
    ended.end(claims, now)


def _authenticated(username: str, password: str, address: str, now: datetime) -> Any:
    """Cognito's answer to a user name and a password, within the limits."""
    if not username or not password:
        raise _wrong()
    guard.count_sign_in(address, now)
    lockout.count_try(username, now)
    try:
        # The administrator's way: whoever knows the client's id can't try passwords at Cognito itself, past our lockout.
        answer = client("cognito-idp").admin_initiate_auth(
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            UserPoolId=settings.user_pool,
            ClientId=settings.user_client,
            AuthParameters={"USERNAME": username, "PASSWORD": password},
        )
    except ClientError as error:
        raise _refusal(error, _wrong()) from error
    lockout.forget_tries(username)
    return answer


def _answer_challenge(asked: Any, username: str, new_password: str) -> Any:
    name = asked["ChallengeParameters"].get("USER_ID_FOR_SRP", username)
    try:
        return client("cognito-idp").admin_respond_to_auth_challenge(
            UserPoolId=settings.user_pool,
            ClientId=settings.user_client,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": name, "NEW_PASSWORD": new_password},
        )
    except ClientError as error:
        raise _refusal(error, _wrong()) from error


def _revoke(refresh_token: str) -> None:
    try:
        client("cognito-idp").revoke_token(Token=refresh_token, ClientId=settings.user_client)
    except ClientError as error:
        raise _refusal(error, _ended_already()) from error


def _revoke_all(token: str) -> None:
    try:
        client("cognito-idp").global_sign_out(AccessToken=token)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotAuthorizedException":  # which means: ended at Cognito already
            raise _refusal(error, _ended_already()) from error


def _session(answer: Any, now: datetime, refresh_token: str = "") -> Session:
    if "AuthenticationResult" not in answer:
        raise SignInNeeded(f"This account asks for {answer.get('ChallengeName')}, which is not offered", "not_offered")
    result = answer["AuthenticationResult"]
    access_token = result["AccessToken"]
    claims = tokens.verify(access_token, now)
    return Session(access_token, result.get("RefreshToken", refresh_token), result["ExpiresIn"], claims)


def _wrong() -> SignInNeeded:
    return SignInNeeded("User name or password is wrong", "wrong_credentials")


def _ended_already() -> SignInNeeded:
    return SignInNeeded("Your sign-in has ended; please sign in again", "refresh_invalid")


def _refusal(error: ClientError, denied: SignInNeeded) -> Refused | ClientError:
    """Cognito's error as ours; what is no answer to the person stays as it is."""
    code = error.response["Error"]["Code"]
    return {
        "NotAuthorizedException": denied,
        "UserNotFoundException": denied,
        "UserNotConfirmedException": denied,
        "InvalidParameterException": denied,
        "UnsupportedTokenTypeException": denied,
        "UnauthorizedException": denied,
        "PasswordResetRequiredException": SignInNeeded("Your password must be reset", "password_reset_needed"),
        "InvalidPasswordException": Invalid("new_password", error.response["Error"].get("Message", "is too weak")),
        "TooManyRequestsException": TooMany("Too many people are signing in. Please try again", 5),
    }.get(code, error)
