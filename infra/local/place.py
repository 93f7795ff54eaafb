"""Where a local stack lives: its folder, its two ports, its addresses, its credentials."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import boto3

ROOT: Final = Path(__file__).resolve().parent.parent.parent
HOME: Final = ROOT / ".local"
PORT: Final = 4566
STAGE: Final = "local"
REGION: Final = "us-east-1"
# The emulator takes any; the functions get the same. Never a real account's, whatever the caller's environment holds.
CREDENTIALS: Final = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_SESSION_TOKEN": ""}


class LocalStackFailed(Exception):
    """One clear sentence for the person at the terminal."""


@dataclass(frozen=True)
class Place:
    """A local stack's folder and ports. Everything it writes is under ``home``."""

    home: Path = HOME
    port: int = PORT
    mail_port: int = PORT + 1
    emulator: Path = HOME / "emulator"

    @property
    def base_url(self) -> str:
        """The site, for browsers and plain HTTP clients. By this host name the emulator finds the API."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def endpoint_url(self) -> str:
        """AWS's own interfaces. Another host name than the site's: by it the emulator tells them apart."""
        return f"http://localhost:{self.port}"

    @property
    def mail_url(self) -> str:
        """The page that shows what was sent."""
        return f"http://127.0.0.1:{self.mail_port}"

    @property
    def state(self) -> Path:
        """What the emulator keeps from one start to the next."""
        return self.home / "state"

    @property
    def log(self) -> Path:
        """The emulator's log, with what the functions say."""
        return self.home / "emulator.log"

    @property
    def clock(self) -> Path:
        """The file that moves the functions' clock: an offset in seconds."""
        return self.home / "clock"

    @property
    def stack_file(self) -> Path:
        """Addresses and names for scripts, present while the stack is up."""
        return self.home / "stack.json"

    @property
    def kept_mail(self) -> Path:
        """Sent mail saved at a stop: the emulator itself forgets it."""
        return self.home / "mail.json"

    def client(self, service: str) -> Any:
        """A boto3 client of the emulator."""
        session: Any = boto3.Session(
            region_name=REGION,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )
        return session.client(service, endpoint_url=self.endpoint_url)

    def aws_environment(self) -> dict[str, str]:
        """What a program needs in its environment so that its AWS calls reach this stack and nothing else."""
        return {
            **CREDENTIALS,
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def remembered(home: Path = HOME, port: int | None = None) -> Place:
    """The place in a folder, on the port it was first started with.

    The emulator's kept state names its port everywhere (queue addresses), so data and port belong together.
    Raises LocalStackFailed if another port is asked for while there is data.
    """
    kept = home / "port"
    known = int(kept.read_text()) if kept.exists() else None
    if known and port and port != known and (home / "state").exists():
        raise LocalStackFailed(
            f"This stack's data was made on port {known}. Use `make run PORT={known}`, or `make reset` to start from nothing"
        )
    chosen = port or known or PORT
    return Place(home=home, port=chosen, mail_port=chosen + 1)


def is_free(port: int) -> bool:
    """Whether nothing listens on this port of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def free_ports() -> tuple[int, int]:
    """Two ports that were free a moment ago, for a stack beside others."""
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]
