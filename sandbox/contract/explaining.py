"""Put what a validator says into words that help, the same whichever validator spoke.

A validator only says which keyword failed where. Choosing the branch that a caller most likely
meant, leaving out what follows from something else, and the wording are done here, once.
The messages are of the kind of Django REST framework's; source: FACTS 3.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from sandbox.contract.outline import Outline
from sandbox.contract.violations import MOST_TOLD, Breach, Location, Violation, Where

REQUIRED: Final = "This field is required."
NULL: Final = "This field may not be null."
BLANK: Final = "This field may not be blank."
EMPTY_LIST: Final = "This list may not be empty."
_FEW: Final = 12

_TYPES: Final = {
    "boolean": "Must be a valid boolean.",
    "integer": "A valid integer is required.",
    "number": "A valid number is required.",
    "string": "Not a valid string.",
}
_FORMATS: Final = {
    "decimal": "A valid number is required.",
    "email": "Enter a valid email address.",
    "uri": "Enter a valid URL, beginning with http:// or https://.",
    "url": "Enter a valid URL, beginning with http:// or https://.",
    "date": "Date has wrong format. Use YYYY-MM-DD.",
    "date-time": "Datetime has wrong format. Use YYYY-MM-DDThh:mm:ss with an optional zone.",
    "uuid": "Must be a valid UUID.",
    "duration": "Duration has wrong format. Use [DD] HH:MM:SS, PT30M or 30m.",
}
_JSON_NAMES: Final[Mapping[type, str]] = {
    str: "str",
    bool: "bool",
    int: "int",
    float: "float",
    list: "list",
    dict: "dict",
}


def explain(
    breaches: Iterable[Breach], outline: Outline, *, where: Where = "body"
) -> list[Violation]:
    """Turn breaches into violations: no two alike, in the order of the document."""
    leaves = list(islice(_leaves(breaches), MOST_TOLD + 1))
    told_by_enum = {leaf.location for leaf in leaves if leaf.keyword in {"enum", "const"}}
    told_by_format = {leaf.location for leaf in leaves if leaf.keyword == "format"}
    violations: dict[tuple[Location, str], Violation] = {}
    for leaf in leaves:
        if leaf.keyword == "type" and leaf.location in told_by_enum and leaf.value is not None:
            continue
        if leaf.keyword == "pattern" and leaf.location in told_by_format:
            continue
        if leaf.keyword in {"enum", "const"} and leaf.value is None:
            rule, message = "null", NULL
        else:
            rule, message = _WORDING.get(leaf.keyword, _other)(leaf)
        violation = Violation(where=where, location=leaf.location, rule=rule, message=message)
        violations.setdefault((leaf.location, message), violation)
    return in_document_order(violations.values(), outline)


def in_document_order(violations: Iterable[Violation], outline: Outline) -> list[Violation]:
    """Sort violations as the document names their fields; undeclared fields come last."""
    return sorted(violations, key=lambda one: (_rank(one.location, outline), one.rule, one.message))


def _rank(location: Location, outline: Outline) -> list[tuple[int, str]]:
    rank = []
    place: Outline = outline
    for step in location:
        if isinstance(step, int):
            rank.append((step, ""))
            place = place.items
        else:
            known = step in place.names
            rank.append((place.names.index(step) if known else len(place.names), step))
            place = place.field(step)
    return rank


def _leaves(breaches: Iterable[Breach]) -> Iterator[Breach]:
    for breach in breaches:
        if not breach.branches:
            yield breach
        elif all(breach.branches):
            yield from _leaves(_best_branch(breach))
        else:
            yield Breach("ambiguous", breach.location, None, breach.value)


def _best_branch(breach: Breach) -> tuple[Breach, ...]:
    """Choose the branch that the value most nearly fits; the earlier one where several do.

    A branch of another type is the last resort; one whose fixed values differ (`instrument_type`)
    is worse than one that lacks fields; then few breaches and deep ones win.
    """

    def badness(numbered: tuple[int, tuple[Breach, ...]]) -> tuple[int, ...]:
        index, branch = numbered
        leaves = list(_leaves(branch))
        return (
            sum(leaf.keyword == "type" and leaf.location == breach.location for leaf in leaves),
            sum(leaf.keyword in {"enum", "const"} for leaf in leaves),
            len(leaves),
            -max(len(leaf.location) for leaf in leaves),
            index,
        )

    return min(enumerate(breach.branches), key=badness)[1]


def _type(breach: Breach) -> tuple[str, str]:
    wanted = breach.argument
    kinds = [wanted] if isinstance(wanted, str) else sorted(map(str, _listed(wanted)))
    if breach.value is None:
        return "null", NULL
    name = _JSON_NAMES.get(type(breach.value), type(breach.value).__name__)
    for kind in kinds:
        if kind in _TYPES:
            return "type", _TYPES[kind]
    if "array" in kinds:
        return "type", f'Expected a list of items but got type "{name}".'
    if "object" in kinds:
        return "not_an_object", f"Invalid data. Expected a dictionary, but got {name}."
    return "type", "This field must be null."


def _choice(breach: Breach) -> tuple[str, str]:
    options = _listed(breach.argument)
    chosen = _plain(breach.value)
    if len(options) <= _FEW:
        known = ", ".join(_plain(option) for option in options if option is not None)
        return "not_a_choice", f'"{chosen}" is not a valid choice. Choose one of: {known}.'
    near = difflib.get_close_matches(chosen.upper(), [_plain(one) for one in options], n=3)
    hint = f" Perhaps: {', '.join(near)}." if near else ""
    return "not_a_choice", f'"{chosen}" is not a valid choice.{hint}'


def _format(breach: Breach) -> tuple[str, str]:
    if breach.value == "":
        return "min_length", BLANK
    return "format", _FORMATS.get(str(breach.argument), f"This is no valid {breach.argument}.")


def _min_length(breach: Breach) -> tuple[str, str]:
    if breach.value == "":
        return "min_length", BLANK
    return "min_length", f"Ensure this field has at least {breach.argument} characters."


def _min_items(breach: Breach) -> tuple[str, str]:
    if breach.value == []:
        return "min_items", EMPTY_LIST
    return "min_items", f"Ensure this field has at least {breach.argument} elements."


def _saying(rule: str, template: str) -> Callable[[Breach], tuple[str, str]]:
    return lambda breach: (rule, template.format(_plain(breach.argument)))


def _other(breach: Breach) -> tuple[str, str]:
    rule = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", breach.keyword).lower()
    return rule, f"This value breaks the rule `{breach.keyword}` of the document."


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _plain(value: object) -> str:
    """Write a value as it stands in JSON, a text without its quotes, nothing longer than a line."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, int):
        return str(value) if abs(value) < _LONG else "a very large number"
    text = value if isinstance(value, str) else f"a {type(value).__name__}"
    return text if len(text) <= _LINE else f"{text[:_LINE]}…"


