"""The data stack on moto: its CloudFormation makes tables, queues, keys and topics; the rest is made beside it by API."""

import json
from typing import Any

import boto3
from cfnlint.decode import decode_str  # type: ignore[import-untyped]

from infra.stack import HERE

# Kinds that moto's CloudFormation does not know.
NOT_THERE = ("AWS::Cognito::", "AWS::SES::", "AWS::SecretsManager::", "AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy")


def template(name: str) -> dict[str, Any]:
    """A template of ours as plain JSON, its short tags written out."""
    decoded, problems = decode_str((HERE / name).read_text())
    assert decoded is not None, problems
    plain: dict[str, Any] = json.loads(json.dumps(decoded))
    return plain


def put_up(session: boto3.Session, stage: str) -> dict[str, str]:
    """Deploy what moto can of data.yaml; returns outputs as AWS would give them."""
    cloudformation = session.client("cloudformation")
    given = {"Stage": stage, "MailSender": "noreply@example.org", "Protect": "false"}
    cloudformation.create_stack(
        StackName=f"zerodistance-{stage}-data",
        TemplateBody=json.dumps(_what_moto_knows(template("data.yaml"))),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
    )
    stack = cloudformation.describe_stacks(StackName=f"zerodistance-{stage}-data")["Stacks"][0]
    made = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    return made | _the_rest(session, stage, given)


def _what_moto_knows(whole: dict[str, Any]) -> dict[str, Any]:
    resources = {name: each for name, each in whole["Resources"].items() if not each["Type"].startswith(NOT_THERE)}
    gone = whole["Resources"].keys() - resources.keys()
    outputs = {name: each for name, each in whole["Outputs"].items() if not gone & _named(each["Value"])}
    return whole | {"Resources": resources, "Outputs": outputs}


def _named(value: Any) -> set[str]:
    named = value.get("Ref") or value.get("Fn::GetAtt") if isinstance(value, dict) else None
    return {named} if isinstance(named, str) else set(named or [])


def _the_rest(session: boto3.Session, stage: str, given: dict[str, str]) -> dict[str, str]:
    people = session.client("cognito-idp")
    pool = people.create_user_pool(PoolName=f"zerodistance-{stage}-people")["UserPool"]
    client = people.create_user_pool_client(UserPoolId=pool["Id"], ClientName="app")["UserPoolClient"]
    secret = session.client("secretsmanager").create_secret(Name=f"zerodistance-{stage}-app", SecretString="s" * 64)
    return {
        "UserPoolId": pool["Id"],
        "UserPoolArn": pool["Arn"],
        "UserClientId": client["ClientId"],
        "AppSecretArn": secret["ARN"],
        "MailIdentity": given["MailSender"],
        "MailSet": f"zerodistance-{stage}-outreach",
    }
