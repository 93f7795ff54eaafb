"""Bring the local stack up and down."""

import json
from collections.abc import Callable, Mapping
from time import monotonic, sleep
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from infra.local import demo, deploy, emulator, mail
from infra.local.place import REGION, STAGE, LocalStackFailed, Place, is_free

Say = Callable[[str], None]
Stack = dict[str, Any]

PATIENCE: Final = 60.0


def up(place: Place, say: Say = print) -> Stack:
    """Bring the stack up, or what runs already to what the code says; returns what stands in ``stack.json``.

    What this call started is stopped again if anything fails. Raises LocalStackFailed, BuildFailed or StackFailed.
    """
    fresh = not emulator.is_running(place)
    try:
        return _up(place, fresh, say)
    except BaseException:
        if fresh:
            down(place)
        raise


def down(place: Place) -> bool:
    """Stop everything of this place; data is kept. False if the emulator would not end."""
    if emulator.is_running(place):
        mail.keep(place)
    place.stack_file.unlink(missing_ok=True)
    return all([mail.process(place).stop(), emulator.stop(place)])


def _up(place: Place, fresh: bool, say: Say) -> Stack:
    if fresh:
        _start(place, say)
    say("· tables, queues, keys and sign-in")
    outputs = deploy.data(place, _quiet)
    say("· the application")
    changed = deploy.application(place, outputs, say)
    deploy.address(place, outputs)
    if fresh:
        deploy.renew_stream(place, outputs)
    mail.start(place)
    _wait(place)
    say("  deployed" if changed else "  unchanged")
    say("· the demo district")
    return _write(place, describe(place, demo.loaded(place, outputs)))


def _start(place: Place, say: Say) -> None:
    say(f"· the AWS emulator on 127.0.0.1:{place.port}")
    # One that outlived its emulator, if that was killed.
    mail.process(place).stop()
    if not is_free(place.mail_port):
        raise LocalStackFailed(f"Port {place.mail_port} on 127.0.0.1, where sent mail is shown, is in use by another program")
    emulator.start(place)
    (place.home / "port").write_text(str(place.port))


def describe(place: Place, left_by_demo: Mapping[str, Any]) -> Stack:
    """What scripts and tests need to know of a stack."""
    return {
        "base_url": place.base_url,
        "form_url": f"{place.base_url}/",
        "mail_url": place.mail_url,
        "users": {},
        "stage": STAGE,
        "region": REGION,
        "endpoint_url": place.endpoint_url,
        "clock_file": str(place.clock),
        "log": str(place.log),
        **left_by_demo,
    }


def _write(place: Place, stack: Stack) -> Stack:
    place.stack_file.write_text(json.dumps(stack, ensure_ascii=False, indent=1) + "\n")
    return stack


def _wait(place: Place) -> None:
    """Wait until the site and the mail page answer."""
    deadline = monotonic() + PATIENCE
    for url in (f"{place.base_url}/healthz", place.mail_url):
        while not (answer := _answers(url)):
            if monotonic() > deadline:
                raise LocalStackFailed(f"{url} does not answer. The log is {place.log}")
            sleep(0.2)
        if answer >= 500:
            raise LocalStackFailed(f"{url} answers {answer}. The log is {place.log}")


def _answers(url: str) -> int:
    try:
        with urlopen(url, timeout=PATIENCE) as answer:  # this machine's own  # nosec B310
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code
    except (URLError, OSError):
        return 0


def _quiet(_: str) -> None:
    """The emulator makes a stack in no time: its progress is no news."""
