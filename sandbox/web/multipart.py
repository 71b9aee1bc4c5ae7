"""Cuts a multipart body into its parts: in linear time, not more than are asked for, never nested.

Source: FACTS 1 (bodies); RFC 7578, RFC 2046 (5.1.1), RFC 5987 (`filename*`).
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from sandbox.web.errors import NotAForm

_LONGEST_BOUNDARY: Final = 70
_LONGEST_HEAD: Final = 8 * 1024
_PLAIN: Final = "text/plain"
_PARAMETER: Final = re.compile(
    r';\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))', re.DOTALL
)
_ESCAPED: Final = re.compile(r'\\(["\\])')


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One part: the field's name, its bytes, and for a file its name and content type."""

    name: str
    data: bytes
    filename: str | None
    content_type: str


def parts_of(content_type: str, body: bytes, most: int) -> Iterator[Part]:
    """Yield the parts of a multipart body in their order.

    Raises:
        NotAForm: no usable boundary, no part, more parts than `most`, or a part without a name.
    """
    boundary = _parameters(content_type).get("boundary", "").encode("utf-8", "surrogateescape")
    if not 1 <= len(boundary) <= _LONGEST_BOUNDARY:
        raise NotAForm("The content type of the multipart body names no usable boundary.")
    delimiter = re.compile(rb"\r\n--" + re.escape(boundary) + rb"(?:(--)|[ \t]*\r\n)")
    # The first boundary may stand at the very beginning.
    body = b"\r\n" + body
    count = 0
    begun = None
    for found in delimiter.finditer(body):
        if begun is not None:
            yield _part(body[begun : found.start()])
        count += 1
        if count > most + 1:
            raise NotAForm(f"The multipart body has more than {most} parts.")
        begun = None if found[1] else found.end()
        if found[1]:
            break
    if begun is not None:
        yield _part(body[begun:].removesuffix(b"\r\n"))
    if not count:
        raise NotAForm("The multipart body has no parts; is its boundary the one of the header?")


def _part(section: bytes) -> Part:
    # A part that has no headers begins with the empty line.
    head, _, data = (b"\r\n" + section).partition(b"\r\n\r\n")
    headers = _headers(head)
    disposition = _parameters(headers.get("content-disposition", ""))
    name = disposition.get("name")
    if not name:
        raise NotAForm("A part of the multipart body has no name.")
    if headers.get("content-transfer-encoding", "").lower() == "base64":
        try:
            data = base64.b64decode(data)
        except binascii.Error:
            raise NotAForm(f"The multipart field `{name}` is not base64 as it says.") from None
    return Part(
        name=name,
        data=data,
        filename=_filename(disposition),
        content_type=headers.get("content-type", _PLAIN).partition(";")[0].strip().lower(),
    )


def _headers(head: bytes) -> dict[str, str]:
    if len(head) > _LONGEST_HEAD:
        raise NotAForm("The headers of a part of the multipart body are too long.")
    try:
        lines = head.decode("utf-8").split("\r\n")
    except UnicodeDecodeError:
        raise NotAForm("The headers of a part of the multipart body are not UTF-8.") from None
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def _parameters(header: str) -> dict[str, str]:
    """Return the parameters of a header's value; of a name given twice the first counts."""
    parameters: dict[str, str] = {}
    for name, quoted, bare in _PARAMETER.findall(header):
        parameters.setdefault(name.lower(), _ESCAPED.sub(r"\1", quoted) or bare)
    return parameters


def _filename(disposition: Mapping[str, str]) -> str | None:
    extended = disposition.get("filename*")
    if extended is None:
        return disposition.get("filename")
    charset, _, rest = extended.partition("'")
    try:
        return unquote(rest.partition("'")[2], charset or "utf-8", "replace")
    except LookupError:
        return disposition.get("filename")
