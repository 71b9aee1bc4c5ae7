"""Answers of the sandbox, before they become HTTP responses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

import orjson

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"
HTML: Final = "text/html; charset=utf-8"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A status, a body and headers; `value` is what the body says, for the contract to check."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


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
        headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
    )


def redirect(location: str) -> Answer:
    """Send a browser elsewhere by GET."""
    return Answer(status=HTTPStatus.SEE_OTHER, headers={"Location": location})
