"""The request view and the response view of a document's schemas.

A document describes both directions with one schema. Taken literally, its `required` lists demand
read-only fields from a caller, so each direction gets its own: the request view has no `readOnly`
properties, the response view no `writeOnly` ones, neither as properties nor as required names.

A view is one JSON Schema of dialect 2020-12 with all it refers to under `$defs`. Views are made
when first asked for, and each component is walked once for each direction.

Source: FACTS 11, item 3.
"""

import enum
import re
from collections.abc import Mapping
from typing import Any, Final

from sandbox.contract.document import Document
from sandbox.contract.formats import FORMATS
from sandbox.contract.places import (
    INNER_LIST,
    INNER_MAP,
    INNER_SCHEMA,
    find,
    inner_schemas,
    place_of,
)

# Keywords that assert something; all others only describe.
_ASSERTIONS: Final = frozenset(
    {
        *("type", "enum", "const", "pattern", "minLength", "maxLength", "minimum", "maximum"),
        *("exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems"),
        *("uniqueItems", "minProperties", "maxProperties", "dependentRequired"),
        *("minContains", "maxContains"),
    }
)
_PARTS: Final = ("allOf", "anyOf", "oneOf")

Names = frozenset[str]


class Direction(enum.Enum):
    """Who sends the value; its value is the keyword that keeps a property out of it."""

    REQUEST = "readOnly"
    RESPONSE = "writeOnly"


class View:
    """One schema as one side may send it.

    `schema` is complete in itself; compare views by identity. `root` is the schema without the
    definitions it may refer to.
    """

    __slots__ = ("root", "schema")

    def __init__(self, root: dict[str, Any], definitions: Mapping[str, Any]) -> None:
        self.root = root
        self.schema: dict[str, Any] = {**root, "$defs": _reachable(root, definitions)}


