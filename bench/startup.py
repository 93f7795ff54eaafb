"""How long the app takes to be imported, against a bare Chalice app that makes one PynamoDB model. ``python -m bench.startup``.

Each import runs in a Python of its own, the two in turn, so that what else the machine does meets both alike. Measured twice:
with compiled bytecode at hand, as on this machine; and without, as in a function's first start: the zip carries no .pyc, and
Lambda's code folder can't be written to.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final

from bench.shown import HERE, Part, shown, table

ROOT: Final = Path(__file__).parents[1]
TIMES: Final = 9
MOST_SHOWN: Final = 14

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
PROGRAMS: Final[Mapping[str, str]] = {"bare Chalice and one PynamoDB model": BARE, "app.py": "import app"}
TIMED: Final = "import time as t\na = t.process_time()\n{program}\nb = t.process_time()\nimport sys\nprint(b - a, len(sys.modules))"


def imported(program: str, compiled: bool) -> tuple[float, int]:
    """CPU milliseconds of a program's imports in a fresh Python, and how many modules it then holds."""
    source = TIMED.format(program=program)
    done = subprocess.run([*_python(compiled), "-c", source], env=_environment(), cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, modules = done.stdout.split()[-2:]
    return float(seconds) * 1e3, int(modules)


def _python(compiled: bool) -> list[str]:
    """Without bytecode: it is looked for in a folder that is empty, and not written."""
    empty = Path(tempfile.gettempdir()) / "no-bytecode-here"
    return [sys.executable] if compiled else [sys.executable, "-B", "-X", f"pycache_prefix={empty}"]


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not re.match(r"(AWS|ZD|PYTHON)", name)}
    return kept | {"AWS_DEFAULT_REGION": "us-east-1"}


def measured(compiled: bool) -> dict[str, list[tuple[float, int]]]:
    """Each program so many times, in turn, after one that is not counted."""
    found: dict[str, list[tuple[float, int]]] = {name: [] for name in PROGRAMS}
    for turn in range(TIMES + 1):
        for name, program in PROGRAMS.items():
            result = imported(program, compiled)
            if turn:
                found[name].append(result)
    return found


def contributors() -> list[tuple[str, float]]:
    """Milliseconds of the largest packages that the app imports beyond the bare app, each with what it brings, outermost only."""
    bare = {name for name, _, _ in _importtime(BARE)}
    fresh = [(name, depth, ms) for name, depth, ms in _importtime("import app") if name not in bare]
    sums: dict[str, float] = {}
    for package, ms in _outermost(fresh):
        sums[package] = sums.get(package, 0.0) + ms
    return sorted(sums.items(), key=lambda pair: -pair[1])[:MOST_SHOWN]


def _importtime(program: str) -> list[tuple[str, int, float]]:
    """Name, depth and own milliseconds of every import, in the order in which they ended; compiled."""
    command = [sys.executable, "-X", "importtime", "-c", program]
    done = subprocess.run(command, env=_environment(), cwd=ROOT, capture_output=True, text=True, check=True)
    lines = re.findall(r"^import time:\s+(\d+) \|\s+\d+ \| (\s*)(\S+)$", done.stderr, re.MULTILINE)
    return [(name, len(indent) // 2, int(own) / 1e3) for own, indent, name in lines]


def _outermost(imports: Sequence[tuple[str, int, float]]) -> Iterator[tuple[str, float]]:
    """Each import's own time, under the name of its package: two names deep for ours, one for the others."""
    for name, _, ms in imports:
        parts = name.split(".")
        yield ".".join(parts[:2] if parts[0] == "chalicelib" else parts[:1]), ms


def _rows(found: Mapping[str, Sequence[tuple[float, int]]]) -> list[list[str]]:
    middles = {name: median(ms for ms, _ in results) for name, results in found.items()}
    bare = middles["bare Chalice and one PynamoDB model"]
    return [[name, f"{ms:.0f}", f"{ms / bare:.2f}", str(found[name][0][1])] for name, ms in middles.items()]


def figures() -> Part:
    """Import time with and without bytecode, and where it goes."""
    head = ["imported", "median ms", "ratio", "modules"]
    lines = [
        f"CPU milliseconds of the imports in a fresh Python ({HERE}), median of {TIMES}, in turn. With bytecode:",
        "",
        *table(head, _rows(measured(compiled=True))),
        "",
        "Without bytecode (every module is compiled first), as in a zip that carries none:",
        "",
        *table(head, _rows(measured(compiled=False))),
        "",
        "What the app imports beyond the bare app, own milliseconds by package (`-X importtime`, one run, with bytecode):",
        "",
        *table(["package", "ms"], [[name, f"{ms:.1f}"] for name, ms in contributors()]),
    ]
    return Part("Import time", lines)


if __name__ == "__main__":
    shown(figures)
