"""Keys that a document names without giving them anything: `parameters:` and a line break.

They are mended before anything else is looked at. Source: earlier published documents.
"""

from collections.abc import Iterator
from typing import Any, Final

from sandbox.contract.source import Place

# Keys whose absence means the same as their emptiness.
_MAY_BE_ABSENT: Final = frozenset(
    {
        *("parameters", "tags", "security", "servers", "required", "properties", "enum"),
        *("allOf", "anyOf", "oneOf", "headers", "links", "callbacks", "examples", "description"),
    }
)
# Below these stand names or values that are the author's own.
_NAMES: Final = frozenset({"properties", "patternProperties", "schemas", "$defs"})
_VALUES: Final = frozenset({"example", "examples", "default", "enum", "const"})


def drop_empty_keys(tree: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    """Take out the keys that hold nothing; yield the place of each and what was done."""
    pending: list[tuple[Place, Any, bool]] = [((), tree, False)]
    while pending:
        place, node, is_named = pending.pop()
        if isinstance(node, list):
            pending += (((*place, index), one, False) for index, one in enumerate(node))
            continue
        if not isinstance(node, dict):
            continue
        for key, inner in list(node.items()):
            here = (*place, str(key))
            if inner is None and not is_named and key in _MAY_BE_ABSENT:
                del node[key]
                yield here, f"`{key}` holds nothing: dropped"
            elif key not in _VALUES or is_named:
                pending.append((here, inner, key in _NAMES and not is_named))
