"""The application on a stage: ``chalice deploy`` from the build folder, and its memory of what it deployed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import boto3

# Chalice has no __main__; this is what its console script does, with the Python that runs now.
CHALICE: Final = (sys.executable, "-c", "import sys; from chalice.cli import main; sys.exit(main())")

CONFIG: Final = Path(".chalice/config.json")
MEMORY: Final = Path(".chalice/deployed")  # Chalice's own file of what it deployed, one a stage

# The form is open to the world. So many requests a second, and no more, reach the functions, whoever sends them.
REQUESTS_A_SECOND: Final = 100
BURST: Final = 200


class DeployFailed(Exception):
    """The application could not be deployed; Chalice has said why above."""


def deploy(folder: Path, stage: str, memory: Path, region: str, chalice: Sequence[str] = CHALICE) -> str:
    """Run ``chalice deploy`` in a build folder; returns the address of the API without a slash at its end.

    Chalice finds what it deployed before in ``memory`` (the repository's .chalice/deployed), and leaves there what it
    deployed now: kept in version control, a second machine can deploy too. Raises DeployFailed.
    """
    kept = folder / ".chalice" / "deployed"
    if memory.is_dir():
        shutil.copytree(memory, kept, dirs_exist_ok=True)
    environment = {**os.environ, "AWS_DEFAULT_REGION": region, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([*chalice, "deploy", "--stage", stage], cwd=folder, env=environment, check=False)
    if done.returncode:
        raise DeployFailed(f"chalice deploy ended with code {done.returncode}. The stage's data is untouched")
    shutil.copytree(kept, memory, dirs_exist_ok=True)
    return str(api(stage, memory)["rest_api_url"]).rstrip("/")


def api(stage: str, memory: Path) -> dict[str, Any]:
    """What Chalice remembers of a stage's API (rest_api_id, rest_api_url); empty before the first deploy."""
    file = memory / f"{stage}.json"
    resources = json.loads(file.read_text())["resources"] if file.exists() else []
    found: dict[str, Any] = next((each for each in resources if each["name"] == "rest_api"), {})
    return found


def address(stage: str, outputs: Mapping[str, str], root: Path) -> str:
    """A stage's public address as far as it is known: said by the operator, its own domain, or API Gateway's."""
    remembered = str(api(stage, root / MEMORY).get("rest_api_url", "")).rstrip("/")
    return outputs.get("BaseUrl") or own_domain(root / CONFIG, stage) or remembered


def own_domain(config: Path, stage: str) -> str:
    """The address of the custom domain that .chalice/config.json gives the stage, or empty."""
    settings = json.loads(config.read_text()).get("stages", {}).get(stage, {})
    domain = settings.get("api_gateway_custom_domain", {}).get("domain_name", "")
    return f"https://{domain}" if domain else ""


def throttle(session: boto3.Session, api_id: str, api_stage: str) -> None:
    """Limit what API Gateway lets through to the functions."""
    limits = {"rateLimit": REQUESTS_A_SECOND, "burstLimit": BURST}
    session.client("apigateway").update_stage(
        restApiId=api_id,
        stageName=api_stage,
        patchOperations=[
            {"op": "replace", "path": f"/*/*/throttling/{name}", "value": str(value)} for name, value in limits.items()
        ],
    )
