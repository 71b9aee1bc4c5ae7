"""Lay two schemas of the same value over one another, so that what both say counts.

Good enough to build a value from; whether it fits is for the validator to say.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

_Combine = Callable[[Any, Any], Any]


def merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return one schema with the keywords of both; of those not known here the later one counts."""
    both = dict(one)
    for keyword, said in other.items():
        combine = _COMBINED.get(keyword)
        both[keyword] = combine(one[keyword], said) if combine and keyword in one else said
    return both


def _all_names(one: list[str], other: list[str]) -> list[str]:
    return [*one, *(name for name in other if name not in one)]


def _common(one: list[Any], other: list[Any]) -> list[Any]:
    return [each for each in one if each in other]


def _common_types(one: str | list[str], other: str | list[str]) -> str | list[str]:
    left, right = ([each] if isinstance(each, str) else each for each in (one, other))
    return _common(left, right) or other


def _properties(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    shared = {name: {"allOf": [one[name], other[name]]} for name in one if name in other}
    return {**one, **other, **shared}


_COMBINED: Final[Mapping[str, _Combine]] = {
    "required": _all_names,
    "properties": _properties,
    "enum": _common,
    "type": _common_types,
    **dict.fromkeys(("minimum", "minLength", "minItems", "minProperties", "exclusiveMinimum"), max),
    **dict.fromkeys(("maximum", "maxLength", "maxItems", "maxProperties", "exclusiveMaximum"), min),
}
