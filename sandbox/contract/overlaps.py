"""Tell whether one value can match several branches of a `oneOf`.

A `oneOf` whose branches overlap refuses values that are meant to pass, so it is read as `anyOf`.
Source: FACTS 11, item 5.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any, Final

from sandbox.contract.places import find, place_of

_MAX_STEPS: Final = 20


def resolved(node: object, tree: dict[str, Any]) -> dict[str, Any]:
    """Follow `$ref`s from a node; an empty mapping where they lead nowhere."""
    for _ in range(_MAX_STEPS):
        if not isinstance(node, dict):
            return {}
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return node
        place = place_of(reference)
        if place is None:
            return {}
        try:
            node = find(tree, place)
        except KeyError:
            return {}
    return {}


def branches_overlap(branches: object, tree: dict[str, Any]) -> bool:
    """Tell whether two whole branches may both match; branches of bare conditions never count.

    A branch is whole when it declares a type or properties. `oneOf` over mere `required` lists is
    meant to exclude, and stays as it is.
    """
    if not isinstance(branches, list):
        return False
    told = [list(_parts(branch, tree)) for branch in branches]
    return any(
        _are_whole(first) and _are_whole(second) and not _are_apart(first, second)
        for first, second in combinations(told, 2)
    )


def _parts(branch: object, tree: dict[str, Any], steps: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the schemas that must all hold in a branch: itself and its `allOf`."""
    schema = resolved(branch, tree)
    yield schema
    parts = schema.get("allOf")
    if isinstance(parts, list) and steps < _MAX_STEPS:
        for part in parts:
            yield from _parts(part, tree, steps + 1)


def _are_whole(parts: list[dict[str, Any]]) -> bool:
    return any("type" in part or "properties" in part or "enum" in part for part in parts)


def _are_apart(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> bool:
    kinds, other_kinds = _kinds(first), _kinds(second)
    if kinds and other_kinds and not kinds & other_kinds:
        return True
    options, other_options = _options(first), _options(second)
    if options is not None and other_options is not None and not options & other_options:
        return True
    required = _required(first) & _required(second)
    return any(_told_apart_by(name, first, second) for name in required)


def _told_apart_by(name: str, first: list[dict[str, Any]], second: list[dict[str, Any]]) -> bool:
    options, other = (
        _options([part["properties"][name] for part in parts if _declares(part, name)])
        for parts in (first, second)
    )
    return options is not None and other is not None and not options & other


def _declares(part: dict[str, Any], name: str) -> bool:
    properties = part.get("properties")
    return isinstance(properties, dict) and isinstance(properties.get(name), dict)


def _kinds(parts: list[dict[str, Any]]) -> set[str]:
    kinds: set[str] = set()
    for part in parts:
        kind = part.get("type", "object" if "properties" in part else None)
        if isinstance(kind, str):
            kinds.add(kind)
        elif isinstance(kind, list):
            kinds.update(one for one in kind if isinstance(one, str))
    return kinds | {"number"} if "integer" in kinds else kinds


def _options(parts: list[dict[str, Any]]) -> set[str] | None:
    for part in parts:
        if isinstance(part.get("enum"), list):
            return {repr(option) for option in part["enum"]}
        if "const" in part:
            return {repr(part["const"])}
    return None


def _required(parts: list[dict[str, Any]]) -> set[str]:
    return {
        name
        for part in parts
        if isinstance(part.get("required"), list)
        for name in part["required"]
        if isinstance(name, str)
    }
