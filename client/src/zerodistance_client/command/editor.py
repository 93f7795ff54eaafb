"""Writing a text in the person's own editor."""

import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


class EditorFailed(Exception):
    """The editor could not be started, or left with an error."""

    def __init__(self, editor: str) -> None:
        super().__init__(f"The editor '{editor}' failed")
        self.editor = editor


def write_in_editor(path: Path, environment: Mapping[str, str]) -> str:
    """Open a file in $VISUAL or $EDITOR, wait until it is left, and return what it holds then. Raises EditorFailed."""
    default = "notepad" if sys.platform == "win32" else "vi"
    editor = environment.get("VISUAL") or environment.get("EDITOR") or default
    try:
        subprocess.run([*shlex.split(editor), str(path)], check=True)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise EditorFailed(editor) from error
    return path.read_text(encoding="utf-8")
