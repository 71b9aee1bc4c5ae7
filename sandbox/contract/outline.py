"""What a document declares at each place, with all parts and branches laid over one another.

A validator says whether a value fits; an outline says what is known of a place whatever branch a
value takes. It serves to find undeclared and read-only fields, to convert values as the platform's
framework does, and to put violations into the order of the document. Places are outlined when
first visited, so a schema that contains itself is no trouble.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.contract.document import Document
from sandbox.contract.views import Direction

_BRANCHES: Final = ("anyOf", "oneOf")

Schemas = tuple[dict[str, Any], ...]


class Outline:
    """One place: its types, its named fields, its items.

    `types` is empty where anything goes. `names` are the declared fields, in the order of the
    document. `kept_out` are those that only the other side sends. `is_closed` says that further
    names mean nothing here; `is_empty` that nothing is said of any name; `limits_length`
    that a text has a greatest length.
    """

    __slots__ = (
        "_fields",
        "_items",
        "_outlines",
        "_schemas",
        "formats",
        "is_closed",
        "is_empty",
        "kept_out",
        "limits_length",
        "names",
        "types",
    )

    def __init__(self, schemas: Schemas, outlines: "Outlines") -> None:
        self._schemas = schemas
        self._outlines = outlines
        self._fields: dict[str, Outline] | None = None
        self._items: Outline | None = None
        flat = outlines.flatten(schemas)
        types = [outlines.types_of(schema) for schema in schemas]
        self.types = frozenset[str]() if not all(types) else frozenset[str]().union(*types)
        self.formats = frozenset(part["format"] for part in flat if "format" in part)
        self.limits_length = any("maxLength" in part for part in flat)
        declared = dict.fromkeys(name for part in flat for name in part.get("properties", ()))
        self.kept_out = outlines.kept_out_of(flat)
        self.names = tuple(name for name in declared if name not in self.kept_out)
        self.is_empty = not declared and not any(part.get("additionalProperties") for part in flat)
        told = [outlines.tells(schema) for schema in schemas]
        self.is_closed = any(has for has, _ in told) and not any(free for _, free in told)

    @property
    def fields(self) -> Mapping[str, "Outline"]:
        """The outline of each declared field."""
        if self._fields is None:
            inner: dict[str, list[dict[str, Any]]] = {name: [] for name in self.names}
            for part in self._outlines.flatten(self._schemas):
                for name, schema in part.get("properties", {}).items():
                    if name in inner:
                        inner[name].append(schema)
            self._fields = {name: self._outlines.of(parts) for name, parts in inner.items()}
        return self._fields

    def field(self, name: str) -> "Outline":
        """Return the outline of a field, or of the values of names that are not declared."""
        known = self.fields.get(name)
        return known if known is not None else self._below("additionalProperties")

    @property
    def items(self) -> "Outline":
        """The outline of the items of a list."""
        if self._items is None:
            self._items = self._below("items")
        return self._items

    def _below(self, keyword: str) -> "Outline":
        return self._outlines.of(
            [part[keyword] for part in self._outlines.flatten(self._schemas) if keyword in part]
        )


class Outlines:
    """Makes the outlines of one document for one direction; each place once."""

    def __init__(self, document: Document, direction: Direction) -> None:
        self._document = document
        self._direction = direction
        self._made: dict[tuple[int, ...], Outline] = {}

    def of(self, schemas: list[Any]) -> Outline:
        """Return the outline of a place to which these schemas speak."""
        known = tuple(
            {id(one): one for one in map(self._document.resolve, schemas) if one}.values()
        )
        key = tuple(id(one) for one in known)
        if key not in self._made:
            self._made[key] = Outline(known, self)
        return self._made[key]

    def flatten(self, schemas: Schemas) -> list[dict[str, Any]]:
        """Return the schemas with all their parts and branches, references followed."""
        seen: dict[int, dict[str, Any]] = {}
        pending = list(reversed(schemas))
        while pending:
            schema = pending.pop()
            if id(schema) in seen:
                continue
            seen[id(schema)] = schema
            pending.extend(reversed([*self._parts(schema, "allOf"), *self._branches(schema)]))
        return list(seen.values())

    def types_of(self, schema: dict[str, Any]) -> frozenset[str]:
        """Return the types that a schema admits; empty for any."""
        kinds = schema.get("type")
        if isinstance(kinds, str):
            return frozenset((kinds,))
        if isinstance(kinds, list):
            return frozenset(kinds)
        parts = [self.types_of(part) for part in self._parts(schema, "allOf")]
        branches = [self.types_of(branch) for branch in self._branches(schema)]
        if all(branches):
            parts += [frozenset[str]().union(*branches)]
        found = frozenset[str]().union(*parts)
        return found or frozenset(("object",) if "properties" in schema else ())

    def tells(self, schema: dict[str, Any]) -> tuple[bool, bool]:
        """Tell whether a schema names fields, and whether it leaves room for others on purpose."""
        has = bool(schema.get("properties"))
        others = schema.get("additionalProperties", False)
        free = "patternProperties" in schema or others is not False
        for part in self._parts(schema, "allOf"):
            part_has, part_free = self.tells(part)
            has, free = has or part_has, free or part_free
        for branch in self._branches(schema):
            branch_has, branch_free = self.tells(branch)
            bare = not branch or (not branch_has and "object" in self.types_of(branch))
            has, free = has or branch_has, free or branch_free or bare
        return has, free

    def kept_out_of(self, flat: list[dict[str, Any]]) -> frozenset[str]:
        """Return the fields that only the other side sends; sending wins where branches differ."""
        kept: dict[str, bool] = {}
        for part in flat:
            for name, schema in part.get("properties", {}).items():
                kept[name] = kept.get(name, True) and self._is_kept_out(schema)
        return frozenset(name for name, is_kept in kept.items() if is_kept)

    def _is_kept_out(self, schema: object) -> bool:
        if not isinstance(schema, dict):
            return False
        if schema.get(self._direction.value) is True:
            return True
        known = self._document.resolve(schema)
        return known.get(self._direction.value) is True or any(
            self._is_kept_out(part) for part in known.get("allOf", ())
        )

    def _branches(self, schema: dict[str, Any]) -> list[dict[str, Any]]:
        return [part for keyword in _BRANCHES for part in self._parts(schema, keyword)]

    def _parts(self, schema: dict[str, Any], keyword: str) -> Iterator[dict[str, Any]]:
        """Yield the parts of a schema, references followed."""
        for part in schema.get(keyword, ()):
            if part is not False:
                yield self._document.resolve(part)
