"""The fixture ``stack``: the whole platform on the emulator, brought up once a session by the launcher's own code."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from infra.local import emulator, launch, logs, mail, time_machine
from infra.local.place import HOME, Place, free_ports


@dataclass(frozen=True)
class Stack:
    """A deployed local stack, beside any other of this machine."""

    place: Place
    facts: Mapping[str, Any]  # what stands in its stack.json

    @property
    def base_url(self) -> str:
        """The site, without a slash at its end."""
        return str(self.facts["base_url"])

    @property
    def form_url(self) -> str:
        """The form of a deputy of the demo district."""
        return str(self.facts["form_url"])

    @property
    def endpoint_url(self) -> str:
        """Where AWS's own interfaces are."""
        return str(self.facts["endpoint_url"])

    @property
    def users(self) -> dict[str, dict[str, str]]:
        """The demo's people by role: name and password."""
        return dict(self.facts["users"])

    def client(self, service: str) -> Any:
        """A boto3 client of this stack."""
        return self.place.client(service)

    def move_clock(self, seconds: float) -> float:
        """Move the functions' clock; returns the whole offset in seconds."""
        return time_machine.move_clock(self.place, seconds)

    def invoke(self, function: str, event: dict[str, Any] | None = None) -> Any:
        """Call a function now, ``sweep`` as the minute does; returns its answer."""
        return time_machine.invoke(self.place, function, event)

    def sent(self) -> mail.Post:
        """The mails and texts sent so far, newest first."""
        return mail.gathered(emulator.sent(self.place), mail.kept(self.place.kept_mail))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack with the demo district, its data gone after the session.

    Its IAM is on: if any function was refused a right in the whole session, infra/policies.py lacks it, and this fails.
    """
    port, mail_port = free_ports()
    place = Place(home=tmp_path_factory.mktemp("stack"), port=port, mail_port=mail_port, emulator=HOME / "emulator")
    facts = launch.up(place)
    yield Stack(place, facts)
    refused = [line for line in logs.said(place) if "AccessDenied" in line or "not authorized to perform" in line]
    assert launch.down(place), f"the emulator of {place.home} does not end"
    assert not refused, f"functions lack rights: {refused[:3]}"
