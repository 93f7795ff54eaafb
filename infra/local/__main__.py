"""The commands behind ``make run``, ``stop``, ``logs``, ``reset``, ``demo-breach``, ``verify`` and ``rebuild``."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from infra import stack
from infra.build import BuildFailed
from infra.local import demo, emulator, launch, logs
from infra.local.place import ROOT, STAGE, LocalStackFailed, Place, remembered
from infra.stage import data_stack

LONGEST_REASON: Final = 400  # characters: some refusals repeat the whole template
SENTENCE: Final = (LocalStackFailed, BuildFailed, stack.StackFailed)


def run(place: Place) -> None:
    """Bring the stack up and say where to click."""
    began = monotonic()
    found = launch.up(place, _say)
    print(f"\nZero Distance is up ({monotonic() - began:.0f} s).\n\n{guide(found)}")


def stop(place: Place) -> None:
    """Stop the stack; its data is kept."""
    was_up = emulator.is_running(place)
    if not launch.down(place):
        raise LocalStackFailed(f"The emulator does not end. Its process id is in {place.home / 'emulator.pid'}")
    print("Stopped. The data is kept: make run goes on from here." if was_up else "It was not running.")


def reset(place: Place) -> None:
    """Stop, and forget the data."""
    stop(place)
    for path in (place.state, place.home / "tmp", place.home / "build"):
        shutil.rmtree(path, ignore_errors=True)
    for path in (place.clock, place.kept_mail, place.home / "port"):
        path.unlink(missing_ok=True)
    print("Its data is gone: make run starts from nothing.")


def show_logs(place: Place) -> None:
    """Follow what the functions say, until Ctrl-C."""
    _must_be_up(place)
    print(f"(Ctrl-C ends this; the emulator's own log is {place.log})")
    with suppress(KeyboardInterrupt):
        for line in logs.follow(place):
            _say(line)


def breach(place: Place) -> None:
    """Let a promise of the demo break, and show what follows."""
    _must_be_up(place)
    demo.run(place, stack.outputs(place.client("cloudformation"), data_stack(STAGE)), "breach")


def verify(place: Place) -> None:
    """Walk every hash chain and hold every state against its journal."""
    _journal(place, "verify")


def rebuild(place: Place) -> None:
    """The same, and write anew what differs."""
    _journal(place, "rebuild")


def _journal(place: Place, what: str) -> None:
    _must_be_up(place)
    outputs = stack.outputs(place.client("cloudformation"), data_stack(STAGE))
    command = [sys.executable, "-m", "infra.journal", what, "--here"]
    if subprocess.run(command, cwd=ROOT, env=demo.surroundings(place, outputs), check=False).returncode:
        raise LocalStackFailed("Something is not as it was written; it is named above")


def guide(found: dict[str, Any]) -> str:
    """Where to click, and who may sign in, for a person."""
    lines = [("Write to a deputy", found["form_url"]), ("Follow a demo case", found.get("tracking_url", ""))]
    lines.append(("What came of it", found.get("suggestion_url", "")))
    lines += [("Read sent mail", found["mail_url"])]
    people = [f"  {role:<11} {user['name']:<16} {user['password']}" for role, user in found["users"].items()]
    shown = "\n".join(f"  {label:<20} {url}" for label, url in lines if url)
    sign_in = "\n\nSign in (role, name, password), for example: .venv/bin/deputy login\n" + "\n".join(people)
    return shown + (sign_in if people else "") + "\n\nmake logs · make demo-breach · make stop · make help"


def _must_be_up(place: Place) -> None:
    if not emulator.is_running(place):
        raise LocalStackFailed("The local stack is not up. Start it: make run")


def _say(line: str) -> None:
    print(line, flush=True)


COMMANDS: Final[dict[str, Callable[[Place], None]]] = {
    "run": run,
    "stop": stop,
    "reset": reset,
    "logs": show_logs,
    "breach": breach,
    "verify": verify,
    "rebuild": rebuild,
}


def main() -> None:
    """Do one command; an error is one sentence on stderr and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--port", type=int, help="the port on 127.0.0.1 (4566); the next one shows sent mail")
    given = parser.parse_args()
    # A profile of the caller's that isn't there would stop boto3 before it reads anything else.
    os.environ.pop("AWS_PROFILE", None)
    try:
        COMMANDS[given.command](remembered(port=given.port))
    except SENTENCE as error:
        sys.exit(f"\n{error}")
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"\nThe emulator refused: {str(error)[:LONGEST_REASON]} … Its log: make logs")
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. What was being started is stopped again")


if __name__ == "__main__":
    main()
