"""`${…}` in texts and keys: variables of the environment, and those of `for each`.

What is put in is text. Where the language takes no text, the loader reads it as YAML would.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from yaml import Event, ScalarEvent

from sandbox.scenarios.documents import Document
from sandbox.scenarios.positions import Branch, Tree, place_of
from sandbox.scenarios.problems import PathKey, ScenarioProblem, written
from sandbox.scenarios.texts import MAX_BYTES
from sandbox.scenarios.wording import listing, nearest, shortened

ValuePath = tuple[PathKey, ...]

REQUEST_PREFIX: Final = "OTTU_SANDBOX_VAR_"
"""Only variables that begin so can be read by a scenario that comes in a request."""
EACH: Final = "each."

_PLACEHOLDER: Final = re.compile(r"\$\$\{|\$\{(?P<inside>[^{}]*)(?P<end>\}?)")
_ENVIRONMENT: Final = re.compile(
    r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>.*))?", re.DOTALL
)
_NEARLY: Final = re.compile(
    r"\s*(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*[:=?-]+(?P<default>.*)", re.DOTALL
)
_FORMS: Final = "write `${NAME}`, `${NAME:-default}` or `${each.name}`; `$${` is a plain `${`"
# Where names stand that must be known before anything is put in.
_KEPT: Final = frozenset({"scenario", "for each"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Variables:
    """What placeholders stand for.

    `each` of None is a `for each` that cannot be read, whose variables are unknown. `prefix` begins
    the names of the environment that may be read.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    each: Mapping[str, str] | None = field(default_factory=dict)
    prefix: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """A document with its variables put in.

    `origins` has what stands in the file at each value that was made, by its path; `unknown` the
    written paths of those that could not be. `used` names the variables of `for each` that occur.
    """

    document: Document
    origins: Mapping[ValuePath, str] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    problems: tuple[ScenarioProblem, ...] = ()


def fill(document: Document, variables: Variables, source: str) -> Filled:
    """Put the variables into every text and key but the scenario's name and `for each`."""
    filling = _Filling(variables=variables, source=source)
    value, tree = filling.fill(document.value, document.tree, ())
    return Filled(
        document=Document(value=value, tree=tree, problems=document.problems),
        origins=filling.origins,
        unknown=frozenset(filling.unknown),
        used=frozenset(filling.used),
        problems=tuple(filling.problems),
    )


def holds_placeholder(text: str) -> bool:
    """Tell whether there is anything to put into a text."""
    return "${" in text


