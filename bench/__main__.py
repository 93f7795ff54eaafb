"""All figures, one part after the other, each in a process of its own. ``python -m bench``; ``--keep`` keeps them in README.md.

``python -m bench calls cpu`` makes only these. Ends with 1 if a limit was not kept: calls, growth, size of the zip; no time.
"""

import argparse
import subprocess
import sys
from datetime import UTC, datetime
from os import cpu_count, getloadavg
from pathlib import Path
from time import monotonic
from typing import Final

from bench.shown import HERE

PARTS: Final = ("calls", "cost", "sweep", "cpu", "startup", "package")
README: Final = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def made(part: str) -> tuple[str, int]:
    """One part's figures and how it ended."""
    done = subprocess.run([sys.executable, "-m", f"bench.{part}"], stdout=subprocess.PIPE, text=True, check=False)
    return done.stdout, done.returncode


def stamp(seconds: float) -> str:
    """When and on what all this was measured."""
    load = ", ".join(f"{each:.1f}" for each in getloadavg())
    now = datetime.now(UTC)
    return f"Measured {now:%Y-%m-%d %H:%M} UTC in {seconds:.0f} s; {HERE}, {cpu_count()} CPUs, load {load}.\n"


def keep(text: str) -> None:
    """Put the figures into the README in place of the last."""
    head, _, rest = README.read_text().partition(BEGIN)
    README.write_text(f"{head}{BEGIN}\n\n{text.strip()}\n\n{END}{rest.partition(END)[2]}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(PARTS)}; all if none is named")
    parser.add_argument("--keep", action="store_true", help="keep all figures in bench/README.md")
    given = parser.parse_args()
    unknown = set(given.parts) - set(PARTS)
    if unknown or (given.keep and given.parts):
        parser.error(f"there is no part {', '.join(sorted(unknown))}" if unknown else "--keep keeps all parts: name none")
    begun, texts, worst = monotonic(), [], 0
    for part in given.parts or PARTS:
        text, code = made(part)
        print(text, flush=True)
        texts.append(text)
        worst = max(worst, code)
    texts.insert(0, stamp(monotonic() - begun))
    print(texts[0])
    if given.keep and all("\n" in text for text in texts):  # a part that broke off says nothing, and the last is kept
        keep("\n".join(texts))
    sys.exit(worst)


if __name__ == "__main__":
    main()