class Views:
    """Makes the views of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._definitions: dict[Direction, dict[str, Any]] = {one: {} for one in Direction}
        self._names: dict[tuple[str, Names], str] = {}
        self._taken: set[str] = set()
        self._waiting: list[tuple[str, object, Direction, Names]] = []
        self._kept_out: dict[tuple[str, Direction], Names] = {}

    def of(self, schema: object, direction: Direction) -> View:
        """Return the view of a schema that stands anywhere in the document."""
        root = self._rewrite(schema, direction, frozenset())
        while self._waiting:
            name, target, side, hidden = self._waiting.pop()
            self._definitions[side][name] = self._rewrite(target, side, hidden)
        if not isinstance(root, dict):
            root = {"allOf": [root]}
        return View(root, self._definitions[direction])

    def _rewrite(self, schema: object, direction: Direction, hidden: Names) -> Any:  # noqa: ANN401
        """Copy a schema without the properties of the other side.

        `hidden` are names that a schema around this one keeps out.
        """
        if not isinstance(schema, dict):
            return schema is not False
        own = self._names_kept_out(schema, direction)
        hidden |= own
        written: dict[str, Any] = {}
        for keyword, said in schema.items():
            if keyword in _ASSERTIONS or (keyword == "format" and said in FORMATS):
                written[keyword] = said
            elif keyword == "required":
                names = [name for name in said if name not in hidden]
                if names:
                    written[keyword] = names
            elif keyword == "properties":
                written[keyword] = self._properties(schema, direction, hidden)
            else:
                self._rewrite_inner(keyword, said, direction, hidden, written)
        if "$ref" in schema:
            return self._refer(schema["$ref"], direction, hidden, written)
        return written

    def _rewrite_inner(
        self,
        keyword: str,
        said: Any,  # noqa: ANN401 - a schema, or several by position or name
        direction: Direction,
        hidden: Names,
        written: dict[str, Any],
    ) -> None:
        if keyword in INNER_SCHEMA:
            written[keyword] = self._rewrite(said, direction, frozenset())
        elif keyword in INNER_LIST and isinstance(said, list):
            inner = hidden if keyword in _PARTS else frozenset[str]()
            written[keyword] = [self._rewrite(one, direction, inner) for one in said]
        elif keyword in INNER_MAP and isinstance(said, dict):
            written[keyword] = {
                name: self._rewrite(one, direction, frozenset()) for name, one in said.items()
            }

    def _properties(
        self, schema: dict[str, Any], direction: Direction, hidden: Names
    ) -> dict[str, Any]:
        closed = "additionalProperties" in schema or "unevaluatedProperties" in schema
        written = {}
        for name, inner in schema["properties"].items():
            if name not in hidden:
                written[name] = self._rewrite(inner, direction, frozenset())
            elif closed:
                # whoever sends it is told elsewhere; it is not an unknown name
                written[name] = True
        return written

    def _refer(
        self, reference: str, direction: Direction, hidden: Names, beside: dict[str, Any]
    ) -> dict[str, Any]:
        name = self._define(reference, direction, hidden)
        written = {"$ref": f"#/$defs/{name}"}
        # validators differ about what stands beside a reference, so it gets a place of its own
        return {"allOf": [written, beside]} if beside else written

    def _define(self, reference: str, direction: Direction, hidden: Names) -> str:
        target = self._target(reference)
        own = self._names_kept_out(target, direction)
        # a copy of its own, only where the schema around keeps out what this one asks for
        extra = (hidden - own) & _required_names(target, self._document)
        name = self._names.get((reference, extra))
        if name is None:
            name = self._free_name(reference, extra)
            self._names[reference, extra] = name
        if name not in self._definitions[direction]:
            self._definitions[direction][name] = True  # until its turn comes
            self._waiting.append((name, target, direction, extra))
        return name

    def _free_name(self, reference: str, extra: Names) -> str:
        place = place_of(reference) or ()
        words = [str(place[-1])] if place[:2] == ("components", "schemas") else map(str, place)
        plain = re.sub(r"[^A-Za-z0-9_.-]", "_", "-".join([*words, *sorted(extra)]))
        name = plain
        while name in self._taken:
            name = f"{plain}-{len(self._taken)}"
        self._taken.add(name)
        return name

    def _target(self, reference: str) -> object:
        return find(self._document.tree, place_of(reference) or ())

    def _names_kept_out(self, schema: object, direction: Direction) -> Names:
        """Return the properties that this side must not send; a branch says so for itself only."""
        if not isinstance(schema, dict):
            return frozenset()
        names: set[str] = set()
        reference = schema.get("$ref")
        if isinstance(reference, str):
            key = (reference, direction)
            if key not in self._kept_out:
                self._kept_out[key] = frozenset()
                self._kept_out[key] = self._names_kept_out(self._target(reference), direction)
            names |= self._kept_out[key]
        for name, inner in schema.get("properties", {}).items():
            if self._is_kept_out(inner, direction):
                names.add(name)
        for part in schema.get("allOf", ()):
            names |= self._names_kept_out(part, direction)
        return frozenset(names)

    def _is_kept_out(self, schema: object, direction: Direction) -> bool:
        if not isinstance(schema, dict):
            return False
        if schema.get(direction.value) is True:
            return True
        if "$ref" in schema:
            return self._is_kept_out(self._target(schema["$ref"]), direction)
        return any(self._is_kept_out(part, direction) for part in schema.get("allOf", ()))


def _required_names(schema: object, document: Document) -> set[str]:
    """Return the names that a schema asks for, through all its parts."""
    names: set[str] = set()
    pending = [schema]
    while pending:
        part = document.resolve(pending.pop())
        names.update(part.get("required", ()))
        for keyword in _PARTS:
            pending.extend(part.get(keyword, ()))
    return names


def _reachable(root: object, definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Return the definitions that a schema refers to, directly or not."""
    found: dict[str, Any] = {}
    pending: list[object] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if "$ref" in node:
                name = node["$ref"].removeprefix("#/$defs/")
                if name not in found:
                    found[name] = definitions[name]
                    pending.append(definitions[name])
            pending.extend(one for _, one in inner_schemas(node))
    return found
