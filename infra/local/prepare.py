"""Make the virtual environments, before there is any: standard library only, and readable by an old Python too.

``python3 -m infra.local.prepare run`` for the local stack, ``... test`` for everything that the tests need.
"""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
EMULATOR = ROOT / ".local" / "emulator"
LOG = ROOT / ".local" / "setup.log"
RUN = ("requirements.txt", "infra/local/requirements.txt")
TEST = (*RUN, "requirements-dev.txt")
NO_NETWORK = re.compile("NewConnectionError|NameResolution|ConnectTimeout|Read timed out|ProxyError|Network is unreachable")


class NotPrepared(Exception):
    """A sentence for the person who typed `make`."""


def check_python(version: "tuple[int, ...]") -> None:
    """Raises NotPrepared if this Python is too old."""
    if version < (3, 11):
        found = ".".join(str(part) for part in version)
        raise NotPrepared(f"Python 3.11 or newer is needed, this is {found}. Try: make run PYTHON=python3.11")


def why(output: str) -> str:
    """What went wrong with pip, in one sentence."""
    if NO_NETWORK.search(output):
        return "The Python package index can't be reached: the first start needs a network, later ones don't"
    errors = [line for line in output.splitlines() if line.lower().startswith("error")]
    return errors[-1] if errors else "pip failed"


def ensure(venv: Path, lists: "tuple[str, ...]", client: bool = False) -> None:
    """Make a virtual environment hold what the lists say, unless it does already."""
    files = [ROOT / name for name in lists]
    wanted = _wanted(files, client)
    stamp = venv / f".holds-{wanted}"
    if stamp.exists():
        return
    fresh = not venv.exists()
    try:
        _make(venv)
        print(f"· installing into {venv.relative_to(ROOT)} (once; the log is {LOG.relative_to(ROOT)})", flush=True)
        _install(venv, files, client)
    except BaseException:
        _remove(venv, fresh)
        raise
    stamp.touch()


def _wanted(files: "list[Path]", client: bool) -> str:
    extra = [ROOT / "client" / "pyproject.toml"] if client and _has_client() else []
    return hashlib.sha256(b"\n".join(file.read_bytes() for file in files + extra)).hexdigest()[:16]


def _has_client() -> bool:
    return (ROOT / "client" / "pyproject.toml").exists()


def _make(venv: Path) -> None:
    if (venv / "bin" / "python").exists():
        return
    done = _run([sys.executable, "-m", "venv", str(venv)])
    if done.returncode:
        raise NotPrepared(f"Python's venv module doesn't work ({_last(done.stdout)}). On Debian: apt install python3-venv")


def _install(venv: Path, files: "list[Path]", client: bool) -> None:
    wanted = [word for file in files for word in ("-r", str(file))]
    if client and _has_client():
        wanted += ["-e", str(ROOT / "client")]
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--retries", "1"]
    done = _run([*pip, "--timeout", "30", *wanted])
    if done.returncode:
        raise NotPrepared(f"{why(done.stdout)}. The log is {LOG.relative_to(ROOT)}")


def _run(command: "list[str]") -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("a") as log:
        log.write(f"$ {' '.join(command)}\n{done.stdout}\n")
    return done


def _remove(venv: Path, fresh: bool) -> None:
    """Leave nothing half made; what was there before stays."""
    if fresh and venv.exists():
        subprocess.run(["rm", "-rf", str(venv)], check=True)


def _last(text: str) -> str:
    return (text.strip().splitlines() or ["no word why"])[-1]


def main(purpose: str) -> None:
    """Prepare for ``run`` or ``test``."""
    check_python(sys.version_info[:2])
    ensure(VENV, TEST if purpose == "test" else RUN, client=True)
    ensure(EMULATOR, ("infra/local/emulator.txt",))


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "run")
    except NotPrepared as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped. Nothing is running; start again with the same command")
