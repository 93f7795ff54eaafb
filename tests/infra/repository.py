"""A repository to deploy from that a test may leave its traces in: ours, by links, without what was deployed before."""

import shutil
from pathlib import Path

from infra.build import ROOT


def linked(folder: Path) -> Path:
    """Lay the repository's code into a folder; returns it."""
    for name in ("app.py", "chalicelib", "requirements.txt"):
        (folder / name).symlink_to(ROOT / name)
    (folder / ".chalice").mkdir()
    shutil.copy(ROOT / ".chalice" / "config.json", folder / ".chalice")
    return folder
