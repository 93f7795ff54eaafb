"""The data stack on moto. Tables and their indexes are made from infra/data.yaml itself, so a test meets what is deployed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import yaml
from moto import mock_aws
from moto.cognitoidp.models import cognitoidp_backends
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from chalicelib.cases import lessons
from chalicelib.demands import patterns
from chalicelib.directory import service as directory_service
from chalicelib.outreach import webhooks
from chalicelib.people import ended
from chalicelib.settings import settings
from chalicelib.spine.aws import REGION, table
from tests.conftest import ACCOUNT

TEMPLATE = Path(__file__).parents[2] / "infra" / "data.yaml"
GROUPS = ("deputy", "officer", "manager", "supervisor")


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags; ``!Sub`` with the stage put in, the others as their plain content."""


def _tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        text = str(loader.construct_scalar(node))
        return text.replace("${Stage}", settings.stage) if suffix == "Sub" else text
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]


_Loader.add_multi_constructor("!", _tag)

_TABLE = ("TableName", "BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "StreamSpecification")


@cache
def tables() -> list[dict[str, Any]]:
    """What ``create_table`` needs for each table of the data stack."""
    template = yaml.load(TEMPLATE.read_text(), _Loader)
    found = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::DynamoDB::Table"]
    return [_streamed({name: given[name] for name in _TABLE if name in given}) for given in found]


def _streamed(table: dict[str, Any]) -> dict[str, Any]:
    if "StreamSpecification" in table:
        table["StreamSpecification"] = {"StreamEnabled": True, **table["StreamSpecification"]}
    return table


def _forget_answers() -> None:
    """What the code under test remembers of tables that are empty again."""
    ended.forget()
    directory_service.forget()
    lessons.forget()
    patterns.forget()
    webhooks.forget()


@contextmanager
def made() -> Iterator[None]:
    """The whole data stack, empty. It is made once a process; between tests it is only emptied."""
    mock = _mock()
    if _stands():
        _empty()
    else:
        mock.start()
        _forget_connections()
        _make()
    _forget_answers()
    yield


@cache
def _mock() -> Any:
    return mock_aws()


def _stands() -> bool:
    return table("journal") in dynamodb_backends[ACCOUNT][REGION].tables


def _empty() -> None:
    for kept in dynamodb_backends[ACCOUNT][REGION].tables.values():
        kept.items.clear()
        if kept.stream_shard:
            kept.stream_shard.items.clear()  # moto copies all of it in each transaction
    for queue in sqs_backends[ACCOUNT][REGION].queues.values():
        queue._messages.clear()  # a purge is refused within a minute of the last
    for bucket in s3_backends[ACCOUNT]["aws"].buckets.values():
        bucket.keys.clear()
    ses_backends[ACCOUNT][REGION].sent_messages.clear()
    sns_backends[ACCOUNT][REGION].sms_messages.clear()
    for pool in cognitoidp_backends[ACCOUNT][REGION].user_pools.values():
        pool.users.clear()


def _make() -> None:
    dynamodb = boto3.client("dynamodb")
    for definition in tables():
        dynamodb.create_table(**definition)
    for name in ("routing", "deadlines", "notices", "patterns", "followups", "figures"):
        boto3.client("sqs").create_queue(QueueName=f"{settings.prefix}-{name}")
    for name in ("routing", "deadlines", "notices", "patterns", "followups", "figures", "dispatch", "mail-event"):
        boto3.client("sqs").create_queue(QueueName=f"{settings.prefix}-{name}-dead")
    boto3.client("s3").create_bucket(Bucket=settings.files_bucket)
    kms = boto3.client("kms")
    kms.create_alias(AliasName=settings.vault_key, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    boto3.client("secretsmanager").create_secret(Name=settings.app_secret, SecretString="s" * 64)
    boto3.client("ses").verify_email_identity(EmailAddress=settings.mail_sender)
    _make_pool()


def _make_pool() -> None:
    cognito = boto3.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName=f"{settings.prefix}-people")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="app", ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    )["UserPoolClient"]["ClientId"]
    for group in GROUPS:
        cognito.create_group(UserPoolId=pool, GroupName=group)
    # The pool's id is known only when it is made; on AWS it comes from the environment.
    object.__setattr__(settings, "user_pool", pool)
    object.__setattr__(settings, "user_client", client)


def add_user(username: str, group: str, password: str = "Correct-horse-9") -> None:
    """A user who can sign in."""
    cognito = boto3.client("cognito-idp")
    cognito.admin_create_user(UserPoolId=settings.user_pool, Username=username, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=settings.user_pool, Username=username, Password=password, Permanent=True)
    cognito.admin_add_user_to_group(UserPoolId=settings.user_pool, Username=username, GroupName=group)


def _forget_connections() -> None:
    """Every kept connection and cached answer of the code under test: whatever has a cache is emptied."""
    modules = [module for name, module in sys.modules.items() if name.startswith("chalicelib")]
    for kept in [value for module in modules for value in vars(module).values()]:
        if callable(clear := getattr(kept, "cache_clear", None)):
            clear()
    forget_models()


def forget_models() -> None:
    """PynamoDB keeps a connection a model."""
    from pynamodb.models import Model

    for model in _subclasses(Model):
        model._connection = None


def _subclasses(kind: Any) -> Iterator[Any]:
    for child in kind.__subclasses__():
        yield child
        yield from _subclasses(child)
