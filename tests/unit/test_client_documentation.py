"""What the command can do stands in its README: a command, variable or exit code that does not, fails here."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from zerodistance_client.command import complain
from zerodistance_client.command.app import app

README = (Path(__file__).parents[2] / "client" / "README.md").read_text(encoding="utf-8")
SOURCE = Path(__file__).parents[2] / "client" / "src"
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]


def every_command() -> dict[str, object]:
    inside = {name: getattr(command, "commands", None) for name, command in COMMANDS.items()}
    flat = {name: COMMANDS[name] for name, group in inside.items() if group is None}
    return flat | {f"{outer} {name}": command for outer, group in inside.items() if group for name, command in group.items()}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_in_the_readme(name: str) -> None:
    assert f"`{name}" in README


@pytest.mark.parametrize("name", every_command())
def test_every_command_can_answer_in_json(name: str) -> None:
    options = [option for parameter in every_command()[name].params for option in parameter.opts]  # type: ignore[attr-defined]
    assert "--json" in options


def test_every_environment_variable_is_in_the_readme() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    assert {name for name in re.findall(r"\bDEPUTY_[A-Z_]+\b", code) if f"`{name}`" not in README} == set()


def test_every_exit_code_is_in_the_readme() -> None:
    for code in (0, complain.REFUSED, 2, complain.NOT_SIGNED_IN, complain.NO_CONNECTION):
        assert f"| {code} |" in README
