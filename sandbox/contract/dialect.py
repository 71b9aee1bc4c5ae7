"""Write schemas of OpenAPI 3.0 as JSON Schema 2020-12, the dialect of OpenAPI 3.1.

Source: OpenAPI 3.0.3 (Schema Object), OpenAPI 3.1.0 (Schema Object).
"""

from typing import Any, Final

_ANNOTATIONS: Final[tuple[str, ...]] = (
    "readOnly",
    "writeOnly",
    "description",
    "title",
    "deprecated",
)


def modernise(schema: dict[str, Any], *, is_old: bool) -> list[str]:
    """Rewrite one schema in place; return what was rewritten, in words.

    `is_old` says that the document is OpenAPI 3.0, where what stands beside a `$ref` counts for
    nothing. Inner schemas are left to the caller.
    """
    done = []
    if is_old and "$ref" in schema and len(schema) > 1:
        for keyword in [keyword for keyword in schema if keyword != "$ref"]:
            del schema[keyword]
    for bound in ("Minimum", "Maximum"):
        exclusive, inclusive = f"exclusive{bound}", bound.lower()
        if isinstance(schema.get(exclusive), bool):
            if schema.pop(exclusive) and inclusive in schema:
                schema[exclusive] = schema.pop(inclusive)
            done.append(f"`{exclusive}` was true or false: written as a number")
    if "nullable" in schema:
        if schema.pop("nullable") is True:
            _admit_null(schema)
        done.append("`nullable` is of OpenAPI 3.0: written as a type")
    return done


def _admit_null(schema: dict[str, Any]) -> None:
    kind = schema.get("type")
    if kind is None:
        kept = {key: schema.pop(key) for key in _ANNOTATIONS if key in schema}
        inner = dict(schema)
        schema.clear()
        schema.update(kept)
        if inner:
            schema["anyOf"] = [inner, {"type": "null"}]
        return
    kinds = [kind] if isinstance(kind, str) else list(kind)
    if "null" not in kinds:
        schema["type"] = [*kinds, "null"]
    options = schema.get("enum")
    if isinstance(options, list) and None not in options:
        schema["enum"] = [*options, None]
