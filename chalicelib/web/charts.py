"""Charts drawn on the server, as small SVG that is read aloud too. Pure.

Colours and type come from the site's stylesheet by class, so a chart follows the reader's dark mode; sizes are presentation
attributes, so nothing needs ``style`` (the pages' CSP allows none). A chart never stands alone: the page has its numbers in a
table beside it.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from markupsafe import Markup

WIDTH: Final = 320  # units; the stylesheet scales it to the page
ROW: Final = 40
BAR: Final = 12
LABEL_COLUMNS: Final = 42  # a Han character takes two
FIGURES: Final = 84  # units kept at the right for the number


@dataclass(frozen=True)
class Bar:
    """One bar: ``value`` of something, called ``label``; ``says`` is the figure shown at its end."""

    label: str
    value: float
    says: str


def bar_chart(id: str, title: str, bars: Sequence[Bar], whole: float = 0) -> Markup:
    """Horizontal bars under one another. A full bar is ``whole``, or the longest one if that is not said.

    ``id`` must be unique on its page. An empty chart is drawn for no bars.
    """
    full = max([whole, *(bar.value for bar in bars)], default=0) or 1
    height = ROW * len(bars)
    drawn = Markup("").join(_row(bar, number, full) for number, bar in enumerate(bars))
    return Markup(
        '<svg class="chart" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        'aria-labelledby="{id}-title {id}-says"><title id="{id}-title">{title}</title><desc id="{id}-says">{says}</desc>'
        '<g aria-hidden="true">{drawn}</g></svg>'
    ).format(width=WIDTH, height=max(height, 1), id=id, title=title, says=_said(bars), drawn=drawn)


def _row(bar: Bar, number: int, full: float) -> Markup:
    top, room = ROW * number, WIDTH - FIGURES
    length = round(room * max(0.0, bar.value) / full, 1)
    return Markup(
        '<text class="label" x="0" y="{label}" font-size="14">{name}</text>'
        '<rect class="track" x="0" y="{bar}" width="{room}" height="{thick}" rx="3"/>'
        '<rect class="bar" x="0" y="{bar}" width="{length}" height="{thick}" rx="3"/>'
        '<text class="figure" x="{right}" y="{figure}" font-size="14" text-anchor="end">{says}</text>'
    ).format(
        label=top + 13, name=shortened(bar.label), bar=top + 19, room=room, thick=BAR, length=length,
        right=WIDTH, figure=top + 30, says=bar.says,
    )  # fmt: skip


def _said(bars: Sequence[Bar]) -> str:
    return "; ".join(f"{bar.label}: {bar.says}" for bar in bars)


def shortened(text: str, columns: int = LABEL_COLUMNS) -> str:
    """A text that fits into so many columns, with an ellipsis where it was cut."""
    if _columns(text) <= columns:
        return text
    return "".join(_first(text, columns - 1)) + "…"


def _first(text: str, columns: int) -> Iterator[str]:
    for letter in text:
        columns -= _columns(letter)
        if columns < 0:
            return
        yield letter


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


HIGH: Final = 150
FOOT: Final = 22
HEAD: Final = 24


def curve(id: str, title: str, points: Sequence[Bar]) -> Markup:
    """A line through points from left to right, each with its figure above and its label below. Empty for no points."""
    if not points:
        return Markup("")
    most = max(point.value for point in points) or 1
    step = WIDTH / len(points)
    places = [
        (round(step * (number + 0.5), 1), round(HEAD + (HIGH - HEAD - FOOT) * (1 - max(0.0, point.value) / most), 1))
        for number, point in enumerate(points)
    ]
    line = " ".join(f"{x:g},{y:g}" for x, y in places)
    dots = Markup("").join(_dot(point, place) for point, place in zip(points, places, strict=True))
    return Markup(
        '<svg class="chart" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        'aria-labelledby="{id}-title {id}-says"><title id="{id}-title">{title}</title><desc id="{id}-says">{says}</desc>'
        '<g aria-hidden="true"><polyline class="line" points="{line}"/>{dots}</g></svg>'
    ).format(width=WIDTH, height=HIGH, id=id, title=title, says=_said(points), line=line, dots=dots)


def _dot(point: Bar, place: tuple[float, float]) -> Markup:
    return Markup(
        '<circle class="bar" cx="{x:g}" cy="{y:g}" r="3"/>'
        '<text class="figure" x="{x:g}" y="{above:g}" font-size="11" text-anchor="middle">{says}</text>'
        '<text class="label" x="{x:g}" y="{foot}" font-size="11" text-anchor="middle">{label}</text>'
    ).format(x=place[0], y=place[1], above=place[1] - 8, foot=HIGH - 4, says=point.says, label=point.label)


CELL: Final = 13
MARGIN: Final = 36  # units kept at the left for the names of lines
SHADES: Final = 4  # beside the one of nothing


def shade(value: int, most: int) -> int:
    """How dark a count is drawn: 0 for nothing, else 1 to 4 by its share of the most."""
    return ceil(SHADES * value / most) if most and value > 0 else 0


def heat(id: str, title: str, says: str, lines: Sequence[tuple[str, Sequence[int]]]) -> Markup:
    """Lines of cells, each the darker the more, with the number of every sixth column above it."""
    most = max((count for _, counts in lines for count in counts), default=0)
    heads = Markup("").join(
        Markup('<text class="label" x="{x}" y="11" font-size="11">{name}</text>').format(x=MARGIN + CELL * column, name=column)
        for column in range(0, 24, 6)
    )
    rows = Markup("").join(_warm(name, counts, number, most) for number, (name, counts) in enumerate(lines))
    return Markup(
        '<svg class="chart heat" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{id}-title {id}-says">'
        '<title id="{id}-title">{title}</title><desc id="{id}-says">{says}</desc><g aria-hidden="true">{heads}{rows}</g></svg>'
    ).format(width=WIDTH, height=16 + CELL * len(lines), id=id, title=title, says=says, heads=heads, rows=rows)


def _warm(name: str, counts: Sequence[int], number: int, most: int) -> Markup:
    top = 16 + CELL * number
    cells = Markup("").join(
        Markup('<rect class="s{dark}" x="{x}" y="{y}" width="{size}" height="{size}"/>').format(
            dark=shade(count, most), x=MARGIN + CELL * column, y=top, size=CELL - 1
        )
        for column, count in enumerate(counts)
    )
    label = Markup('<text class="label" x="0" y="{y}" font-size="11">{name}</text>').format(y=top + 10, name=name)
    return label + cells
