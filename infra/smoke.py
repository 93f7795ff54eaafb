"""Does a deployed stage breathe? ``python -m infra.smoke --stage prod`` asks every index, runs the sweep, opens the site.

Every index is queried through the app's own model: a model whose index lacks what it filters on finds nothing, silently or
with a refusal (pynamodb/PynamoDB issue 1178), and then no promise is ever enforced. Nothing is written.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from time import sleep
from typing import Any, Final

import boto3
import httpx

from infra import account, application, stack
from infra.build import ROOT
from infra.policies import function_name
from infra.stage import data_stack, environment

# What EventBridge would send.
TICK: Final = json.dumps({"version": "0", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}})


class SmokeFailed(Exception):
    """A deployed stage does not do what it should; the message says what."""


def run(session: boto3.Session, outputs: Mapping[str, str], address: str, say: stack.Say = print) -> None:
    """Every check of a deployed stage. Raises SmokeFailed."""
    ask_indexes(session, outputs)
    sweep(session, outputs["Stage"])
    say("  sweep: runs")
    open_site(address)
    say(f"  {address}/healthz: answers")


def ask_indexes(session: boto3.Session, outputs: Mapping[str, str]) -> None:
    """Query each index of each table once. Raises SmokeFailed.

    In a process of its own: the app reads its environment when it is imported, and here it may have been imported already.
    """
    region = {"AWS_DEFAULT_REGION": str(session.region_name), "AWS_REGION": str(session.region_name)}
    command = [sys.executable, "-W", "ignore", "-m", "infra.smoke", "--indexes"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment(outputs), **region}, check=False)
    if done.returncode:
        raise SmokeFailed("An index does not answer; its name and DynamoDB's reason stand above")


def _ask_here() -> None:
    from pynamodb.exceptions import PynamoDBException

    for name, index, some_key in indexes():
        try:
            list(index.query(some_key, limit=1))
        except PynamoDBException as error:
            raise SmokeFailed(f"The index {name} does not answer: {error}") from error
        print(f"  {name}: answers", flush=True)


def indexes() -> Iterator[tuple[str, Any, Any]]:
    """Every index of every model of the app: its name (table/index), the index, and a key of its type."""
    for model in _models():
        for index in model._indexes.values():
            some_key = 0 if index._hash_key_attribute().attr_type == "N" else "smoke"
            yield f"{model.Meta.table_name}/{index.Meta.index_name}", index, some_key


def _models() -> list[Any]:
    from pynamodb.models import Model

    import_module("app")  # and with it every model that is deployed
    return [model for model in Model.__subclasses__() if model.__module__.startswith("chalicelib.")]


def sweep(session: boto3.Session, stage: str) -> None:
    """Run the sweep once, with its own role: one more than the schedule's does no harm. Raises SmokeFailed."""
    answer = session.client("lambda").invoke(FunctionName=function_name("sweep", stage), Payload=TICK)
    if "FunctionError" in answer:
        raise SmokeFailed(f"The sweep fails: {answer['Payload'].read().decode()[:500]}")


def open_site(address: str, tries: int = 5, pause: float = 3.0) -> None:
    """Open the site; a fresh API takes some seconds until it answers. Raises SmokeFailed."""
    said = ""
    for _ in range(tries):
        try:
            answer = httpx.get(f"{address}/healthz", timeout=30)
        except httpx.TransportError as error:
            said = str(error)
        else:
            if answer.status_code == httpx.codes.OK:
                return
            said = f"{answer.status_code} {answer.text[:200]}"
        sleep(pause)
    raise SmokeFailed(f"{address}/healthz does not answer: {said}")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.smoke", description="Check a deployed stage.")
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--stage")
    wanted.add_argument("--indexes", action="store_true", help="only the indexes, of the stage in the environment")
    parser.add_argument("--address", help="the site's address, if Chalice's memory of it is not here")
    given = parser.parse_args()
    try:
        _ask_here() if given.indexes else _check(given.stage, given.address)
    except (account.NoAccount, stack.StackFailed, SmokeFailed) as error:
        sys.exit(str(error))


def _check(stage: str, address: str | None) -> None:
    session = account.session()
    account.number(session)
    outputs = stack.outputs(session.client("cloudformation"), data_stack(stage))
    run(session, outputs, address or application.address(stage, outputs, ROOT))


if __name__ == "__main__":
    main()
