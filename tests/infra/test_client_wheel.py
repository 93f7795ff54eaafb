"""The client as it is published: a wheel, built without a network, that holds what it promises and is typed for who uses it."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
from zerodistance_client import ZeroDistance

with ZeroDistance("https://zerodistance.example.org") as server:
    for case in server.inbox():
        print(case.id.lower(), case.summary)
"""
WRONG = PROGRAM.replace("case.summary", "case.no_such_field")


def _ran(*command: str, **environment: str) -> str:
    # No setting of this machine's shell may help: neither a path of modules nor an index of packages.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_", "MYPY"))}
    done = subprocess.run(command, env=kept | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the client's own folder alone."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--no-deps", "--no-index", "--no-build-isolation", "--no-cache-dir", "--quiet")
    _ran(sys.executable, "-m", "pip", "wheel", *options, "-w", str(folder), str(ROOT / "client"), PIP_NO_INDEX="1")
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds nothing but what is in the wheel."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    return folder


def test_it_says_who_it_is_what_it_needs_and_how_it_is_used(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        metadata = next(name for name in names if name.endswith(".dist-info/METADATA"))
        said = Parser().parsestr(packed.read(metadata).decode())
        entry = packed.read(metadata.replace("METADATA", "entry_points.txt")).decode()
    version = re.search(r'__version__ = "(.+)"', (ROOT / "client/src/zerodistance_client/version.py").read_text())
    assert version
    assert (said["Name"], said["Version"]) == ("zerodistance-client", version[1])
    assert said["Description-Content-Type"] == "text/markdown"
    assert str(said.get_payload()).strip() == (ROOT / "client/README.md").read_text().strip()
    assert {re.split(r"[<>=!~]", need)[0] for need in said.get_all("Requires-Dist", []) if "extra" not in need} == {
        "httpx",
        "keyring",
        "rich",
        "typer",
    }
    assert "deputy = zerodistance_client.command:main" in entry
    assert "Typing :: Typed" in said.get_all("Classifier", [])


def test_it_holds_every_module_of_the_client_and_nothing_of_the_platform(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        inside = {name for name in packed.namelist() if ".dist-info/" not in name}
    source = ROOT / "client" / "src"
    ours = {str(path.relative_to(source)) for path in source.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert inside == ours
    assert "zerodistance_client/py.typed" in inside


def test_its_version_has_its_paragraph_among_the_changes() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "client/pyproject.toml").read_text(), re.MULTILINE)
    newest = re.search(r"^## (\S+)", (ROOT / "client/CHANGELOG.md").read_text(), re.MULTILINE)
    assert version
    assert newest
    assert version[1] == newest[1]


def test_it_is_imported_from_the_wheel_and_its_command_runs(installed: Path) -> None:
    where = "import zerodistance_client, sys; print(zerodistance_client.__file__)"
    assert str(installed) in _ran(sys.executable, "-c", where, PYTHONPATH=str(installed))
    command = "from zerodistance_client.command import main; main()"
    shown = _ran(sys.executable, "-c", f"import sys; sys.argv = ['deputy', '--help']; {command}", PYTHONPATH=str(installed))
    assert "inbox" in shown


def test_a_program_that_uses_it_is_checked_by_its_types(installed: Path, tmp_path: Path) -> None:
    for name, text in (("right.py", PROGRAM), ("wrong.py", WRONG)):
        (tmp_path / name).write_text(text)
    options = ("--strict", "--cache-dir", str(tmp_path / "cache"), "--config-file", os.devnull)
    checked = [sys.executable, "-m", "mypy", *options]
    environment = {**os.environ, "MYPYPATH": str(installed)}
    right, wrong = (
        subprocess.run(
            [*checked, str(tmp_path / name)], env=environment, capture_output=True, text=True, check=False, cwd=tmp_path
        )
        for name in ("right.py", "wrong.py")
    )
    assert right.returncode == 0, right.stdout
    assert 'has no attribute "no_such_field"' in wrong.stdout


def test_whatever_it_imports_it_asks_for() -> None:
    project = tomllib.loads((ROOT / "client" / "pyproject.toml").read_text())["project"]
    needs = [*project["dependencies"], *(need for extra in project["optional-dependencies"].values() for need in extra)]
    trees = [ast.parse(path.read_text()) for path in (ROOT / "client" / "src").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    others = {name.partition(".")[0] for name in imported} - sys.stdlib_module_names - {"zerodistance_client"}
    assert others == {re.split(r"[<>=!~]", need)[0] for need in needs}
