"""Whose AWS this is: a session, and clear sentences where there is none."""

import os

import boto3
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, NoCredentialsError, ProfileNotFound

SENTENCES = {
    "ExpiredToken": "Your AWS sign-in has expired. Sign in again (aws sso login), then repeat the command",
    "ExpiredTokenException": "Your AWS sign-in has expired. Sign in again (aws sso login), then repeat the command",
    "InvalidClientTokenId": "AWS does not know this access key. Look at AWS_ACCESS_KEY_ID or AWS_PROFILE",
    "SignatureDoesNotMatch": "AWS does not accept this secret key. Look at AWS_SECRET_ACCESS_KEY or AWS_PROFILE",
}
NO_CREDENTIALS = (
    "There are no AWS credentials. Set AWS_PROFILE to a profile of yours (aws configure sso makes one), "
    "or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
)
NO_REGION = "No region is set. Set AWS_REGION, e.g. AWS_REGION=ap-southeast-1"


class NoAccount(Exception):
    """AWS could not be reached as anyone; the message says what to set."""


def session() -> boto3.Session:
    """A session in the region that AWS_REGION, AWS_DEFAULT_REGION or the profile names. Raises NoAccount."""
    try:
        made = boto3.Session(region_name=os.environ.get("AWS_REGION"))
    except ProfileNotFound as error:
        raise NoAccount(f"{error}. Set AWS_PROFILE to a profile of yours") from error
    if made.region_name is None:
        raise NoAccount(NO_REGION)
    return made


def number(of: boto3.Session) -> str:
    """The account's number: the first call, which shows whether the credentials hold. Raises NoAccount."""
    try:
        return str(of.client("sts").get_caller_identity()["Account"])
    except NoCredentialsError as error:
        raise NoAccount(NO_CREDENTIALS) from error
    except EndpointConnectionError as error:
        raise NoAccount(f"AWS cannot be reached: {error}. Is the region's name right, and the network up?") from error
    except ClientError as error:
        raise NoAccount(SENTENCES.get(error.response["Error"]["Code"], str(error))) from error
    except BotoCoreError as error:
        raise NoAccount(f"{error}. Sign in again (aws sso login), or look at AWS_PROFILE") from error
