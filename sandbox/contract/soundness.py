"""Refuse what cannot be mended: a tree that is no OpenAPI 3 document, references that lead nowhere.

Cheap on purpose, so that it runs at every start; `judging` judges the whole document.
Source: OpenAPI 3.1.0; FACTS 11.
"""

from collections.abc import Mapping
from typing import Any, Final

import jsonschema_rs

from sandbox.contract.errors import DocumentError
from sandbox.contract.places import (
    METHODS,
    all_references,
    all_schemas,
    find,
    outer_schemas,
    place_of,
    pointer,
)
from sandbox.contract.source import MAX_DEPTH, Place, Source, too_deep

_KINDS: Final = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})
_KEYWORDS: Final[Mapping[str, type | tuple[type, ...]]] = {
    **dict.fromkeys(("allOf", "oneOf", "anyOf", "prefixItems", "enum", "required"), list),
    **dict.fromkeys(("properties", "patternProperties", "$defs", "dependentSchemas"), dict),
    **dict.fromkeys(("maxLength", "minLength", "maxItems", "minItems"), int),
    **dict.fromkeys(("maxProperties", "minProperties"), int),
    **dict.fromkeys(("minimum", "maximum", "multipleOf"), (int, float)),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), (int, float)),
    **dict.fromkeys(("items", "not", "additionalProperties"), (dict, bool)),
    **dict.fromkeys(("pattern", "format", "$ref"), str),
    **dict.fromkeys(("uniqueItems", "readOnly", "writeOnly", "nullable"), bool),
    "type": (str, list),
}
_WORDS: Final = {
    list: "a list",
    dict: "a mapping",
    int: "a whole number",
    (int, float): "a number",
    (dict, bool): "a schema",
    str: "a text",
    bool: "true or false",
    (str, list): "a type or a list of types",
}
# Through these a schema says something of the same value again; a circle of them never ends.
_SAME_VALUE: Final = ("allOf", "anyOf", "oneOf")
_SAME_VALUE_ONCE: Final = ("not", "if", "then", "else")


def require_openapi(source: Source) -> None:
    """Refuse a tree that is no OpenAPI 3 document, with the place and what to do.

    Raises:
        DocumentError
    """
    version = source.tree.get("openapi")
    if not isinstance(version, str | int | float) or not str(version).startswith("3."):
        raise _error(
            source,
            (),
            f"This is no OpenAPI 3 document (`openapi` is {version!r}).",
            "Convert it; Swagger 2.0 is not read.",
        )
    _require(source, ("info",), source.tree.get("info", {}), dict)
    _require(source, ("components",), source.tree.get("components", {}), dict)
    for name, section in source.tree.get("components", {}).items():
        if not name.startswith("x-"):
            _require(source, ("components", name), section, dict)
    for group in ("paths", "webhooks"):
        _require(source, (group,), source.tree.get(group, {}), dict)
        for path, item in source.tree.get(group, {}).items():
            if not path.startswith("x-"):
                _require_path_item(source, (group, path), item)
    if not source.tree.get("paths") and not source.tree.get("webhooks"):
        raise _error(source, (), "The document has no paths.", "Give the one with the calls.")


def _require_path_item(source: Source, place: Place, item: object) -> None:
    _require(source, place, item, dict)
    assert isinstance(item, dict)  # noqa: S101 - told by the line above
    if place[0] == "paths" and not str(place[1]).startswith("/"):
        raise _error(source, place, f"The path `{place[1]}` has no leading slash.", "Add it.")
    _require_parameters(source, place, item)
    for method in METHODS:
        if method not in item:
            continue
        operation = item[method]
        _require(source, (*place, method), operation, dict)
        _require_parameters(source, (*place, method), operation)
        _require(source, (*place, method, "responses"), operation.get("responses", {}), dict)
        for status, response in operation.get("responses", {}).items():
            _require(source, (*place, method, "responses", status), response, dict)
            _require_content(source, (*place, method, "responses", status), response)
        if "requestBody" in operation:
            body = operation["requestBody"]
            _require(source, (*place, method, "requestBody"), body, dict)
            _require_content(source, (*place, method, "requestBody"), body)


def _require_parameters(source: Source, place: Place, holder: dict[str, Any]) -> None:
    parameters = holder.get("parameters", [])
    _require(source, (*place, "parameters"), parameters, list)
    for index, parameter in enumerate(parameters):
        _require(source, (*place, "parameters", index), parameter, dict)
        if "$ref" not in parameter and not (
            isinstance(parameter.get("name"), str) and isinstance(parameter.get("in"), str)
        ):
            raise _error(
                source,
                (*place, "parameters", index),
                "A parameter has no `name` or no `in`.",
                "Add them.",
            )


def _require_content(source: Source, place: Place, holder: dict[str, Any]) -> None:
    content = holder.get("content", {})
    _require(source, (*place, "content"), content, dict)
    for media_type, media in content.items():
        _require(source, (*place, "content", media_type), media, dict)


