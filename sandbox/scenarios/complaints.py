"""Errors of the schema said in words that lead to the mend.

The schema itself carries what a mapping of error kinds could not know: `x-message` says what a rule
over several keys means, `x-hint` what to write instead, `x-codes-of` whose codes a list has.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import jsonschema_rs
from yaml import ScalarEvent

from sandbox.scenarios.positions import Tree, event_at, locate, locate_key
from sandbox.scenarios.problems import PathKey, ScenarioProblem, written
from sandbox.scenarios.wording import (
    Schema,
    by_rule,
    dependent,
    listing,
    nearest,
    shortened,
    shown,
    text_of,
    wrong_type,
)

# What these say needs no hint on how the value is written.
_PLAIN: Final = frozenset(
    {"minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "exclusiveMinimum"}
)
_OVER_SEVERAL_KEYS: Final = frozenset({"oneOf", "minProperties", "maxProperties"})
# A file that is wrong throughout is not read to its end.
MAX_PROBLEMS: Final = 100
_SPEAKING: Final = frozenset({"x-message", "x-hint", "properties"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Complainer:
    """Turns the errors of one document into problems."""

    schema: Schema
    file: str
    tree: Tree | None

    def problems(
        self, errors: Iterable[jsonschema_rs.ValidationError]
    ) -> Iterator[ScenarioProblem]:
        """Say each error once; those that a misspelt key explains are left out."""
        listed = list(islice(errors, MAX_PROBLEMS))
        meant: dict[tuple[PathKey, ...], set[str]] = {}
        for error in listed:
            if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
                known = self._known_keys(error)
                near = {nearest(key, known) or "" for key in error.kind.unexpected[:MAX_PROBLEMS]}
                meant.setdefault(tuple(error.instance_path), set()).update(near)
        for error in listed:
            path = tuple(error.instance_path)
            kind = error.kind
            if isinstance(kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
                yield from (
                    self._unknown_key(error, path, key) for key in kind.unexpected[:MAX_PROBLEMS]
                )
            elif path in meant and (
                kind.name in _OVER_SEVERAL_KEYS
                or (
                    isinstance(kind, jsonschema_rs.ValidationErrorKind.Required)
                    and kind.property in meant[path]
                )
            ):
                continue
            else:
                yield self._problem(error, path)

    def _unknown_key(
        self, error: jsonschema_rs.ValidationError, path: tuple[PathKey, ...], key: str
    ) -> ScenarioProblem:
        known = self._known_keys(error)
        near = nearest(key, known)
        if key.startswith("for each "):
            hint = f"write `for each: {{{shortened(key.removeprefix('for each ')).strip()}: […]}}`"
        elif near is not None:
            hint = f"did you mean `{near}`?"
        elif key == "<<":
            hint = "YAML 1.2 has no merge key; write the keys out"
        else:
            hint = f"it can be {listing(known)}"
        place = locate_key(self.tree, path, key)
        return ScenarioProblem(
            file=self.file,
            line=place.line,
            column=place.column,
            path=written((*path, key)),
            message=f"the key `{shortened(key)}` is unknown here",
            hint=hint,
        )

    def _problem(
        self, error: jsonschema_rs.ValidationError, path: tuple[PathKey, ...]
    ) -> ScenarioProblem:
        node = self._node(error)
        message, hint = self._said(error, node, path)
        place = locate(self.tree, path)
        return ScenarioProblem(
            file=self.file,
            line=place.line,
            column=place.column,
            path=written(path),
            message=message,
            hint=hint if error.kind.name in _PLAIN else hint or text_of(node, "x-hint"),
        )

    def _said(
        self, error: jsonschema_rs.ValidationError, node: Schema, path: Sequence[PathKey]
    ) -> tuple[str, str]:
        """Return the message, and the hint when it comes from the value rather than the schema."""
        kinds = jsonschema_rs.ValidationErrorKind
        found = self._as_written(error.instance, path)
        own = text_of(node, "x-message")
        match error.kind:
            case kinds.Type():
                said = wrong_type(error.kind, error.instance, found, node)
            case kinds.Enum():
                said = self._wrong_word(error.kind, error.instance, found, node)
            case kinds.Required() if "dependentRequired" in error.schema_path:
                said = dependent(error.instance, node, error.kind.property), ""
            case kinds.Required():
                missing = error.kind.property
                said = f"the key `{missing}` is missing", f"add `{missing}:`"
            case kinds.Format():
                said = f"{found} is not a duration, or one over ten years", ""
            case _ if own:
                said = own, ""
            case _:
                said = by_rule(error.kind, found), ""
        return said

    def _wrong_word(
        self,
        kind: jsonschema_rs.ValidationErrorKind.Enum,
        instance: object,
        found: str,
        node: Schema,
    ) -> tuple[str, str]:
        known = list(dict.fromkeys(str(option) for option in kind.options))
        channel = text_of(node, "x-codes-of")
        if channel:
            other = self._channel_of(str(instance))
            near = nearest(str(instance), known)
            meant = f"did you mean {near}? " if near else ""
            elsewhere = f"it is a code of {other}; " if other else ""
            said = f"{found} is no known failure code of {channel}"
            return said, f"{elsewhere}{meant}known are {listing(known)}"
        near = nearest(str(instance), known)
        own = text_of(node, "x-hint") or f"it can be {listing(known)}"
        hint = f"did you mean `{near}`?" if near else own
        if near and not isinstance(instance, str):
            hint = f'write "{near}", quoted'
        return f"{found} is not one of the words known here", hint

    def _channel_of(self, code: str) -> str:
        definitions = self.schema.get("$defs")
        for each in definitions.values() if isinstance(definitions, Mapping) else ():
            if isinstance(each, Mapping) and "x-codes-of" in each and code in each["enum"]:
                return str(each["x-codes-of"])
        return ""

    def _as_written(self, instance: object, path: Sequence[PathKey]) -> str:
        """Show a value as its file has it: `5.000`, not 5.0."""
        if self.tree is not None and isinstance(instance, int | float):
            event = event_at(self.tree, path)
            if isinstance(event, ScalarEvent):
                return f"`{shortened(event.value)}`"
        return shown(instance)

    def _node(self, error: jsonschema_rs.ValidationError) -> Schema:
        """Return the part of the schema that holds the rule that was broken."""
        node: object = self.schema
        last: Schema = self.schema
        for step in error.schema_path[:-1]:
            if isinstance(node, Mapping):
                node = node.get(step)
            elif isinstance(node, list) and isinstance(step, int):
                node = node[step]
            # A branch of a condition speaks for the whole, unless it has words of its own.
            if isinstance(node, Mapping) and (step != "then" or node.keys() & _SPEAKING):
                last = node
        return last

    def _known_keys(self, error: jsonschema_rs.ValidationError) -> list[str]:
        properties = self._node(error).get("properties")
        if not isinstance(properties, Mapping):
            return []
        return [key for key, rule in properties.items() if "not" not in rule]
