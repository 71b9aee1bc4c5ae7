"""Words for mistakes: what was expected, what was found, what was probably meant."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

import jsonschema_rs

Schema = Mapping[str, object]

_KINDS: Final = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
_FOUND: Final[Mapping[type, str]] = {
    type(None): "nothing",
    bool: "true or false",
    int: "a whole number",
    float: "a number with a point",
    str: "text",
    list: "a list",
}
_RULES: Final = {
    "minimum": "{found} is less than {limit}",
    "maximum": "{found} is more than {limit}",
    "exclusiveMinimum": "{found} is not more than {limit}",
    "minItems": "the list is empty",
    "maxItems": "the list has more than {limit} items",
    "minLength": "the text is empty",
    "maxLength": "the text has more than {limit} characters",
    "minProperties": "the mapping is empty",
    "uniqueItems": "an item is there twice",
}
_YES_AND_NO: Final = {
    **dict.fromkeys(("yes", "on", "y"), "true"),
    **dict.fromkeys(("no", "off", "n"), "false"),
}
_SHOWN: Final = 60
_LISTED: Final = 24


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was most likely meant, or None."""
    by_form = {each.lower().replace("-", "_"): each for each in known}
    near = get_close_matches(word.lower().replace("-", "_")[:64], by_form, n=1, cutoff=0.6)
    return by_form[near[0]] if near else None


def shown(value: object) -> str:
    """Show a value in a message, shortened."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(value).lower()}`"
        case str():
            return f"`{shortened(value)}`" if value else "an empty text"
        case list():
            return "a list"
        case Mapping():
            return "a mapping"
        case _:
            return f"`{value}`"


def wrong_type(
    kind: jsonschema_rs.ValidationErrorKind.Type, instance: object, found: str, node: Schema
) -> tuple[str, str]:
    """Say which kind of value was expected and which was found, with a hint when there is one."""
    expected = [_KINDS[name] for name in kind.types]
    names = set(kind.types)
    said = f"{' or '.join(expected)} was expected, {_kind_of(instance)} was found"
    if isinstance(instance, str | int | float):
        said += f": {found}"
    hint = ""
    if instance is None:
        hint = "write a value, or leave the key out"
    elif "array" in names and isinstance(instance, Mapping):
        hint = "begin each item with `-`, also when there is only one"
    elif "array" in names and "object" not in names and isinstance(instance, str):
        hint = f"write it as a list: [{shortened(instance)}]"
    elif "boolean" in names and isinstance(instance, str) and instance.lower() in _YES_AND_NO:
        hint = f"write {_YES_AND_NO[instance.lower()]}"
    elif isinstance(instance, int | float) and node.get("format") == "sandbox-duration":
        hint = f"add a unit: {found.strip('`')}s"
    elif isinstance(instance, int | float) and "string" in names and "object" not in names:
        hint = f'quote it: "{found.strip("`")}"'
    return said, hint


def _kind_of(instance: object) -> str:
    return _FOUND.get(type(instance), "a mapping")


def dependent(instance: object, node: Schema, missing: str) -> str:
    """Say which key cannot stand without the missing one."""
    rules = node.get("dependentRequired")
    if isinstance(rules, Mapping) and isinstance(instance, Mapping):
        for key, needed in rules.items():
            if key in instance and missing in needed:
                return f"`{key}` needs `{missing}` beside it"
    return f"the key `{missing}` is missing"


def by_rule(kind: jsonschema_rs.ValidationErrorKind, found: str) -> str:
    """Say what a rule over one value asks for."""
    said = _RULES.get(kind.name, "{found} does not have the right form")
    return said.format(found=found, limit=getattr(kind, "limit", ""))


def text_of(node: Schema, key: str) -> str:
    """Return an annotation of the schema, or an empty text."""
    value = node.get(key, "")
    return value if isinstance(value, str) else ""


def shortened(text: str) -> str:
    """Return a text on one line, cut when it is long."""
    line = text.replace("\n", " ")
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def listing(known: Sequence[str]) -> str:
    """List words, cut when they are many."""
    if len(known) > _LISTED:
        return f"{', '.join(known[:_LISTED])} …"
    return ", ".join(known) or "nothing"
