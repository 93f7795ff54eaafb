"""CloudFormation stacks, brought to what a template says by change sets, with progress told."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from time import sleep
from typing import Any, Final

from botocore.exceptions import ClientError, WaiterError

Say = Callable[[str], None]

HERE: Final = Path(__file__).parent
SETTLED: Final = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
# What CloudFormation asks consent to: a transform (LanguageExtensions, SAM), and roles (the packaged application's).
CONSENT: Final = ["CAPABILITY_AUTO_EXPAND", "CAPABILITY_IAM"]
NOTHING_TO_DO: Final = ("didn't contain changes", "No updates are to be performed")


class StackFailed(Exception):
    """A stack did not come to what its template says; the message names the resource and AWS's reason."""


def deploy(
    client: Any, name: str, template: Path | str, parameters: Mapping[str, str], say: Say = print, pause: float = 3.0
) -> dict[str, str]:
    """Create or update a stack by a change set and wait for it. Returns its outputs.

    ``template`` is a file, or, for one beyond the 51,200 bytes that CloudFormation takes in a request, its address in S3.
    Raises StackFailed. AWS has then rolled the stack back to what it was before.
    """
    change_set = _propose(client, name, template, parameters)
    if _is_empty(client, change_set, name):
        say(f"  {name}: nothing to change")
        return outputs(client, name)
    client.execute_change_set(ChangeSetName=change_set)
    _follow(client, name, say, pause)
    return outputs(client, name)


def outputs(client: Any, name: str) -> dict[str, str]:
    """A stack's outputs by name. Raises StackFailed if there is no such stack."""
    stack = find(client, name)
    if stack is None:
        raise StackFailed(f"There is no stack {name} in this account and region. Deploy the stage first")
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def parameters(client: Any, name: str) -> dict[str, str]:
    """The parameters that a stack was deployed with, by name; empty if there is no such stack."""
    stack = find(client, name) or {}
    return {given["ParameterKey"]: given["ParameterValue"] for given in stack.get("Parameters", [])}


def find(client: Any, name: str) -> dict[str, Any] | None:
    """CloudFormation's description of a stack, or None if there is none."""
    try:
        found: dict[str, Any] = client.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return found


def _propose(client: Any, name: str, template: Path | str, parameters: Mapping[str, str]) -> str:
    stack = find(client, name)
    fresh = stack is None or stack["StackStatus"] == "REVIEW_IN_PROGRESS"
    made: dict[str, Any] = client.create_change_set(
        StackName=name,
        # A name not used before: a change set of an old name would be the old change.
        ChangeSetName=f"deploy-{datetime.now(UTC):%Y%m%d%H%M%S%f}",
        ChangeSetType="CREATE" if fresh else "UPDATE",
        **({"TemplateBody": template.read_text()} if isinstance(template, Path) else {"TemplateURL": template}),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=CONSENT,
    )
    return str(made["Id"])


def _is_empty(client: Any, change_set: str, name: str) -> bool:
    try:
        client.get_waiter("change_set_create_complete").wait(ChangeSetName=change_set, WaiterConfig={"Delay": 2})
    except WaiterError as error:
        reason = str(error.last_response.get("StatusReason", error))
        if any(phrase in reason for phrase in NOTHING_TO_DO):
            client.delete_change_set(ChangeSetName=change_set)
            return True
        raise StackFailed(f"CloudFormation refuses the change of {name}: {reason}") from error
    return False


def _follow(client: Any, name: str, say: Say, pause: float) -> None:
    seen: set[str] = set()
    while (status := _status(client, name)).endswith("_IN_PROGRESS"):
        _tell(client, name, seen, say)
        sleep(pause)
    _tell(client, name, seen, say)
    if status not in SETTLED:
        raise StackFailed(f"The stack {name} is {status}. {_why(client, name)}")


def _status(client: Any, name: str) -> str:
    stack = find(client, name)
    return str(stack["StackStatus"]) if stack else "GONE"


def _tell(client: Any, name: str, seen: set[str], say: Say) -> None:
    resources = client.describe_stack_resources(StackName=name)["StackResources"]
    done = {r["LogicalResourceId"] for r in resources if r["ResourceStatus"].endswith("_COMPLETE")}
    if done - seen:
        say(f"  {name}: {len(done)} of {len(resources)} resources ready")
        seen |= done


def _why(client: Any, name: str) -> str:
    events = client.describe_stack_events(StackName=name)["StackEvents"]  # newest first
    failed = [event for event in takewhile(_is_of_this_change, events) if event["ResourceStatus"].endswith("_FAILED")]
    if not failed:
        return "CloudFormation's console shows its events"
    return f"{failed[-1]['LogicalResourceId']}: {failed[-1].get('ResourceStatusReason', 'no reason given')}"


def _is_of_this_change(event: Mapping[str, Any]) -> bool:
    begins = event["ResourceStatus"] in {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"}
    return not (begins and event["ResourceType"] == "AWS::CloudFormation::Stack")
