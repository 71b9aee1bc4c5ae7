"""Webhook deliveries as the control API shows them.

Source: DESIGN (control API, delivery).
"""

from collections.abc import Iterable
from typing import Any

import orjson

from sandbox.domain.deliveries import Delivery, Try
from sandbox.web.control.instants import write_instant


def write_delivery(delivery: Delivery) -> dict[str, Any]:
    """Write a delivery with what was sent, and every try with what was answered."""
    return {
        "id": delivery.id,
        "session_id": delivery.session_id,
        "order_no": delivery.order_no,
        "kind": delivery.kind.value,
        "event": delivery.event.value,
        "url": delivery.url,
        "status": delivery.status.value,
        "payload": _payload(delivery.body),
        "signature": delivery.signature,
        "tries": [_try(each) for each in delivery.tries],
    }


def _payload(body: bytes) -> Any:  # noqa: ANN401 - any JSON value; a text where it is none
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode("utf-8", "replace")


def _try(made: Try) -> dict[str, Any]:
    answered = made.status_code is not None
    return {
        "number": made.number,
        "at": write_instant(made.at),
        "url": made.url,
        "status_code": made.status_code,
        "error": made.error,
        "duration_ms": made.duration_ms,
        "response": {
            "headers": _headers(made.response_headers),
            "body": made.response_body,
        }
        if answered
        else None,
    }


def _headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Write headers by name; one that came several times has its values joined."""
    written: dict[str, str] = {}
    for name, value in headers:
        plain = str(name)  # the HTTP client has texts of its own for names
        written[plain] = f"{written[plain]}, {value}" if plain in written else value
    return written
