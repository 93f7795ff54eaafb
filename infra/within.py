"""Commands that need a stage's environment: the app reads it when it is imported, so they run in a process of their own."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

import boto3

from infra import account, stack
from infra.build import ROOT
from infra.stage import data_stack, environment


def stage(module: str, name: str, arguments: Sequence[str]) -> int:
    """Run a module of ours once more, with ``--here``, in the stage's environment; its exit code, 2 if there is no stage."""
    try:
        session: boto3.Session = account.session()
        outputs = stack.outputs(session.client("cloudformation"), data_stack(name))
    except (account.NoAccount, stack.StackFailed) as error:
        print(error, file=sys.stderr)
        return 2
    return run(module, outputs, str(session.region_name), arguments)


def run(module: str, outputs: Mapping[str, str], region: str, arguments: Sequence[str]) -> int:
    """The same, where the stage's outputs are known already."""
    variables = {**os.environ, **environment(outputs), "AWS_DEFAULT_REGION": region, "AWS_REGION": region}
    command = [sys.executable, "-m", module, *arguments, "--here"]
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode
