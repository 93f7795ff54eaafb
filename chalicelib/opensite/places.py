"""Who is in charge where: from what somebody chose or wrote to places, each with its deputies. Pure."""

from dataclasses import dataclass
from typing import Final

from chalicelib.directory.choices import Choice, ChoiceGroup
from chalicelib.directory.kinds import Deputy, Grid
from chalicelib.directory.model import Directory

LONGEST: Final = 200  # characters of an address that are looked at
MOST: Final = 6  # places that one address may mean


@dataclass(frozen=True)
class Place:
    """A grid, and who is in charge of it; the nearest first."""

    grid: Grid
    deputies: tuple[Deputy, ...]


def places_of(grid: str, words: str, directory: Directory) -> tuple[Place, ...]:
    """The grid of this id, else the grids whose names stand in these words. None for nothing known."""
    chosen = directory.grid(grid)
    named = (chosen,) if chosen else directory.grids_in(words[:LONGEST])
    return tuple(_place(each, directory) for each in _smallest(named, directory)[:MOST] if not each.retired)


def _smallest(grids: tuple[Grid, ...], directory: Directory) -> list[Grid]:
    """Without those that lie around another of them: who writes "Weidu, Jiyue Garden" means the garden."""
    around = {above for grid in grids for above in list(directory.around(grid.id))[1:]}
    return [grid for grid in grids if grid.id not in around]


def _place(grid: Grid, directory: Directory) -> Place:
    """A grid that is nobody's own is in charge of those who have a part of it."""
    own = directory.deputies_of(grid.id)
    within = (deputy for deputy in directory.deputies for part in deputy.grids if grid.id in directory.around(part))
    return Place(grid, own or tuple({deputy.id: deputy for deputy in within}.values()))


def choices(directory: Directory, language: str) -> tuple[ChoiceGroup, ...]:
    """The grids that have a deputy of their own, under the name of the grid around each."""
    groups: dict[str, list[Choice]] = {}
    for grid in directory.grids:
        if directory.deputies_of(grid.id):
            around = directory.grid(grid.parent)
            groups.setdefault(around.name(language) if around else "", []).append(Choice(grid.id, grid.name(language)))
    return tuple(ChoiceGroup(name, tuple(found)) for name, found in groups.items())
