"""Programs that run on in the background: started detached, known by a file with their process id, stopped by it."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from infra.local.place import ROOT


@dataclass(frozen=True)
class Background:
    """A program in the background. ``mark`` is a word of its command line: a process id alone may be another's by now."""

    pid_file: Path
    mark: str

    def start(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        """Start it in a session of its own, so that the terminal's end is not its end."""
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=dict(environment),
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.pid_file.write_text(str(process.pid))
        _begun(process, self.mark)
        # It is meant to outlive us: told so, Python does not warn that nobody waits for it.
        process.returncode = 0

    def pid(self) -> int | None:
        """Its process id while it runs."""
        if not self.pid_file.exists():
            return None
        pid = int(self.pid_file.read_text())
        return pid if self.mark in _command_line(pid) else None

    def stop(self, patience: float = 60.0) -> bool:
        """End it by SIGTERM and wait until it is gone. False if it still runs after ``patience`` seconds."""
        pid = self.pid()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
            if not _gone(pid, self.mark, patience):
                return False
        self.pid_file.unlink(missing_ok=True)
        return True


def _begun(process: "subprocess.Popen[bytes]", mark: str) -> None:
    """Wait until its command line can be read: in the first moment after a start the system shows none."""
    while process.poll() is None and mark not in _command_line(process.pid):
        sleep(0.01)


def _gone(pid: int, mark: str, patience: float) -> bool:
    deadline = monotonic() + patience
    while mark in _command_line(pid):
        if monotonic() > deadline:
            return False
        sleep(0.1)
    return True


def _command_line(pid: int) -> str:
    """The command line of a process; empty if there is none or it has ended."""
    _reap(pid)
    if Path("/proc/self").exists():
        return _from_proc(Path(f"/proc/{pid}/cmdline"))
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip()


def _from_proc(file: Path) -> str:
    try:
        return file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _reap(pid: int) -> None:
    """If it is a child of ours that has ended, let it go: else it would stay as a zombie while we live."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
