"""What is deployed, and how large it is: at most 20 MB. ``python -m bench.package``.

The zip is built as for AWS (infra.build: Lambda's platform, the stage's policies and environment), with outputs of a data
stack that was never deployed. The size of an edition is that of a synthetic district (bench.synthetic).
"""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Final
from zipfile import ZipFile

from bench import synthetic
from bench.shown import Part, shown, table
from chalicelib.directory.edition import LARGEST, packed, unpacked
from infra.build import ROOT, build, plan
from infra.build import package as packaged
from tests.infra.outputs import OUTPUTS, REGION

MOST: Final = 20e6  # bytes of the zip, by the issue
FOLDER: Final = ROOT / "build" / "bench"
MOST_SHOWN: Final = 12
TIMES: Final = 9


def zipped() -> Path:
    """The deployment package, built anew."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    folder = build(plan("test", OUTPUTS, "https://example.org"), FOLDER)
    return packaged(folder, "test", REGION) / "deployment.zip"


def parts(file: Path) -> list[tuple[str, int, int]]:
    """Name, bytes in the zip and bytes unpacked of every top-level part, the largest first."""
    sizes: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    with ZipFile(file) as opened:
        for info in opened.infolist():
            part = sizes[info.filename.split("/")[0]]
            part[0] += info.compress_size
            part[1] += info.file_size
    return sorted(((name, packed, full) for name, (packed, full) in sizes.items()), key=lambda part: -part[1])


def _part_rows(found: list[tuple[str, int, int]]) -> Iterator[list[str]]:
    for name, small, full in found[:MOST_SHOWN]:
        yield [name, f"{small / 1e6:.2f}", f"{full / 1e6:.2f}"]
    rest = found[MOST_SHOWN:]
    yield [f"{len(rest)} more", f"{sum(part[1] for part in rest) / 1e6:.2f}", f"{sum(part[2] for part in rest) / 1e6:.2f}"]


def _of_an_edition() -> str:
    content = packed(synthetic.edition(synthetic.Dice()))
    people = ", ".join(f"{count:,} {what}" for what, count in synthetic.SIZES.items())
    return (
        f"The edition, which is all that a function reads of the directory: {len(content):,} bytes for a synthetic district "
        f"of {people} ({synthetic.ALIASES} place names a grid, {synthetic.WORDS} words a category; random signs, which "
        f"compress worse than real ones); {LARGEST:,} at most. Unpacking it, when it has changed: {_unpacking(content):.0f} ms "
        "of CPU."
    )


def _unpacking(content: bytes) -> float:
    def once() -> float:
        begun = process_time()
        unpacked(content)
        return (process_time() - begun) * 1e3

    return median(once() for _ in range(TIMES))


def figures() -> Part:
    """The size of the zip with its largest parts, and that of an edition."""
    file = zipped()
    size = file.stat().st_size
    lines = [
        f"The zip as it is deployed: **{size / 1e6:.2f} MB**; {MOST / 1e6:.0f} MB at most.",
        "",
        *table(["part", "MB in the zip", "MB unpacked"], _part_rows(parts(file))),
        "",
        _of_an_edition(),
    ]
    return Part("Package", lines, [] if size <= MOST else [f"the zip has {size:,} bytes, and {MOST:,.0f} are allowed"])


if __name__ == "__main__":
    shown(figures)
