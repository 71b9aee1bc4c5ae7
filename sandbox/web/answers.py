"""Answers of the sandbox, before they become HTTP responses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from string import punctuation
from typing import Final
from urllib.parse import quote

import orjson

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"
HTML: Final = "text/html; charset=utf-8"

_PAGE_HEADERS: Final = {
    "Cache-Control": "no-store",
    # A form is answered by a redirect to the merchant, anywhere: `form-action` governs that too.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; "
        "form-action *; base-uri 'none'"
    ),
    # Under `no-referrer` a browser would send a page's own forms with `Origin: null`.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A status, a body and headers."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def sent_headers(self) -> tuple[tuple[str, str], ...]:
        """The headers as they go out; an answer without a body has no content type."""
        given = tuple(self.headers.items())
        return (("Content-Type", self.content_type), *given) if self.body else given


def as_json(value: object, status: int = HTTPStatus.OK, **headers: str) -> Answer:
    """Answer a JSON value."""
    return Answer(status=status, body=orjson.dumps(value), headers=headers)


def detail(status: int, text: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Answer the platform's form of an error that concerns no field (FACTS 3)."""
    return Answer(status=status, body=orjson.dumps({"detail": text}), headers=headers or {})


def page(html: str, status: int = HTTPStatus.OK) -> Answer:
    """Answer a page for a person."""
    return Answer(
        status=status,
        body=html.encode(),
        content_type=HTML,
        headers=_PAGE_HEADERS,
    )


def redirect(location: str) -> Answer:
    """Send a browser elsewhere by GET; signs that no header may hold are percent-encoded."""
    location = quote(location, safe=punctuation)
    return Answer(status=HTTPStatus.SEE_OTHER, headers={"Location": location})
