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

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
_DEEPEST: Final = 64
_MOST_FIELDS: Final = 1000
_INDEXED: Final = re.compile(r"([^\[\].]+)\[(\d{1,3})\]", re.ASCII)
_DOTTED: Final = re.compile(r"[^\[\].]+(?:\.[^\[\].]+)+", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoded:
    """A body as a plain value.

    `textual` is set for forms, whose scalars are all text. `dropped` are the bracketed names that
    the platform's framework ignores. `files` maps field to (file name, content type, bytes).
    """

    value: object
    textual: bool = False
    dropped: tuple[str, ...] = ()
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)


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
    dropped: list[str] = []
    for name, text in pairs:
        indexed = _INDEXED.fullmatch(name)
        if indexed:
            _append(value, indexed[1], text)
        elif _DOTTED.fullmatch(name):
            _nest(value, name.split("."), text)
        elif "[" in name:
            dropped.append(name)
        elif name in value:
            _append(value, name, text)
        else:
            value[name] = text
    return Decoded(value=value, textual=True, dropped=tuple(dropped))


def _append(into: dict[str, object], name: str, text: str) -> None:
    present = into.get(name)
    if isinstance(present, list):
        present.append(text)
    elif present is None:
        into[name] = [text]
    else:
        into[name] = [present, text]


def _nest(into: dict[str, object], path: list[str], text: str) -> None:
    for name in path[:-1]:
        inner = into.setdefault(name, {})
        if not isinstance(inner, dict):
            raise NotAForm(f"The form gives `{name}` both a value and fields of its own.")
        into = inner
    if path[-1] in into:
        _append(into, path[-1], text)
    else:
        into[path[-1]] = text


def _multipart(content_type: str, body: bytes) -> Decoded:
    # Mail is slow to import, and few calls are multipart.
    from email.parser import BytesParser  # noqa: PLC0415
    from email.policy import HTTP  # noqa: PLC0415

    try:
        head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1")
    except UnicodeEncodeError:
        raise NotAForm("The content type of the multipart body is not ASCII.") from None
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise NotAForm("The multipart body has no parts; is its boundary the one of the header?")
    pairs: list[tuple[str, str]] = []
    files: dict[str, tuple[str, str, bytes]] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        if not isinstance(name, str) or not name:
            raise NotAForm("A part of the multipart body has no name.")
        content = part.get_payload(decode=True)
        data = content if isinstance(content, bytes) else b""
        filename = part.get_filename()
        if filename is not None:
            files[name] = (filename, part.get_content_type(), data)
            continue
        try:
            pairs.append((name, data.decode("utf-8")))
        except UnicodeDecodeError:
            raise NotAForm(f"The multipart field `{name}` is not UTF-8.") from None
    form = _form(pairs)
    return Decoded(value=form.value, textual=True, dropped=form.dropped, files=files)
