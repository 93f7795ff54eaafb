"""Two looks from outside, for ``make security``: secrets in the files, and known holes in what ships.

Nothing found is nothing said of: the second needs the network, and says so where it could not ask.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

BIN: Final = Path(sys.executable).parent
PLACES: Final = ("app.py", "chalicelib", "infra", "client/src", "docs", "Makefile")
# These guess by how random a text looks; ids, digests and examples are random here. The others know a secret by its form.
GUESSING: Final = (
    "Base64HighEntropyString", "HexHighEntropyString", "KeywordDetector", "BasicAuthDetector", "IPPublicDetector",
    "NpmDetector",
)  # fmt: skip
PATIENCE: Final = 15  # seconds


def secrets() -> list[str]:
    """Where a key, a token or a password stands in a file: ``path:line: what``."""
    options = [word for name in GUESSING for word in ("--disable-plugin", name)]
    asked = [str(BIN / "detect-secrets"), "scan", "--no-verify", "--all-files", *options, *PLACES]
    found = json.loads(subprocess.run(asked, capture_output=True, check=True, text=True).stdout)["results"]
    return [f"{path}:{each['line_number']}: {each['type']}" for path, all in found.items() for each in all]


def known_holes() -> tuple[list[str], str]:
    """The known holes of what ships, and, where that could not be asked, why not."""
    asked = [str(BIN / "pip-audit"), "-r", "requirements.txt", "--no-deps", "--disable-pip", "-f", "json", "--timeout", "5"]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, timeout=PATIENCE, check=False).stdout
        answer = json.loads(said)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError):
        return [], "the database of vulnerabilities can't be reached"
    return _holes(answer)


def _holes(answer: list[dict[str, Any]]) -> tuple[list[str], str]:
    unknown = [each["name"] for each in answer if "skip_reason" in each]
    holes = [f"{each['name']} {each['version']}: {hole['id']}" for each in answer for hole in each.get("vulns", ())]
    return holes, f"nothing is known of {len(unknown)} of {len(answer)}: {', '.join(unknown)}" if unknown else ""


def main() -> int:
    """Say what was found; 1 if anything was."""
    found = secrets()
    holes, unasked = known_holes()
    for line in (*found, *holes):
        print(line)
    print(f"Secrets in files: {len(found)}. Known holes in what ships: {len(holes)}{f' ({unasked})' if unasked else ''}")
    return 1 if found or holes else 0


if __name__ == "__main__":
    sys.exit(main())
