"""How queues, stream and topic feed the functions: what Chalice's decorators cannot say.

Said twice, from one table: ``apply`` sets it after ``chalice deploy``, ``merge_template`` gives it to ``chalice package``.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import sleep
from typing import Any, Final

import boto3

from infra.policies import USES, Outputs, function_name

PARTIAL: Final = ["ReportBatchItemFailures"]

SOURCES: Final[dict[str, str]] = {
    "dispatch": "JournalStreamArn",
    "route": "RoutingQueueArn",
    "enforce": "DeadlinesQueueArn",
    "notify": "NoticesQueueArn",
    "group": "PatternsQueueArn",
    "follow": "FollowupsQueueArn",
    "tally": "FiguresQueueArn",
}

# Consumers at most at the same time, so that five o'clock's promises, all due at once, neither use up the account's
# functions nor make their transactions collide. AWS takes 2 to 1000. No reserved concurrency: a new account has too little.
MOST_AT_ONCE: Final[dict[str, int]] = {"route": 10, "enforce": 10, "notify": 10, "group": 10, "follow": 10, "tally": 10}

# The stream: a batch that fails is halved until the bad record stands alone, tried again for an hour, then put aside.
STREAM: Final[dict[str, Any]] = {
    "BisectBatchOnFunctionError": True,
    "MaximumRetryAttempts": 20,
    "MaximumRecordAgeInSeconds": 3600,
    "ParallelizationFactor": 2,
}

# What Lambda does with an event that nobody waits for. A sweep missed is made good by the next minute's.
ASYNCHRONOUS: Final[dict[str, dict[str, Any]]] = {
    "sweep": {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60},
    "mail_event": {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 21600},
}
WORKED_OFF: Final = 30.0  # seconds that a consumer of a queue may take (.chalice/config.json)
SETTLED: Final = {"Enabled", "Disabled"}
DEAD: Final[dict[str, str]] = {"dispatch": "DispatchDeadQueueArn", "mail_event": "MailEventDeadQueueArn"}


def apply(session: boto3.Session, outputs: Outputs) -> None:
    """Set partial batch responses, concurrency, retries and failure destinations of a deployed stage.

    Raises LookupError if a function has no event source: then its queue has no consumer.
    """
    functions = session.client("lambda")
    for function in SOURCES:
        for uuid in _fed_by(functions, outputs[SOURCES[function]]):
            _settle(functions, uuid)
            functions.update_event_source_mapping(UUID=uuid, **settings_of(function, outputs))
    for function, settings in ASYNCHRONOUS.items():
        name = function_name(function, outputs["Stage"])
        functions.get_waiter("function_updated_v2").wait(FunctionName=name)
        functions.put_function_event_invoke_config(FunctionName=name, **settings, **_put_aside(function, outputs))


@contextmanager
def paused(session: boto3.Session, outputs: Outputs, function: str, worked_off: float = WORKED_OFF) -> Iterator[None]:
    """A function gets nothing of its source meanwhile: what comes waits there. What it works on now is waited for."""
    functions = session.client("lambda")
    mappings = _fed_by(functions, outputs[SOURCES[function]])
    _enable(functions, mappings, False)
    try:
        sleep(worked_off)
        yield
    finally:
        _enable(functions, mappings, True)


def _enable(functions: Any, mappings: list[str], enabled: bool) -> None:
    for uuid in mappings:
        _settle(functions, uuid)
        functions.update_event_source_mapping(UUID=uuid, Enabled=enabled)
        _settle(functions, uuid)


def settings_of(function: str, outputs: Outputs) -> dict[str, Any]:
    """A function's event source mapping, as Lambda's API takes it."""
    if function == "dispatch":
        return {"FunctionResponseTypes": PARTIAL} | STREAM | _put_aside(function, outputs)
    return {"FunctionResponseTypes": PARTIAL, "ScalingConfig": {"MaximumConcurrency": MOST_AT_ONCE[function]}}


def merge_template(outputs: Outputs) -> dict[str, Any]:
    """What ``chalice package --merge-template`` adds: the same settings, and the names that the policies count on."""
    resources = {_resource(function): {"Properties": _properties(function, outputs)} for function in USES}
    return {"Resources": resources}


def _properties(function: str, outputs: Outputs) -> dict[str, Any]:
    properties: dict[str, Any] = {"FunctionName": function_name(function, outputs["Stage"])}
    if function in SOURCES:
        kind = "Dynamodb" if function == "dispatch" else "Sqs"
        return properties | _event(f"{_resource(function)}{kind}EventSource", settings_of(function, outputs))
    if function in ASYNCHRONOUS:
        return properties | {"EventInvokeConfig": ASYNCHRONOUS[function] | _put_aside_sam(function, outputs)}
    return properties


def _event(name: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    return {"Events": {name: {"Properties": dict(settings)}}}


def _resource(function: str) -> str:
    """What Chalice calls a function in its template: MailEvent for mail_event."""
    return "APIHandler" if function == "api" else "".join(part.capitalize() for part in function.split("_"))


def _put_aside(function: str, outputs: Outputs) -> dict[str, Any]:
    if function not in DEAD:
        return {}
    return {"DestinationConfig": {"OnFailure": {"Destination": outputs[DEAD[function]]}}}


def _put_aside_sam(function: str, outputs: Outputs) -> dict[str, Any]:
    if function not in DEAD:
        return {}
    return {"DestinationConfig": {"OnFailure": {"Type": "SQS", "Destination": outputs[DEAD[function]]}}}


def _settle(functions: Any, uuid: str, tries: int = 60, pause: float = 2.0) -> None:
    """Wait while AWS is still busy with a mapping: it refuses another change until then."""
    for _ in range(tries):
        if functions.get_event_source_mapping(UUID=uuid)["State"] in SETTLED:
            return
        sleep(pause)
    raise TimeoutError(f"The event source mapping {uuid} is still being changed after {tries * pause:.0f} seconds")


def _fed_by(functions: Any, source: str) -> list[str]:
    mappings = functions.list_event_source_mappings(EventSourceArn=source)["EventSourceMappings"]
    if not mappings:
        raise LookupError(f"Nothing takes what comes from {source}. Deploy the application first")
    return [str(mapping["UUID"]) for mapping in mappings]
