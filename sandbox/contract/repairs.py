"""Mend what is wrong in a document but has only one sensible meaning, and say so.

Each repair stands once, as a function from the tree to what it mended; the table at the end has
their order. Source: FACTS 11.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sandbox.contract.dialect import modernise
from sandbox.contract.empty_keys import drop_empty_keys
from sandbox.contract.overlaps import branches_overlap, resolved
from sandbox.contract.patterns import is_usable
from sandbox.contract.places import METHODS, all_references, all_schemas, place_of, pointer
from sandbox.contract.source import Place, Source

_NAME: Final = re.compile(r"[a-zA-Z0-9._-]+")
_LOCAL: Final = re.compile(r"/(?!/)|https?://(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)")
_KINDS: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
# Through these a schema may declare further properties.
_SAID_ELSEWHERE: Final = (
    "allOf",
    "anyOf",
    "oneOf",
    "$ref",
    "additionalProperties",
    "patternProperties",
)
_Mended = Iterator[tuple[Place, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Repair:
    """One thing that was mended: a JSON pointer, what was done, and the line in a YAML file."""

    where: str
    what: str
    line: int | None


def repair_empty_keys(source: Source) -> tuple[Repair, ...]:
    """Take keys without a value out of the tree, before its structure is judged."""
    return tuple(_told_of(source, drop_empty_keys(source.tree)))


def repair(source: Source) -> tuple[Repair, ...]:
    """Mend the tree of a document in place; list what was mended, in the order of mending."""
    return tuple(one for mend in _MENDS for one in _told_of(source, mend(source.tree)))


def _told_of(source: Source, mended: _Mended) -> Iterator[Repair]:
    for place, what in mended:
        yield Repair(where=pointer(place), what=what, line=source.line_of(place))


def _local_servers(tree: dict[str, Any]) -> _Mended:
    servers = tree.get("servers")
    known = servers if isinstance(servers, list) else []
    urls = [one.get("url") for one in known if isinstance(one, dict)]
    remote = [url for url in urls if not _LOCAL.match(str(url))]
    if remote:
        tree["servers"] = [{"url": "/"}]
        yield ("servers",), f"`{remote[0]}` is another host: served at this one"


def _component_names(tree: dict[str, Any]) -> _Mended:
    renamed: dict[Place, str] = {}
    for section, members in list(_mappings(tree.get("components"))):
        sound_names = {name: name for name in members if _NAME.fullmatch(name)}
        for name in members.keys() - sound_names.keys():
            sound = _free_name(re.sub(r"[^a-zA-Z0-9._-]+", "_", name), sound_names)
            sound_names[sound] = renamed["components", section, name] = sound
            yield ("components", section, name), f"no valid component name: called `{sound}`"
        tree["components"][section] = {
            renamed.get(("components", section, name), name): member
            for name, member in members.items()
        }
    if renamed:
        for _, holder in all_references(tree):
            place = place_of(holder["$ref"]) or ()
            if place[:3] in renamed:
                mended: Place = (*place[:2], renamed[place[:3]], *place[3:])
                holder["$ref"] = f"#{pointer(mended)}"


def _free_name(wanted: str, taken: dict[str, Any]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name


def _dialect(tree: dict[str, Any]) -> _Mended:
    is_old = str(tree["openapi"]).startswith("3.0")
    for place, schema in all_schemas(tree):
        if isinstance(schema, dict):
            for what in modernise(schema, is_old=is_old):
                if not is_old:
                    yield place, what
    tree["openapi"] = "3.1.0"


def _schemas(tree: dict[str, Any]) -> _Mended:
    for place, schema in all_schemas(tree):
        if not isinstance(schema, dict):
            continue
        pattern = schema.get("pattern")
        if isinstance(pattern, str) and not is_usable(pattern):
            del schema["pattern"]
            yield (*place, "pattern"), f"`{pattern}` is no pattern of ECMA-262: dropped"
        if "default" in schema and not _default_fits(schema, tree):
            value = schema.pop("default")
            yield (*place, "default"), f"{_told(value)} is no default of this type: dropped"
        undeclared = _undeclared_but_required(schema)
        if undeclared:
            schema["required"] = [name for name in schema["required"] if name not in undeclared]
            names = ", ".join(f"`{name}`" for name in undeclared)
            yield (*place, "required"), f"{names} required but not declared: dropped"
        if "oneOf" in schema and "anyOf" not in schema and branches_overlap(schema["oneOf"], tree):
            schema["anyOf"] = schema.pop("oneOf")
            yield (*place, "oneOf"), "a value can match several branches: read as `anyOf`"


def _undeclared_but_required(schema: dict[str, Any]) -> list[str]:
    """Return names that a closed list of properties lacks; read-only ones were once cut out so."""
    if not schema.get("properties") or any(key in schema for key in _SAID_ELSEWHERE):
        return []
    return [name for name in schema.get("required", ()) if name not in schema["properties"]]


def _told(value: object) -> str:
    return f"a {type(value).__name__}" if isinstance(value, dict | list) else f"`{value}`"


def _default_fits(schema: dict[str, Any], tree: dict[str, Any]) -> bool:
    kinds = schema.get("type")
    if kinds is None and isinstance(schema.get("allOf"), list):
        return all(
            _default_fits({**resolved(part, tree), "default": schema["default"]}, tree)
            for part in schema["allOf"]
        )
    if kinds is None:
        return True
    value = schema["default"]
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        if isinstance(value, _KINDS.get(kind, ())) and (
            not isinstance(value, bool) or kind == "boolean"
        ):
            return True
    return False


def _operations(tree: dict[str, Any]) -> Iterator[tuple[Place, dict[str, Any]]]:
    for path, item in _mappings(tree.get("paths")):
        for method in METHODS:
            if isinstance(item.get(method), dict):
                yield ("paths", path, method), item[method]


def _operation_ids(tree: dict[str, Any]) -> _Mended:
    taken: dict[str, Any] = {}
    for place, operation in _operations(tree):
        name = operation.get("operationId")
        if isinstance(name, str):
            operation["operationId"] = free = _free_name(name, taken)
            taken[free] = place
            if free != name:
                yield (*place, "operationId"), f"`{name}` is taken already: called `{free}`"


def _security(tree: dict[str, Any]) -> _Mended:
    components = tree.get("components")
    schemes = components.get("securitySchemes", {}) if isinstance(components, dict) else {}
    for place, operation in [((), tree), *_operations(tree)]:
        wanted = operation.get("security")
        if not isinstance(wanted, list):
            continue
        known = [one for one in wanted if isinstance(one, dict) and all(n in schemes for n in one)]
        if len(known) < len(wanted):
            operation["security"] = known
            yield (*place, "security"), "names a security scheme that is not there: dropped"


def _authorization(tree: dict[str, Any]) -> _Mended:
    items = [(("paths", path), item) for path, item in _mappings(tree.get("paths"))]
    for place, holder in [*items, *_operations(tree)]:
        kept = []
        for index, parameter in enumerate(holder.get("parameters", ())):
            said = resolved(parameter, tree)
            if said.get("in") == "header" and str(said.get("name")).lower() == "authorization":
                yield (
                    (*place, "parameters", index),
                    "credentials are no parameter: `Authorization` is judged before the contract",
                )
            else:
                kept.append(parameter)
        if "parameters" in holder:
            holder["parameters"] = kept


def _mappings(node: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the members of a mapping that are mappings themselves."""
    if isinstance(node, dict):
        yield from ((key, one) for key, one in node.items() if isinstance(one, dict))


_MENDS: Final[tuple[Callable[[dict[str, Any]], _Mended], ...]] = (
    _local_servers,
    _dialect,
    _schemas,
    _operation_ids,
    _security,
    _authorization,
    _component_names,  # last, so that the others name places as the file does
)
