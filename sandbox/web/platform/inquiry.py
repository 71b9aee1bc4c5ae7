"""Inquiries about a payment: the call, its answer and its refusal (FACTS 9)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from sandbox.domain.operations import Refused
from sandbox.engine.commands import Inquire, Named
from sandbox.web.answers import Answer, as_json
from sandbox.web.platform.call import PlatformCall


async def inquire(call: PlatformCall) -> Answer:
    """Answer the payload of the payment webhook; 400 for a state that has nothing to ask."""
    fields = call.fields
    command = Inquire(
        named=Named(session_id=_text(fields, "session_id"), order_no=_text(fields, "order_no")),
        notify=bool(fields.get("notify_webhook_url")),
        webhook_url=_text(fields, "webhook_url"),
    )
    found = call.services.engine.inquire(call.workspace, command, call.now).result
    if isinstance(found, Refused):
        return as_json({"detail": found.reason, "result": "failed"}, HTTPStatus.BAD_REQUEST)
    return Answer(status=HTTPStatus.OK, body=found.body)


def _text(fields: Mapping[str, Any], name: str) -> str | None:
    # Without validation a field may hold anything; what is no text names nothing.
    value = fields.get(name)
    return value if isinstance(value, str) and value else None
