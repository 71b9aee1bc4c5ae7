"""Operations on a payment: the call, its answers and its refusals (FACTS 6)."""

from decimal import Decimal
from http import HTTPStatus
from typing import Any

import orjson

from sandbox.domain.operations import EXTERNAL, Destination, Operation, Refused
from sandbox.domain.settings import WebhookVersion
from sandbox.engine.commands import Named, Operate
from sandbox.engine.errors import UnknownOrder, UnknownSession
from sandbox.engine.operations import Performed
from sandbox.web.answers import Answer, as_json
from sandbox.web.errors import WrongFields
from sandbox.web.platform.call import PlatformCall

_DONE = {
    Operation.CANCEL: "The payment has been canceled.",
    Operation.EXPIRE: "The payment has been expired.",
    Operation.DELETE: "The payment has been deleted.",
}


async def operate(call: PlatformCall) -> Answer:
    """Cancel, expire, delete, capture, void or refund."""
    command = _read(call)
    step = call.services.engine.operate(call.workspace, command, call.now)
    if isinstance(step.result, Refused):
        return _refusal(command, step.result)
    return _answer(call, step.result)


def named(call: PlatformCall) -> Named:
    """Return which transaction a body means.

    Raises:
        WrongFields: no transaction has this session_id or order_no.
    """
    meant = Named(
        session_id=call.fields.get("session_id") or None,
        order_no=call.fields.get("order_no") or None,
    )
    try:
        call.workspace.named(meant)
    except (UnknownSession, UnknownOrder) as unknown:
        field = "session_id" if meant.session_id else "order_no"
        raise WrongFields({field: [f"No payment has this {field}."]}) from unknown
    return meant


def _read(call: PlatformCall) -> Operate:
    fields = call.fields
    tracking_key = call.headers.get("Tracking-Key") or None
    known = Named(
        session_id=fields.get("session_id") or None, order_no=fields.get("order_no") or None
    )
    amount = fields.get("amount")
    extra = fields.get("extra")
    return Operate(
        named=known if _is_tracked(call, known, tracking_key) else named(call),
        operation=Operation(fields["operation"]),
        amount=None if amount in (None, "") else Decimal(str(amount)),
        tracking_key=tracking_key,
        initiator=call.caller.initiator,
        destination=(
            Destination.WALLET
            if fields.get("destination") == Destination.WALLET
            else Destination.GATEWAY
        ),
        extra=orjson.dumps(extra) if extra else None,
    )


def _is_tracked(call: PlatformCall, known: Named, key: str | None) -> bool:
    # A deleted payment is gone, but its Tracking-Key still answers.
    return key is not None and call.workspace.tracked_operation(known, key) is not None


def _answer(call: PlatformCall, performed: Performed) -> Answer:
    if performed.operation not in EXTERNAL or performed.child is None or performed.payment is None:
        return as_json(
            {
                "detail": _DONE.get(performed.operation, "The operation was carried out."),
                "operation": performed.operation.value,
                "result": "success",
            }
        )
    payment, child = performed.payment, performed.child
    context = call.services.engine.context
    rendered = context.renderer.operation(
        payment,
        child,
        context.gateways.named(child.gateway),
        call.workspace.settings_of(payment.session_id),
        at=child.at,
        version=WebhookVersion.CURRENT,
    )
    return Answer(status=HTTPStatus.OK, body=rendered.body)


def _refusal(command: Operate, refused: Refused) -> Answer:
    if refused.field:
        return as_json({refused.field: [refused.reason]}, HTTPStatus.BAD_REQUEST)
    body: dict[str, Any] = {
        "detail": refused.reason,
        "operation": command.operation.value,
        "result": "failed",
    }
    if refused.gateway_response is not None:
        body["pg_response"] = refused.gateway_response
    return as_json(body, HTTPStatus.BAD_REQUEST)
