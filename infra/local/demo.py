"""The demo district, loaded once into a new stack by ``infra.demo``, and what that program needs to know.

``python -m infra.demo load --out FILE`` writes JSON: ``form_url``, ``tracking_url``, ``users`` (role → name, password).
``python -m infra.demo breach`` lets a promise break. Both find this stack in their environment.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from infra.local.deploy import recall, remember
from infra.local.place import ROOT, STAGE, LocalStackFailed, Place
from infra.stage import environment

PROGRAM: Final = "infra.demo"
LOADED: Final = f"/zerodistance/{STAGE}/demo"


def loaded(place: Place, outputs: Mapping[str, str]) -> dict[str, Any]:
    """Load the demo district unless this stack has it; returns what it left: addresses and users."""
    if importlib.util.find_spec(f"{PROGRAM}.__main__") is None:
        return {}
    if not (known := recall(place, LOADED)):
        known = _load(place, outputs)
        remember(place, LOADED, known)
    found: dict[str, Any] = json.loads(known)
    return found


def run(place: Place, outputs: Mapping[str, str], *words: str) -> None:
    """Run the demo program against this stack. Raises LocalStackFailed if it fails."""
    command = [sys.executable, "-m", PROGRAM, *words]
    done = subprocess.run(command, cwd=ROOT, env=surroundings(place, outputs), check=False)
    if done.returncode:
        raise LocalStackFailed(f"The demo program failed ({' '.join(words[:1])}); its last words stand above")


def surroundings(place: Place, outputs: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program that acts on this stack: a function's own, and where AWS is."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ZD_"))}
    stage = environment(outputs, place.base_url, str(place.clock))
    return mine | stage | place.aws_environment() | {"ZD_STACK_FILE": str(place.stack_file)}


def _load(place: Place, outputs: Mapping[str, str]) -> str:
    with tempfile.TemporaryDirectory(dir=place.home) as folder:
        answer = Path(folder) / "demo.json"
        run(place, outputs, "load", "--out", str(answer))
        return answer.read_text()
