"""YAML or JSON text turned into plain values, each of which can be found in the text again.

Read as YAML 1.2 does: only `true` and `false` are booleans, so `on:` is a key and `no` a word; a
whole number is one only when written plainly, so `051`, `+965…` and `12:30:00` stay texts. The
parser's events are taken one by one, because composing them into nodes recurses without a limit;
and what is read is bounded, because a text comes over the control API as well.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isinf
from typing import Final

import yaml

from sandbox.scenarios.positions import Branch, Place, Tree, place_of
from sandbox.scenarios.problems import PathKey
from sandbox.scenarios.texts import TextProblem, Unreadable, broken

MAX_DEPTH: Final = 40
MAX_VALUES: Final = 20_000
MAX_COPIED: Final = 100_000

_WORDS: Final = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}
_WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_DECIMAL: Final = re.compile(
    r"[-+]?(?=\.?[0-9])[0-9]{0,400}(?:\.[0-9]{0,400})?(?:[eE][-+]?[0-9]{1,4})?", re.ASCII
)
_CORE: Final = "tag:yaml.org,2002:"
_SCALAR_TAGS: Final = frozenset({_CORE + name for name in ("int", "float", "bool", "null")})
_TEXT_TAGS: Final = frozenset({"!", _CORE + "str"})
_COLLECTION_TAGS: Final = frozenset({"!", _CORE + "map", _CORE + "seq"})
_ESCAPE: Final = re.compile(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|.)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A document's value with the places of its parts, and what did not stop the reading."""

    value: object
    tree: Tree
    problems: tuple[TextProblem, ...] = ()


def read(text: str) -> Document:
    """Read one document.

    Raises:
        Unreadable: the text is broken, empty, several documents, or more than it seems.
    """
    if text.lstrip().startswith("{"):
        text = _ESCAPE.sub(_joined, text)
    try:
        loader = yaml.CSafeLoader(text)
        return _Reader(loader).document()
    except yaml.YAMLError as error:
        raise Unreadable(broken(error, text)) from None


def _joined(escape: re.Match[str]) -> str:
    """Join the two halves that JSON writes a character outside the first plane in."""
    if escape[1] is None:
        return escape[0]
    return bytes.fromhex(escape[1] + escape[2]).decode("utf-16-be")


def scalar(text: str) -> object:
    """Return what a plain scalar means."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    # A number without a point or an exponent that is not plain is more likely a code or a phone.
    if ("." in text or "e" in text or "E" in text) and _DECIMAL.fullmatch(text):
        number = float(text)
        return text if isinf(number) else number
    return text


@dataclass(kw_only=True, slots=True)
class _Open:
    """A collection whose end has not come yet."""

    value: dict[str, object] | list[object]
    branch: Branch
    anchor: str | None
    key: str | None = None
    key_event: yaml.Event | None = None


@dataclass(slots=True)
class _Reader:
    """Builds the values of one document from the parser's events."""

    loader: yaml.CSafeLoader
    problems: list[TextProblem] = field(default_factory=list)
    anchors: dict[str, tuple[object, Tree, int]] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    values: int = 0
    copied: int = 0
    root: tuple[object, Tree] | None = None

    def document(self) -> Document:
        documents = 0
        for event in self._events():
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _unreadable(
                        event,
                        "a second document begins here",
                        "put each scenario into a file of its own",
                    )
            else:
                self._take(event)
        if self.root is None:
            raise Unreadable(
                TextProblem(
                    place=Place(line=1, column=1),
                    message="there is nothing in it",
                    hint="begin with `scenario: a-name`",
                )
            )
        value, tree = self.root
        return Document(value=value, tree=tree, problems=tuple(self.problems))

    def _events(self) -> Iterator[yaml.Event]:
        while (event := self.loader.get_event()) is not None:
            yield event

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            if self._expects_key():
                self._key(event)
                return
            value = self._value_of(event)
            if event.anchor is not None:
                self.anchors[event.anchor] = (value, event, 1 + len(event.value))
            self._place(value, event, 1 + len(event.value))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            done = self.stack.pop()
            if done.anchor is not None:
                self.anchors[done.anchor] = (done.value, done.branch, done.branch.size)
            self._place(done.value, done.branch, done.branch.size)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)

    def _expects_key(self) -> bool:
        if not self.stack:
            return False
        inner = self.stack[-1]
        return isinstance(inner.value, dict) and inner.key is None

    def _key(self, event: yaml.ScalarEvent) -> None:
        inner = self.stack[-1]
        inner.key, inner.key_event = event.value, event
        if event.anchor is not None:
            self.anchors[event.anchor] = (event.value, event, 1 + len(event.value))
        if event.value in inner.branch.keys:
            first = place_of(inner.branch.keys[event.value])
            self.problems.append(
                TextProblem(
                    place=place_of(event),
                    message=f"the key `{event.value}` is there twice, first in line {first.line}",
                    hint="keep one of the two",
                )
            )

    def _begin(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if self._expects_key():
            raise _unreadable(event, "a key must be text", "quote the key")
        if len(self.stack) >= MAX_DEPTH:
            raise _unreadable(event, f"it is nested deeper than {MAX_DEPTH} levels")
        if event.tag is not None and event.tag not in _COLLECTION_TAGS:
            self._refuse_tag(event, event.tag)
        self.stack.append(
            _Open(
                value={} if isinstance(event, yaml.MappingStartEvent) else [],
                branch=Branch(event=event),
                anchor=event.anchor,
            )
        )

    def _alias(self, event: yaml.AliasEvent) -> None:
        if self._expects_key():
            raise _unreadable(event, "a key must be text", "write the key out")
        if any(each.anchor == event.anchor for each in self.stack):
            raise _unreadable(event, f"`*{event.anchor}` stands inside what it names")
        if event.anchor not in self.anchors:
            raise _unreadable(
                event,
                f"nothing is named `&{event.anchor}` before this",
                "quote a text that begins with `*`",
            )
        value, tree, size = self.anchors[event.anchor]
        self.copied += size
        if self.copied > MAX_COPIED:
            raise _unreadable(event, "its aliases unfold to far more than is written")
        self._place(value, tree, size)

    def _place(self, value: object, tree: Tree, size: int) -> None:
        self.values += 1
        if self.values > MAX_VALUES:
            event = tree.event if isinstance(tree, Branch) else tree
            raise _unreadable(event, f"it has more than {MAX_VALUES} values", "split the scenario")
        if not self.stack:
            self.root = (value, tree)
            return
        inner = self.stack[-1]
        key: PathKey
        if isinstance(inner.value, list):
            key = len(inner.value)
            inner.value.append(value)
        elif inner.key is not None and inner.key_event is not None:
            key = inner.key
            inner.value[key] = value
            inner.branch.keys[key] = inner.key_event
            inner.key = None
        else:
            return
        inner.branch.children[key] = tree
        inner.branch.size += size

    def _value_of(self, event: yaml.ScalarEvent) -> object:
        if event.tag is None:
            return scalar(event.value) if event.implicit[0] else event.value
        if event.tag in _SCALAR_TAGS:
            return scalar(event.value)
        if event.tag not in _TEXT_TAGS:
            self._refuse_tag(event, event.tag)
        return event.value

    def _refuse_tag(self, event: yaml.Event, tag: str) -> None:
        self.problems.append(
            TextProblem(
                place=place_of(event),
                message=f"the tag `{tag}` means nothing here",
                hint="leave it out, or quote a text that begins with `!`",
            )
        )


def _unreadable(event: yaml.Event, message: str, hint: str = "") -> Unreadable:
    return Unreadable(TextProblem(place=place_of(event), message=message, hint=hint))
