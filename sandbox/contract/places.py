"""Places in a document: JSON pointers, references, and where its schemas stand."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote

from sandbox.contract.source import Place

INNER_SCHEMA: Final = frozenset(
    {
        *("items", "additionalProperties", "not", "if", "then", "else", "contains"),
        *("propertyNames", "unevaluatedItems", "unevaluatedProperties"),
    }
)
INNER_LIST: Final = frozenset({"allOf", "oneOf", "anyOf", "prefixItems"})
INNER_MAP: Final = frozenset(
    {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
)
METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# What stands under these keys is a value or a text, never a part of the document's structure.
_VALUES: Final = frozenset({"example", "examples", "default", "enum", "const", "security"})


def pointer(place: Place) -> str:
    """Write a place as a JSON pointer (RFC 6901): `/paths/~1b~1x/get`."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in place)


def place_of(reference: str) -> Place | None:
    """Read `#/components/schemas/X` as a place; None when the reference leaves the document."""
    if not reference.startswith("#"):
        return None
    steps = reference[1:].split("/")[1:]
    return tuple(unquote(step).replace("~1", "/").replace("~0", "~") for step in steps)


def find(tree: object, place: Place) -> object:
    """Return what stands at a place.

    Raises:
        KeyError: nothing stands there.
    """
    node = tree
    for step in place:
        if isinstance(node, dict):
            node = node[str(step)]
        elif isinstance(node, list) and str(step).isdecimal() and int(step) < len(node):
            node = node[int(step)]
        else:
            raise KeyError(step)
    return node


def inner_schemas(schema: dict[str, Any]) -> Iterator[tuple[Place, Any]]:
    """Yield the schemas directly inside a schema, with the way to each."""
    for keyword, inner in schema.items():
        if keyword in INNER_SCHEMA:
            yield (keyword,), inner
        elif keyword in INNER_LIST and isinstance(inner, list):
            for index, one in enumerate(inner):
                yield (keyword, index), one
        elif keyword in INNER_MAP and isinstance(inner, dict):
            for name, one in inner.items():
                yield (keyword, name), one


def all_schemas(tree: dict[str, Any]) -> Iterator[tuple[Place, Any]]:
    """Yield every schema of a document, outer before inner, in the order of the file."""
    pending = list(outer_schemas(tree))[::-1]
    while pending:
        place, schema = pending.pop()
        yield place, schema
        if isinstance(schema, dict):
            inner = [(place + way, one) for way, one in inner_schemas(schema)]
            pending.extend(reversed(inner))


def outer_schemas(tree: dict[str, Any]) -> Iterator[tuple[Place, Any]]:
    """Yield the schemas of a document that stand in no other schema."""
    pending: list[tuple[Place, Any]] = [((key,), tree[key]) for key in tree if key != "info"]
    pending.reverse()
    while pending:
        place, node = pending.pop()
        if place == ("components", "schemas") and isinstance(node, dict):
            for name, schema in node.items():
                yield (*place, name), schema
        elif place[-1] == "schema":
            yield place, node
        elif isinstance(node, dict):
            pending.extend(
                ((*place, key), node[key])
                for key in reversed(node)
                if key not in _VALUES and not key.startswith("x-")
            )
        elif isinstance(node, list):
            pending.extend(((*place, index), one) for index, one in reversed([*enumerate(node)]))


def all_references(tree: object) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield every mapping of the document that holds a `$ref`, with its place."""
    pending: list[tuple[Place, object]] = [((), tree)]
    while pending:
        place, node = pending.pop()
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield place, node
            pending.extend(
                ((*place, key), one)
                for key, one in node.items()
                if isinstance(one, dict | list) and (key not in _VALUES or _is_name(place))
            )
        elif isinstance(node, list):
            pending.extend(
                ((*place, index), one)
                for index, one in enumerate(node)
                if isinstance(one, dict | list)
            )


def _is_name(place: Place) -> bool:
    """Tell whether the keys here are names that the author chose, such as a property `default`."""
    return bool(place) and place[-1] in INNER_MAP | {"schemas", "responses", "parameters"}
