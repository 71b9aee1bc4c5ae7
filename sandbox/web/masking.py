"""Hides credentials and card numbers in what the journal shows.

Source: DESIGN (control API, request).
"""

import re
from typing import Final

_SECRET_HEADERS: Final = frozenset(
    {"authorization", "api-key", "cookie", "proxy-authorization", "x-sandbox-token"}
)
_SECRETS: Final = rb"(?:access_token|client_secret|cvv|cvc|password|webhook_key)"
# Bodies are kept in part, so that a text may lack its end.
_IN_JSON: Final = re.compile(
    rb'("' + _SECRETS + rb'"\s*:\s*)(?:"(?:[^"\\]|\\.)*+"?|[0-9.eE+-]+)', re.DOTALL
)
_IN_FORM: Final = re.compile(rb"((?:^|[&?.])" + _SECRETS + rb"=)[^&#\s]*", re.MULTILINE)
_IN_PART: Final = re.compile(
    # Its other headers are few and short.
    rb'(name="?(?:[^\s"]{1,64}\.)?' + _SECRETS + rb'"?[^\r\n]{0,100}\r\n'
    rb"(?:[^\r\n]{1,100}\r\n){0,3}\r\n)[^\r\n]*"
)
_CARD: Final = re.compile(
    rb"(?:(?<![0-9A-Za-z%])|(?<=%[0-9A-Fa-f]{2}))"
    rb"[0-9](?:(?:[ +-]|%20|%2[BbDd])?[0-9]){12,18}(?![0-9A-Za-z])"
)
_SEPARATOR: Final = re.compile(rb"[ +-]|%20|%2[BbDd]")
_SHOWN_FIRST: Final = 6
_SHOWN_LAST: Final = 4


def masked_headers(headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return headers with credentials hidden; the scheme word stays."""
    shown = {}
    for name, value in headers:
        if name.lower() in _SECRET_HEADERS:
            scheme, space, _ = value.partition(" ")
            shown[name] = f"{scheme} ***" if space else "***"
        else:
            shown[name] = value
    return shown


def masked_body(body: bytes) -> str:
    """Return a body, JSON or a form, as text with card numbers and secrets hidden."""
    hidden = _IN_JSON.sub(rb'\1"***"', body)
    hidden = _IN_PART.sub(rb"\1***", hidden)
    return _masked(hidden)


def masked_path(path: str) -> str:
    """Return a path with its query, with card numbers and secrets hidden."""
    return _masked(path.encode("utf-8", "surrogateescape"))


def _masked(text: bytes) -> str:
    hidden = _IN_FORM.sub(rb"\1***", text)
    return _CARD.sub(_hide_card, hidden).decode("utf-8", "replace")


def _hide_card(found: re.Match[bytes]) -> bytes:
    digits = _SEPARATOR.sub(b"", found[0])
    if not _luhn(digits):
        return found[0]
    hidden = len(digits) - _SHOWN_FIRST - _SHOWN_LAST
    return digits[:_SHOWN_FIRST] + b"*" * hidden + digits[-_SHOWN_LAST:]


def _luhn(digits: bytes) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = digit - ord("0")
        if position % 2:
            value = value * 2 - 9 if value > 4 else value * 2  # noqa: PLR2004
        total += value
    return total % 10 == 0
