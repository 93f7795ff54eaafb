"""Put a stage up on AWS, or bring it to what the code says: ``python -m infra.deploy --stage prod --mail-sender ...``.

Data stack → build → ``chalice deploy`` → what Chalice cannot say → alarms → smoke test. What was said once (sender, domain,
where alarms go) is remembered by the stacks: later deploys need ``--stage`` alone.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import boto3

from infra import account, application, mappings, smoke, stack, uploads
from infra.build import ROOT, BuildFailed, build, plan
from infra.stage import data_stack

SENTENCE: Final = (
    account.NoAccount,
    stack.StackFailed,
    application.DeployFailed,
    BuildFailed,
    smoke.SmokeFailed,
    LookupError,
    TimeoutError,
)


@dataclass(frozen=True)
class Deployment:
    """One deploy: which stage, with what said anew, from which repository and with which Chalice."""

    stage: str
    session: boto3.Session
    data: Mapping[str, str] = field(default_factory=dict)  # parameters of data.yaml
    alarms: Mapping[str, str] = field(default_factory=dict)  # parameters of alarms.yaml
    root: Path = ROOT
    chalice: Sequence[str] = application.CHALICE

    @property
    def memory(self) -> Path:
        return self.root / application.MEMORY

    @property
    def api_stage(self) -> str:
        return str(json.loads((self.root / application.CONFIG).read_text())["api_gateway_stage"])


def run(deployment: Deployment, say: stack.Say = print) -> str:
    """Deploy everything, in order; returns the public address. Raises one of SENTENCE."""
    say("1/5 The data stack: tables, queues, key, secret, pool, mail")
    outputs = put_data(deployment, say)
    say("2/5 The application")
    address = put_application(deployment, outputs, say)
    say("3/5 Queues and limits")
    put_settings(deployment, outputs, address)
    say("4/5 Alarms and dashboard")
    put_alarms(deployment, say)
    say("5/5 Smoke test")
    smoke.run(deployment.session, outputs, address, say)
    return address


def put_data(deployment: Deployment, say: stack.Say) -> dict[str, str]:
    """Deploy the data stack; returns its outputs.

    A new one is made unprotected and protected as soon as it stands: a first deploy that fails half-way leaves nothing behind.
    """
    client = deployment.session.client("cloudformation")
    name = data_stack(deployment.stage)
    given = stack.parameters(client, name) | {"Stage": deployment.stage} | dict(deployment.data)
    if "MailSender" not in given:
        raise stack.StackFailed("A new stage needs --mail-sender, the address that residents see as the sender")
    if stack.find(client, name) is None:
        stack.deploy(client, name, stack.HERE / "data.yaml", given | {"Protect": "false"}, say)
    return stack.deploy(client, name, stack.HERE / "data.yaml", given, say)


def put_application(deployment: Deployment, outputs: Mapping[str, str], say: stack.Say) -> str:
    """Build and deploy the app; returns the public address.

    The app has to know its own address, for the links it sends. API Gateway's own is known only after the first deploy, so
    a stage without a domain of its own is deployed twice that once.
    """
    known = application.address(deployment.stage, outputs, deployment.root)
    address = _put_up(deployment, outputs, known)
    if known:
        return known
    say(f"  The app's address is {address}. Once more, so that it knows")
    return _put_up(deployment, outputs, address)


def put_settings(deployment: Deployment, outputs: Mapping[str, str], address: str) -> None:
    """Set what Chalice's decorators cannot say, and what the data stack cannot know: the site's address."""
    mappings.apply(deployment.session, outputs)
    uploads.allow_from(deployment.session.client("s3"), outputs["FilesBucketName"], address)
    api = application.api(deployment.stage, deployment.memory)
    application.throttle(deployment.session, api["rest_api_id"], deployment.api_stage)


def put_alarms(deployment: Deployment, say: stack.Say) -> None:
    """Deploy the alarms and the dashboard."""
    client = deployment.session.client("cloudformation")
    name = f"zerodistance-{deployment.stage}-alarms"
    fixed = {"Stage": deployment.stage, "ApiStage": deployment.api_stage}
    given = stack.parameters(client, name) | fixed | dict(deployment.alarms)
    stack.deploy(client, name, stack.HERE / "alarms.yaml", given, say)


def _put_up(deployment: Deployment, outputs: Mapping[str, str], address: str) -> str:
    out = deployment.root / "build" / deployment.stage
    folder = build(plan(deployment.stage, outputs, address), out, deployment.root)
    region = str(deployment.session.region_name)
    return application.deploy(folder, deployment.stage, deployment.memory, region, deployment.chalice)


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description="Deploy a stage on AWS.")
    parser.add_argument("--stage", required=True, help="e.g. prod; 2 to 12 lower-case letters and digits")
    parser.add_argument("--mail-sender", dest="MailSender", help="address that residents see as the sender (first deploy)")
    parser.add_argument("--mail-identity", dest="MailIdentity", help="domain that SES sends for, instead of the address alone")
    parser.add_argument("--base-url", dest="BaseUrl", help="public address, if something of yours stands before API Gateway")
    parser.add_argument("--log-days", dest="LogDays", help="days that logs are kept (30)")
    parser.add_argument("--protect", dest="Protect", choices=("true", "false"), help="keep the data whatever happens (true)")
    parser.add_argument("--alarm-mail", dest="AlarmMail", help="where alarms are sent")
    return parser.parse_args(words)


def _said(given: argparse.Namespace, *names: str) -> dict[str, str]:
    return {name: value for name in names if (value := getattr(given, name)) is not None}


def main(words: Sequence[str] | None = None) -> None:
    """The command line."""
    given = _arguments(words)
    if given.stage == "local":
        sys.exit("The stage local is not on AWS: make run puts it up")
    try:
        session = account.session()
        print(f"Stage {given.stage}, account {account.number(session)}, region {session.region_name}")
        # Chalice writes to the same terminal: without the flush its lines would overtake ours in a log.
        address = run(_deployment(given, session), partial(print, flush=True))
    except SENTENCE as error:
        sys.exit(f"\n{error}")
    print(f"\nThe stage {given.stage} stands at {address}")


def _deployment(given: argparse.Namespace, session: boto3.Session) -> Deployment:
    data = _said(given, "MailSender", "MailIdentity", "BaseUrl", "LogDays", "Protect")
    return Deployment(given.stage, session, data, _said(given, "AlarmMail"))


if __name__ == "__main__":
    main()
