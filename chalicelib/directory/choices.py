"""The categories as a tree, and what a form offers of the directory. Pure."""

from dataclasses import dataclass
from typing import Final

from chalicelib.directory.kinds import Category
from chalicelib.directory.model import Directory

MOST_LEAVES: Final = 80  # options that a form can show and still be small


@dataclass(frozen=True)
class Node:
    """A category with those below it."""

    category: Category
    children: tuple["Node", ...]


@dataclass(frozen=True)
class Choice:
    """One option of a form."""

    id: str
    name: str


@dataclass(frozen=True)
class ChoiceGroup:
    """Options under one heading."""

    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class FormChoices:
    """What a resident may choose from: the deputy's grids, and what it is about."""

    grids: tuple[Choice, ...]
    categories: tuple[ChoiceGroup, ...]


def category_tree(directory: Directory, parent: str = "") -> tuple[Node, ...]:
    """The categories in use as a tree, or those below ``parent``."""
    return tuple(Node(child, category_tree(directory, child.id)) for child in directory.children(parent))


def form_choices(directory: Directory, deputy: str, language: str) -> FormChoices:
    """What the form of a deputy offers, named in ``zh`` or ``en``.

    Of the categories the leaves, under the top level's names; with more than 80 leaves the second level instead.
    """
    deep = len(directory.leaves()) <= MOST_LEAVES
    groups = (_group(node, language, deep) for node in category_tree(directory))
    return FormChoices(_grids(directory, deputy, language), tuple(groups))


def _grids(directory: Directory, deputy: str, language: str) -> tuple[Choice, ...]:
    found = directory.deputy(deputy)
    own = set(found.grids) if found else set()
    mine = (grid for grid in directory.grids if own.intersection(directory.around(grid.id)))
    return tuple(Choice(grid.id, grid.name(language)) for grid in mine)


def _group(top: Node, language: str, deep: bool) -> ChoiceGroup:
    shown = [leaf for node in top.children for leaf in (node.children if deep and node.children else (node,))] or [top]
    choices = (Choice(node.category.id, node.category.name(language)) for node in shown)
    return ChoiceGroup(top.category.name(language), tuple(choices))