def require_sound_schemas(source: Source) -> None:
    """Refuse schemas whose keywords have values of the wrong kind, and unknown types.

    Raises:
        DocumentError
    """
    for place, schema in all_schemas(source.tree):
        if len(place) > MAX_DEPTH:
            raise too_deep(source.file)
        if isinstance(schema, bool):
            continue
        _require(source, place, schema, dict)
        for keyword in schema.keys() & _KEYWORDS.keys():
            wanted = _KEYWORDS[keyword]
            value = schema[keyword]
            # `exclusiveMinimum: true` is of OpenAPI 3.0 and gets mended
            if keyword.startswith("exclusive") and isinstance(value, bool):
                continue
            if not isinstance(value, wanted) or (wanted in {int, (int, float)} and value is True):
                _require(source, (*place, keyword), value, wanted)
        _require_known_words(source, place, schema)


def _require_known_words(source: Source, place: Place, schema: dict[str, Any]) -> None:
    kinds = schema.get("type", [])
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        if not isinstance(kind, str) or kind not in _KINDS:
            raise _error(
                source,
                (*place, "type"),
                f"`{kind}` is no type of JSON Schema.",
                f"Take one of {', '.join(sorted(_KINDS))}.",
            )
    for name in schema.get("required", []):
        if not isinstance(name, str):
            raise _error(
                source, (*place, "required"), "`required` holds more than names.", "List names."
            )


def require_json_schema(source: Source) -> None:
    """Refuse schemas that JSON Schema 2020-12 refuses; to be asked when all is mended.

    Raises:
        DocumentError
    """
    outer = list(outer_schemas(source.tree))
    try:
        numbered = {str(index): schema for index, (_, schema) in enumerate(outer)}
        jsonschema_rs.meta.validate({"$defs": numbered})
    except jsonschema_rs.ValidationError as error:
        steps = error.instance_path
        place = (*outer[int(steps[1])][0], *steps[2:]) if len(steps) > 1 else ()
        raise _error(
            source, place, f"`{pointer(place)}` is no JSON Schema: {error.message}.", "Mend it."
        ) from None
    except ValueError as error:  # nested deeper than jsonschema-rs goes
        raise _error(source, (), f"A schema cannot be read: {error}.", "Simplify it.") from None


def require_references(source: Source) -> None:
    """Refuse references that lead out of the document, nowhere, or only to themselves.

    Raises:
        DocumentError
    """
    targets: dict[str, Any] = {}
    for place, holder in all_references(source.tree):
        if len(place) > MAX_DEPTH:
            raise too_deep(source.file)
        reference = holder["$ref"]
        if reference in targets:
            continue
        target = place_of(reference)
        if target is None:
            raise _error(
                source,
                (*place, "$ref"),
                f"`{reference}` leads to another document.",
                "Bundle the documents into one file.",
            )
        try:
            targets[reference] = find(source.tree, target)
        except KeyError:
            raise _error(
                source,
                (*place, "$ref"),
                f"`{reference}` leads to nothing.",
                "Correct the reference or add the component.",
            ) from None
        if not isinstance(targets[reference], dict | bool):
            raise _error(
                source, (*place, "$ref"), f"`{reference}` leads to no component.", "Correct it."
            )
    _refuse_circles(source, {name: set(_again(node)) for name, node in targets.items()})


def _again(node: object) -> list[str]:
    """Return the references through which a schema speaks of the same value again."""
    found = []
    pending = [node]
    while pending:
        schema = pending.pop()
        if not isinstance(schema, dict):
            continue
        if isinstance(schema.get("$ref"), str):
            found.append(schema["$ref"])
        for keyword in _SAME_VALUE:
            if isinstance(schema.get(keyword), list):
                pending.extend(schema[keyword])
        pending.extend(schema[keyword] for keyword in _SAME_VALUE_ONCE if keyword in schema)
    return found


def _refuse_circles(source: Source, edges: dict[str, set[str]]) -> None:
    """Take away what refers to nothing more, again and again; what is left goes in circles."""
    left = {name: set(following) for name, following in edges.items() if following}
    changed = True
    while changed:
        changed = False
        for name in list(left):
            left[name] = {following for following in left[name] if following in left}
            if not left[name]:
                del left[name]
                changed = True
    for name in sorted(left):
        raise _error(
            source,
            place_of(name) or (),
            f"`{name}` refers to itself without a step into a property.",
            "Break the circle.",
        )


def _require(source: Source, place: Place, value: object, wanted: type | tuple[type, ...]) -> None:
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted in {int, (int, float)}):
        raise _error(source, place, f"`{pointer(place)}` must be {_WORDS[wanted]}.", "Mend it.")


def _error(source: Source, place: Place, reason: str, advice: str) -> DocumentError:
    return DocumentError(source.file, reason, advice, line=source.line_of(place))
