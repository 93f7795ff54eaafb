"""Stacks come to what a template says, tell how far they are, and say why when they do not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, WaiterError
from moto import mock_aws

from infra import stack
from tests.infra.outputs import REGION

TOPIC = """
Parameters:
  Name: {Type: String}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Name}}
"""


@pytest.fixture
def cloudformation() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("cloudformation", region_name=REGION)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "topic.yaml"
    file.write_text(TOPIC)
    return file


def test_a_stack_is_made_then_changed(cloudformation: Any, template: Path) -> None:
    said: list[str] = []
    stack.deploy(cloudformation, "topic", template, {"Name": "first"}, said.append, pause=0)
    assert topics() == ["first"]
    stack.deploy(cloudformation, "topic", template, {"Name": "second"}, said.append, pause=0)
    assert topics() == ["second"]
    assert stack.parameters(cloudformation, "topic") == {"Name": "second"}
    assert said[0] == "  topic: 1 of 1 resources ready"


def topics() -> list[str]:
    return [each["TopicArn"].split(":")[-1] for each in boto3.client("sns", region_name=REGION).list_topics()["Topics"]]


def test_a_stack_that_is_not_there_has_no_parameters_and_is_named(cloudformation: Any) -> None:
    assert stack.parameters(cloudformation, "nowhere") == {}
    with pytest.raises(stack.StackFailed, match="no stack nowhere"):
        stack.outputs(cloudformation, "nowhere")


class Failing:
    """CloudFormation when things go wrong: the answers of a stack that rolled back."""

    def __init__(self, status: str = "UPDATE_ROLLBACK_COMPLETE", reason: str = "") -> None:
        self.status, self.reason, self.deleted = status, reason, False

    def describe_stacks(self, **_: object) -> dict[str, Any]:
        return {"Stacks": [{"StackStatus": self.status, "Outputs": [{"OutputKey": "A", "OutputValue": "1"}]}]}

    def create_change_set(self, **_: object) -> dict[str, str]:
        return {"Id": "change"}

    def execute_change_set(self, **_: object) -> None:
        pass

    def delete_change_set(self, **_: object) -> None:
        self.deleted = True

    def get_waiter(self, _name: str) -> "Failing":
        return self

    def wait(self, **_: object) -> None:
        if self.reason:
            raise WaiterError("ChangeSetCreateComplete", "failed", {"StatusReason": self.reason})

    def describe_stack_resources(self, **_: object) -> dict[str, Any]:
        return {"StackResources": []}

    def describe_stack_events(self, **_: object) -> dict[str, Any]:
        began = {"ResourceType": "AWS::CloudFormation::Stack", "ResourceStatus": "UPDATE_IN_PROGRESS"}
        first = failure("Key", "Limit of keys exceeded")
        return {"StackEvents": [failure("Alias", "cancelled"), first, began, failure("Old", "of a year ago")]}


def failure(resource: str, reason: str) -> dict[str, str]:
    return {
        "ResourceType": "AWS::KMS::Key",
        "ResourceStatus": "UPDATE_FAILED",
        "LogicalResourceId": resource,
        "ResourceStatusReason": reason,
    }


def test_a_stack_that_rolls_back_says_what_failed_first(template: Path) -> None:
    with pytest.raises(stack.StackFailed, match=r"UPDATE_ROLLBACK_COMPLETE\. Key: Limit of keys exceeded"):
        stack.deploy(Failing(), "topic", template, {}, lambda _: None, pause=0)


def test_an_empty_change_is_no_failure_and_leaves_no_change_set(template: Path) -> None:
    client = Failing(reason="The submitted information didn't contain changes.")
    assert stack.deploy(client, "topic", template, {}, lambda _: None, pause=0) == {"A": "1"}
    assert client.deleted


def test_a_change_that_cloudformation_refuses_is_told_with_its_reason(template: Path) -> None:
    with pytest.raises(stack.StackFailed, match="Unresolved resource dependencies"):
        stack.deploy(Failing(reason="Unresolved resource dependencies"), "topic", template, {}, lambda _: None, pause=0)


def test_a_refusal_that_is_not_about_absence_is_not_taken_for_it() -> None:
    class Denied:
        def describe_stacks(self, **_: object) -> None:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not you"}}, "DescribeStacks")

    with pytest.raises(ClientError, match="not you"):
        stack.find(Denied(), "topic")
