"""The AWS emulator (ministack, MIT): started on 127.0.0.1 alone, its state kept over a clean stop."""

import json
import os
import shutil
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from infra.local.place import REGION, LocalStackFailed, Place, is_free
from infra.local.processes import Background

MARK = "ministack"


def process(place: Place) -> Background:
    """The emulator as a program in the background."""
    return Background(place.home / "emulator.pid", MARK)


def is_running(place: Place) -> bool:
    """Whether this place's emulator runs and answers."""
    return process(place).pid() is not None and _ready(place)


def start(place: Place, patience: float = 60.0) -> None:
    """Start it and wait until it answers. Raises LocalStackFailed if its port is taken or it does not come up."""
    if not is_free(place.port):
        raise LocalStackFailed(
            f"Port {place.port} on 127.0.0.1 is in use by another program. Choose one: make run PORT={place.port + 100}"
        )
    _clear_temporary(place)
    command = [str(place.emulator / "bin" / "python"), "-m", MARK]
    process(place).start(command, _environment(place), place.log)
    _wait(place, patience)


def stop(place: Place) -> bool:
    """Stop it cleanly: it writes its state as it ends. False if it would not end."""
    return process(place).stop()


def _clear_temporary(place: Place) -> None:
    """Its functions' unpacked code: it leaves that behind."""
    shutil.rmtree(place.home / "tmp", ignore_errors=True)
    (place.home / "tmp").mkdir(parents=True)
    place.state.mkdir(exist_ok=True)


def _environment(place: Place) -> dict[str, str]:
    """A bare environment: every function inherits it, so nothing of the caller's may be in it."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return inherited | place.aws_environment() | _settings(place)


def _settings(place: Place) -> dict[str, str]:
    return {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(place.port),
        # Functions reach AWS by this name; 127.0.0.1 is the site's (infra/local/address.py).
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(place.state),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(place.state / "s3"),
        "TMPDIR": str(place.home / "tmp"),
        "LAMBDA_EXECUTOR": "local",
        # Functions may do what their policies allow, as on AWS (infra/local/permissions.py).
        "AUTH": "true",
        # Listeners that are not needed here.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }


def _wait(place: Place, patience: float) -> None:
    deadline = monotonic() + patience
    while not _ready(place):
        if process(place).pid() is None or monotonic() > deadline:
            raise LocalStackFailed(f"The emulator did not start: {_last_words(place.log)} (its log: {place.log})")
        sleep(0.2)


def _ready(place: Place) -> bool:
    try:
        with urllib.request.urlopen(f"{place.endpoint_url}/_ministack/ready", timeout=5) as answer:  # this machine's own  # nosec B310
            return bool(answer.status == 200)
    except (urllib.error.URLError, HTTPException, OSError):
        return False


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it said nothing"


def sent(place: Place) -> dict[str, Any]:
    """What the emulator was given to send, as it keeps it: ``mails`` (SES) and ``texts`` (SMS)."""
    mails = _read(place, "/_ministack/ses/messages")["messages"]
    texts = _read(place, "/_ministack/sns/sms-messages")["sms_messages"]
    return {
        "mails": [mail for account in mails.values() for mail in account],
        "texts": [text for number in texts.values() for text in number],
    }


def _read(place: Place, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(place.endpoint_url + path, timeout=10) as answer:  # this machine's own  # nosec B310
        found: dict[str, Any] = json.load(answer)
    return found