class _NotKnown(Exception):
    """A placeholder stands for nothing."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(kw_only=True, slots=True)
class _Filling:
    """One document on its way."""

    variables: Variables
    source: str
    origins: dict[ValuePath, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    problems: list[ScenarioProblem] = field(default_factory=list)
    characters: int = 0

    def fill(self, value: object, tree: Tree, path: ValuePath) -> tuple[object, Tree]:
        """Return a value and its tree, anew where anything is put in.

        Neither is deeper than the reader lets it be.
        """
        if not _concerned(value):
            return value, tree
        if isinstance(value, dict) and isinstance(tree, Branch):
            return self._mapping(value, tree, path)
        if isinstance(value, list) and isinstance(tree, Branch):
            branch = Branch(event=tree.event, size=tree.size)
            items: list[object] = []
            for number, each in enumerate(value):
                item, branch.children[number] = self.fill(
                    each, tree.children[number], (*path, number)
                )
                items.append(item)
            return items, branch
        if isinstance(value, str) and isinstance(tree, ScalarEvent):
            text = self._text(value, tree, path)
            if text is None:
                self.unknown.add(written(path))
                return value, tree
            self.origins[path] = value
            return text, _event(tree, text)
        return value, tree

    def _mapping(
        self, mapping: Mapping[str, object], tree: Branch, path: ValuePath
    ) -> tuple[object, Tree]:
        filled: dict[str, object] = {}
        branch = Branch(event=tree.event, size=tree.size)
        for key, value in mapping.items():
            if not path and key in _KEPT:
                name = key
                filled[name], branch.children[name] = value, tree.children[key]
            else:
                name = self._key(key, tree.keys[key], path)
                if name in filled:
                    self._twice(name, tree.keys[key], branch, path)
                filled[name], branch.children[name] = self.fill(
                    value, tree.children[key], (*path, name)
                )
            branch.keys[name] = tree.keys[key]
        return filled, branch

    def _key(self, key: str, event: Event, path: ValuePath) -> str:
        name = self._text(key, event, (*path, key)) if holds_placeholder(key) else key
        if name is None:
            self.unknown.add(written((*path, key)))
        return key if name is None else name

    def _twice(self, name: str, event: Event, branch: Branch, path: ValuePath) -> None:
        first = place_of(branch.keys[name])
        said = f"the key `{shortened(name)}` is there twice, first in line {first.line}"
        self._complain(event, (*path, name), said, "keep one of the two")

    def _text(self, text: str, event: Event, path: ValuePath) -> str | None:
        """Return a text with its placeholders filled, or None when one of them cannot be."""
        parts: list[str] = []
        end, known = 0, True
        for found in _PLACEHOLDER.finditer(text):
            parts.append(text[end : found.start()])
            end = found.end()
            try:
                parts.append("${" if found["inside"] is None else self._meaning(found))
            except _NotKnown as error:
                known = False
                if error.message:
                    self._complain(event, path, error.message, error.hint)
        filled = "".join((*parts, text[end:]))
        self.characters += len(filled)
        if self.characters > MAX_BYTES:
            if known and self.characters - len(filled) <= MAX_BYTES:
                self._complain(event, path, "its variables unfold to more than 1 MiB", "")
            known = False
        return filled if known else None

    def _meaning(self, found: re.Match[str]) -> str:
        inside = found["inside"]
        if not found["end"]:
            raise _NotKnown(f"`{shortened(found[0])}` is not closed", "close it with `}`")
        if inside.startswith(EACH):
            return self._of_each(inside.removeprefix(EACH))
        asked = _ENVIRONMENT.fullmatch(inside)
        if asked is None:
            near = _NEARLY.fullmatch(inside)
            meant = f"did you mean `${{{near['name']}:-{near['default']}}}`?" if near else _FORMS
            raise _NotKnown(f"`{shortened(found[0])}` means nothing", meant)
        return self._of_environment(asked["name"], asked["default"])

    def _of_each(self, name: str) -> str:
        each = self.variables.each
        if each is None:
            raise _NotKnown("", "")
        self.used.add(name)
        if name in each:
            return each[name]
        if not each:
            hint = f"add `for each: {{{name}: […]}}`" if name.isidentifier() else _FORMS
            raise _NotKnown(f"`${{each.{shortened(name)}}}` needs a `for each`", hint)
        near = nearest(name, each)
        hint = f"did you mean `${{each.{near}}}`?" if near else f"it has {listing(list(each))}"
        raise _NotKnown(f"`for each` has no `{shortened(name)}`", hint)

    def _of_environment(self, name: str, default: str | None) -> str:
        if not name.startswith(self.variables.prefix):
            raise _NotKnown(
                f"a scenario that comes in a request cannot read the variable `{shortened(name)}`",
                f"it can read those that begin with {self.variables.prefix}; a file can read all",
            )
        value = self.variables.environment.get(name)
        if default is not None:
            return value or default
        if value is None:
            raise _NotKnown(
                f"the environment has no variable `{shortened(name)}`", self._meant(name)
            )
        return value

    def _meant(self, name: str) -> str:
        readable = (
            each for each in self.variables.environment if each.startswith(self.variables.prefix)
        )
        if near := nearest(name, self.variables.each or ()):
            return f"did you mean `${{each.{near}}}`?"
        if near := nearest(name, readable):
            return f"did you mean `${{{near}}}`?"
        return f"set it, or give it a default: `${{{name}:-…}}`"

    def _complain(self, event: Event, path: ValuePath, message: str, hint: str) -> None:
        place = place_of(event)
        self.problems.append(
            ScenarioProblem(
                file=self.source,
                line=place.line,
                column=place.column,
                path=written(path),
                message=message,
                hint=hint,
            )
        )


def _concerned(value: object) -> bool:
    """Tell whether anything in a value holds a placeholder."""
    if isinstance(value, str):
        return holds_placeholder(value)
    if isinstance(value, dict):
        return any(map(holds_placeholder, value)) or any(map(_concerned, value.values()))
    return isinstance(value, list) and any(map(_concerned, value))


def _event(event: ScalarEvent, text: str) -> ScalarEvent:
    """Return the event of a value as though its text had stood in the file."""
    return ScalarEvent(
        event.anchor, event.tag, event.implicit, text, event.start_mark, event.end_mark, event.style
    )