_LINE: Final = 80
_LONG: Final = 10**40
_WORDING: Final[Mapping[str, Callable[[Breach], tuple[str, str]]]] = {
    "required": _saying("required", REQUIRED),
    "dependentRequired": _saying("required", REQUIRED),
    "type": _type,
    "enum": _choice,
    "const": _choice,
    "format": _format,
    "pattern": _saying("pattern", "This value does not match the pattern {}"),
    "maxLength": _saying("max_length", "Ensure this field has no more than {} characters."),
    "minLength": _min_length,
    "maxItems": _saying("max_items", "Ensure this field has no more than {} elements."),
    "minItems": _min_items,
    "maximum": _saying("maximum", "Ensure this value is less than or equal to {}."),
    "minimum": _saying("minimum", "Ensure this value is greater than or equal to {}."),
    "exclusiveMaximum": _saying("maximum", "Ensure this value is less than {}."),
    "exclusiveMinimum": _saying("minimum", "Ensure this value is greater than {}."),
    "multipleOf": _saying("multiple_of", "Ensure this value is a multiple of {}."),
    "uniqueItems": _saying("unique_items", "Ensure that no item of this list occurs twice."),
    "maxProperties": _saying("max_properties", "Ensure this field has no more than {} keys."),
    "minProperties": _saying("min_properties", "Ensure this field has at least {} keys."),
    "falseSchema": _saying("unknown", "This field is not known here."),
    "additionalProperties": _saying("unknown", "This field is not known here."),
    "unevaluatedProperties": _saying("unknown", "This object has fields not known here."),
    "not": _saying("not_allowed", "This value is not allowed here."),
    "ambiguous": _saying("ambiguous", "This value fits more than one of the forms allowed here."),
}
