"""``python -m tests.support.branches coverage.json 90``: fail if fewer branches than that were taken by tests."""

import json
import sys
from pathlib import Path
from typing import Any


def taken(report: dict[str, Any]) -> float:
    """The share of branches taken, in percent, by coverage.py's JSON report."""
    totals = report["totals"]
    return 100 * float(totals["covered_branches"]) / max(1, int(totals["num_branches"]))


if __name__ == "__main__":
    share, wanted = taken(json.loads(Path(sys.argv[1]).read_text())), float(sys.argv[2])
    print(f"Branches taken: {share:.1f} % (at least {wanted:.0f} % wanted)")
    sys.exit(share < wanted)
