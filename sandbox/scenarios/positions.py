"""Where each value of a YAML document stands in its text."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from yaml import Event

from sandbox.scenarios.problems import PathKey


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A line and a column, counted from 1."""

    line: int
    column: int


START = Place(line=1, column=1)


@dataclass(kw_only=True, slots=True)
class Branch:
    """A mapping or a list with the parser's events of its keys and children.

    `size` is how much copying it would cost: its values, and the characters of its texts.
    """

    event: Event
    keys: dict[str, Event] = field(default_factory=dict)
    children: dict[PathKey, "Branch | Event"] = field(default_factory=dict)
    size: int = 1


Tree = Branch | Event


def place_of(event: Event) -> Place:
    """Return where the text of an event starts."""
    mark = event.start_mark
    if mark is None:
        return START
    return Place(line=mark.line + 1, column=mark.column + 1)


def event_at(tree: Tree, path: Sequence[PathKey]) -> Event:
    """Return the event that began the value at `path`, or the nearest one above it."""
    for key in path:
        if not isinstance(tree, Branch) or key not in tree.children:
            break
        tree = tree.children[key]
    return tree.event if isinstance(tree, Branch) else tree


def locate(tree: Tree | None, path: Sequence[PathKey]) -> Place:
    """Return where the value at `path` stands, or the nearest one above it."""
    return START if tree is None else place_of(event_at(tree, path))


def locate_key(tree: Tree | None, path: Sequence[PathKey], key: str) -> Place:
    """Return where a key of the mapping at `path` stands."""
    for step in path:
        if not isinstance(tree, Branch) or step not in tree.children:
            return locate(tree, ())
        tree = tree.children[step]
    if isinstance(tree, Branch) and key in tree.keys:
        return place_of(tree.keys[key])
    return locate(tree, ())
