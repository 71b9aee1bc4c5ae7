"""Request bodies on the wire: JSON, forms and multipart, as plain values.

Source: FACTS 1 (calls), FACTS 3.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

import orjson

from sandbox.web.errors import NotAForm, NotJson, UnsupportedMediaType
from sandbox.web.multipart import parts_of

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
_DEEPEST: Final = 64
_MOST_FIELDS: Final = 1000
_NAMED: Final = re.compile(r"[^\[\].]+(?:\.[^\[\].]+)*", re.ASCII)
_INDEXED: Final = re.compile(rf"({_NAMED.pattern})\[(\d{{1,3}})\]", re.ASCII)
_INDEX: Final = re.compile(r"\d{1,3}", re.ASCII)
_STEPS: Final = re.compile(r"[\[\].]+")

SentFile = tuple[str, str, bytes]
"""A file of a multipart body: its name, its content type and its bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoded:
    """A body as a plain value.

    `textual` is set for forms, whose scalars are all text. `dropped` are the bracketed names that
    the platform's framework ignores. `files` are by field.
    """

    value: object
    textual: bool = False
    dropped: tuple[str, ...] = ()
    files: dict[str, SentFile] = field(default_factory=dict)


def decode(content_type: str, body: bytes) -> Decoded:
    """Read a body by its content type; an empty one is an empty object.

    Raises:
        UnsupportedMediaType: none of JSON, form and multipart.
        NotJson, NotAForm: the body is not what its content type says.
    """
    if not body:
        return Decoded(value={})
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == JSON or media_type.endswith("+json"):
        return Decoded(value=_json(body))
    if media_type == FORM:
        return _form(_pairs(body))
    if media_type == MULTIPART:
        return _multipart(content_type, body)
    said = f"`{media_type}`" if media_type else "none"
    raise UnsupportedMediaType(f"The content type is {said}; send {JSON}, {FORM} or {MULTIPART}.")


def _json(body: bytes) -> object:
    try:
        value: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise NotJson(
            f"JSON parse error at line {error.lineno}, column {error.colno}: {error.msg}."
        ) from None
    # Each level takes a bracket, so few brackets spare the walk.
    if body.count(b"{") + body.count(b"[") > _DEEPEST and _deeper_than(value, _DEEPEST):
        raise NotJson(f"The JSON is nested more than {_DEEPEST} levels deep.")
    return value


def _deeper_than(value: object, levels: int) -> bool:
    layer: list[object] = [value]
    for _ in range(levels):
        layer = [
            inner
            for each in layer
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, dict | list)
        ]
        if not layer:
            return False
    return True


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except UnicodeDecodeError:
        raise NotAForm("The form is not percent-encoded UTF-8.") from None
    except ValueError as error:
        raise NotAForm(f"The form cannot be read: {error}.") from None


def _form(pairs: Iterable[tuple[str, str]]) -> Decoded:
    value: dict[str, object] = {}
    items: dict[tuple[str, int], str] = {}
    dropped: list[str] = []
    for name, text in pairs:
        indexed = _INDEXED.fullmatch(name)
        if indexed:
            items[indexed[1], int(indexed[2])] = text
        elif _NAMED.fullmatch(name):
            _put(value, name, text)
        elif "[" in name:
            dropped.append(name)
        else:
            _put_plainly(value, name, text)
    # Items count by their index, whatever their order in the form; of equal ones the last counts.
    for name, index in sorted(items, key=lambda each: each[1]):
        _put(value, name, items[name, index], is_item=True)
    return Decoded(value=value, textual=True, dropped=tuple(dropped))


def name_that_works(name: str) -> str | None:
    """Return how a field with brackets is named so that the platform reads it; None if it cannot.

    `extra[k]` is `extra.k`, `pg_codes[]` is `pg_codes`, `notifications[sms][0]` is
    `notifications.sms[0]`.
    """
    steps = [each for each in _STEPS.split(name) if each]
    index = f"[{steps.pop()}]" if steps and _INDEX.fullmatch(steps[-1]) else ""
    if any(each.isdecimal() for each in steps):
        return None  # lists of objects cannot be written in a form
    named = ".".join(steps) + index
    return named if _NAMED.fullmatch(named) or _INDEXED.fullmatch(named) else None


def _put(into: dict[str, object], name: str, text: str, *, is_item: bool = False) -> None:
    path = name.split(".")
    if len(path) > _DEEPEST:
        raise NotAForm(f"A form field is nested more than {_DEEPEST} levels deep.")
    for step in path[:-1]:
        inner = into.setdefault(step, {})
        if not isinstance(inner, dict):
            raise NotAForm(f"The form gives `{step}` both a value and fields of its own.")
        into = inner
    _put_plainly(into, path[-1], text, is_item=is_item)


def _put_plainly(into: dict[str, object], name: str, text: str, *, is_item: bool = False) -> None:
    """Set a field; one that is there already, or has an index, is a list."""
    present = into.get(name)
    if isinstance(present, list):
        present.append(text)
    elif isinstance(present, dict):
        raise NotAForm(f"The form gives `{name}` both a value and fields of its own.")
    elif present is not None:
        into[name] = [present, text]
    else:
        into[name] = [text] if is_item else text


def _multipart(content_type: str, body: bytes) -> Decoded:
    pairs: list[tuple[str, str]] = []
    files: dict[str, SentFile] = {}
    for part in parts_of(content_type, body, _MOST_FIELDS):
        if part.filename is not None:
            files[part.name] = (part.filename, part.content_type, part.data)
            continue
        try:
            pairs.append((part.name, part.data.decode("utf-8")))
        except UnicodeDecodeError:
            raise NotAForm(f"The multipart field `{part.name}` is not UTF-8.") from None
    form = _form(pairs)
    return Decoded(value=form.value, textual=True, dropped=form.dropped, files=files)
