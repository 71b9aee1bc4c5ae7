"""What is put in for `${…}` is text; where the language takes no text, it is what YAML reads in it.

So `"5.000"` keeps its digits where an amount stands, and `"3"` is a number after `times:`.
"""

from collections.abc import Collection
from typing import Final

import jsonschema_rs

from sandbox.scenarios.documents import scalar
from sandbox.scenarios.problems import PathKey
from sandbox.scenarios.variables import Filled, ValuePath

_KINDS: Final = jsonschema_rs.ValidationErrorKind
# The errors of a value that is another word, or another kind of thing, than may stand there.
_MISPLACED: Final = (_KINDS.Type, _KINDS.Enum, _KINDS.Constant)


def read_in_place(filled: Filled, validator: jsonschema_rs.Validator) -> None:
    """Read each text that was put in where no text may stand; one that means no more stays text."""
    texts: dict[ValuePath, str] = {}
    for path in _misplaced(filled, filled.origins, validator):
        text = _value_at(filled.document.value, path)
        if isinstance(text, str) and (meant := scalar(text)) != text:
            texts[path] = text
            _put(filled.document.value, path, meant)
    for path in _misplaced(filled, texts, validator) if texts else ():
        _put(filled.document.value, path, texts[path])


def _misplaced(
    filled: Filled, among: Collection[ValuePath], validator: jsonschema_rs.Validator
) -> set[ValuePath]:
    value = filled.document.value
    if not among or validator.is_valid(value):
        return set()
    wrong = {
        tuple(error.instance_path)
        for error in validator.iter_errors(value)
        if isinstance(error.kind, _MISPLACED)
    }
    return wrong.intersection(among)


def _value_at(value: object, path: ValuePath) -> object:
    for key in path:
        value = _inner(value, key)
    return value


def _put(value: object, path: ValuePath, meant: object) -> None:
    *above, last = path
    outer = _value_at(value, tuple(above))
    if isinstance(outer, dict | list):
        outer[last] = meant  # type: ignore[index]  # a list's paths have numbers


def _inner(value: object, key: PathKey) -> object:
    if isinstance(value, dict):
        return value[key]
    return value[key] if isinstance(value, list) and isinstance(key, int) else None
