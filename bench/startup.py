"""How long the app takes to be imported, against a bare Chalice app that makes one PynamoDB model. ``python -m bench.startup``.

What is imported is the unpacked deployment package; boto3 and the standard library come compiled, as AWS's runtime brings
them. Each import runs in a Python of its own, the two in turn, so that what else the machine does meets both alike.
Measured as it is deployed, and with bytecode beside each module: Lambda's code folder can't be written to, so what has no
bytecode in the zip is compiled at every start of a new environment. The package holds Linux's wheels: on another system
this part says that it can't be measured.
"""

import compileall
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from py_compile import PycInvalidationMode
from statistics import median
from typing import Final
from zipfile import ZipFile

from bench.package import FOLDER, zipped
from bench.shown import HERE, Part, shown, table

TIMES: Final = 9
MOST_SHOWN: Final = 16
BARE: Final = """
from chalice import Chalice
from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

class Row(Model):
    class Meta:
        table_name = "rows"
        region = "us-east-1"
    id = UnicodeAttribute(hash_key=True)

app = Chalice(app_name="bare")

@app.route("/")
def index():
    return {}
"""
# Python's garbage collector walks all that was imported so far, again and again; nothing of it is garbage.
APP, UNCOLLECTED = "import app", "import gc\ngc.disable()\nimport app"
PROGRAMS: Final[Mapping[str, str]] = {"bare": BARE, "app": APP, "uncollected": UNCOLLECTED}
NAMED: Final = {
    "bare": "bare Chalice app with one PynamoDB model",
    "app": "the app",
    "uncollected": "the app, garbage collector off meanwhile",
}
TIMED: Final = "import sys, time\nbegun = time.process_time()\n{program}\nprint(time.process_time() - begun, len(sys.modules))"

Results = dict[str, list[tuple[float, int]]]  # by program: CPU milliseconds, and how many modules there are then


def unpacked(file: Path) -> Path:
    """The deployment package as a folder, without bytecode unless the zip carries it."""
    folder = FOLDER / "unpacked"
    with ZipFile(file) as opened:
        opened.extractall(folder)
    return folder


def compiled(folder: Path) -> Path:
    """A copy of it with bytecode, valid whatever a file's date."""
    copy = folder.with_name("compiled")
    shutil.copytree(folder, copy)
    compileall.compile_dir(copy, quiet=2, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    return copy


def measured(folder: Path) -> Results:
    """Each program so many times, in turn, after one that is not counted."""
    found: Results = {name: [] for name in PROGRAMS}
    for turn in range(TIMES + 1):
        for name, program in PROGRAMS.items():
            seconds, modules = _run(folder, TIMED.format(program=program)).stdout.split()[-2:]
            if turn:
                found[name].append((float(seconds) * 1e3, int(modules)))
    return found


def _run(folder: Path, program: str, *options: str) -> "subprocess.CompletedProcess[str]":
    """A program in a fresh Python whose first place to look for modules is the package; nothing is written there (-B)."""
    kept = {name: value for name, value in os.environ.items() if not re.match(r"(AWS|ZD|PYTHON)", name)}
    environment = kept | {"AWS_DEFAULT_REGION": "us-east-1", "ZD_STAGE": "test"}
    command = [sys.executable, "-B", *options, "-c", program]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=True)


def contributors(folder: Path) -> list[tuple[str, float]]:
    """Own milliseconds of what the app imports and the bare one does not, by package, the largest first."""
    bare = {name for name, _ in _imports(folder, BARE)}
    sums: dict[str, float] = {}
    for name, ms in _imports(folder, UNCOLLECTED):
        if name not in bare:
            package = _package(name)
            sums[package] = sums.get(package, 0.0) + ms
    return sorted(sums.items(), key=lambda pair: -pair[1])[:MOST_SHOWN]


def _imports(folder: Path, program: str) -> Iterator[tuple[str, float]]:
    """Name and own milliseconds of every import."""
    said = _run(folder, program, "-X", "importtime").stderr
    for own, name in re.findall(r"^import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)$", said, re.MULTILINE):
        yield name, int(own) / 1e3


def _package(name: str) -> str:
    """Ours by section, others by their first name."""
    parts = name.split(".")
    return ".".join(parts[:2] if parts[0] == "chalicelib" else parts[:1])


def _rows(results: Results) -> Iterator[Sequence[str]]:
    middles = {name: median(ms for ms, _ in runs) for name, runs in results.items()}
    for name, ms in middles.items():
        yield NAMED[name], f"{ms:.0f}", f"{ms / middles['bare']:.2f}", str(results[name][0][1])


def figures() -> Part:
    """Import time as deployed and with bytecode, and where it goes."""
    if sys.platform != "linux":
        return Part("Import time", [f"Not measured: the package holds Linux's wheels, and this is {sys.platform}."])
    plain = unpacked(zipped())
    with_bytecode = compiled(plain)
    head = ["imported", "CPU ms", "ratio", "modules"]
    lines = [
        f"CPU milliseconds of the imports in a fresh Python ({HERE}), median of {TIMES}, in turn. Lambda gives a function at "
        "1,769 MB one CPU, at less memory a share of it.",
        "",
        "As deployed:",
        "",
        *table(head, _rows(measured(plain))),
        "",
        "With bytecode of every module in the package:",
        "",
        *table(head, _rows(measured(with_bytecode))),
        "",
        "What the app imports beyond the bare app, own milliseconds by package (`-X importtime`, one run, with bytecode, "
        "garbage collector off):",
        "",
        *table(["package", "ms"], [[name, f"{ms:.1f}"] for name, ms in contributors(with_bytecode)]),
    ]
    return Part("Import time", lines)


if __name__ == "__main__":
    shown(figures)
