"""How figures are shown: as Markdown, so that what is printed can be kept in bench/README.md as it is."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from platform import machine, python_version
from typing import Final

HERE: Final = f"Python {python_version()}, {machine()}"


@dataclass(frozen=True)
class Part:
    """One part of the figures. ``broken`` names every limit that was not kept."""

    title: str
    lines: Sequence[str]
    broken: Sequence[str] = ()

    @property
    def text(self) -> str:
        """The part as Markdown."""
        limits = [f"**Not kept: {limit}**" for limit in self.broken]
        return "\n".join([f"## {self.title}", "", *self.lines, *([""] if limits else []), *limits, ""])


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A Markdown table; every column but the first stands to the right."""
    lines = [[str(cell) for cell in row] for row in rows]
    return [_line(head), _line(["---", *("--:" for _ in head[1:])]), *(_line(line) for line in lines)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def shown(make: Callable[[], Part]) -> None:
    """Make a part and print it; the process ends with 1 if a limit was not kept."""
    part = make()
    print(part.text)
    sys.exit(int(bool(part.broken)))
