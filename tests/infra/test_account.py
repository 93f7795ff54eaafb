"""Whoever has no access to AWS is told what to set, not shown a trace."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, TokenRetrievalError
from moto import mock_aws

from infra import account, deploy


class Refusing:
    """A session whose first call is refused."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def client(self, _service: str) -> "Refusing":
        return self

    def get_caller_identity(self) -> None:
        raise self.error


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "GetCallerIdentity")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (NoCredentialsError(), "Set AWS_PROFILE"),
        (refused("ExpiredToken"), "has expired"),
        (refused("InvalidClientTokenId"), "AWS_ACCESS_KEY_ID"),
        (refused("SignatureDoesNotMatch"), "AWS_SECRET_ACCESS_KEY"),
        (refused("AccessDenied"), "AccessDenied"),
        (EndpointConnectionError(endpoint_url="https://sts.nowhere-1.amazonaws.com"), "region's name right"),
        (TokenRetrievalError(provider="sso", error_msg="expired"), "Sign in again"),
    ],
)
def test_a_refused_sign_in_is_a_sentence(error: Exception, sentence: str) -> None:
    session: Any = Refusing(error)
    with pytest.raises(account.NoAccount, match=sentence):
        account.number(session)


def test_the_account_is_told_before_anything_is_changed() -> None:
    with mock_aws():
        assert account.number(boto3.Session()) == "123456789012"


def test_a_profile_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(account.NoAccount, match="nobody"):
        account.session()


def test_without_a_region_nothing_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    with pytest.raises(account.NoAccount, match="Set AWS_REGION"):
        account.session()


def test_the_local_stage_is_not_deployed_to_aws() -> None:
    with pytest.raises(SystemExit, match="make run"):
        deploy.main(["--stage", "local", "--mail-sender", "noreply@example.org"])
