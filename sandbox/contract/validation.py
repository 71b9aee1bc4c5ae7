"""Validate bodies against views: what every validator offers, and the compiled one.

Source: PERFORMANCE (validation), TOOLS (compiled validation).
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, Protocol

import jsonschema_rs

from sandbox.contract.formats import FORMATS
from sandbox.contract.views import View
from sandbox.contract.violations import MOST_TOLD, Breach

_ARGUMENTS: Final = {
    "const": "expected_value",
    "enum": "options",
    "format": "format",
    "multipleOf": "multiple_of",
    "pattern": "pattern",
    "type": "types",
    "maximum": "limit",
    "minimum": "limit",
    "exclusiveMaximum": "limit",
    "exclusiveMinimum": "limit",
    "maxLength": "limit",
    "minLength": "limit",
    "maxItems": "limit",
    "minItems": "limit",
    "maxProperties": "limit",
    "minProperties": "limit",
}
_NAMELESS: Final = "\ufffe"
_HALF: Final = re.compile("[\ud800-\udfff]")


class BodyValidator(Protocol):
    """Judges a value by a view. Two implementations say the same of every value.

    Values are what JSON has: dict with texts as keys, list, str, int, float, bool and None.
    """

    def accepts(self, view: View, value: object) -> bool:
        """Tell whether a value fits; the fast way."""

    def breaches(self, view: View, value: object) -> list[Breach]:
        """Return what is wrong with a value, in no particular order.

        Of very many breaches one more than `MOST_TOLD` are returned.
        """


class CompiledValidator:
    """Validates by jsonschema-rs; a view is compiled when first needed."""

    def __init__(self) -> None:
        self._compiled: dict[View, jsonschema_rs.Draft202012Validator] = {}

    def accepts(self, view: View, value: object) -> bool:
        """Tell whether a value fits; about a microsecond for a checkout."""
        try:
            compiled = self._compiled[view]
        except KeyError:
            compiled = self._compile(view)
        try:
            return compiled.is_valid(value)
        except ValueError:
            return compiled.is_valid(_speakable(value))

    def breaches(self, view: View, value: object) -> list[Breach]:
        """Return all that is wrong with a value."""
        compiled = self._compiled.get(view) or self._compile(view)
        found = _breaches(compiled.iter_errors(_speakable(value)))
        return list(islice(found, MOST_TOLD + 1))

    def _compile(self, view: View) -> jsonschema_rs.Draft202012Validator:
        compiled = jsonschema_rs.Draft202012Validator(
            view.schema, formats=dict(FORMATS), validate_formats=True, offline=True
        )
        self._compiled[view] = compiled
        return compiled


def _breaches(errors: Iterable[jsonschema_rs.ValidationError]) -> Iterator[Breach]:
    for error in errors:
        kind = error.kind
        said = kind.as_dict()
        location = tuple(_name(step) for step in error.instance_path)
        keyword = kind.name
        if keyword in {"required", "dependentRequired"}:
            yield Breach("required", (*location, _name(said["property"])), None, None)
        elif keyword == "additionalProperties":
            for name in said["unexpected"]:
                yield Breach(keyword, (*location, _name(name)), None, None)
        elif keyword in {"anyOf", "oneOf"}:
            branches = tuple(tuple(_breaches(branch)) for branch in said["context"])
            yield Breach(keyword, location, None, error.instance, branches)
        else:
            argument: Any = said.get(_ARGUMENTS.get(keyword, ""))
            yield Breach(keyword, location, argument, error.instance)


def _speakable(value: Any) -> Any:  # noqa: ANN401 - any JSON value in, the same kind out
    """Write a value so that jsonschema-rs can speak of it.

    Halves of surrogate pairs are no text and Rust cannot hold them; an empty name is left out of
    the places that it tells.
    """
    if isinstance(value, str):
        return value if value.isascii() else _HALF.sub("\ufffd", value)
    if isinstance(value, list):
        return [_speakable(one) for one in value]
    if isinstance(value, dict):
        return {_speakable(key) or _NAMELESS: _speakable(one) for key, one in value.items()}
    return value


def _name(step: str | int) -> str | int:
    return "" if step == _NAMELESS else step
