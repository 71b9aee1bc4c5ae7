"""Read a document's text, YAML or JSON, into plain dictionaries, with the line of each place.

YAML is read as OpenAPI asks for it: only what JSON has too, so that `NO` stays a text and a date
stays one. Hostile files (too large, nested without end, aliases that multiply) are refused before
they cost anything.

Source: FACTS 11; OpenAPI 3.1, section "Format".
"""

import re
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import yaml
from yaml.constructor import ConstructorError

from sandbox.contract.errors import DocumentError

MAX_BYTES: Final = 3_000_000
MAX_NODES: Final = 500_000
MAX_DEPTH: Final = 100

# Nested some 20,000 deep, the C reader overflows its stack; so a file with that many openings is
# first read as a flat list of events.
_MANY_BRACKETS: Final = 2_000
_MANY_DASHES: Final = 60
_ANCHOR: Final = re.compile(r"(?:^|[\s\[{,])&[^\s&;]", re.MULTILINE)
_TAG: Final = "tag:yaml.org,2002:"

Place = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """What a file says; `root` knows the line of each place while the file is YAML."""

    file: Path
    tree: dict[str, Any]
    root: yaml.Node | None

    def line_of(self, place: Place) -> int | None:
        """Return the line, from 1, where a place of the file begins; None in a JSON file."""
        node = self.root
        if node is None:
            return None
        line: int = node.start_mark.line + 1
        for step in place:
            if isinstance(node, yaml.MappingNode):
                named = [pair for pair in node.value if pair[0].value == str(step)]
                if not named:
                    break
                line = named[-1][0].start_mark.line + 1
                node = named[-1][1]
            elif isinstance(node, yaml.SequenceNode) and int(step) < len(node.value):
                node = node.value[int(step)]
                line = node.start_mark.line + 1
            else:
                break
        return line


def read_source(file: Path) -> Source:
    """Read a YAML or JSON file.

    Raises:
        DocumentError: it cannot be read, is no YAML or JSON, or is no mapping.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise DocumentError(
            file, f"The file cannot be read: {error.strerror}.", "Name a readable file."
        ) from None
    if len(content) > MAX_BYTES:
        raise DocumentError(
            file,
            f"The file is larger than {MAX_BYTES // 1_000_000} MB.",
            "Give an OpenAPI document; examples and media belong elsewhere.",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(
            file,
            "The file is not UTF-8 text.",
            "Save it as UTF-8.",
            line=content.count(b"\n", 0, error.start) + 1,
        ) from None
    tree, root = _read_json(file, text) or _read_yaml(file, text)
    if not isinstance(tree, dict):
        raise DocumentError(
            file,
            "The file holds no mapping at its top.",
            "An OpenAPI document begins with `openapi: 3.1.0`.",
            line=1,
        )
    return Source(file=file, tree=tree, root=root)


def too_deep(file: Path) -> DocumentError:
    """Say that a file nests too deep to be walked."""
    return DocumentError(
        file,
        f"The file nests deeper than {MAX_DEPTH} levels.",
        "Move inner schemas to `components/schemas`.",
    )


def _read_json(file: Path, text: str) -> tuple[object, None] | None:
    """Read JSON; None when the file is meant as YAML."""
    if file.suffix != ".json" and not text.lstrip().startswith("{"):
        return None
    try:
        tree = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if file.suffix != ".json":
            return None
        raise DocumentError(
            file, f"This is not JSON: {error.msg}.", "Mend the file.", line=error.lineno
        ) from None
    return tree, None


class _Loader(yaml.CSafeLoader):
    """A YAML reader with the types of JSON; keys are always texts, and none may stand twice."""

    def construct_yaml_map(self, node: yaml.MappingNode) -> Generator[dict[str, Any], None, None]:
        """Build a mapping; status codes and other bare numbers stay texts as keys."""
        data: dict[str, Any] = {}
        yield data
        names: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise ConstructorError(None, None, "a key is no plain text", key.start_mark)
            if key.value in names:
                raise ConstructorError(
                    None, None, f"the key `{key.value}` stands twice here", key.start_mark
                )
            names.add(key.value)
        self.flatten_mapping(node)
        for key, value in node.value:
            data[key.value] = self.construct_object(value)

    def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
        """Read decimal digits; `010` is ten, as in YAML 1.2."""
        return int(node.value)


_Loader.yaml_implicit_resolvers = {}
_Loader.yaml_constructors = {
    key: made
    for key, made in yaml.CSafeLoader.yaml_constructors.items()
    if key is None or key.removeprefix(_TAG) in {"bool", "float", "null", "seq", "str"}
}
_Loader.add_constructor(f"{_TAG}map", _Loader.construct_yaml_map)
_Loader.add_constructor(f"{_TAG}int", _Loader.construct_yaml_int)
for _name, _pattern, _first in (
    ("null", r"(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"[-+]?[0-9]{1,18}$", list("-+0123456789")),
    (
        "float",
        r"[-+]?(?:\.[0-9]{1,40}|[0-9]{1,40}(?:\.[0-9]{0,40})?)(?:[eE][-+]?[0-9]{1,2})?$",
        list("-+.0123456789"),
    ),
    ("merge", r"<<$", ["<"]),
):
    _Loader.add_implicit_resolver(f"{_TAG}{_name}", re.compile(_pattern), _first)


def _read_yaml(file: Path, text: str) -> tuple[object, yaml.Node | None]:
    try:
        _refuse_deep_nesting(file, text)
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is not None and _ANCHOR.search(text):
            _refuse_multiplying_aliases(file, root)
        tree = loader.construct_document(root) if root is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DocumentError(
            file,
            f"This is not YAML that can be read: {error.problem}.",
            "Mend the file at this line.",
            line=mark.line + 1 if mark is not None else None,
        ) from None
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        raise DocumentError(
            file, f"This is not YAML: {reason}.", "Give a YAML or JSON file.", line=1
        ) from None
    return tree, root


def _refuse_deep_nesting(file: Path, text: str) -> None:
    many = text.count("[") + text.count("{") > _MANY_BRACKETS or any(
        line.count("- ") + line.count("? ") > _MANY_DASHES for line in text.splitlines()
    )
    if not many:
        return
    depth = 0
    events = yaml.CSafeLoader(text)
    while events.check_event():
        event = events.get_event()
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise too_deep(file)


def _refuse_multiplying_aliases(file: Path, root: yaml.Node) -> None:
    """Count the nodes that would stand there if every alias were written out."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()
    pending: list[tuple[yaml.Node, bool]] = [(root, False)]
    while pending:
        node, done = pending.pop()
        children = _children(node)
        if done:
            open_nodes.discard(id(node))
            sizes[id(node)] = 1 + sum(sizes[id(child)] for child in children)
            if sizes[id(node)] > MAX_NODES:
                raise DocumentError(
                    file,
                    f"Its aliases stand for more than {MAX_NODES} values.",
                    "Use `$ref` in place of YAML aliases.",
                    line=node.start_mark.line + 1,
                )
        elif id(node) in open_nodes:
            raise DocumentError(
                file,
                "An alias contains itself.",
                "Use `$ref` for a schema that refers to itself.",
                line=node.start_mark.line + 1,
            )
        elif id(node) not in sizes:
            open_nodes.add(id(node))
            pending.append((node, True))
            pending.extend((child, False) for child in children)


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [child for pair in node.value for child in pair]
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    return []
