"""Least privilege: what the policies let each function do, and nothing by a wildcard."""

import json
import re
from typing import Any

import pytest

from infra.build import ROOT
from infra.policies import USES, policies, policy_files
from tests.infra.data_stack import template
from tests.infra.outputs import OUTPUTS

POLICIES = policies(OUTPUTS)
# Where AWS has no narrower resource; the reason stands beside each in infra/policies.py.
STARS = {
    "*": "sns:Publish",  # to a phone number; a Deny keeps it from every topic
    "arn:aws:dynamodb:us-east-1:123456789012:table/zerodistance-test-journal/stream/*": "dynamodb:ListStreams",
    "arn:aws:sns:*:*:*": "sns:Publish",  # that Deny
}


def statements(function: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = POLICIES[function]["Statement"]
    return found


def may(function: str, action: str, resource: str) -> bool:
    return any(
        action in each["Action"] and any(arn.endswith(resource) for arn in each["Resource"])
        for each in statements(function)
        if each["Effect"] == "Allow"
    )


@pytest.mark.parametrize("function", USES)
def test_no_action_is_a_wildcard(function: str) -> None:
    actions = [action for each in statements(function) for action in each["Action"]]
    assert all(re.fullmatch(r"[a-z0-9-]+:[A-Za-z]+", action) for action in actions)


@pytest.mark.parametrize("function", USES)
def test_a_resource_is_a_wildcard_only_where_aws_has_no_narrower_one(function: str) -> None:
    for each in statements(function):
        for arn in each["Resource"]:
            own_log = arn.endswith(":*") and each["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
            files = arn in (f"{OUTPUTS['FilesBucketArn']}/offered/*", f"{OUTPUTS['FilesBucketArn']}/kept/*")
            assert "*" not in arn or own_log or files or [STARS[arn]] == each["Action"]


@pytest.mark.parametrize("function", USES)
def test_a_function_writes_only_to_its_own_log(function: str) -> None:
    names = [arn for each in statements(function) for arn in each["Resource"] if ":logs:" in arn]
    own = "zerodistance-test" if function == "api" else f"zerodistance-test-{function}"
    assert names == [f"arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/{own}:*"]


def test_every_log_group_is_made_by_the_data_stack_and_ends() -> None:
    groups = [
        each["Properties"] for each in template("data.yaml")["Resources"].values() if each["Type"] == "AWS::Logs::LogGroup"
    ]
    named = {each["LogGroupName"]["Fn::Sub"].replace("${Stage}", "test") for each in groups}
    assert named == {arn.split(":log-group:")[1][:-2] for f in USES for arn in _logs(f)}
    assert all("RetentionInDays" in each for each in groups)


def _logs(function: str) -> list[str]:
    return [arn for each in statements(function) for arn in each["Resource"] if ":logs:" in arn]


def test_what_only_the_emulator_asks_for_is_granted_only_there() -> None:
    local = json.dumps(policies(OUTPUTS | {"Stage": "local"}))
    assert "sqs:SendMessageBatch" in local
    assert "sqs:SendMessageBatch" not in json.dumps(POLICIES)


def test_only_who_writes_to_a_resident_opens_contact_details() -> None:
    assert {function for function in USES if may(function, "kms:Decrypt", "key/11111111-2222-3333-4444-555555555555")} == {
        "api",
        "notify",
    }


def test_the_key_opens_only_what_was_sealed_for_a_dossier() -> None:
    for function in ("api", "notify"):
        (key,) = [each for each in statements(function) if "kms:Decrypt" in each["Action"]]
        assert key["Condition"]["StringEquals"] == {"kms:EncryptionContext:purpose": ["contact", "ballots"]}


def test_only_what_serves_people_or_the_agenda_touches_files_and_it_can_not_list_what_belongs_to_whom() -> None:
    touching = {f for f in USES for each in statements(f) if any(action.startswith("s3:") for action in each["Action"])}
    assert touching == {"api", "enforce"}  # enforce looks at residents' photos and takes them away
    assert may("api", "s3:GetObject", "/kept/*")
    assert not may("api", "s3:GetObject", OUTPUTS["FilesBucketName"] + "/*")


def test_nobody_may_change_or_take_away_a_fact() -> None:
    for function in USES:
        for action in ("UpdateItem", "DeleteItem", "BatchWriteItem"):
            assert not may(function, f"dynamodb:{action}", "zerodistance-test-journal")


def test_an_sms_goes_to_a_phone_and_never_to_a_topic() -> None:
    denied = [each for each in statements("notify") if each["Effect"] == "Deny"]
    assert denied == [{"Effect": "Deny", "Action": ["sns:Publish"], "Resource": ["arn:aws:sns:*:*:*"]}]


def test_mail_is_sent_in_the_platforms_name_alone() -> None:
    (mail,) = [each for each in statements("notify") if "ses:SendEmail" in each["Action"]]
    assert mail["Condition"] == {"StringEquals": {"ses:FromAddress": "noreply@example.org"}}


def test_chalice_is_told_of_every_policy_file() -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    named = {each["iam_policy_file"] for each in config["lambda_functions"].values()}
    assert named == policy_files(OUTPUTS).keys()
    assert config["autogen_policy"] is False
